"""Last step: the answer, the evidence it rests on, why the search stopped, and what it cost."""

from __future__ import annotations

import time
from string import ascii_uppercase
from typing import Any

from langgraph.runtime import Runtime

from nodes.asking import Asked, ask
from nodes.evidence import check
from nodes.progress import say
from nodes.prompts import answer as prompt_for
from nodes.shown import passages
from nodes.state import Evidence, State, Turn, asked_of
from nodes.trace import note
from nodes.verdicts import as_verdict, missing_of
from nodes.view import View, view
from tools.live import Live, live_for
from tools.reasoners.base import FinalAnswer, Passage, Task
from tools.settings import Settings
from tools.usage import Usage

NOT_SHOWN = "The video, as far as it was looked at, does not show this."
_TURNS, _TURN = 8, 500
"""Exchanges of a conversation that are kept, and characters of a question or an answer in them."""
_BUDGETS = ("max_captions", "max_frames", "max_reasoner_calls", "max_tokens", "max_seconds", "max_cost")


def answer(state: State, runtime: Runtime[Settings]) -> dict[str, Any]:
    """Give the best supported answer; evidence that memory does not bear out is dropped."""
    began = time.monotonic()
    live = live_for(runtime.context)
    shown = view(state, live, missing_of(state))
    memory = passages(shown, state, live, "answer")
    asked = _ask(state, live, memory)
    status = _status(state, state.get("replies", 0) + asked.replies)
    final, evidence = _final(state, asked, memory, status)
    options = state.get("options") or []
    if status == "answered" and not evidence:
        status = "insufficient"
    spent = asked.usage + Usage(seconds=time.monotonic() - began)
    usage = Usage.from_dict(state.get("spent")) + spent
    say("answer", f"{status}: {final.answer}", status=status)
    letter = _letter(final, options) if options else None
    text = _worded(final, letter, options)
    told = [_clocked(item, shown) for item in evidence]
    return {
        "answer": text,
        "option": letter,
        "status": status,
        "confidence": round(final.confidence, 3),
        "reason": _reason(state, final, asked, live),
        "stopped_by": state.get("stopped_by", ""),
        "rounds": state.get("round", 0),
        "thread_id": thread_of(runtime),
        "evidence": told,
        "models": live.models(state["recordings"]),
        "usage": _reported(usage),
        "replies": asked.replies,
        "trace": [note(state.get("round", 0), "answer", f"{status}: {final.answer}", spent)],
        "spent": spent.to_dict(),
        "exchanges": _exchanges(state, text, status, told),
    }


def _exchanges(state: State, answer: str, status: str, evidence: list[Evidence]) -> list[Turn]:
    """Return the conversation with this question; one that failed left nothing to refer back to."""
    before = state.get("exchanges", [])
    if status == "failed":
        return before
    turn = Turn(question=asked_of(state)[:_TURN], answer=answer[:_TURN], status=status, evidence=evidence[:3])
    return [*before, turn][-_TURNS:]


def thread_of(runtime: Runtime[Settings]) -> str:
    """Return the id of the checkpointed thread, or an empty string on the bare graph."""
    return str(runtime.execution_info.thread_id or "") if runtime.execution_info else ""


_REPORTED = (
    "captions_made",
    "captions_reused",
    "frames",
    "reasoner_calls",
    "prompt_tokens",
    "completion_tokens",
    "prompt_chars",
)


def _reported(usage: Usage) -> dict[str, Any]:
    """Return the counts of the machine-readable answer; estimated tokens are told where there are any."""
    estimated = {"tokens_estimated": usage.tokens_estimated} if usage.tokens_estimated else {}
    return {key: getattr(usage, key) for key in _REPORTED} | {"seconds": round(usage.seconds, 2)} | estimated


def _ask(state: State, live: Live, memory: tuple[Passage, ...]) -> Asked[FinalAnswer]:
    options, verdict = tuple(state.get("options") or ()), as_verdict(state)
    task = Task(
        reply=FinalAnswer,
        prompt=prompt_for(memory, asked_of(state), options, verdict, live.settings.forced_answer),
        question=asked_of(state),
        options=options,
        passages=memory,
        verdict=verdict,
        cannot_see=live.cannot_perceive(state["recordings"]),
    )
    return ask(live, state, task)


