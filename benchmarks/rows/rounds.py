"""Row 6: a question that nothing satisfies, five rounds with slow models, beside the same calls one after the other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

from benchmarks.footage import SIZES, footage
from benchmarks.rivals import serial_calls
from benchmarks.scripted import Asking, Deciding, Describing, scripted
from benchmarks.table import Result, ratios
from tools.video.sources import find_parts

SECONDS = 600.0
AT_ONCE = 11
"""Captions at once: as many as one look makes at most, with the published scopes."""
_TARGETS = {0.2: 0.55, 1.0: 0.42}
"""By the seconds a model call takes."""
_TIMES = {0.2: 3, 1.0: 1}


def measure(folder: Path) -> Iterable[Result]:
    """Yield the ratio for quick and for slow models."""
    path = footage(folder / "v.mp4", SECONDS, SIZES["360p"])
    with Rounds.opened(folder / "home", path) as rounds:
        for seconds, target in _TARGETS.items():
            rounds.take(seconds)
            ratio, ours, serial = ratios(rounds.ours, rounds.serial, _TIMES[seconds])
            note = f"{ours:.1f} s against {serial:.1f} s; {rounds.reasoning} + {rounds.captions} calls each"
            yield Result(6, f"five rounds, {seconds:g} s a call / serial calls", ratio, f"<= {target}", note=note)


class Rounds:
    """A video in memory, and questions about it asked both ways, each in other words."""

    def __init__(self, asking: Asking, video: str, captioner: Describing, reasoner: Deciding) -> None:
        self._asking, self._video, self._captioner, self._reasoner = asking, video, captioner, reasoner
        self._recording = asking.live.memory.register(*find_parts(video), asking.live.settings.scopes)
        self._numbers = count()
        self._question = ""
        self.captions = self.reasoning = 0
        """Calls of the question asked last."""

    @classmethod
    @contextmanager
    def opened(cls, home: Path, video: str, **given: Any) -> Iterator[Rounds]:
        """Make the coarse memory of `video` under the published scopes, in no time of the models."""
        captioner, reasoner = Describing(), Deciding()
        ways = {"preset": "published", "captions_at_once": AT_ONCE, "reader": "auto", **given}
        with scripted(home, captioner, reasoner, **ways) as asking:
            asking.ingest(video)
            yield cls(asking, video, captioner, reasoner)

    def take(self, seconds: float) -> None:
        """Have each call of a model take so long from now on."""
        self._captioner.seconds = self._reasoner.seconds = seconds

    def ours(self) -> None:
        """Ask a new question of the graph."""
        self._question = f"What is on picture {next(self._numbers)}?"
        self._counted(partial(self._asking.ask, self._video, self._question))

    def serial(self) -> None:
        """Make the calls of the question asked last one after the other."""
        plan = self._asking.live.plan_of(self._recording)
        periods = [found for address in self._asking.looked(self._question) if (found := plan.find(address))]
        self._counted(partial(serial_calls.ask, self._asking.live, self._recording, periods, self._question))

    def _counted(self, asked: partial[Any]) -> None:
        self._captioner.described.clear()
        self._reasoner.asked.clear()
        asked()
        self.captions, self.reasoning = len(self._captioner.described), len(self._reasoner.asked)
