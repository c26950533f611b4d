"""Where to look again, and with what in mind. The tool calls are written by code, from a checked reply."""

from __future__ import annotations

import time
from typing import Literal

from langchain_core.messages import AIMessage
from langgraph.runtime import Runtime
from langgraph.types import Command, Send

from memory_store.records import Segment
from nodes.asking import ask
from nodes.budget import room_for_captions
from nodes.candidates import OFFERED, candidates
from nodes.coverage import looks_at_once, to_cover
from nodes.looks import chosen_looks, covering
from nodes.overview import outlined
from nodes.progress import say
from nodes.prompts import locate as prompt_for
from nodes.shown import passages
from nodes.state import Found, LookNote, State, asked_of
from nodes.trace import note
from nodes.verdicts import as_verdict, missing_of
from nodes.view import View, view, wording
from tools.earlier import served
from tools.live import Live, live_for
from tools.looking import Wanted, closer
from tools.reasoners.base import Look, Looks, Passage, Task
from tools.senses.ranking import sense
from tools.settings import Settings
from tools.usage import Usage


def locate(state: State, runtime: Runtime[Settings]) -> Command[Literal["tools", "check_sufficiency", "answer"]]:
    """Choose the next segments to look at, by id, and emit one `recaption` call for each.

    (Paper: localization and instruction agents in one call.) What was looked at is not among the
    candidates; ids that are not candidates are dropped; if none is left the best candidate is
    taken, so that a poor reply costs nothing but its quality. What a counting or ordering question must cover
    goes before all else. A reasoner may say that no look can help (the captioner hears no voices, say); it is
    believed after one round. Captions named for reuse are added to what this question found, without a new look.
    """
    began = time.monotonic()
    live = live_for(runtime.context)
    shown = view(state, live, missing_of(state))
    left = to_cover(shown, state, live)
    sensed = sense(live, [ref["id"] for ref in state["recordings"]], wording(state), shown.captions)
    possible = candidates(shown, {**state, "cover": left}, live, sensed)
    round_ = state.get("round", 0) + 1
    if state.get("confirmed") == "no":
        return _end(state, "declined", "nothing was to be looked at", began)
    if not possible:
        return _end(state, "nothing_left", "every segment has been looked at as finely as it can be", began)
    memory = passages(shown, state, live, "locate")
    limit = looks_at_once(state.get("kind", ""), live.settings)
    asked = ask(live, state, _task(shown, state, live, memory, possible[:OFFERED], limit))
    reuse = _reused(asked.reply, memory, round_)
    looks = covering(chosen_looks(asked.reply, possible, state, live), left, asked_of(state))[:limit]
    if asked.reply and asked.reply.hopeless and live.settings.graded and round_ > 1 and not reuse and not left:
        return _end(state, "nothing_left", f"no closer look could show it: {asked.reply.reason}", began, asked.usage)
    if not looks and not reuse:
        looks = [Look(segment=possible[0].segment, focus=asked_of(state))]
    chosen, budget = _affordable(live, state, shown, looks)
    spent = asked.usage + Usage(captions_reused=len(reuse), seconds=time.monotonic() - began)
    if not chosen and not reuse:
        return _end(state, budget, f"the budget {budget} allows no further look", began, asked.usage)
    calls = [
        {
            "name": "recaption",
            "args": {"segment": look.segment, "focus": look.focus, "instruction": look.instruction},
            "id": f"r{round_}-{index}",
            "type": "tool_call",
        }
        for index, (look, _) in enumerate(chosen)
    ]
    told = [f"{look.segment} ({s.start:.0f}-{s.end:.0f} s): {look.focus}" for look, s in chosen]
    told += [f"reuse of {len(reuse)} earlier captions"] if reuse else []
    names = {ref["id"]: ref["name"] for ref in state["recordings"]}
    noted = [
        LookNote(segment=look.segment, video=names[s.recording], start=s.start, end=s.end, focus=look.focus[:200])
        for look, s in chosen
    ]
    say("looking", f"round {round_}: {'; '.join(told)}", looks=noted)
    entry = note(round_, "locate", "; ".join(told), spent, looks=noted, captions_reused=len(reuse))
    update = {
        "round": round_,
        "messages": [AIMessage(content="", tool_calls=calls)] if calls else [],
        "found": reuse,
        "replies": asked.replies,
        "trace": [entry],
        "spent": spent.to_dict(),
    }
    live.dispatch(state["question_id"])
    if not calls:
        return Command(goto="check_sufficiency", update=update)
    about = {"recordings": state["recordings"], "question": asked_of(state), "round": round_}
    about |= {"found": state.get("found", [])}
    sends = [Send("tools", {"__type": "tool_call_with_context", "tool_call": call, "state": about}) for call in calls]
    return Command(goto=sends, update=update)


def _task(
    shown: View,
    state: State,
    live: Live,
    memory: tuple[Passage, ...],
    offered: tuple[Passage, ...],
    limit: int,
) -> Task[Looks]:
    question, options, verdict = asked_of(state), tuple(state.get("options") or ()), as_verdict(state)
    return Task(
        reply=Looks,
        prompt=prompt_for(memory, offered, outlined(shown, state, live), question, options, verdict, limit),
        question=question,
        options=options,
        passages=memory,
        candidates=offered,
        verdict=verdict,
        limit=limit,
        cannot_see=live.cannot_perceive(state["recordings"]),
    )


def _affordable(live: Live, state: State, shown: View, looks: list[Look]) -> tuple[list[tuple[Look, Segment]], str]:
    """Return the looks whose captions and frames fit the budgets, and the budget that stopped the rest."""
    chosen: list[tuple[Look, Segment]] = []
    captions = frames = 0
    for look in looks:
        segment = shown.outline.find(look.segment)
        if segment is None:
            continue
        wanted = _lacking(live, state, shown, segment, look)
        captions += len(wanted)
        frames += sum(len(item.times()) for item in wanted)
        budget = room_for_captions(state, live.settings, captions, frames) if wanted else ""
        if budget:
            return chosen, budget
        chosen.append((look, segment))
    return chosen, "nothing_left"


def _lacking(live: Live, state: State, shown: View, segment: Segment, look: Look) -> list[Wanted]:
    """Return the captions a look has to make: what memory holds, or holds in other words, costs nothing."""
    recording = shown.outline.plan(segment.recording).recording
    wanted = closer(live, recording, segment, look.instruction, look.focus.strip() or asked_of(state))
    held = served(live, wanted, asked_of(state), {item["caption"] for item in state.get("found", [])})
    return [item for item in wanted if item.id(live.captioner.name) not in held]


def _reused(reply: Looks | None, memory: tuple[Passage, ...], round_: int) -> list[Found]:
    """Return the earlier captions the reply names, if they exist and were not already found."""
    if reply is None:
        return []
    named = [name.strip().strip("[]").casefold() for name in reply.reuse]
    return [
        Found(recording=passage.recording, caption=passage.id, round=round_)
        for passage in memory
        if passage.extra.get("earlier") and any(len(n) >= 8 and passage.id.startswith(n) for n in named)
    ]


def _end(
    state: State, stop: str, why: str, began: float, usage: Usage | None = None
) -> Command[Literal["tools", "check_sufficiency", "answer"]]:
    say("stopped", why)
    spent = (usage or Usage()) + Usage(seconds=time.monotonic() - began)
    trace = [note(state.get("round", 0), "locate", why, spent)]
    return Command(goto="answer", update={"stopped_by": stop, "trace": trace, "spent": spent.to_dict()})
