"""Counters of what a question cost: small, additive, kept in the graph's state."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass, fields
from typing import Any


@dataclass(frozen=True)
class Usage:
    """What was spent. Every field is a sum; `seconds` is active time, not the sum over parallel calls."""

    captions_made: int = 0
    captions_reused: int = 0
    frames: int = 0
    reasoner_calls: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    prompt_chars: int = 0
    seconds: float = 0.0
    cost: float = 0.0
    """Money, in the currency of the price settings."""
    tokens_estimated: int = 0
    """How many of the tokens no server counted."""

    def __add__(self, other: Usage) -> Usage:
        return Usage(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))

    def priced(self, prompt: float, completion: float) -> Usage:
        """Return it with what its tokens cost, at prices of a million prompt and completion tokens."""
        cost = (self.prompt_tokens * prompt + self.completion_tokens * completion) / 1e6
        return self + Usage(cost=cost)

    def to_dict(self) -> dict[str, Any]:
        return {key: round(value, 3) for key, value in asdict(self).items() if value}

    @classmethod
    def since(cls, began: float) -> dict[str, Any]:
        """Return the time since `began` (`time.monotonic()`) as an update of the state's `spent`."""
        return cls(seconds=time.monotonic() - began).to_dict()

    @classmethod
    def from_dict(cls, data: dict[str, Any] | None) -> Usage:
        return cls(**(data or {}))


def add_usage(left: dict[str, Any] | None, right: dict[str, Any] | None) -> dict[str, Any]:
    """Sum two usage dicts (the reducer of the state's `spent`)."""
    return (Usage.from_dict(left) + Usage.from_dict(right)).to_dict()
