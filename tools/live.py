"""Live objects: the models, the memory and the slots that settings stand for, made once a process."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any

from memory_store.embedders.base import Embedder
from memory_store.records import SPEECH, Recording, Segment
from memory_store.segments import Plan
from memory_store.store import Memory
from tools.captioners import text_on_screen
from tools.captioners.base import Captioner, looks_of
from tools.flight import Flight
from tools.focus import same_focus
from tools.models import build_captioner, build_embedder, build_encoder, build_reasoner
from tools.reasoners.base import Reasoner
from tools.reasoners.embedded.meaning import Meaning
from tools.senses.encoders.base import Encoder
from tools.settings import Settings
from tools.speech.base import Source
from tools.speech.choice import build_recogniser, source_of
from tools.speech.heard import Heard
from tools.speech.recogniser import Recogniser
from tools.video.clip import Sampling
from tools.video.feeder import Feeder

SUPERSTEP = 48
"""Captions sent at once: checkpoint writes share a pool of 64 workers with the tasks themselves."""

QUESTIONS_AT_ONCE = 8
"""Calls of the reasoner under way at once: chapters are read side by side."""

_PARTS = frozenset(
    f"{role}{suffix}"
    for role in ("captioner", "reasoner", "embedder", "visual_index")
    for suffix in ("", "_url", "_key_env")
) | {
    *("captioner_mmproj", "captioner_input", "captioner_detail", "jpeg_quality", "device", "caption_tokens"),
    *("phraser", "reply_tokens", "speech", "language", "temperature", "timeout", "requests_per_minute"),
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

    def __init__(self, settings: Settings, read_only: bool = False) -> None:
        """With `read_only` the memory is only read, beside whoever writes to it."""
        self._settings = settings
        self._read_only = read_only
        self._lock = threading.RLock()
        self._feeders: dict[tuple[Recording, Sampling], Feeder] = {}
        self._sources: dict[Recording, dict[str, Source]] = {}
        self._heard: dict[Recording, Heard] = {}
        self.flight = Flight()
        self.dispatched: dict[str, float] = {}
        """When the calls of a question were sent out, by `time.monotonic()`."""

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
    def slots(self) -> threading.Semaphore:
        return threading.Semaphore(self.captions_at_once)

    @_once
    def encoder(self) -> Encoder | None:
        return build_encoder(self._settings)

    @_once
    def meaning(self) -> Meaning:
        return Meaning(self.embedder)

    @_once
    def questions(self) -> threading.Semaphore:
        return threading.Semaphore(QUESTIONS_AT_ONCE)

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


class Live:
    """What a run uses: its settings, and the parts they stand for."""

    def __init__(self, settings: Settings, parts: Parts) -> None:
        self.settings = settings
        self._parts = parts

    @property
    def embedder(self) -> Embedder:
        return self._parts.embedder

    @property
    def captioner(self) -> Captioner:
        return self._parts.captioner

    @property
    def reasoner(self) -> Reasoner:
        return self._parts.reasoner

    @property
    def memory(self) -> Memory:
        return self._parts.memory

    @property
    def captions_at_once(self) -> int:
        return self._parts.captions_at_once

    @property
    def slots(self) -> threading.Semaphore:
        """The one limit on captions made at once; taken before frames are held."""
        return self._parts.slots

    @property
    def questions(self) -> threading.Semaphore:
        """The one limit on calls of the reasoner at once."""
        return self._parts.questions

    def plan(self, recording: str) -> Plan:
        """Return the segments of a recording under the settings' scopes."""
        return self.plan_of(self.memory.recording(recording))

    def plan_of(self, recording: Recording) -> Plan:
        """Return the segments of a recording that memory need not know."""
        return Plan(recording, self.settings.override(recording.scopes))

    def sampling(self, recording: Recording, depth: int) -> Sampling:
        """Return how a segment at `depth` is turned into frames."""
        scopes = self.settings.override(recording.scopes)
        looks, fps = looks_of(self.captioner), scopes.fps[depth]
        pixels = self.settings.pixels(depth) or looks.pixels[depth]
        scan = max(looks.scan[depth], fps) if looks.scan[depth] else 0.0
        return Sampling(fps, pixels, self.captioner.multiple, scan)

    def feeder(self, recording: str) -> Feeder:
        """Return the one decoder of a recording's coarse sweep (another one when its files have changed)."""
        known = self.memory.recording(recording)
        return self._parts.feeder(known, self.sampling(known, 0))

    def swept(self, recording: str) -> bool:
        """Tell whether a sweep has decoded the recording to its stated end."""
        return self.feeder(recording).swept or bool(self.memory.notes(recording).get("swept"))

    def sources(self, recording: Recording, fresh: bool = False) -> dict[str, Source]:
        """Return where the words of each part come from, by the part's id; parts without words are left out."""
        return self._parts.sources(recording, fresh)

    def heard(self, recording: Recording) -> Heard:
        """Return what memory holds of the words said in a recording."""
        return self._parts.heard(recording)

    def heard_more(self, recording: Recording) -> None:
        """Say that memory holds more of a recording's words now."""
        self._parts.heard_more(recording)

    def words(self, recording: Recording, segment: Segment) -> str:
        """Return the words said in a segment as a captioner is told them; none for one that takes no telling."""
        taken = self.captioner.takes_instructions
        return self.heard(recording).words(segment.start, segment.end) if taken else ""

    def cannot_perceive(self, recordings: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
        """Return what neither the captioner sees of these recordings (by `id`) nor anyone hears, in plain words."""
        heard = any(self.heard(self.memory.recording(ref["id"])).captions for ref in recordings)
        return tuple(item for item in self.captioner.blind_to if not (heard and item == "voices"))

    def models(self, recordings: Iterable[Mapping[str, Any]]) -> dict[str, str]:
        """Return the names of the models in force; of the words' sources too, where there are any."""
        found = (self.sources(self.memory.recording(ref["id"])).values() for ref in recordings)
        speech = dict.fromkeys(source.name for sources in found for source in sources)
        named = {"captioner": self.captioner.name, "reasoner": self.reasoner.name, "embedder": self.embedder.name}
        return named | ({"speech": ", ".join(speech)} if speech else {})

    def same_focus(self, new: str, old: str) -> bool:
        """Tell whether a wish to see something is an old one in other words."""
        return same_focus(new, old, self._parts.meaning)

    @property
    def encoder(self) -> Encoder | None:
        """What indexes pictures, or None."""
        return self._parts.encoder

    @property
    def sweeps_text(self) -> bool:
        """Whether text on screen is read beside the coarse captions: not where the captioner reads it itself."""
        if getattr(self.captioner, "reads_text", False) or self.settings.text_sweep == "off":
            return False
        return self.settings.text_sweep == "on" or text_on_screen.available()

    @property
    def flight(self) -> Flight:
        """Which captions are being made right now."""
        return self._parts.flight

    def dispatch(self, question: str) -> None:
        """Note when calls were sent out, so that the step that joins them can count the time."""
        self._parts.dispatched[question] = time.monotonic()

    def joined(self, question: str) -> float:
        """Return the seconds since the last `dispatch` of this question in this process, once."""
        began = self._parts.dispatched.pop(question, None)
        return time.monotonic() - began if began is not None else 0.0


def _tell(text: str) -> None:
    print(text, file=sys.stderr)


_made: dict[str, Parts] = {}
_making = threading.Lock()


def live_for(settings: Settings | None) -> Live:
    """Return the live objects for these settings (those in force when None)."""
    settings = settings or Settings.load()
    key = settings.model_dump_json(include=set(_PARTS))
    with _making:
        parts = _made.setdefault(key, Parts(settings))
    return Live(settings, parts)


def peek(settings: Settings) -> Live:
    """Return live objects that write nothing to memory and take no lock on it."""
    return Live(settings, Parts(settings, read_only=True))


def release_all() -> None:
    """Give up every lock this process holds on a store, without disturbing what still runs."""
    with _making:
        for parts in _made.values():
            parts.release()


def close_all() -> None:
    """Close everything this process has open: decoders, stores and their locks."""
    with _making:
        for parts in _made.values():
            parts.close()
        _made.clear()
