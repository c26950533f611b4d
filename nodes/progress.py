"""Progress: one line an event on LangGraph's custom stream, for the terminal, Studio and the page."""

from __future__ import annotations

from typing import Any

from langgraph.config import get_stream_writer


def say(event: str, text: str, **detail: Any) -> None:
    """Send one event: what is being done, and why. `detail` holds flat JSON values."""
    get_stream_writer()({"event": event, "text": text, **detail})
