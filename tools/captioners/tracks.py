"""Things followed from picture to picture: how long each is there, and which way it moves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from memory_store.records import Line
from tools.captioners.boxes import Box
from tools.captioners.screens import Screen
from tools.captioners.things import Thing

_FAR = 0.6
"""Way between two pictures, in heights of the picture, beyond which it is another thing."""
_MOVED = 0.08
"""Way in heights of the picture from which a thing has moved."""
_ALONG = 1.8
"""How much longer its way is along one side of the picture than along the other, to go straight."""
_SMALL = 0.05


@dataclass(frozen=True)
class View:
    """One picture: when it is on screen (seconds), what stands out in it, and what is written there."""

    start: float
    end: float
    things: Sequence[Thing]
    moving: bool
    """Most of the picture moves: a camera turns, and what moves in it is hard to tell."""
    screen: Screen
    size: tuple[int, int]
    """Width and height in pixels, for the boxes of `screen`."""

    @property
    def aspect(self) -> float:
        """Width by height."""
        wide, high = self.size
        return wide / high


@dataclass
class Track:
    """One thing over pictures that follow each other."""

    views: list[View] = field(default_factory=list)
    seen: list[Thing] = field(default_factory=list)

    def add(self, view: View, thing: Thing) -> None:
        self.views.append(view)
        self.seen.append(thing)

    @property
    def shape(self) -> str:
        """What most pictures show of its outline."""
        named = Counter(thing.shape for thing in self.seen if thing.shape)
        return named.most_common(1)[0][0] if named else ""

    def way(self) -> tuple[float, float]:
        """Return how far it went to the right and down, in heights of the picture."""
        aspect = self.views[0].aspect
        return (self.seen[-1].x - self.seen[0].x) * aspect, self.seen[-1].y - self.seen[0].y

    def heads(self) -> str:
        """Return which way it moves, empty where it does not."""
        across, down = self.way()
        if max(abs(across), abs(down)) < _MOVED or sum(view.moving for view in self.views[1:]) * 2 > len(self.views):
            return ""
        if abs(across) > _ALONG * abs(down):
            return "from left to right" if across > 0 else "from right to left"
        if abs(down) > _ALONG * abs(across):
            return "downwards" if down > 0 else "upwards"
        return f"{'down' if down > 0 else 'up'} and to the {'right' if across > 0 else 'left'}"


def lines(views: Sequence[View]) -> Iterator[Line]:
    """Yield a line for each thing: what it is, where it stands or which way it moves, and under which words."""
    for track in _tracks(views):
        told, heading = _words(track), _heading(track)
        said = f'"{heading}" — {told[0].lower()}{told[1:]}' if heading else told
        yield Line(track.views[0].start, track.views[-1].end, said)


def _tracks(views: Sequence[View]) -> list[Track]:
    done: list[Track] = []
    current: list[Track] = []
    for view in views:
        free, kept = list(current), []
        for thing in view.things:
            track = min(
                (one for one in free if _same(one.seen[-1], thing, view.aspect)),
                key=lambda one: _distance(one.seen[-1], thing, view.aspect),
                default=None,
            )
            if track is None:
                track = Track()
                done.append(track)
            else:
                free.remove(track)
            track.add(view, thing)
            kept.append(track)
        current = kept
    return done


def _distance(one: Thing, other: Thing, aspect: float) -> float:
    return (((one.x - other.x) * aspect) ** 2 + (one.y - other.y) ** 2) ** 0.5


def _same(one: Thing, other: Thing, aspect: float) -> bool:
    fits = one.colour == other.colour and (one.shape == other.shape or not (one.shape and other.shape))
    return fits and 0.4 < one.size / other.size < 2.5 and _distance(one, other, aspect) < _FAR


def _words(track: Track) -> str:
    """Return the sentence about a thing."""
    thing, heads = track.seen[len(track.seen) // 2], track.heads()
    shape = track.shape
    if heads:
        return f"{_a(thing.colour)} {shape} moves {heads}." if shape else f"Something {thing.colour} moves {heads}."
    if not shape:
        return f"Something {thing.colour} {_place(thing)}."
    known = f"A small {thing.colour}" if thing.size < _SMALL else _a(thing.colour)
    return f"{known} {shape} {_place(thing)}."


def _a(colour: str) -> str:
    return f"An {colour}" if colour[0] in "aeiou" else f"A {colour}"


def _place(thing: Thing) -> str:
    across = "left" if thing.x < 1 / 3 else "right" if thing.x > 2 / 3 else ""
    down = "top" if thing.y < 1 / 3 else "bottom" if thing.y > 2 / 3 else ""
    side = " ".join(filter(None, (down, across)))
    return f"at the {side}" if side else "in the middle"


def _heading(track: Track) -> str:
    """Return the words it stands under: the heading of its screen, else what is written next to it."""
    view, thing = max(zip(track.views, track.seen, strict=True), key=lambda pair: len(pair[0].screen.rows))
    rows = view.screen.rows
    if not rows:
        return ""
    if view.screen.heading is not None:
        return rows[view.screen.heading].text
    wide, high = view.size
    return min(rows, key=lambda row: _gap(row.box, thing.x * wide, thing.y * high)).text


def _gap(box: Box, x: float, y: float) -> float:
    across, down = max(box.left - x, 0, x - box.right), max(box.top - y, 0, y - box.bottom)
    return (across**2 + down**2) ** 0.5
