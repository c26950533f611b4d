"""The simulation of how often the loop reaches the evidence: what can be seen, who looks, and what is counted."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from commands.evaluate import evaluate
from evaluation.benchmarks import read_benchmark
from evaluation.localisation import stand_ins, trial
from evaluation.localisation.captioner import ScriptedCaptioner, sign
from evaluation.localisation.figures import chance, compared, figures
from evaluation.localisation.memory import Passing
from evaluation.localisation.reasoner import ScriptedReasoner
from evaluation.localisation.study import Study
from evaluation.localisation.synthetic import LONGEST, SHORTEST, write_annotations
from evaluation.localisation.trial import Looked, Searched
from evaluation.localisation.world import Hidden, Mention, Odds, draw, keywords, touches
from evaluation.published import CLASSES
from evaluation.records import Benchmark, Question
from memory_store.embedders.lexical import Lexical
from memory_store.index import By
from memory_store.records import Caption, Line, Part, Recording, Scopes
from memory_store.segments import Plan, scopes_for
from memory_store.store import Memory
from tests.released import lvbench_qa, write_lines
from tools.errors import BadInput
from tools.reasoners.base import FinalAnswer, Judgement, Looks, Passage, Task, Verdict
from tools.settings import Settings
from tools.video.clip import Clip
from tools.video.sources import find_parts

WHO = (
    ("Who polishes the crimson lantern beside the fountain?", "31:05-31:12"),
    ("Who unlocks the hollow barrel beside the tractor?", "02:10-02:20"),
    ("Who carries the striped umbrella beside the castle?", "55:00-55:03"),
)
NAMES = ["a baker", "a pilot", "a judge", "a nurse"]


def released(folder: Path, *qa: tuple[str, str], minutes: float = 62.1) -> Benchmark:
    """LVBench's file of one video, with these questions and their `time_reference`."""
    options = "\n".join(f"({letter}) {text}" for letter, text in zip("ABCD", NAMES, strict=True))
    rows = [
        lvbench_qa(str(number), when, question=f"{question}\n{options}", answer="C")
        for number, (question, when) in enumerate(qa)
    ]
    info = {"duration_minutes": minutes, "fps": 25.0, "resolution": {"width": 1280, "height": 720}}
    row = {"key": "Cm73ma6Ibcs", "type": "cartoon", "video_info": info, "qa": rows}
    write_lines(folder / "video_info.meta.jsonl", [row])
    return read_benchmark("lvbench", folder)


def simulate(folder: Path, benchmark: Benchmark, odds: Odds, preset: str = "default", **more: Any) -> list[Searched]:
    study = Study.of(benchmark, odds, 1, more.pop("choice", "words"))
    videos = study.write_videos(folder / "videos")
    settings = trial.settings_of(preset, Settings.load(**more.pop("given", {})), folder / f"home-{preset}")
    return trial.run(benchmark, study.world, settings, videos, study.choice, **more)


# What can be seen


def test_a_seed_gives_the_same_world_and_another_one_another(tmp_path: Path) -> None:
    benchmark = read_benchmark("lvbench", write_annotations(tmp_path, 30, 4))
    assert draw(benchmark, Odds(), 1) == draw(benchmark, Odds(), 1) != draw(benchmark, Odds(), 2)
    assert [len(held) for held in draw(benchmark, Odds(), 1).values()] == [15, 15]


def test_cues_lie_in_the_evidence_and_distractors_outside(tmp_path: Path) -> None:
    benchmark = read_benchmark("lvbench", write_annotations(tmp_path, 60, 2))
    every = [one for held in draw(benchmark, Odds(cue=1, deep=1, distractors=3), 5).values() for one in held]
    assert {one.depth for one in every} == {2} and all(one.cued for one in every)
    for one in every:
        inside = [mention for mention in one.mentions if touches(mention.time, mention.time, one.stretches)]
        assert [mention.depth for mention in inside] == [0, 1] * len(one.stretches)
        assert len(one.mentions) == len(inside) + 3 and all(m.depth == 0 for m in one.mentions if m not in inside)
        assert all(m.words and set(m.words) <= set(keywords(one.question.question)) for m in one.mentions)
    silent = [one for held in draw(benchmark, Odds(cue=0, deep=0, distractors=0), 5).values() for one in held]
    assert {(one.depth, one.mentions, one.cued) for one in silent} == {(1, (), False)}


