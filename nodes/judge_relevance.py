"""What kind of question it is, and which segments matter: chosen by id, checked in code."""

from __future__ import annotations

import time
from typing import Any

from langgraph.runtime import Runtime

from nodes.asking import ask
from nodes.coverage import COVERED, most_covered
from nodes.overview import outlined
from nodes.progress import say
from nodes.prompts import judge
from nodes.shown import passages
from nodes.state import State, asked_of
from nodes.trace import note
from nodes.view import View, view
from tools.live import Live, live_for
from tools.outline import Outline
from tools.reasoners.base import Judgement, Passage, Task
from tools.settings import Settings
from tools.usage import Usage


def judge_relevance(state: State, runtime: Runtime[Settings]) -> dict[str, Any]:
    """Name the relevant segments and the kind of question (paper: sparse initialisation, A.1).

    Ids that no recording has are dropped; if none is left, memory's own ranking stands in. What kind of
    question it is decides the way it goes: `read_chapters` for what only the whole video can answer, and
    all that is named must be looked at (`cover`) where occurrences are counted or put in order.
    """
    if state.get("kind"):
        return {}  # judged before the run was cut short
    began = time.monotonic()
    live = live_for(runtime.context)
    shown = view(state, live)
    memory = passages(shown, state, live, "judge")
    asked = ask(live, state, _task(shown, state, live, memory))
    kind = asked.reply.kind if asked.reply else "local"
    counted = live.settings.routed and kind in COVERED
    limit = max(live.settings.initial_segments, most_covered(live.settings) if counted else 0)
    named = [a for a in asked.reply.segments if shown.outline.find(a)] if asked.reply else []
    ranked = _ranked(memory, shown.outline)[: live.settings.initial_segments]
    chosen = (named or ([] if kind == "whole" else ranked))[:limit]
    # A time in the question names its segment more surely than any ranking does.
    pointed = _pointed(shown, [*named, *_ranked(memory, shown.outline)])[:limit]
    chosen = [*pointed, *(address for address in chosen if address not in pointed)]
    relevant = _coarse(chosen)
    cover = relevant[:limit] if counted else []
    if live.settings.neighbours:
        relevant += [a for a in _beside(shown.outline, relevant) if a not in relevant]
    why = asked.reply.reason if asked.reply else asked.problem
    text = f"{kind} question; relevant: {', '.join(chosen) or 'the whole video'}" + (f" ({why})" if why else "")
    say("judged", text, segments=chosen)
    spent = asked.usage + Usage(seconds=time.monotonic() - began)
    return {
        "kind": kind,
        "relevant": relevant,
        "cover": cover,
        "replies": asked.replies,
        "trace": [note(0, "judge_relevance", text, spent, segments=chosen)],
        "spent": spent.to_dict(),
    }


def _task(shown: View, state: State, live: Live, memory: tuple[Passage, ...]) -> Task[Judgement]:
    settings, question, options = live.settings, asked_of(state), tuple(state.get("options") or ())
    limit = settings.initial_segments
    wide = max(limit, most_covered(settings)) if settings.routed else limit
    outline = outlined(shown, state, live)
    return Task(
        reply=Judgement,
        prompt=judge(memory, outline, question, options, limit, wide),
        question=question,
        options=options,
        passages=memory,
        limit=limit,
        wide=wide,
        cannot_see=live.cannot_perceive(state["recordings"]),
    )


def _ranked(memory: tuple[Passage, ...], outline: Outline) -> list[str]:
    """Return the addresses of the passages by score; a chapter is none, it cannot be looked at."""
    scored = sorted((p for p in memory if p.score > 0 and outline.find(p.segment)), key=lambda p: -p.score)
    return [passage.segment for passage in scored]


def _pointed(shown: View, ranked: list[str]) -> list[str]:
    """Return the addresses of the coarse segments that times in the question mean, the best ranked first."""
    addresses = [shown.outline.address(segment) for segment in shown.outline.coarse() if shown.pointed(segment)]
    order = {address: at for at, address in enumerate(_coarse(ranked))}
    return sorted(addresses, key=lambda address: order.get(address, len(order)))


def _coarse(addresses: list[str]) -> list[str]:
    """Return the coarse segments that hold these addresses, in their order, each once."""
    return list(dict.fromkeys(address.partition(".")[0] for address in addresses))


def _beside(outline: Outline, addresses: list[str]) -> list[str]:
    """Return the neighbours of segments, on both sides (paper, A.1)."""
    found = [segment for address in addresses if (segment := outline.find(address))]
    return [outline.address(beside) for segment in found for beside in outline.neighbours(segment)]
