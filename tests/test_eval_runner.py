"""`videolucy eval`: questions of a benchmark through the graph, kept as they end, scored, resumed and compared."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from evaluation.benchmarks import read_benchmark
from evaluation.runner import RECORDS, Runner
from tests.fake_server import FakeReply, FakeServer, Request, asked_for, scripted, text_of
from tests.media import make_video
from tests.scripted import cite, settings_for
from tests.test_cli import remote, run
from tests.test_kill import environment

COLOURS = ("red", "green", "blue", "white")


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAKE_KEY", "secret-key-1")


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    """Six questions about two videos that are here, and one about a video that is not."""
    (tmp_path / "videos").mkdir()
    for name, size in (("one", (160, 90)), ("two", (192, 108))):
        make_video(tmp_path / "videos" / f"{name}.mp4", seconds=8, fps=4, size=size)
    rows = [
        {
            "id": f"q{number}",
            "video": "two" if number % 2 else "one.mp4",
            "question": f"Which colour is sign {number}?",
            "options": list(COLOURS),
            "answer": COLOURS[number % 4],
            "categories": {"parity": "odd" if number % 2 else "even"},
        }
        for number in range(6)
    ]
    rows.append({"id": "gone", "video": "three", "question": "Which?", "options": ["a", "b"], "answer": "a"})
    file = tmp_path / "questions.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return file


def answers(request: Request) -> dict[str, Any]:
    """Answer red to whatever is asked, by its letter as shown."""
    shown = dict(line.split(". ")[::-1] for line in text_of(request).splitlines() if line[1:3] == ". ")
    return {"answer": "red", "option": shown["red"], "confidence": 0.8, "evidence": [cite(request)]}


def verdict(request: Request) -> dict[str, Any]:
    found = answers(request)
    return found | {"support": "supported", "missing": ""}


SCRIPT = {"Verdict": verdict, "FinalAnswer": answers}


def runner(server: FakeServer, questions: Path, **more: Any) -> Runner:
    settings = settings_for(server, **{"max_rounds": 1} | more)
    out = questions.parent / "out"
    out.mkdir(exist_ok=True)
    return Runner(read_benchmark("plain", questions), settings, out, parallel=3)


def test_what_is_asked_is_kept_scored_and_not_asked_again(questions: Path) -> None:
    told: list[str] = []
    with FakeServer(scripted(**SCRIPT)) as server:
        run = runner(server, questions)
        plan = run.plan(questions.parent / "videos")
        assert plan.videos.missing == ("three",) and len(plan.todo) == 6 and plan.known == 0
        run.run(plan.todo, lambda record: told.append(record["id"]))
        asked = len(server.chats)
        again = runner(server, questions).plan(questions.parent / "videos")
        assert not again.todo and again.known == 6
    assert sorted(told) == [f"q{number}" for number in range(6)] and asked
    for record in run.records():
        assert record["status"] == "answered" and record["answer"] == "red" and record["error"] is None
        assert record["chosen"] == 0 and record["correct"] == (record["id"] in ("q0", "q4"))
        assert record["evidence"] and record["trace"]["question"] == record["question"] and record["settings_digest"]


def test_shuffled_options_are_mapped_back(questions: Path) -> None:
    with FakeServer(scripted(**SCRIPT)) as server:
        run = runner(server, questions)
        run.run(run.plan(questions.parent / "videos", seeds=[1, 2]).todo, lambda record: None)
    records = run.records()
    assert len(records) == 12 and {record["chosen"] for record in records} == {0}
    assert len({record["option"] for record in records}) > 1
    assert all(record["options"][record["shown_order"].index(0)] == "red" for record in records)


def test_limits_shards_and_categories(questions: Path) -> None:
    with FakeServer(scripted(**SCRIPT)) as server:
        run = runner(server, questions)
        folder = questions.parent / "videos"
        parts = [run.plan(folder, shard=(number, 3)).todo for number in (1, 2, 3)]
        assert sorted(one.question.id for part in parts for one in part) == [f"q{number}" for number in range(6)]
        assert all(len({one.video for one in part}) <= 1 for part in parts), "a video is of one shard"
        assert len(run.plan(folder, limit=2).todo) == 2


def test_a_question_that_fails_is_a_record_and_ends_nothing(questions: Path) -> None:
    (questions.parent / "videos" / "one.mp4").write_bytes(b"no video")
    with FakeServer(scripted(**SCRIPT)) as server:
        run = runner(server, questions)
        run.run(run.plan(questions.parent / "videos").todo, lambda record: None)
    by_status = {record["id"]: record["status"] for record in run.records()}
    assert [by_status[f"q{number}"] for number in range(6)] == ["failed", "answered"] * 3
    failed = next(record for record in run.records() if record["status"] == "failed")
    assert failed["error"] and failed["correct"] is False and failed["chosen"] is None


def test_a_line_that_a_kill_cut_short_is_taken_off(questions: Path) -> None:
    with FakeServer(scripted(**SCRIPT)) as server:
        run = runner(server, questions)
        run.run(run.plan(questions.parent / "videos", limit=3).todo, lambda record: None)
        file = questions.parent / "out" / RECORDS
        file.write_bytes(file.read_bytes()[:-20])
        assert len(run.records()) == 2
        run.run(run.plan(questions.parent / "videos", limit=3).todo, lambda record: None)
        assert len(run.records()) == 3


def test_the_settings_are_the_benchmarks_but_for_a_users_own(questions: Path) -> None:
    with FakeServer() as server:
        run = runner(server, questions)
        first = run.plan(questions.parent / "videos").todo[0]
        plain = run.settings_for(first.question, first.video)
        assert plain.speech == "auto" and plain.reuse is False and plain.coarse_seconds == 4
        own = runner(server, questions, speech="none", reuse=True)
        assert own.settings_for(first.question, first.video).speech == "none"
        assert own.settings_for(first.question, first.video).reuse is True
        for preset in ("paper", "published"):
            chosen = runner(server, questions, preset=preset).settings_for(first.question, first.video)
            assert chosen.preset == preset and chosen.forced_answer is True


def test_a_killed_run_goes_on_and_asks_nothing_twice(questions: Path) -> None:
    def slow(request: Request) -> Any:
        reply = scripted(**SCRIPT)(request)
        return FakeReply(reply, delay=0.1) if asked_for(request) == "caption" and isinstance(reply, str) else reply

    folder = questions.parent
    with FakeServer(slow) as server:
        arguments = ["eval", "plain", "--annotations", str(questions), "--videos", str(folder / "videos")]
        command = [sys.executable, "-m", "app", *arguments, "--out", str(folder / "out"), "--parallel", "1", "--json"]
        env = environment(server, folder / "home")
        first = subprocess.Popen(command, env=env, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        records = folder / "out" / RECORDS
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and not (records.exists() and records.read_bytes().count(b"\n") >= 2):
            time.sleep(0.02)
        first.send_signal(signal.SIGKILL)
        first.wait()
        done = records.read_bytes().count(b"\n")
        second = subprocess.run(command, env=env, cwd=folder, capture_output=True, text=True, timeout=120)
        assert second.returncode == 0, second.stderr
        assert 2 <= done <= 6 and f"{6 - done} questions to ask, {done} have an answer" in second.stderr
        told = json.loads(second.stdout)
        assert told["released"]["accuracy"]["right"] == 2 and told["released"]["accuracy"]["of"] == 7
        assert told["released"]["official"]["of"] == 6, "the missing video is wrong, and not in the official number"
        shown = run(*arguments, "--out", str(folder / "out"), home=folder / "home", cwd=folder, **remote(server))
        assert "parity: even" in shown.stdout and "official" in shown.stdout
        same = run(
            *("eval", "compare", "plain", str(folder / "out"), str(folder / "out"), "--annotations", str(questions)),
            home=folder / "home",
            cwd=folder,
        )
        assert "difference +0.0%" in same.stdout, same.stderr


def test_answers_of_another_system_are_scored(questions: Path) -> None:
    replies = questions.parent / "replies.json"
    replies.write_text(json.dumps({f"q{number}": "The answer is A." for number in range(6)}))
    arguments = ("eval", "score", "plain", "--annotations", str(questions), "--replies", str(replies), "--json")
    done = run(*arguments, home=questions.parent / "home", cwd=questions.parent)
    assert json.loads(done.stdout)["released"]["accuracy"]["right"] == 2, done.stderr


@pytest.mark.parametrize(
    "more",
    [("--videos", "nowhere"), ("--shard", "3/2"), ("--shard", "x"), ("--cleaned",), ("--seed", "-3")],
)
def test_wrong_arguments_are_one_line(questions: Path, more: tuple[str, ...]) -> None:
    arguments = ["eval", "plain", "--annotations", str(questions), "--videos", str(questions.parent / "videos"), *more]
    done = run(*arguments, home=questions.parent / "home", cwd=questions.parent, VIDEOLUCY_CAPTIONER="basic")
    assert done.returncode == 2 and len(done.stderr.splitlines()) == 1, done.stderr
