"""Speech recognition with faster-whisper, in pieces cut where nobody speaks."""

from __future__ import annotations

import math
import os
import re
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from memory_store.records import Line
from tools.speech import audio
from tools.speech.audio import RATE, Samples
from tools.speech.base import Piece, SpeechError

if TYPE_CHECKING:
    from faster_whisper import WhisperModel

PIECE = 300.0
"""Seconds recognised at once: an hour of samples would cost 230 MB, and a kill loses at most a piece."""
_LATEST_CUT = 60.0
"""Seconds at the end of a piece in which a silence is looked for."""
_SILENCE = 0.3
"""Seconds without speech that a cut may fall into."""
_SENTENCE = re.compile(r"[.!?…。！？]+[\"'”’)\]]*$")
_LONGEST_LINE = 15.0
"""Seconds after which a sentence without an end is cut at a word."""


class Recogniser:
    """A Whisper model. It is loaded when it is first needed, once; one piece at a time goes through it."""

    def __init__(self, name: str, model: str, device: str = "auto") -> None:
        """`model` is a folder, or a name that faster-whisper knows; `name` signs what it heard."""
        self.name = name
        self._model_name = model
        self._device = device
        self._lock = threading.Lock()
        self._model: WhisperModel | None = None

    def recognise(self, sound: Samples, language: str = "") -> tuple[list[Line], str]:
        """Return the sentences in `sound` (times from its beginning) and their language. Raises `SpeechError`.

        Nothing is heard where the voice detector finds no voice: on music and silence Whisper makes words up.
        """
        with self._lock:
            model = self._loaded()
            try:
                segments, told = model.transcribe(
                    sound,
                    language=language or None,
                    vad_filter=True,
                    word_timestamps=True,
                    # What was misheard once would otherwise be repeated to the end of the piece.
                    condition_on_previous_text=False,
                )
                words = [word for segment in segments for word in segment.words or ()]
            except (RuntimeError, ValueError) as problem:
                raise SpeechError(f"speech recognition failed: {_line(problem)}") from None
        return sentences((word.start, word.end, word.word) for word in words), told.language if words else ""

    def _loaded(self) -> WhisperModel:
        if self._model is None:
            from faster_whisper import WhisperModel

            kind, _, index = self._device.partition(":")
            try:
                self._model = WhisperModel(
                    self._model_name,
                    device=kind if kind in ("cpu", "cuda") else "auto" if kind == "auto" else "cpu",
                    device_index=int(index) if index.isdecimal() else 0,
                    compute_type="default" if kind == "cuda" else "int8",
                    local_files_only=os.environ.get("HF_HUB_OFFLINE", "0") not in ("", "0"),
                )
            # A download fails with whatever the hub's client and the network raise.
            except Exception as problem:
                raise SpeechError(f"the speech model {self._model_name} cannot be loaded: {_line(problem)}") from None
        return self._model


@dataclass(frozen=True)
class Recognition:
    """The words of one audio track, as a recogniser hears them."""

    path: str
    track: int
    recogniser: Recogniser
    language: str = ""
    """Taken for granted if set; else found out for each piece."""

    @property
    def name(self) -> str:
        more = [f"track-{self.track}"] if self.track else []
        return "-".join([self.recogniser.name, *more, *([self.language] if self.language else [])])

    def pieces(self, start: float = 0.0) -> Iterator[Piece]:
        """Yield the words from `start` on. Memory does not grow with the length. Raises `SpeechError`."""
        for begin, sound, last in cut(audio.read(self.path, self.track, start)):
            # Silence put in for what a file lacks need not be listened to.
            lines, language = self.recogniser.recognise(sound, self.language) if sound.any() else ([], "")
            moved = tuple(Line(begin + line.start, begin + line.end, line.text) for line in lines)
            yield Piece(None if last else begin + len(sound) / RATE, moved, language)


def cut(blocks: Iterable[tuple[float, Samples]], longest: float = PIECE) -> Iterator[tuple[float, Samples, bool]]:
    """Join blocks to pieces of at most about `longest` seconds, parted where nobody speaks.

    Yields the time a piece begins at, its samples, and whether it is the last. There is always one, perhaps empty.
    """
    begin, held, count = math.nan, [np.zeros(0, np.float32)], 0
    for time, block in blocks:
        begin = time if math.isnan(begin) else begin
        held.append(block)
        count += len(block)
        while count >= longest * RATE:
            sound = np.concatenate(held)
            at = quiet(sound[: round(longest * RATE)])
            yield begin, sound[:at], False
            begin, held, count = begin + at / RATE, [sound[at:]], count - at
    yield 0.0 if math.isnan(begin) else begin, np.concatenate(held), True


def quiet(sound: Samples) -> int:
    """Return the sample to cut at: the middle of the last silence, if there is one near the end, else the end."""
    from faster_whisper.vad import VadOptions, get_speech_timestamps

    options = VadOptions(min_silence_duration_ms=round(_SILENCE * 1000), speech_pad_ms=0)
    first = max(0, len(sound) - round(_LATEST_CUT * RATE))
    if not sound[first:].any():
        return max(1, (first + len(sound)) // 2)
    voices = [(voice["start"] + first, voice["end"] + first) for voice in get_speech_timestamps(sound[first:], options)]
    edges = [first, *(sample for voice in voices for sample in voice), len(sound)]
    gaps = [(low, high) for low, high in zip(edges[::2], edges[1::2], strict=True) if high - low >= _SILENCE * RATE]
    return max(1, sum(gaps[-1]) // 2) if gaps else len(sound)


def sentences(words: Iterable[tuple[float, float, str]]) -> list[Line]:
    """Return words (start, end, text with its leading blank) joined to sentences, long ones cut."""
    lines: list[Line] = []
    said: list[Any] = []
    for word in words:
        if said and word[1] - said[0][0] > _LONGEST_LINE:
            lines.append(_joined(said))
            said = []
        said.append(word)
        if _SENTENCE.search(word[2].strip()):
            lines.append(_joined(said))
            said = []
    return [line for line in ([*lines, _joined(said)] if said else lines) if line.text and line.end > line.start]


def _joined(words: list[tuple[float, float, str]]) -> Line:
    return Line(round(words[0][0], 3), round(words[-1][1], 3), "".join(text for *_, text in words).strip())


def _line(problem: Exception) -> str:
    return " ".join(str(problem).split())[:200] or type(problem).__name__
