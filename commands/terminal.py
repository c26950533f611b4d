"""What a run looks like in a terminal: progress on stderr, the answer on stdout."""

from __future__ import annotations

import json
import re
import sys
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from face.wording import clock, cost

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_STYLES = {"answer": "bold green", "gap": "yellow", "looking": "cyan", "checked": "magenta", "judged": "blue"}

progress = Console(stderr=True, highlight=False)
results = Console(highlight=False)


def clean(text: str) -> str:
    """Return `text` without control characters: what a video shows must not drive the terminal."""
    return _CONTROL.sub(" ", text)


def show_event(event: dict[str, Any]) -> None:
    """Print one progress event as a line on stderr."""
    name = str(event.get("event", ""))
    line = Text(f"{name:>9}  ", style="dim")
    line.append(clean(str(event.get("text", ""))), style=_STYLES.get(name, ""))
    progress.print(line, soft_wrap=True)


def how_found(result: dict[str, Any]) -> str:
    """Return where an answer came from: coarse memory, an earlier question's look, or a round of this one."""
    rounds = result["rounds"]
    if rounds:
        return f"after {rounds} round{'s' if rounds > 1 else ''} of looking again"
    earlier = any(item["level"] in ("fine", "ultra-fine") for item in result["evidence"])
    return "from an earlier question's closer look" if earlier else "from coarse memory"


def show_json(result: dict[str, Any]) -> None:
    """Print the machine-readable answer as one line on stdout."""
    sys.stdout.write(json.dumps(result, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def when(item: dict[str, Any]) -> str:
    """Return the times of a moment, and its wall-clock time where it has one."""
    return f"{clock(item['start'])} - {clock(item['end'])}" + (f" ({clean(item['clock'])})" if "clock" in item else "")


def show_evidence(evidence: list[dict[str, Any]]) -> None:
    """Print the moments an answer rests on, one a row."""
    if evidence:
        table = Table(box=None, pad_edge=False, show_header=False)
        for item in evidence:
            words = Text(f"“{clean(item['quote'])}”")
            table.add_row(when(item), Text(clean(item["video"])), item["level"], words)
        results.print(table)


def show_answer(result: dict[str, Any]) -> None:
    """Print an answer for a person: what, how sure, the moments it rests on, and what it cost."""
    option = f"{result['option']}. " if result.get("option") else ""
    results.print(Text(f"\n{option}{clean(result['answer'])}", style="bold"), soft_wrap=True)
    found = how_found(result)
    results.print(
        f"{result['status']} (confidence {result['confidence']:.2f}), {found}; {result['stopped_by']}", soft_wrap=True
    )
    show_evidence(result["evidence"])
    if result.get("reason"):
        results.print(Text(clean(result["reason"]), style="dim"), soft_wrap=True)
    models, usage = result["models"], result["usage"]
    told = f"{models['captioner']} · {models['reasoner']} · {models['embedder']}; {cost(usage)}"
    results.print(Text(told, style="dim"), soft_wrap=True)
    if result.get("thread_id"):
        results.print(Text(f"videolucy sessions show {result['thread_id']}  tells how", style="dim"), soft_wrap=True)
