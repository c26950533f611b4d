"""The two readers compared: a sweep in order and windows at random, seconds and peak memory of each.

    python -m benchmarks.readers [VIDEO...]

Without videos: the trailer in `examples/`, and its first seconds as HEVC, VP9 and AV1. Each number comes from a
process of its own, the best of three; seconds of different machines cannot be compared, the ratios of one run can.
`read by` names the reader that really read: what decord cannot read exactly is read with PyAV for it.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

TRAILER = Path(__file__).parent.parent / "examples" / "big-buck-bunny-trailer.mp4"
MADE = 20.0
"""Seconds of the trailer in each made video."""
CODECS = {
    "hevc.mp4": ("libx265", {"preset": "veryfast", "x265-params": "log-level=none:open-gop=0:keyint=48"}),
    "vp9.webm": ("libvpx-vp9", {"deadline": "realtime", "cpu-used": "8", "g": "48"}),
    "av1.mkv": ("libsvtav1", {"preset": "12", "g": "48"}),
}
MODES = ("sweep", "windows")
READERS = ("pyav", "decord")
RUNS = 3
_WINDOWS = 12
_LENGTH = 5.0
_FPS = 2.0
_PIXELS = 128 * 28 * 28


def make(folder: Path) -> None:
    """Write the beginning of the trailer in each of `CODECS`."""
    import av

    for name, (codec, options) in CODECS.items():
        with av.open(str(TRAILER)) as source, av.open(str(folder / name), "w") as target:
            pictures = source.streams.video[0]
            stream = target.add_stream(codec, rate=pictures.average_rate, options=options)
            stream.width, stream.height, stream.pix_fmt = pictures.width, pictures.height, "yuv420p"
            stream.codec_context.time_base = pictures.time_base
            for picture in source.decode(pictures):
                if picture.time is not None and picture.time >= MADE:
                    break
                picture.pict_type = 0
                target.mux(stream.encode(picture))
            target.mux(stream.encode(None))


def measure(mode: str, name: str, path: str) -> dict[str, Any]:
    """Read a video one way, in this process: seconds, pictures, peak memory (MB), and who read."""
    import av  # noqa: F401  (loading libraries is not what is measured)

    from memory_store.records import Recording, Scopes
    from tools.video import decord_reader
    from tools.video.clip import Sampling
    from tools.video.decord_reader import DecordReader
    from tools.video.pyav_reader import PyAVReader
    from tools.video.readers import read
    from tools.video.sources import find_parts

    if decord_reader.available():
        decord_reader.library()
    [part] = find_parts(path)[1]
    recording = Recording("r", "r", (part,), Scopes((_LENGTH, 1, 1), (_FPS, _FPS, _FPS)))
    sampling, reader = Sampling(_FPS, _PIXELS), PyAVReader() if name == "pyav" else DecordReader()
    chance = random.Random(0)
    last = max(0.0, part.duration - _LENGTH)
    starts = [0.0] if mode == "sweep" else [chance.uniform(0, last) for _ in range(_WINDOWS)]
    length = part.duration if mode == "sweep" else _LENGTH
    own = name == "decord" and decord_reader._window(part, sampling.times(starts[0], starts[0] + 1), sampling)
    before, began = _peak(), time.perf_counter()
    frames = sum(len(read(recording, start, min(part.duration, start + length), sampling, reader)) for start in starts)
    seconds = time.perf_counter() - began
    by = "decord" if own else "pyav"
    return {"seconds": seconds, "frames": frames, "peak": _peak(), "grown": _peak() - before, "by": by}


def _peak() -> float:
    """Return the most memory this process has held so far, MB."""
    import resource

    unit = 1 << 20 if sys.platform == "darwin" else 1 << 10
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit


def apart(mode: str, name: str, path: str) -> dict[str, Any]:
    """Return the fastest of `RUNS` measurements, each in a fresh process."""
    command = [sys.executable, "-m", "benchmarks.readers", "--one", mode, name, path]
    done = [subprocess.run(command, capture_output=True, text=True, check=True) for _ in range(RUNS)]
    return min((json.loads(each.stdout) for each in done), key=lambda found: found["seconds"])


def table(videos: list[str]) -> None:
    """Measure the videos and print a row for each way of reading each."""
    from rich.console import Console
    from rich.table import Table

    shown = Table("video", "what", "reader", "read by", "frames", "seconds", "to pyav", "peak MB", "grown MB", box=None)
    for video in videos:
        for mode in MODES:
            found = {name: apart(mode, name, video) for name in READERS}
            for name, each in found.items():
                ratio = each["seconds"] / found["pyav"]["seconds"]
                numbers = (f"{each['seconds']:.2f}", f"{ratio:.2f}", f"{each['peak']:.0f}", f"{each['grown']:.0f}")
                shown.add_row(Path(video).name, mode, name, each["by"], str(each["frames"]), *numbers)
    Console(width=120).print(shown)


def main() -> None:
    """Measure the videos named, or the trailer and what is made of it."""
    words = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    words.add_argument("videos", nargs="*", metavar="VIDEO")
    words.add_argument("--one", nargs=3, metavar=("MODE", "READER", "VIDEO"), help="one measurement, as JSON")
    words.add_argument("--make", metavar="FOLDER", help="write the made videos, and measure nothing")
    given = words.parse_args()
    if given.one:
        print(json.dumps(measure(*given.one)))
        return
    if given.make:
        make(Path(given.make))
        return
    if given.videos:
        table([str(Path(video).resolve()) for video in given.videos])
        return
    with tempfile.TemporaryDirectory() as folder:
        # Apart: a process begins with the peak memory of the one that started it.
        subprocess.run(
            [sys.executable, "-m", "benchmarks.readers", "--make", folder], stderr=subprocess.DEVNULL, check=True
        )
        table([str(TRAILER), *(str(Path(folder) / name) for name in CODECS)])


if __name__ == "__main__":
    main()
