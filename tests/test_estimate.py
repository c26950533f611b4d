"""A prediction spends nothing, keeps within the budgets, and comes true on real runs."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as settings_of_hypothesis
from hypothesis import strategies as st

from app import open_graph
from commands.estimate import split
from graph.checkpoints import checkpoint_file
from graph.forecast import Forecast, forecast
from graph.history import History
from memory_store.records import Caption, Line, Part
from memory_store.segments import scopes_for
from memory_store.store import Memory
from tests.conftest import ROOT
from tests.fake_server import FakeReply, FakeServer, Request, asked_for, scripted, text_of
from tests.media import make_video
from tests.scripted import settings_for
from tests.test_cli import remote, run
from tools.errors import BadInput
from tools.estimate import Cost, Looking, Pace, Reasoning, Work, chapters, largest, left_of, steps
from tools.live import live_for, peek
from tools.settings import Settings
from tools.speech.recogniser import Recogniser, Recognition
from tools.taken import Taken
from tools.usage import Usage
from tools.video.download.address import Address
from tools.video.download.downloads import Kept
from tools.video.sources import find_parts

QUESTION = "Which number is shown?"
COUNTS = st.integers(0, 10_000)
COSTS = st.builds(
    Cost,
    st.floats(0, 10),
    COUNTS,
    COUNTS,
    COUNTS,
    COUNTS,
    COUNTS,
    st.none() | st.floats(0, 1e4),
    st.floats(0, 100),
)
COUNTED = ("rounds", "reasoner_calls", "captions", "frames", "tokens", "cost")


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAKE_KEY", "secret-key-1")


def uncounted(request: Request) -> FakeReply:
    """Reply as scripted, from a server that counts no tokens."""
    reply = scripted()(request)
    return FakeReply(reply if isinstance(reply, str) else json.dumps(reply), usage=None)


def predict(settings: Settings, *videos: str) -> Forecast:
    found = [find_parts(video) for video in videos]
    return forecast(peek(settings), found, settings.home_path / "checkpoints.sqlite", len(QUESTION))


def ask(settings: Settings, video: str, thread: str) -> dict[str, Any]:
    with open_graph(checkpoint_file(settings)) as graph:
        given = {"video": video, "question": QUESTION}
        graph.invoke(given, {"configurable": {"thread_id": thread}}, context=settings)
        return dict(graph.get_state({"configurable": {"thread_id": thread}}).values)


# Arithmetic


@given(cost=COSTS, spent=COSTS, tokens=COUNTS, calls=COUNTS, captions=COUNTS, seconds=st.floats(0, 1e4))
def test_nothing_is_predicted_beyond_what_a_budget_leaves(
    cost: Cost, spent: Cost, tokens: int, calls: int, captions: int, seconds: float
) -> None:
    given = {"max_tokens": tokens, "max_reasoner_calls": calls, "max_captions": captions, "max_frames": captions}
    settings = Settings.load(**given, max_seconds=seconds, max_cost=1.0, price_prompt=2.0, price_completion=3.0)
    left = left_of(settings, cost, spent)
    for name, limit in (("tokens", tokens), ("reasoner_calls", calls), ("captions", captions), ("frames", captions)):
        assert getattr(left, name) <= getattr(cost, name)
        assert not limit or getattr(left, name) + getattr(spent, name) <= max(limit, getattr(spent, name))
    assert left.cost + spent.cost <= max(1.0, spent.cost) + 1e-9
    assert (left.seconds is None) == (cost.seconds is None)
    if left.seconds is not None and seconds:
        assert left.seconds + (spent.seconds or 0) <= max(seconds, spent.seconds or 0) + 1e-6


@given(cost=COSTS, spent=COSTS)
def test_without_budgets_nothing_is_cut(cost: Cost, spent: Cost) -> None:
    assert left_of(Settings(), cost, spent) == cost


@given(cost=COSTS, bound=COSTS)
def test_a_cost_is_brought_below_another_and_keeps_its_mix(cost: Cost, bound: Cost) -> None:
    cut = cost.at_most(bound)
    assert all(getattr(cut, name) <= getattr(bound, name) for name in COUNTED)
    assert cut.prompt_tokens <= cost.prompt_tokens and cut.completion_tokens <= cost.completion_tokens


@given(st.lists(st.builds(Work, COUNTS, COUNTS, COUNTS, COUNTS), max_size=8), st.integers(0, 10))
def test_the_largest_looks_bound_any_choice_of_looks(looks: list[Work], count: int) -> None:
    most, first = largest(looks, count), sum(looks[:count], Work())
    assert all(getattr(most, name) >= getattr(first, name) for name in ("captions", "frames", "pixels", "chars"))
    assert largest(looks, count + 1).captions >= most.captions


@given(st.lists(st.integers(1, 500_000), min_size=1, max_size=5), st.integers(1, 48))
def test_chapters_are_few_and_none_where_memory_fits_one_prompt(sizes: list[int], most: int) -> None:
    count = chapters(sizes, 24_000, most)
    assert count <= most + len(sizes) and (sum(sizes) > 24_000 or count == 0) and count != 1


def caption(seconds: float, frames: int = 10, **tokens: int) -> Caption:
    extra = Taken(seconds, **tokens).to_extra()
    return Caption("id", "r", "c0", "coarse", 0, 10, (Line(0, 10, "A bird."),), frames=frames, extra=extra)


def test_the_pace_is_the_median_of_what_captions_took() -> None:
    captions = [caption(s, prompt_tokens=100 * s, completion_tokens=20) for s in (1, 2, 30)]
    assert Pace.of(captions) == Pace(2, 20, 20, 3)
    old = Caption("id", "r", "c0", "coarse", 0, 10, (), frames=3)
    assert Pace.of([old]) == Pace() and Pace.of([caption(4.0)]) == Pace(4.0, None, None, 1)


def test_time_is_shared_by_captions_made_at_once_and_unknown_where_nothing_is_known() -> None:
    work = Work(captions=8, frames=80, pixels=80 * 784, chars=4000)
    known = Looking(Pace(3.0, 10, 50, 1), at_once=4, longest=1024).usual(work)
    assert (known.seconds, known.prompt_tokens, known.completion_tokens) == (6.0, 800, 400)
    unknown = Looking(Pace(), at_once=4, longest=1024).usual(work)
    assert unknown.seconds is None and unknown.prompt_tokens == 80 + 1000
    assert Looking(Pace(), at_once=4, longest=1024).usual(Work()).seconds == 0.0
    embedded = Looking(Pace(3.0), at_once=2, longest=0)
    assert embedded.worst(work).tokens == 0 and embedded.usual(work).seconds == 12.0


def test_each_reply_may_be_asked_for_twice_and_a_reasoner_in_code_has_no_tokens() -> None:
    reasoning = Reasoning(longest=100, tries=2, seconds=2.0)
    worst = reasoning.worst(steps(5), 3_000)
    assert (steps(5), worst.reasoner_calls, worst.completion_tokens, worst.seconds) == (13, 26, 2600, 52.0)
    assert worst.prompt_tokens >= 2 * 1000 + 13 * 100
    in_code = Reasoning(longest=100, tries=2, most_calls=1)
    assert in_code.worst(13, 3_000) == Cost(reasoner_calls=1, seconds=None) and in_code.usual(6, 900).tokens == 0


def state(**more: Any) -> dict[str, Any]:
    return {"models": {"captioner": "c", "reasoner": "r"}, "round": 2, "looked": [{}, {}, {}], **more}


def test_history_is_of_sessions_with_the_same_models() -> None:
    trace = [{"step": "locate", "seconds": 3.0}, {"step": "check_sufficiency", "seconds": 90.0}, {"step": "answer"}]
    spent = Usage(reasoner_calls=6, prompt_tokens=600, completion_tokens=60)
    made = Usage(reasoner_calls=8, prompt_tokens=99_999, captions_made=5)
    states = [
        state(spent=spent.to_dict(), trace=trace),
        state(spent=made.to_dict(), round=1, looked=[{}]),
        state(models={"captioner": "other", "reasoner": "r"}, round=5),
    ]
    past = History.of(states, "c", "r")
    assert (past.sessions, past.rounds, past.looks, past.calls) == (2, 1.5, 2.0, 7.0)
    assert (past.prompt_tokens, past.completion_tokens, past.step_seconds) == (100.0, 10.0, 3.0)
    assert History.of(states, "c", "nobody") == History()


# Whole predictions


SCOPES = {"coarse_seconds": 60, "fine_seconds": 10, "ultra_seconds": 1}
CHOICES = st.fixed_dictionaries(
    {},
    optional={
        "max_rounds": st.integers(0, 6),
        "looks_per_round": st.integers(1, 4),
        "prompt_chars": st.integers(4_000, 40_000),
        "max_captions": st.integers(0, 60),
        "max_tokens": st.integers(0, 200_000),
        "max_cost": st.floats(0, 0.1),
        "price_prompt": st.floats(0, 5),
        "price_completion": st.floats(0, 20),
        "deepest": st.sampled_from(["coarse", "fine", "ultra-fine"]),
        "preset": st.sampled_from(["default", "paper", "published"]),
        "reasoner": st.sampled_from(["extractive", "compatible:m"]),
        "captioner": st.sampled_from(["basic", "compatible:m"]),
        "caption_tokens": st.integers(1, 2000),
        "reply_tokens": st.integers(1, 5000),
    },
)


def of_length(duration: float, folder: str, chosen: dict[str, Any]) -> Forecast:
    url = "http://127.0.0.1:9/v1"
    given = {"speech": "none", "embedder": "lexical", "captioner_url": url, "reasoner_url": url, "captioner": "basic"}
    settings = Settings.load(**{**given, "home": folder, **SCOPES, **chosen})
    part = Part(f"id-{duration}", "nowhere.mp4", 0.0, duration, 640, 360)
    return forecast(peek(settings), [("v", (part,))], Path(folder) / "none.sqlite", 40)


@settings_of_hypothesis(max_examples=40)
@given(short=st.floats(1, 4_000), more=st.floats(0, 4_000), chosen=CHOICES)
def test_expected_is_never_above_worst_and_longer_videos_never_take_less(
    short: float, more: float, chosen: dict[str, Any], tmp_path_factory: pytest.TempPathFactory
) -> None:
    one, other = (of_length(length, str(tmp_path_factory.getbasetemp()), chosen) for length in (short, short + more))
    for made in (one, other):
        for name in COUNTED:
            assert getattr(made.expected, name) <= getattr(made.worst, name), name
        total = made.coarse + made.summaries + made.worst
        for name, limit in (("captions", "max_captions"), ("tokens", "max_tokens"), ("cost", "max_cost")):
            assert not chosen.get(limit) or getattr(total, name) <= chosen[limit] + 1e-9
    if scopes_for(short) != scopes_for(short + more):
        # A longer class is looked at more sparsely: 61 s take 122 coarse frames, 120 s take 120.
        return
    assert one.coarse.captions <= other.coarse.captions and one.coarse.frames <= other.coarse.frames
    unlimited = not any(chosen.get(name) for name in ("max_captions", "max_tokens", "max_cost"))
    for name in COUNTED if unlimited else ():
        assert getattr(one.worst, name) <= getattr(other.worst, name), name
        assert getattr(one.expected, name) <= getattr(other.expected, name), name


def test_a_run_takes_no_more_than_predicted_and_the_coarse_pass_exactly_that(tmp_path: Path) -> None:
    video = make_video(tmp_path / "v.mp4", seconds=21, fps=4, size=(160, 90))
    with FakeServer(uncounted) as server:
        settings = settings_for(server, max_rounds=2, price_prompt=1.0, price_completion=2.0)
        before = predict(settings, video)
        assert server.requests == [] and not settings.home_path.exists(), "a prediction spends and writes nothing"
        assert before.coarse.seconds is None and before.to_dict()["question"]["expected"]["seconds"] is None
        first = ask(settings, video, "first")
        after = predict(settings, video)
        second = ask(settings, video, "second")
    spent = Usage.from_dict(first["spent"])
    assert before.coarse.captions == 6 == server.count("caption") - sum(look["made"] for look in first["looked"])
    total = before.coarse + before.summaries + before.worst
    assert first["round"] <= before.worst.rounds and spent.captions_made <= total.captions
    assert spent.frames <= total.frames and spent.reasoner_calls <= total.reasoner_calls
    assert spent.prompt_tokens <= total.prompt_tokens and spent.completion_tokens <= total.completion_tokens
    assert spent.cost <= total.cost
    told = after.to_dict()
    assert told["coarse"]["captions"] == 0 and told["coarse"]["captions_in_memory"] == 6
    assert told["video"][0]["in_memory"] and "the one finished session" in told["basis"]
    assert told["question"]["expected"]["rounds"] == 2 and after.expected.reasoner_calls == spent.reasoner_calls
    assert after.expected.seconds is not None and "not known" not in told["basis"]
    assert 0 < Usage.from_dict(second["spent"]).prompt_tokens <= after.worst.prompt_tokens


def test_a_reasoner_that_must_be_asked_twice_takes_no_more_than_the_worst(tmp_path: Path) -> None:
    video = make_video(tmp_path / "v.mp4", seconds=12, fps=4, size=(160, 90))
    asked: Counter[str] = Counter()

    def stubborn(request: Request) -> Any:
        kind = asked_for(request)
        asked[kind] += 1
        return "Let me think about it." if kind != "caption" and asked[kind] % 2 else uncounted(request)

    with FakeServer(stubborn) as server:
        settings = settings_for(server, max_rounds=2)
        worst = predict(settings, video).worst
        spent = Usage.from_dict(ask(settings, video, "q")["spent"])
    assert spent.reasoner_calls == worst.reasoner_calls == 2 * 7


def test_what_sessions_took_under_other_settings_is_not_expected_beyond_the_worst(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    past = History(sessions=3, rounds=9.0, looks=90.0, calls=900.0, prompt_tokens=1e6, completion_tokens=1e5)
    monkeypatch.setattr("graph.forecast.history", lambda *_: past)
    chosen = {"captioner": "compatible:m", "reasoner": "compatible:m", "max_rounds": 1}
    made = of_length(300, str(tmp_path), chosen)
    assert made.expected.rounds == 1 and made.expected.completion_tokens <= made.worst.completion_tokens
    assert all(getattr(made.expected, name) <= getattr(made.worst, name) for name in COUNTED)


def test_pictures_are_predicted_at_the_size_they_are_sent_with(tmp_path: Path) -> None:
    video = make_video(tmp_path / "v.mp4", seconds=12, fps=4, size=(320, 180))
    with FakeServer(uncounted) as server:
        settings = settings_for(server, max_rounds=0)
        coarse = predict(settings, video).coarse
        spent = Usage.from_dict(ask(settings, video, "q")["spent"])
        captions = live_for(settings).memory.captions(find_recording(settings), level="coarse")
    assert coarse.frames == spent.frames == len(server.images)
    measured = sum(caption.extra["prompt_tokens"] for caption in captions)
    assert measured == pytest.approx(coarse.prompt_tokens, rel=0.02)


def find_recording(settings: Settings) -> str:
    [recording] = live_for(settings).memory.recordings()
    return recording.id


def test_what_a_caption_took_is_kept_beside_it_and_in_no_prompt(tmp_path: Path) -> None:
    video = make_video(tmp_path / "v.mp4", seconds=8, fps=4, size=(160, 90))
    with FakeServer() as server:
        settings = settings_for(server, max_rounds=1)
        ask(settings, video, "q")
        captions = live_for(settings).memory.captions(find_recording(settings))
    assert all(c.extra["seconds"] >= 0 and c.extra["prompt_tokens"] == 100 for c in captions)
    assert all(c.extra["completion_tokens"] == 20 for c in captions)
    assert not any("prompt_tokens" in text_of(request) for request in server.chats)


def test_a_vision_model_describes_anew_what_it_will_be_told_words_of(tmp_path: Path) -> None:
    """A caption is signed with the words said: those that are not read yet make the captions in memory others."""
    video = make_video(tmp_path / "v.mp4", seconds=8, fps=4, size=(160, 90))
    with FakeServer() as server:
        settings = settings_for(server, max_rounds=0)
        ask(settings, video, "q")
        assert predict(settings, video).coarse.captions == 0
        (tmp_path / "v.srt").write_text("1\n00:00:01,000 --> 00:00:03,000\nGood morning.\n")
        made = server.count("caption")
        assert predict(settings, video).coarse.captions == 2
        ask(settings, video, "again")
        assert 0 < server.count("caption") - made <= 2


def test_sound_is_to_be_recognised_once_and_how_long_it_takes_is_known_from_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first recording is heard; the second takes as long, second for second."""
    monkeypatch.setattr(Recogniser, "recognise", lambda *_: ([Line(0.5, 1.0, "Good morning.")], "en"))
    source = Recogniser("whisper-x", "")
    monkeypatch.setattr("tools.parts.source_of", lambda part, *_: Recognition(part.path, 0, source))
    heard = make_video(tmp_path / "heard.mp4", seconds=4, fps=4, size=(160, 90), audio=True)
    other = make_video(tmp_path / "other.mp4", seconds=6, fps=4, size=(176, 96), audio=True)
    with FakeServer() as server:
        settings = settings_for(server, max_rounds=0)
        before = predict(settings, heard).to_dict()["coarse"]["speech"]
        assert before["sound"] == pytest.approx(4, abs=0.2) and before["seconds"] is None
        ask(settings, heard, "q")
        assert predict(settings, heard).to_dict()["coarse"]["speech"] == {"sound": 0, "seconds": 0.0}
        memory = live_for(settings).memory
        [(name, pace)] = [(k, v) for k, v in memory.notes(find_recording(settings)).items() if k.startswith("pace ")]
        assert name == "pace whisper-x" and pace >= 0
        memory.note(find_recording(settings), **{name: 0.5})
        after = predict(settings, other).to_dict()["coarse"]["speech"]
    assert after["seconds"] == pytest.approx(3, abs=0.2)


