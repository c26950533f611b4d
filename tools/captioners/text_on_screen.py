"""Reading the text in a picture, with PP-OCR models that lie inside the rapidocr wheel."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from importlib.util import find_spec
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tools.captioners.boxes import Box, Word
from tools.captioners.fine_print import print_rows
from tools.captioners.picture import luma
from tools.captioners.strips import WHOLE, read_large

MIN_SCORE = 0.9
"""Measured: lines read right in films scored 0.91 and more, "words" found in foliage, fur and logos up to 0.89. Of
drawn rows in five fonts from 8 to 20 pixels, half contrast and strong compression among them, 0.91 (small pictures)
to 0.94 of the trusted ones are right to the letter at a recall of 0.89 to 0.92; 0.95 would gain two hundredths of
precision and lose slide headings. `python -m benchmarks.observations samples` measures it again."""
MIN_HEIGHT = 9.0
"""Pixels of the detected box. Measured on 128 lines of plain print, at scores that do not tell right from wrong:
lower than this 24 of 33 held a wrong letter or digit, from 9 to 10 pixels 5 of 19, above none of 76."""
SMALL = 14.0
"""Pixels of a box under which a text that is not trusted may be readable in a larger picture."""
MIN_LENGTH = 2
"""Characters; shapes are often read as single letters."""
PLAUSIBLE = (0.6, 3)
"""Score and length from which a box that is not trusted still counts as text and not as texture."""

_ENLARGE, _ENOUGH = 2.0, 736
"""The detector finds 8-pixel lines in a picture enlarged twice; beyond 736 pixels a side it gains nothing."""
_KEPT = 512
"""Pictures whose reading is remembered."""


@dataclass(frozen=True)
class Reading:
    """What is written in a picture."""

    texts: tuple[Word, ...] = ()
    """Trusted texts, rows from top to bottom, in a row from left to right."""
    unread: int = 0
    """Texts that were found but not trusted."""
    small: int = 0
    """Those of them that are too low in pixels: more pixels may make them readable."""
    top: float = 0.0
    """Upper edge of the highest unread text, in pixels."""


class _Remembered:
    """The last readings by the picture's pixels. Who asks for one that is being made waits for it."""

    def __init__(self, size: int) -> None:
        self._size, self._lock = size, threading.Lock()
        self._kept: OrderedDict[bytes, Future[Reading]] = OrderedDict()

    def get(self, key: bytes, make: Callable[[], Reading]) -> Reading:
        with self._lock:
            known = self._kept.get(key)
            mine = known is None
            future = known if known is not None else Future()
            self._kept[key] = future
            self._kept.move_to_end(key)
            while len(self._kept) > self._size:
                self._kept.popitem(last=False)
        if mine:
            try:
                future.set_result(make())
            except BaseException as error:
                with self._lock:
                    self._kept.pop(key, None)
                future.set_exception(error)
                raise
        return future.result()


_remembered = _Remembered(_KEPT)
_loading = threading.Lock()


def available() -> bool:
    """Tell whether the packages that read text are installed."""
    return find_spec("rapidocr") is not None and find_spec("onnxruntime") is not None


def read(image: NDArray[np.uint8]) -> Reading:
    """Return the text in `image`, RGB (H, W, 3) uint8. Safe to call from several threads."""
    key = blake2b(image.tobytes(), digest_size=16, key=repr(image.shape).encode()).digest()
    return _remembered.get(key, lambda: sort_out(*_recognise(image), _fine_print(image)))


