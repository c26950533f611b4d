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
