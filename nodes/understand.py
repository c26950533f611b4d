"""What a question means that was asked in a conversation."""

from __future__ import annotations

import time
from typing import Any

from langgraph.runtime import Runtime

from nodes.asking import ask
from nodes.progress import say
from nodes.prompts import follow_up
from nodes.state import State
from nodes.trace import note
from tools.live import live_for
from tools.question import LONGEST_QUESTION
from tools.reasoners.base import Exchange, FollowUp, Task
from tools.settings import Settings
from tools.usage import Usage


def understand(state: State, runtime: Runtime[Settings]) -> dict[str, Any]:
    """Put a follow-up ("and what did he do next?") into words that stand alone, from the exchange before it.

    A first question is left as it is, and so is one that the reasoner cannot resolve.
    """
    exchanges = [Exchange(turn["question"], turn["answer"]) for turn in state.get("exchanges", [])]
    if not exchanges or state.get("standalone"):
        return {}
    began = time.monotonic()
    live = live_for(runtime.context)
    question = state["question"]
    task = Task(reply=FollowUp, prompt=follow_up(question, exchanges), question=question, exchanges=tuple(exchanges))
    asked = ask(live, state, task)
    meant = asked.reply.question.strip()[:LONGEST_QUESTION] if asked.reply and asked.reply.follows else ""
    spent = asked.usage + Usage(seconds=time.monotonic() - began)
    text = f"taken to mean: {meant}" if meant else "stands alone" + (f" ({asked.problem})" if asked.problem else "")
    say("understood", text)
    return {
        "standalone": meant or question,
        "replies": asked.replies,
        "trace": [note(0, "understand", text, spent)],
        "spent": spent.to_dict(),
    }
