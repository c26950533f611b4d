"""What a session tells of its answer, and conversations that are asked on one thread."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from commands import explanation
from commands.cli import app
from commands.running import Sessions, check, open_sessions
from graph.checkpoints import checkpoint_file, open_graph
from graph.explanation import changed_settings, explain
from graph.threads import check_name, state_of
from memory_store.records import Part, Recording, Scopes
from tests.fake_server import FakeServer, asked_for, scripted, text_of
from tests.media import make_video
from tests.scripted import cite, settings_for
from tests.test_cli import remote, run
from tools.clock.clock import Clock
from tools.errors import BadInput
from tools.settings import Settings

QUESTION = "Who opened the bridge?"
CUT_SHORT = ["tools"]


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAKE_KEY", "secret-key-1")


@pytest.fixture
def video(tmp_path: Path) -> str:
    return make_video(tmp_path / "talk.mp4", seconds=8, fps=4, size=(160, 90))


@pytest.fixture
def fake() -> Iterator[FakeServer]:
    verdicts = [
        {"support": "partly", "confidence": 0.4, "answer": "a man", "missing": "his name"},
        lambda r: {"support": "supported", "confidence": 0.9, "answer": "the \x1b[31mmayor", "evidence": [cite(r)]},
    ]
    turns = iter(verdicts * 10)

    def verdict(request: Any) -> Any:
        said = next(turns)
        return said(request) if callable(said) else said

    meant = {"follows": True, "question": "What did the mayor do next?"}
    script = scripted(
        Verdict=verdict,
        FinalAnswer=lambda r: {"answer": "The \x1b[31mmayor.", "confidence": 0.9, "evidence": [cite(r)]},
        FollowUp=meant,
    )
    with FakeServer(script) as server:
        yield server


def show(thread: str, settings: Settings) -> dict[str, Any]:
    done = CliRunner().invoke(app, ["sessions", "show", thread, "--json", "--home", settings.home])
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def ask(sessions: Sessions, video: str, question: str, thread: str, **more: Any) -> dict[str, Any]:
    inputs = {"video": video, "question": question, **more}
    return sessions.ask(inputs, check(sessions.settings, [video], [inputs]), thread=thread)


def cut_short(settings: Settings, video: str, question: str, thread: str, **where: Any) -> None:
    with open_graph(checkpoint_file(settings)) as graph:
        given: Any = {"video": video, "question": question}
        graph.invoke(given, {"configurable": {"thread_id": thread}}, context=settings, **where)


# Explanations


def test_an_answer_is_explained_round_by_round(video: str, fake: FakeServer) -> None:
    settings = settings_for(fake, max_rounds=2, looks_per_round=1)
    with open_sessions(settings) as sessions:
        result = ask(sessions, video, QUESTION, "talk")
    told = show("talk", settings)
    assert told["question"] == QUESTION and told["status"] == "answered" and told["earlier"] == []
    assert told["settings"]["max_rounds"] == 2 and "temperature" not in told["settings"]
    assert told["videos"] == [{"name": "talk.mp4", "duration": 8.0}] and told["judged"]["segments"] == ["c0"]
    before, after = told["rounds"]
    assert before["looks"] == [] and before["verdict"]["support"] == "partly" and before["changed"] == {}
    [look] = after["looks"]
    assert (look["segment"], look["start"], look["end"], look["focus"]) == ("c0", 0.0, 4.0, "details")
    assert (after["captions"], after["captions_made"], after["captions_reused"]) == (3, 3, 0)
    assert after["changed"]["support"] == ["partly", "supported"] and after["changed"]["confidence"] == [0.4, 0.9]
    assert after["verdict"]["quotes"] and after["reasoner_calls"] == 2
    assert [told[key] for key in ("answer", "evidence", "stopped_by", "usage")] == [
        result[key] for key in ("answer", "evidence", "stopped_by", "usage")
    ]


def test_the_text_says_it_and_drives_no_terminal(video: str, fake: FakeServer) -> None:
    settings = settings_for(fake, max_rounds=2, looks_per_round=1)
    with open_sessions(settings) as sessions:
        ask(sessions, video, QUESTION, "talk", options=["the [bold]mayor", "a dog"])
    text = run("sessions", "show", "talk", home=Path(settings.home), cwd=Path(video).parent).stdout
    assert "\x1b" not in text and "B. a dog" in text and "[bold]" in text
    assert "looked at c0, 0:00.0 - 0:04.0 of talk.mp4: details" in text and "3 captions (3 made, 0 reused)" in text
    assert "support: partly → supported" in text and "missing: his name" in text and "3 captions" in text


def test_a_conversation_is_told_with_what_came_before(video: str, fake: FakeServer) -> None:
    settings = settings_for(fake, max_rounds=2, looks_per_round=1)
    with open_sessions(settings) as sessions:
        for question in (QUESTION, "And what next?"):
            result = ask(sessions, video, question, "talk")
            assert result["thread_id"] == "talk"
    assert fake.count("FollowUp") == 1
    told = show("talk", settings)
    assert told["question"] == "And what next?" and told["taken_to_mean"] == "What did the mayor do next?"
    assert [turn["question"] for turn in told["earlier"]] == [QUESTION]
    assert told["rounds"][-1]["captions_reused"] == 3 and told["rounds"][-1]["captions_made"] == 0


def test_an_unfinished_thread_shows_what_there_is(video: str, fake: FakeServer) -> None:
    settings = settings_for(fake, max_rounds=2, looks_per_round=1)
    cut_short(settings, video, QUESTION, "talk", interrupt_after=CUT_SHORT)
    told = show("talk", settings)
    assert told["status"] == "unfinished" and told["answer"] is None and len(told["rounds"]) == 2
    assert told["rounds"][1]["verdict"] is None and told["rounds"][1]["captions_made"] == 3
    explanation.show_explanation(told)


def test_a_question_that_was_not_opened_yet_does_not_borrow_the_trace_before_it(video: str, fake: FakeServer) -> None:
    settings = settings_for(fake, max_rounds=1, looks_per_round=1)
    with open_sessions(settings) as sessions:
        ask(sessions, video, QUESTION, "talk")
    cut_short(settings, video, "And what next?", "talk", interrupt_before=["open_video"])
    with open_graph(checkpoint_file(settings)) as graph:
        session, values = state_of(graph, "talk")
    told = explain(values, not session.finished)
    assert told["question"] == "And what next?" and told["rounds"] == [] and told["answer"] is None
    assert [turn["question"] for turn in told["earlier"]] == [QUESTION] and told["status"] == "unfinished"


def test_a_session_of_an_earlier_version_is_told_as_far_as_it_goes() -> None:
    notes = [(0, "judge_relevance", "local"), (0, "check_sufficiency", "unsupported"), (1, "locate", "c1: the door")]
    values = {
        "question": "Who?",
        "status": "answered",
        "answer": "Ann",
        "trace": [{"round": r, "step": step, "text": text} for r, step, text in notes],
        "looked": [{"segment": "c1", "focus": "the door", "round": 1}],
        "found": [{"recording": "r", "caption": "a", "round": 1}],
    }
    told = explain(values)
    first, second = told["rounds"]
    assert (
        first["verdict"] is None and first["notes"] == ["check_sufficiency: unsupported"] and first["seconds"] is None
    )
    assert second["looks"] == [{"segment": "c1", "focus": "the door"}]
    assert (second["captions"], second["captions_made"], second["captions_reused"]) == (1, None, None)
    assert json.loads(json.dumps(told)) == told


def test_notes_of_the_tool_step_count_the_captions_and_locate_what_it_took_over() -> None:
    notes = [
        {"round": 1, "step": "locate", "text": "", "captions_reused": 2, "looks": [{"segment": "c1", "focus": ""}]},
        {"round": 1, "step": "tools", "text": "", "captions_made": 5, "captions_reused": 1},
    ]
    looked = [{"segment": "c1", "focus": "", "round": 1, "made": 5, "reused": 1}]
    for trace in (notes, notes[:1]):
        [round_] = explain({"trace": trace, "looked": looked})["rounds"]
        assert round_["captions_reused"] == 3
    assert explain({"trace": notes})["rounds"][0]["captions_made"] == 5
    [taken] = explain({"trace": [{"round": 1, "step": "locate", "text": "", "captions_reused": 2}]})["rounds"]
    assert (taken["captions_made"], taken["captions_reused"]) == (0, 2)


def test_looks_are_told_in_wall_clock_time_where_there_is_a_clock() -> None:
    part = Part("p", "v.mp4", 0.0, 60.0, clock="0 DAY1 11:09:42.00")
    clock = Clock.of(Recording("r", "v", (part,), Scopes((5, 1, 1), (1, 1, 1))))
    assert clock is not None
    look = {"segment": "c1", "video": "v", "start": 10.0, "end": 20.0, "focus": ""}
    values = {
        "recordings": [{"id": "r", "name": "v", "duration": 60.0}],
        "trace": [{"round": 1, "step": "locate", "text": "", "looks": [look]}],
    }
    assert explain(values, clocks={"r": clock})["rounds"][0]["looks"][0]["clock"] == "DAY1 11:09:52 - 11:10:02"
    assert "clock" not in explain(values)["rounds"][0]["looks"][0] and "clock" not in look


NOTES = st.lists(
    st.fixed_dictionaries(
        {"round": st.integers(0, 3), "step": st.sampled_from(["locate", "tools", "check_sufficiency", "answer", "x"])},
        optional={
            "text": st.text(max_size=9),
            "support": st.sampled_from(["partly", "supported"]),
            "confidence": st.floats(0, 1),
            "answer": st.text(max_size=9),
            "missing": st.text(max_size=9),
            "quotes": st.lists(st.text(max_size=9), max_size=2),
            "seconds": st.floats(0, 9),
            "captions_made": st.integers(0, 9),
        },
    ),
    max_size=8,
)


@given(NOTES, st.booleans())
def test_any_trace_can_be_explained(trace: list[dict[str, Any]], unfinished: bool) -> None:
    told = explain({"trace": trace, "question": "Q?"}, unfinished)
    assert [r["round"] for r in told["rounds"]] == sorted({r["round"] for r in told["rounds"]})
    assert all(before != after for round_ in told["rounds"] for before, after in round_["changed"].values())
    json.dumps(told)


def test_settings_are_told_only_where_they_differ() -> None:
    assert changed_settings({"max_rounds": 5, "reasoner": "extractive", "gone": 1}) == {"reasoner": "extractive"}


# The command


def test_sessions_are_listed_and_shown_and_wrong_use_is_one_line(video: str, fake: FakeServer, tmp_path: Path) -> None:
    home = tmp_path / "home"
    env = {**remote(fake), "VIDEOLUCY_CAPTIONER_URL": fake.url.replace("//", "//me:secret@")}
    done = run("ask", video, QUESTION, "--thread", "talk", home=home, cwd=tmp_path, **env)
    assert done.returncode == 0 and "thread talk" in done.stderr, done.stderr
    assert done.stdout.splitlines()[-1].startswith("videolucy sessions show talk")
    wrong = run("sessions", "show", home=home, cwd=tmp_path)
    said = [s for s in wrong.stderr.splitlines() if s.strip() and not s.startswith(("Usage:", "Try "))]
    assert wrong.returncode == 2 and len(said) == 1 and wrong.stdout == "", wrong.stderr

    def invoke(*words: str) -> Any:
        return CliRunner().invoke(app, ["sessions", *words])

    assert json.loads(invoke("--json").stdout)["thread_id"] == "talk" and "talk" in invoke().stdout
    shown = invoke("show", "talk", "--json")
    assert json.loads(shown.stdout)["thread_id"] == "talk" and "secret" not in shown.stdout
    assert isinstance(invoke("show", "nobody").exception, BadInput)
    assert isinstance(invoke("--json", "show", "talk").exception, BadInput)


# Conversations


@pytest.mark.parametrize("name", ["", "a b", "a/b", "ä", "x" * 65, "a\n"])
def test_a_thread_is_named_plainly(name: str) -> None:
    assert check_name("Talk_1.b-2") == "Talk_1.b-2"
    with pytest.raises(BadInput, match="1 to 64"):
        check_name(name)


def test_a_thread_stays_with_its_videos(video: str, fake: FakeServer, tmp_path: Path) -> None:
    other = make_video(tmp_path / "other.mp4", seconds=4, fps=4, size=(176, 96))
    moved = Path(video).with_name("renamed.mp4")
    with open_sessions(settings_for(fake, max_rounds=1)) as sessions:
        ask(sessions, video, QUESTION, "talk")
        with pytest.raises(BadInput, match="other videos"):
            ask(sessions, other, QUESTION, "talk")
        with pytest.raises(BadInput, match="other videos"):
            inputs = {"video": [video, other], "question": QUESTION}
            sessions.ask(inputs, check(sessions.settings, [video, other], [inputs]), thread="talk")
        both = {"video": [video, other], "question": QUESTION}
        sessions.ask(both, check(sessions.settings, [video, other], [both]), thread="both")
        with pytest.raises(BadInput, match="other videos"):
            ask(sessions, video, QUESTION, "both")
        Path(video).rename(moved)
        assert ask(sessions, str(moved), "And what next?", "talk")["thread_id"] == "talk", "same content, new name"


def test_an_unfinished_thread_goes_on_with_its_own_question_only(video: str, fake: FakeServer) -> None:
    settings = settings_for(fake, max_rounds=2, looks_per_round=1)
    cut_short(settings, video, QUESTION, "talk", interrupt_after=CUT_SHORT)
    judged = fake.count("Judgement")
    with open_sessions(settings) as sessions:
        for question, options in (("Another?", []), (QUESTION, ["a", "b"])):
            with pytest.raises(BadInput, match="videolucy resume talk"):
                ask(sessions, video, question, "talk", options=options)
        result = ask(sessions, video, QUESTION, "talk")
        assert result["status"] == "answered" and fake.count("Judgement") == judged == 1
        ask(sessions, video, "And what next?", "talk")
        assert fake.count("FollowUp") == 1


def test_a_file_of_questions_is_one_conversation_that_goes_on_where_it_stopped(
    video: str, fake: FakeServer, tmp_path: Path
) -> None:
    settings = settings_for(fake, max_rounds=1, looks_per_round=1)
    asked = [{"question": f"Question {n}?", "options": []} for n in range(3)]
    with open_sessions(settings) as sessions:
        assert sessions.unanswered("talk", asked) == asked, "a new thread"
        ask(sessions, video, "Question 0?", "talk")
        assert sessions.unanswered("talk", asked) == asked, "nothing was cut short"
    cut_short(settings, video, "Question 1?", "talk", interrupt_after=["judge_relevance"])
    file = tmp_path / "questions.txt"
    file.write_text("\n".join(item["question"] for item in asked))
    given = [f"--{name.replace('_', '-')}={value}" for name, value in settings.model_dump(exclude_unset=True).items()]
    done = CliRunner().invoke(app, ["ask", video, "--questions", str(file), "--thread", "talk", "--json", *given])
    assert done.exit_code == 0, done.output
    assert len([line for line in done.stdout.splitlines() if line.startswith("{")]) == 2
    assert "the first 1 of 3" in done.stderr and "thread talk (going on with it)" in done.stderr
    told = show("talk", settings)
    assert told["question"] == "Question 2?" and len(told["earlier"]) == 2


def test_new_and_thread_exclude_each_other(video: str) -> None:
    done = CliRunner().invoke(app, ["ask", video, QUESTION, "--thread", "talk", "--new"])
    assert isinstance(done.exception, BadInput) and "--new" in str(done.exception)


def test_a_follow_up_is_asked_with_the_exchange_of_its_thread(video: str, fake: FakeServer) -> None:
    with open_sessions(settings_for(fake, max_rounds=1)) as sessions:
        ask(sessions, video, QUESTION, "talk")
        ask(sessions, video, "And what next?", "elsewhere")
        assert fake.count("FollowUp") == 0, "another thread is another conversation"
        ask(sessions, video, "And what next?", "talk")
    [request] = [r for r in fake.chats if asked_for(r) == "FollowUp"]
    assert QUESTION in text_of(request)
