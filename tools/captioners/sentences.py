"""A caption's text cut into lines: one sentence each, with the stretch it speaks of."""

from __future__ import annotations

import re
from collections.abc import Iterator

from memory_store.records import Line

MOMENT = 1.0
"""Seconds that a sentence about a single moment covers."""
_SLACK = 0.051
"""Seconds by which a rounded time may lie outside its segment."""

_END = re.compile(r"[.!?…]+[\"'”’)]*\s+|[。！？]+[”』」）]*\s*")
_ABBREVIATED = re.compile(r"(?:\b[A-Z]|\b(?:Mr|Mrs|Ms|Dr|Prof|St|No|vs|ca|approx|etc|e\.g|i\.e))\.\s+$")
_BULLET = re.compile(r"(?:[-*•·#>]+\s+|\d{1,3}[.)]\s+)+")

_CLOCK = r"(?:\d{1,3}:)?\d{1,3}:\d{2}(?:\.\d+)?"
_UNIT = r"\s?(?:s|sec|secs|seconds?)\b\.?"
_TO = r"\s?(?:-|–|—|to|and|until)\s?"
_FREE = rf"(?:{_CLOCK}|\d+(?:\.\d+)?)"
_SURE = rf"(?:{_CLOCK}|\d+(?:\.\d+)?{_UNIT})"
_LOOSE_TIMES = rf"{_FREE}(?:{_UNIT})?(?:{_TO}{_FREE}(?:{_UNIT})?)?"
_SURE_TIMES = rf"(?:{_FREE}(?:{_UNIT})?{_TO})?{_SURE}"
_STAMP = re.compile(
    rf"\**(?:\[\s*(?:at |from )?({_LOOSE_TIMES})\s*\]|\(\s*(?:at |from )?({_SURE_TIMES})\s*\)\**\s*[:,–—-]?"
    rf"|(?:frame )?(?:at )?({_SURE_TIMES})\**\s*[:–—-])\**\s*[:,–—-]?\s*",
    re.I,
)
_SPOKEN = re.compile(rf"(?:at|from|between|around|by) (?:about |around )?({_SURE_TIMES})(?=[\s,:;.]|$)", re.I)


def split_lines(text: str, start: float, end: float) -> list[Line]:
    """Return the sentences of a caption of `[start, end]` (seconds), none of them blank.

    A line spans the segment, unless its sentence begins with a time or a range inside it
    (`[12.0-15.5] …`, `At 12 s …`): then that stretch, a moment being one second long. A bracketed
    time is not part of the line's text; one that lies outside the segment stays, as something said.
    """
    lines: list[Line] = []
    waiting: tuple[float, float] | None = None
    for sentence in _sentences(text):
        stretch, said = _stretch(sentence, start, end)
        if not re.search(r"\w", said):
            waiting = stretch  # a time on a line of its own speaks of the next sentence
            continue
        low, high = stretch or waiting or (start, end)
        lines.append(Line(low, high, said))
        waiting = None
    return lines


def _sentences(text: str) -> Iterator[str]:
    for paragraph in text.splitlines():
        rest = _BULLET.sub("", paragraph.strip(), count=1) if _BULLET.match(paragraph.strip()) else paragraph.strip()
        begin = 0
        for found in _END.finditer(rest):
            if not _ABBREVIATED.search(rest[begin : found.end()]):
                yield rest[begin : found.end()].strip()
                begin = found.end()
        if rest[begin:].strip():
            yield rest[begin:].strip()


def _stretch(sentence: str, start: float, end: float) -> tuple[tuple[float, float] | None, str]:
    """Return the stretch a sentence names at its beginning, if it lies in the segment, and its text."""
    stamp = _STAMP.match(sentence)
    spoken = None if stamp else _SPOKEN.match(sentence)
    if stamp:
        times = next(group for group in stamp.groups() if group)
    elif spoken:
        times = spoken[1]
    else:
        return None, sentence.replace("**", "")
    stretch = _inside([_seconds(time) for time in re.findall(_FREE, times)], start, end)
    if stamp and stretch:
        sentence = sentence[stamp.end() :]
    return stretch, sentence.replace("**", "").strip()


def _inside(times: list[float], start: float, end: float) -> tuple[float, float] | None:
    low, high = min(times), max(times)
    if low < start - _SLACK or high > end + _SLACK:
        return None
    if high <= low:
        low, high = (low, low + MOMENT) if low + MOMENT <= end else (max(start, min(low, end - MOMENT)), end)
    return max(start, low), min(end, high)


def _seconds(time: str) -> float:
    """Return seconds from `754.5`, `12:34.5` or `0:12:34`."""
    total = 0.0
    for part in time.split(":"):
        total = total * 60 + float(part)
    return total
