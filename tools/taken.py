"""What describing a clip took, as it is kept beside the caption: predictions are made from it."""

from __future__ import annotations

from typing import Any, NamedTuple


class Taken(NamedTuple):
    """Seconds of one call to the captioner, and its tokens (0 where it counts none)."""

    seconds: float
    prompt_tokens: int = 0
    completion_tokens: int = 0

    def to_extra(self) -> dict[str, Any]:
        """Return the flat values kept in a caption's `extra`."""
        tokens = {"prompt_tokens": self.prompt_tokens, "completion_tokens": self.completion_tokens}
        return {"seconds": round(self.seconds, 3), **{key: count for key, count in tokens.items() if count}}

    @classmethod
    def of(cls, extra: dict[str, Any]) -> Taken | None:
        """Return what a caption's `extra` tells, or None: captions of earlier versions tell nothing."""
        if "seconds" not in extra:
            return None
        return cls(extra["seconds"], extra.get("prompt_tokens", 0), extra.get("completion_tokens", 0))
