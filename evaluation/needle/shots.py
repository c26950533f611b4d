"""How the boards of needles show a fact: all the time, or for less than a second."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from PIL import Image, ImageDraw

from evaluation.needle.haystack import FPS, Shot, within
from evaluation.needle.pictures import Paper, board, font
from evaluation.records import Stretch

_BRIEF = 8 / 12
"""Seconds of what flashes up."""


def standing(seconds: int, picture: Callable[[], Image.Image], fact: bool = True) -> Shot:
    """Return a shot of one picture; its fact, if it shows one, is there all the time."""
    return Shot(seconds, _Two(picture, picture, (0, 0)), fact=(0, seconds) if fact else None)


def flashing(
    rng: random.Random,
    seconds: int,
    still: Callable[[], Image.Image],
    lit: Callable[[], Image.Image],
    fact: bool = True,
) -> Shot:
    """Return a shot of the picture `still` that is `lit` for a moment; its fact, if it shows one, is there then."""
    begins = rng.randint(1, seconds - 2) + 2 / FPS
    flash = (begins, begins + _BRIEF)
    return Shot(seconds, _Two(still, lit, flash), flash=flash, fact=flash if fact else None)


def naming(rng: random.Random, heading: str, paper: Paper, word: str, brief: bool, fact: bool = True) -> Shot:
    """Return a board that names somebody or something: in small print, or large for a moment."""
    still = partial(board, heading, paper)
    size = 54 if brief else rng.randint(14, 17)
    spot = (rng.randint(120, 420), rng.randint(300, 480))

    def lit() -> Image.Image:
        picture = still()
        ImageDraw.Draw(picture).text(spot, word, paper.ink, font(size))
        return picture

    return flashing(rng, rng.randint(4, 6), still, lit, fact) if brief else standing(rng.randint(4, 6), lit, fact)


@dataclass(frozen=True)
class _Two:
    """Draws one picture, and another while it flashes. Drawn when wanted: a long video has hundreds."""

    still: Callable[[], Image.Image]
    lit: Callable[[], Image.Image]
    flash: Stretch

    def __call__(self, since: float) -> Image.Image:
        return (self.lit if within(since, self.flash) else self.still)()
