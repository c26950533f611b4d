"""Reading less than everything: key frames alone, pictures no instant needs, and clips that are too large to wait."""

from __future__ import annotations

import random
import threading
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from memory_store.records import Part, Recording, Scopes, Segment
from memory_store.segments import Plan
from tests.media import draw_time, make_video, read_time
from tools.captioners.observations import Observations
from tools.live import Live
from tools.looking import Wanted, closer, coarse
from tools.settings import Settings
from tools.video import feeder as feeding
from tools.video import pyav_reader
from tools.video.clip import Sampling
from tools.video.feeder import Feeder
from tools.video.pyav_reader import Pictures
from tools.video.sources import find_parts
from tools.video.sweep import Sweep

KEYS = Sampling(2, 160 * 120, keys=True)
EXACT = Sampling(2, 160 * 120)
SIZE = (160, 120)


def plan_of(*parts: Part, seconds: float = 6) -> Plan:
    scopes = Scopes((seconds, 2, 1), (2, 2, 2))
    return Plan(Recording("r", "r", parts, scopes), scopes)


def part_of(path: str) -> Part:
    return find_parts(path)[1][0]


def times(plan: Plan, sampling: Sampling) -> list[list[float]]:
    sweep = Sweep(plan.recording, sampling)
    found = [[round(frame.time, 3) for frame in sweep.frames(segment)] for segment in plan.coarse()]
    sweep.close()
    return found


@pytest.mark.parametrize(
    ("name", "shape"),
    [
        ("plain.mp4", {}),
        ("reordered.mp4", {"b_frames": 3}),
        ("late.mp4", {"start": 0.5, "b_frames": 2}),
        ("index.mkv", {"b_frames": 2}),
        ("stream.ts", {"start": 7.0, "b_frames": 2}),
        ("hevc.mp4", {"codec": "libx265", "b_frames": 2}),
        ("web.webm", {"codec": "libvpx-vp9"}),
    ],
)
def test_key_frames_are_told_with_their_true_times(tmp_path: Path, name: str, shape: dict[str, Any]) -> None:
    path = make_video(tmp_path / name, seconds=12, gop=15, size=SIZE, **shape)
    plan = plan_of(part_of(path), seconds=13)
    late = shape.get("start", 0.0) if not name.endswith(".ts") else 0.0
    sweep = Sweep(plan.recording, KEYS)
    frames = [frame for segment in plan.coarse() for frame in sweep.frames(segment)]
    assert all(read_time(frame.image) == pytest.approx(frame.time - late, abs=0.002) for frame in frames)
    expected = [round(late + 1.5 * index, 3) for index in range(8)]
    if name != "hevc.mp4":  # x265 may put a key frame anywhere up to the distance it is given
        assert [round(frame.time, 3) for frame in frames] == expected
    assert len(frames) >= 8 and not sweep.ended
    sweep.close()


def test_where_key_frames_have_no_times_of_their_own_all_pictures_are_read(tmp_path: Path) -> None:
    plan = plan_of(part_of(make_video(tmp_path / "old.avi", seconds=12, gop=15, size=SIZE, b_frames=2)))
    assert times(plan, KEYS) == times(plan, EXACT)


def test_no_more_key_frames_are_taken_than_the_rate_allows_and_none_from_before_the_segment(tmp_path: Path) -> None:
    plan = plan_of(part_of(make_video(tmp_path / "v.mp4", seconds=12, gop=2, size=SIZE)), seconds=5)
    found = times(plan, KEYS)
    assert [len(each) for each in found] == [10, 10, 4]
    for segment, each in zip(plan.coarse(), found, strict=True):
        assert each == sorted(set(each)) and segment.start <= each[0] and each[-1] < segment.end


def test_each_key_frame_belongs_to_the_segment_it_is_in_whatever_the_rate(tmp_path: Path) -> None:
    def groups(gop: int, seconds: float, fps: float) -> list[list[float]]:
        path = make_video(tmp_path / f"{gop}.mp4", seconds=20, gop=gop, size=SIZE)
        return times(plan_of(part_of(path), seconds=seconds), Sampling(fps, 160 * 120, keys=True))

    assert groups(15, 5, 2)[:2] == [[0, 1.5, 3, 4.5], [6, 7.5, 9]], "4.5 is not told once more"
    assert groups(7, 5, 2)[0] == [0, 0.7, 1.4, 2.1, 2.8, 3.5, 4.2, 4.9], "nor is what no instant meets left out"
    assert groups(40, 20, 0.25) == [[0, 4, 8, 12, 16]], "the last stays to the end"


def test_where_there_are_few_key_frames_times_are_exact(tmp_path: Path) -> None:
    """The first segment holds four groups, the others fewer than three, the last a part of one."""
    keyed = make_video(tmp_path / "a.mp4", seconds=6, gop=15, size=SIZE)
    sparse = make_video(tmp_path / "b.mp4", seconds=14, gop=40, size=SIZE)
    first, second = part_of(keyed), part_of(sparse)
    second = Part("b", second.path, first.duration, second.duration, second.width, second.height)
    plan = plan_of(first, second)
    by_keys, exact = times(plan, KEYS), times(plan, EXACT)
    assert by_keys[0] == [0, 1.5, 3, 4.5] and by_keys[1:] == exact[1:]
    sweep = Sweep(plan.recording, KEYS)
    assert sweep.frames(plan.coarse()[-1]) and not sweep.ended, "of the pictures between nothing is known"
    sweep.close()
    assert exact[1] == [6 + index / 2 for index in range(12)]


