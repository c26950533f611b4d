"""How answers are put in plain words, wherever they are shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

STATUS = {
    "answered": "supported by what was seen",
    "insufficient": "not supported: the video may not show it",
    "budget_exhausted": "a budget ran out before it was supported",
    "failed": "failed",
    "unfinished": "not finished yet",
}
_STOPPED = {
    "supported": "the answer is supported",
    "max_rounds": "all rounds of looking again are spent",
    "nothing_left": "nothing is left to look at",
    "declined": "the pass over the video was declined",
}


def stopped(why: str) -> str:
    """Return why a question stopped (`stopped_by`), in words."""
    return _STOPPED.get(why, f"the budget {why} is spent") if why else "it failed"


def cost(usage: Mapping[str, Any]) -> str:
    """Return what an answer cost (`usage`), in words."""
    tokens = usage["prompt_tokens"] + usage["completion_tokens"]
    counted = f", {tokens} tokens" if tokens else ""
    return (
        f"{usage['captions_made']} captions made, {usage['captions_reused']} reused, {usage['frames']} frames, "
        f"{usage['reasoner_calls']} reasoner calls{counted}, {usage['seconds']:.1f} s"
    )


def clock(seconds: float, whole: bool = False) -> str:
    """Return seconds as `m:ss.s` or `h:mm:ss.s`; without tenths where `whole`."""
    tenths = round(seconds) * 10 if whole else round(seconds * 10)
    minutes, rest = divmod(tenths, 600)
    hours, minutes = divmod(minutes, 60)
    start = f"{hours}:{minutes:02d}" if hours else f"{minutes}"
    return f"{start}:{rest // 10:02d}" + ("" if whole else f".{rest % 10}")
