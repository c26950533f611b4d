"""Budgets are asked before anything is spent."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nodes.budget import calls_affordable, calls_for_each, estimate_tokens, exhausted, room_for_captions
from tools.settings import Settings
from tools.usage import Usage, add_usage

COUNTS = st.integers(0, 1000)


def state(**spent: float) -> dict:
    return {"spent": spent}


@given(used=COUNTS, more=st.integers(1, 50), limit=st.integers(1, 1000))
def test_captions_fit_exactly_up_to_the_limit(used: int, more: int, limit: int) -> None:
    settings = Settings(max_captions=limit)
    fits = room_for_captions(state(captions_made=used), settings, more, 0) == ""  # type: ignore[arg-type]
    assert fits == (used + more <= limit)


def test_no_limit_is_no_limit() -> None:
    assert room_for_captions(state(captions_made=10**6), Settings(), 10**6, 10**9) == ""  # type: ignore[arg-type]
    assert calls_affordable(state(prompt_tokens=10**9), Settings(), 10**6) == (2, "")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("setting", "spent"),
    [
        ({"max_reasoner_calls": 3}, {"reasoner_calls": 3}),
        ({"max_tokens": 5000}, {"prompt_tokens": 900}),
        ({"max_seconds": 10}, {"seconds": 10.5}),
        ({"max_cost": 1, "price_completion": 1000}, {"cost": 0.0}),
    ],
)
def test_a_reply_that_could_break_a_budget_is_not_asked_for(setting: dict, spent: dict) -> None:
    assert calls_affordable(state(**spent), Settings(**setting), 300) == (0, next(iter(setting)))  # type: ignore[arg-type]


def test_a_reply_may_be_mended_only_where_two_calls_fit() -> None:
    limit = Settings(max_reasoner_calls=3)
    left = [calls_affordable(state(reasoner_calls=used), limit, 300)[0] for used in range(4)]  # type: ignore[arg-type]
    assert left == [2, 2, 1, 0]


@given(
    prompts=st.lists(st.integers(0, 50_000), max_size=20),
    used=st.integers(0, 30),
    calls=st.integers(0, 40),
    tokens=st.integers(0, 200_000),
)
def test_calls_side_by_side_overshoot_nothing_together(prompts: list[int], used: int, calls: int, tokens: int) -> None:
    settings = Settings(max_reasoner_calls=calls, max_tokens=tokens)
    given = state(reasoner_calls=used, prompt_tokens=used * 1000)
    allowed, stopped = calls_for_each(given, settings, prompts)  # type: ignore[arg-type]
    assert len(allowed) == len(prompts) and bool(stopped) >= (0 in allowed)
    assert not any(allowed) or not calls or used + sum(allowed) <= calls
    most = used * 1000 + sum(
        count * (estimate_tokens(chars) + settings.reply_tokens) + (count - 1) * settings.reply_tokens
        for count, chars in zip(allowed, prompts, strict=True)
        if count
    )
    assert not any(allowed) or not tokens or most <= tokens


def test_the_first_spent_budget_is_named() -> None:
    spent = state(captions_made=5, frames=100)
    assert exhausted(spent, Settings(max_captions=5, max_frames=50)) == "max_captions"  # type: ignore[arg-type]
    assert exhausted(spent, Settings(max_frames=101)) == ""  # type: ignore[arg-type]


@given(st.lists(st.fixed_dictionaries({"captions_made": COUNTS, "frames": COUNTS}), max_size=5))
def test_usage_adds_up_in_any_grouping(parts: list[dict]) -> None:
    total: dict = {}
    for part in parts:
        total = add_usage(total, part)
    assert Usage.from_dict(total).captions_made == sum(part["captions_made"] for part in parts)