def test_a_window_shows_what_the_sweep_would_have_shown(tmp_path: Path) -> None:
    plan = plan_of(part_of(make_video(tmp_path / "v.mp4", seconds=20, gop=15, size=SIZE)))
    feeder, slots = Feeder(plan.recording, KEYS, ahead=3), threading.Semaphore(1)
    try:
        for segment, expected in zip(plan.coarse(), times(plan, KEYS), strict=True):
            with feeder.take(segment, slots) as clip:
                assert [round(frame.time, 3) for frame in clip.frames] == expected
        assert not feeder.swept
    finally:
        feeder.close()


def live_with(captioner: Any, **given: Any) -> Live:
    heard = SimpleNamespace(words=lambda start, end: "")
    parts = SimpleNamespace(captioner=captioner, heard=lambda recording: heard)
    return Live(Settings.load(**given), parts)  # type: ignore[arg-type]


def test_only_a_setting_brings_key_frames_and_only_the_coarse_look_takes_them() -> None:
    recording = Recording("r", "r", (Part("p", "v.mp4", 0.0, 600.0, 640, 360),), Scopes((60, 5, 1), (1, 2, 2)))
    segment = Segment("r", "c0", 0, 60)
    captioners = [Observations(), SimpleNamespace(name="m", takes_instructions=True, multiple=28)]
    for captioner in captioners:
        assert not coarse(live_with(captioner), recording, segment).sampling.keys
        live = live_with(captioner, key_frames=True)
        wanted = coarse(live, recording, segment)
        assert wanted.sampling.keys and not wanted.sampling.scan
        exact = Wanted(recording, segment, "coarse", Sampling(1, wanted.sampling.max_pixels, captioner.multiple))
        assert wanted.id("m") != exact.id("m")
        usual = closer(live_with(captioner), recording, segment, "look")
        closely = closer(live, recording, segment, "look")
        assert [item.sampling for item in closely] == [item.sampling for item in usual]


def test_pictures_no_instant_needs_are_not_decoded_and_all_others_stay_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    noise = np.random.default_rng(0).integers(0, 40, (8, *SIZE[::-1], 3), np.uint8)

    def draw(at: float) -> Any:
        return draw_time(at, SIZE) // 2 + noise[round(at * 10) % 8]

    reordered = {"bf": "5", "b-pyramid": "normal", "b-adapt": "0"}
    path = make_video(tmp_path / "v.mp4", seconds=40, gop=60, b_frames=5, draw=draw, size=SIZE, options=reordered)
    part, chance = part_of(path), random.Random(0)
    wanted = {fps: [index / fps for index in range(int(40 * fps))] for fps in (0.25, 0.7, 1, 3, 10)}
    wanted[0] = sorted(chance.uniform(0, 39.9) for _ in range(60))

    def read() -> tuple[dict[float, list[Any]], dict[float, int]]:
        shown, decoded = {}, {}
        for fps, instants in wanted.items():
            with Pictures(part, EXACT) as pictures:
                raw, count = pictures._raw, [0]

                def counting(raw: Any = raw, count: list[int] = count) -> Any:
                    for picture in raw():
                        count[0] += 1
                        yield picture

                monkeypatch.setattr(pictures, "_raw", counting)
                pictures._forget()
                shown[fps] = [pictures.at(time) for time in instants]
                assert not pictures.damaged
            decoded[fps] = count[0]
        return shown, decoded

    shown, decoded = read()
    monkeypatch.setattr(pyav_reader, "_SPARED", frozenset())
    everything, all_decoded = read()
    for fps, frames in everything.items():
        assert [frame.time for frame in shown[fps]] == [frame.time for frame in frames]
        assert all(np.array_equal(a.image, b.image) for a, b in zip(shown[fps], frames, strict=True))
    assert decoded[1] < 0.7 * all_decoded[1] and decoded[10] == all_decoded[10]


def test_few_large_clips_lie_ready_and_none_is_lost(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = plan_of(part_of(make_video(tmp_path / "v.mp4", seconds=40, size=SIZE)), seconds=2)
    monkeypatch.setattr(feeding, "MOST_AHEAD", 5 * 160 * 120 * 3)  # four pictures a clip: full with the second
    feeder, slots = Feeder(plan.recording, EXACT, ahead=10), threading.Semaphore(1)
    feeder.plan(plan.coarse())
    try:
        patience = time.monotonic() + 20
        with feeder._changed:
            while feeder._room() and time.monotonic() < patience:
                feeder._changed.wait(0.1)
            assert len(feeder._ready) == 2
        for segment in plan.coarse():
            with feeder.take(segment, slots) as clip:
                assert len(clip.frames) == 4
    finally:
        feeder.close()
