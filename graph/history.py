"""What finished sessions tell of the questions to come: rounds, looks, calls, and what they took."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from statistics import fmean, median
from typing import Any

from tools.usage import Usage

NEWEST = 50
"""Finished sessions that are looked at, the newest first."""
_STEPS = ("judge_relevance", "locate", "answer")
"""Steps whose time is the reasoner's alone: a check waits for captions too."""


@dataclass(frozen=True)
class History:
    """Means of finished sessions of the same models; `sessions` is how many there are."""

    sessions: int = 0
    rounds: float = 0.0
    looks: float = 0.0
    calls: float = 0.0
    """Of the reasoner."""
    prompt_tokens: float | None = None
    """Of one call. From sessions that made no caption, since a session counts all its tokens together."""
    completion_tokens: float | None = None
    step_seconds: float | None = None
    """Median time of one step of reasoning."""

    @classmethod
    def of(cls, finished: Iterable[Mapping[str, Any]], captioner: str, reasoner: str) -> History:
        """Return the history in the states of finished questions that these models answered."""
        states = [s for s in finished if _models(s) == (captioner, reasoner)][:NEWEST]
        if not states:
            return cls()
        spent = [Usage.from_dict(state.get("spent")) for state in states]
        bare = [usage for usage in spent if usage.reasoner_calls and not usage.captions_made]
        notes = [note for state in states for note in state.get("trace") or ()]
        seconds = [note["seconds"] for note in notes if note["step"] in _STEPS and "seconds" in note]
        return cls(
            sessions=len(states),
            rounds=fmean(state.get("round", 0) for state in states),
            looks=fmean(len(state.get("looked") or ()) for state in states),
            calls=fmean(usage.reasoner_calls for usage in spent),
            prompt_tokens=fmean(u.prompt_tokens / u.reasoner_calls for u in bare) if bare else None,
            completion_tokens=fmean(u.completion_tokens / u.reasoner_calls for u in bare) if bare else None,
            step_seconds=median(seconds) if seconds else None,
        )


def _models(state: Mapping[str, Any]) -> tuple[str, str]:
    models = state.get("models") or {}
    return models.get("captioner", ""), models.get("reasoner", "")


def history(file: Path, captioner: str, reasoner: str) -> History:
    """Return the history in a checkpoint file; an empty one where there is none yet."""
    from graph.checkpoints import open_graph
    from graph.threads import finished

    if not file.exists():
        return History()
    with open_graph(file) as graph:
        return History.of(islice(finished(graph), 4 * NEWEST), captioner, reasoner)
