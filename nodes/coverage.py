"""What a counting or ordering question must have looked at before an answer to it is believed."""

from __future__ import annotations

from nodes.candidates import lookable
from nodes.state import State
from nodes.view import DIGEST, View
from tools.live import Live
from tools.settings import Settings

COVERED = ("counting", "order")
"""Kinds of question that one moment cannot settle."""


def looks_at_once(kind: str, settings: Settings) -> int:
    """Return how many segments one round may look at: twice as many where all that is relevant must be seen."""
    return settings.looks_per_round * (2 if settings.routed and kind in COVERED else 1)


def most_covered(settings: Settings) -> int:
    """Return how many segments such a question covers at most."""
    return 4 * settings.initial_segments


def to_cover(shown: View, state: State, live: Live) -> list[str]:
    """Return the segments that are still to be looked at closely, the most relevant first.

    Those the judge named, and of those in which reading the chapters found something as many as the rounds can
    look at. What cannot be looked at (it has no caption, or the settings go no deeper) is not waited for.
    """
    settings, named = live.settings, state.get("cover", [])
    if not (settings.routed and settings.max_rounds and state.get("kind") in COVERED):
        return []
    within = min(most_covered(settings), settings.max_rounds * looks_at_once(state["kind"], settings))
    named = [*named, *[a for a in dict.fromkeys(_read(shown)) if a not in named][: max(0, within - len(named))]]
    seen = {looked["segment"] for looked in state.get("looked", [])}
    known = {shown.address(c) for c in shown.captions.values() if c.level == "coarse" and lookable(c, 0, live)}
    return [address for address in named if address in known and address not in seen]


def _read(shown: View) -> list[str]:
    """Return the coarse segments that the findings of whole chapters come from."""
    found: list[str] = []
    for caption in shown.captions.values():
        if caption.level == DIGEST:
            plan = shown.outline.plan(caption.recording)
            found += [shown.outline.address(plan.at(line.start)) for line in caption.lines]
    return found
