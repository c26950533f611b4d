"""The rows about reading video and starting up, on tiny inputs: they measure the same work done, and how often."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from benchmarks import footage as filming
from benchmarks.counting import decodes
from benchmarks.footage import footage, known
from benchmarks.rivals import published_frames
from benchmarks.rows import fine_window, start_up, sweep_memory
from benchmarks.rows.key_frames import KEYS
from benchmarks.rows.sweep import COARSE, SCOPES, decoded, published, swept
from memory_store.records import Segment
from tests.media import make_video
from tools.video import decord_reader
from tools.video.clip import Sampling
from tools.video.pyav_reader import Pictures

TINY = (160, 90)


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> str:
    return footage(tmp_path_factory.mktemp("film") / "v.mp4", 125, TINY, gop=25)


def test_footage_is_put_end_to_end_with_its_times_and_key_frames(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(filming, "_PICTURES", 60)
    plan = known(footage(tmp_path / "v.mp4", 10, TINY, gop=25), SCOPES)
    part = plan.recording.parts[0]
    assert part.duration == pytest.approx(10, abs=0.01) and decoded(plan) == 250
    with Pictures(part, Sampling(25, 160 * 90)) as pictures:
        frames = [pictures.at(index / 25) for index in range(250)]
    assert [round(frame.time * 25) for frame in frames] == list(range(250))
    assert np.array_equal(frames[20].image, frames[70].image) and not np.array_equal(frames[20].image, frames[30].image)
    assert swept(plan, KEYS) == [10], "a key frame each second"


def test_the_sweep_and_the_published_way_make_the_same_clips(film: str, tmp_path: Path) -> None:
    plan = known(film, SCOPES)
    assert swept(plan, COARSE) == published(plan, tmp_path) == [60, 60, 5]
    assert decoded(plan) == 125 * 25


def test_the_stand_in_shows_what_the_sweep_shows(tmp_path: Path) -> None:
    path = make_video(tmp_path / "v.mp4", seconds=6, size=(320, 240))
    part = known(path, SCOPES).recording.parts[0]
    sampling = Sampling(1, 200 * 150, multiple=28)
    [theirs] = published_frames.clips(path, tmp_path, 0.0, 6.0, 1.0, 60, sampling.max_pixels)
    with Pictures(part, sampling) as pictures:
        for index, picture in enumerate(theirs):
            ours = pictures.at(float(index)).image
            assert ours.shape == picture.shape
            assert np.abs(ours.astype(int) - picture).mean() < 12, "encoded once more, and scaled another way"


@pytest.mark.parametrize("reader", fine_window.READERS)
def test_a_second_look_decodes_once_what_the_published_way_decodes_twice(
    reader: str, film: str, tmp_path: Path
) -> None:
    if reader == "decord" and not decord_reader.available():
        pytest.skip("decord is not installed")
    with fine_window.looking(tmp_path / "home", film, reader) as (live, recording, target):
        assert (target.start, target.end) == (120, pytest.approx(125))
        with decodes() as opened:
            seen = fine_window.looked(live, recording, target)
        assert opened == [reader]
        assert [len(times) for times in seen] == fine_window.published(live, recording, target, tmp_path) == [5, 10]
        assert seen[0] == pytest.approx([120 + index for index in range(5)])
        assert seen[1] == pytest.approx([120 + index / 2 for index in range(10)], abs=0.03)
        whole = Segment(target.recording, "c1", 60, 120)
        assert [len(times) for times in fine_window.looked(live, recording, whole)] == [60, *[20] * 6]


def test_memory_is_measured_in_a_process_of_its_own(film: str) -> None:
    idle, peak = sweep_memory.apart(film)
    assert 10 < idle < peak < idle + 300
    assert sweep_memory.waiting(film, seconds=0) == 125


def test_a_question_on_a_known_video_asks_the_reasoner_first(tmp_path: Path) -> None:
    video = make_video(tmp_path / "v.mp4", seconds=4, fps=4, size=(160, 120))
    with start_up.Models() as models:
        environment = models.environment(tmp_path / "home") | {"VIDEOLUCY_MAX_ROUNDS": "0"}
        start_up.run("ingest", video, environment=environment)
        assert models.server.count("caption") == 1
        before = len(models.server.chats)
        assert models.until_first(video, "What moves?", environment) > 0 and models.lengths[0] > 0
        kinds = {"caption": models.server.count("caption"), "Judgement": models.server.count("Judgement")}
        assert kinds == {"caption": 1, "Judgement": 1} and len(models.asked) == len(models.server.chats) - before
        assert any(request["path"].endswith("/embeddings") for request in models.server.requests)
