"""Recordings of several files: folders with damaged clips, and recordings that grow."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from app import graph
from graph.build import ingest_graph
from tests.fake_server import FakeServer
from tests.media import make_video
from tests.test_cli import remote, run
from tools.errors import BadInput
from tools.settings import Settings
from tools.video.sources import find_parts


def clip(path: Path, kind: int, seconds: float = 5) -> str:
    """Write a clip; those of different kinds differ in content."""
    return make_video(path, seconds=seconds, fps=6 + kind, size=(64, 48))


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch):
    more = {"VIDEOLUCY_COARSE_SECONDS": "4", "VIDEOLUCY_COARSE_FPS": "1"}
    with FakeServer() as fake:
        for name, value in (remote(fake) | more).items():
            monkeypatch.setenv(name, value)
        yield fake


@pytest.mark.parametrize("kind", ["folder", "list"])
def test_a_recording_that_grew_is_taken_up_where_it_stopped(kind: str, tmp_path: Path, server: FakeServer) -> None:
    folder = tmp_path / "week"
    folder.mkdir()
    source = str(folder) if kind == "folder" else str(tmp_path / "week.txt")

    def grow(number: int) -> None:
        clip(folder / f"clip{number}.mp4", number)
        (tmp_path / "week.txt").write_text("".join(f"week/clip{index}.mp4\n" for index in range(number + 1)))

    grow(0)
    grow(1)
    ingest_graph.invoke({"video": source}, context=Settings.load())
    assert server.count("caption") == 3  # 0-4, 4-8, 8-10 s
    grow(2)
    grown = ingest_graph.invoke({"video": source}, context=Settings.load())
    # The unfinished segment (now 8-12 s) and the new one (12-15 s); never 0-8 s again.
    assert server.count("caption") == 5
    fourth = server.requests.index(server.asked("caption")[3])
    times = [image.time for image in server.images if image.request >= fourth]
    assert min(times) >= 8 and max(times) > 12
    assert grown["recordings"][0]["duration"] == pytest.approx(15, abs=0.1)
    ingest_graph.invoke({"video": source}, context=Settings.load())
    assert server.count("caption") == 5
    # The files may move and be renamed: they are known by content.
    for index in range(3):
        (folder / f"clip{index}.mp4").rename(folder / f"part-{index}.mp4")
    result = graph.invoke({"video": str(folder), "question": "What?"}, context=Settings.load())
    assert result["usage"]["captions_reused"] >= 4


def test_a_damaged_clip_does_not_make_the_rest_useless(tmp_path: Path, server: FakeServer) -> None:
    folder = tmp_path / "day"
    folder.mkdir()
    whole = [clip(folder / f"clip{index}.mp4", index) for index in range(3)]
    good = Path(whole[2]).read_bytes()
    Path(whole[2]).write_bytes(good[: len(good) // 2])
    (folder / "clip9.mp4").touch()
    told: list[str] = []
    name, parts = find_parts(str(folder), tell=told.append)
    assert [part.path for part in parts] == whole[:2] and parts[1].end == pytest.approx(10, abs=0.1)
    assert len(told) == 2 and "clip2.mp4" in told[0] and "is empty" in told[1]
    made = run("ingest", str(folder), home=Path(os.environ["VIDEOLUCY_HOME"]), cwd=tmp_path, **_settings())
    assert made.returncode == 0 and "left out" in made.stderr and "3 captions made" in made.stdout
    # Once the copy is complete the recording has grown by it.
    Path(whole[2]).write_bytes(good)
    ingest_graph.invoke({"video": str(folder)}, context=Settings.load())
    assert server.count("caption") == 5
    for index in range(4, 9):
        (folder / f"clip{index}.mp4").write_text("broken")
    told.clear()
    find_parts(str(folder), tell=told.append)
    assert len(told) == 4 and "6 files" in told[-1], "many are counted, not listed"


def test_what_was_named_must_be_readable(tmp_path: Path) -> None:
    clip(tmp_path / "a.mp4", 0, 1)
    (tmp_path / "b.mp4").write_text("broken")
    (tmp_path / "list.txt").write_text("a.mp4\nb.mp4\n")
    for source in ("list.txt", "b.mp4"):
        with pytest.raises(BadInput, match="b.mp4 is not a media file"):
            find_parts(str(tmp_path / source))
    (tmp_path / "a.mp4").unlink()
    with pytest.raises(BadInput, match="b.mp4 is not a media file"):
        find_parts(str(tmp_path))


def _settings() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name.startswith("VIDEOLUCY_") and "HOME" not in name}


def test_sound_files_count_where_there_are_no_videos(tmp_path: Path) -> None:
    for name in ("part2.mka", "part10.mka"):
        make_video(tmp_path / name, seconds=1, audio=True, picture=False)
    _, parts = find_parts(str(tmp_path))
    assert [Path(part.path).name for part in parts] == ["part2.mka", "part10.mka"] and not parts[0].picture
    make_video(tmp_path / "talk.mp4", seconds=1)
    assert [Path(part.path).name for part in find_parts(str(tmp_path))[1]] == ["talk.mp4"]