def test_distractors_keep_out_of_evidence_that_fills_the_video(tmp_path: Path) -> None:
    most, all_ = ("Who burns the letter?", "00:00-50:00"), ("Who drops the letter?", "00:00-62:06")
    (held,) = draw(released(tmp_path, most, all_), Odds(cue=0, distractors=30), 1).values()
    assert len(held[0].mentions) == 30 and all(mention.time >= 3000 for mention in held[0].mentions)
    assert held[1].mentions == ()


def test_chances_are_met(tmp_path: Path) -> None:
    benchmark = read_benchmark("lvbench", write_annotations(tmp_path, 600, 3))
    every = [one for held in draw(benchmark, Odds(cue=0.7, deep=0.25), 1).values() for one in held]
    assert 0.19 < sum(one.depth == 2 for one in every) / 600 < 0.31
    single = [one for one in every if len(one.stretches) == 1]
    assert 0.64 < sum(one.cued for one in single) / len(single) < 0.76


@pytest.mark.parametrize("given", [{"cue": 1.5}, {"deep": -0.1}, {"distractors": -1}, {"cue": float("nan")}])
def test_what_is_no_chance_is_refused(given: dict[str, Any]) -> None:
    with pytest.raises(BadInput, match=f"--{next(iter(given))}"):
        Odds(**given)


def test_questions_without_evidence_in_the_video_are_left_out_and_counted(tmp_path: Path) -> None:
    late, unknown, across = ("Who burns it?", "70:00-70:05"), ("Who drops it?", ""), ("Who lifts it?", "61:00-65:00")
    study = Study.of(released(tmp_path, WHO[0], late, unknown, across), Odds(), 1, "words")
    assert (study.questions, study.left_out) == (2, 2)
    (held,) = study.world.values()
    assert held[1].stretches == ((3660.0, pytest.approx(62.1 * 60)),), "what is beyond the end is cut off"
    with pytest.raises(BadInput, match="time_reference"):
        Study.of(released(tmp_path, late, unknown), Odds(), 1, "words")


def test_a_part_of_the_questions_is_drawn_by_seed(tmp_path: Path) -> None:
    benchmark = read_benchmark("lvbench", write_annotations(tmp_path, 45, 1))

    def drawn(seed: int) -> list[str]:
        return [h.question.id for held in Study.of(benchmark, Odds(), seed, "words", 10).world.values() for h in held]

    assert len(drawn(1)) == 10 and drawn(1) == drawn(1) != drawn(2)


def test_synthetic_annotations_are_read_like_released_ones(tmp_path: Path) -> None:
    benchmark = read_benchmark("lvbench", write_annotations(tmp_path, 100, 7))
    assert len(benchmark.questions) == 100 and not any(question.defects for question in benchmark.questions)
    for question in benchmark.questions:
        assert question.duration and SHORTEST * 60 <= question.duration <= LONGEST * 60
        assert len(question.options) == 4 and question.answer is not None and len(keywords(question.question)) == 4
        assert all(0 <= low < high <= question.duration for low, high in question.evidence)


# Who looks


HIDDEN = Hidden(
    Question("1", "v", WHO[0][0], tuple(NAMES), 2, duration=3600.0, evidence=((1865.0, 1872.0),)),
    ((1865.0, 1872.0),),
    1,
    (Mention(1868.0, 0, ("crimson",)), Mention(40.0, 0, ("lantern", "fountain"))),
)
DEEP = replace(HIDDEN, depth=2, mentions=(*HIDDEN.mentions, Mention(1868.0, 1, ("polishes",))))


