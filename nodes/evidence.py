"""Evidence: citations are believed only as far as memory bears them out."""

from __future__ import annotations

import re
from collections.abc import Iterable

from memory_store.records import Line
from nodes.state import Evidence
from tools.reasoners.base import Citation, Passage

_SPACE = re.compile(r"\s+")
_QUOTES = str.maketrans({"“": '"', "”": '"', "„": '"', "‘": "'", "’": "'", "\u00a0": " "})
SHORTEST_PREFIX = 8
"""Characters of a caption id that prompts show; enough to be unique within one prompt."""


def _plain(text: str) -> str:
    return _SPACE.sub(" ", text.translate(_QUOTES)).strip().strip("\"'. ").casefold()


_TOUCH = 0.1
"""Seconds between two lines that still touch."""


def locate_quote(lines: Iterable[Line], quote: str) -> tuple[float, float] | None:
    """Return the narrowest stretch of time whose lines hold `quote`, or None.

    Case, white space and quotation marks may differ. A quote may run over consecutive lines; an
    empty one is in no line.
    """
    wanted = _plain(quote)
    if not wanted:
        return None
    lines = list(lines)
    within = [(line.end - line.start, line.start, line.end) for line in lines if wanted in _plain(line.text)]
    if within:
        _, start, end = min(within)
        return start, end
    for first in range(len(lines)):
        text = ""
        for last in range(first, len(lines)):
            text += " " + lines[last].text
            if wanted in _plain(text):
                stretch = lines[first : last + 1]
                return min(line.start for line in stretch), max(line.end for line in stretch)
    return None


def run_on(stretch: tuple[float, float], quote: str, lines: Iterable[Line]) -> tuple[float, float]:
    """Return the stretch with what it runs on into: a text that is on screen when a segment ends goes on
    as an equal line of the next one.
    """
    start, end = stretch
    lines = sorted(line for line in lines if _plain(quote) in _plain(line.text))
    same = {_plain(line.text) for line in lines if (line.start, line.end) == stretch}
    ways = [line for line in lines if _plain(line.text) in same]
    for line in ways:
        if line.start <= end + _TOUCH and line.end > end and line.start > start:
            end = line.end
    for line in reversed(ways):
        if line.end >= start - _TOUCH and line.start < start and line.end < end:
            start = line.start
    return start, end


def check(citations: Iterable[Citation], passages: Iterable[Passage], names: dict[str, str]) -> list[Evidence]:
    """Return the citations that memory bears out, as evidence with the narrowest known times.

    Args:
        citations: what the reasoner cited: caption ids (whole, or at least 8 leading characters).
        passages: what it was shown.
        names: the video's name by recording id.
    """
    shown = list(passages)
    evidence: list[Evidence] = []
    for citation in citations:
        cited = citation.caption.strip().strip("[]").removeprefix("caption ").casefold()
        passage = next(
            (p for p in shown if len(cited) >= SHORTEST_PREFIX and p.id.startswith(cited)),
            None,
        )
        stretch = locate_quote(passage.lines, citation.quote) if passage else None
        if passage is None or stretch is None:
            continue
        beside = [line for p in shown if p.recording == passage.recording for line in p.lines]
        stretch = run_on(stretch, citation.quote, beside)
        item = Evidence(
            video=names.get(passage.recording, passage.recording),
            start=round(max(stretch[0], 0.0), 3),
            end=round(stretch[1], 3),
            level=passage.level,
            caption_id=passage.id,
            quote=citation.quote.strip(),
        )
        if item not in evidence:
            evidence.append(item)
    return evidence
