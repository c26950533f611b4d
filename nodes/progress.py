"""Progress: one line an event on LangGraph's custom stream, for the terminal, Studio and the page.

Where an event can be drawn, its detail says where, in seconds of `video`: `captioned` has `video`, `start`, `end`,
and `level`; `looking` has `looks`, with `video`, `start`, `end`, `segment` and `focus`; `sweep` has `done` and `total`.
"""

from __future__ import annotations

from typing import Any

from langgraph.config import get_stream_writer


def say(event: str, text: str, **detail: Any) -> None:
    """Send one event: what is being done, and why. `detail` holds JSON values."""
    get_stream_writer()({"event": event, "text": text, **detail})
