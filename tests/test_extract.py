from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memory_store.records import Line
from tools.reasoners.base import Passage
from tools.reasoners.embedded.cover import cover
from tools.reasoners.embedded.perception import kind_of, unseen
from tools.reasoners.embedded.question import ask
from tools.reasoners.embedded.reading import Reading, read
from tools.reasoners.embedded.sorts import sorts_of
from tools.reasoners.embedded.spans import pieces, with_day
from tools.reasoners.embedded.wording import alike, distance, fold, is_negated, stem, words


def passage(*texts: str, start: float = 0, end: float = 10) -> Passage:
    return Passage("p", "r", "c0", "coarse", start, end, tuple(Line(start, end, text) for text in texts))


@pytest.mark.parametrize(
    ("left", "right"),
    [("bridges", "bridge"), ("opened", "opening"), ("cities", "city"), ("twelve", "12"), ("1,200", "1200"),
     ("children", "child"), ("paid", "pay"), ("stopped", "stop"), ("Wi-Fi", "wifi"), ("Zoë", "zoe")],
)  # fmt: skip
def test_forms_of_a_word_share_a_stem(left: str, right: str) -> None:
    assert stem(left) == stem(right)


@pytest.mark.parametrize(("left", "right"), [("form", "farm"), ("bird", "third"), ("12", "13"), ("adult", "child")])
def test_different_words_are_not_alike(left: str, right: str) -> None:
    assert not alike(stem(left), stem(right))


def test_an_ocr_slip_is_the_same_word() -> None:
    assert alike(stem("Foundation"), stem("Foumdation"))


@given(st.text(max_size=60))
def test_words_lie_where_they_say(text: str) -> None:
    for word in words(text):
        assert text[word.start : word.end] == word.text


@given(st.text(alphabet="abcdef", max_size=8), st.text(alphabet="abcdef", max_size=8))
def test_distance_is_symmetric_and_bounded(left: str, right: str) -> None:
    assert distance(left, right, 3) == distance(right, left, 3) <= 4
    assert (distance(left, right, 3) == 0) == (left == right)


@given(st.sampled_from(["number", "money", "time", "date", "url", "code", "name", "duration"]), st.text(max_size=80))
def test_pieces_are_copied_from_the_text(sort: str, text: str) -> None:
    for piece in pieces(sort, text):
        assert piece.text and text[piece.start : piece.end] == piece.text


@pytest.mark.parametrize(
    ("sort", "text", "expected"),
    [
        ("money", "Cost of the roof: 86,000 pounds", ["86,000 pounds"]),
        ("money", "now $9.99 only", ["$9.99"]),
        ("time", "Mon-Sat 9:00-19:00", ["9:00-19:00"]),
        ("time", "doors 7:30 pm", ["7:30 pm"]),
        (
            "time",
            "leaves at half past seven in the morning, or ten to 9.",
            ["half past seven in the morning", "ten to 9"],
        ),
        ("time", "at seven o'clock sharp; seven people came", ["seven o'clock"]),
        ("date", "until 14 May 2024, then", ["14 May 2024"]),
        ("year", "since 1887", ["1887"]),
        ("percent", "fell by 12 %", ["12 %"]),
        ("duration", "for 45 minutes", ["45 minutes"]),
        ("email", "write to a.b@c.example now", ["a.b@c.example"]),
        ("url", "see www.plumandpie.example", ["www.plumandpie.example"]),
        ("code", "Lost property: room B17", ["B17"]),
        ("number", "14:35 to Gate A12", []),
        ("number", "three rodent pests", ["three"]),
        ("score", "Riverton 1 - 2 Oakdale", ["1 - 2"]),
        ("version", "Installing Quillpad 4.2", ["4.2"]),
    ],
)
def test_spans_of_a_sort(sort: str, text: str, expected: list[str]) -> None:
    assert [piece.text for piece in pieces(sort, text)] == expected


def test_a_title_or_an_introduction_makes_a_name_sure() -> None:
    assert pieces("name", "by Dr. Ines Harrow")[0].sure
    assert not pieces("name", "Measuring Coastal Erosion")[0].sure
    assert not pieces("name", "Made with Movie Maker")[-1].sure


