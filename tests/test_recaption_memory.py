"""A second look holds no more frames than are looked at: the decoding waits for the captions."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from memory_store.records import Part, Recording, Segment
from memory_store.segments import Plan, scopes_for
from tools import recaption
from tools.captioners.base import Looks
from tools.captioners.observations import Observations
from tools.live import Live
from tools.looking import Wanted, closer, coarse
from tools.settings import Settings
from tools.usage import Usage
from tools.video.clip import Frame, Sampling
from tools.video.errors import VideoError

RECORDING = Recording("r", "talk", (Part("p", "talk.mp4", 0.0, 300.0, 1920, 1080),), scopes_for(300.0))


class _Parts:
    """What `Live` asks of its parts here."""

    def __init__(self, captioner: Any) -> None:
        self.captioner = captioner
        self.captions_at_once, self.slots = 2, threading.Semaphore(2)
        self.memory = SimpleNamespace(recording=lambda id: RECORDING)

    def heard(self, recording: Recording) -> Any:
        return SimpleNamespace(words=lambda start, end: "")


def live_with(captioner: Any, **given: Any) -> Live:
    return Live(Settings(**given), _Parts(captioner))  # type: ignore[arg-type]


def look(monkeypatch: pytest.MonkeyPatch, fails_after: int | None = None) -> tuple[list[str], list[Any], int]:
    """Look at a segment of 30 s; return what was made, the gaps, and the most clips alive at once."""
    live = live_with(Observations())
    target = Plan(RECORDING, RECORDING.scopes).coarse()[0]
    wanted = closer(live, RECORDING, target, "")
    lock, alive, most = threading.Lock(), [0], [0]

    def watch(recording: Recording, stretches: list[Any]) -> Iterator[tuple[int, tuple[Frame, ...]]]:
        for index in range(len(stretches)):
            if index == fails_after:
                raise VideoError("damaged")
            with lock:
                alive[0] += 1
                most[0] = max(most[0], alive[0])
            yield index, (Frame(float(index), np.zeros((2, 2, 3), np.uint8)),)

    def describe(live: Live, item: Wanted, frames: Any, question: str) -> tuple[Any, Usage]:
        time.sleep(0.01)
        with lock:
            alive[0] -= 1
        return SimpleNamespace(id=f"{item.segment.id} {item.level}", segment=item.segment.id, level=item.level), Usage()

    monkeypatch.setattr(recaption, "watch", watch)
    monkeypatch.setattr(recaption, "describe", describe)
    runtime = SimpleNamespace(stream_writer=lambda event: None)
    done = recaption.Done()
    recaption._look(live, RECORDING, target, wanted, "what?", runtime, done)  # type: ignore[arg-type]
    return list(done.by_wish.values()), done.gaps, most[0]


def test_the_decoding_waits_for_the_captions(monkeypatch: pytest.MonkeyPatch) -> None:
    made, gaps, most = look(monkeypatch)
    assert len(made) == 7 and not gaps
    assert most <= 2 + 2, "two captioned, one waiting, one decoded"


def test_what_was_read_before_the_damage_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    made, gaps, _ = look(monkeypatch, fails_after=3)
    assert len(made) == 3 and gaps == [("c0", "damaged")]


def test_each_level_looks_closer_and_other_captioners_keep_the_papers_sizes() -> None:
    segment = Segment("r", "c0", 0, 30)
    own = live_with(Observations())
    whole, part = closer(own, RECORDING, segment, "")[:2]
    first = coarse(own, RECORDING, segment)
    assert first.sampling.max_pixels < whole.sampling.max_pixels == part.sampling.max_pixels
    assert first.sampling.fps == whole.sampling.fps < part.sampling.fps and first.sampling.scan < part.sampling.scan
    deepest = closer(own, RECORDING, Segment("r", "c0.f0", 0, 5), "")[1]
    assert deepest.sampling.max_pixels == 3840 * 2160

    class Model(SimpleNamespace):
        name, takes_instructions, multiple = "model", True, 28

    other = live_with(Model())
    assert coarse(other, RECORDING, segment).sampling == Sampling(1, 128 * 28 * 28, 28)
    assert {item.sampling for item in closer(other, RECORDING, segment, "")} == {
        Sampling(1, 512 * 28 * 28, 28),
        Sampling(2, 512 * 28 * 28, 28),
    }
    assert Looks().scan == (0, 0, 0)


def test_a_set_size_holds_for_every_captioner_and_the_way_of_choosing_is_part_of_the_id() -> None:
    segment = Segment("r", "c0", 0, 30)
    assert coarse(live_with(Observations(), coarse_pixels=5000), RECORDING, segment).sampling.max_pixels == 5000
    wanted = coarse(live_with(Observations()), RECORDING, segment)
    exact = Wanted(RECORDING, segment, "coarse", Sampling(1, 128 * 28 * 28))
    assert wanted.sampling.fps == exact.sampling.fps and wanted.sampling.max_pixels == exact.sampling.max_pixels
    assert wanted.id("observations-2") != exact.id("observations-2")


@pytest.mark.parametrize("seconds", [60.0, 300.0, 900.0, 3000.0, 5000.0, 10_000.0, 50_000.0])
def test_no_look_wants_the_same_caption_twice(seconds: float) -> None:
    """In a short video a fine segment may be its own only part."""
    part = Part("p", "talk.mp4", 0.0, seconds, 1920, 1080)
    recording = Recording("r", "talk", (part,), scopes_for(seconds))
    plan = Plan(recording, recording.scopes)
    live = live_with(Observations())
    first = plan.coarse()[0]
    for segment in (first, plan.parts(first)[-1], plan.parts(plan.parts(first)[-1])[-1]):
        ids = [item.id("observations-2") for item in closer(live, recording, segment, "")]
        assert len(ids) == len(set(ids))