def told(hidden: Hidden, segment: str, instruction: str = "", *others: Hidden) -> str:
    """What the captioner tells of a segment of a video of an hour, beyond its filler."""
    plan = Plan(
        Recording("r", "v", (Part("p", "/v.mp4", 0.0, 3600.0),), Scopes((100, 10, 1), (1, 2, 2))),
        Scopes((100, 10, 1), (1, 2, 2)),
    )
    found = plan.find(segment)
    assert found is not None
    lines = ScriptedCaptioner({"r": [hidden, *others]}).describe(Clip(found, ()), instruction).lines
    assert all(found.start <= line.start <= line.end <= found.end for line in lines)
    return "\n".join(line.text for line in lines[2:])


def test_coarse_captions_hint_and_never_tell() -> None:
    assert "crimson" in told(HIDDEN, "c18") and "lantern, fountain" in told(HIDDEN, "c0") and not told(HIDDEN, "c5")
    assert sign(WHO[0][0]) not in told(HIDDEN, "c18")


def test_the_answer_is_told_where_it_is_shown_from_its_level_on() -> None:
    asked = WHO[0][0]
    mark = f"{sign(asked)}: a judge"
    assert mark in told(HIDDEN, "c18.f6", asked) and mark in told(HIDDEN, "c18.f6.u5", asked)
    assert mark in told(HIDDEN, "c18.f7", asked), "evidence that reaches into the next segment shows there, too"
    for elsewhere in ("c18", "c18.f5", "c18.f8", "c17.f6", "c18.f6.u4"):
        assert mark not in told(HIDDEN, elsewhere, asked)
    assert mark not in told(DEEP, "c18.f6", asked) and "polishes" in told(DEEP, "c18.f6", asked)
    assert mark in told(DEEP, "c18.f6.u5", asked)


def test_a_closer_look_tells_only_what_was_asked_for_and_sees_through_distractors() -> None:
    other = replace(HIDDEN, question=replace(HIDDEN.question, id="2", question=WHO[1][0], answer=0))
    assert not told(HIDDEN, "c0", WHO[0][0]) and not told(HIDDEN, "c18.f6", "Describe it.")
    seen = told(HIDDEN, "c18.f6", WHO[0][0], other)
    assert "a judge" in seen and "a baker" not in seen


def passage(id: str, *texts: str, score: float = 0.0) -> Passage:
    lines = tuple(Line(0.0, 1.0, text) for text in texts)
    return Passage(id, "r", id, "coarse", 0.0, 1.0, lines, score)


def test_the_reasoner_believes_a_caption_that_answers_this_question_and_no_other() -> None:
    reasoner, asked = ScriptedReasoner(), WHO[0][0]
    mine, other = f"This shows the answer {sign(asked)}: a judge", f"This shows the answer {sign(WHO[1][0])}: a nurse"
    task = Task(Verdict, "", asked, tuple(NAMES), (passage("c1", other), passage("c2", "filler", mine)))
    verdict, usage = reasoner.reply(task)
    assert (verdict.support, verdict.answer, verdict.option, usage.reasoner_calls) == ("supported", "a judge", "C", 1)
    assert [(item.caption, item.quote) for item in verdict.evidence] == [("c2", mine)]
    blind = replace(task, passages=(passage("c1", other, "crimson lantern fountain polishes"),))
    assert reasoner.reply(blind)[0].support == "unsupported"
    final, _ = reasoner.reply(replace(blind, reply=FinalAnswer))
    assert (final.answer, final.option, final.evidence) == ("", "", [])


def test_the_judge_goes_by_words_and_the_next_look_by_words_or_by_the_given_order() -> None:
    asked = WHO[0][0]
    held = (passage("c1", "A lantern."), passage("c2", "Nothing."), passage("c3", "A crimson lantern."))
    judged, _ = ScriptedReasoner().reply(Task(Judgement, "", asked, passages=held, limit=3))
    assert judged.segments == ["c3", "c1"], "what holds no word of the question is not named"
    task = Task(Looks, "", asked, candidates=held, limit=2)
    assert [look.segment for look in ScriptedReasoner("words").reply(task)[0].looks] == ["c3", "c1"]
    ordered, _ = ScriptedReasoner("order").reply(task)
    assert [(look.segment, look.instruction) for look in ordered.looks] == [("c1", asked), ("c2", asked)]


