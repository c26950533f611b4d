"""The feeder under load: order, bounds, errors, idling. Every picture says which segment it belongs to."""

from __future__ import annotations

import os
import random
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from memory_store.records import Recording, Scopes, Segment
from memory_store.segments import Plan
from tests.media import make_video, read_time
from tools.video import feeder as module
from tools.video.clip import Clip, Sampling
from tools.video.errors import VideoError
from tools.video.feeder import Feeder
from tools.video.sources import find_parts
from tools.video.sweep import Sweep

SEGMENTS = 48
SAMPLING = Sampling(fps=1, max_pixels=80 * 60)
SCOPES = Scopes((2, 1, 1), (1, 1, 1))
PATIENCE = 30
"""Seconds after which a test counts as hung."""


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("feeder")
    return make_video(folder / "v.mp4", seconds=2 * SEGMENTS, fps=4, size=(160, 120), gop=20)


@pytest.fixture
def recording(path: str) -> Recording:
    return Recording("r", "v.mp4", find_parts(path)[1], SCOPES)


class Gauge:
    """Counts the clips alive and the sweeps and windows that made them."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.alive = self.most = self.made = self.windows = 0

    def born(self, clip: Clip) -> None:
        with self.lock:
            self.alive += 1
            self.made += 1
            self.most = max(self.most, self.alive)
        weakref.finalize(clip, self.died)

    def died(self) -> None:
        with self.lock:
            self.alive -= 1


@pytest.fixture
def gauge(monkeypatch: pytest.MonkeyPatch) -> Gauge:
    gauge = Gauge()

    class Tracked(Clip):
        def __init__(self, *fields: Any) -> None:
            super().__init__(*fields)
            gauge.born(self)

    window = Feeder._window

    def counted(self: Feeder, segment: Segment) -> Clip:
        gauge.windows += 1
        return window(self, segment)

    monkeypatch.setattr(module, "Clip", Tracked)
    monkeypatch.setattr(Feeder, "_window", counted)
    return gauge


@pytest.fixture
def feeders() -> Iterator[Callable[..., Feeder]]:
    made: list[Feeder] = []

    def make(recording: Recording, ahead: int = 4) -> Feeder:
        made.append(Feeder(recording, SAMPLING, ahead))
        return made[-1]

    yield make
    for feeder in made:
        feeder.close()


def coarse(recording: Recording) -> list[Segment]:
    return Plan(recording, SCOPES).coarse()


def check(segment: Segment, clip: Clip) -> None:
    """The clip holds the segment's own pictures at its own instants."""
    assert clip.segment == segment
    assert [frame.time for frame in clip.frames] == pytest.approx([segment.start, segment.start + 1])
    assert [read_time(frame.image) for frame in clip.frames] == pytest.approx([segment.start, segment.start + 1])


class Tasks:
    """Caption tasks as the graph runs them: `workers` threads, `at_once` slots, a model that takes a while."""

    def __init__(self, feeder: Feeder, workers: int, at_once: int, model: float = 0.002) -> None:
        self.feeder, self.workers, self.model = feeder, workers, model
        self.at_once = at_once
        self.slots = threading.Semaphore(at_once)
        self.lock = threading.Lock()
        self.holding = self.most_holding = 0

    def run(self, segments: list[Segment]) -> list[Exception | None]:
        """Run a task a segment in this order; fail the test if it hangs. Returns their errors."""
        pool = ThreadPoolExecutor(self.workers)
        futures = [pool.submit(self.one, segment) for segment in segments]
        deadline = time.monotonic() + PATIENCE
        errors: list[Any] = [future.exception(max(0, deadline - time.monotonic())) for future in futures]
        pool.shutdown()
        assert self.slots._value == self.at_once, "a slot was lost"
        return errors

    def one(self, segment: Segment) -> None:
        with self.feeder.take(segment, self.slots) as clip:
            with self.lock:
                self.holding += 1
                self.most_holding = max(self.most_holding, self.holding)
            time.sleep(self.model)
            check(segment, clip)
            with self.lock:
                self.holding -= 1
        del clip


def test_tasks_in_order_are_fed_by_one_sweep(recording: Recording, gauge: Gauge, feeders: Any) -> None:
    feeder, segments = feeders(recording), coarse(recording)
    tasks = Tasks(feeder, workers=6, at_once=2)
    assert not feeder.swept
    feeder.plan(segments)
    assert tasks.run(segments) == [None] * SEGMENTS
    assert gauge.windows == 0
    assert gauge.made == SEGMENTS
    assert gauge.most <= 4 + 2
    assert tasks.most_holding == 2
    assert feeder.swept


@pytest.mark.parametrize("workers", [6, SEGMENTS])
@pytest.mark.parametrize("seed", range(3))
def test_no_order_of_tasks_deadlocks_or_overflows(
    recording: Recording, gauge: Gauge, feeders: Any, workers: int, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "GRACE", 0.02 if workers < SEGMENTS else PATIENCE)
    feeder, segments = feeders(recording), coarse(recording)
    feeder.plan(segments)
    order = segments[::-1] if seed == 0 else random.Random(seed).sample(segments, SEGMENTS)
    tasks = Tasks(feeder, workers, at_once=2)
    assert tasks.run(order) == [None] * SEGMENTS
    assert gauge.most <= 4 + 2
    assert tasks.most_holding <= 2
    if workers == SEGMENTS:
        # All ask, so that every clip of the sweep finds its task.
        assert gauge.windows == 0


