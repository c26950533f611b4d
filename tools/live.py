"""Live objects: the models, the memory and the slots that settings stand for, made once a process."""

from __future__ import annotations

import sys
import threading
import time
from dataclasses import dataclass, field
from functools import cached_property

from memory_store.embedders.base import Embedder
from memory_store.records import Recording
from memory_store.segments import Plan
from memory_store.store import Memory
from tools.captioners.base import Captioner
from tools.models import build_captioner, build_embedder, build_reasoner
from tools.reasoners.base import Reasoner
from tools.settings import Settings
from tools.video.clip import Sampling
from tools.video.feeder import Feeder

SUPERSTEP = 48
"""Captions sent at once: checkpoint writes share a pool of 64 workers with the tasks themselves."""


@dataclass
class Live:
    """What a run uses. One per settings and process; safe to share between threads and questions."""

    settings: Settings
    _feeders: dict[Recording, Feeder] = field(default_factory=dict)
    _lock: threading.RLock = field(default_factory=threading.RLock)
    _dispatched: dict[str, float] = field(default_factory=dict)

    @cached_property
    def embedder(self) -> Embedder:
        return build_embedder(self.settings)

    @cached_property
    def captioner(self) -> Captioner:
        return build_captioner(self.settings)

    @cached_property
    def reasoner(self) -> Reasoner:
        return build_reasoner(self.settings, self.embedder)

    @cached_property
    def memory(self) -> Memory:
        return Memory(self.settings.store_path, self.embedder, on_wait=lambda text: print(text, file=sys.stderr))

    @cached_property
    def captions_at_once(self) -> int:
        remote = self.captioner.takes_instructions
        return self.settings.captions_at_once or (8 if remote else 2)

    @cached_property
    def slots(self) -> threading.Semaphore:
        """The one limit on captions made at once; taken before frames are held."""
        return threading.Semaphore(self.captions_at_once)

    def plan(self, recording: str) -> Plan:
        """Return the segments of a recording under the settings' scopes."""
        known = self.memory.recording(recording)
        return Plan(known, self.settings.override(known.scopes))

    def sampling(self, recording: Recording, depth: int) -> Sampling:
        """Return how a segment at `depth` is turned into frames."""
        scopes = self.settings.override(recording.scopes)
        return Sampling(scopes.fps[depth], self.settings.pixels(depth), self.captioner.multiple)

    def feeder(self, recording: str) -> Feeder:
        """Return the one decoder of a recording's coarse sweep (another one when its files have changed)."""
        known = self.memory.recording(recording)
        with self._lock:
            if known not in self._feeders:
                self._feeders[known] = Feeder(known, self.sampling(known, 0), ahead=self.captions_at_once + 2)
            return self._feeders[known]

    def swept(self, recording: str) -> bool:
        """Tell whether a sweep has decoded the recording to its stated end."""
        feeder = self._feeders.get(self.memory.recording(recording))
        return bool(feeder and feeder.swept) or bool(self.memory.notes(recording).get("swept"))

    def models(self) -> dict[str, str]:
        return {"captioner": self.captioner.name, "reasoner": self.reasoner.name, "embedder": self.embedder.name}

    def dispatch(self, question: str) -> None:
        """Note when calls were sent out, so that the step that joins them can count the time."""
        self._dispatched[question] = time.monotonic()

    def joined(self, question: str) -> float:
        """Return the seconds since the last `dispatch` of this question in this process, once."""
        began = self._dispatched.pop(question, None)
        return time.monotonic() - began if began is not None else 0.0

    def close(self) -> None:
        """Stop the decoders and give up the memory's lock."""
        with self._lock:
            for feeder in self._feeders.values():
                feeder.close()
            self._feeders.clear()
        if "memory" in self.__dict__:
            self.memory.close()


_made: dict[str, Live] = {}
_making = threading.Lock()


def live_for(settings: Settings | None) -> Live:
    """Return the live objects for these settings (those in force when None)."""
    settings = settings or Settings.load()
    key = settings.model_dump_json()
    with _making:
        if key not in _made:
            _made[key] = Live(settings)
        return _made[key]


def close_all() -> None:
    """Close everything this process has open: decoders, the store and its lock."""
    with _making:
        for live in _made.values():
            live.close()
        _made.clear()
