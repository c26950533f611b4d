"""The lecture's ground truth holds: what each level of looking can read, and what it cannot."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import av
import pytest

from examples.lecture import FACTS, Fact, make_lecture, shots
from examples.questions import LECTURE, QUESTIONS, TRAILER
from memory_store.records import Line, Segment
from memory_store.segments import Plan
from tests import sampled
from tools.captioners import text_on_screen
from tools.captioners.base import Description
from tools.captioners.observations import Observations

pytestmark = pytest.mark.accuracy

TOLERANCE = 2.0
"""Seconds by which evidence may miss the interval in which a fact is shown."""

needs_reader = pytest.mark.skipif(not text_on_screen.available(), reason="rapidocr is not installed")


@dataclass(frozen=True)
class Lecture:
    path: Path
    plan: Plan

    def segment(self, fact: Fact) -> Segment:
        return next(one for one in self.plan.coarse() if one.start <= fact.start < one.end)


@pytest.fixture(scope="session")
def lecture(tmp_path_factory: pytest.TempPathFactory) -> Lecture:
    path = tmp_path_factory.mktemp("lecture") / LECTURE
    make_lecture(path)
    return Lecture(path, sampled.plan(path))


@pytest.fixture(scope="session")
def coarse(lecture: Lecture) -> dict[str, Description]:
    """What the coarse pass says of each segment."""
    eyes, segments = Observations(), lecture.plan.coarse()
    with ThreadPoolExecutor(2) as pool:
        said = pool.map(lambda segment: eyes.describe(sampled.coarse(lecture.plan, segment)), segments)
        return {segment.id: description for segment, description in zip(segments, said, strict=True)}


def lines_with(text: str, description: Description) -> list[Line]:
    return [line for line in description.lines if text in line.text]


def facts(where: str) -> list[Fact]:
    return [fact for fact in FACTS if fact.where == where]


def by_answer(fact: Fact) -> str:
    return fact.answer


def tells(description: Description, fact: Fact) -> bool:
    """Tell whether any word of the fact is in the description."""
    words = fact.answer.replace("Room", "").split()
    return any(lines_with(word, description) for word in words)


def near(line: Line, fact: Fact) -> bool:
    return abs(line.start - fact.start) <= TOLERANCE and abs(line.end - fact.end) <= TOLERANCE


def test_the_lecture_is_as_promised(lecture: Lecture) -> None:
    assert lecture.path.stat().st_size < 6_000_000
    with av.open(str(lecture.path)) as container:
        stream = container.streams.video[0]
        assert (stream.width, stream.height, stream.codec_context.name) == (2560, 1440, "h264")
        assert container.duration / 1_000_000 == sum(shot.seconds for shot in shots()) == 345
    assert lecture.plan.scopes.seconds == (30, 5, 1)
    assert len(facts("coarse")) >= 3 and len(facts("tiny")) >= 3
    assert len(facts("small")) >= 3 and len(facts("brief")) >= 2


def test_brief_facts_lie_between_the_coarse_samples_and_on_a_fine_one() -> None:
    for fact in facts("brief"):
        assert int(fact.start) == int(fact.end) and fact.start % 1 > 0.1
        assert fact.start < int(fact.start) + 0.5 < fact.end


@needs_reader
@pytest.mark.parametrize("fact", facts("coarse"), ids=by_answer)
def test_coarse_facts_are_read_at_once(fact: Fact, lecture: Lecture, coarse: dict[str, Description]) -> None:
    lines = lines_with(fact.answer, coarse[lecture.segment(fact).id])
    assert lines and all(near(line, fact) for line in lines)


@needs_reader
@pytest.mark.parametrize("fact", [*facts("small"), *facts("brief"), *facts("tiny")], ids=by_answer)
def test_other_facts_are_in_no_coarse_caption(fact: Fact, coarse: dict[str, Description]) -> None:
    assert not any(tells(description, fact) for description in coarse.values())


@needs_reader
@pytest.mark.parametrize(
    ("fact", "cue"),
    list(zip(facts("small"), ("Visitor desk", "Keepers of the light", "Excursion"), strict=True)),
    ids=str,
)
def test_small_print_leaves_a_cue_and_is_read_in_a_second_look(
    fact: Fact, cue: str, lecture: Lecture, coarse: dict[str, Description]
) -> None:
    segment = lecture.segment(fact)
    cues = lines_with(f'Small text under "{cue}" cannot be read', coarse[segment.id])
    assert cues and near(cues[0], fact)
    assert coarse[segment.id].extra["unread"] >= 2

    again = Observations().describe(sampled.closer(lecture.plan, segment))
    lines = lines_with(fact.answer, again)
    assert lines and near(lines[0], fact) and cue in lines[0].text
    assert "unread" not in again.extra

    part = next(part for part in lecture.plan.parts(segment) if part.start == fact.start)
    assert lines_with(fact.answer, Observations().describe(sampled.fine(lecture.plan, part)))


@needs_reader
@pytest.mark.parametrize(
    ("fact", "cue"), list(zip(facts("brief"), ("And the winner is", "Drawing the lucky ticket"), strict=True)), ids=str
)
def test_brief_lines_leave_a_cue_and_are_met_in_a_fine_part(
    fact: Fact, cue: str, lecture: Lecture, coarse: dict[str, Description]
) -> None:
    segment = lecture.segment(fact)
    assert lines_with(cue, coarse[segment.id])
    part = next(part for part in lecture.plan.parts(segment) if part.start <= fact.start < part.end)
    lines = lines_with(fact.answer, Observations().describe(sampled.fine(lecture.plan, part)))
    assert lines and near(lines[0], fact)


@needs_reader
@pytest.mark.parametrize(
    ("fact", "cue"),
    list(zip(facts("tiny"), ("Chart of the bay", "The great lens", "High water times"), strict=True)),
    ids=str,
)
def test_tiny_print_is_a_cue_at_the_first_two_levels_and_read_at_the_third(
    fact: Fact, cue: str, lecture: Lecture, coarse: dict[str, Description]
) -> None:
    eyes, segment = Observations(), lecture.segment(fact)
    unread = f'Small text under "{cue}" cannot be read'
    assert near(lines_with(unread, coarse[segment.id])[0], fact)

    part = next(part for part in lecture.plan.parts(segment) if part.start == fact.start)
    for fine in (sampled.closer(lecture.plan, segment), sampled.fine(lecture.plan, part)):
        description = eyes.describe(fine)
        assert lines_with(unread, description) and description.extra["unread"] >= 2
        assert not any("—" in line.text and cue in line.text for line in description.lines)
        assert not tells(description, fact)

    again = eyes.describe(sampled.closest(lecture.plan, part))
    lines = lines_with(fact.answer, again)
    assert lines and cue in lines[0].text and "unread" not in again.extra
    deepest = lecture.plan.parts(part)[0]
    assert lines_with(fact.answer, eyes.describe(sampled.ultra_fine(lecture.plan, deepest)))


def test_the_questions_agree_with_the_facts() -> None:
    shown = {(fact.start, fact.end): fact for fact in FACTS}
    for question in QUESTIONS:
        assert (question.status == "answered") == bool(question.expected) == bool(question.shown)
        if question.options:
            right = question.options[ord(question.option) - ord("A")]
            assert any(expected in right for expected in question.expected)
        if question.video == LECTURE and question.shown:
            fact = shown[question.shown[0]]
            assert any(expected in fact.answer for expected in question.expected)
            assert question.second_look == (fact.where != "coarse")
    for video in (TRAILER, LECTURE):
        statuses = [question.status for question in QUESTIONS if question.video == video]
        assert statuses.count("answered") >= 4 and statuses.count("insufficient") >= 2
    assert all(any(letter.islower() for letter in question.question) for question in QUESTIONS)
