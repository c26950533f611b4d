"""Asking whoever sits at the terminal before a large pass over a video is begun."""

from __future__ import annotations

import sys
from typing import Any

from commands.terminal import clean, progress
from face.wording import clock
from tools.errors import BadInput

_FACTS = ("captions", "captions_in_memory", "frames", "minutes_of_video", "seconds", "cost")


def confirmed(asked: dict[str, Any], how_to_go_on: str) -> bool:
    """Tell a person what would be made, and return whether it may be. Raises `BadInput` where nobody replies.

    Args:
        asked: what the graph asks (docs/studio.md).
        how_to_go_on: what to do where nobody sits there, as the end of a sentence.
    """
    nobody = BadInput(
        f"this would make {asked['captions']} captions, which a person has to agree to (confirm_over); {how_to_go_on}"
    )
    if not sys.stdin.isatty():
        raise nobody
    facts = ", ".join(f"{name.replace('_', ' ')} {_worded(name, asked[name])}" for name in _FACTS if name in asked)
    progress.print(clean(f"{asked['question']}\n({facts})"), markup=False, soft_wrap=True)
    progress.print(f"y goes on; n: {asked['if_false']} [y/N] ", markup=False, soft_wrap=True, end="")
    try:
        return input().strip().casefold() in ("y", "yes")
    except EOFError:
        progress.print()
        raise nobody from None


def _worded(name: str, value: float) -> str:
    return f"about {clock(value, whole=True)}" if name == "seconds" else f"{value:,}"
