"""From readings of single frames to lines: each text once, with its heading and the time it was shown."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from memory_store.records import Line
from tools.captioners.boxes import Box, Word
from tools.captioners.text_on_screen import Reading, rows

_HEADING = 1.25
"""A heading is this much taller than the other rows of its screen."""
_COLUMN_GAP = 2.0
"""Row heights of empty space that part two cells of a row."""
GAP = 1.0
"""Seconds for which a text may be missed (a hand before it, a blurred frame) and still be the same showing."""
_EPSILON = 1e-3
_RUNS_ON = re.compile(r"(?:[,\-–]|\b(?:and|or|of|the|a|an|to|in|on|at|by|for|from|with|is|are))$", re.IGNORECASE)
_HYPHENATED = re.compile(r"[^\W\d_]-$")
_CLEAR = 0.97
"""Score from which a reading is not put down to noise."""
_DIGITS = re.compile(r"\d+")
_NOT_TEXT = re.compile(r"[\W_]+")


class Row(NamedTuple):
    """One row of a screen as a single frame shows it."""

    text: str
    score: float
    box: Box


class Screen(NamedTuple):
    """All that was read in one frame."""

    rows: tuple[Row, ...]
    heading: int | None
    """Index of the heading in `rows`, if one stands out."""
    unread: int = 0
    small: int = 0
    """How many of the unread are too low in pixels."""
    beside: int | None = None
    """Index of the row that names the place of the unread: the heading, else the nearest above."""


def screen(reading: Reading) -> Screen:
    """Return the rows of a reading, with the heading they stand under."""
    made = tuple(map(_joined, rows(reading.texts)))
    heading = _heading(made)
    above = [index for index, row in enumerate(made) if row.box.top <= reading.top]
    nearest = above[-1] if above else 0 if made else None
    return Screen(made, heading, reading.unread, reading.small, nearest if heading is None else heading)


def _joined(row: Sequence[Word]) -> Row:
    """Join the cells of a row; a wide gap becomes a bar, so that label and value stay apart but together."""
    text = row[0].text
    for left, right in pairwise(row):
        wide = right.box.left - left.box.right > _COLUMN_GAP * min(left.box.height, right.box.height)
        text += (" | " if wide else " ") + right.text
    return Row(text, min(word.score for word in row), _around([word.box for word in row]))


def _around(boxes: Sequence[Box]) -> Box:
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return Box(min(lefts), min(tops), max(rights), max(bottoms))


def _heading(made: Sequence[Row]) -> int | None:
    if len(made) < 2:
        return None
    tallest = max(range(len(made)), key=lambda index: made[index].box.height)
    others = median(row.box.height for index, row in enumerate(made) if index != tallest)
    stands_out = made[tallest].box.height >= _HEADING * others
    return tallest if stands_out and tallest < len(made) / 2 else None


def unlike(one: Screen, other: Screen) -> bool:
    """Tell whether two screens have no text in common though there is text."""
    mine, theirs = ({_folded(row.text) for row in shown.rows} for shown in (one, other))
    return bool(mine or theirs) and not mine & theirs


@dataclass
class Showing:
    """One text over the frames that show it, in all the ways it was read."""

    box: Box
    first: int
    last: int
    under: Showing | None = None
    votes: dict[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.widest = self.box

    def add(self, row: Row, frame: int) -> None:
        self.votes[row.text] = self.votes.get(row.text, 0.0) + row.score
        self.box, self.last = row.box, frame
        if row.box.right - row.box.left > self.widest.right - self.widest.left:
            self.widest = row.box

    @property
    def text(self) -> str:
        """The reading most frames agree on; one that was cut short gives way to the whole.

        Blanks are lost more often than invented, so of readings with the same letters the one with more wins.
        """
        groups: dict[str, float] = {}
        for text, votes in self.votes.items():
            groups[_folded(text)] = groups.get(_folded(text), 0.0) + votes
        whole = [one for one in groups if not any(_cut_short(one, other) for other in groups)]
        winner = max(whole, key=lambda folded: (groups[folded], len(folded), folded))
        same = [text for text in self.votes if _folded(text) == winner]
        return max(same, key=lambda text: (text.count(" "), self.votes[text], text))


class Paragraph(NamedTuple):
    """Rows that are one sentence, over the frames that show them."""

    text: str
    under: str
    first: int
    last: int


def paragraphs(showings: Sequence[Showing]) -> list[Paragraph]:
    """Return the texts of `showings` in order of time, rows that continue each other joined."""
    left = sorted(showings, key=lambda showing: (showing.widest.top + showing.widest.bottom, showing.first))
    made: list[Paragraph] = []
    while left:
        stack = [left.pop(0)]
        while follower := next((low for low in left if _continues(stack[-1], low)), None):
            stack.append(follower)
            left.remove(follower)
        text = stack[0].text
        for showing in stack[1:]:
            text = text[:-1] + showing.text if _HYPHENATED.search(text) else f"{text} {showing.text}"
        under = next((showing.under.text for showing in stack if showing.under and showing.under not in stack), "")
        made.append(Paragraph(text, under, min(one.first for one in stack), max(one.last for one in stack)))
    return sorted(made, key=lambda paragraph: paragraph.first)


def _continues(above: Showing, below: Showing) -> bool:
    """Tell whether `below` goes on with the sentence of `above`: next row, same time, same size of letters."""
    together = min(above.last, below.last) - max(above.first, below.first) + 1
    shorter = min(above.last - above.first, below.last - below.first) + 1
    high, low = above.widest.height, below.widest.height
    near = -0.3 * low < below.widest.top - above.widest.bottom < 0.9 * low and below.widest.left < above.widest.right
    text, more = above.text, below.text
    open_ended = bool(_RUNS_ON.search(text))
    if together < 0.6 * shorter or not near or max(high, low) > (1.6 if open_ended else _HEADING) * min(high, low):
        return False
    if " | " in text + more or text[-1] in ".!?:":
        return False
    return open_ended or more[0].islower()


@dataclass
class _Unread:
    """A stretch in which texts beside the same readable one were seen but not read."""

    beside: Showing | None
    first: int
    last: int
    boxes: int
    small: bool


@dataclass
class Watch:
    """Follows the texts on screen from frame to frame of one clip."""

    times: Sequence[float]
    """When each frame comes on screen, ascending; frames are known by their index."""
    end: float
    """When the last one goes."""
    gap: float = GAP
    """Seconds for which a text may be missed."""
    gone: Mapping[int, float] = field(default_factory=dict)
    """When a frame was seen to go, where that is known and earlier than the next one came."""
    showings: list[Showing] = field(default_factory=list)
    _unread: list[_Unread] = field(default_factory=list)

    def see(self, frame: int, seen: Screen) -> None:
        """Take in the screen of the frame with index `frame`."""
        current: list[Showing] = []
        free = [showing for showing in self.showings if self._lately(showing.last, frame)]
        for row in seen.rows:
            same = next((showing for showing in free if _same(showing, row)), None)
            if same is None:
                same = Showing(row.box, frame, frame)
                self.showings.append(same)
            else:
                free.remove(same)
            same.add(row, frame)
            current.append(same)
        heading = current[seen.heading] if seen.heading is not None else _known_heading(current)
        for showing in current:
            if heading is not showing and showing.under is None:
                showing.under = heading
        if seen.unread:
            self._note_unread(frame, seen, current[seen.beside] if seen.beside is not None else None)

    def _lately(self, last: int, frame: int) -> bool:
        """Tell whether what was last seen in the frame `last` may still be the same in `frame`."""
        return self.times[frame] - min(self._after(last), self.times[frame]) <= self.gap + _EPSILON

    def _after(self, frame: int) -> float:
        """Return when what is seen last in `frame` goes."""
        following = self.times[frame + 1] if frame + 1 < len(self.times) else self.end
        return min(following, self.end, self.gone.get(frame, self.end))

    def _note_unread(self, frame: int, seen: Screen, beside: Showing | None) -> None:
        for known in self._unread:
            if known.beside is beside and self._lately(known.last, frame):
                known.last, known.boxes = frame, max(known.boxes, seen.unread)
                known.small |= seen.small > 0
                return
        self._unread.append(_Unread(beside, frame, frame, seen.unread, seen.small > 0))

    @property
    def unread(self) -> int:
        """How many texts were seen but not read, each screen counted once."""
        return sum(stretch.boxes for stretch in self._unread)

    def lines(self) -> Iterator[Line]:
        """Yield a line for each text, and for each stretch of unread text."""
        for text in paragraphs(self.showings):
            context = f'"{text.under}" — ' if text.under else ""
            yield Line(self.times[text.first], self._after(text.last), f'Text on screen: {context}"{text.text}"')
        for stretch in self._unread:
            yield Line(self.times[stretch.first], self._after(stretch.last), _unread_text(stretch))


def _known_heading(current: Sequence[Showing]) -> Showing | None:
    """Return the text still on screen that headed it before, though now another is as tall."""
    return next((showing.under for showing in current if showing.under in current), None)


def _unread_text(stretch: _Unread) -> str:
    if stretch.small:
        place = f'under "{stretch.beside.text}"' if stretch.beside else "on screen"
        return f"Small text {place} cannot be read at this size."
    place = f'beside "{stretch.beside.text}"' if stretch.beside else "on screen"
    return f"Other text {place} could not be read."


def _folded(text: str) -> str:
    return _NOT_TEXT.sub("", text).casefold()


def _same(showing: Showing, row: Row) -> bool:
    """Tell whether `row` is the text of `showing` again, perhaps read differently."""
    return _in_place(showing.box, row.box) and any(alike(known, row.text, row.score) for known in showing.votes)


def alike(known: str, text: str, score: float = 1.0) -> bool:
    """Tell whether two readings are of one text: equal but for marks, cut short at an end, or weakly misread.

    Numbers must agree and a clear reading is believed: two slides may differ in one letter.
    """
    one, other = _folded(known), _folded(text)
    if one == other:
        return bool(one) or known == text
    if _DIGITS.findall(known) != _DIGITS.findall(text):
        return False
    if _cut_short(one, other) or _cut_short(other, one):
        return True
    return score < _CLEAR and SequenceMatcher(None, one, other, autojunk=False).ratio() >= 0.85


def _cut_short(short: str, long: str) -> bool:
    """Tell whether `short` is the beginning or the end of `long`, its last letters at the cut perhaps wrong."""
    torn = 2 if len(short) >= 6 else 1
    if len(short) < 4 or len(long) <= len(short):
        return False
    if len(long) == len(short) + 1:
        torn = 0
    return long.startswith(short[: len(short) - torn]) or long.endswith(short[torn:])


def _in_place(one: Box, other: Box) -> bool:
    height = max(one.height, other.height)
    upright = abs(one.top + one.bottom - other.top - other.bottom) / 2 < height
    return upright and min(one.right, other.right) > max(one.left, other.left)


def in_time(lines: Sequence[Line]) -> tuple[Line, ...]:
    """Return the lines by start, else in the order given; equal ones that meet or overlap become one."""
    joined: list[Line] = []
    for line in sorted(lines, key=lambda line: line.start):
        same = next((at for at, one in enumerate(joined) if one.text == line.text and one.end >= line.start), None)
        if same is None:
            joined.append(line)
        else:
            joined[same] = joined[same]._replace(end=max(joined[same].end, line.end))
    return tuple(joined)
