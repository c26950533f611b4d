"""Whether a video can be cut into segments and frames as the settings say."""

from __future__ import annotations

from collections.abc import Sequence

from memory_store.records import LEVELS, Part
from tools.errors import BadInput
from tools.settings import Settings

MOST_SEGMENTS = 100_000
"""Coarse segments of a recording."""
MOST_FRAMES = 4_000
"""Frames of one segment: they are held together."""


def check_cut(name: str, parts: Sequence[Part], settings: Settings) -> None:
    """Raise `BadInput` where the scopes in force would cut these parts too finely to be held in memory."""
    duration = parts[-1].end
    scopes = settings.scopes(duration)
    if duration / scopes.seconds[0] > MOST_SEGMENTS:
        raise BadInput(
            f"setting coarse_seconds: {scopes.seconds[0]:g} would cut {name} ({duration:,.0f} s) into more than "
            f"{MOST_SEGMENTS:,} segments"
        )
    for level, seconds, fps in zip(LEVELS, scopes.seconds, scopes.fps, strict=True):
        if min(seconds, duration) * fps > MOST_FRAMES:
            raise BadInput(
                f"a {level} segment of {name} ({min(seconds, duration):,.0f} s at {fps:g} frames a second) would hold "
                f"more than {MOST_FRAMES:,} frames; shorten it, or give fewer frames a second"
            )