def test_a_slot_is_never_held_by_a_task_that_waits_for_its_clip(
    recording: Recording, feeders: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate, frames = threading.Event(), Sweep.frames
    monkeypatch.setattr(Sweep, "frames", lambda self, segment: gate.wait(PATIENCE) and frames(self, segment))
    feeder, segments = feeders(recording), coarse(recording)
    feeder.plan(segments)
    tasks = Tasks(feeder, workers=8, at_once=2)
    threads = [threading.Thread(target=tasks.one, args=(segment,)) for segment in segments[:8]]
    for thread in threads:
        thread.start()
    time.sleep(0.1)
    assert tasks.slots._value == 2
    gate.set()
    for thread in threads:
        thread.join(PATIENCE)
    assert not any(thread.is_alive() for thread in threads)


def test_clips_wait_while_others_hold_the_slots(recording: Recording, gauge: Gauge, feeders: Any) -> None:
    feeder, segments, slots = feeders(recording), coarse(recording), threading.Semaphore(0)
    feeder.plan(segments)
    taken: list[Segment] = []

    def task(segment: Segment) -> None:
        with feeder.take(segment, slots):
            taken.append(segment)

    threads = [threading.Thread(target=task, args=(segment,), daemon=True) for segment in segments]
    for thread in threads:
        thread.start()
    time.sleep(0.5)
    assert gauge.most == 4 and taken == []
    for _ in segments:
        slots.release()
    for thread in threads:
        thread.join(PATIENCE)
    assert sorted(s.start for s in taken) == [s.start for s in segments]
    assert gauge.windows == 0


def test_a_resume_asks_for_some_only(recording: Recording, gauge: Gauge, feeders: Any) -> None:
    """Everything is planned, a few are wanted: what nobody asks for neither blocks nor is decoded in turn."""
    feeder, segments = feeders(recording), coarse(recording)
    feeder.plan(segments)
    wanted = segments[5::10]
    assert Tasks(feeder, workers=6, at_once=2).run(wanted) == [None] * len(wanted)
    assert gauge.made < SEGMENTS / 2 + len(wanted)
    assert gauge.most <= 4 + 2


def test_what_was_not_planned_or_has_passed_is_read_on_its_own(
    recording: Recording, gauge: Gauge, feeders: Any
) -> None:
    feeder, segments = feeders(recording), coarse(recording)
    tasks = Tasks(feeder, workers=1, at_once=1)
    assert tasks.run(segments[3:5]) == [None, None]
    assert gauge.windows == 2
    feeder.plan(segments[10:20])
    assert tasks.run(segments[10:15]) == [None] * 5
    feeder.plan(segments[:20])  # the sweep has passed the first ten
    assert tasks.run([*segments[15:20], *segments[:10]]) == [None] * 15
    assert gauge.windows == 2 + 10
    assert tasks.run(segments[10:11]) == [None]  # a second question takes the same segment again
    assert gauge.windows == 2 + 10 + 1


def test_planning_again_extends_the_sweep(recording: Recording, gauge: Gauge, feeders: Any) -> None:
    feeder, segments = feeders(recording), coarse(recording)
    tasks = Tasks(feeder, workers=6, at_once=2)
    for low in range(0, SEGMENTS, 12):
        feeder.plan(segments[low:])
        assert tasks.run(segments[low : low + 12]) == [None] * 12
    assert gauge.windows == 0
    assert gauge.made == SEGMENTS


def test_several_parts_make_one_sweep(tmp_path: Path, gauge: Gauge, feeders: Any) -> None:
    for index, seconds in enumerate((3, 2.5, 0.25, 4.5)):
        make_video(tmp_path / f"{index}.mp4", seconds=seconds, fps=4, size=(160, 120))
    recording = Recording("r", "r", find_parts(str(tmp_path))[1], SCOPES)
    feeder, segments = feeders(recording), coarse(recording)
    feeder.plan(segments)
    slots, times, drawn = threading.Semaphore(1), [], []
    for segment in segments:
        with feeder.take(segment, slots) as clip:
            times += [frame.time for frame in clip.frames]
            drawn += [read_time(frame.image) for frame in clip.frames]
    assert times == pytest.approx([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10], abs=0.001)
    # No instant falls in the third part.
    assert drawn == [0, 1, 2, 0, 1, 2, 0.25, 1.25, 2.25, 3.25, 4.25]
    assert feeder.swept
    assert gauge.windows == 0


def test_a_file_shorter_than_it_states_gives_empty_clips_and_is_not_swept(tmp_path: Path, feeders: Any) -> None:
    whole = Path(make_video(tmp_path / "v.mkv", seconds=20, fps=4, size=(160, 120), audio=True)).read_bytes()
    (tmp_path / "torn.mkv").write_bytes(whole[: len(whole) // 2])
    recording = Recording("r", "r", find_parts(str(tmp_path / "torn.mkv"))[1], SCOPES)
    assert recording.duration == pytest.approx(20, abs=0.01)
    feeder, segments, slots = feeders(recording), coarse(recording), threading.Semaphore(1)
    feeder.plan(segments)
    counts = []
    for segment in segments:
        with feeder.take(segment, slots) as clip:
            counts.append(len(clip.frames))
    assert counts[0] == 2 and counts[-1] == 0
    assert counts == sorted(counts, reverse=True)
    assert not feeder.swept
    with feeder.take(segments[-1], slots) as clip:  # in a window of its own
        assert clip.frames == ()


def test_a_failing_decoder_reaches_the_tasks_and_only_them(
    recording: Recording, feeders: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    frames = Sweep.frames

    def failing(self: Sweep, segment: Segment) -> Any:
        if segment.id in ("c3", "c7"):
            raise MemoryError(f"no room for {segment.id}")
        return frames(self, segment)

    monkeypatch.setattr(Sweep, "frames", failing)
    feeder, segments = feeders(recording), coarse(recording)
    feeder.plan(segments)
    tasks = Tasks(feeder, workers=6, at_once=2)
    errors = tasks.run(segments)
    assert {index for index, error in enumerate(errors) if error} == {3, 7}
    assert isinstance(errors[3], VideoError) and "no room for c3" in str(errors[3])
    assert tasks.run([segments[3]]) == [None]


def test_a_file_that_vanishes_is_an_error_not_a_hang(tmp_path: Path, feeders: Any) -> None:
    path = make_video(tmp_path / "v.mp4", seconds=8, fps=4, size=(160, 120))
    recording = Recording("r", "r", find_parts(path)[1], SCOPES)
    os.unlink(path)
    feeder, segments = feeders(recording), coarse(recording)
    feeder.plan(segments)
    errors = Tasks(feeder, workers=6, at_once=2).run(segments)
    assert all(isinstance(error, VideoError) and "no such file" in str(error) for error in errors)


def test_a_failing_model_gives_its_slot_back(recording: Recording, gauge: Gauge, feeders: Any) -> None:
    feeder, segments, slots = feeders(recording), coarse(recording), threading.Semaphore(1)
    feeder.plan(segments)
    for segment in segments[:5]:
        with pytest.raises(RuntimeError), feeder.take(segment, slots):
            raise RuntimeError("the model is gone")
    assert slots._value == 1


def test_closing_ends_every_wait(recording: Recording, feeders: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    began = threading.Event()
    frames = Sweep.frames

    def slow(self: Sweep, segment: Segment) -> Any:
        began.set()
        time.sleep(0.1)
        return frames(self, segment)

    monkeypatch.setattr(Sweep, "frames", slow)
    feeder, segments = feeders(recording), coarse(recording)
    feeder.plan(segments)
    with ThreadPoolExecutor(8) as pool:
        tasks = Tasks(feeder, workers=8, at_once=2)
        futures = [pool.submit(tasks.one, segment) for segment in segments[40:]]
        assert began.wait(PATIENCE)
        feeder.close()
        assert all(isinstance(future.exception(PATIENCE), VideoError) for future in futures)
    with pytest.raises(VideoError, match="stopped"), feeder.take(segments[0], tasks.slots):
        pass
    assert not decoders()


def decoders() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name.startswith("feeder")]


def opened(path: str) -> int:
    links = Path("/proc/self/fd")
    if not links.is_dir():
        pytest.skip("the platform does not tell which files are open")
    return sum(link.exists() and os.path.realpath(link) == os.path.realpath(path) for link in links.iterdir())


def wait_until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.01)


def test_an_idle_feeder_lets_go_and_comes_back(
    path: str, recording: Recording, gauge: Gauge, feeders: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "IDLE", 0.1)
    monkeypatch.setattr(module, "ABANDONED", 0.4)
    feeder, segments = feeders(recording), coarse(recording)
    tasks = Tasks(feeder, workers=2, at_once=1)
    feeder.plan(segments[:5])
    assert tasks.run(segments[:5]) == [None] * 5
    wait_until(lambda: not decoders() and opened(path) == 0)
    feeder.plan(segments[5:])
    wait_until(lambda: gauge.alive == 4)  # nobody comes for these
    wait_until(lambda: not decoders() and opened(path) == 0 and gauge.alive == 0)
    assert tasks.run(segments[5:]) == [None] * (SEGMENTS - 5)
    assert gauge.windows == 0
    assert feeder.swept


def test_two_questions_share_a_feeder(recording: Recording, gauge: Gauge, feeders: Any) -> None:
    feeder, segments = feeders(recording), coarse(recording)
    feeder.plan(segments)
    tasks = Tasks(feeder, workers=12, at_once=2)
    both = [segment for segment in segments for _ in range(2)]
    assert tasks.run(both) == [None] * len(both)
    assert gauge.most <= 4 + 2
