"""Lines into a prompt of limited length: pure, first come first kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace

from memory_store.records import Caption, Line

LONGEST_LINE = 2_000
"""Characters of one line shown at most: a model that writes no sentences must not fill a prompt alone."""

Choice = tuple[Caption, int]
"""A line: its caption, and its place in it."""


@dataclass
class Pack:
    """The lines chosen so far, and the characters they take with the headings of their captions."""

    budget: int
    heading: Callable[[Caption], int]
    used: int = 0
    _captions: dict[str, Caption] = field(default_factory=dict)
    _headings: dict[str, int] = field(default_factory=dict)
    _kept: dict[str, set[int]] = field(default_factory=dict)

    def add(self, choices: Iterable[Choice], share: float = 1.0) -> None:
        """Keep each line that fits while at most `share` of the budget is used."""
        limit = self.budget * share
        for caption, at in choices:
            kept = self._kept.get(caption.id, set())
            if at in kept:
                continue
            cost = min(len(caption.lines[at].text), LONGEST_LINE) + 1 + (0 if kept else self._heading(caption))
            if self.used + cost <= limit:
                self.used += cost
                self._captions[caption.id] = caption
                self._kept.setdefault(caption.id, set()).add(at)

    def _heading(self, caption: Caption) -> int:
        if caption.id not in self._headings:
            self._headings[caption.id] = self.heading(caption)
        return self._headings[caption.id]

    def captions(self) -> Iterator[Caption]:
        """Yield the captions with the lines kept, in their order; `left_out` counts the others."""
        for id, kept in self._kept.items():
            caption = self._captions[id]
            left_out = len(caption.lines) - len(kept)
            extra = {**caption.extra, "left_out": left_out} if left_out else caption.extra
            yield replace(caption, lines=tuple(shortened(caption.lines[at]) for at in sorted(kept)), extra=extra)


def shortened(line: Line) -> Line:
    """Return a line cut to what a prompt shows of it at most."""
    return line if len(line.text) <= LONGEST_LINE else line._replace(text=line.text[: LONGEST_LINE - 1] + "…")
