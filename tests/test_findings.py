from __future__ import annotations

from typing import Any

import pytest

from memory_store.embedders.lexical import Lexical
from memory_store.records import Line
from tests.reasoner_cases import EYES
from tools.reasoners.base import Findings, Passage, Task
from tools.reasoners.embedded.reasoner import EmbeddedReasoner


def passage(number: int, *texts: str) -> Passage:
    start = 30.0 * number
    lines = tuple(Line(start + at, start + at + 1, text) for at, text in enumerate(texts))
    return Passage(f"{number:032x}", "r", f"c{number}", "coarse", start, start + 30, lines)


CHAPTER = (
    passage(0, "A bright scene, mostly white.", 'Text on screen: "The Lighthouse at Gull Point"'),
    passage(
        1,
        'Text on screen: "Wrecks on the reef" — "Brig Aurora, 1853"',
        'Text on screen: "Wrecks on the reef" — "Lives lost: 23 sailors"',
        "Cut to a dim scene, mostly grey.",
    ),
    passage(2, 'Text on screen: "Repairs" — "Cost of the new roof: 86,000 pounds"'),
    passage(3, 'Text on screen: "The bell rings"', "A dark scene."),
    passage(4, 'Text on screen: "The bell rings"'),
)


@pytest.fixture(scope="module")
def reasoner() -> EmbeddedReasoner:
    return EmbeddedReasoner(Lexical())


def found(reasoner: EmbeddedReasoner, question: str, passages: tuple[Passage, ...] = CHAPTER) -> Findings:
    task: Task[Any] = Task(Findings, "", question, passages=passages, cannot_see=EYES)
    reply, usage = reasoner.reply(task)
    assert usage.reasoner_calls == 0
    lines = {one.id: [line.text for line in one.lines] for one in passages}
    for one in reply.findings:
        assert one.quote and any(one.quote in text for text in lines[one.caption]), "a quote is copied from a line"
    return reply


def test_the_lines_that_bear_on_the_question_are_found_with_their_heading(reasoner: EmbeddedReasoner) -> None:
    told = found(reasoner, "Which sailors lost their lives on the reef?").findings
    assert any(one.quote == "Lives lost: 23 sailors" and one.note == "Wrecks on the reef" for one in told)
    assert {one.caption for one in told} == {CHAPTER[1].id}


def test_a_chapter_without_anything_on_it_tells_nothing(reasoner: EmbeddedReasoner) -> None:
    assert not found(reasoner, "Which medicine did the doctor prescribe?").findings
    assert not found(reasoner, "Which sailors lost their lives on the reef?", ()).findings
    assert not found(reasoner, "What is this video about?", (passage(0, "A dark scene, mostly black."),)).findings


def test_each_occurrence_is_counted_and_what_runs_on_only_once(reasoner: EmbeddedReasoner) -> None:
    told = found(reasoner, "How many times does the bell ring?").findings
    assert [one.caption for one in told] == [CHAPTER[3].id, CHAPTER[4].id]
    assert all("bell" in one.note for one in told)
    again = Passage("f" * 32, "r", "c3", "fine", 90, 120, (Line(90, 91, 'Text on screen: "The bell rings"'),))
    assert len(found(reasoner, "How many times does the bell ring?", (*CHAPTER, again)).findings) == 2


def test_what_a_chapter_is_about_is_told_by_its_most_telling_lines_in_order(reasoner: EmbeddedReasoner) -> None:
    told = found(reasoner, "What is this video about?").findings
    order = [one.id for one in CHAPTER]
    assert 3 <= len(told) <= 6
    assert [order.index(one.caption) for one in told] == sorted(order.index(one.caption) for one in told)


def test_a_long_chapter_gives_its_best_six(reasoner: EmbeddedReasoner) -> None:
    # The bell with its rope fits better than all the other bells.
    many = [passage(at, f'Text on screen: "Bell number {at} of the tower"') for at in range(12)]
    many[9] = passage(9, 'Text on screen: "Bell number 9 of the tower, with its rope"')
    told = found(reasoner, "Which bell of the tower has a rope?", tuple(many)).findings
    assert len(told) <= 6 and many[9].id in {one.caption for one in told}


def test_long_quotes_have_short_notes(reasoner: EmbeddedReasoner) -> None:
    long = "A fisherman mends a large green net on the quay while two children watch him from a low stone wall nearby."
    (one,) = found(reasoner, "What does the fisherman mend on the quay?", (passage(0, long),)).findings
    assert one.quote == long and len(one.note) <= 60 and long.startswith(one.note.rstrip("…"))


def test_one_word_in_common_does_not_bear_on_the_question(reasoner: EmbeddedReasoner) -> None:
    question = "Which carpenter mended the copper roof of the boathouse?"
    assert not found(reasoner, question, (passage(0, "A pigeon sits on a roof."),)).findings
    assert found(reasoner, question, (passage(0, "A carpenter mends the roof of the boathouse."),)).findings
