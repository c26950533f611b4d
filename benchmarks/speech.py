"""How long hearing takes, and that its memory does not grow with the recording.

`python -m benchmarks.speech [MINUTES...] [--speech whisper-tiny-en]` makes sound of these lengths (default 5 and 60
minutes) from the sentence spoken in `examples/movie-hello.mp4` with pauses between, recognises each in a process of
its own, and prints seconds a minute of sound and peak memory, as ratios to the first length.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from fractions import Fraction
from pathlib import Path

import numpy as np

import examples
from examples.questions import HELLO
from tools.settings import Settings
from tools.speech import audio
from tools.speech.audio import RATE
from tools.speech.choice import build_recogniser
from tools.speech.recogniser import Recognition

_PAUSE = 6.0
"""Seconds of silence after each sentence: people who talk pause, too."""


def make(path: Path, minutes: float) -> None:
    """Write `minutes` of one sentence again and again, as Opus."""
    import av

    spoken = np.concatenate([block for _, block in audio.read(str(Path(examples.__file__).parent / HELLO), 0)])
    turn = np.concatenate([spoken, np.zeros(round(_PAUSE * RATE), np.float32)])
    turn = turn[: len(turn) // 960 * 960]
    with av.open(str(path), "w") as out:
        stream = out.add_stream("libopus", rate=RATE, layout="mono", bit_rate=24_000)
        at = 0
        while at < minutes * 60 * RATE:
            for begin in range(0, len(turn), 960):
                frame = av.AudioFrame.from_ndarray(turn[begin : begin + 960].reshape(1, -1), "flt", "mono")
                frame.sample_rate, frame.time_base, frame.pts = RATE, Fraction(1, RATE), at
                out.mux(stream.encode(frame))
                at += 960
        out.mux(stream.encode(None))


def measure(path: str, speech: str) -> None:
    """Recognise `path` and print seconds, sentences and peak memory (MB) as JSON."""
    ears = build_recogniser(Settings.load(speech=speech))
    assert ears is not None
    began, sentences = time.monotonic(), 0
    for piece in Recognition(path, 0, ears).pieces():
        sentences += len(piece.lines)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": time.monotonic() - began, "sentences": sentences, "peak": peak}))


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("minutes", nargs="*", type=float, default=[5.0, 60.0])
    parser.add_argument("--speech", default="whisper-tiny-en")
    parser.add_argument("--measure", default="", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.measure:
        return measure(given.measure, given.speech)
    first: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        for minutes in given.minutes:
            path = Path(folder) / f"{minutes:g}.mka"
            make(path, minutes)
            argv = [sys.executable, "-m", "benchmarks.speech", "--speech", given.speech, "--measure", str(path)]
            found = json.loads(subprocess.run(argv, check=True, capture_output=True, text=True).stdout)
            found["pace"] = found["seconds"] / minutes
            first = first or found
            print(
                f"{minutes:6g} min: {found['pace']:5.2f} s a minute ({found['pace'] / first['pace']:.2f}), "
                f"peak {found['peak']:5.0f} MB ({found['peak'] / first['peak']:.2f}), {found['sentences']} sentences"
            )


if __name__ == "__main__":
    main()
