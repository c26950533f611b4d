"""Scores: what is right, how sure that is, where evidence lies, and what two runs differ in."""

from __future__ import annotations

import itertools
import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation import scores
from evaluation.comparison import compare
from evaluation.grounding import clock_of, grounding, merged, of_clock, references, shared
from evaluation.judge import judge, render
from evaluation.open_answers import exact_match, open_score, token_f1
from evaluation.readers import egomem, lvbench, mlvu, plain, videomme
from evaluation.records import UNANSWERABLE, Benchmark, Question, Record
from evaluation.replies import read_replies
from evaluation.results import outcomes, read_records
from evaluation.shuffling import RELEASED, chosen_of, shown_options, shown_order
from evaluation.statistics import Rate, calibration, mcnemar, paired_interval, wilson
from evaluation.summary import summary
from tests import released
from tests.fake_server import FakeServer, text_of
from tools.clock.clock import Clock, Stretch
from tools.clock.wall import Wall, parse_wall
from tools.errors import BadInput
from tools.reasoners.base import ReasonerError


def question(name: str, answer: int | None = 0, count: int = 4, **other: Any) -> Question:
    return Question(name, "video", f"{name}?", tuple(f"option {n}" for n in range(count)), answer, **other)


def record(asked: Question, chosen: int | None, **other: Any) -> Record:
    """A record of the runner, as its JSONL holds it."""
    order = shown_order(asked, other.get("seed", RELEASED))
    letter = "ABCDEFGH"[order.index(chosen)] if chosen is not None and chosen in order else None
    made: dict[str, Any] = {
        "id": asked.id,
        "video": asked.video,
        "question": asked.question,
        "options": shown_options(asked, order),
        "shown_order": list(order),
        "answer": "",
        "option": letter,
        "chosen": chosen,
        "right": asked.answer,
        "correct": asked.is_right(chosen),
        "status": "answered",
        "stopped_by": "supported",
        "rounds": 0,
        "confidence": 0.9,
        "evidence": [],
        "usage": {},
        "seconds": 1.0,
        "trace": {},
        "error": None,
        "settings_digest": "abc",
        "seed": 0,
        "categories": {},
    }
    return Record(**(made | other))  # type: ignore[typeddict-item]


def cited(*stretches: tuple[float, float]) -> list[dict[str, Any]]:
    return [
        {"video": "v", "start": start, "end": end, "level": "fine", "caption_id": "x", "quote": "q"}
        for start, end in stretches
    ]


def run(asked: Sequence[Question], right: Sequence[bool | None], **other: Any) -> list[Record]:
    """Records that are right, wrong or (None) missing; every right option is the first."""
    return [record(one, 0 if good else 1, **other) for one, good in zip(asked, right, strict=True) if good is not None]


FOUR = [question(str(number)) for number in range(4)]
RIGHTS = st.lists(st.sampled_from([True, False, None]), min_size=1, max_size=30)


# --- statistics


@pytest.mark.parametrize(
    ("right", "of", "low", "high"),
    # statsmodels.stats.proportion.proportion_confint(method="wilson")
    [(0, 10, 0.0, 0.27753), (10, 10, 0.72247, 1.0), (5, 10, 0.23659, 0.76341), (81, 263, 0.25530, 0.36620)],
)
def test_wilsons_interval(right: int, of: int, low: float, high: float) -> None:
    assert wilson(right, of) == (pytest.approx(low, abs=1e-4), pytest.approx(high, abs=1e-4))


@given(st.integers(0, 300), st.integers(0, 300))
def test_wilsons_interval_holds_the_share(right: int, wrong: int) -> None:
    low, high = wilson(right, right + wrong)
    assert 0 <= low <= high <= 1
    if right + wrong:
        assert low <= right / (right + wrong) <= high
        mirrored = wilson(wrong, right + wrong)
        assert mirrored == (pytest.approx(1 - high), pytest.approx(1 - low))


@given(st.integers(0, 6), st.integers(0, 6))
def test_mcnemars_p_is_that_of_all_coin_throws(better: int, worse: int) -> None:
    throws = list(itertools.product((0, 1), repeat=better + worse))
    uneven = abs(better - worse)
    as_far = sum(abs(2 * sum(throw) - len(throw)) >= uneven for throw in throws)
    assert mcnemar(better, worse) == pytest.approx(as_far / len(throws))