def test_stand_ins_last_as_long_as_they_should_and_are_not_taken_for_one_another(tmp_path: Path) -> None:
    files = [stand_ins.write_stand_in(tmp_path / f"{n}.mp4", 3726.05, name) for n, name in enumerate(("a", "b"))]
    ids = {part.id for file in files for part in find_parts(str(file))[1]}
    assert len(ids) == 2 and all(file.stat().st_size < 10_000 for file in files)
    assert all(find_parts(str(file))[1][-1].end == pytest.approx(3726.05, abs=0.002) for file in files)


# Through the graph


def test_the_loop_follows_a_cue_to_the_evidence(tmp_path: Path) -> None:
    found = simulate(tmp_path, released(tmp_path, *WHO), Odds(cue=1, deep=0, distractors=0))
    assert [(one.reached, one.answered, one.error) for one in found] == [(1, 1, None)] * 3
    for one in found:
        # 62.1 minutes under LVBench's scopes: segments of 150 s, and a look describes it and its 15 parts.
        assert (one.segments, one.holding, len(one.looks)) == (25, 1, 2)
        (hit,) = [look for look in one.looks if look.hit]
        ((low, high),) = one.hidden.stretches
        assert hit.start <= low < high <= hit.end and hit.end - hit.start == 150
        assert one.captions == (sum(1 + round(look.end - look.start) / 10 for look in one.looks),)


def test_what_only_the_deepest_level_shows_takes_a_look_at_a_part(tmp_path: Path) -> None:
    found = simulate(tmp_path, released(tmp_path, *WHO), Odds(cue=1, deep=1, distractors=0))
    assert [one.reached for one in found] == [1] * 3 and all(one.answered == 2 for one in found)
    for one in found:
        assert any(look.round == 2 and look.hit and look.end - look.start == 10 for look in one.looks)
        first, both = one.captions
        # Of a fine segment there are its description and ten parts.
        assert both == first + sum(11 if look.end - look.start == 10 else 16 for look in one.looks if look.round == 2)


def test_without_a_second_level_nothing_is_answered(tmp_path: Path) -> None:
    benchmark, odds = released(tmp_path, *WHO), Odds(cue=1, deep=0, distractors=0)
    found = simulate(tmp_path, benchmark, odds, given={"deepest": "coarse"})
    assert [(one.reached, one.answered, one.looks) for one in found] == [(None, None, ())] * 3


def test_presets_cut_and_look_in_their_own_way(tmp_path: Path) -> None:
    benchmark, odds = released(tmp_path, WHO[2]), Odds(cue=0, distractors=2)
    by_preset = {name: simulate(tmp_path, benchmark, odds, name)[0] for name in ("default", "paper", "published")}
    assert {name: one.segments for name, one in by_preset.items()} == {"default": 25, "paper": 25, "published": 63}
    assert {name: len(one.looks) for name, one in by_preset.items()} == {"default": 10, "paper": 5, "published": 5}
    assert {one.rounds for one in by_preset.values()} == {5}


def test_the_memory_in_ram_leads_the_search_where_the_store_leads_it(tmp_path: Path) -> None:
    asked = (WHO[0][0], "22:05-22:12"), WHO[1]
    benchmark, odds = released(tmp_path, *asked, minutes=31), Odds(cue=0.5, deep=1, distractors=4)
    given = {"max_rounds": 1}

    def looks(found: list[Searched]) -> list[Any]:
        return [(one.looks, one.captions, one.reached, one.answered) for one in found]

    kept = Memory(str(tmp_path / "store"), Lexical())
    disk = simulate(tmp_path / "disk", benchmark, odds, given=given, memory=kept)
    ram = simulate(tmp_path / "ram", benchmark, odds, given=given)
    assert looks(ram) == looks(disk) and all(one.looks for one in disk)


