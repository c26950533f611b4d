"""Hostile files: one clear line and exit code 2, or a sensible answer; never a traceback, a hang or a full memory."""

from __future__ import annotations

import json
import os
import random
import re
import resource
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from memory_store.records import Recording, Scopes
from memory_store.segments import Plan
from tests.conftest import ROOT
from tests.hostile import FILES, SUBTITLES, Case, mutated
from tests.hostile_media import block, element, number, small, track
from tests.hostile_media import film as film_of
from tests.judging import MOST, PLAIN, Command, command, memory_stays_small, plain_models
from tests.media import make_video
from tests.offline import offline_env
from tools.errors import BadInput
from tools.speech.audio import RATE
from tools.speech.base import SpeechError
from tools.speech.subtitles import SubtitleFile, inside
from tools.video import identity, trial
from tools.video.clip import Sampling
from tools.video.errors import VideoError
from tools.video.fragments import claimed_samples
from tools.video.pyav_reader import PyAVReader
from tools.video.readers import read
from tools.video.sources import find_parts
from tools.video.sweep import Sweep

__all__ = ["command", "memory_stays_small", "plain_models"]
pytestmark = [
    pytest.mark.timeout(60),
    pytest.mark.skipif(sys.platform != "linux", reason="memory is measured as Linux tells it"),
]


@pytest.fixture
def film_of_its_own(tmp_path: Path) -> str:
    return make_video(tmp_path / "film.mp4", seconds=2, size=(160, 120), options={"preset": "ultrafast", "crf": "5"})


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> str:
    return make_video(tmp_path_factory.mktemp("film") / "film.mp4", seconds=2, size=(160, 120))


def cases(kind: str):
    return pytest.mark.parametrize("case", FILES[kind], ids=lambda case: ascii(case.name)[:30])


def judged(case: Case, folder: Path, command: Command) -> None:
    given = case.write(folder)
    ended = command("ask", given, "What is it?", "--json")
    if ended.code == 2 and case.says:
        ended.refused(case.says)
    else:
        assert not case.says or re.search(case.says, ""), "it should have been refused"
        ended.answered()


@cases("names")
def test_names(case: Case, tmp_path: Path, command: Command) -> None:
    judged(case, tmp_path, command)


@cases("places")
def test_what_is_no_file(case: Case, tmp_path: Path, command: Command) -> None:
    judged(case, tmp_path, command)


@cases("contents")
def test_what_holds_no_video_or_half_of_one(case: Case, tmp_path: Path, command: Command) -> None:
    judged(case, tmp_path, command)


@cases("claims")
def test_what_a_file_claims(case: Case, tmp_path: Path, command: Command) -> None:
    judged(case, tmp_path, command)


@cases("bombs")
def test_bombs(case: Case, tmp_path: Path, command: Command) -> None:
    judged(case, tmp_path, command)


# Words that come with a video.


@pytest.mark.parametrize("case", SUBTITLES, ids=lambda case: case.name)
def test_subtitle_bombs(case: Case, tmp_path: Path) -> None:
    source = SubtitleFile.at(Path(case.write(tmp_path)), [])
    try:
        [piece] = source.pieces()
    except SpeechError as problem:
        assert re.search(case.says or "never", str(problem)) and "\n" not in str(problem)
        return
    assert not case.says
    said = [line.text for line in piece.lines]
    assert max(map(len, said), default=0) <= 2_000 and sum(map(len, said)) <= 20_000


def test_a_bomb_beside_a_video_costs_its_words_not_its_answer(tmp_path: Path, command: Command) -> None:
    video = make_video(tmp_path / "film.mp4", seconds=2, size=(160, 120))
    (tmp_path / "film.srt").write_bytes(b"\xff\x00\x01" * 1_000)
    ended = command("ask", video, "What is it?", "--json")
    ended.answered()
    assert "the words said in film.mp4 are missing" in ended.err


def test_a_track_of_bombs_inside_a_video(tmp_path: Path) -> None:
    cues = [b"{" * 1_000_000, b"word " * 4_000_000, b"{\\i1}Good morning.{\\i0}", b"<i>" * 20_000]
    texts = [block(2, 100 + index, text, lasts=500) for index, text in enumerate(cues)]
    path = tmp_path / "film.mkv"
    path.write_bytes(film_of(tmp_path, entries=[track(2, "S_TEXT/UTF8", kind=17)], shown=texts))
    source = inside(str(path), "")
    assert source is not None
    [piece] = source.pieces()
    assert [line.text for line in piece.lines] == ["Good morning."]


def test_words_after_the_end_of_a_video_are_another_films(tmp_path: Path, command: Command) -> None:
    video = make_video(tmp_path / "film.mp4", seconds=2, size=(160, 120))
    cue = "{0}\n00:00:{0:02d},000 --> 00:00:{1:02d},500\n{2}\n\n"
    (tmp_path / "film.srt").write_text(cue.format(1, 1, "the bridge is open") + cue.format(40, 50, "a ghost walks"))
    command("ask", video, "What is said?", "--json").answered()
    kept = command("memory", "show", "film.mp4", "--json").out
    assert "bridge is open" in kept and "ghost" not in kept


