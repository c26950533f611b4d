"""What JPEG costs and loses at each quality, on frames as an endpoint gets them.

`python -m benchmarks.jpeg_quality [VIDEO...]` (default: the trailer and the composed lecture) samples frames at the
coarse and fine pixel caps and prints for each quality: bytes a frame as a ratio to quality 95, peak signal-to-noise,
and how much of the text that is read in the uncompressed frame is read the same.
"""

from __future__ import annotations

import argparse
import io
import tempfile
from difflib import SequenceMatcher
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

import examples
from examples.lecture import make_lecture
from examples.questions import TRAILER
from memory_store.records import Recording
from memory_store.segments import scopes_for
from tools.captioners import text_on_screen
from tools.settings import Settings
from tools.video.clip import Sampling
from tools.video.pyav_reader import PyAVReader
from tools.video.readers import read
from tools.video.sources import find_parts

QUALITIES = (95, 90, 85, 80, 75, 70, 60, 50)
_EVERY = 5.0
"""Seconds from frame to frame: enough different pictures in a minute."""


def frames(path: str, pixels: int) -> list[NDArray[np.uint8]]:
    """Return frames of a video, `_EVERY` seconds apart, under a pixel cap."""
    name, parts = find_parts(path)
    recording = Recording("benchmark", name, parts, scopes_for(parts[-1].end))
    return [f.image for f in read(recording, 0, recording.duration, Sampling(1 / _EVERY, pixels), PyAVReader())]


def compressed(image: NDArray[np.uint8], quality: int) -> tuple[int, NDArray[np.uint8]]:
    """Return the bytes of the JPEG, and the picture it holds."""
    buffer = io.BytesIO()
    Image.fromarray(image).save(buffer, "JPEG", quality=quality)
    return buffer.tell(), np.asarray(Image.open(buffer).convert("RGB"))


def noise(image: NDArray[np.uint8], other: NDArray[np.uint8]) -> float:
    """Return the peak signal-to-noise ratio in decibels."""
    error = float(((image.astype(np.float32) - other) ** 2).mean())
    return 99.0 if error == 0 else float(10 * np.log10(255**2 / error))


def text(image: NDArray[np.uint8]) -> str:
    """Return what can be read in a picture."""
    return "\n".join(word.text for word in text_on_screen.read(image).texts)


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("videos", nargs="*")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        videos = given.videos or [str(Path(examples.__file__).parent / TRAILER), f"{folder}/lecture.mp4"]
        if not given.videos:
            make_lecture(Path(videos[1]))
        settings = Settings()
        print("pixels   quality  bytes  to 95   dB    text kept")
        for pixels in (128 * 28 * 28, 512 * 28 * 28):
            images = [image for video in videos for image in frames(video, pixels)]
            truths = [text(image) for image in images]
            largest = 0.0
            for quality in QUALITIES:
                made = [compressed(image, quality) for image in images]
                size = float(np.mean([count for count, _ in made]))
                largest = largest or size
                kept = [
                    (len(truth), SequenceMatcher(None, truth, text(other), autojunk=False).ratio())
                    for truth, (_, other) in zip(truths, made, strict=True)
                    if truth
                ]
                same = sum(length * ratio for length, ratio in kept) / max(1, sum(length for length, _ in kept))
                decibels = np.mean([noise(image, other) for image, (_, other) in zip(images, made, strict=True)])
                mark = "  (default)" if quality == settings.jpeg_quality else ""
                print(f"{pixels:7} {quality:6} {size:9.0f} {size / largest:5.2f} {decibels:6.1f} {same:9.4f}{mark}")


if __name__ == "__main__":
    main()