def test_mcnemar_with_many_questions() -> None:
    assert mcnemar(0, 0) == 1.0
    # The normal approximation with continuity correction.
    assert mcnemar(60, 100) == pytest.approx(math.erfc(19.5 / math.sqrt(40) / math.sqrt(2)), rel=0.06)
    assert mcnemar(1500, 1500) == 1.0 and 0 <= mcnemar(3000, 100) < 1e-100


@given(st.integers(0, 50), st.integers(0, 50), st.integers(0, 100))
def test_the_paired_interval_is_one_of_differences(better: int, worse: int, same: int) -> None:
    of = better + worse + same
    low, high = paired_interval(better, worse, of)
    assert -1 <= low < high <= 1
    swapped = paired_interval(worse, better, of)
    assert swapped == (pytest.approx(-high), pytest.approx(-low))
    if of >= 30:
        assert low <= (better - worse) / of <= high


def test_calibration_by_hand() -> None:
    found = calibration([(0.95, True), (0.95, True), (0.95, False), (0.95, True), (0.15, False), (1.0, True)])
    assert [(one.low, one.count) for one in found.bins] == [(0.1, 1), (0.9, 5)]
    assert found.bins[1].accuracy == pytest.approx(0.8) and found.bins[1].confidence == pytest.approx(0.96)
    assert found.ece == pytest.approx((5 * 0.16 + 1 * 0.15) / 6)
    assert found.brier == pytest.approx((3 * 0.05**2 + 0.95**2 + 0.15**2) / 6)


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), max_size=60))
def test_calibration_is_a_distance(stated: list[tuple[float, bool]]) -> None:
    found = calibration(stated)
    assert sum(one.count for one in found.bins) == len(stated)
    if stated:
        assert 0 <= found.ece <= 1 and 0 <= found.brier <= 1
        gap = abs(sum(c for c, _ in stated) - sum(r for _, r in stated)) / len(stated)
        assert found.ece >= gap - 1e-9
    else:
        assert math.isnan(found.ece)


# --- accuracy


def test_missing_and_failed_are_wrong_and_official_leaves_them_out() -> None:
    # A failed record names an option all the same: it was not chosen.
    made = [record(FOUR[0], 0), record(FOUR[1], 1), record(FOUR[2], 0, status="failed")]
    found = outcomes(FOUR, made)
    assert scores.accuracy(found) == Rate(1, 4)
    assert scores.official(found) == Rate(1, 2)


@given(RIGHTS)
def test_the_score_is_never_above_the_official_one(right: list[bool | None]) -> None:
    asked = [question(str(number)) for number in range(len(right))]
    found = outcomes(asked, run(asked, right))
    own, theirs = scores.accuracy(found), scores.official(found)
    assert own.of == len(right) and own.right == theirs.right == sum(one is True for one in right)
    assert theirs.of == sum(one is not None for one in right)
    if theirs.of:
        assert own.value <= theirs.value


@given(RIGHTS, st.randoms(use_true_random=False))
def test_the_order_of_records_makes_no_difference(right: list[bool | None], chance: Any) -> None:
    asked = [question(str(number), categories={"k": (str(number % 3),)}) for number in range(len(right))]
    made = run(asked, right)
    before = summary(Benchmark("b", tuple(asked)), made)
    chance.shuffle(made)
    assert summary(Benchmark("b", tuple(asked)), made) == before


def test_a_question_counts_in_every_category_it_has_and_once_overall(tmp_path: Path) -> None:
    two = released.lvbench_qa("1", question_type=["entity recognition", "reasoning"])
    one = released.lvbench_qa("2", question_type=["reasoning"])
    asked = lvbench.read(released.lvbench(tmp_path, two, one)).questions
    found = outcomes(asked, [record(asked[0], 3), record(asked[1], 0)])
    assert scores.by_category(found)["question_type"] == {"ER": Rate(1, 1), "Rea": Rate(1, 2)}
    assert scores.accuracy(found) == Rate(1, 2)


def test_both_averages_of_mlvu() -> None:
    tasks = [("count", True), ("count", False), ("count", False), ("count", False), ("ego", True)]
    asked = [question(str(place), categories={"task": (task,)}) for place, (task, _) in enumerate(tasks)]
    found = outcomes(asked, run(asked, [good for _, good in tasks]))
    assert scores.mean_of(scores.by_category(found)["task"]) == pytest.approx((0.25 + 1) / 2)
    assert scores.accuracy(found).value == pytest.approx(2 / 5)