def test_a_clock_gone_wild_is_not_a_silence(tmp_path: Path) -> None:
    import av

    from tools.speech import audio

    path = str(tmp_path / "sound.mkv")
    with av.open(path, "w") as out:
        stream = out.add_stream("pcm_s16le", rate=RATE, layout="mono")
        import numpy as np

        for pts in (0, 400 * RATE, 40_000_000 * RATE):
            frame = av.AudioFrame.from_ndarray(np.ones((1, RATE), np.int16), format="s16", layout="mono")
            frame.sample_rate, frame.pts = RATE, pts
            out.mux(stream.encode(frame))
    blocks = [(time, len(samples)) for time, samples in audio.read(path, 0)]
    assert sum(length for _, length in blocks) == 401 * RATE and max(length for _, length in blocks) <= 10 * RATE


# Damage at random.


def damaged(folder: Path, count: int, seed: int) -> Path:
    """Return a folder of `count` damaged videos, of five containers in turn."""
    kinds: dict[str, dict[str, Any]] = {
        **{"mp4": {"audio": True, "muxer": {"movflags": "+faststart"}}, "mkv": {"audio": True, "b_frames": 2}},
        **{"webm": {"codec": "libvpx-vp9", "audio": True}, "ts": {"audio": True}},
        **{"avi": {"codec": "mpeg4", "ticks": 10}},
    }
    honest = {kind: small(folder, f"film.{kind}", seconds=3, **how) for kind, how in kinds.items()}
    chance, broken = random.Random(seed), folder / "broken"
    broken.mkdir()
    for index in range(count):
        kind = list(kinds)[index % len(kinds)]
        (broken / f"{index:04d}.{kind}").write_bytes(mutated(honest[kind], chance))
    return broken


