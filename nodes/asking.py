"""Asking the reasoner: in budget, and never at the price of the question."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from pydantic import BaseModel

from nodes.budget import calls_affordable
from nodes.state import State
from tools.live import Live
from tools.reasoners.base import ReasonerError, Task
from tools.usage import Usage

Reply = TypeVar("Reply", bound=BaseModel)


@dataclass(frozen=True)
class Asked(Generic[Reply]):
    """A reply, or why there is none; `usage` counts either way."""

    reply: Reply | None
    usage: Usage
    problem: str = ""

    @property
    def replies(self) -> int:
        return int(self.reply is not None)


def ask(live: Live, state: State, task: Task[Reply], reserved: int = 0) -> Asked[Reply]:
    """Return the reasoner's reply to `task`, or the reason there is none: a spent budget or a failure.

    `reserved` calls were set aside for it already: the budgets are not asked again.
    """
    calls, budget = (reserved, "") if reserved else calls_affordable(state, live.settings, len(task.prompt))
    if not calls:
        return Asked(None, Usage(), f"the budget {budget} is spent")
    try:
        with live.questions:
            reply, usage = live.reasoner.reply(replace(task, calls=calls))
    except ReasonerError as error:
        return Asked(None, _priced(live, error.usage), str(error))
    return Asked(reply, _priced(live, usage))


def _priced(live: Live, usage: Usage) -> Usage:
    return usage.priced(live.settings.price_prompt, live.settings.price_completion)
