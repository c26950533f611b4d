"""The published demo's way to clips, as a stand-in: `get_video_frames` of VideoLucy and the reading of what it writes.

decord walks the stretch with one access a picture (index = time x average rate); all pictures are held at full size;
clip after clip is encoded again as an mp4 (OpenCV, `mp4v`, at the sampling rate), and that file is opened and decoded
again for the captioner, whose helper scales its pictures under the pixel cap (bicubic, antialiased; here with Pillow).
What the helper adds beyond that (tensors of floats, normalising) is left out.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tools.video import decord_reader

Picture = NDArray[np.uint8]
_MULTIPLE = 28
"""Pixels of which the helper makes both sides a multiple (Qwen2.5-VL)."""


def clips(
    path: str, folder: Path, start: float, end: float, fps: float, pictures: int, max_pixels: int
) -> Iterator[list[Picture]]:
    """Yield clips of `pictures` pictures of `[start, end)` (seconds), RGB (H, W, 3) with an area under `max_pixels`."""
    sampled = _sampled(path, start, end, fps)
    left = len(sampled) % pictures
    if 1 <= left <= fps and len(sampled) > pictures:
        # The published code drops a remainder of a second.
        del sampled[-left:]
    files = [
        _encoded(sampled[low : low + pictures], folder / f"temp_video_{low // pictures}.mp4", fps)
        for low in range(0, len(sampled), pictures)
    ]
    yield from (_decoded(file, max_pixels) for file in files)


def _sampled(path: str, start: float, end: float, fps: float) -> list[Picture]:
    decord = decord_reader.library()
    reader = decord.VideoReader(path, ctx=decord.cpu(0))
    rate = reader.get_avg_fps()
    instants = (start + index / fps for index in range(math.ceil((end - start) * fps - 1e-6)))
    wanted = (int(time * rate) for time in instants)
    return [reader[index].asnumpy() for index in wanted if index < len(reader)]


def _encoded(pictures: list[Picture], path: Path, fps: float) -> Path:
    import cv2

    high, wide = pictures[0].shape[:2]
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"mp4v"), fps, (wide, high))
    for picture in pictures:
        writer.write(cv2.cvtColor(picture, cv2.COLOR_RGB2BGR))
    writer.release()
    return path


def _decoded(path: Path, max_pixels: int) -> list[Picture]:
    from PIL import Image

    decord = decord_reader.library()
    reader = decord.VideoReader(str(path), ctx=decord.cpu(0))
    pictures = reader.get_batch(range(len(reader))).asnumpy()
    high, wide = pictures.shape[1:3]
    scale = min(1.0, math.sqrt(max_pixels / (high * wide)))
    wide, high = (max(1, int(side * scale) // _MULTIPLE) * _MULTIPLE for side in (wide, high))
    bicubic = Image.Resampling.BICUBIC
    return [np.asarray(Image.fromarray(picture).resize((wide, high), bicubic)) for picture in pictures]
