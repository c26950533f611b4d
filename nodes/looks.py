"""From a locator's reply to the looks that are taken: ids checked, nothing twice, what must be covered first."""

from __future__ import annotations

from collections.abc import Sequence

from nodes.state import State
from tools.live import Live
from tools.reasoners.base import Look, Looks, Passage

AGAIN = 2
"""Times one segment may be looked at for a question: again only with another focus."""


def chosen_looks(reply: Looks | None, possible: Sequence[Passage], state: State, live: Live) -> list[Look]:
    """Return the looks that can be taken, each segment once, best first.

    A segment that was looked at already is taken only with another focus, by a captioner that heeds one.
    """
    known = {passage.segment for passage in possible}
    looks: dict[str, Look] = {}
    for look in reply.looks if reply else []:
        segment = look.segment.strip().strip("[]")
        if segment in known or _anew(segment, look.focus, state, live):
            looks.setdefault(segment, look.model_copy(update={"segment": segment}))
    return list(looks.values())


def covering(looks: Sequence[Look], left: Sequence[str], question: str) -> list[Look]:
    """Return the looks, or while segments are `left` to cover those alone, also where the reply names none of them."""
    if not left:
        return list(looks)
    named = {look.segment: look for look in looks}
    pattern = next(iter(looks), Look(segment="", focus=question))
    return [named.get(segment) or pattern.model_copy(update={"segment": segment}) for segment in left]


def _anew(segment: str, focus: str, state: State, live: Live) -> bool:
    before = [looked["focus"] for looked in state.get("looked", []) if looked["segment"] == segment]
    if not before or len(before) >= AGAIN or not focus.strip() or not live.captioner.takes_instructions:
        return False
    return not any(live.same_focus(focus, old) for old in before)
