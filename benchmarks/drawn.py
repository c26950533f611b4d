"""Footage and pictures drawn with known texts, for measuring what the embedded captioner reads."""

from __future__ import annotations

import io
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

FPS = 20
SIZE = (1280, 720)
LENGTHS = (0.4, 0.7, 1.2, 3.0)
"""Seconds for which a screen is shown."""
# fmt: off
_NAMES = [
    "amber", "anchor", "apricot", "badger", "basalt", "beacon", "birch", "bison", "bramble", "canyon", "cedar",
    "cobalt", "condor", "coral", "crater", "delta", "ember", "falcon", "fennel", "fjord", "garnet", "geyser",
    "granite", "harbor", "hazel", "heron", "indigo", "jasmine", "juniper", "kestrel", "lagoon", "lantern", "lemon",
    "lichen", "lily", "magnet", "maple", "marble", "marten", "meadow", "nectar", "nutmeg", "ochre", "olive", "orchid",
    "otter", "oyster", "paprika", "pebble", "pepper", "plover", "quartz", "raven", "reef", "saffron", "salmon",
    "sorrel", "spruce", "thistle", "tundra", "umber", "velvet", "walnut", "willow", "yarrow", "zephyr",
]
# fmt: on

Picture = Callable[[float], Image.Image]
"""Draws a screen at seconds since it came on."""


@dataclass(frozen=True)
class Shown:
    """A text of a drawn video and when it is to be seen, seconds."""

    text: str
    start: float
    end: float


@cache
def font(size: int, name: str = "") -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """Return a font by file name, or the one Pillow carries."""
    return ImageFont.truetype(name, size) if name else ImageFont.load_default(size)


def names(count: int, seed: int = 0) -> list[str]:
    """Return `count` texts of two words, no word in two of them."""
    chosen = random.Random(seed)
    words = chosen.sample(_NAMES, len(_NAMES))
    return [f"{words[2 * n].title()} {words[2 * n + 1]}" for n in range(count)]


def screens(path: Path, kind: str, seed: int = 0, quiet: float = 2.0) -> list[Shown]:
    """Write a video in which screens with a text each are shown for each of `LENGTHS`, five or more of each.

    `kind`: `still`, `fade` (a quarter of a second in and out, beside the time it stands), `inset` (something moves
    in a corner) or `moving` (the text stands before moving shapes). Between two screens, `quiet` seconds without text.
    """
    chosen, shown = random.Random(seed), list[Shown]()
    lengths = list(LENGTHS) * 8
    chosen.shuffle(lengths)
    time = 1.0
    for text, length in zip(names(len(lengths), seed), lengths, strict=True):
        time += quiet + round(chosen.uniform(0, 1) * FPS) / FPS
        shown.append(Shown(text, time, time + length))
        time += length
    film(path, time + 2, lambda now: _scene(kind, shown, now))
    return shown


def _scene(kind: str, shown: Sequence[Shown], now: float) -> Image.Image:
    ramp = 0.25 if kind == "fade" else 0.0
    current = next((one for one in shown if one.start - ramp <= now < one.end + ramp), None)
    paper = (236, 232, 220)
    picture = _shapes(now) if kind == "moving" else Image.new("RGB", SIZE, paper)
    if current:
        part = 1.0
        if ramp:
            part = min(1.0, 1 - (current.start - now) / ramp, 1 - (now - current.end) / ramp)
        ink = tuple(round(tone + (30 - tone) * max(0.0, part)) for tone in paper)
        ImageDraw.Draw(picture).text((180, 300), current.text, ink, font(64))
    if kind == "inset":
        picture.paste(_shapes(now).resize((256, 144)), (1000, 560))
    return picture


def _shapes(now: float) -> Image.Image:
    picture = Image.new("RGB", SIZE, (190, 205, 220))
    pen = ImageDraw.Draw(picture)
    for number in range(12):
        x, y = (number * 173 + now * 160) % 1400 - 60, (number * 97 + now * (40 + 11 * number)) % 840 - 60
        pen.ellipse((x, y, x + 130, y + 130), ((number * 40) % 120 + 120, 180, 255 - number * 9))
    return picture


def scroll(path: Path, seconds: float = 40.0, rows: int = 40) -> list[Shown]:
    """Write a page of `rows` rows that moves up without rest."""
    texts, gap = names(rows // 2), 110
    speed = (len(texts) * gap + SIZE[1]) / seconds

    def draw(now: float) -> Image.Image:
        picture = Image.new("RGB", SIZE, "white")
        for number, text in enumerate(texts):
            ImageDraw.Draw(picture).text((120, SIZE[1] + number * gap - now * speed), text, "black", font(48))
        return picture

    film(path, seconds, draw)
    return [Shown(text, n * gap / speed, (n * gap + SIZE[1]) / speed) for n, text in enumerate(texts)]


def film(path: Path, seconds: float, draw: Picture, size: tuple[int, int] = SIZE) -> None:
    """Write `seconds` of what `draw` draws, H.264 at `FPS` with a key frame every two seconds."""
    import av

    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=FPS)
        stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
        stream.time_base = Fraction(1, FPS)
        stream.options = {"preset": "superfast", "crf": "24", "g": str(2 * FPS)}
        for index in range(round(seconds * FPS)):
            frame = av.VideoFrame.from_image(draw(index / FPS))
            frame.pts = index
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


@dataclass(frozen=True)
class Sample:
    """A picture with the rows written in it, and what they were written with."""

    image: NDArray[np.uint8]
    rows: tuple[str, ...]
    letters: int
    """Size of the letters in pixels."""
    note: str


FONTS = ("", "DejaVuSans.ttf", "DejaVuSerif.ttf", "DejaVuSansMono.ttf", "DejaVuSans-Bold.ttf")


def samples(size: tuple[int, int], letters: Sequence[int], seed: int = 0) -> Iterator[Sample]:
    """Yield pages of text in several fonts, contrasts and qualities of compression, each text known."""
    chosen = random.Random(seed)
    for name in FONTS:
        for high in letters:
            for contrast, quality in ((1.0, 90), (0.5, 60), (1.0, 30)):
                picture = Image.new("RGB", size, (238, 236, 230))
                pen, made = ImageDraw.Draw(picture), list[str]()
                ink = tuple(round(238 - 210 * contrast) for _ in range(3))
                for y in range(size[1] // 12, size[1] - 2 * high, max(3 * high, size[1] // 8)):
                    words = " ".join(chosen.sample(_NAMES, 3))
                    text = f"{words.capitalize()} {chosen.randrange(10, 9999)}"
                    try:
                        pen.text((size[0] // 14, y), text, ink, font(high, name))
                    except OSError:
                        return
                    made.append(text)
                note = f"{name or 'Pillow'} {contrast:.1f} q{quality}"
                yield Sample(_squeezed(picture, quality), tuple(made), high, note)


def _squeezed(picture: Image.Image, quality: int) -> NDArray[np.uint8]:
    kept = io.BytesIO()
    picture.save(kept, "JPEG", quality=quality)
    return np.asarray(Image.open(kept).convert("RGB"))
