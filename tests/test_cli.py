"""The command line as a person and a script meet it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.fake_server import FakeServer
from tests.media import make_video
from tests.offline import offline_env


def run(*words: str, home: Path, cwd: Path, **env: str) -> subprocess.CompletedProcess[str]:
    environment = offline_env({"VIDEOLUCY_HOME": str(home), "PYTHONPATH": str(ROOT), **env})
    command = [sys.executable, "-m", "app", *words]
    return subprocess.run(command, env=environment, cwd=cwd, capture_output=True, text=True, timeout=120)


@pytest.fixture
def fake(tmp_path: Path):
    with FakeServer() as server:
        yield server


def remote(server: FakeServer) -> dict[str, str]:
    settings = {"CAPTIONER": "compatible:fake", "REASONER": "compatible:fake"}
    settings |= {"CAPTIONER_URL": server.url, "REASONER_URL": server.url, "EMBEDDER": "lexical", "MAX_ROUNDS": "1"}
    return {f"VIDEOLUCY_{name}": value for name, value in settings.items()}


def bad_inputs(folder: Path) -> dict[str, list[str]]:
    (folder / "empty.mp4").touch()
    (folder / "text.mp4").write_text("this is no video\n" * 50)
    (folder / "bare").mkdir()
    make_video(folder / "nothing.mkv", seconds=1, picture=False, audio=False)
    good = make_video(folder / "good.mp4", seconds=1)
    return {
        "missing": ["ask", "nowhere.mp4", "What?"],
        "folder without videos": ["ask", "bare", "What?"],
        "empty": ["ask", "empty.mp4", "What?"],
        "text": ["ask", "text.mp4", "What?"],
        "no picture, no sound": ["ask", "nothing.mkv", "What?"],
        "no question": ["ask", good],
        "empty question": ["ask", good, "  "],
        "unknown captioner": ["ask", good, "What?", "--captioner", "crystal-ball"],
        "unknown reasoner": ["ask", good, "What?", "--reasoner", "nobody:model"],
        "unknown embedder": ["ask", good, "What?", "--embedder", "word-soup"],
        "wrong number": ["ask", good, "What?", "--max-rounds", "many"],
        "unknown preset": ["ask", good, "What?", "--preset", "best"],
        "unknown flag": ["ask", good, "What?", "--speed", "3"],
        "unknown thread": ["resume", "q-nothing"],
        "same option twice": ["ask", good, "What?", "-o", "a", "-o", "a"],
        "unknown weights": ["models", "fetch", "nobody"],
        "home that cannot be": ["ask", good, "What?", "--home", "/proc/nowhere"],
        "unknown recording": ["memory", "show", "nobody"],
    }


NAMES = [
    "missing", "folder without videos", "empty", "text", "no picture, no sound", "no question", "empty question",
    "unknown captioner", "unknown reasoner", "unknown embedder", "wrong number", "unknown preset", "unknown flag",
    "unknown thread", "same option twice", "unknown weights", "home that cannot be", "unknown recording",
]  # fmt: skip


@pytest.fixture(scope="module")
def inputs(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, list[str]]]:
    folder = tmp_path_factory.mktemp("bad")
    return folder, bad_inputs(folder)


@pytest.mark.parametrize("name", NAMES)
def test_bad_input_is_one_clear_line_and_exit_code_two(inputs: tuple[Path, dict[str, list[str]]], name: str) -> None:
    folder, commands = inputs
    done = run(*commands[name], home=folder / "home", cwd=folder)
    assert done.returncode == 2, done.stderr
    assert "Traceback" not in done.stderr and done.stdout == ""
    said = [line for line in done.stderr.splitlines() if line.strip() and not line.startswith(("Usage:", "Try "))]
    assert len(said) == 1, done.stderr


def test_json_is_one_object_on_stdout_and_progress_goes_to_stderr(tmp_path: Path, fake: FakeServer) -> None:
    video = make_video(tmp_path / "v.mp4", seconds=2)
    home = tmp_path / "home"
    done = run("ask", video, "Which number?", "--json", home=home, cwd=tmp_path, **remote(fake))
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    face = "answer option status confidence reason stopped_by rounds thread_id evidence models usage"
    assert list(result) == face.split()
    assert done.stderr.startswith("thread q-") and "round 1" in done.stderr
    listed = run("sessions", "--json", home=home, cwd=tmp_path)
    [session] = [json.loads(line) for line in listed.stdout.splitlines()]
    assert session["thread_id"] == result["thread_id"] and session["question"] == "Which number?"
    assert session["status"] == "insufficient"
    again = run("resume", result["thread_id"], home=home, cwd=tmp_path)
    assert again.returncode == 2 and "finished" in again.stderr


def test_settings_and_keys_may_stand_in_a_dotenv_file(tmp_path: Path, fake: FakeServer) -> None:
    video = make_video(tmp_path / "v.mp4", seconds=1)
    lines = [f"{name}={value}" for name, value in remote(fake).items()]
    lines += ["VIDEOLUCY_CAPTIONER_KEY_ENV=CAMERA_KEY", "CAMERA_KEY=from-the-file"]
    (tmp_path / ".env").write_text("\n".join(lines))
    done = run("ask", video, "Which number?", "--json", home=tmp_path / "h", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert fake.asked("caption")[0]["headers"]["authorization"] == "Bearer from-the-file"
    assert "from-the-file" not in done.stdout + done.stderr


def test_many_questions_come_from_a_file(tmp_path: Path, fake: FakeServer) -> None:
    video = make_video(tmp_path / "v.mp4", seconds=2)
    file = tmp_path / "questions.jsonl"
    file.write_text('What is it?\n\n{"question": "Which one?", "options": ["red", "blue"]}\n')
    done = run("ask", video, "--questions", str(file), "--json", home=tmp_path / "h", cwd=tmp_path, **remote(fake))
    first, second = [json.loads(line) for line in done.stdout.splitlines()]
    assert first["option"] is None and second["option"] in ("A", "B")
    assert second["usage"]["captions_made"] <= first["usage"]["captions_made"]


def test_memory_is_listed_shown_and_searched(tmp_path: Path, fake: FakeServer) -> None:
    video = make_video(tmp_path / "v.mp4", seconds=2)
    home = tmp_path / "home"
    done = run("ingest", video, home=home, cwd=tmp_path, **remote(fake))
    assert done.returncode == 0 and "captions made" in done.stdout, done.stderr
    listed = json.loads(run("memory", "list", "--json", home=home, cwd=tmp_path).stdout)
    assert listed["name"] == "v.mp4" and listed["captions"]["coarse"] >= 1
    shown = run("memory", "show", "v.mp4", "--json", home=home, cwd=tmp_path).stdout.splitlines()
    assert json.loads(shown[0])["text"].startswith("Scene with")
    found = run("memory", "search", "pictures", "--json", home=home, cwd=tmp_path, VIDEOLUCY_EMBEDDER="lexical").stdout
    assert json.loads(found.splitlines()[0])["video"] == "v.mp4"


def test_the_doctor_says_what_is_active_and_why(tmp_path: Path) -> None:
    report = json.loads(run("doctor", "--json", home=tmp_path / "h", cwd=tmp_path).stdout)
    assert report["models"]["embedder"]["name"] == "lexical" and "no weights" in report["models"]["embedder"]["why"]
    assert report["readers"]["sweep"] == "pyav" and report["packages"]["core"]["langgraph"]


def test_every_setting_is_a_flag_and_keys_are_not(tmp_path: Path) -> None:
    from tools.settings import Settings

    text = run("ask", "--help", home=tmp_path / "h", cwd=tmp_path, COLUMNS="200").stdout
    assert all("--" + name.replace("_", "-") in text for name in Settings.model_fields)
    assert "--api-key" not in text