def test_a_recording_is_predicted_once_and_one_that_grew_only_for_what_is_new(tmp_path: Path) -> None:
    folder = tmp_path / "day"
    folder.mkdir()
    make_video(folder / "clip1.mp4", seconds=8, fps=4, size=(160, 90))
    with FakeServer() as server:
        settings = settings_for(server, max_rounds=0)
        ask(settings, str(folder), "q")
        make_video(folder / "clip2.mp4", seconds=8, fps=4, size=(176, 96))
        grown = predict(settings, str(folder), str(folder))
    told = grown.to_dict()
    assert grown.coarse.captions == 2 and told["coarse"]["captions_in_memory"] == 2 and len(told["video"]) == 1


def test_memory_is_read_beside_a_writer_that_holds_it(tmp_path: Path) -> None:
    video = make_video(tmp_path / "v.mp4", seconds=4, fps=4, size=(160, 90))
    settings = Settings.load(captioner="basic", reasoner="extractive", embedder="lexical", speech="none")
    command = [sys.executable, "-m", "tests.memory_process", settings.store_path, "hold"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as writer:
        try:
            assert writer.stdout and writer.stdout.readline() == "held\n"
            assert predict(settings, video).coarse.captions == 1
        finally:
            writer.kill()


# The command


@pytest.mark.parametrize(
    ("words", "videos", "question"),
    [
        (["a.mp4"], ["a.mp4"], ""),
        (["a.mp4", "Who is it?"], ["a.mp4"], "Who is it?"),
        (["a.mp4", "b.mkv"], ["a.mp4", "b.mkv"], ""),
        (["a.mp4", "https://example.org/v"], ["a.mp4", "https://example.org/v"], ""),
        (["a.mp4", "What happens in talk.mp4"], ["a.mp4"], "What happens in talk.mp4"),
    ],
)
def test_the_last_word_is_a_question_unless_it_names_a_video(
    words: list[str], videos: list[str], question: str
) -> None:
    assert split(words) == (videos, question)


def test_what_was_downloaded_is_found_and_nothing_else_is_fetched(tmp_path: Path) -> None:
    address = "https://user:secret@example.org/talk.mp4?sign=secret"
    kept = Kept(tmp_path, 10, print)
    with pytest.raises(BadInput, match="not here yet") as problem:
        find_parts(address, downloads=kept)
    assert "secret" not in str(problem.value)
    video = Path(make_video(tmp_path / "v.mp4", seconds=1))
    content = video.rename(tmp_path / "abc")
    (tmp_path / "index").mkdir()
    entry = {"content": "abc", "name": "talk.mp4", "bytes": content.stat().st_size}
    (tmp_path / "index" / f"{Address.of(address).key}.json").write_text(json.dumps(entry))
    name, parts = find_parts(address, downloads=kept)
    assert name == "talk.mp4" and len(parts) == 1


def test_the_command_prints_a_table_or_one_object_and_leaves_no_trace(tmp_path: Path) -> None:
    video = make_video(tmp_path / "v.mp4", seconds=4)
    home = tmp_path / "home"
    with FakeServer() as server:
        env = {**remote(server), "VIDEOLUCY_PRICE_PROMPT": "1"}
        done = run("estimate", video, "Which one?", "-o", "a", "-o", "b", "--json", home=home, cwd=tmp_path, **env)
        assert done.returncode == 0, done.stderr
        told = json.loads(done.stdout)
        assert list(told) == ["video", "coarse", "question", "basis"] and server.requests == []
        assert list(told["question"]) == ["expected", "worst"] and told["coarse"]["seconds"] is None
        assert told["question"]["worst"]["rounds"] == 1 and told["question"]["worst"]["cost"] > 0
        table = run("estimate", video, home=home, cwd=tmp_path, COLUMNS="100", **env).stdout
    assert "not known yet" in table and "captions to make" in table and not home.exists()


@pytest.mark.parametrize(
    "words", [["nowhere.mp4"], ["https://example.org/v.mp4"], ["v.mp4", "-o", "a"], ["v.mp4", " "], []]
)
def test_a_wrong_estimate_is_one_line_and_exit_code_two(words: list[str], tmp_path: Path) -> None:
    make_video(tmp_path / "v.mp4", seconds=1)
    done = run("estimate", *words, home=tmp_path / "h", cwd=tmp_path)
    said = [line for line in done.stderr.splitlines() if line.strip() and not line.startswith(("Usage:", "Try "))]
    assert done.returncode == 2 and len(said) == 1 and done.stdout == "", done.stderr


def test_memory_opened_by_a_prediction_cannot_be_written(tmp_path: Path) -> None:
    assert isinstance(peek(Settings.load(embedder="lexical")).memory, Memory)
    with pytest.raises(Exception, match="reading only"):
        peek(Settings.load(embedder="lexical")).memory.note("r", a=1)
