"""Live objects: what a run uses, its settings and the parts they stand for."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from memory_store.embedders.base import Embedder
from memory_store.records import Recording, Segment
from memory_store.segments import Plan
from memory_store.store import Memory
from tools.captioners import text_on_screen
from tools.captioners.base import Captioner, looks_of
from tools.clients import check_settings
from tools.errors import BadInput
from tools.flight import Flight
from tools.focus import same_focus
from tools.parts import SETTINGS_OF_PARTS, Parts
from tools.reasoners.base import Reasoner
from tools.senses.encoders.base import Encoder
from tools.settings import Settings
from tools.speech.base import Source
from tools.speech.heard import Heard
from tools.video.clip import Sampling
from tools.video.feeder import Feeder

SUPERSTEP = 48
"""Captions sent at once: checkpoint writes share a pool of 64 workers with the tasks themselves."""


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
        keys = self.settings.key_frames and depth == 0
        scan = max(looks.scan[depth], fps) if looks.scan[depth] and self.settings.glances and not keys else 0.0
        return Sampling(fps, pixels, self.captioner.multiple, scan, keys)

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
        return same_focus(new, old)

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


_made: dict[str, Parts] = {}
_making = threading.Lock()


def live_for(settings: Settings | None) -> Live:
    """Return the live objects for these settings (those in force when None). Raises `BadInput`."""
    if settings is not None and not isinstance(settings, Settings):
        raise BadInput(f"the context is a dict of settings, or Settings, not {type(settings).__name__}")
    settings = settings or Settings.load()
    check_settings(settings)
    with _making:
        parts = _made.setdefault(_key(settings), Parts(settings))
    return Live(settings, parts)


def _key(settings: Settings) -> str:
    return settings.model_dump_json(include=set(SETTINGS_OF_PARTS))


@contextmanager
def standing_in(settings: Settings, *, captioner: Captioner, reasoner: Reasoner, memory: Memory) -> Iterator[Live]:
    """Have these do the work of those that `settings` name: for simulations, whose models are scripted.

    It holds for all settings of the same parts, which are not in use yet; what they have open is closed at the end.
    Raises `ValueError` where they are in use.
    """
    key = _key(settings)
    with _making:
        if key in _made:
            raise ValueError("these settings have their parts already")
        parts = _made[key] = Parts(settings, captioner=captioner, reasoner=reasoner, memory=memory)
    try:
        yield Live(settings, parts)
    finally:
        with _making:
            _made.pop(key, None)
            parts.close()


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


@contextmanager
def closing() -> Iterator[None]:
    """Close everything this process has open at the end."""
    try:
        yield
    finally:
        close_all()