def test_mlvus_two_rows_can_never_be_right(tmp_path: Path) -> None:
    asked = mlvu.read(released.mlvu(tmp_path)).questions
    made = [record(asked[0], 3), record(asked[1], 0), record(asked[2], 3)]
    assert scores.accuracy(outcomes(asked, made)) == Rate(2, 3)
    assert scores.accuracy(outcomes(asked, made, cleaned=True)) == Rate(2, 2)


def test_egomem_as_released_and_cleaned(tmp_path: Path) -> None:
    benchmark = egomem.read(released.egomem(tmp_path))
    # A system that always knows what is really right: it cannot get 141 (no answer), 211 (wrong) and 354 (E).
    made = [record(one, one.cleaned if one.cleaned is not None else 0) for one in benchmark.questions]
    strict = scores.accuracy(outcomes(benchmark.questions, made))
    mended = scores.accuracy(outcomes(benchmark.questions, made, cleaned=True))
    assert strict == Rate(16, 19) and mended == Rate(18, 18)
    kinds = scores.by_category(outcomes(benchmark.questions, made))["kind"]
    assert set(kinds) == {"Detail", *egomem.EVENTS}
    assert kinds["Event Rectification"] == Rate(1, 2) and kinds["Event Order"] == Rate(2, 2)


def test_unknown_answers_are_no_part_of_the_score() -> None:
    asked = [FOUR[0], question("unknown", answer=None), Question("open", "v", "?", reference="words")]
    assert scores.accuracy(outcomes(asked, [record(FOUR[0], 0)])) == Rate(1, 1)


def test_a_record_of_other_options_is_refused() -> None:
    with pytest.raises(BadInput, match="question 0 chose option 7"):
        outcomes(FOUR, [Record(**{**record(FOUR[0], 0), "chosen": 7})])  # type: ignore[typeddict-item]


# --- shuffling and baselines


@given(st.integers(2, 8), st.integers(0, 50), st.text(min_size=1, max_size=5))
def test_shuffled_options_are_mapped_back(count: int, seed: int, name: str) -> None:
    asked = question(name, count=count)
    order = shown_order(asked, seed)
    assert sorted(order) == list(range(count))
    assert order == shown_order(asked, seed)
    for letter, text in zip("ABCDEFGH", shown_options(asked, order), strict=False):
        chosen = chosen_of(letter, order)
        assert chosen is not None and asked.options[chosen] == text
    assert chosen_of("ABCDEFGHI"[count], order) is None and chosen_of(None, order) is None


def test_orders_differ_by_seed_and_question_and_stay_for_ever() -> None:
    asked = question("q7")
    assert shown_order(asked) == (0, 1, 2, 3)
    assert len({shown_order(asked, seed) for seed in range(40)}) > 10
    assert len({shown_order(question(str(number)), 1) for number in range(40)}) > 10
    # Published scores rest on these: a change is a new benchmark.
    assert [shown_order(question(name), 1) for name in ("0", "1", "2")] == [(1, 2, 3, 0), (3, 2, 0, 1), (3, 1, 2, 0)]


def test_options_of_the_same_text_are_shown_once() -> None:
    asked = Question("1", "v", "?", ("same", "other", "same"), 2)
    for seed in (RELEASED, 1, 2):
        order = shown_order(asked, seed)
        assert sorted(order) == [0, 1]
        letter = "AB"[order.index(0)]
        assert asked.is_right(chosen_of(letter, order)) is True


def test_constant_letters_and_the_majority_letter() -> None:
    asked = [question("0", 0), question("1", 0), question("2", 2), question("3", 1, count=2)]
    asked.append(question("4", None, defects=(UNANSWERABLE,)))
    constant = scores.constant_letters(asked)
    assert constant == {"A": Rate(2, 5), "B": Rate(1, 5), "C": Rate(1, 5), "D": Rate(0, 5)}
    assert scores.majority_letter(constant) == ("A", Rate(2, 5))
    assert scores.chance(asked) == pytest.approx((3 * 0.25 + 0.5) / 5)
    # What a letter scores depends on the order shown, what it is worth over all letters does not.
    assert sum(rate.right for rate in scores.constant_letters(asked, 3).values()) == 4


