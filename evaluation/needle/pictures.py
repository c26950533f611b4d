"""What composed videos show: scenes, footage, slides and boards, drawn in a picture of 1280 x 720 pixels."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from PIL import Image, ImageDraw, ImageFont

WIDTH, HEIGHT = 1280, 720
HEADING, BODY, SMALL = 60, 38, 15
"""Letter sizes in pixels. In a coarse frame (100,352 pixels) small print is 5 pixels high."""

Colour = tuple[int, int, int]
Draw = Callable[[float], Image.Image]
"""Draws the picture at seconds since its shot began."""
Shape = Literal["circle", "square", "triangle", "star", "diamond"]

COLOURS: dict[str, Colour] = {
    "red": (206, 32, 41),
    "blue": (32, 78, 210),
    "green": (28, 150, 62),
    "yellow": (245, 206, 30),
    "orange": (240, 130, 20),
    "purple": (128, 48, 168),
}
SHAPES: tuple[Shape, ...] = ("circle", "square", "triangle", "star", "diamond")
_PAPERS: tuple[tuple[Colour, Colour], ...] = (
    ((244, 241, 230), (32, 34, 46)),
    ((28, 40, 58), (236, 238, 226)),
    ((226, 234, 240), (20, 40, 60)),
    ((52, 44, 40), (246, 236, 214)),
)


@dataclass(frozen=True)
class Paper:
    """Colours of a board: of the sheet and of what is written on it."""

    sheet: Colour
    ink: Colour

    @classmethod
    def any(cls, rng: random.Random) -> Paper:
        return cls(*rng.choice(_PAPERS))


@cache
def font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """Return the font that Pillow carries, in pixels."""
    return ImageFont.load_default(size)


def board(heading: str, paper: Paper, rows: Sequence[tuple[str, str]] = (), size: int = SMALL) -> Image.Image:
    """Return a framed sheet with a large heading over rows of label and value."""
    picture = Image.new("RGB", (WIDTH, HEIGHT), paper.sheet)
    pen = ImageDraw.Draw(picture)
    pen.rectangle((36, 36, WIDTH - 36, HEIGHT - 36), outline=paper.ink, width=6)
    pen.text((100, 90), heading, paper.ink, font(HEADING))
    for number, (label, value) in enumerate(rows):
        pen.text((120, 250 + number * (size * 2 + 26)), f"{label}: {value}", paper.ink, font(size))
    return picture


def slide(heading: str, rows: Sequence[tuple[str, str]], paper: Paper) -> Image.Image:
    """Return a slide that is read at a glance."""
    return board(heading, paper, rows, BODY)


def shape(picture: Image.Image, kind: Shape, colour: Colour, at: tuple[float, float], size: float) -> None:
    """Draw a shape `size` pixels wide around the point `at`."""
    pen, (x, y), half = ImageDraw.Draw(picture), at, size / 2
    if kind == "circle":
        pen.ellipse((x - half, y - half, x + half, y + half), colour)
    elif kind == "square":
        pen.rectangle((x - half, y - half, x + half, y + half), colour)
    elif kind == "triangle":
        pen.polygon([(x, y - half), (x + half, y + half), (x - half, y + half)], colour)
    elif kind == "diamond":
        pen.polygon([(x, y - half), (x + half * 0.7, y), (x, y + half), (x - half * 0.7, y)], colour)
    else:
        turns = [(math.pi * step / 5 - math.pi / 2, half * (1.1 if step % 2 == 0 else 0.45)) for step in range(10)]
        pen.polygon([(x + math.cos(turn) * far, y + math.sin(turn) * far) for turn, far in turns], colour)


@cache
def _gradient(top: Colour, bottom: Colour) -> Image.Image:
    column = Image.new("RGB", (1, HEIGHT))
    for y in range(HEIGHT):
        part = y / (HEIGHT - 1)
        column.putpixel((0, y), tuple(round(a + (b - a) * part) for a, b in zip(top, bottom, strict=True)))
    return column.resize((WIDTH, HEIGHT))


def hills(rng: random.Random) -> Draw:
    """Return a landscape that drifts by, with clouds."""
    hue = rng.choice([((150, 190, 230), (220, 230, 240)), ((240, 190, 150), (250, 230, 200))])
    ground = rng.choice([(70, 110, 70), (110, 100, 70), (80, 96, 110)])
    pace, bend = rng.uniform(12, 40), rng.uniform(0.006, 0.012)

    def draw(since: float) -> Image.Image:
        picture = _gradient(*hue).copy()
        pen = ImageDraw.Draw(picture)
        for layer in range(3):
            base, shade = 400 + layer * 90, 1 - layer * 0.22
            crest = [
                (x, base + 60 * math.sin((x + since * pace * (layer + 1)) * bend * (1 + layer * 0.4) + layer * 2))
                for x in range(0, WIDTH + 1, 32)
            ]
            pen.polygon([(0, HEIGHT), *crest, (WIDTH, HEIGHT)], tuple(round(part * shade) for part in ground))
        for cloud in range(4):
            x = (cloud * 377 + since * pace * 0.6) % (WIDTH + 260) - 130
            pen.ellipse((x - 110, 90 + cloud * 36, x + 110, 140 + cloud * 36), (240, 244, 248))
        return picture

    return draw


def rain(rng: random.Random) -> Draw:
    """Return rain on a grey day."""
    grey, slant = rng.randint(90, 130), rng.uniform(-30, 30)

    def draw(since: float) -> Image.Image:
        picture = _gradient((grey - 30, grey - 26, grey - 18), (grey, grey + 4, grey + 12)).copy()
        pen = ImageDraw.Draw(picture)
        for drop in range(70):
            x, y = (drop * 211 + since * 340) % WIDTH, (drop * 97 + since * 900) % HEIGHT
            pen.line((x, y, x + slant, y + 46), (grey + 70, grey + 78, grey + 88), 3)
        return picture

    return draw


def town(rng: random.Random) -> Draw:
    """Return a town at night whose windows go on and off."""
    heights = [rng.randint(180, 520) for _ in range(14)]
    lights = [(rng.randint(0, 13), rng.random(), rng.random(), rng.uniform(0.2, 1.2)) for _ in range(90)]

    def draw(since: float) -> Image.Image:
        picture = _gradient((8, 10, 30), (40, 40, 80)).copy()
        pen = ImageDraw.Draw(picture)
        for number, height in enumerate(heights):
            pen.rectangle((number * 92, HEIGHT - height, number * 92 + 84, HEIGHT), (22, 24, 34))
        for house, across, down, pace in lights:
            if math.sin(since * pace + across * 9) > 0:
                x, y = house * 92 + 8 + across * 60, HEIGHT - heights[house] * (0.08 + 0.84 * down)
                pen.rectangle((x, y, x + 9, y + 13), (232, 214, 150))
        return picture

    return draw


class Footage:
    """A film, cut out somewhere and perhaps mirrored: what a camera sees."""

    FPS = 5

    def __init__(self, path: Path) -> None:
        import av

        self._frames: list[Image.Image] = []
        with av.open(str(path)) as container:
            due = 0.0
            for frame in container.decode(video=0):
                if frame.time is not None and frame.time >= due:
                    self._frames.append(frame.to_image(width=640, height=360))
                    due += 1 / self.FPS
        self.seconds = len(self._frames) / self.FPS

    def shot(self, rng: random.Random, seconds: float) -> Draw:
        """Return a stretch of the film."""
        first = rng.uniform(0, max(0.0, self.seconds - seconds))
        mirrored = rng.random() < 0.5

        def draw(since: float) -> Image.Image:
            picture = self._frames[min(int((first + since) * self.FPS), len(self._frames) - 1)]
            if mirrored:
                picture = picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
            return picture.resize((WIDTH, HEIGHT))

        return draw


SCENES: tuple[Callable[[random.Random], Draw], ...] = (hills, rain, town)
