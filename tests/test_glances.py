"""Choosing frames by what changes: what is shown shortly is kept, what goes on moving is kept at a bounded rate."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from benchmarks import drawn
from memory_store.records import Part, Recording, Segment
from memory_store.segments import scopes_for
from tools.video import glances
from tools.video.clip import Frame, Sampling
from tools.video.glances import Choice, Glance
from tools.video.probe import probe
from tools.video.pyav_reader import PyAVReader
from tools.video.readers import read
from tools.video.sweep import Sweep
from tools.video.watching import Stretch, watch

WIDE, HIGH = 64, 48
Luma = NDArray[np.uint8]


def screen(number: int) -> Luma:
    """Draw stripes that differ for each number; 0 is an empty page."""
    picture = np.full((HIGH, WIDE), 230, np.uint8)
    for column in range(0, WIDE, 4) if number else ():
        picture[:, column : column + 2] = 20 + (number * 67 + column * 13) % 120
    return picture


def noise(at: int) -> Luma:
    return np.random.default_rng(at).integers(0, 255, (HIGH, WIDE), np.uint8)


def choose(draw: Callable[[float], Luma], seconds: float, fps: float = 1.0, scan: float = 4.0) -> tuple[Frame, ...]:
    sampling = Sampling(fps, WIDE * HIGH, scan=scan)
    choice = Choice(0, seconds, sampling)
    for time in sampling.glances(0, seconds):
        luma = draw(time)
        choice.offer(time, Glance(time, luma), lambda: Frame(time, np.stack([luma] * 3, axis=2)))  # noqa: B023
    return choice.frames()


def shown(frames: tuple[Frame, ...], luma: Luma) -> list[Frame]:
    return [frame for frame in frames if (frame.image[:, :, 0] == luma).all()]


@pytest.mark.parametrize("fps", [0.25, 1.0, 2.0])
@given(start=st.floats(2.0, 3.0), length=st.floats(0.75, 1.2))
@settings(max_examples=25, deadline=None)
def test_a_screen_of_three_quarters_of_a_second_is_kept_with_its_time(fps: float, start: float, length: float) -> None:
    frames = choose(lambda time: screen(start <= time < start + length), 16, fps)
    (kept,) = shown(frames, screen(1))
    assert kept.since is not None and start <= kept.shown_from < start + 0.25 + 1e-6
    following = frames[frames.index(kept) + 1].shown_from if kept is not frames[-1] else 16
    assert start + length <= min(following, kept.until or 16) <= start + length + 0.5


def test_half_a_second_between_the_regular_instants_is_left_to_a_finer_look() -> None:
    def draw(time: float) -> Luma:
        return screen(5.3 <= time < 5.8)

    assert not shown(choose(draw, 10), screen(1))
    assert shown(choose(draw, 10, fps=2, scan=8), screen(1))


def test_what_stands_still_is_kept_once() -> None:
    (only,) = choose(lambda time: screen(1), 30)
    assert (only.shown_from, only.until) == (0, None)


def test_what_moves_is_kept_at_the_regular_instants() -> None:
    frames = choose(lambda time: noise(round(time * 4)), 10)
    assert [frame.time for frame in frames] == list(range(10))
    assert all(frame.since is None for frame in frames)


def test_a_small_part_that_moves_hides_no_screen() -> None:
    def draw(time: float) -> Luma:
        picture = screen(int(time // 1.5))
        picture[:8, :16] = noise(round(time * 4))[:8, :16]
        return picture

    frames = choose(draw, 12)
    for number in range(8):
        assert any((frame.image[8:, :, 0] == screen(number)[8:]).all() and frame.since is not None for frame in frames)


def test_a_slow_drift_is_no_rest() -> None:
    frames = choose(lambda time: np.clip(screen(1).astype(int) + 5 * int(time * 4), 0, 255).astype(np.uint8), 6)
    assert len(frames) > 2


@given(st.lists(st.integers(0, 5), min_size=1, max_size=60), st.sampled_from([0.25, 1.0, 2.0, 4.0]))
@settings(max_examples=60, deadline=None)
def test_never_more_than_the_sampling_says_and_in_order(screens: list[int], fps: float) -> None:
    seconds = len(screens) / 4
    frames = choose(lambda time: screen(screens[int(time * 4)]), seconds, fps)
    assert 1 <= len(frames) <= len(Sampling(fps, 1).times(0, seconds))
    times = [frame.shown_from for frame in frames]
    assert times == sorted(set(times))
    assert all(frame.shown_from <= frame.time and (frame.until or seconds) > frame.shown_from for frame in frames)


def test_screens_outlast_motion_and_empty_pages_where_there_are_too_many() -> None:
    def draw(time: float) -> Luma:
        turn, part = divmod(time, 4)
        return screen(int(turn) + 1) if part < 1 else screen(0) if part < 2 else noise(round(time * 4))

    frames = choose(draw, 32, fps=0.25)
    assert len(frames) == 8
    assert all(shown(frames, screen(number)) for number in range(1, 9))
    (second,) = shown(frames, screen(2))
    assert second.until is not None and abs(second.until - 5) <= 0.25, (
        "the empty page that was let go ends it all the same"
    )


def test_large_frames_are_kept_at_a_lower_rate(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(glances, "HELD", 4 * WIDE * HIGH)
    assert len(choose(lambda time: noise(round(time * 4)), 30)) == 4


def test_what_stood_before_motion_and_stands_again_after_it_has_two_times() -> None:
    frames = choose(lambda time: noise(round(time * 4)) if 4 <= time < 8 else screen(1), 14)
    first, second = shown(frames, screen(1))
    assert (first.shown_from, first.until) == (0, 4)
    assert (second.shown_from, second.until) == (8, None) and second.since is not None


def test_a_line_that_joins_the_rest_ends_the_picture_without_it() -> None:
    def draw(time: float) -> Luma:
        picture = screen(0)
        picture[8:16, 8:24] = 0 if time >= 5 else 230
        return picture

    before, after = choose(draw, 10)
    assert (before.shown_from, before.until, after.shown_from, after.until) == (0, 5, 5, None)


def test_what_comes_while_something_else_comes_to_rest_is_news_of_its_own() -> None:
    def draw(time: float) -> Luma:
        picture = screen(0)
        picture[40:, 56:] = 230 if time < 3.75 else 90
        picture[8:16, 8:24] = 0 if 4 <= time < 4.75 else 230
        return picture

    assert {4.25, 4.5} <= {frame.time for frame in choose(draw, 10)}


def test_what_drifts_is_at_no_rest_though_something_else_moves_faster() -> None:
    def draw(time: float) -> Luma:
        picture = np.full((HIGH, WIDE), 40 + 7 * round(time * 4), np.uint8)
        picture[:8, :8] = noise(round(time * 4))[:8, :8]
        return picture

    assert all(frame.since is None for frame in choose(draw, 4))


# in files


SAMPLING = Sampling(1, 160 * 90, scan=4)


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Recording:
    """Two files with screens that come every 1.7 s."""
    folder = tmp_path_factory.mktemp("glances")
    parts, start = [], 0.0
    for number, text in enumerate(("north", "south")):
        path = folder / f"{text}.mp4"

        def draw(now: float, text: str = text) -> drawn.Image.Image:
            picture = drawn.Image.new("RGB", (320, 180), "white")
            drawn.ImageDraw.Draw(picture).text((20, 60), f"{text} {int(now / 1.7)}", "black", drawn.font(40))
            return picture

        drawn.film(path, 6.5, draw, (320, 180))
        seen = probe(str(path))
        parts.append(Part(str(number), str(path), start, seen.duration, seen.width, seen.height))
        start += seen.duration
    return Recording("recording", "two", tuple(parts), scopes_for(start))


def seconds(frames: tuple[Frame, ...]) -> list[tuple[float, float | None, float | None]]:
    return [(frame.time, frame.since, frame.until) for frame in frames]


def test_a_sweep_and_a_window_choose_the_same_frames(recording: Recording) -> None:
    sweep = Sweep(recording, SAMPLING)
    for start, end in ((0.0, 4.0), (4.0, 9.0), (9.0, recording.duration)):
        swept = sweep.frames(Segment("recording", "c0", start, end))
        ((_, window),) = watch(recording, [Stretch(start, end, SAMPLING)])
        assert seconds(swept) == seconds(window) and len(swept) >= 2
        for one, other in zip(swept, window, strict=True):
            assert (one.image == other.image).all()
    sweep.close()
    assert sweep.ended == {"0", "1"}


def test_one_decode_serves_the_whole_and_its_parts_as_they_end(recording: Recording) -> None:
    whole = Stretch(0, 10, SAMPLING)
    parts = [Stretch(at, at + 2, Sampling(2, 160 * 90, scan=8)) for at in range(0, 10, 2)]
    reached = list(watch(recording, [whole, *parts]))
    assert [index for index, _ in reached] == [1, 2, 3, 4, 0, 5] or [index for index, _ in reached] == [
        1,
        2,
        3,
        4,
        5,
        0,
    ]
    frames = dict(reached)
    images = {id(frame.image) for index in range(1, 6) for frame in frames[index]}
    assert len(images) <= 8, "a picture that stands for many is held once"
    assert all(
        part.start <= max(f.shown_from, part.start) < part.end for p, part in enumerate(parts, 1) for f in frames[p]
    )


def test_a_stretch_beyond_the_pictures_has_no_frames(recording: Recording) -> None:
    ((_, frames),) = watch(recording, [Stretch(30, 34, SAMPLING)])
    assert frames == ()


def test_exact_times_stay_exact(recording: Recording) -> None:
    exact = Sampling(2, 160 * 90)
    assert exact.mode == "exact" and exact.glances(0, 3) == exact.times(0, 3) and SAMPLING.mode == "scan 4"
    frames = read(recording, 1, 4, exact, PyAVReader())
    assert [frame.time for frame in frames] == pytest.approx([1, 1.5, 2, 2.5, 3, 3.5])


def test_short_screens_of_a_film_are_found_where_exact_times_miss_them(tmp_path: Path) -> None:
    path = tmp_path / "short.mp4"
    stands = [(2.1, 2.95), (6.2, 7.1), (11.1, 11.9)]

    def draw(now: float) -> drawn.Image.Image:
        picture = drawn.Image.new("RGB", (320, 180), "white")
        for number, (start, end) in enumerate(stands):
            if start <= now < end:
                drawn.ImageDraw.Draw(picture).rectangle((20 + 90 * number, 40, 90 + 90 * number, 140), "black")
        return picture

    drawn.film(path, 16, draw, (320, 180))
    part = Part("short", str(path), 0.0, 16.0, 320, 180)
    film = Recording("recording", "short", (part,), scopes_for(16))

    def dark(frames: tuple[Frame, ...]) -> int:
        return sum(float(frame.image.mean()) < 240 for frame in frames)

    ((_, chosen),) = watch(film, [Stretch(0, 16, Sampling(0.25, 160 * 90, scan=4))])
    assert dark(chosen) == 3 and len(chosen) <= 4
    assert dark(tuple(read(film, 0, 16, Sampling(0.25, 160 * 90), PyAVReader()))) == 0