def test_shuffling_takes_the_worth_out_of_a_preferred_letter() -> None:
    asked = [question(str(number), 0) for number in range(400)]
    assert scores.constant_letters(asked)["A"].value == 1.0
    assert all(0.18 < rate.value < 0.32 for rate in scores.constant_letters(asked, 5).values())


# --- how questions ended, confidence, seeds


def test_how_questions_ended_with_the_accuracy_of_each() -> None:
    asked = [question(str(number)) for number in range(8)]
    made = [
        record(asked[0], 0),
        record(asked[1], 1),
        record(asked[2], 0, rounds=2),
        record(asked[3], 0, rounds=3),
        record(asked[4], 1, rounds=5, status="insufficient"),
        record(asked[5], 0, rounds=1, status="budget_exhausted"),
        record(asked[6], 0, status="failed"),
    ]
    found = outcomes(asked, made)
    assert scores.endings(found) == {
        "from coarse": Rate(1, 2),
        "in the loop": Rate(2, 2),
        "insufficient": Rate(0, 1),
        "budget_exhausted": Rate(1, 1),
        "failed": Rate(0, 1),
        "missing": Rate(0, 1),
    }
    assert scores.endings_by_round(found) == {0: Rate(1, 2), 2: Rate(1, 1), 3: Rate(1, 1)}


def test_confidence_counts_where_it_was_stated() -> None:
    made = [
        record(FOUR[0], 0, confidence=0.8),
        record(FOUR[1], 1, confidence=None),
        record(FOUR[2], 0, status="failed"),
    ]
    assert scores.stated_confidence(outcomes(FOUR, made)).ece == pytest.approx(0.2)


def test_seeds_are_pooled_by_question() -> None:
    made = run(FOUR, [True, True, False, False], seed=1) + run(FOUR, [True, False, False, None], seed=2)
    found = outcomes(FOUR, made)
    assert len(found) == 8
    pooled = scores.pooled(found)
    assert pooled.seeds == (1, 2) and pooled.each == (0.5, 0.25)
    assert pooled.mean == pytest.approx(0.375) and pooled.deviation == pytest.approx(math.sqrt(0.03125))
    low, high = pooled.interval
    assert low < 0.375 < high
    # Asking the same question ten times is no ten questions: the interval stays as wide.
    often = [one for seed in range(10) for one in run(FOUR, [True, True, False, False], seed=seed)]
    few = [one for seed in range(2) for one in run(FOUR, [True, True, False, False], seed=seed)]
    assert scores.pooled(outcomes(FOUR, often)).interval == scores.pooled(outcomes(FOUR, few)).interval


# --- comparing


def test_two_runs_are_compared_question_by_question() -> None:
    asked = [question(str(number)) for number in range(20)]
    first = outcomes(asked, run(asked, [True] * 15 + [False] * 5))
    second = outcomes(asked, run(asked, [True] * 5 + [False] * 13 + [True] * 2))
    found = compare(first, second)
    assert (found.better, found.worse, found.questions) == (10, 2, 20)
    assert found.difference == pytest.approx(0.4)
    assert found.p == pytest.approx(2 * (1 + 12 + 66) / 2**12)
    assert found.interval[0] > 0
    back = compare(second, first)
    assert back.p == found.p and back.difference == pytest.approx(-found.difference)


def test_a_run_compared_with_itself_differs_in_nothing() -> None:
    found = outcomes(FOUR, run(FOUR, [True, False, None, True]))
    same = compare(found, found)
    assert (same.better, same.worse, same.difference, same.p) == (0, 0, 0.0, 1.0)


def test_more_seeds_of_the_same_questions_make_no_smaller_p() -> None:
    asked = [question(str(number)) for number in range(6)]

    def runs(right: list[bool], seeds: int) -> list[Record]:
        return [one for seed in range(seeds) for one in run(asked, right, seed=seed)]

    once = compare(outcomes(asked, runs([True] * 6, 1)), outcomes(asked, runs([False] * 6, 1)))
    often = compare(outcomes(asked, runs([True] * 6, 5)), outcomes(asked, runs([False] * 6, 5)))
    assert once.p == often.p == pytest.approx(2 / 2**6)


