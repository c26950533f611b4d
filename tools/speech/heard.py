"""What was said in a recording, as far as memory holds it: captions of the level `speech`."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import accumulate

from memory_store.ids import caption_id
from memory_store.records import SPEECH, Caption, Line, Recording
from tools.speech.base import Piece, Source

_CAPTION_SECONDS, _CAPTION_CHARS = 60.0, 1_000
"""Bounds of one caption: the unit that is ranked, shown in a prompt and cited."""
_TOUCH = 0.05
"""Seconds by which words must reach into a stretch to count as said in it."""
_SAID = re.compile(r'Said: "(.*)"', re.DOTALL)


class Heard:
    """The speech captions of one recording, and the words said in a stretch of it."""

    def __init__(self, captions: Iterable[Caption] = ()) -> None:
        self.captions: Mapping[str, Caption] = {caption.id: caption for caption in captions}

    @cached_property
    def lines(self) -> list[Line]:
        """Everything that was said, in order of time, without the template's words."""
        lines = [line for caption in self.captions.values() for line in caption.lines]
        return sorted(line._replace(text=words_of(line.text)) for line in lines)

    def words(self, start: float, end: float) -> str:
        """Return what is said in `[start, end)` seconds of the recording, each sentence with its times."""
        first, last = bisect_right(self._latest, start + _TOUCH), bisect_left(self.lines, (end - _TOUCH,))
        return "\n".join(
            f"[{line.start:.1f}-{line.end:.1f}] {line.text}"
            for line in self.lines[first:last]
            if line.end > start + _TOUCH
        )

    @cached_property
    def _latest(self) -> list[float]:
        """The latest end among each line and those before it."""
        return list(accumulate((line.end for line in self.lines), max))


def said(text: str) -> str:
    """Return the sentence memory keeps of words that were said; quotation marks in them become single ones."""
    return 'Said: "' + re.sub(r'["“”„]', "'", text) + '"'


def words_of(text: str) -> str:
    """Return the words of a sentence that `said` made."""
    found = _SAID.fullmatch(text)
    return found[1] if found else text


def captions(recording: Recording, part_start: float, source: Source, piece: Piece, made_at: float) -> list[Caption]:
    """Return the captions that hold a piece's words. `part_start` is where the part begins in the recording."""
    made: list[Caption] = []
    for lines in _grouped(piece.lines):
        start, end = part_start + lines[0].start, part_start + max(line.end for line in lines)
        id = caption_id(
            spans=recording.spans(start, end),
            level=SPEECH,
            instruction="",
            captioner=source.name,
            prompt_version="",
            fps=0,
            max_pixels=0,
            multiple=0,
            words="\n".join(line.text for line in lines),
        )
        kept = tuple(Line(part_start + line.start, part_start + line.end, said(line.text)) for line in lines)
        extra = {"language": piece.language} if piece.language else {}
        made.append(
            Caption(
                id, recording.id, SPEECH, SPEECH, start, end, kept, captioner=source.name, made_at=made_at, extra=extra
            )
        )
    return made


def _grouped(lines: Sequence[Line]) -> Iterator[list[Line]]:
    group: list[Line] = []
    for line in lines:
        long = sum(len(one.text) for one in group) + len(line.text) > _CAPTION_CHARS
        if group and (long or line.end - group[0].start > _CAPTION_SECONDS):
            yield group
            group = []
        group.append(line)
    if group:
        yield group
