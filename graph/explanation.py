"""How an answer came about: from the state of a thread to an explanation of it, round by round. Pure functions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tools.clock.clock import Clock
from tools.settings import Settings

_VERDICT = ("support", "confidence", "answer", "missing")
_COUNTED = ("captions_made", "captions_reused")
_ANSWER = ("answer", "option", "confidence", "reason", "evidence", "stopped_by", "models", "usage")


def explain(
    values: Mapping[str, Any], unfinished: bool = False, clocks: Mapping[str, Clock] | None = None
) -> dict[str, Any]:
    """Return how the newest question of a thread was answered, as docs/answer.md describes it.

    Sessions of earlier versions noted less in their trace: what they do not tell is left out or null.

    Args:
        values: the state of the thread.
        unfinished: whether the question still has steps to go; its answer is then none yet.
        clocks: by recording id, for the wall-clock times of looks.
    """
    trace: list[dict[str, Any]] = list(values.get("trace") or ())
    before = list(values.get("exchanges") or ())
    # A finished question stands at the end of its own conversation already, one that failed does not.
    done = not unfinished and values.get("status", "failed") != "failed"
    told: dict[str, Any] = {
        "question": values.get("question", ""),
        "taken_to_mean": _meant(values),
        "options": list(values.get("options") or ()),
        "earlier": [_turn(turn) for turn in (before[:-1] if done else before)],
        "videos": [{"name": r["name"], "duration": r["duration"]} for r in values.get("recordings") or ()],
        "kind": values.get("kind") or None,
        "judged": _note_of(trace, "judge_relevance"),
        "read": _note_of(trace, "read_chapters"),
        "rounds": _rounds(values, trace, clocks or {}),
        "gaps": list(values.get("gaps") or ()),
    }
    told["status"] = "unfinished" if unfinished else values.get("status") or "unfinished"
    return told | {key: None if unfinished else values.get(key) for key in _ANSWER}


def changed_settings(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return those of the settings a run was given that differ from the defaults."""
    fields = Settings.model_fields
    defaults = {name: fields[name].get_default(call_default_factory=True) for name in given if name in fields}
    return {name: given[name] for name, default in defaults.items() if given[name] != default}


def _meant(values: Mapping[str, Any]) -> str | None:
    """Return the words that a follow-up was taken to mean, or None where its own stand alone."""
    meant = values.get("standalone") or ""
    return meant if meant and meant != values.get("question") else None


def _turn(turn: Mapping[str, Any]) -> dict[str, Any]:
    return {key: turn.get(key, "") for key in ("question", "answer", "status")}


def _note_of(trace: Sequence[Mapping[str, Any]], step: str) -> dict[str, Any] | None:
    """Return what a step that happens once a question noted, without its place in the trace."""
    note = next((note for note in trace if note.get("step") == step), None)
    return None if note is None else {key: value for key, value in note.items() if key not in ("round", "step")}


def _rounds(
    values: Mapping[str, Any], trace: Sequence[Mapping[str, Any]], clocks: Mapping[str, Clock]
) -> list[dict[str, Any]]:
    """Return each round: the looks, what they made, the verdict after them, and what it changed."""
    by_round: dict[int, list[Mapping[str, Any]]] = {}
    for note in trace:
        if note.get("step") in ("check_sufficiency", "locate", "tools"):
            by_round.setdefault(note.get("round", 0), []).append(note)
    for look in values.get("looked") or ():
        by_round.setdefault(look.get("round", 0), [])
    rounds: list[dict[str, Any]] = []
    verdict: dict[str, Any] | None = None
    for number, notes in sorted(by_round.items()):
        check = _last(notes, "check_sufficiency")
        after = _verdict(check)
        looked = [look for look in values.get("looked") or () if look.get("round") == number]
        rounds.append(
            {
                "round": number,
                "looks": _looks(values, notes, looked, clocks),
                **_captions(values, number, notes, looked),
                "verdict": after,
                "changed": _changed(verdict, after),
                "notes": [f"{note.get('step')}: {note.get('text', '')}" for note in notes],
                "seconds": _summed(notes, "seconds"),
                "reasoner_calls": _summed(notes, "reasoner_calls"),
            }
        )
        verdict = after or verdict
    return rounds


def _last(notes: Sequence[Mapping[str, Any]], step: str) -> Mapping[str, Any] | None:
    return next((note for note in reversed(notes) if note.get("step") == step), None)


def _verdict(check: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if check is None or "support" not in check:
        return None
    return {key: check.get(key) for key in _VERDICT} | {"quotes": list(check.get("quotes") or ())}


def _changed(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> dict[str, list[Any]]:
    """Return what a verdict says otherwise than the one before it, as pairs of before and after."""
    if before is None or after is None:
        return {}
    return {key: [before[key], after[key]] for key in _VERDICT if before[key] != after[key]}


def _looks(
    values: Mapping[str, Any],
    notes: Sequence[Mapping[str, Any]],
    looked: Sequence[Mapping[str, Any]],
    clocks: Mapping[str, Clock],
) -> list[dict[str, Any]]:
    """Return the looks of a round with their times; without, where the trace is of an earlier version."""
    decided: list[dict[str, Any]] = [dict(look) for note in notes for look in note.get("looks") or ()]
    found = decided or [{"segment": look["segment"], "focus": look.get("focus", "")} for look in looked]
    ids = {ref["name"]: ref["id"] for ref in values.get("recordings") or ()}
    for look in found:
        clock = clocks.get(ids.get(look.get("video", ""), ""))
        label = clock.label(look["start"], look["end"]) if clock and "start" in look else ""
        if label:
            look["clock"] = label
    return found


def _captions(
    values: Mapping[str, Any],
    number: int,
    notes: Sequence[Mapping[str, Any]],
    looked: Sequence[Mapping[str, Any]],
) -> dict[str, Any]:
    """Return how many captions a round found, and how many of them it made and reused, where that is known."""
    found = sum(1 for item in values.get("found") or () if item.get("round") == number)
    counted: dict[str, int | None] = {}
    for key, of_look in zip(_COUNTED, ("made", "reused"), strict=True):
        # `locate` takes captions over without a look; what a look did is noted by its step, or with the look.
        taken = [note[key] for note in notes if note.get("step") == "locate" and key in note]
        seen = [note[key] for note in notes if note.get("step") == "tools" and key in note]
        seen = seen or [look[of_look] for look in looked if of_look in look]
        counted[key] = None if looked and not seen else sum(taken) + sum(seen)
    return {"captions": found, **counted}


def _summed(notes: Sequence[Mapping[str, Any]], key: str) -> float | int | None:
    known = [note[key] for note in notes if key in note]
    return round(sum(known), 2) if known else None