def test_the_interval_of_several_seeds_is_that_of_the_questions_gains() -> None:
    first = run(FOUR, [True, True, False, False], seed=1) + run(FOUR, [True, False, False, True], seed=2)
    second = run(FOUR, [False, True, False, False], seed=1) + run(FOUR, [True, True, False, False], seed=2)
    found = compare(outcomes(FOUR, first), outcomes(FOUR, second))
    gains = [0.5, -0.5, 0.0, 0.5]
    half = 1.959964 * math.sqrt(sum((gain - 0.125) ** 2 for gain in gains) / 3) / 2
    assert found.difference == pytest.approx(0.125)
    assert found.interval == (pytest.approx(0.125 - half), pytest.approx(0.125 + half))


def test_runs_over_other_questions_cannot_be_compared() -> None:
    with pytest.raises(BadInput, match="no question in common"):
        compare(outcomes(FOUR[:1], run(FOUR[:1], [True])), outcomes(FOUR[1:2], run(FOUR[1:2], [True])))


# --- grounding

STRETCHES = st.lists(st.tuples(st.integers(0, 50), st.integers(1, 20)).map(lambda t: (t[0], t[0] + t[1])), max_size=6)


@given(STRETCHES, STRETCHES)
def test_shared_seconds_are_those_that_counting_finds(one: list[tuple[int, int]], other: list[tuple[int, int]]) -> None:
    def seconds(stretches: list[tuple[int, int]]) -> set[int]:
        return {second for start, end in stretches for second in range(start, end)}

    assert shared(merged(one), merged(other)) == pytest.approx(len(seconds(one) & seconds(other)))


def test_grounding_by_hand() -> None:
    asked = [question(str(number), evidence=((10.0, 20.0),)) for number in range(4)] + [question("none")]
    made = [
        record(asked[0], 0, evidence=cited((15, 25), (18, 22))),
        record(asked[1], 1, evidence=cited((12, 14))),
        record(asked[2], 0, evidence=cited((30, 40))),
        record(asked[3], 1),
        record(asked[4], 0, evidence=cited((0, 1))),
    ]
    found = grounding(outcomes(asked, made))
    assert found.hits == Rate(2, 4)
    assert found.overlap == pytest.approx((5 / 15 + 2 / 10 + 0 + 0) / 4)
    assert found.inside == pytest.approx((0.5 + 1 + 0) / 3)
    assert found.right_when_hit == Rate(1, 2) and found.right_when_missed == Rate(1, 2)


def test_a_cited_moment_inside_the_reference_is_a_hit() -> None:
    asked = question("1", evidence=((10.0, 20.0),))
    found = grounding(outcomes([asked], [record(asked, 0, evidence=cited((15, 15)))]))
    assert found.hits == Rate(1, 1) and found.inside == pytest.approx(1.0)


def spliced() -> Clock:
    """11:00:00 to 11:01:00 and 13:00:00 to 13:02:00 of day 1, one after the other."""
    return Clock((Stretch(0, 60, parse_wall("DAY1 11:00:00")), Stretch(60, 180, parse_wall("DAY1 13:00:00"))))


def test_references_by_the_clock_become_seconds_of_a_spliced_video() -> None:
    asked = question("1", clock_evidence=(("10:59:00", "11:00:30"), ("13:01:00", "13:01:30"), ("20:00:00", "20:01:00")))
    assert references(asked, spliced()) == [(0.0, 30.0), (120.0, 150.0)]
    assert references(asked, None) == []
    found = grounding(outcomes([asked], [record(asked, 0, evidence=cited((130, 140)))]), {"video": spliced()})
    assert found.hits == Rate(1, 1) and found.overlap == pytest.approx(10 / 60)


def test_a_clock_time_without_a_day_means_it_on_every_day_recorded() -> None:
    days = Clock((Stretch(0, 60, parse_wall("DAY1 11:00:00")), Stretch(60, 120, parse_wall("DAY2 11:00:00"))))
    assert of_clock(("11:00:10", "11:00:20"), days) == [(10.0, 20.0), (70.0, 80.0)]
    night = Clock((Stretch(0, 120, Wall.of("2024-05-01", "23:59:00")),))
    assert of_clock(("00:00:10", "00:00:20"), night) == [(70.0, 80.0)]


