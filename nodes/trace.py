"""The trace: what each step did and why, kept with the question (`videolucy sessions show`)."""

from __future__ import annotations

from typing import Any, cast

from nodes.state import Note
from tools.usage import Usage

_LONGEST = 500
"""Characters of a text in the trace."""


def note(round_: int, step: str, text: str, spent: Usage | None = None, **values: Any) -> Note:
    """Return an entry: what `step` did in a sentence, what it cost, and the `values` behind it (see `Note`)."""
    cost = {"seconds": round(spent.seconds, 2), "reasoner_calls": spent.reasoner_calls} if spent else {}
    return cast(Note, {"round": round_, "step": step, "text": text[:_LONGEST], **cost, **values})