def test_the_memory_in_ram_finds_what_the_store_finds(tmp_path: Path) -> None:
    texts = ("A crimson lantern.", "The lantern beside a fountain.", "A polished crimson wall.", "Nothing at all.")
    memories: list[Memory] = [Memory(str(tmp_path), Lexical()), Passing(Lexical())]
    for memory in memories:
        recording = memory.register("v", (Part("p", "/v.mp4", 0.0, 3600.0),), scopes_for)
        assert memory.register("again", recording.parts, scopes_for).id == recording.id
        for number, text in enumerate(texts):
            start, line = float(number), Line(number, number + 1, text)
            memory.put([Caption(str(number) * 32, recording.id, f"c{number}", "coarse", start, start + 1, (line,))])
        memory.note(recording.id, swept=True)
    ids = ["0" * 32, "2" * 32, "9" * 32]
    ways: tuple[By, ...] = ("both", "meaning", "words")
    for some in (None, ids):
        found = [[m.search([recording.id], WHO[0][0], k=3, ids=some, by=by) for by in ways] for m in memories]
        assert found[0] == found[1] and len({str(hits) for hits in found[1]}) == 3, "each way ranks otherwise"
    told = [
        (
            m.known(recording.id, ids),
            list(m.get(recording.id, ids)),
            [caption.id for caption in m.captions(recording.id, start=1.5, end=2.5)],
            m.captions(recording.id, level="fine"),
            m.notes(recording.id),
            m.search([recording.id], "lantern", k=0),
        )
        for m in memories
    ]
    assert told[0] == told[1]


def test_the_same_seed_takes_the_same_looks(tmp_path: Path) -> None:
    benchmark = read_benchmark("lvbench", write_annotations(tmp_path, 4, 3))
    first, again = (simulate(tmp_path / name, benchmark, Odds()) for name in ("first", "again"))
    assert [one.looks for one in first] == [one.looks for one in again]


# What is counted


def searched(looks: str, answered: int | None = None, segments: int = 20, holding: int = 1, **more: Any) -> Searched:
    """`looks`: a character each, `x` where the evidence was hit; one look a round, ten captions each."""
    taken = tuple(Looked(number, 0, 1, sign == "x") for number, sign in enumerate(looks, 1))
    made = tuple(10 * number for number in range(1, len(looks) + 1))
    return Searched(HIDDEN, taken, made, answered, len(looks), segments, holding, 1.0, None, **more)


def test_chance_is_exact() -> None:
    for segments, holding, looks in ((6, 2, 3), (5, 1, 5), (4, 4, 1), (7, 3, 0)):
        drawn = list(combinations(range(segments), looks))
        assert chance(segments, holding, looks) == pytest.approx(
            sum(any(one < holding for one in some) for some in drawn) / len(drawn)
        )
    assert chance(4, 1, 10) == 1, "more looks than segments"


def test_figures_by_round_and_by_look() -> None:
    found = [searched("x", 1), searched(".x.", 3), searched("....."), searched("..x..")]
    figure = figures(found, CLASSES["lvbench"])
    assert (figure["reached"]["count"], figure["answered"]["count"], figure["questions"]) == (3, 2, 4)
    assert (figure["reached"]["low"], figure["reached"]["high"]) == pytest.approx((0.3006, 0.9544), abs=1e-3)
    assert [row["reached"]["count"] for row in figure["by_round"]] == [1, 2, 3, 3, 3]
    assert [row["answered"]["count"] for row in figure["by_round"]] == [1, 1, 2, 2, 2]
    assert [row["captions"] for row in figure["by_round"]] == [10, 17.5, 25, 30, 35]
    assert [row["reached"]["count"] for row in figure["by_looks"]] == [1, 2, 3, 3, 3]
    assert [row["random"] for row in figure["by_looks"]] == pytest.approx([0.05, 0.1, 0.15, 0.2, 0.25])
    assert figure["random"] == pytest.approx((1 + 3 + 5 + 5) / 4 / 20)
    assert (figure["looks"], figure["captions"], figure["captions_answered"]) == (3.5, 35, 20)
    assert list(figure["by_length"]) == ["3600-5400"] and figure["by_level"]["fine"]["questions"] == 4


