"""`videolucy sessions` and `videolucy resume`: what was asked and how it was answered, and going on with it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from commands.options import with_settings
from tools.errors import BadInput
from tools.settings import Settings

if TYPE_CHECKING:
    from graph.threads import Session
    from tools.clock.clock import Clock

sessions = typer.Typer(help="The questions asked so far, the newest first; `show` explains an answer.")

Thread = Annotated[str, typer.Argument(metavar="THREAD", help="its id, as `ask` printed it and `sessions` lists it")]
AsJson = Annotated[bool, typer.Option("--json", help="one JSON object on stdout, nothing else")]


@sessions.callback(invoke_without_command=True)
@with_settings("home")
def list_sessions(
    context: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="one JSON object a session")] = False,
    *,
    settings: Settings,
) -> None:
    """The questions asked so far, the newest first; `show` explains an answer."""
    if context.invoked_subcommand:
        if as_json or context.params.get("home"):
            raise BadInput(f"flags of `sessions {context.invoked_subcommand}` stand after it")
        return
    from dataclasses import asdict

    from rich.table import Table
    from rich.text import Text

    from commands.terminal import clean, results, show_json
    from graph.checkpoints import checkpoint_file, open_graph
    from graph.threads import sessions as stored

    with open_graph(checkpoint_file(settings)) as graph:
        found = list(stored(graph))
    if as_json:
        for session in found:
            told = {key: value for key, value in asdict(session).items() if key != "settings"}
            show_json(told | {"video": _video(session)})
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


@sessions.command()
@with_settings("home", "store")
def show(
    thread: Thread,
    as_json: AsJson = False,
    *,
    settings: Settings,
) -> None:
    """Explain an answer: what was looked at and why, what that changed, what it rests on, and what it cost."""
    import json

    from commands.explanation import show_explanation
    from commands.terminal import show_json
    from graph.checkpoints import checkpoint_file, open_graph
    from graph.explanation import changed_settings, explain
    from graph.threads import state_of
    from tools.video.download.address import redacted

    with open_graph(checkpoint_file(settings)) as graph:
        session, values = state_of(graph, thread)
    given = changed_settings(json.loads(session.settings))
    told = {
        "thread_id": session.thread_id,
        "updated": session.updated,
        "video": _video(session),
        "settings": {name: redacted(value) if isinstance(value, str) else value for name, value in given.items()},
        **explain(values, not session.finished, _clocks(values, settings)),
    }
    (show_json if as_json else show_explanation)(told)


@sessions.command()
@with_settings("home", "store")
def report(
    thread: Thread,
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="where to; THREAD.html without")] = None,
    *,
    settings: Settings,
) -> None:
    """Write an answer as one HTML file: evidence with its frames, the timeline, how it was found, what it cost."""
    from commands.terminal import clean, progress
    from face.report.writing import report as made
    from face.report.writing import write

    file = out or Path(f"{thread}.html")
    write(made(settings, thread), file)
    progress.print(f"written to {clean(str(file))}", markup=False, soft_wrap=True)


def _video(session: Session) -> str | list[str]:
    """Return what a session's videos were called, without credentials."""
    from tools.video.download.address import redacted

    safe = [redacted(video) for video in ([session.video] if isinstance(session.video, str) else session.video)]
    return safe[0] if len(safe) == 1 else safe


def _clocks(values: dict[str, Any], settings: Settings) -> dict[str, Clock]:
    """Return the clocks of a thread's recordings by id, as far as memory still knows them."""
    from memory_store.errors import StoreError
    from tools.clock.clock import Clock
    from tools.live import peek

    wanted = {ref["id"] for ref in values.get("recordings") or ()}
    try:
        recordings = peek(settings).memory.recordings() if wanted else []
    except (StoreError, BadInput):
        return {}
    return {r.id: clock for r in recordings if r.id in wanted and (clock := Clock.of(r))}


@with_settings("home")
def resume(
    thread: Thread,
    as_json: AsJson = False,
    yes: Annotated[bool, typer.Option("--yes", help="agree to whatever would be asked first (`confirm_over`)")] = False,
    *,
    settings: Settings,
) -> None:
    """Go on with a question that was cut short."""
    from commands.running import open_sessions
    from commands.terminal import show_answer, show_json

    with open_sessions(settings, yes) as running:
        result = running.resume(thread)
    (show_json if as_json else show_answer)(result)
    if result["status"] == "failed":
        raise typer.Exit(1)
