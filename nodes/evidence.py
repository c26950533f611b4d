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


def plain(text: str) -> str:
    """Return `text` as quotes are compared: white space, case, quotation marks and end punctuation set aside."""
    return _SPACE.sub(" ", text.translate(_QUOTES)).strip().strip("\"'. ").casefold()


_TOUCH = 0.1
"""Seconds between two lines that still touch."""


def locate_quote(lines: Iterable[Line], quote: str) -> tuple[float, float] | None:
    """Return the narrowest stretch of time whose lines hold `quote`, or None.

    Case, white space and quotation marks may differ. A quote may run over consecutive lines; an
    empty one is in no line.
    """
    wanted = plain(quote)
    if not wanted:
        return None
    lines = list(lines)
    within = [(line.end - line.start, line.start, line.end) for line in lines if wanted in plain(line.text)]
    if within:
        _, start, end = min(within)
        return start, end
    for first in range(len(lines)):
        text = ""
        for last in range(first, len(lines)):
            text += " " + lines[last].text
            if wanted in plain(text):
                stretch = lines[first : last + 1]
                return min(line.start for line in stretch), max(line.end for line in stretch)
    return None


def run_on(stretch: tuple[float, float], quote: str, lines: Iterable[Line]) -> tuple[float, float]:
    """Return the stretch with what it runs on into: a text that is on screen when a segment ends goes on
    as an equal line of the next one.
    """
    start, end = stretch
    lines = sorted(line for line in lines if plain(quote) in plain(line.text))
    same = {plain(line.text) for line in lines if (line.start, line.end) == stretch}
    ways = [line for line in lines if plain(line.text) in same]
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
        for item in _borne_out(passage, citation.quote, shown, names) if passage else ():
            if item not in evidence:
                evidence.append(item)
    return evidence


def _borne_out(passage: Passage, quote: str, shown: list[Passage], names: dict[str, str]) -> list[Evidence]:
    """Return what a quote from a passage proves; of a digest, what its own findings rest on."""
    stretch = locate_quote(passage.lines, quote)
    if stretch is None:
        return []
    if sources := passage.extra.get("sources"):
        lines = [line.text for line in passage.lines if plain(quote) in plain(line.text)]
        return [source for source in sources if any(source["quote"] in line for line in lines)]
    beside = [line for p in shown if p.recording == passage.recording for line in p.lines]
    start, end = run_on(stretch, quote, beside)
    return [
        Evidence(
            video=names.get(passage.recording, passage.recording),
            start=round(max(start, 0.0), 3),
            end=round(end, 3),
            level=passage.level,
            caption_id=passage.id,
            quote=quote.strip(),
        )
    ]