@pytest.mark.parametrize(
    ("text", "body", "heading", "kind"),
    [
        ('Text on screen: "How it began" — "First lit in 1847"', "First lit in 1847", "How it began", "text"),
        ('Text on screen under "Menu": "Soup 6.50".', "Soup 6.50", "Menu", "text"),
        ('Said: "We open at nine."', "We open at nine.", "", "speech"),
        ("A woman throws a ball.", "A woman throws a ball.", "", "prose"),
        ("Cut to a dim scene, mostly blue.", "Cut to a dim scene, mostly blue.", "", "cut"),
        ("She cuts the bread.", "She cuts the bread.", "", "prose"),
    ],
)
def test_lines_of_any_captioner_are_read(text: str, body: str, heading: str, kind: str) -> None:
    (remark,) = read(passage(text), Line(0, 1, text))
    assert (remark.body, remark.heading, remark.kind) == (body, heading, kind)
    assert remark.body in text


def test_unread_text_is_a_cue_with_its_heading() -> None:
    (remark,) = read(passage(), Line(0, 1, 'Small text under "Visitor desk" cannot be read at this size.'))
    assert (remark.kind, remark.heading) == ("unread", "Visitor desk")


def test_only_words_shown_together_are_one_screen() -> None:
    lines = (Line(0, 5, 'Text: "A"'), Line(2, 4, "A bright scene."), Line(3, 8, 'Text: "B"'), Line(9, 12, 'Text: "C"'))
    reading = Reading.of([Passage("p", "r", "c0", "coarse", 0, 12, lines)])
    assert [[r.body for r in group if r.kind == "text"] for group in reading.screens.values()] == [
        ["A", "B"],
        [],
        ["C"],
    ]


@pytest.mark.parametrize(
    ("question", "sorts"),
    [
        ("how many eggs are needed?", ("number",)),
        ("how much does it cost?", ("money",)),
        ("what is the e-mail address?", ("email",)),
        ("at what time does it start?", ("time",)),
        ("who opened the bridge?", ("name",)),
        ("is the price fair?", ()),
        ("what does the sign say?", ()),
    ],
)
def test_the_sort_of_answer(question: str, sorts: tuple[str, ...]) -> None:
    assert sorts_of(question).sorts == sorts


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("How many cars pass?", "counting"),
        ("What happens after the storm?", "order"),
        ("What is this video about?", "whole"),
        ("What does the sign say?", "text"),
        ("Which bridge was opened?", "local"),
        ("Who discounted the beforehand offer?", "local"),
    ],
)
def test_the_kind_of_question(question: str, kind: str) -> None:
    assert kind_of(question) == kind


def test_what_words_on_screen_seldom_tell() -> None:
    assert unseen("What is the man doing?") == "actions"
    assert unseen("Whose voice is heard?") == "voices and sounds"
    assert unseen("What does the sign say?") == ""
    assert unseen("How much is the ticket?") == ""


def test_a_denial_is_not_a_number() -> None:
    assert is_negated("Please do not touch") and is_negated("They don't open")
    assert not is_negated("Order no. KX-8841")


def test_the_opposite_is_a_conflict_and_a_number_keeps_its_noun() -> None:
    reading = Reading.of([passage('Text on screen: "Arrivals" — "10:40 Bergen"', 'Text on screen: "Read chapter 4"')])
    arrivals, chapter = reading.remarks[0], reading.remarks[-1]
    assert cover(ask("When does the train to Bergen depart?"), arrivals, reading).conflict
    credit = cover(ask("What is told in lecture 4?"), chapter, reading).credit
    assert all(value == 0 for word, value in credit.items() if word.stem == "4")


@given(st.text(max_size=120))
def test_any_question_is_understood(question: str) -> None:
    asked = ask(question, blind=True)
    assert all(fold(word.text) in fold(asked.text) for word in asked.required)


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("Next episode: Friday 8 pm", "Friday 8 pm"),
        ("Doors: Sundays, at 10:30", "Sundays, at 10:30"),
        ("At 9:15", "9:15"),
    ],
)
def test_the_day_belongs_to_when(body: str, told: str) -> None:
    [piece] = [piece for piece in pieces("time", body)][:1]
    assert with_day(piece, body).text == told
