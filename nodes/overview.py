"""The outline shown to whoever chooses segments by id: every recording, and what its stretches are about."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from memory_store.records import Caption, Segment
from memory_store.segments import Plan
from nodes.prompts import fence
from nodes.state import State
from nodes.view import CHAPTER, View
from tools.live import Live

SHARE = 0.11
"""Part of `prompt_chars` that an outline may take."""
_ROWS = 60
"""Rows of an outline; beyond that a row stands for several segments."""
_ROW = 32
"""Characters of a row without its gist."""


def outlined(shown: View, state: State, live: Live) -> str:
    """Return the outline of a question's recordings; none where all of memory is shown anyway."""
    if live.settings.full_memory:
        return ""
    return overview(shown, [ref["name"] for ref in state["recordings"]], live.settings.prompt_chars)


def overview(shown: View, names: Sequence[str], prompt_chars: int) -> str:
    """Return the outline of the question's recordings, in at most about `SHARE` of `prompt_chars`.

    One row a coarse segment, or a stretch of several, with the beginning of what is known of it: of its
    chapter's summary, where there is one, else of its first caption. `names` are the recordings' names.
    """
    plans = shown.outline.plans
    total = sum(len(plan.coarse()) for plan in plans)
    size = math.ceil(total / _ROWS)
    gist = int(prompt_chars * SHARE / max(1, math.ceil(total / size))) - _ROW
    known = _known(shown.captions.values())
    rows: list[str] = []
    for plan, name in zip(plans, names, strict=True):
        segments = plan.coarse()
        first, last = shown.outline.address(segments[0]), shown.outline.address(segments[-1])
        rows.append(f"{fence(name)}: {plan.recording.duration:.0f} s, segments {first} to {last}")
        rows += [
            _row(shown, plan, segments[at : at + size], known.get(plan.recording.id, []), gist)
            for at in range(0, len(segments), size)
        ]
    return "<outline>\n" + "\n".join(rows) + "\n</outline>"


def _row(shown: View, plan: Plan, stretch: Sequence[Segment], known: Sequence[Caption], gist: int) -> str:
    start, end = stretch[0].start, stretch[-1].end
    address = shown.outline.address(stretch[0])
    address += f" to {shown.outline.address(stretch[-1])}" if len(stretch) > 1 else ""
    chapters = [c for c in known if c.level == CHAPTER and c.start < end and c.end > start and len(stretch) > 1]
    inside = chapters or [c for c in known if c.level != CHAPTER and start <= c.start < end]
    text = " ".join(caption.text for caption in inside[:1]).replace("\n", " ")
    said = f": {fence(text[:gist])}" if text and gist > 10 else ""
    return f"{address}, {start:.0f}-{end:.0f} s{said}"


def _known(captions: Iterable[Caption]) -> dict[str, list[Caption]]:
    """Return the chapters and coarse captions of each recording, in order of time."""
    found: dict[str, list[Caption]] = {}
    for caption in sorted(captions, key=lambda caption: caption.start):
        if caption.level in ("coarse", CHAPTER):
            found.setdefault(caption.recording, []).append(caption)
    return found
