"""`videolucy ingest`: watch a video once, coarsely, before any question."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Annotated, Any

import typer

from commands.options import with_settings
from tools.settings import Settings

if TYPE_CHECKING:
    from langchain_core.runnables import RunnableConfig


@with_settings()
def ingest(
    videos: Annotated[list[str], typer.Argument(metavar="VIDEO...", help="files, folders, list files, web addresses")],
    yes: Annotated[bool, typer.Option("--yes", help="agree to whatever would be asked first (`confirm_over`)")] = False,
    *,
    settings: Settings,
) -> None:
    """Make the coarse memory of videos; an interrupted run goes on where it stopped."""
    from commands.stopping import stoppable
    from commands.terminal import results
    from tools.live import closing
    from tools.video.download.address import redacted

    if yes:
        settings = settings.model_copy(update={"confirm_over": 0})
    with stoppable(lambda: "the same command goes on where it stopped"), closing():
        for video in videos:
            state = _watch(video, settings)
            if state is None:
                results.print(f"{redacted(video)}: not watched", markup=False, soft_wrap=True)
                continue
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


def _watch(video: str, settings: Settings) -> dict[str, Any] | None:
    """Run the ingest of a video; return its last state, None where a person did not want it."""
    from langgraph.checkpoint.memory import InMemorySaver
    from langgraph.types import Command

    from commands.confirming import confirmed
    from commands.terminal import show_event
    from graph.build import LIMITS, ingest_builder, ingest_graph
    from graph.saver import serializer

    graph: Any = ingest_graph
    if settings.confirm_over:
        # Waiting for a reply takes a checkpoint; what was watched is in memory, and outlives it.
        saver = InMemorySaver(serde=serializer())
        graph = ingest_builder.compile(checkpointer=saver, name="VideoLucy ingest").with_config(LIMITS)
    config: RunnableConfig = {"configurable": {"thread_id": uuid.uuid4().hex}}
    begin: Any = {"video": video}
    while True:
        state: dict[str, Any] = {}
        for mode, data in graph.stream(begin, config, context=settings, stream_mode=["custom", "values"]):
            if mode == "custom":
                show_event(data)
            else:
                state = data
        if "__interrupt__" not in state:
            return state
        if not confirmed(state["__interrupt__"][0].value, "`--yes` agrees to it"):
            return None
        begin = Command(resume=True)
