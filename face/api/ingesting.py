"""Watching a video before any question, from a program."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any

from typing_extensions import TypedDict

from face.api.given import Told, Video, nobody, settings_of, videos_of
from face.api.stopping import ended_with
from face.checks import check
from graph.build import ingest_graph
from nodes.state import Gap, RecordingRef
from tools.live import release_all
from tools.settings import Settings
from tools.video.download.address import without_credentials


class Ingested(TypedDict):
    """What an ingest did."""

    recordings: list[RecordingRef]
    """`id`, `name` and `duration` (seconds) of each recording."""
    captions_made: int
    captions_reused: int
    """Coarse captions that memory held already."""
    gaps: list[Gap]
    """`segment` and `reason` of what could not be captioned; the next run tries again."""
    seconds: float
    """Active time."""


def ingest(
    video: Video | Sequence[Video],
    *,
    settings: Settings | None = None,
    on_event: Told | None = None,
    stop: threading.Event | None = None,
    **given: Any,
) -> Ingested:
    """Make the coarse memory of one or more videos; the same call goes on where one was cut short.

    Args:
        video: as of `ask`.
        settings: as of `ask`; `on_event`, `stop` and `given` too.

    Raises `BadInput`, `StoreError` and `Stopped` as `ask` does.
    """
    in_force, told = settings_of(settings, given), on_event or nobody
    videos = videos_of(video)
    with ended_with(stop) as wish:
        check(in_force, videos, [], lambda text: told({"event": "open", "text": text}))
        kept = [without_credentials(name) for name in videos]
        events = ingest_graph.stream({"video": kept}, context=in_force, stream_mode=["custom", "values"])
        state: dict[str, Any] = {}

        def each(event: tuple[str, dict[str, Any]]) -> None:
            mode, data = event
            if mode == "custom":
                told(data)
            else:
                state.update(data)

        try:
            wish.follow(events, each)
        finally:
            release_all()
    spent = state.get("spent", {})
    return Ingested(
        recordings=state["recordings"],
        captions_made=spent.get("captions_made", 0),
        captions_reused=spent.get("captions_reused", 0),
        gaps=state.get("gaps", []),
        seconds=round(spent.get("seconds", 0.0), 2),
    )