def _status(state: State, replies: int) -> str:
    """Return the status: supported or not, and what ended the search (DESIGN, machine-readable face)."""
    best = state.get("verdict")
    if best and best["support"] == "supported":
        return "answered"
    if not replies:
        return "failed"
    return "budget_exhausted" if state.get("stopped_by") in _BUDGETS else "insufficient"


def _final(
    state: State, asked: Asked[FinalAnswer], memory: tuple[Passage, ...], status: str
) -> tuple[FinalAnswer, list[Evidence]]:
    """Return the answer to give and its checked evidence: the reply's own, else the best verdict's.

    A reply that cites nothing of memory does not stand against a verdict that does.
    """
    best = state.get("verdict")
    names = {ref["id"]: ref["name"] for ref in state["recordings"]}
    carried = best["evidence"] if best else []
    if asked.reply and asked.reply.answer.strip():
        proved = check(asked.reply.evidence, memory, names)
        if proved or status != "answered" or not (best and best["answer"]):
            return asked.reply, proved or carried
    kept = best["answer"] if best and best["answer"] else ""
    text = kept if kept and (status == "answered" or state.get("options")) else NOT_SHOWN
    confidence = best["confidence"] if best else 0.0
    return FinalAnswer(answer=text, option=best["option"] if best else "", confidence=confidence), carried


def _clocked(item: Evidence, shown: View) -> Evidence:
    """Return evidence with the wall-clock time it begins at, where its recording has a clock."""
    caption = shown.captions.get(item["caption_id"])
    clock = shown.clocks.get(caption.recording) if caption else None
    moment = clock.at(item["start"]) if clock else None
    return {**item, "clock": moment.text()} if moment else item


def _worded(final: FinalAnswer, letter: str | None, options: list[str]) -> str:
    """Return the answer in words; a bare letter says nothing to who does not see the options."""
    if letter and final.answer.strip().strip("().").upper() in (letter, ""):
        return options[ascii_uppercase.index(letter)]
    return final.answer


def _letter(final: FinalAnswer, options: list[str]) -> str:
    """Return the chosen option's letter; one is always chosen (the one whose text the answer holds, else A)."""
    letters = ascii_uppercase[: len(options)]
    said = final.option.strip().strip("().").upper()
    if len(said) == 1 and said in letters:
        return said
    texts = [option.strip().casefold() for option in options]
    for words in (final.option.strip().casefold(), final.answer.strip().casefold()):
        matches = [
            letter for letter, text in zip(letters, texts, strict=True) if words and (text in words or words in text)
        ]
        if len(matches) == 1:
            return matches[0]
    return said[0] if said[:1] in letters and said[1:2] in (".", ")", ":", " ") else letters[0]


def _reason(state: State, final: FinalAnswer, asked: Asked[FinalAnswer], live: Live) -> str:
    parts = [final.reason] if final.reason else []
    best = state.get("verdict")
    if best and best["support"] != "supported" and best["missing"] and best["missing"] not in final.reason:
        parts.append(f"missing: {best['missing']}")
    if best and best["support"] != "supported" and best.get("uncovered"):
        parts.append(f"not looked at closely: {', '.join(best['uncovered'])}")
    if asked.problem:
        parts.append(f"The reasoner gave no final answer: {asked.problem}.")
    gaps = state.get("gaps", [])
    if gaps:
        count = f"{len(gaps)} segments" if len(gaps) > 1 else "One segment"
        parts.append(f"{count} could not be captioned ({gaps[0]['segment']}: {gaps[0]['reason']}).")
    blind_to = live.cannot_perceive(state["recordings"])
    if blind_to:
        parts.append(f"{live.captioner.name} cannot see or hear: {', '.join(blind_to)}.")
    return " ".join(_sentence(part) for part in parts)


def _sentence(text: str) -> str:
    text = text.strip()
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "!", "?")) else ".")