def read_all(folder: Path, seconds: float) -> dict[str, str]:
    """Read a folder's files in a process with little memory; return what came of each."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.hostile_reading", str(folder)],
        env=offline_env({"PYTHONPATH": str(ROOT)}),
        capture_output=True,
        text=True,
        timeout=seconds,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (3 << 30, 3 << 30)),
    )
    assert done.returncode == 0, done.stderr[-2_000:]
    return dict(json.loads(line) for line in done.stdout.splitlines())


def test_damage_at_random_is_refused_or_read(tmp_path: Path) -> None:
    found = read_all(damaged(tmp_path, 30, seed=7), 50)
    assert len(found) == 30
    assert sum(told.startswith("read") for told in found.values()) >= 15, found


@pytest.mark.durability
@pytest.mark.timeout(900)
def test_much_damage_at_random_is_refused_or_read(tmp_path: Path) -> None:
    assert len(read_all(damaged(tmp_path, 1_000, seed=11), 800)) == 1_000


# Files that change.


def of(path: str) -> Recording:
    return Recording("r", "r", find_parts(path)[1], Scopes((1, 1, 1), (4, 4, 4)))


def rewrite(path: str, at: int = -1) -> None:
    """Change one byte of a file in place (in its middle, where no place is given)."""
    data = bytearray(Path(path).read_bytes())
    data[at if at >= 0 else len(data) // 2] ^= 0xFF
    Path(path).write_bytes(data)


def test_an_edit_in_the_middle_makes_another_video(film_of_its_own: str, command: Command) -> None:
    first = command("ask", film_of_its_own, "What is it?", "--json").answered()
    rewrite(film_of_its_own)
    second = command("ask", film_of_its_own, "What is it?", "--json").answered()
    assert second["usage"]["captions_made"] == first["usage"]["captions_made"] > 0, "nothing of the old one serves"
    assert len(command("memory", "list", "--json").out.splitlines()) == 2


def test_an_edit_between_samples_is_seen_with_full_hash(
    film_of_its_own: str, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {"WHOLE": 0, "_EDGE": 512, "_BLOCK": 4}.items():
        monkeypatch.setattr(identity, name, value)
    size = os.path.getsize(film_of_its_own)
    spot = 30 * (size - 4) // 65 + (size - 4) // 130
    made = []
    for flags in ([], ["--full-hash"]):
        for _ in range(2):
            result = command("ask", film_of_its_own, "What is it?", "--new", "--json", *flags).answered()
            made.append(result["usage"]["captions_made"])
            rewrite(film_of_its_own, spot)
    assert made[1] == 0 and made[3] == made[2] > 0, made


@pytest.mark.parametrize("how", ["in place", "by another"])
def test_a_video_replaced_while_it_is_read(film_of_its_own: str, tmp_path: Path, how: str) -> None:
    recording = of(film_of_its_own)
    segments, sweep = Plan(recording, recording.scopes).coarse(), Sweep(recording, Sampling(4, 160 * 120))
    assert sweep.frames(segments[0])
    if how == "in place":
        rewrite(film_of_its_own)
    else:
        os.replace(make_video(tmp_path / "other.mp4", seconds=2, size=(160, 120), start=0.1), film_of_its_own)
    with pytest.raises(VideoError, match="was changed while it was being read"):
        sweep.frames(segments[1])
    sweep.close()
    with pytest.raises(VideoError, match="was changed"):
        read(recording, 0, 1, Sampling(4, 160 * 120), PyAVReader())
    assert of(film_of_its_own).parts[0].id != recording.parts[0].id


def test_a_video_that_still_grows_or_is_touched_stays_the_same(tmp_path: Path) -> None:
    path = make_video(tmp_path / "live.ts", seconds=2, size=(160, 120))
    recording, sampling = of(path), Sampling(4, 160 * 120)
    with open(path, "ab") as file:
        file.write(Path(path).read_bytes())
    assert read(recording, 0, 1, sampling, PyAVReader())
    os.utime(path, (1, 1))
    assert read(recording, 0, 1, sampling, PyAVReader())


# Real processes.


def started(*given: str | bytes, home: Path, **env: str) -> subprocess.CompletedProcess[bytes]:
    settings = {f"VIDEOLUCY_{name}": value for name, value in PLAIN.items()}
    return subprocess.run(
        [sys.executable, "-m", "app", *given],
        env=offline_env({"VIDEOLUCY_HOME": str(home), "PYTHONPATH": str(ROOT), **settings, **env}),
        cwd=home.parent,
        capture_output=True,
        timeout=50,
        stdin=subprocess.DEVNULL,
    )


def test_a_process_refuses_what_it_cannot_read(tmp_path: Path, film: str) -> None:
    home = tmp_path / "home"
    ordinary = started("ask", film, "What is it?", "--json", home=home)
    assert ordinary.returncode == 0, ordinary.stderr
    usual = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    bomb = next(case for case in FILES["bombs"] if case.name == "pieces.mp4").write(tmp_path)
    os.mkfifo(tmp_path / "pipe.mp4")
    for given in (
        ("ask", bomb, "What is it?"),
        ("ingest", bomb),
        ("estimate", bomb),
        ("ask", str(tmp_path / "pipe.mp4"), "What is it?"),
        ("ask", "/dev/zero", "What is it?"),
        ("ask", film, b"What \xff is \xed\xa0\x80 it?"),
        ("ask", film, "What is it?", "--questions", "/dev/zero"),
        ("ask", film, "--questions", str(tmp_path / "pipe.mp4")),
        ("ask", film, "What is it?", "--max-rounds", "nan"),
        ("resume", "../../etc/passwd\n"),
    ):
        done = started(*given, home=home)
        lines = done.stderr.decode().strip().splitlines()
        assert (done.returncode, done.stdout, len(lines)) == (2, b"", 1), (given, done.stderr)
        assert lines[0].startswith("videolucy: ")
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss - usual < MOST >> 10


def test_the_one_who_opens_files_is_started_again(tmp_path: Path, film: str) -> None:
    child = trial._child
    assert trial.tried(film).duration == pytest.approx(2, abs=0.11)
    assert child._process is not None
    os.kill(child._process.pid, signal.SIGKILL)
    child._process.wait()
    assert trial.tried(film).width == 160
    stuck = threading.Timer(0.3, lambda: os.kill(child._process.pid, signal.SIGKILL))  # type: ignore[union-attr]
    os.kill(child._process.pid, signal.SIGSTOP)
    stuck.start()
    with pytest.raises(BadInput, match="cannot be opened"):
        trial.tried(film)
    assert trial.tried(film).height == 120


def test_the_one_who_opens_files_is_stopped_in_time(film: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert trial.tried(film)
    assert trial._child._process is not None
    os.kill(trial._child._process.pid, signal.SIGSTOP)
    monkeypatch.setattr(trial, "_WAIT", 0.02)
    with pytest.raises(BadInput, match="came to no end"):
        trial.tried(film)


def test_the_pieces_of_an_honest_file_are_counted(tmp_path: Path, film: str) -> None:
    muxer = {"movflags": "frag_keyframe+empty_moov"}
    pieces = make_video(tmp_path / "pieces.mp4", seconds=3, size=(160, 120), muxer=muxer)
    assert claimed_samples(pieces) == 30 and trial.tried(pieces).width == 160
    assert claimed_samples(film) == 0


def test_a_length_that_is_only_stated_is_checked(tmp_path: Path) -> None:
    said = element("67c8", element("45a3", b"DURATION"), element("4487", b"99:00:00.000000000"))
    tag = element("1254c367", element("7373", element("63c0", number("63c5", 1)), said))
    path = tmp_path / "tagged.mkv"
    path.write_bytes(film_of(tmp_path, tag))
    assert trial.tried(str(path)).duration < 4