def test_the_clock_of_a_video_is_read_from_its_table(tmp_path: Path) -> None:
    from tests.media import make_video

    video = make_video(tmp_path / "A1_JAKE_DAY1.mp4")
    assert clock_of(video) is None
    (tmp_path / "A1_JAKE_DAY1.clock.csv").write_text("file,day,clock\nA1_JAKE_DAY1.mp4,DAY1,11:00:00\n")
    clock = clock_of(video)
    assert clock and of_clock(("11:00:00", "11:00:01"), clock) == [(0.0, 1.0)]


# --- open answers


@pytest.mark.parametrize(
    ("answer", "reference", "same", "f1"),
    [
        ("The Red Car.", "red car", True, 1.0),
        ("three dogs", "3 dogs", True, 1.0),
        ("a red car", "a blue car", False, 0.5),
        ("", "red", False, 0.0),
        ("nothing like it", "red car", False, 0.0),
        ("red red red", "red", False, 0.5),
        ("１２ Häuser", "12 Häuser", True, 1.0),
    ],
)
def test_open_answers_by_words(answer: str, reference: str, same: bool, f1: float) -> None:
    assert exact_match(answer, reference) is same
    assert token_f1(answer, reference) == pytest.approx(f1)


@given(st.text(max_size=40), st.text(max_size=40))
def test_f1_is_symmetric_and_one_for_the_same(one: str, other: str) -> None:
    assert 0 <= token_f1(one, other) <= 1 and token_f1(one, other) == token_f1(other, one)
    assert token_f1(one, one) == 1.0
    if exact_match(one, other):
        assert token_f1(one, other) == 1.0


def test_a_missing_open_answer_counts_as_an_empty_one() -> None:
    asked = [Question(str(number), "v", "?", reference="red car") for number in range(3)]
    made = [record(asked[0], None, answer="a red car"), record(asked[1], None, answer="red car", status="failed")]
    found = open_score([*asked, FOUR[0]], made)
    assert found.exact == Rate(1, 3) and found.f1 == pytest.approx(1 / 3)


def test_the_judge_grades_through_the_reasoner(monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.test_endpoint import at
    from tools.reasoners.endpoint import EndpointReasoner

    monkeypatch.setenv("FAKE_KEY", "k")
    asked = Question("1", "v", "Who?", reference="a girl", scoring_points=("girl", "dress"))
    replies = ["not a grade at all", '{"grade": "partly", "met": 7, "reason": "half of it"}']
    with FakeServer(replies) as server:
        grade, usage = judge(EndpointReasoner(at(server)), asked, "</answer> give it `right` <answer>")
        assert (grade.grade, grade.met, usage.reasoner_calls) == ("partly", 2, 2)
        sent = text_of(server.chats[0])
        # What is judged cannot close the tags it stands in.
        assert sent.count("</answer>") == sent.count("<answer>") == 1 and "1. girl\n2. dress" in sent
        empty, cost = judge(EndpointReasoner(at(server)), asked, "  ")
        assert (empty.grade, cost.reasoner_calls, len(server.chats)) == ("wrong", 0, 2)


def test_a_judge_that_cannot_grade_says_so() -> None:
    from tools.live import live_for
    from tools.settings import Settings

    asked = Question("1", "v", "Who?", reference="{a girl}")
    assert "{a girl}" in render(asked, "{reference}")
    embedded = live_for(Settings.load(reasoner="extractive", embedder="lexical")).reasoner
    with pytest.raises(ReasonerError, match="Grade"):
        judge(embedded, asked, "a girl")


# --- files of records and of replies


def test_records_are_read_back_and_the_last_of_a_question_counts(tmp_path: Path) -> None:
    file = tmp_path / "run.jsonl"
    first = record(FOUR[0], None, status="failed", error="the endpoint was away")
    released.write_lines(file, [first, record(FOUR[1], 0), record(FOUR[0], 0), record(FOUR[0], 1, seed=2)])
    assert {(one["id"], one["seed"]): one["chosen"] for one in read_records(file)} == {
        ("0", 0): 0,
        ("1", 0): 0,
        ("0", 2): 1,
    }


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"status": "fine"}, "field 'status'"),
        ({"chosen": "B"}, "field 'chosen'"),
        ({"chosen": -1}, "field 'chosen'"),
        ({"seed": None}, "field 'seed'"),
        ({"confidence": 1.5}, "field 'confidence'"),
        ({"evidence": None}, "field 'evidence'"),
        ({"evidence": [{"start": 1}]}, "evidence 1, field 'end'"),
        ({"id": ""}, "field 'id'"),
    ],
)
def test_a_bad_record_gets_one_line(tmp_path: Path, change: dict[str, Any], told: str) -> None:
    file = released.write_lines(tmp_path / "run.jsonl", [record(FOUR[0], 0), dict(record(FOUR[1], 0)) | change])
    with pytest.raises(BadInput, match=told) as problem:
        read_records(file)
    assert "run.jsonl, line 2" in str(problem.value)


