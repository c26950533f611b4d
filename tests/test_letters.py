"""Which option a free reply means, on a corpus of replies that common extractors misread."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.letters import option_of
from tests.letter_corpus import COLOURS, CORPUS, PLACES, Case


@pytest.mark.parametrize("case", CORPUS, ids=lambda case: case.reply[:40] or "empty")
def test_a_reply_means_the_option_a_person_would_read_in_it(case: Case) -> None:
    assert option_of(case.reply, case.options) == case.letter


def test_the_corpus_is_large_and_varied() -> None:
    assert len(CORPUS) >= 100
    assert sum(case.letter is None for case in CORPUS) >= 25


@given(st.text(max_size=200))
def test_no_reply_breaks_it(reply: str) -> None:
    assert option_of(reply, PLACES) in (None, "A", "B", "C", "D")


@given(st.integers(0, 25), st.sampled_from(["{}", "({})", "Answer: {}", "The answer is {}.", "Option {}", "**{}**"]))
def test_a_letter_is_read_in_any_number_of_options(index: int, form: str) -> None:
    options = [f"option number {100 + number}" for number in range(26)]
    letter = chr(ord("A") + index)
    assert option_of(form.format(letter), options) == letter
    assert option_of(form.format(letter), options[:index]) is None


@given(st.sampled_from(range(4)))
def test_an_options_own_text_means_it(index: int) -> None:
    assert option_of(COLOURS[index], COLOURS) == "ABCD"[index]


@pytest.mark.parametrize("part", ["answer is ", "A B C ", "(", "not B, ", "{", "A or ", "<think>"])
def test_endless_replies_are_read_and_mean_nothing(part: str) -> None:
    assert option_of(part * 5_000, PLACES) is None
    assert option_of("a long look at the frames. " * 5_000 + "The answer is D.", PLACES) == "D"
