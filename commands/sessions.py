"""`videolucy sessions` and `videolucy resume`: what was asked, and going on with what was cut short."""

from __future__ import annotations

from typing import Annotated

import typer

from commands.options import with_settings
from tools.settings import Settings


@with_settings("home")
def sessions(
    as_json: Annotated[bool, typer.Option("--json", help="one JSON object a session")] = False,
    *,
    settings: Settings,
) -> None:
    """List the questions asked so far, the newest first."""
    from dataclasses import asdict

    from rich.table import Table
    from rich.text import Text

    from commands.terminal import clean, results, show_json
    from graph.checkpoints import checkpoint_file, open_graph
    from graph.threads import sessions as stored
    from tools.video.download.address import redacted

    with open_graph(checkpoint_file(settings)) as graph:
        found = list(stored(graph))
    if as_json:
        for session in found:
            told = {key: value for key, value in asdict(session).items() if key != "settings"}
            videos = [session.video] if isinstance(session.video, str) else session.video
            safe = [redacted(video) for video in videos]
            show_json(told | {"video": safe[0] if len(safe) == 1 else safe})
        return
    if not found:
        results.print("no question was asked yet")
        return
    table = Table(box=None, pad_edge=False, expand=True)
    for heading, width in (("thread", 16), ("status", 12)):
        table.add_column(heading, no_wrap=True, min_width=width)
    for heading in ("question", "answer"):
        table.add_column(heading, no_wrap=True, overflow="ellipsis", ratio=1)
    for s in found:
        table.add_row(*(Text(clean(word)) for word in (s.thread_id, s.status, s.question, s.answer)))
    results.print(table)


@with_settings("home")
def resume(
    thread: Annotated[str, typer.Argument(help="thread id, as `ask` printed it and `sessions` lists it")],
    as_json: Annotated[bool, typer.Option("--json", help="one JSON object on stdout, nothing else")] = False,
    *,
    settings: Settings,
) -> None:
    """Go on with a question that was cut short."""
    from commands.running import open_sessions
    from commands.terminal import show_answer, show_json

    with open_sessions(settings) as running:
        result = running.resume(thread)
    (show_json if as_json else show_answer)(result)
    if result["status"] == "failed":
        raise typer.Exit(1)
