"""`videolucy ingest`: watch a video once, coarsely, before any question."""

from __future__ import annotations

from typing import Annotated

import typer

from commands.options import with_settings
from tools.settings import Settings


@with_settings()
def ingest(
    videos: Annotated[list[str], typer.Argument(metavar="VIDEO...", help="files, folders, list files, web addresses")],
    *,
    settings: Settings,
) -> None:
    """Make the coarse memory of videos; an interrupted run goes on where it stopped."""
    from commands.stopping import stoppable
    from commands.terminal import results, show_event
    from graph.build import ingest_graph
    from tools.live import closing
    from tools.video.download.address import redacted

    with stoppable(lambda: "the same command goes on where it stopped"), closing():
        for video in videos:
            state: dict = {}
            for mode, data in ingest_graph.stream({"video": video}, context=settings, stream_mode=["custom", "values"]):
                if mode == "custom":
                    show_event(data)  # type: ignore[arg-type]
                else:
                    state = data  # type: ignore[assignment]
            spent, gaps = state.get("spent", {}), state.get("gaps", [])
            made, reused = spent.get("captions_made", 0), spent.get("captions_reused", 0)
            lost = f"; {len(gaps)} segments could not be captioned ({gaps[0]['reason']})" if gaps else ""
            results.print(
                f"{redacted(video)}: {made} captions made, {reused} known{lost}",
                markup=False,
                soft_wrap=True,
            )
            if gaps and not (made or reused):
                raise typer.Exit(1)
