"""What is made once a process: the models, the memory and the slots that settings stand for."""

from __future__ import annotations

import sys
import threading
from functools import cached_property
from typing import Any

from memory_store.embedders.base import Embedder
from memory_store.records import SPEECH, Recording
from memory_store.store import Memory
from tools.captioners.base import Captioner
from tools.ending import Slots
from tools.flight import Flight
from tools.models import build_captioner, build_embedder, build_encoder, build_reasoner
from tools.reasoners.base import Reasoner
from tools.senses.encoders.base import Encoder
from tools.settings import Settings
from tools.speech.base import Source
from tools.speech.choice import build_recogniser, source_of
from tools.speech.heard import Heard
from tools.speech.recogniser import Recogniser
from tools.video.clip import Sampling
from tools.video.feeder import Feeder

QUESTIONS_AT_ONCE = 8
"""Calls of the reasoner under way at once: chapters are read side by side."""

SETTINGS_OF_PARTS = frozenset(
    f"{role}{suffix}"
    for role in ("captioner", "reasoner", "embedder", "visual_index")
    for suffix in ("", "_url", "_key_env")
) | {
    *("captioner_mmproj", "captioner_input", "captioner_detail", "jpeg_quality", "device", "caption_tokens"),
    *(
        "phraser",
        "reply_tokens",
        "speech",
        "language",
        "temperature",
        "timeout",
        "retry_seconds",
        "requests_per_minute",
    ),
    *("home", "store", "captions_at_once"),
}
"""The settings that decide which objects are live; runs that differ in others only share them."""


class _once(cached_property):
    """A cached property that only one thread makes: two models loaded at once would be one too many."""

    def __get__(self, instance: Any, owner: type | None = None) -> Any:
        if instance is None:
            return self
        with instance._lock:
            return super().__get__(instance, owner)


class Parts:
    """What is made once: models, memory, slots and decoders. Safe to share between threads and questions."""

    def __init__(self, settings: Settings, read_only: bool = False, **own: Any) -> None:
        """With `read_only` the memory is only read, beside whoever writes to it.

        `own` (`captioner`, `reasoner`, `memory`) stand in for those that the settings name.
        """
        self._settings = settings
        self._read_only = read_only
        self._lock = threading.RLock()
        self._feeders: dict[tuple[Recording, Sampling], Feeder] = {}
        self._sources: dict[Recording, dict[str, Source]] = {}
        self._heard: dict[Recording, Heard] = {}
        self.flight = Flight()
        self.dispatched: dict[str, float] = {}
        """When the calls of a question were sent out, by `time.monotonic()`."""
        # A cached property that has its value is not made.
        self.__dict__.update(own)

    @_once
    def embedder(self) -> Embedder:
        return build_embedder(self._settings)

    @_once
    def captioner(self) -> Captioner:
        return build_captioner(self._settings)

    @_once
    def reasoner(self) -> Reasoner:
        return build_reasoner(self._settings, self.embedder)

    @_once
    def memory(self) -> Memory:
        return Memory(self._settings.store_path, self.embedder, on_wait=_tell, read_only=self._read_only)

    @_once
    def captions_at_once(self) -> int:
        # A model on this machine has clips waiting too: they are decoded while it describes others.
        vision_model = self.captioner.takes_instructions
        return self._settings.captions_at_once or (8 if vision_model else 2)

    @_once
    def slots(self) -> Slots:
        return Slots(self.captions_at_once)

    @_once
    def encoder(self) -> Encoder | None:
        return build_encoder(self._settings)

    @_once
    def questions(self) -> Slots:
        return Slots(QUESTIONS_AT_ONCE)

    @_once
    def recogniser(self) -> Recogniser | None:
        return build_recogniser(self._settings)

    def sources(self, recording: Recording, fresh: bool = False) -> dict[str, Source]:
        """Return where the words of each part come from; `fresh` looks for new subtitle files."""
        with self._lock:
            if fresh or recording not in self._sources:
                found = ((part.id, source_of(part, self._settings, self.recogniser)) for part in recording.parts)
                sources = {part: source for part, source in found if source is not None}
                if sources != self._sources.get(recording):
                    self._heard.pop(recording, None)
                self._sources[recording] = sources
            return self._sources[recording]

    def heard(self, recording: Recording) -> Heard:
        """Return what memory holds of the words said, from the sources in force."""
        with self._lock:
            if recording not in self._heard:
                names = {source.name for source in self.sources(recording).values()}
                captions = self.memory.captions(recording.id, level=SPEECH) if names else []
                self._heard[recording] = Heard(caption for caption in captions if caption.captioner in names)
            return self._heard[recording]

    def heard_more(self, recording: Recording) -> None:
        """Say that memory holds more of a recording's words now."""
        with self._lock:
            self._heard.pop(recording, None)

    def feeder(self, recording: Recording, sampling: Sampling) -> Feeder:
        with self._lock:
            key = (recording, sampling)
            if key not in self._feeders:
                self._feeders[key] = Feeder(recording, sampling, ahead=self.captions_at_once + 2)
            return self._feeders[key]

    def release(self) -> None:
        """Let other processes use the memory at once."""
        if "memory" in self.__dict__:
            self.memory.release()

    def close(self) -> None:
        """Stop the decoders and give up the memory."""
        with self._lock:
            for feeder in self._feeders.values():
                feeder.close()
            self._feeders.clear()
        if "memory" in self.__dict__:
            self.memory.close()


def _tell(text: str) -> None:
    print(text, file=sys.stderr)
