"""Pieces of text and where they stand in a picture."""

from __future__ import annotations

from typing import NamedTuple


class Box(NamedTuple):
    """The upright rectangle around a text, in pixels of the picture."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def height(self) -> float:
        return self.bottom - self.top


class Word(NamedTuple):
    """One piece of text as the detector cut it: a word, or a run of words on one row."""

    text: str
    score: float
    box: Box
