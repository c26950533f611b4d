"""Composes a lecture of five and a half minutes whose every fact is known: slides, boards and scenes.

Some facts can be read in a coarse look (30-second segments, one frame a second, 100,352 pixels). Others leave
only a cue there: a board with a large heading over small print, or a line that flashes up between two samples.
The tiny print of some boards is a cue in a fine look (1280 x 720 pixels), too: it takes the full picture to read it.

    python -m examples.lecture lecture.mp4
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Literal

import av
from PIL import Image, ImageDraw, ImageFont

WIDTH, HEIGHT = 1280, 720
"""The lengths below are in units of a picture of this size."""
FULL = 2
"""Pixels of the video's frames to a unit."""
FPS, MOVING, STILL = 10, 5, 2
"""The grid that frames lie on, and the frames a second of moving and of still shots: composing is waited for."""
HEADING, BODY, SMALL, TINY = 64, 40, 14, 5
"""Letter sizes in units. In a coarse frame small print is under 5 pixels high, in a fine one over 9. Tiny print is no
higher in a fine frame than small print in a coarse one: it is read in the full picture."""

Colour = tuple[int, int, int]
PAPER, INK = (244, 241, 230), (32, 34, 46)
SLATE, CHALK = (28, 58, 48), (236, 238, 226)
CORK, CARD = (120, 84, 52), (250, 246, 236)
NAVY, GOLD = (20, 28, 66), (244, 214, 120)


@dataclass(frozen=True)
class Fact:
    """Something the lecture shows: how one would ask for it, the words on screen, and when (seconds)."""

    question: str
    answer: str
    start: float
    end: float
    where: Literal["coarse", "small", "brief", "tiny"]
    """The first two levels read all but the tiny ones, the first only the coarse ones."""


FACTS = [
    Fact("Who gives the lecture?", "Ines Harrow", 6, 16, "coarse"),
    Fact("When was the lamp lit for the first time?", "1847", 16, 30, "coarse"),
    Fact("Which room is the cafeteria in?", "Room 114", 40, 60, "small"),
    Fact("From how far away can the light be seen?", "18 nautical miles", 60, 75, "coarse"),
    Fact("Who won the quiz?", "Tomas Okafor", 82.3, 82.8, "brief"),
    Fact("Who was the keeper until 1922?", "Josef Brandt", 100, 120, "small"),
    Fact("How many sailors drowned on the reef?", "23 sailors", 120, 135, "coarse"),
    Fact("At what time does the bus for the excursion depart?", "08:45", 165, 180, "small"),
    Fact("What was the number of the winning ticket?", "5093", 203.3, 203.8, "brief"),
    Fact("How much did the new roof cost?", "86,000 pounds", 210, 225, "coarse"),
    Fact("Who surveyed the bay?", "Rufus Ambler", 240, 255, "tiny"),
    Fact("How heavy is the great lens?", "940 kilograms", 270, 285, "tiny"),
    Fact("At what time is high water in the morning?", "06:52", 300, 315, "tiny"),
]


@dataclass(frozen=True)
class Shot:
    """A stretch of the lecture. `draw` takes the seconds since its start."""

    seconds: float
    draw: Callable[[float], Image.Image]
    moving: bool = False
    flash: tuple[float, float] = (0, 0)
    """The stretch in which a still shot looks different, seconds since its start."""


