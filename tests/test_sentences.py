"""Captions cut into lines: nothing lost, nothing blank, every line inside its segment."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memory_store.records import Line
from tools.captioners.sentences import split_lines


def texts(text: str) -> list[str]:
    return [line.text for line in split_lines(text, 10, 20)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A man enters. He sits down!", ["A man enters.", "He sits down!"]),
        ('The sign says "Exit." He leaves.', ['The sign says "Exit."', "He leaves."]),
        (
            "It is 3.5 m wide. Dr. Smith waves, e.g. at J. Doe.",
            ["It is 3.5 m wide.", "Dr. Smith waves, e.g. at J. Doe."],
        ),
        ("- one\n* two\n3. three\n\n", ["one", "two", "three"]),
        ("电车停下。人们上车！", ["电车停下。", "人们上车！"]),
        ("**A tram** stops", ["A tram stops"]),
        (" \n\t\n", []),
        ("---\n***\n...", []),
        ("", []),
    ],
)
def test_sentences(text: str, expected: list[str]) -> None:
    assert texts(text) == expected


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("[12.0-15.5] A tram stops.", Line(12, 15.5, "A tram stops.")),
        ("[12.0 s – 15.5 s]: A tram stops.", Line(12, 15.5, "A tram stops.")),
        ("**[12]** A tram stops.", Line(12, 13, "A tram stops.")),
        ("[00:12] A tram stops.", Line(12, 13, "A tram stops.")),
        ("(12 s to 14 s) A tram stops.", Line(12, 14, "A tram stops.")),
        ("12.00 s: A tram stops.", Line(12, 13, "A tram stops.")),
        ("- [12.0-15.5] A tram stops.", Line(12, 15.5, "A tram stops.")),
        ("[12.0]\nA tram stops.", Line(12, 13, "A tram stops.")),
        ("At 12 s, a tram stops.", Line(12, 13, "At 12 s, a tram stops.")),
        ("From 12 to 15 seconds a tram stops.", Line(12, 15, "From 12 to 15 seconds a tram stops.")),
        ("At 0:12 a tram stops.", Line(12, 13, "At 0:12 a tram stops.")),
        ("[19.5] A tram stops.", Line(19, 20, "A tram stops.")),
        ("[20.0] A tram stops.", Line(19, 20, "A tram stops.")),
        # Outside the segment, or no time at all: the whole segment, and nothing taken away.
        ("[32.0-35.5] A tram stops.", Line(10, 20, "[32.0-35.5] A tram stops.")),
        ("At 3 s, a tram stops.", Line(10, 20, "At 3 s, a tram stops.")),
        ("At 12 o'clock a tram stops.", Line(10, 20, "At 12 o'clock a tram stops.")),
        ("(12) A tram stops.", Line(10, 20, "(12) A tram stops.")),
        ("12 trams stop.", Line(10, 20, "12 trams stop.")),
        ("A tram stops at 12 s.", Line(10, 20, "A tram stops at 12 s.")),
    ],
)
def test_times(text: str, line: Line) -> None:
    assert split_lines(text, 10, 20) == [line]


def test_hours_and_short_segments() -> None:
    assert split_lines("[1:02:03] X.", 3720, 3725) == [Line(3723, 3724, "X.")]
    assert split_lines("[5.2] X.", 5, 5.5) == [Line(5, 5.5, "X.")]


PIECES = st.sampled_from(
    ["[12.0]", "[12-15]", "(13 s)", "At 14 s,", "A tram stops.", "\n", "- ", "Dr. ", "...", "[99]", "。"]
)


@given(st.text(max_size=200) | st.lists(PIECES, max_size=20).map(" ".join), st.floats(0, 1e5), st.floats(0.04, 1e4))
def test_lines_are_never_blank_and_stay_inside(text: str, start: float, length: float) -> None:
    for line in split_lines(text, start, start + length):
        assert re.search(r"\w", line.text) and line.text == line.text.strip()
        assert start <= line.start < line.end <= start + length


@given(st.lists(st.from_regex(r"[a-z]{1,8}( [a-z]{1,8}){0,6}[.!?]", fullmatch=True), min_size=1, max_size=8))
def test_no_word_is_lost(sentences: list[str]) -> None:
    assert " ".join(line.text for line in split_lines(" ".join(sentences), 0, 5)) == " ".join(sentences)
