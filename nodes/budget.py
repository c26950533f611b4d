"""Budgets: what is left is asked before anything is spent, so that a count never overshoots."""

from __future__ import annotations

import math
from collections.abc import Sequence

from nodes.state import State
from tools.settings import Settings
from tools.usage import Usage

REASONER_CALLS = 2
"""Calls one reply may take: the first, and one more that names the error."""


def estimate_tokens(chars: int) -> int:
    """Return a cautious token count for `chars` characters of prompt (3 a token: languages differ)."""
    return math.ceil(chars / 3)


def exhausted(state: State, settings: Settings) -> str:
    """Return the name of the first budget that is spent, or an empty string."""
    spent = Usage.from_dict(state.get("spent"))
    limits = (
        ("max_captions", settings.max_captions, spent.captions_made),
        ("max_frames", settings.max_frames, spent.frames),
        ("max_reasoner_calls", settings.max_reasoner_calls, spent.reasoner_calls),
        ("max_tokens", settings.max_tokens, spent.prompt_tokens + spent.completion_tokens),
        ("max_seconds", settings.max_seconds, spent.seconds),
        ("max_cost", settings.max_cost, spent.cost),
    )
    return next((name for name, limit, used in limits if limit and used >= limit), "")


def room_for_captions(state: State, settings: Settings, captions: int, frames: int) -> str:
    """Return the budget that `captions` more captions of `frames` frames would break, or ''."""
    spent = Usage.from_dict(state.get("spent"))
    if settings.max_captions and spent.captions_made + captions > settings.max_captions:
        return "max_captions"
    if settings.max_frames and spent.frames + frames > settings.max_frames:
        return "max_frames"
    return exhausted(state, settings)


def calls_affordable(state: State, settings: Settings, prompt_chars: int) -> tuple[int, str]:
    """Return how many model calls one reply may take (2, 1 or 0), and the budget that allows no more.

    The second call names the error of the first, and carries its reply along.
    """
    (calls,), stopped = calls_for_each(state, settings, [prompt_chars])
    return calls, stopped


def calls_for_each(state: State, settings: Settings, prompts: Sequence[int]) -> tuple[list[int], str]:
    """Return how many model calls each of several replies may take side by side, and the budget that stops one.

    What one may take is reserved before the next is considered, so that together they overshoot nothing.
    `prompts` are their prompts' characters.
    """
    spent, allowed = Usage.from_dict(state.get("spent")), []
    stopped = exhausted(state, settings)
    for chars in prompts:
        calls = 0
        for wanted in () if stopped else (REASONER_CALLS, 1):
            reserved = spent + _most(settings, chars, wanted)
            broken = _broken(settings, reserved)
            if not broken:
                calls, spent = wanted, reserved
                break
            if wanted == 1:
                stopped = broken
        allowed.append(calls)
    return allowed, stopped


def _most(settings: Settings, prompt_chars: int, calls: int) -> Usage:
    """Return the most that `calls` calls about one prompt can cost."""
    prompt, completion = estimate_tokens(prompt_chars), settings.reply_tokens
    asked, said = calls * prompt + (calls - 1) * completion, calls * completion
    return Usage(reasoner_calls=calls, prompt_tokens=asked, completion_tokens=said).priced(
        settings.price_prompt, settings.price_completion
    )


def _broken(settings: Settings, spent: Usage) -> str:
    """Return the budget of calls, tokens or money that `spent` is over, or an empty string."""
    limits = (
        ("max_reasoner_calls", settings.max_reasoner_calls, spent.reasoner_calls),
        ("max_tokens", settings.max_tokens, spent.prompt_tokens + spent.completion_tokens),
        ("max_cost", settings.max_cost, spent.cost),
    )
    return next((name for name, limit, used in limits if limit and used > limit), "")
