"""Reads every file of a folder as a run does, in a process of its own: what crashes it ends no test run.

Prints one line of JSON a file: its name, and what came of it.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from memory_store.records import Recording, Scopes
from memory_store.segments import Plan
from tools.errors import BadInput
from tools.speech import audio, subtitles
from tools.speech.base import SpeechError
from tools.video.clip import Sampling
from tools.video.decord_reader import DecordReader, available
from tools.video.errors import VideoError
from tools.video.pyav_reader import PyAVReader
from tools.video.readers import read
from tools.video.sources import find_parts
from tools.video.sweep import Sweep

SAMPLING = Sampling(fps=4, max_pixels=160 * 120)
MOST = 100
"""Segments of a file that are read."""


def outcome(path: Path) -> str:
    """Return what reading a file came to. Errors that a run does not expect are raised."""
    try:
        parts = find_parts(str(path))[1]
    except BadInput as problem:
        return f"refused: {problem}"
    recording, frames = Recording("r", "r", parts, Scopes((2, 1, 0.5), (2, 4, 4))), 0
    sweep = Sweep(recording, SAMPLING)
    for segment in Plan(recording, recording.scopes).coarse()[:MOST]:
        try:
            frames += len(sweep.frames(segment))
            readers = [PyAVReader(), DecordReader()] if sweep.ended and available() else [PyAVReader()]
            for reader in readers:
                frames += len(read(recording, segment.start, segment.end, SAMPLING, reader))
        except VideoError:
            sweep.close()
    sweep.close()
    try:
        track = audio.choose(audio.tracks(str(path)), "")
        for _ in audio.read(str(path), track.index) if track else ():
            pass
        written = subtitles.inside(str(path), "")
        for _ in written.pieces() if written else ():
            pass
    except (BadInput, SpeechError):
        pass
    return f"read: {frames} frames"


if __name__ == "__main__":
    for file in sorted(Path(sys.argv[1]).iterdir()):
        print(json.dumps([file.name, outcome(file)]), flush=True)