def sort_out(found: list[Word], scale: float = 1.0, fine_print: list[Box] | None = None) -> Reading:
    """Part `found` (boxes in pixels times `scale`) into trusted texts in reading order and unread ones.

    `fine_print` is where there are rows of print; those that nothing was found in are unread, too.
    """
    texts: list[Word] = []
    unread: list[Box] = []
    small = 0
    for text, score, box in found:
        text, box = " ".join(text.split()), Box(*(side / scale for side in box))
        if len(text) < MIN_LENGTH:
            continue
        low = box.height < MIN_HEIGHT
        if score >= MIN_SCORE and not low:
            texts.append(Word(text, score, box))
        elif score >= PLAUSIBLE[0] and len(text) >= PLAUSIBLE[1]:
            unread.append(box)
            small += box.height < SMALL
    missed = [box for box in fine_print or () if not any(_meet(box, one) for one in (*unread, *(w.box for w in texts)))]
    for row in rows([Word("", 0.0, box) for box in missed]):
        unread.append(row[0].box)
        small += 1
    ordered = tuple(word for row in rows(texts) for word in row)
    return Reading(ordered, len(unread), small, min((box.top for box in unread), default=0.0))


def rows(texts: list[Word] | tuple[Word, ...]) -> list[list[Word]]:
    """Group texts that stand on the same row: rows top to bottom, in a row left to right."""
    made: list[list[Word]] = []
    for word in sorted(texts, key=lambda item: item.box.top + item.box.bottom):
        if made and _beside(made[-1][0].box, word.box):
            made[-1].append(word)
        else:
            made.append([word])
    return [sorted(row, key=lambda item: item.box.left) for row in made]


def _beside(one: Box, other: Box) -> bool:
    shared = min(one.bottom, other.bottom) - max(one.top, other.top)
    return shared > 0.5 * min(one.height, other.height)


def _meet(one: Box, other: Box) -> bool:
    wide = min(one.right, other.right) - max(one.left, other.left)
    return wide > 0 and min(one.bottom, other.bottom) > max(one.top, other.top)


def _fine_print(image: NDArray[np.uint8]) -> list[Box]:
    # A picture in its full size has no print that is too small for the detector.
    return print_rows(luma(image)) if image.shape[0] * image.shape[1] <= WHOLE else []


def _recognise(image: NDArray[np.uint8]) -> tuple[list[Word], float]:
    """Return what was found in `image`, and by how much the pixels of its boxes are enlarged."""
    import cv2

    high, wide = image.shape[:2]
    if high * wide > WHOLE:
        return read_large(image, _found), 1.0
    scale = max(1.0, min(_ENLARGE, _ENOUGH / min(high, wide)))
    if scale > 1:
        larger: Any = cv2.resize(image, (round(wide * scale), round(high * scale)), interpolation=cv2.INTER_CUBIC)
        return _found(larger), scale
    return _found(image), scale


def _found(image: NDArray[np.uint8]) -> list[Word]:
    with _loading:
        engine = _engine()
    result = engine(np.ascontiguousarray(image[:, :, ::-1]))
    if result.boxes is None or result.txts is None:
        return []
    return [
        Word(text, float(score), _upright(corners))
        for text, score, corners in zip(result.txts, result.scores, result.boxes, strict=True)
    ]


def _upright(corners: NDArray[np.float32]) -> Box:
    """Return the box of four corners, its height being that of the text and not of its slant."""
    left, top = corners.min(axis=0)
    right, bottom = corners.max(axis=0)
    height = float(np.linalg.norm(corners[3] - corners[0]) + np.linalg.norm(corners[2] - corners[1])) / 2
    middle = float(top + bottom) / 2
    return Box(float(left), middle - height / 2, float(right), middle + height / 2)


@cache
def _engine() -> Any:
    from rapidocr import RapidOCR

    return RapidOCR(
        params={
            # Every text is wanted with its score: what is not trusted is counted, not lost.
            "Global.text_score": 0.0,
            "Global.use_cls": False,
            "Global.log_level": "critical",
            "Det.limit_side_len": 32,
            # Wide strips must not be shrunk: that is what they are for.
            "Global.max_side_len": 8192,
            # Two captions are made side by side: one thread for each beats two for one by a third.
            "EngineConfig.onnxruntime.intra_op_num_threads": 1,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        }
    )
