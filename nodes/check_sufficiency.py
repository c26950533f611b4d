"""Is what is remembered enough? A graded verdict, believed only as far as its evidence holds."""

from __future__ import annotations

import time
from typing import Literal

from langgraph.runtime import Runtime
from langgraph.types import Command

from nodes.asking import ask
from nodes.budget import exhausted
from nodes.coverage import to_cover
from nodes.evidence import check
from nodes.progress import say
from nodes.prompts import assess
from nodes.shown import passages
from nodes.state import Assessment, State, asked_of
from nodes.trace import note
from nodes.verdicts import missing_of
from nodes.view import view
from tools.live import live_for
from tools.reasoners.base import Passage, Task, Verdict
from tools.settings import Settings
from tools.usage import Usage

_GRADES = {"unsupported": 0, "partly": 1, "supported": 2}


def check_sufficiency(state: State, runtime: Runtime[Settings]) -> Command[Literal["locate", "answer"]]:
    """Assess the memory shown, carry the best verdict, and decide whether to look again.

    (Paper: answering agent with its "unconfident" way out; here graded, and provisional answers are
    kept, since the published yes or no sends most questions to a forced answer.) What must be counted or
    put in order is not settled before every relevant segment was looked at.
    """
    began = time.monotonic()
    live = live_for(runtime.context)
    waited = live.joined(state["question_id"])
    round_ = state.get("round", 0)
    shown = view(state, live, missing_of(state))
    memory = passages(shown, state, live, "check" if round_ else "first")
    options, question = tuple(state.get("options") or ()), asked_of(state)
    task = Task(
        reply=Verdict,
        prompt=assess(memory, question, options, live.settings.graded, state.get("kind", "")),
        question=question,
        options=options,
        passages=memory,
        cannot_see=live.cannot_perceive(state["recordings"]),
    )
    asked = ask(live, state, task)
    verdict = _checked(asked.reply, memory, state, round_) if asked.reply else None
    if verdict and (left := to_cover(shown, state, live)):
        verdict = _uncovered(verdict, left)
    best = better(state.get("verdict"), verdict)
    spent = asked.usage + Usage(seconds=waited + time.monotonic() - began)
    stop = _stop(state, best, asked.problem, live.settings)
    text = _tell(verdict, asked.problem)
    say("checked", f"round {round_}: {text}", support=verdict["support"] if verdict else "")
    return Command(
        goto="answer" if stop else "locate",
        update={
            "verdict": best,
            "stopped_by": stop,
            "replies": asked.replies,
            "trace": [note(round_, "check_sufficiency", text, spent, **_noted(verdict))],
            "spent": spent.to_dict(),
        },
    )


def better(old: Assessment | None, new: Assessment | None) -> Assessment | None:
    """Return the better supported verdict; the newer one when they are equal."""
    if old is None or new is None:
        return new or old
    rank = {id(v): (_GRADES.get(v["support"], 0), v["confidence"]) for v in (old, new)}
    return old if rank[id(old)] > rank[id(new)] else new


def _checked(verdict: Verdict, memory: tuple[Passage, ...], state: State, round_: int) -> Assessment:
    names = {ref["id"]: ref["name"] for ref in state["recordings"]}
    evidence = check(verdict.evidence, memory, names)
    support: str = verdict.support
    if support == "supported" and not evidence:
        # Nothing is made up: a claim that cites no words of memory is not a supported one.
        support = "partly"
    return Assessment(
        support=support,
        confidence=round(verdict.confidence, 3),
        answer=verdict.answer[:2000],
        option=verdict.option[:200],
        missing=verdict.missing[:500],
        evidence=evidence[:12],
        round=round_,
    )


def _uncovered(verdict: Assessment, left: list[str]) -> Assessment:
    """Return a verdict that is not believed before the segments `left` were looked at."""
    support = "partly" if verdict["support"] == "supported" else verdict["support"]
    return {**verdict, "support": support, "uncovered": left}


def _stop(state: State, best: Assessment | None, problem: str, settings: Settings) -> str:
    if best and best["support"] == "supported":
        return "supported"
    if state.get("round", 0) >= settings.max_rounds:
        return "max_rounds"
    if problem.startswith("the budget "):
        return problem.split()[2]
    return exhausted(state, settings)


def _noted(verdict: Assessment | None) -> dict[str, object]:
    """Return what the trace tells of a verdict."""
    if verdict is None:
        return {}
    told = {key: verdict[key] for key in ("support", "confidence", "answer", "missing")}
    return told | {"quotes": [item["quote"][:200] for item in verdict["evidence"][:4]]}


def _tell(verdict: Assessment | None, problem: str) -> str:
    if verdict is None:
        return f"no verdict: {problem}"
    parts = [verdict["support"], f"confidence {verdict['confidence']:.2f}"]
    parts += [f"answer so far: {verdict['answer']}"] if verdict["answer"] else []
    parts += [f"missing: {verdict['missing']}"] if verdict["missing"] and verdict["support"] != "supported" else []
    parts += [f"to be looked at first: {', '.join(verdict['uncovered'])}"] if verdict.get("uncovered") else []
    return "; ".join(parts)