def test_presets_are_compared_question_by_question() -> None:
    first = [searched("x", 1)] * 6 + [searched(".")]
    assert compared(first, [searched(".")] * 7) == {"only_first": 6, "only_second": 0, "p": pytest.approx(2 / 64)}


# The command


def localise(*words: object) -> Result:
    return CliRunner().invoke(evaluate, ["localise", *map(str, words)])


def test_the_command_needs_no_models_and_touches_no_memory(
    tmp_path: Path, own_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VIDEOLUCY_CAPTIONER", "local:/nowhere")
    monkeypatch.setenv("VIDEOLUCY_REASONER", "deepseek:deepseek-reasoner")
    released(tmp_path, *WHO)
    ran = localise("--annotations", tmp_path, "--preset", "paper", "--preset", "default", "--json", "--out", "run")
    assert ran.exit_code == 0, ran.output
    told = json.loads(ran.stdout)
    assert list(told["presets"]) == ["paper", "default"] and told["questions"] == 3 and not told["synthetic"]
    assert {one["failed"] for one in told["presets"].values()} == {0}
    assert not own_home.exists(), "nothing is remembered"
    assert json.loads(Path("run/localisation.json").read_text("utf-8")) == told
    rows = [json.loads(line) for line in Path("run/looks.jsonl").read_text("utf-8").splitlines()]
    assert [(row["preset"], row["id"]) for row in rows] == [(p, str(n)) for p in ("paper", "default") for n in range(3)]
    for row in rows:
        hits = [look["round"] for look in row["looks"] if look["hit"]]
        assert row["reached"] == (hits[0] if hits else None) and row["evidence"]


def test_odd_names_cost_no_other_question(tmp_path: Path) -> None:
    rows = [
        lvbench_qa("1", "00:05-00:09", question="Who \ud800?\n(A) x\n(B) y", answer="A"),
        lvbench_qa("2\ud800", "00:05-00:09", question="Who burns it?\n(A) x\n(B) x", answer="A"),
        lvbench_qa("3", "00:05-00:09", question="谁在那里?\n(A) x\n(B) y", answer="A"),
    ]
    row = {"key": "../a\ud800\x00b", "type": "tv", "video_info": {"duration_minutes": 1}, "qa": rows}
    (tmp_path / "video_info.meta.jsonl").write_text(json.dumps(row), "utf-8")
    ran = localise("--annotations", tmp_path, "--preset", "default", "--cue", 1, "--json", "--out", tmp_path / "out")
    assert ran.exit_code == 0, ran.output
    rows = [json.loads(line) for line in (tmp_path / "out/looks.jsonl").read_text("utf-8").splitlines()]
    assert [bool(row["error"]) for row in rows] == [True, True, False] and rows[2]["reached"] == 1
    assert json.loads(ran.stdout)["presets"]["default"]["failed"] == 2


def test_made_up_questions_are_told_to_be_made_up(tmp_path: Path) -> None:
    ran = localise("--synthetic", 2, "--preset", "published", "--max-rounds", 1)
    assert ran.exit_code == 0, ran.output
    assert "no number here is one of LVBench" in ran.stdout and "published 1" in ran.stdout
    assert "published 2" not in ran.stdout.split("within looks")[0], "one round was allowed"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ((), "--synthetic N"),
        (("--synthetic", 2, "--annotations", "x"), "--synthetic N"),
        (("--synthetic", 2, "--preset", "mine"), "presets are default, paper, published"),
        (("--synthetic", 2, "--choice", "luck"), "choices are words, order"),
        (("--synthetic", 2, "--cue", 2), "--cue is a probability"),
        (("--annotations", "nowhere"), "nowhere"),
    ],
)
def test_what_cannot_be_simulated_is_refused(words: tuple[object, ...], told: str) -> None:
    ran = localise(*words)
    assert isinstance(ran.exception, BadInput) and told in str(ran.exception)
