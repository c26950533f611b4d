"""The benchmarks as released: what a reader takes from their files, and what it says of bad ones."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from evaluation.readers import egomem, lvbench, mlvu, plain, videomme
from evaluation.readers.times import clocked, played
from evaluation.records import UNANSWERABLE, Benchmark, Question
from evaluation.videos import find_videos, with_subtitles
from tests import released
from tools.errors import BadInput
from tools.settings import Settings


def by_id(benchmark: Benchmark) -> dict[str, Question]:
    return {question.id: question for question in benchmark.questions}


def test_egomem_as_released(tmp_path: Path) -> None:
    benchmark = egomem.read(released.egomem(tmp_path))
    found = by_id(benchmark)
    assert len(found) == 19
    first = found["0"]
    assert (first.video, first.options, first.answer) == ("A1_JAKE_DAY1", ("one", "two", "three", "four"), 1)
    assert first.categories == {"type": ("Detail",), "kind": ("Detail",)}
    assert first.clock_evidence == (("13:34:26", "13:35:35"),)
    # The kind of an Event question is told by its place alone.
    kinds = [found[str(252 + place)].categories["kind"][0] for place in range(6)]
    assert kinds == list(egomem.EVENTS)
    assert [found[str(350 + place)].categories["kind"][0] for place in range(6)] == list(egomem.EVENTS)
    assert found["253"].clock_evidence == (("12:51:00", "13:21:00"), ("14:00:00", "14:30:00"))
    assert found["252"].needs_clock and not found["253"].needs_clock
    # Arrows are part of an option, its letter is not.
    assert found["254"].options[0] == "1→a / 2→c"


def test_egomems_known_defects_are_told_and_none_is_lost(tmp_path: Path) -> None:
    found = by_id(egomem.read(released.egomem(tmp_path)))
    assert found["141"].answer is None and found["141"].corrected == 1
    assert set(found["141"].defects) == {egomem.EMPTY, UNANSWERABLE}
    assert found["354"].answer is None and found["354"].corrected is None
    assert set(found["354"].defects) == {egomem.NO_E, egomem.DROPPED, UNANSWERABLE}
    assert (found["211"].answer, found["211"].cleaned, found["211"].defects) == (3, 2, (egomem.AGAINST,))
    assert found["32"].defects == (egomem.TWICE,)
    assert set(found["252"].defects) == {egomem.CLOCK, egomem.DROPPED}
    assert found["0"].defects == ()


def test_what_cannot_be_answered_is_wrong_as_released_and_left_out_of_the_cleaned_score(tmp_path: Path) -> None:
    found = by_id(egomem.read(released.egomem(tmp_path)))
    empty, no_e, against = found["141"], found["354"], found["211"]
    assert [empty.is_right(choice) for choice in (0, 1, None)] == [False, False, False]
    assert empty.is_right(1, cleaned=True) is True and empty.is_right(3, cleaned=True) is False
    assert no_e.is_right(2) is False and no_e.is_right(2, cleaned=True) is None
    assert against.is_right(3) is True and against.is_right(3, cleaned=True) is False
    # Which of two options of the same text is chosen makes no difference.
    assert found["32"].is_right(0) is True and found["32"].is_right(2) is True and found["32"].is_right(1) is False


def test_cleaned_egomem_asks_the_mended_questions(tmp_path: Path) -> None:
    found = by_id(egomem.read(released.egomem(tmp_path), cleaned=True))
    assert len(found) == 19
    assert (found["141"].answer, found["211"].answer) == (1, 2)
    assert (found["354"].options[4], found["354"].answer, found["354"].defects) == ("five", 4, ())
    assert found["252"].question == "Order of events from 12:40 PM and 18:30 PM?"
    assert found["252"].options == ("one", "two", "three", "four", "five")


def test_without_annotations_only_what_nobody_can_answer_is_left_out(tmp_path: Path) -> None:
    source = released.egomem(tmp_path / "whole") / "EgoMem.json"
    alone = tmp_path / "EgoMem.json"
    alone.write_bytes(source.read_bytes())
    assert by_id(egomem.read(alone))["0"].clock_evidence == ()
    cleaned = by_id(egomem.read(alone, cleaned=True))
    assert "354" not in cleaned and len(cleaned) == 18
    assert len(cleaned["252"].options) == 4


def test_the_defect_table_is_the_one_found_in_the_released_file() -> None:
    names = (egomem.EMPTY, egomem.NO_E, egomem.AGAINST, egomem.TWICE, egomem.CLOCK)
    kinds = {name: sorted(key for key, one in egomem.DEFECTS.items() if one.name == name) for name in names}
    assert kinds[egomem.EMPTY] == ["141", "148"] and kinds[egomem.NO_E] == ["354", "401"]
    assert kinds[egomem.TWICE] == ["262", "32", "33", "374"]
    assert kinds[egomem.AGAINST] == ["211"] and kinds[egomem.CLOCK] == ["252"]
    assert egomem.DEFECTS["148"].answer == "D"


def test_lvbench_takes_the_options_out_of_the_question(tmp_path: Path) -> None:
    two = released.lvbench_qa("56", question_type=["entity recognition", "reasoning"])
    benchmark = lvbench.read(released.lvbench(tmp_path, released.lvbench_qa("55"), two))
    first, second = benchmark.questions
    assert (first.id, first.video) == ("55", "Cm73ma6Ibcs")
    assert first.question == "What year is it?"
    assert first.options == ("1636", "1366", "1363", "1633") and first.answer == 3
    assert first.evidence == ((15.0, 19.0),)
    assert first.duration == pytest.approx(3726)
    assert first.categories == {"question_type": ("KIR",), "video_type": ("cartoon",)}
    assert second.categories["question_type"] == ("ER", "Rea")
    # The folder it lies in will do.
    assert lvbench.read(tmp_path).questions == benchmark.questions


def test_lvbench_options_of_several_lines_and_letters_inside_them() -> None:
    text, options = lvbench.split_options("Who is (B) here?\n(A) Dr. A. Smith\nand his son\n(B) plan (C)\n(C) x\n(D) y")
    assert text == "Who is (B) here?"
    assert options == ("Dr. A. Smith\nand his son", "plan (C)", "x", "y")
    listed = lvbench.split_options("Which?\n(A) one\n(C) or two\n(B) three")
    assert listed == ("Which?", ("one\n(C) or two", "three"))
    assert lvbench.split_options("Which?\nA. one\nB. two") == ("Which?", ("one", "two"))
    assert lvbench.split_options("A. Smith\n(A) one\n(B) two") == ("A. Smith", ("one", "two"))


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        ("00:15-00:19", ((15, 19),)),
        ("1:02:03-1:02:10", ((3723, 3730),)),
        ("75:10 - 76:00", ((4510, 4560),)),
        ("00:15–00:19", ((15, 19),)),
        ("00：15~00：19", ((15, 19),)),
        ("00:15 to 00:19", ((15, 19),)),
        ("00:15-00:19, 01:00-01:05", ((15, 19), (60, 65))),
        ("00:15-00:19;01:00", ((15, 19), (60, 61))),
        ("00:19-00:15", ((15, 19),)),
        ("00:15-00:15", ((15, 16),)),
        ("01:30", ((90, 91),)),
        ("0:5-0:9", ((5, 9),)),
        ("", ()),
        ("whole video", ()),
    ],
)
def test_time_references_in_odd_forms(written: str, seconds: Any) -> None:
    assert played(written) == seconds


@pytest.mark.parametrize(
    ("written", "clock"),
    [
        ("From 13:34:26 to 13:35:35, he", (("13:34:26", "13:35:35"),)),
        ("a 12:51-13:21, b 14:00~14:05", (("12:51:00", "13:21:00"), ("14:00:00", "14:05:00"))),
        ("At 13:34:26, he", (("13:34:26", "13:34:27"),)),
        ("by 1:40 PM", (("13:40:00", "13:41:00"),)),
        ("23:50-23:59", (("23:50:00", "23:59:00"),)),
        ("23:50-00:10", (("23:50:00", "23:59:59"),)),
        ("at 23:59", (("23:59:00", "23:59:59"),)),
        ("no time at all", ()),
    ],
)
def test_clock_times_in_reasons(written: str, clock: Any) -> None:
    assert clocked(written) == clock


def test_lvbench_keeps_a_question_whose_reference_cannot_be_read(tmp_path: Path) -> None:
    (question,) = lvbench.read(released.lvbench(tmp_path, released.lvbench_qa("1", "the whole film"))).questions
    assert question.evidence == () and question.defects == (lvbench.UNREADABLE,)


def videomme_parquet(path: Path, *rows: dict[str, Any]) -> Path:
    import pyarrow as pa
    import pyarrow.parquet as parquet

    path.parent.mkdir(parents=True, exist_ok=True)
    parquet.write_table(pa.Table.from_pylist(list(rows)), path)
    return path


def test_videomme_parquet(tmp_path: Path) -> None:
    rows = (released.videomme_row(1), released.videomme_row(2, duration="long", videoID="abc", answer="A"))
    videomme_parquet(tmp_path / "videomme/test-00000-of-00001.parquet", *rows)
    benchmark = videomme.read(tmp_path)
    first, second = benchmark.questions
    assert (first.id, first.video, first.answer) == ("001-1", "fFjv93ACGo8", 2)
    assert first.options == ("Apples.", "Candles.", "Berries.", "The three kinds are of the same number.")
    assert first.categories["task_type"] == ("Counting Problem",)
    assert (second.video, second.answer) == ("abc", 0)
    assert benchmark.settings == {"speech": "none"} and benchmark.published["overall"] == 72.5


def test_videomme_template_is_read_like_the_parquet(tmp_path: Path) -> None:
    (question,) = videomme.read(released.videomme_template(tmp_path / "results.json", "C")).questions
    assert (question.id, question.video, question.answer) == ("001-1", "001", 2)
    assert question.categories == {
        "duration": ("short",),
        "domain": ("Knowledge",),
        "sub_category": ("Humanity & History",),
        "task_type": ("Counting Problem",),
    }


def test_videomme_with_subtitles_hands_in_those_there_are(tmp_path: Path) -> None:
    file = videomme_parquet(tmp_path / "a.parquet", released.videomme_row(1), released.videomme_row(2, videoID="none"))
    subtitle = tmp_path / "subtitle/fFjv93ACGo8.srt"
    subtitle.parent.mkdir()
    tagged = '1\n00:00:01,000 --> 00:00:03,500\n<font color="white" size=".72c">Hello there</font>\n'
    subtitle.write_text(tagged, "utf-8")
    benchmark = videomme.read(file, subtitles=subtitle.parent)
    assert [question.subtitle for question in benchmark.questions] == [str(subtitle), None]
    assert benchmark.settings == {"speech": "subtitles"} and not benchmark.published
    # Beside the video it is found by itself, and read without its tags.
    video = tmp_path / "data/fFjv93ACGo8.mp4"
    video.parent.mkdir()
    video.write_bytes(b"not opened here")
    for _ in range(2):
        linked = with_subtitles(video, subtitle, tmp_path / "linked")
    from tools.speech.subtitles import beside

    found = beside(str(linked), "")
    assert found and [line.text for piece in found.pieces() for line in piece.lines] == ["Hello there"]


def test_mlvu_answers_are_texts(tmp_path: Path) -> None:
    benchmark = mlvu.read(released.mlvu(tmp_path))
    first, odd, count = benchmark.questions
    assert benchmark.name == "mlvu"
    assert (first.id, first.video, first.answer, first.duration) == ("2_needle-0", "2_needle/needle_32.mp4", 3, 467.98)
    # "2" is the fourth candidate's text, not the second candidate.
    assert count.answer == 3 and count.categories == {"task": ("count",)}
    assert odd.answer is None and odd.defects == (UNANSWERABLE, mlvu.NO_CANDIDATE)
    assert odd.is_right(0) is False and odd.is_right(0, cleaned=True) is None


def test_mlvu_generation_tasks_only_when_asked_for(tmp_path: Path) -> None:
    *_, scene = mlvu.read(released.mlvu(tmp_path), generation=True).questions
    assert scene.options == () and scene.reference == "He kicks it twice and it falls."
    assert scene.scoring_points == ("1. He kicks the door.", "2. It falls.")
    assert scene.is_right(None) is None


def test_mlvu_test_set_has_ids_of_its_own(tmp_path: Path) -> None:
    row = {
        "question_id": "AR_0",
        "question_type": "anomaly_reco",
        "video": "test_surveil_1.mp4",
        "duration": 100,
        "question": "?",
        "candidates": ["a1", "b1", "c1", "d1", "e1", "f1"],
        "answer": "e1",
    }
    released.write_json(tmp_path / "test_multi_choice_tasks.json", [row, row | {"question_id": "AR_1", "answer": None}])
    benchmark = mlvu.read(tmp_path / "test_multi_choice_tasks.json")
    first, unknown = benchmark.questions
    assert benchmark.name == "mlvu-test" and not benchmark.published
    assert (first.id, first.video, first.answer, len(first.options)) == ("AR_0", "test_surveil_1.mp4", 4, 6)
    assert unknown.is_right(2) is None


def test_plain_questions_of_ones_own(tmp_path: Path) -> None:
    rows = [
        {"id": 7, "video": "talk.mp4", "question": "Which?", "options": ["A. this", "B. that"], "answer": "B"},
        {"video": "talk", "question": "Which?", "options": ["this", "that"], "answer": 0, "evidence": [[1, 2.5]]},
        {"video": "talk", "question": "Which?", "options": ["x", "y"], "answer": "y", "categories": {"task": "easy"}},
        {"video": "talk", "question": "At 12:30?", "answer": "forty", "evidence": [["01:30", "1:00:00"]]},
        {"video": "a", "question": "?", "options": ["b", "a"], "answer": "a", "clock_evidence": [["9:05", "9:06:10"]]},
        {"video": "a", "question": "?", "options": ["1", "2"], "categories": {"task": ["p", "q"]}, "duration": 60},
    ]
    benchmark = plain.read(released.write_lines(tmp_path / "own.jsonl", rows))
    seven, index, text, opened, same, unknown = benchmark.questions
    assert (seven.id, seven.options, seven.answer) == ("7", ("this", "that"), 1)
    assert (index.id, index.answer, index.evidence) == ("2", 0, ((1.0, 2.5),))
    assert (text.answer, text.categories) == (1, {"task": ("easy",)})
    assert (opened.reference, opened.answer, opened.needs_clock) == ("forty", None, True)
    assert opened.evidence == ((90.0, 3600.0),)
    # The text of an option goes before the letter of another.
    assert same.answer == 1 and same.clock_evidence == (("09:05:00", "09:06:10"),)
    assert unknown.answer is None and unknown.categories == {"task": ("p", "q")} and unknown.duration == 60.0


def test_plain_questions_that_were_written_are_read_as_they_were(tmp_path: Path) -> None:
    asked = (
        Question(
            "1", "v.mp4", "Which «sign»?", ("a", "b"), 1, categories={"kind": ("text", "x")}, evidence=((1.5, 3.0),)
        ),
        Question("2", "w.mp4", "What is said?", reference="Nothing.", duration=60.0),
    )
    plain.write(tmp_path / "own.jsonl", asked)
    assert plain.read(tmp_path / "own.jsonl").questions == asked


def _line(**changes: Any) -> str:
    return json.dumps({"video": "a", "question": "q?", "options": ["x", "y"], "answer": "A"} | changes)


BAD: list[tuple[Callable[[Path], Any], str, str, list[str]]] = [
    (plain.read, "q.jsonl", "{", ["q.jsonl, line 1", "no JSON"]),
    (plain.read, "q.jsonl", "[1]", ["line 1", "an object with fields is expected"]),
    (plain.read, "q.jsonl", "", ["holds no question"]),
    (plain.read, "q.jsonl", "\udcff", ["cannot read", "UTF-8"]),
    (plain.read, "q.jsonl", _line() + "\n" + _line(question=" "), ["line 2, field 'question'", "empty"]),
    (plain.read, "q.jsonl", _line(video=None), ["line 1, field 'video'", "missing"]),
    (plain.read, "q.jsonl", _line(answer="Z"), ["field 'answer'", "'Z'"]),
    (plain.read, "q.jsonl", _line(answer=2), ["field 'answer'", "0 to 1"]),
    (plain.read, "q.jsonl", _line(options="xy"), ["field 'options'", "a list of texts"]),
    (plain.read, "q.jsonl", _line(options=["x"]), ["field 'options'", "2 to 26"]),
    (plain.read, "q.jsonl", _line(options=["x", {}]), ["field 'options'", "an object"]),
    (plain.read, "q.jsonl", _line(evidence=[[5, 2]]), ["field 'evidence'", "after the start"]),
    (plain.read, "q.jsonl", _line(evidence=[[5, 5]]), ["field 'evidence'", "after the start"]),
    (plain.read, "q.jsonl", _line(evidence=[5, 2]), ["field 'evidence'", "pairs"]),
    (plain.read, "q.jsonl", _line(evidence=[["x:y", "z"]]), ["field 'evidence'", "no time"]),
    (plain.read, "q.jsonl", _line(clock_evidence=[["25:00", "26:00"]]), ["field 'clock_evidence'", "no time"]),
    (plain.read, "q.jsonl", _line(duration="long"), ["field 'duration'", "a number"]),
    (plain.read, "q.jsonl", _line(duration=-1), ["field 'duration'", "from 0 on"]),
    (plain.read, "q.jsonl", _line(duration=float("nan")), ["field 'duration'", "a number"]),
    (plain.read, "q.jsonl", _line(categories=["x"]), ["field 'categories'", "an object"]),
    (plain.read, "q.jsonl", _line(anwser="A"), ["field 'anwser'", "no such field"]),
    (plain.read, "q.jsonl", _line(id=1) + "\n" + _line(id=1), ["two questions have the id '1'"]),
    (plain.read, "q.jsonl", "[" * 100_000, ["line 1", "no JSON"]),
    (egomem.read, "EgoMem.json", "{}", ["a list of objects is expected"]),
    (egomem.read, "EgoMem.json", json.dumps([released.egomem_row("0", "Other")]), ["row 1, field 'type'", "'Other'"]),
    (
        egomem.read,
        "EgoMem.json",
        json.dumps([released.egomem_row("0", answer="BC")]),
        ["row 1, field 'answer'", "letter"],
    ),
    (egomem.read, "EgoMem.json", "[{]", ["line 1, column 3", "no JSON"]),
    (lvbench.read, "video_info.meta.jsonl", '{"key": "x"}', ["line 1, field 'qa'", "a list is expected"]),
    (
        lvbench.read,
        "video_info.meta.jsonl",
        json.dumps({"key": "x", "qa": [released.lvbench_qa("1", question="no options")]}),
        ["line 1, qa 1, field 'question'", "no options"],
    ),
    (mlvu.read, "1_plotQA.json", '[{"question_type": "plotQA"}]', ["row 1, field 'video'", "missing"]),
    (videomme.read, "x.parquet", "not parquet", ["cannot read", "as parquet"]),
    (videomme.read, "x.json", '[{"video_id": "001"}]', ["row 1, field 'questions'", "a list is expected"]),
]


@pytest.mark.parametrize(("read", "name", "text", "told"), BAD, ids=[f"{name}-{told[-1]}" for _, name, _, told in BAD])
def test_a_bad_file_gets_one_line_with_file_row_and_field(
    tmp_path: Path, read: Callable[[Path], Any], name: str, text: str, told: list[str]
) -> None:
    file = tmp_path / name
    file.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(BadInput) as problem:
        read(file)
    line = str(problem.value)
    assert all(words in line for words in told), line
    assert name in line and "\n" not in line


@pytest.mark.parametrize("read", [plain.read, egomem.read, lvbench.read, mlvu.read, videomme.read])
def test_a_missing_file_or_an_empty_folder_gets_one_line(tmp_path: Path, read: Callable[[Path], Any]) -> None:
    (tmp_path / "empty").mkdir()
    for path in (tmp_path / "no.jsonl", tmp_path / "empty"):
        with pytest.raises(BadInput, match="cannot read|holds no"):
            read(path)


def test_annotations_of_another_count_are_refused(tmp_path: Path) -> None:
    released.egomem(tmp_path)
    released.write_json(tmp_path / "annos/event/A1_JAKE_DAY1_Event_QA.json", [{"reason": ""}])
    with pytest.raises(BadInput, match="Event_QA.json holds 1 questions, and EgoMem.json 6"):
        egomem.read(tmp_path)


@pytest.mark.parametrize(
    ("name", "question", "seconds", "expected"),
    [
        ("mlvu", Question("1", "v", "?", duration=599.9), None, (30, 5, 1, 1, 2, 2)),
        ("mlvu", Question("1", "v", "?", duration=600), None, (60, 5, 1, 1, 2, 2)),
        ("mlvu", Question("1", "v", "?", duration=32550), None, (200, 10, 1, 1, 2, 2)),
        ("videomme", Question("1", "v", "?", categories={"duration": ("short",)}), None, (5, 1, 1, 2, 4, 4)),
        ("videomme", Question("1", "v", "?", categories={"duration": ("medium",)}), 3000, (50, 5, 1, 1, 2, 2)),
        ("videomme", Question("1", "v", "?"), 2400, (100, 10, 1, 1, 2, 2)),
        ("lvbench", Question("1", "v", "?"), 3600, (150, 10, 1, 1, 2, 2)),
        ("lvbench", Question("1", "v", "?", duration=7000), 5399, (150, 10, 1, 1, 2, 2)),
        ("egomem", Question("1", "v", "?"), 22_788, (800, 80, 8, 0.25, 0.5, 1)),
    ],
)
def test_scopes_are_the_published_ones(name: str, question: Question, seconds: float | None, expected: Any) -> None:
    from evaluation.published import CLASSES

    given = Benchmark(name, (question,), {"speech": "none"}, CLASSES[name]).settings_for(question, seconds)
    settings = Settings.load(**given)
    fields = [f"{level}_{what}" for what in ("seconds", "fps") for level in ("coarse", "fine", "ultra")]
    assert tuple(getattr(settings, field) for field in fields) == expected
    assert settings.speech == "none"


def test_a_length_nobody_knows_leaves_the_usual_scopes() -> None:
    from evaluation.published import CLASSES

    question = Question("1", "v", "?")
    assert Benchmark("mlvu", (question,), {}, CLASSES["mlvu"]).settings_for(question) == {}


def test_videos_are_found_as_people_keep_them(tmp_path: Path) -> None:
    there = {
        "video/2_needle/needle_32.mp4": "2_needle/needle_32.mp4",
        "video/3_ego/needle_32.mp4": "3_ego/needle_32.mp4",
        "chunk_1/fFjv93ACGo8.MP4": "fFjv93ACGo8",
        "Cm73ma6Ibcs.webm": "Cm73ma6Ibcs",
        "deep/down/v1.2 talk.mkv": "v1.2 talk",
    }
    clips = {
        "EgoLife/A1_JAKE/DAY1/DAY1_A1_JAKE_11094208.mp4": "A1_JAKE_DAY1",
        "A2_ALICE_DAY3/DAY3_A2_ALICE_10000000.mp4": "A2_ALICE_DAY3",
    }
    for name in [*there, *clips, "A3_TASHA_DAY2.mp4", "A3_TASHA_DAY2/clip.mp4", ".trash/hidden.mp4", "Cm73ma6Ibcs.txt"]:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    (tmp_path / "A4_LUCIA_DAY1.txt").write_text("clip.mp4\n")
    wanted = [*there.values(), *clips.values(), "A3_TASHA_DAY2", "A4_LUCIA_DAY1", "hidden", "gone.mp4", "gone.mp4"]
    found = find_videos([Question(str(count), name, "?") for count, name in enumerate(wanted)], tmp_path)
    assert {name: str(path.relative_to(tmp_path)) for name, path in found.paths.items()} == {
        **{name: path for path, name in there.items()},
        **{name: str(Path(path).parent) for path, name in clips.items()},
        # A spliced file goes before a folder of clips.
        "A3_TASHA_DAY2": "A3_TASHA_DAY2.mp4",
        "A4_LUCIA_DAY1": "A4_LUCIA_DAY1.txt",
    }
    assert found.missing == ("hidden", "gone.mp4")


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no folder of videos"):
        find_videos([], tmp_path / "none")


def test_benchmarks_are_read_by_name(tmp_path: Path) -> None:
    from evaluation.benchmarks import NAMES, read_benchmark

    assert NAMES == ("egomem", "lvbench", "videomme", "mlvu", "plain")
    assert len(read_benchmark("mlvu", released.mlvu(tmp_path), generation=True).questions) == 4
    with pytest.raises(BadInput, match="no benchmark 'x'; benchmarks are egomem"):
        read_benchmark("x", tmp_path)
    with pytest.raises(BadInput, match="cleaned is an option of egomem, not of mlvu"):
        read_benchmark("mlvu", tmp_path, cleaned=True)


def test_every_published_row_is_of_a_category_its_reader_gives(tmp_path: Path) -> None:
    (qa, *_) = lvbench.read(
        released.lvbench(tmp_path, released.lvbench_qa("1", question_type=list(lvbench.SHORT)))
    ).questions
    assert {f"question_type/{name}" for name in qa.categories["question_type"]} | {"overall"} == set(
        lvbench.PAPER["lvbench"]
    )
    ego = egomem.read(released.egomem(tmp_path / "ego"))
    types = {f"type/{name}" for question in ego.questions for name in question.categories["type"]}
    assert types | {"overall"} == set(ego.published)
