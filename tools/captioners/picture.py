"""What numbers alone tell about pictures: light, colours, cuts and motion."""

from __future__ import annotations

import math
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from tools.video.glances import CHANGED, block_means

Image = NDArray[np.uint8]
Change = Literal["cut", "blank", "fade", "motion", "still"]

DARK, DIM = 40.0, 95.0
"""Mean luma (0 to 255) below which a picture is dark, or dim."""
PLAIN = 6.0
"""Standard deviation of luma under which a picture shows nothing but one tone."""

_ENOUGH = 512 * 28 * 28
"""Pixels beyond which a picture tells nothing new about light, colours, cuts and motion."""
_EVERYWHERE = 0.4
"""Share of blocks that differ from which a change concerns the whole picture."""
_CUT_PALETTE, _CUT_LIKENESS = 0.27, 0.5
"""Measured on a film trailer at 1, 2 and 4 frames a second: cuts had a palette gap of 0.30 and more at a
likeness of at most 0.24, fades a likeness of 0.83 and more; other motion kept its palette or its likeness."""
_FADED, _FADE_LIKENESS = 15.0, 0.8
_MOVED = 0.01
"""Share of blocks that must differ before it is called motion and not a cursor or a letter."""

_ROOTS = np.floor(np.sqrt(np.arange(256) / 256) * 4).astype(np.uint8)

_HUES = (
    (15, "red"),
    (40, "orange"),
    (68, "yellow"),
    (165, "green"),
    (195, "turquoise"),
    (255, "blue"),
    (290, "purple"),
    (340, "pink"),
    (361, "red"),
)
_NAMES = ("black", "grey", "white", "brown", *dict.fromkeys(name for _, name in _HUES))
TONES = frozenset(("black", "grey", "white"))
"""Names that say how bright something is, and no hue."""
_BLACK, _GREY, _WHITE, _BROWN = range(4)


def reduced(image: Image) -> Image:
    """Return a large picture with rows and columns left out, so that what follows costs no more than for a small one.

    Left out and not averaged: small letters keep their contrast.
    """
    step = math.ceil(math.sqrt(image.shape[0] * image.shape[1] / _ENOUGH))
    return image[::step, ::step] if step > 1 else image


def luma(image: Image) -> NDArray[np.float32]:
    """Return the brightness of each pixel (H, W), 0 to 255 (ITU-R BT.601)."""
    return image.astype(np.float32) @ np.array([0.299, 0.587, 0.114], np.float32)


def light(image: Image) -> str:
    """Return `dark`, `dim` or `bright`."""
    mean = float(luma(image).mean())
    return "dark" if mean < DARK else "dim" if mean < DIM else "bright"


def plain(image: Image) -> bool:
    """Tell whether the picture is one even tone."""
    return float(luma(image).std()) < PLAIN


def colours(image: Image, most: int = 2, share: float = 0.2) -> list[str]:
    """Return the names of up to `most` colours that each fill at least `share` of the picture, widest first."""
    step = max(1, min(image.shape[:2]) // 72)
    counts = np.bincount(_named(image[::step, ::step].reshape(-1, 3)), minlength=len(_NAMES))
    parts = counts / counts.sum()
    order = [int(index) for index in np.argsort(-parts, kind="stable")]
    wide = [index for index in order if parts[index] >= share] or order[:1]
    return [_NAMES[index] for index in wide[:most]]


def _named(pixels: Image) -> NDArray[np.intp]:
    """Return the index in `_NAMES` of each pixel (N, 3)."""
    rgb = pixels.astype(np.float32)
    high, low = rgb.max(axis=1), rgb.min(axis=1)
    chroma = high - low
    safe = np.where(chroma == 0, 1, chroma)
    red, green, blue = rgb.T
    sector = np.where(
        high == red,
        (green - blue) / safe % 6,
        np.where(high == green, (blue - red) / safe + 2, (red - green) / safe + 4),
    )
    degrees = sector * 60
    edges = np.array([edge for edge, _ in _HUES])
    hues = np.array([_NAMES.index(name) for _, name in _HUES])
    named = hues[np.minimum(np.searchsorted(edges, degrees, side="right"), len(hues) - 1)]
    named = np.where((named == _NAMES.index("orange")) & (high < 150), _BROWN, named)
    rosy = (named == _NAMES.index("red")) & (high > 180) & (chroma < 0.6 * high)
    named = np.where(rosy, _NAMES.index("pink"), named)
    pale = chroma < np.maximum(0.14 * high, 14)
    grey = np.where(high < 60, _BLACK, np.where(high > 205, _WHITE, _GREY))
    return np.asarray(np.where(high < 42, _BLACK, np.where(pale, grey, named)), np.intp)


def colour_name(tone: NDArray[np.float32]) -> str:
    """Return the name of one colour, RGB (3,)."""
    return _NAMES[int(_named(np.clip(tone, 0, 255).astype(np.uint8).reshape(1, 3))[0])]


def differing(before: Image, after: Image) -> NDArray[np.float32]:
    """Return the mean absolute luma difference of each block; every block is 255 if the sizes differ."""
    if before.shape != after.shape:
        return np.full((1, 1), 255, np.float32)
    return block_means(np.abs(luma(before) - luma(after)))


def worth_reading(before: Image, after: Image) -> bool:
    """Tell whether a letter may have come, gone or changed anywhere between two pictures."""
    return moved(before, after) > 0


def moved(before: Image, after: Image) -> float:
    """Return the share of the picture that differs."""
    return float((differing(before, after) > CHANGED).mean())


def palette_gap(before: Image, after: Image) -> float:
    """Return how different the colours of two pictures are, 0 (the same) to 1 (nothing in common)."""
    return float(np.abs(_palette(before) - _palette(after)).sum() / 2)


def _palette(image: Image) -> NDArray[np.float64]:
    # Square roots part dark tones more finely, as the eye does.
    codes = _ROOTS[image].astype(np.intp) @ np.array([16, 4, 1])
    return np.bincount(codes.ravel(), minlength=64) / codes.size


def likeness(before: Image, after: Image) -> float:
    """Return how alike the layout of light in two pictures is: 1 the same even if all is darker, 0 unrelated."""
    if before.shape != after.shape:
        return 0.0
    one, other = (means - means.mean() for means in (block_means(luma(before)), block_means(luma(after))))
    energy = float(np.sqrt((one**2).sum() * (other**2).sum()))
    return float((one * other).sum()) / energy if energy > 1e-3 else 0.0


def change(before: Image, after: Image) -> Change:
    """Return what lies between two pictures of one video.

    `cut`: another scene; `blank`: to or from a plain picture; `fade`: the same, darker or brighter;
    `motion`: parts differ; `still`: no more than a letter or a cursor does.
    """
    share = moved(before, after)
    if share > _EVERYWHERE:
        if plain(before) != plain(after):
            return "blank"
        alike = likeness(before, after)
        if alike < _CUT_LIKENESS and palette_gap(before, after) > _CUT_PALETTE:
            return "cut"
        if alike > _FADE_LIKENESS and abs(float(luma(before).mean() - luma(after).mean())) > _FADED:
            return "fade"
    return "motion" if share > _MOVED else "still"