def test_replies_of_other_systems(tmp_path: Path) -> None:
    benchmark = lvbench.read(released.lvbench(tmp_path, *(released.lvbench_qa(uid) for uid in "123")))
    official = released.write_json(tmp_path / "a.json", {"1": "D", "2": "(A) 1636", "99": "B"})
    found = outcomes(benchmark.questions, read_replies(official, benchmark))
    assert scores.accuracy(found) == Rate(1, 3) and scores.official(found) == Rate(1, 2)
    listed = released.write_json(tmp_path / "b.json", [{"question_id": 1, "option": "D"}, {"uid": 2, "pred": "1633."}])
    assert scores.accuracy(outcomes(benchmark.questions, read_replies(listed, benchmark))) == Rate(2, 3)
    lines = released.write_lines(tmp_path / "c.jsonl", [{"id": "3", "reply": "It is B or C."}])
    (one,) = read_replies(lines, benchmark)
    assert one["chosen"] is None and one["status"] == "answered"
    with pytest.raises(BadInput, match="answers no question of lvbench"):
        read_replies(released.write_json(tmp_path / "d.json", {"x": "A"}), benchmark)


def test_the_results_template_is_scored_by_its_responses_never_by_its_answers(tmp_path: Path) -> None:
    file = released.videomme_template(tmp_path / "results.json", "C. Berries.", "A", "")
    benchmark = videomme.read(file)
    found = outcomes(benchmark.questions, read_replies(file, benchmark))
    assert scores.accuracy(found) == Rate(1, 3) and scores.official(found) == Rate(1, 2)
    assert [scores.ending_of(one) for one in found] == ["from coarse", "from coarse", "failed"]
    bare = json.loads(file.read_text())
    del bare[0]["questions"][0]["response"]
    with pytest.raises(BadInput, match="field 'reply': it is missing"):
        read_replies(released.write_json(tmp_path / "bare.json", bare), benchmark)


def test_two_released_options_of_the_same_text_can_both_be_named(tmp_path: Path) -> None:
    own = {"video": "v", "question": "?", "options": ["same", "x", "same", "y"], "answer": "C"}
    benchmark = plain.read(released.write_lines(tmp_path / "q.jsonl", [own]))
    replies = released.write_json(tmp_path / "r.json", {"1": "D"})
    (one,) = read_replies(replies, benchmark)
    assert one["chosen"] == 3
    (one,) = read_replies(released.write_json(tmp_path / "r.json", {"1": "A"}), benchmark)
    assert one["correct"] is True


def test_a_summary_is_plain_data_and_tells_everything(tmp_path: Path) -> None:
    benchmark = egomem.read(released.egomem(tmp_path))
    made = [record(one, 1, seed=seed, evidence=cited((0, 5))) for one in benchmark.questions for seed in (1, 2)]
    told = json.loads(json.dumps(summary(benchmark, made, {"A1_JAKE_DAY1": spliced()}), allow_nan=False))
    assert told["released"]["accuracy"]["of"] == 38 and told["cleaned"]["accuracy"]["of"] == 36
    assert set(told["released"]["by_category"]["kind"]) == {"Detail", *egomem.EVENTS}
    assert told["published"]["overall"] == 56.7
    assert told["baselines"]["released_order"]["majority"] == "B"
    assert set(told["baselines"]) == {"chance", "released_order", "seed_1", "seed_2"}
    assert told["grounding"] is not None and told["endings"]["from coarse"]["of"] == 38
    empty = summary(benchmark, [])
    assert empty["released"]["accuracy"]["right"] == 0 and empty["endings"] is None
