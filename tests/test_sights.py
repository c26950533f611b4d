"""Questions about what is seen and how often: colours, shapes, ways of moving, showings and their order."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from memory_store.records import Line
from tools.models import build_embedder
from tools.reasoners.base import Passage, Task, Verdict
from tools.reasoners.embedded import occurrences, plain_things, sights
from tools.reasoners.embedded.cover import cover
from tools.reasoners.embedded.question import ask
from tools.reasoners.embedded.reading import Reading
from tools.reasoners.embedded.reasoner import EmbeddedReasoner
from tools.settings import Settings


def reading(*lines: tuple[float, float, str], level: str = "fine") -> Reading:
    """Return a reading of passages of half a minute each."""
    passages = {}
    for start, end, text in lines:
        key = int(start // 30)
        passages.setdefault(key, []).append(Line(start, end, text))
    return Reading.of(
        Passage(f"p{key}", "r", f"c{key}", level, key * 30.0, key * 30.0 + 30, tuple(held))
        for key, held in sorted(passages.items())
    )


BOARDS = reading(
    (5, 9, 'Text on screen: "Granary Hestby"'),
    (5, 9, '"Granary Hestby" — a small green square at the left.'),
    (5, 9, '"Granary Hestby" — a small yellow circle at the bottom right.'),
    (40, 44, 'Text on screen: "Glass works"'),
    (41, 42, '"Glass works" — a blue square moves upwards.'),
    (70, 75, "A red circle moves from left to right."),
    (100, 105, 'Text on screen: "Ticket office"'),
    (107, 112, "An orange triangle in the middle."),
)


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ('Which shape on the board headed "Granary Hestby" is green?', "a square"),
        ("What colour is the circle on the Granary board?", "yellow"),
        ("At the granary, what colour does the round thing have?", "yellow"),
        ("Which direction does the square travel under Glass works?", "upwards"),
        ("Where does the blue square on the glass works board move to?", "upwards"),
        ("Which way does the red circle go?", "from left to right"),
        ("In what direction does the ball roll across?", "from left to right"),
        ('What colour is the triangle that comes after the words "Ticket office"?', "orange"),
        ("Which shape has the colour green at the Granary?", "a square"),
    ],
)
def test_open_questions_about_things_seen(question: str, answer: str) -> None:
    found = sights.settle(ask(question, blind=True), (), BOARDS)
    assert found is not None and found[0].answer == answer


@pytest.mark.parametrize(
    ("question", "options", "letter"),
    [
        ("Which way does the circle go?", ("to the left", "to the right", "up", "down"), "B"),
        ("The circle crosses the picture. How?", ("right to left", "left to right", "it rises", "it falls"), "B"),
        ("What is drawn in green at the Granary?", ("a disc", "a star", "a square", "a triangle"), "C"),
        (
            "What about the circle at Granary Hestby?",
            ("It is red.", "It is blue.", "It is yellow.", "It is green."),
            "C",
        ),
    ],
)
def test_options_say_what_is_asked_for(question: str, options: tuple[str, ...], letter: str) -> None:
    found = sights.settle(ask(question, blind=True), options, BOARDS)
    assert found is not None and found[1] == letter


def test_a_colour_in_a_quotation_is_not_that_of_the_thing() -> None:
    inn = reading((5, 9, 'Text on screen: "Red Lion"'), (5, 9, '"Red Lion" — a blue square in the middle.'))
    found = sights.settle(ask('What shape is shown under "Red Lion"?', blind=True), (), inn)
    assert found is not None and found[0].answer == "a square"


def test_ways_and_colours_of_plain_things_are_not_unseen() -> None:
    for question in (
        "In which direction does it run?",
        "Which way does he walk?",
        "What colour is the coat she wears?",
    ):
        assert ask(question, blind=True).unseen == "", question
    assert ask("Does he walk or run?", blind=True).unseen == "actions"


def test_what_is_not_there_is_not_supported() -> None:
    for question in ('What colour is the circle under "Harbour map"?', "What colour is the dog on the Granary board?"):
        found = sights.settle(ask(question, blind=True), (), BOARDS)
        assert found is None or found[0].support != "supported", question
    assert sights.settle(ask("What colour is the pentagon under Glass works?", blind=True), (), reading()) is None


def test_things_of_two_colours_leave_it_open() -> None:
    both = reading((5, 9, "A red circle at the left."), (20, 25, "A blue circle at the right."))
    found = sights.settle(ask("What colour is the circle?", blind=True), (), both)
    assert found is not None and found[0].support == "partly" and "which" in found[0].lacking


@pytest.mark.parametrize(
    ("text", "way"),
    [
        ("from left to right", (1, 0)),
        ("right-to-left", (-1, 0)),
        ("from the top to the bottom", (0, 1)),
        ("It rises.", (0, -1)),
        ("towards the left", (-1, 0)),
        ("down and to the right", (1, 1)),
        ("leftwards", (-1, 0)),
        ("that is right", None),
        ("around in circles", None),
    ],
)
def test_ways_of_moving(text: str, way: tuple[int, int] | None) -> None:
    assert plain_things.way_of(text) == way


SHOWN = reading(
    (3, 4, 'Text on screen: "Gate" — "HERON"'),
    (4.2, 5, 'Text on screen: "Gate" — "HERON"'),
    (33, 34, 'Text on screen: "Gate" — "OTTER"'),
    (65, 66, 'Text on screen: "Gate" — "HERON"'),
    (95, 96, 'Text on screen: "Gate" — "Ida Falk"'),
    (125, 126, 'Text on screen: "Gate" — "HERON"'),
    (140, 142, "A red star at the left."),
    (170, 172, "A red star at the right."),
)
TIMES = ("once", "twice", "three times", "four times")


@pytest.mark.parametrize(
    ("question", "options", "letter"),
    [
        ('How many times does the word "HERON" flash up on the boards headed "Gate"?', TIMES, "C"),
        ("How often is HERON shown?", ("2", "3", "4", "5"), "B"),
        ('On how many occasions does "otter" come up?', TIMES, "A"),
        ("How many times can a red star be seen?", TIMES, "B"),
        ('The sign "OTTER" turns up how many times?', ("4", "2", "1"), "C"),
        ('How often is "HERON" on the board "Gate"?', ("4", "2", "3"), "C"),
        ("How many times does the word HERON appear in the video?", ("five times", "four times", "twice", "once"), "B"),
    ],
)
def test_showings_are_counted(question: str, options: tuple[str, ...], letter: str) -> None:
    found = occurrences.settle(ask(question, blind=True), options, SHOWN)
    assert found is not None and found[1] == letter


def test_a_count_that_no_option_gives_is_not_supported() -> None:
    found = occurrences.settle(ask('How often is "HERON" shown?'), ("seven times", "nine times"), SHOWN)
    assert found is not None and found[0].support == "partly" and found[1] == "A"
    assert occurrences.settle(ask("How often does the bus run per hour?"), (), SHOWN) is None
    assert occurrences.settle(ask("How many times an hour does the HERON sail?"), (), SHOWN) is None


def test_a_word_counts_where_it_is_read_be_it_with_a_slip_and_not_where_a_thing_is_so_called() -> None:
    slip = reading((3, 4, 'Text on screen: "Lighthouse"'), (20, 21, 'Text on screen: "Lighthousc"'))
    found = occurrences.settle(ask('How often is "Lighthouse" shown?'), TIMES, slip)
    assert found is not None and found[1] == "B"
    star = reading((3, 4, 'Text on screen: "STAR"'), (20, 21, "A red star at the left."))
    found = occurrences.settle(ask("How often is the word STAR shown?"), TIMES, star)
    assert found is not None and found[1] == "A"


@pytest.mark.parametrize(
    ("question", "options", "letter"),
    [
        ("Which of these is shown first?", ("OTTER", "Ida Falk", "HERON", "red star"), "C"),
        ("Which comes last in the video?", ("OTTER", "Ida Falk", "a red star"), "C"),
        ('Who is named next after "OTTER"?', ("Ida Falk", "red star"), "A"),
        ("What is shown right before Ida Falk?", ("OTTER", "red star", "HERON"), "C"),
        (
            "In which order do they appear?",
            ("OTTER, Ida Falk, star", "Ida Falk, OTTER, star", "star, OTTER, Ida Falk"),
            "A",
        ),
    ],
)
def test_what_comes_when(question: str, options: tuple[str, ...], letter: str) -> None:
    found = occurrences.settle(ask(question, blind=True), options, SHOWN)
    assert found is not None and found[1] == letter


def test_what_stands_there_again_does_not_follow_itself() -> None:
    again = reading((3, 4, '"OTTER"'), (20, 21, '"OTTER"'), (40, 41, '"HERON"'))
    found = occurrences.settle(ask('What is shown next after "OTTER"?'), ("OTTER", "HERON"), again)
    assert found is not None and found[1] == "B"


def test_the_same_second_of_two_recordings_is_one_answer() -> None:
    stretches = (("r", 5.0, "OTTER"), ("r", 40.0, "HERON"), ("s", 40.0, "HERON"), ("s", 70.0, "Ida Falk"))
    boards = Reading.of(
        Passage(f"{recording}{start:.0f}", recording, "c0", "fine", 0.0, 90.0, (Line(start, start + 1, f'"{shown}"'),))
        for recording, start, shown in stretches
    )
    found = occurrences.settle(ask('What is shown right after "OTTER"?'), ("Ida Falk", "HERON"), boards)
    assert found is not None and (found[1], found[0].remark.passage.recording) == ("B", "r")


class Refusing:
    """An embedder that is never to be asked."""

    def embed(self, texts: Sequence[str], query: bool = False) -> NDArray[np.float32]:
        raise AssertionError(f"asked for the vectors of {texts}")


@pytest.mark.parametrize(
    ("question", "options", "letter"),
    [
        ("How often is HERON shown?", TIMES, "C"),
        ("Which of these words comes last?", ("OTTER", "Ida Falk"), "B"),
    ],
)
def test_what_is_counted_or_put_in_order_needs_no_vectors(question: str, options: tuple[str, ...], letter: str) -> None:
    held = {remark.passage.id: remark.passage for remark in SHOWN.remarks}
    task = Task(reply=Verdict, prompt="", question=question, options=options, passages=tuple(held.values()))
    assert EmbeddedReasoner(Refusing()).reply(task)[0].option == letter


def test_the_line_a_question_quotes_is_not_what_follows_it() -> None:
    held = {remark.passage.id: remark.passage for remark in SHOWN.remarks}
    question = 'Which word follows the one that says "OTTER"?'
    options = ("OTTER", "HERON", "never shown")
    task = Task(reply=Verdict, prompt="", question=question, options=options, passages=tuple(held.values()))
    verdict, _ = EmbeddedReasoner(build_embedder(Settings.load(embedder="lexical"))).reply(task)
    assert (verdict.option, verdict.support) == ("B", "partly")


def test_an_order_under_a_heading_is_that_of_its_boards() -> None:
    boards = reading(
        (5, 8, 'Text on screen: "Aquarium" — "Edda Thorpe"'),
        (35, 38, 'Text on screen: "Dairy" — "Treasurer: Klara Bellamy"'),
        (65, 68, 'Text on screen: "Aquarium" — "Willem Quist"'),
        (95, 98, 'Text on screen: "Aquarium" — "Jasper Whitby"'),
    )
    options = ("Jasper Whitby", "Klara Bellamy", "Willem Quist")
    found = occurrences.settle(
        ask('On the boards headed "Aquarium", who is named next after Edda Thorpe?'), options, boards
    )
    assert found is not None and found[1] == "C"
    everywhere = occurrences.settle(ask("Who is named next after Edda Thorpe?"), options, boards)
    assert everywhere is not None and everywhere[1] == "B"


@pytest.mark.parametrize(
    ("question", "options", "letter"),
    [
        ("Which of these shapes comes first?", ("a square", "a circle", "a triangle", "a star"), "D"),
        ("Which one is shown last?", ("the red circle", "the blue square", "the yellow star"), "B"),
        ("What colour is the square that comes last?", ("red", "blue", "yellow", "green"), "B"),
        ("Which way does the first circle go?", ("to the left", "to the right"), "A"),
        ("Which is shown first?", ("a kite", "a pyramid", "a disc"), "C"),
        ("Which word is shown last, whatever colour the star has?", ("OTTER", "HERON"), "B"),
    ],
)
def test_order_and_looks_together(question: str, options: tuple[str, ...], letter: str) -> None:
    seen = reading(
        (5, 8, "A yellow star at the left."),
        (40, 44, "A red circle moves from right to left."),
        (80, 84, "A green triangle at the right."),
        (120, 124, "A blue square in the middle."),
        (150, 152, 'Text on screen: "OTTER"'),
        (160, 162, 'Text on screen: "HERON"'),
    )
    held = {remark.passage.id: remark.passage for remark in seen.remarks}
    task = Task(reply=Verdict, prompt="", question=question, options=options, passages=tuple(held.values()))
    reasoner = EmbeddedReasoner(build_embedder(Settings.load(embedder="lexical")))
    assert reasoner.reply(task)[0].option == letter


def test_an_order_is_believed_only_once_all_options_were_seen() -> None:
    found = occurrences.settle(ask("Which is shown first?"), ("OTTER", "Ida Falk", "never shown"), SHOWN)
    assert found is not None and (found[1], found[0].support) == ("A", "partly")


def test_what_the_question_quotes_ties_it_to_a_screen() -> None:
    boards = reading(
        (5, 9, 'Text on screen: "Ice rink" — "Closing time: 17:40"'),
        (40, 44, 'Text on screen: "Bakery" — "Closing time: 21:30"'),
        (70, 74, 'Text on screen: "Dairy" — "Closing time: 09:40"'),
    )
    passages = tuple(dict.fromkeys(remark.passage.id for remark in boards.remarks))
    held = {remark.passage.id: remark.passage for remark in boards.remarks}
    task = Task(
        reply=Verdict,
        prompt="",
        question='On the sheet with the title "Bakery", what stands beside "Closing time"?',
        options=("17:40", "09:40", "21:30", "08:50"),
        passages=tuple(held[id_] for id_ in passages),
    )
    reasoner = EmbeddedReasoner(build_embedder(Settings.load(embedder="lexical")))
    verdict, _ = reasoner.reply(task)
    assert (verdict.option, verdict.support) == ("C", "supported")
    assert verdict.evidence[0].quote == "Closing time: 21:30"


def test_who_speaks_goes_on_about_one_thing() -> None:
    said = reading(
        (5, 8, 'Said: "And now the boat shed."'),
        (8, 11, 'Said: "The deposit is 40 euros."'),
        (60, 64, 'Said: "The deposit is 20 euros."'),
        level="speech",
    )
    asked = ask("What deposit does the voice name for the boat shed?")
    first, second, third = (cover(asked, remark, said).score for remark in said.remarks)
    assert second > third and len(said.said_around(said.remarks[1])) == 1 and first > 0


def test_what_stands_under_words_does_not_answer_what_they_say_and_is_summed_up() -> None:
    from tools.reasoners.embedded.summary import summarise

    seen = reading(
        (5, 9, 'Text on screen: "A small bunny"'), (5, 9, '"A small bunny" — something yellow at the bottom.')
    )
    held = {remark.passage.id: remark.passage for remark in seen.remarks}
    task = Task(reply=Verdict, prompt="", question="How is the bunny described?", passages=tuple(held.values()))
    reasoner = EmbeddedReasoner(build_embedder(Settings.load(embedder="lexical")))
    assert "yellow" not in reasoner.reply(task)[0].answer
    assert "A small bunny" in summarise(task.passages, 300)
