"""The shape of an answer: what `graph.invoke`, `ask` and `videolucy ask --json` give (docs/answer.md)."""

from __future__ import annotations

from typing import Literal, NotRequired

from typing_extensions import TypedDict

from nodes.state import Evidence

__all__ = ["Answer", "Evidence", "Models", "Status", "Usage"]

Status = Literal["answered", "insufficient", "budget_exhausted", "failed"]


class Models(TypedDict):
    """The names of the models that were used."""

    captioner: str
    reasoner: str
    embedder: str
    speech: NotRequired[str]
    """Where the words said come from; only where there are any."""


class Usage(TypedDict):
    """What an answer cost. Every field is a sum; `seconds` is active time."""

    captions_made: int
    captions_reused: int
    frames: int
    reasoner_calls: int
    prompt_tokens: int
    completion_tokens: int
    prompt_chars: int
    seconds: float
    tokens_estimated: NotRequired[int]
    """How many of the tokens no server counted, if any."""


class Answer(TypedDict):
    """An answer, and what it rests on. Times are seconds of the video that a moment names."""

    answer: str
    option: str | None
    """Letter of the chosen option; None without options."""
    status: Status
    confidence: float
    """0 to 1, as the reasoner states it."""
    reason: str
    stopped_by: str
    rounds: int
    """Rounds of looking again."""
    thread_id: str
    evidence: list[Evidence]
    models: Models
    usage: Usage
