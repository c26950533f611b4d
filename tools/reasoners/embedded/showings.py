"""Showings: when what a text names is on screen, said or seen, told by however many captions. Pure functions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tools.reasoners.embedded.lexicon import word_set
from tools.reasoners.embedded.plain_things import colour_of, shapes_of
from tools.reasoners.embedded.reading import Reading, Remark
from tools.reasoners.embedded.sights import SEEN, sights
from tools.reasoners.embedded.wording import Word, content, met

_SAME = 1.5
"""Seconds: the same words that are gone for less were never gone."""
_GENERIC = word_set("first last next one ones it that this these those")


@dataclass(frozen=True)
class Showing:
    """One showing of something, over all captions that tell of it; times in seconds of the recording."""

    remark: Remark
    start: float
    end: float


def of_name(name: str, reading: Reading) -> list[Showing]:
    """Return the showings of what a text names, in order of time: words on screen or said, else things seen."""
    wanted = [word for word in content(name) if word.text.lower() not in _GENERIC]
    if not wanted:
        return []
    if found := of_words(wanted, reading):
        return found
    if looks(name):
        return of_looks(name, reading)
    return _showings(reading, lambda remark: remark.kind in SEEN and _holds(remark, wanted))


def of_words(wanted: Sequence[Word], reading: Reading) -> list[Showing]:
    """Return the showings of words on screen or said, in order of time."""
    return _showings(reading, lambda remark: remark.kind not in SEEN and _holds(remark, wanted))


def looks(text: str) -> bool:
    """Tell whether a text names something by its shape or its colour."""
    return bool(shapes_of(text) or colour_of(text))


def of_looks(text: str, reading: Reading) -> list[Showing]:
    """Return the showings of things of the colour and of one of the shapes that a text names; none named: of any."""
    shapes, colour = shapes_of(text), colour_of(text)
    keys = {
        sight.remark.key
        for sight in sights(reading)
        if (not colour or sight.colour == colour) and (not shapes or sight.shape in shapes)
    }
    return _showings(reading, lambda remark: remark.kind in SEEN and remark.key in keys)


def _showings(reading: Reading, fits: Callable[[Remark], bool]) -> list[Showing]:
    """Return the showings told of by remarks that fit, in order of time: what overlaps or nearly meets is one."""
    told = sorted((r for r in reading.perceived() if fits(r)), key=lambda r: (r.passage.recording, r.line.start))
    found: list[Showing] = []
    for remark in told:
        start, end = remark.line.start, remark.line.end
        last = found[-1] if found else None
        if last and last.remark.passage.recording == remark.passage.recording and start <= last.end + _SAME:
            found[-1] = Showing(last.remark, last.start, max(last.end, end))
        else:
            found.append(Showing(remark, start, end))
    return found


def _holds(remark: Remark, wanted: Sequence[Word]) -> bool:
    return all(met(word.stem, remark.stems) for word in wanted)
