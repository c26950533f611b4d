"""What `videolucy sessions show` prints for a person: how an answer came about, round by round."""

from __future__ import annotations

from string import ascii_uppercase
from typing import Any

from rich.text import Text

from commands.terminal import clean, clock, cost, results, show_evidence, when


def show_explanation(told: dict[str, Any]) -> None:
    """Print an explanation (see `graph.explanation.explain`), with the thread, videos and settings it stands for."""
    _line(f"{told['thread_id']}  {told['status']}  {told['updated']}", style="dim")
    for turn in told["earlier"]:
        _line(f"before: {turn['question']} - {turn['answer']} ({turn['status']})", style="dim")
    _line(told["question"], style="bold")
    if told["taken_to_mean"]:
        _line(f"taken to mean: {told['taken_to_mean']}", 2)
    for letter, option in zip(ascii_uppercase, told["options"], strict=False):
        _line(f"{letter}. {option}", 2)
    for video in told["videos"]:
        _line(f"{video['name']}, {clock(video['duration'])}", 2, "dim")
    if told["models"]:
        _line(" · ".join(told["models"].values()), 2, "dim")
    if told["settings"]:
        _line("set: " + ", ".join(f"{name} {value}" for name, value in told["settings"].items()), 2, "dim")
    for name in ("judged", "read"):
        if told[name]:
            _line(f"{name}: {told[name].get('text', '')}", style="blue")
    for round_ in told["rounds"]:
        _show_round(round_)
    for gap in told["gaps"]:
        _line(f"not seen: {gap['segment']}: {gap['reason']}", style="yellow")
    _show_end(told)


def _show_round(round_: dict[str, Any]) -> None:
    _line(f"round {round_['round']}" if round_["round"] else "from memory", style="cyan")
    for look in round_["looks"]:
        where = f"{when(look)} of {look['video']}: " if "start" in look else ""
        _line(f"looked at {look['segment']}, {where}{look['focus']}", 2)
    if round_["looks"] or round_["captions"]:
        made, reused = round_["captions_made"], round_["captions_reused"]
        split = "" if made is None or reused is None else f" ({made} made, {reused} reused)"
        _line(f"{round_['captions']} captions{split}", 2)
    verdict, changed = round_["verdict"], round_["changed"]
    if verdict is None:
        for note in round_["notes"]:
            _line(note, 2)
    else:
        _line(f"{verdict['support']}, confidence {verdict['confidence']:.2f}: {verdict['answer'] or 'no answer'}", 2)
        for quote in verdict["quotes"]:
            _line(f"“{quote}”", 4)
        if verdict["missing"]:
            _line(f"missing: {verdict['missing']}", 4)
        for name, (before, after) in changed.items():
            if name in ("support", "confidence", "answer"):
                _line(f"{name}: {before or 'none'} → {after or 'none'}", 4, "magenta")
    if round_["seconds"] is not None:
        _line(f"{round_['seconds']:.1f} s, {round_['reasoner_calls']} reasoner calls", 2, "dim")


def _show_end(told: dict[str, Any]) -> None:
    if told["answer"] is None:
        _line(f"no answer yet; `videolucy resume {told['thread_id']}` goes on", style="bold")
        return
    option = f"{told['option']}. " if told["option"] else ""
    _line(f"{option}{told['answer']}", style="bold")
    _line(f"{told['status']} (confidence {told['confidence']:.2f}); {told['stopped_by']}", 2)
    show_evidence(told["evidence"])
    if told["reason"]:
        _line(told["reason"], 2, "dim")
    _line(cost(told["usage"]), 2, "dim")


def _line(text: str, indent: int = 0, style: str = "") -> None:
    results.print(Text(" " * indent + clean(text).replace("\n", " "), style=style), soft_wrap=True)
