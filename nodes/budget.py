"""Budgets: what is left is asked before anything is spent, so that a count never overshoots."""

from __future__ import annotations

import math

from nodes.state import State
from tools.settings import Settings
from tools.usage import Usage

REASONER_CALLS = 2
"""Calls one reply may take: the first, and one more that names the error."""


def estimate_tokens(chars: int) -> int:
    """Return a cautious token count for `chars` characters of prompt (stack of mixed languages: 3 a token)."""
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


def room_for_reply(state: State, settings: Settings, prompt_chars: int) -> str:
    """Return the budget that one more reply of the reasoner could break, or ''."""
    spent = Usage.from_dict(state.get("spent"))
    if settings.max_reasoner_calls and spent.reasoner_calls + 1 > settings.max_reasoner_calls:
        return "max_reasoner_calls"
    prompt, completion = estimate_tokens(prompt_chars), settings.reply_tokens
    if (
        settings.max_tokens
        and spent.prompt_tokens + spent.completion_tokens + prompt + completion > settings.max_tokens
    ):
        return "max_tokens"
    price = (prompt * settings.price_prompt + completion * settings.price_completion) / 1e6
    if settings.max_cost and spent.cost + price > settings.max_cost:
        return "max_cost"
    return exhausted(state, settings)
