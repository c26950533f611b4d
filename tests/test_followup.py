from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from examples.questions import QUESTIONS
from memory_store.embedders.lexical import Lexical
from memory_store.records import Line
from tests.followup_corpus import (
    BRIDGE,
    FOLLOWS,
    HELD_OUT,
    KEEPER,
    LAMP,
    MAN,
    OPEN,
    QUIZ,
    ROOM,
    STANDS_ALONE,
    WRECK,
    Turn,
)
from tests.reasoner_cases import DEV
from tests.reasoner_cases import HELD_OUT as OTHER_CASES
from tools.reasoners.base import Exchange, FollowUp, Passage, Task, Verdict
from tools.reasoners.embedded.clauses import clause, phrases, statement
from tools.reasoners.embedded.followup import resolve
from tools.reasoners.embedded.lexicon import word_set
from tools.reasoners.embedded.reasoner import EmbeddedReasoner


def asked(turn: Turn) -> str:
    return turn.question


@pytest.mark.parametrize("turn", FOLLOWS, ids=asked)
def test_a_question_that_refers_back_is_put_into_words_that_stand_alone(turn: Turn) -> None:
    assert resolve(turn.question, turn.earlier) == FollowUp(follows=True, question=turn.meant)


@pytest.mark.parametrize("turn", STANDS_ALONE, ids=asked)
def test_a_question_that_stands_alone_keeps_its_words(turn: Turn) -> None:
    assert resolve(turn.question, turn.earlier) == FollowUp(follows=False, question=turn.question)


def test_the_rules_carry_beyond_what_they_were_made_from() -> None:
    found = [resolve(turn.question, turn.earlier) for turn in HELD_OUT]
    assert all(one.follows for one in found)
    assert sum(one.question == turn.meant for one, turn in zip(found, HELD_OUT, strict=True)) >= 9


@pytest.mark.parametrize("earlier", [LAMP, KEEPER, BRIDGE, WRECK, ROOM, OPEN], ids=lambda one: one.question)
def test_questions_asked_without_a_conversation_are_not_changed_by_one(earlier: Exchange) -> None:
    questions = [one.question for one in (*QUESTIONS, *DEV, *OTHER_CASES)]
    changed = [one for one in questions if resolve(one, (earlier,)) != FollowUp(follows=False, question=one)]
    assert len(questions) > 150 and not changed


def test_the_first_question_refers_to_nothing() -> None:
    assert resolve("When did he retire?", ()) == FollowUp(follows=False, question="When did he retire?")


def test_the_nearest_exchange_that_names_one_tells_who_is_meant() -> None:
    assert resolve("When did he retire?", (QUIZ, KEEPER)).question == "When did Josef Brandt retire?"
    assert resolve("When did he retire?", (KEEPER, QUIZ)).question == "When did Tomas Okafor retire?"
    assert resolve("And when was it closed?", (KEEPER, ROOM)).question == "When was Room 114 closed?"


@pytest.mark.parametrize(
    ("question", "answer", "told"),
    [
        ("Who won the quiz?", "Tomas Okafor", "Tomas Okafor won the quiz"),
        ("When was the lamp lit?", "1847", "the lamp was lit"),
        ("Which bridge did the mayor open?", "the Salt Bridge", "the mayor opened the Salt Bridge"),
        ("What does the chef mix?", "eggs and milk", "the chef mixes eggs and milk"),
        ("Which room is the cafeteria in?", "Room 114", "the cafeteria is in Room 114"),
        ("How high is the dam?", "96 metres", ""),
        ("Is the dam high?", "Yes", ""),
        ("Who won the quiz?", "", ""),
    ],
)
def test_a_question_and_its_answer_make_a_statement(question: str, answer: str, told: str) -> None:
    assert statement(question, answer) == told


def test_a_question_is_taken_apart() -> None:
    found = clause("At what time does the bus for the excursion depart from Pier 6?")
    assert found is not None
    assert (found.wh, found.auxiliary, found.subject) == ("At what time", "does", "the bus for the excursion")
    assert (found.verb, found.rest) == ("depart", "from Pier 6")
    assert [one.text for one in phrases("What is the price of the fish soup?")] == ["the price of the fish soup"]
    assert phrases("What is the price of the fish soup?")[0].innermost.text == "the fish soup"


def test_the_reasoner_understands_follow_ups_without_a_model() -> None:
    reasoner = EmbeddedReasoner(Lexical())
    found, usage = reasoner.reply(Task(FollowUp, "", "What does he take out of it?", exchanges=(MAN,)))
    assert found.follows and found.question == "What does the man take out of the red suitcase?"
    assert usage.reasoner_calls == 0


_WORDS = sorted(
    word_set(
        "who what when he she it they his there that then next after and about the a lamp keeper Josef of in 1922 did "
        "was open ? , else one how many is"
    )
)
_TEXTS = st.lists(st.sampled_from(_WORDS), max_size=9).map(" ".join)


@given(_TEXTS, _TEXTS, _TEXTS)
def test_no_words_whatever_lose_a_question(question: str, before: str, answer: str) -> None:
    found = resolve(question, [Exchange(before, answer)])
    assert found.follows or found.question == question
    assert bool(found.question.strip()) == bool(question.strip()) and "\x00" not in found.question


def test_an_answer_to_a_guessed_question_is_not_called_supported() -> None:
    """`And the lamp?` was guessed to be about the keeper: his name must not pass for an answer."""
    line = Line(0, 10, 'Text on screen: "1891 to 1922 | Josef Brandt", under "Keepers of the light".')
    shown = (Passage("a" * 32, "r", "c0", "coarse", 0, 10, (line,), score=1.0),)

    def verify(question: str) -> str:
        return EmbeddedReasoner(Lexical()).reply(Task(Verdict, "", question, passages=shown))[0].support

    assert verify("Who was the keeper of the light until 1922?") == "supported"
    assert verify("Who was the keeper of the light until 1922? (about: Josef Brandt)") != "supported"
