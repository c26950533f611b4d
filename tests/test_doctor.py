"""`videolucy doctor --try`: each model is asked something small, whatever became of the others."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.fake_server import FakeReply, FakeServer, scripted, text_of
from tests.test_cli import run

KEY = "sk-very-private-0123456789"
ROLES = ("captioner", "reasoner", "embedder")
VERDICT = {"support": "supported", "confidence": 0.9, "answer": "It is blue.", "evidence": []}


@pytest.fixture
def server() -> Iterator[FakeServer]:
    with FakeServer(scripted(Verdict=VERDICT, caption="A red ball crosses a lawn.")) as server:
        yield server


def remote(url: str, **more: str) -> dict[str, str]:
    settings = {role.upper(): "compatible:fake" for role in ROLES} | {f"{role.upper()}_URL": url for role in ROLES}
    settings |= {f"{role.upper()}_KEY_ENV": "FAKE_API_KEY" for role in ROLES}
    return {f"VIDEOLUCY_{name}": value for name, value in settings.items()} | {"FAKE_API_KEY": KEY} | more


def tried(tmp_path: Path, code: int, **env: str) -> dict[str, Any]:
    """Return what `--json` says of each role, having checked that nothing else was left or said."""
    home = tmp_path / "home"
    done = run("doctor", "--try", "--json", home=home, cwd=tmp_path, **env)
    assert done.returncode == code, done.stderr
    assert KEY not in done.stdout + done.stderr and "Traceback" not in done.stderr
    assert not home.exists()
    found = json.loads(done.stdout)["tried"]
    assert tuple(found) == ROLES
    for each in found.values():
        assert each["ok"] is (each["problem"] == "") and each["seconds"] >= 0
        assert each["ok"] or (each["said"] == "" and "\n" not in each["problem"])
    return found


def test_each_model_is_asked_and_its_words_time_and_cost_are_shown(tmp_path: Path, server: FakeServer) -> None:
    prices = {"VIDEOLUCY_PRICE_PROMPT": "2", "VIDEOLUCY_PRICE_COMPLETION": "10"}
    found = tried(tmp_path, 0, **remote(server.url, **prices))
    assert found["captioner"]["said"] == "A red ball crosses a lawn."
    assert found["reasoner"]["said"] == "supported: It is blue."
    assert found["embedder"]["said"] == "a vector of 32 numbers"
    for role in ("captioner", "reasoner"):
        spent = {name: found[role][name] for name in ("prompt_tokens", "completion_tokens", "estimated", "cost")}
        assert spent == {"prompt_tokens": 100, "completion_tokens": 20, "estimated": False, "cost": 0.0004}
    assert [image.time for image in server.images] == [0, 1, 2, 3]
    assert "What colour is the bicycle?" in text_of(server.asked("Verdict")[0])


def test_a_person_reads_a_paragraph_for_each(tmp_path: Path, server: FakeServer) -> None:
    server._script = scripted(Verdict=VERDICT, caption=FakeReply("Words. " * 200 + "\x1b[2J", usage=None))
    done = run("doctor", "--try", home=tmp_path / "home", cwd=tmp_path, **remote(server.url))
    assert done.returncode == 0, done.stderr
    lines = [line.strip() for line in done.stdout.splitlines()]
    at = next(index for index, line in enumerate(lines) if line.startswith("captioner  compatible:fake answered"))
    assert "about" in lines[at] and "no price is set" in lines[at]
    assert lines[at + 1].startswith("Words. Words.") and lines[at + 1].endswith("…") and len(lines[at + 1]) <= 300
    assert "supported: It is blue." in lines and "\x1b" not in done.stdout


def test_a_refused_key_is_one_line_and_the_others_are_still_asked(tmp_path: Path, server: FakeServer) -> None:
    refusal = json.dumps({"error": {"message": f"Incorrect API key provided: {KEY}"}}).encode()
    server._script = scripted(Verdict=VERDICT, caption=FakeReply(status=401, body=refusal))
    found = tried(tmp_path, 1, **remote(server.url))
    assert "refused (401)" in found["captioner"]["problem"]
    assert found["reasoner"]["ok"] and found["embedder"]["ok"]


def test_an_embedder_that_refuses_the_key_does_not_repeat_it(tmp_path: Path, server: FakeServer) -> None:
    refusal = json.dumps({"error": {"message": f"Incorrect API key provided: {KEY}"}}).encode()
    server.embeddings = FakeReply(status=401, body=refusal)
    found = tried(tmp_path, 1, **remote(server.url))
    assert "401" in found["embedder"]["problem"] and "Incorrect API key provided" in found["embedder"]["problem"]
    assert found["captioner"]["ok"] and found["reasoner"]["ok"]


def test_a_blank_caption_is_a_failure_that_cost_something(tmp_path: Path, server: FakeServer) -> None:
    server._script = scripted(Verdict=VERDICT, caption=FakeReply("  \n", finish_reason="length"))
    found = tried(tmp_path, 1, **remote(server.url))
    assert "blank caption (length)" in found["captioner"]["problem"]
    assert found["captioner"]["prompt_tokens"] == 100
    assert found["reasoner"]["ok"]


def test_a_server_that_is_down_is_said_of_its_model_alone(tmp_path: Path, server: FakeServer) -> None:
    with socket.socket() as taken:
        # Bound but not listening: a connection is refused, and no other program can take the port.
        taken.bind(("127.0.0.1", 0))
        down = f"http://127.0.0.1:{taken.getsockname()[1]}/v1"
        found = tried(
            tmp_path, 1, **remote(server.url) | {"VIDEOLUCY_REASONER_URL": down, "VIDEOLUCY_RETRY_SECONDS": "0"}
        )
    assert "cannot be reached" in found["reasoner"]["problem"]
    assert found["captioner"]["ok"] and found["embedder"]["ok"]


def test_embedded_models_answer_without_a_server(tmp_path: Path) -> None:
    embedded = {"VIDEOLUCY_CAPTIONER": "basic", "VIDEOLUCY_REASONER": "extractive", "VIDEOLUCY_EMBEDDER": "lexical"}
    found = tried(tmp_path, 0, **embedded)
    assert "green" in found["captioner"]["said"] and "blue" in found["reasoner"]["said"]
    assert all(each["prompt_tokens"] == each["cost"] == 0 for each in found.values())


@pytest.mark.parametrize(
    ("setting", "value", "words"),
    [("CAPTIONER", "nobody:model", "nobody"), ("REASONER_KEY_ENV", "UNSET_KEY", "UNSET_KEY is not set")],
)
def test_bad_settings_ask_nobody(tmp_path: Path, server: FakeServer, setting: str, value: str, words: str) -> None:
    env = remote(server.url) | {f"VIDEOLUCY_{setting}": value}
    done = run("doctor", "--try", "--json", home=tmp_path / "home", cwd=tmp_path, **env)
    assert done.returncode == 2 and words in done.stderr and done.stdout == ""
    assert len(done.stderr.strip().splitlines()) == 1 and server.requests == []


def test_without_try_nobody_is_asked(tmp_path: Path, server: FakeServer) -> None:
    done = run("doctor", "--json", home=tmp_path / "home", cwd=tmp_path, **remote(server.url))
    assert done.returncode == 0 and "tried" not in json.loads(done.stdout) and server.requests == []