def shots() -> list[Shot]:
    """Return the lecture in order."""
    keepers = [("1847 to 1869", "Abel Whitlock"), ("1869 to 1891", "Miriam Kell"), ("1891 to 1922", "Josef Brandt")]
    rooms = [("Cafeteria", "Room 114"), ("Cloakroom", "Room 027"), ("Lost property", "Room 231")]
    outing = [("Bus leaves from Pier 6 at", "08:45"), ("Bring along", "a warm coat and a torch")]
    chart = [("Surveyed by", "Rufus Ambler"), ("Scale", "1 to 25,000"), ("Depths in", "fathoms")]
    lens = [("Ground in", "Birmingham"), ("Weight", "940 kilograms"), ("Serial number", "FR 60718")]
    tides = [("High water in the morning at", "06:52"), ("Low water in the afternoon at", "13:07")]
    night, board = {"ink": GOLD, "paper": NAVY}, {"ink": CHALK, "paper": SLATE}
    return [
        Shot(6, _dawn, moving=True),
        Shot(10, _slide("The Lighthouse at Gull Point", "An evening lecture", "by Dr. Ines Harrow", **night)),
        Shot(14, _slide("How it began", "First lit in 1847", "Granite tower, 31 metres high", "Oil lamp until 1922")),
        Shot(10, _waves, moving=True),
        Shot(20, _board("Visitor desk", rooms, SMALL)),
        Shot(15, _slide("The lamp and its lens", "One flash every 12 seconds", "Range: 18 nautical miles")),
        Shot(15, _revealing("Quiz night", "And the winner is...", "Tomas Okafor", 7.3), flash=(7.3, 7.8)),
        Shot(10, _beam, moving=True),
        Shot(20, _board("Keepers of the light", keepers, SMALL, **board)),
        Shot(15, _slide("Wrecks on the reef", "Brig Aurora, 1853", "Steamer Calder, 1888", "Lives lost: 23 sailors")),
        Shot(15, _storm, moving=True),
        Shot(15, _slide("Warning by sound", "Fog horn installed in 1931", "Heard five miles out at sea", **board)),
        Shot(15, _board("Excursion", outing, SMALL, ink=CARD, paper=CORK)),
        Shot(15, _waves, moving=True),
        Shot(15, _revealing("Prize draw", "Drawing the lucky ticket", "Ticket 5093 wins", 8.3), flash=(8.3, 8.8)),
        Shot(15, _slide("Repairs", "Cost of the new roof: 86,000 pounds", "Painted in signal red")),
        Shot(15, _beam, moving=True),
        Shot(15, _board("Chart of the bay", chart, TINY)),
        Shot(15, _slide("Birds of the point", "41 species nest on the cliffs", "Puffins since 1964")),
        Shot(15, _board("The great lens", lens, TINY, **board)),
        Shot(15, _slide("Friends of the lighthouse", "Founded in 1988", "New members are welcome", **night)),
        Shot(15, _board("High water times", tides, TINY)),
        Shot(18, _slide("Thank you for coming", "Next time: Bridges of the North", **night)),
        Shot(12, _dusk, moving=True),
    ]


