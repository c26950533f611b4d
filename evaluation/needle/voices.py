"""Spoken sentences, by espeak-ng where it is installed."""

from __future__ import annotations

import shutil
import subprocess
import wave
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from evaluation.needle.haystack import RATE, Placed

_SYNTHESIZER = "espeak-ng"
_PACE = "120"
"""Words a minute: the synthesizer is hard enough to understand."""
_LEAD = 0.8
"""Seconds of silence before a voice in its shot."""


def can_speak() -> bool:
    """Tell whether a speech synthesizer is installed."""
    return shutil.which(_SYNTHESIZER) is not None


def write_voices(path: Path, placed: Sequence[Placed]) -> None:
    """Write what the shots say as a WAV file as long as the video, silent between."""
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE)
        for one in placed:
            sound = np.zeros(one.shot.seconds * RATE, np.int16)
            if one.shot.said:
                spoken, at = _say(one.shot.said), round(_LEAD * RATE)
                kept = spoken[: len(sound) - at]
                sound[at : at + len(kept)] = kept
            out.writeframes(sound.tobytes())


def _say(sentence: str) -> NDArray[np.int16]:
    """Return a sentence as sound at `RATE`."""
    argv = [_SYNTHESIZER, "-v", "en-us", "-s", _PACE, "-g", "4", "--stdout", sentence]
    made = subprocess.run(argv, check=True, capture_output=True).stdout
    # The header of a stream gives no length: what follows its 44 bytes is sound.
    sound = np.frombuffer(made[44 : len(made) - (len(made) - 44) % 2], np.int16)
    rate = int.from_bytes(made[24:28], "little")
    places = np.arange(0, len(sound), rate / RATE)
    return np.interp(places, np.arange(len(sound)), sound).astype(np.int16)