def make_lecture(path: Path, parts: Sequence[Shot] | None = None) -> list[Fact]:
    """Write the lecture, or only these `parts`, to `path` (mp4, 2560 x 1440 pixels, no sound); return all its facts."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=FPS)
        stream.width, stream.height, stream.pix_fmt = WIDTH * FULL, HEIGHT * FULL, "yuv420p"
        stream.time_base = Fraction(1, FPS)
        stream.options = {"preset": "superfast", "crf": "24", "g": str(FPS * 10)}
        for place, frame in _frames(shots() if parts is None else parts):
            frame.pts = place
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return list(FACTS)


def _frames(parts: Sequence[Shot]) -> Iterator[tuple[int, av.VideoFrame]]:
    """Yield the frames with their places on the grid."""
    start = 0
    for shot in parts:
        kept: tuple[bool, av.VideoFrame] | None = None
        count = round(shot.seconds * FPS)
        for index in range(count):
            since = index / FPS
            flashing = shot.flash[0] <= since < shot.flash[1]
            changes = kept is None or kept[0] != flashing
            due = index % (FPS // (MOVING if shot.moving else STILL)) == 0 or index == count - 1
            if not (due or changes):
                continue
            if kept is None or changes or shot.moving:
                picture = av.VideoFrame.from_image(shot.draw(since))
                kept = flashing, picture.reformat(WIDTH * FULL, HEIGHT * FULL, "yuv420p")
            yield start + index, kept[1]
        start += count


@cache
def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size * FULL)


def _px(across: int, down: int) -> tuple[int, int]:
    """Return units as pixels."""
    return across * FULL, down * FULL


def _slide(heading: str, *lines: str, ink: Colour = INK, paper: Colour = PAPER) -> Callable[[float], Image.Image]:
    def draw(_: float) -> Image.Image:
        picture = Image.new("RGB", _px(WIDTH, HEIGHT), paper)
        pen = ImageDraw.Draw(picture)
        pen.text(_px(100, 90), heading, ink, _font(HEADING))
        pen.rectangle((_px(100, 190), _px(1180, 196)), ink)
        for row, line in enumerate(lines):
            pen.text(_px(140, 270 + row * 110), line, ink, _font(BODY))
        return picture

    return draw


def _board(
    heading: str, entries: list[tuple[str, str]], letters: int, paper: Colour = PAPER, ink: Colour = INK
) -> Callable[[float], Image.Image]:
    """Return a board with a large heading over print of so many units."""

    def draw(_: float) -> Image.Image:
        picture = Image.new("RGB", _px(WIDTH, HEIGHT), paper)
        pen = ImageDraw.Draw(picture)
        pen.rectangle((_px(40, 40), _px(1240, 680)), outline=ink, width=8 * FULL)
        pen.text(_px(120, 100), heading, ink, _font(HEADING + 16))
        for row, (label, value) in enumerate(entries):
            pen.text(_px(160, 300 + row * 60), f"{label}:  {value}", ink, _font(letters))
        return picture

    return draw


def _revealing(heading: str, line: str, secret: str, at: float) -> Callable[[float], Image.Image]:
    """Return a slide on which `secret` stands for half a second."""
    still = _slide(heading, line, ink=CARD, paper=CORK)

    def draw(since: float) -> Image.Image:
        picture = still(since)
        if at <= since < at + 0.5:
            ImageDraw.Draw(picture).text(_px(140, 440), secret, GOLD, _font(BODY + 10))
        return picture

    return draw


@cache
def _gradient(top: Colour, bottom: Colour) -> Image.Image:
    column = Image.new("RGB", (1, HEIGHT))
    for y in range(HEIGHT):
        part = y / (HEIGHT - 1)
        column.putpixel((0, y), tuple(round(a + (b - a) * part) for a, b in zip(top, bottom, strict=True)))
    return column.resize((WIDTH, HEIGHT))


def _sky(top: Colour, bottom: Colour) -> Image.Image:
    return _gradient(top, bottom).copy()


def _dawn(since: float) -> Image.Image:
    picture = _sky((250, 170, 120), (120, 170, 220))
    pen = ImageDraw.Draw(picture)
    height = 620 - 50 * since
    pen.ellipse((560, height - 80, 720, height + 80), (255, 236, 150))
    pen.rectangle((0, 600, WIDTH, HEIGHT), (40, 90, 150))
    return picture


def _dusk(since: float) -> Image.Image:
    left = max(0.0, 1 - since / 10)
    return _gradient((90, 60, 130), (220, 110, 70)).point(lambda value: value * left)


def _waves(since: float) -> Image.Image:
    picture = _sky((190, 215, 240), (150, 190, 225))
    pen = ImageDraw.Draw(picture)
    for row, colour in enumerate(((70, 130, 190), (50, 105, 170), (30, 80, 145))):
        base = 380 + row * 100
        crest = [(x, base + 30 * math.sin(x / 90 + since * (1.6 + row) + row)) for x in range(0, WIDTH + 1, 20)]
        pen.polygon([(0, HEIGHT), *crest, (WIDTH, HEIGHT)], colour)
    left = 80 + 70 * since
    pen.polygon([(left, 380), (left + 160, 380), (left + 130, 430), (left + 30, 430)], (150, 50, 40))
    return picture


def _beam(since: float) -> Image.Image:
    picture = _sky((8, 10, 30), (20, 30, 70))
    pen = ImageDraw.Draw(picture)
    angle = since * 0.8
    ends = [(640 + 1400 * math.cos(angle + turn), 300 + 1400 * math.sin(angle + turn)) for turn in (-0.09, 0.09)]
    pen.polygon([(640, 300), *ends], (240, 230, 160))
    pen.polygon([(600, HEIGHT), (620, 320), (660, 320), (680, HEIGHT)], (200, 200, 205))
    return picture


def _storm(since: float) -> Image.Image:
    picture = _sky((70, 74, 84), (110, 116, 124))
    pen = ImageDraw.Draw(picture)
    for drop in range(60):
        x = (drop * 211 + since * 340) % WIDTH
        y = (drop * 97 + since * 900) % HEIGHT
        pen.line((x, y, x - 14, y + 46), (190, 200, 215), 4)
    return picture


if __name__ == "__main__":
    make_lecture(Path(sys.argv[1] if len(sys.argv) > 1 else "lecture.mp4"))
