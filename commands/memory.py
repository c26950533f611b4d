"""`videolucy memory`: what is remembered. `list` and `show` work beside a running question."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from commands.options import with_settings
from tools.errors import BadInput
from tools.settings import Settings

memory = typer.Typer(help="What is remembered of the videos seen so far.", no_args_is_help=True)

AsJson = Annotated[bool, typer.Option("--json", help="one JSON object a line")]


@memory.command("list")
@with_settings("home", "store")
def list_recordings(as_json: AsJson = False, *, settings: Settings) -> None:
    """List the recordings, with how many captions of each level are kept."""
    from collections import Counter

    from commands.terminal import clean, clock, results, show_json

    store = _read_only(settings)
    rows: list[dict[str, Any]] = []
    for recording in store.recordings():
        levels = Counter(caption.level for caption in store.captions(recording.id) if caption.lines)
        rows.append(
            {
                "recording": recording.id,
                "name": recording.name,
                "duration": recording.duration,
                "captions": dict(levels),
            }
        )
    for row in rows:
        if as_json:
            show_json(row)
        else:
            kept = ", ".join(f"{count} {level}" for level, count in row["captions"].items()) or "nothing yet"
            line = f"{row['recording'][:12]}  {clock(row['duration'])}  {clean(row['name'])}: {kept}"
            results.print(line, markup=False, soft_wrap=True)
    if not rows and not as_json:
        results.print("nothing is remembered yet")


@memory.command()
@with_settings("home", "store")
def show(
    recording: Annotated[str, typer.Argument(help="id or name of a recording, as `memory list` shows it")],
    level: Annotated[str | None, typer.Option(help="only this one, such as coarse, fine, speech, text")] = None,
    start: Annotated[float | None, typer.Option(help="from this second on")] = None,
    end: Annotated[float | None, typer.Option(help="up to this second")] = None,
    as_json: AsJson = False,
    *,
    settings: Settings,
) -> None:
    """Show the captions of a recording in order of time."""
    from commands.terminal import clean, clock, results, show_json

    store = _read_only(settings)
    found = _find(store, recording)
    for caption in store.captions(found.id, level=level, start=start, end=end):
        if not caption.lines:
            continue  # it only says that a sweep found nothing there
        if as_json:
            show_json(_row(caption))
            continue
        head = f"{clock(caption.start)} - {clock(caption.end)}  {caption.segment} {caption.level}  {caption.id[:8]}"
        results.print(head, style="bold", markup=False, soft_wrap=True)
        for line in caption.lines:
            results.print(f"    {clean(line.text)}", markup=False, soft_wrap=True)


@memory.command()
@with_settings()
def search(
    query: Annotated[str, typer.Argument(help="what to look for")],
    count: Annotated[int, typer.Option("-n", "--count", min=1, help="how many captions")] = 10,
    as_json: AsJson = False,
    *,
    settings: Settings,
) -> None:
    """Search everything remembered, by meaning and by words."""
    from commands.terminal import clean, clock, results, show_json
    from tools.live import close_all, live_for

    try:
        store = live_for(settings).memory
        names = {recording.id: recording.name for recording in store.recordings()}
        for hit in store.search(list(names), query, k=count):
            row: dict[str, Any] = {
                "video": names[hit.recording],
                "start": hit.line.start,
                "end": hit.line.end,
                "score": round(hit.score, 4),
            }
            row |= {"caption_id": hit.caption, "line": hit.line.text}
            if as_json:
                show_json(row)
            else:
                when = f"{clock(hit.line.start)} - {clock(hit.line.end)}"
                text = f"{when}  {clean(row['video'])}  {clean(hit.line.text)}"
                results.print(text, markup=False, soft_wrap=True)
    finally:
        close_all()


@memory.command()
@with_settings()
def prune(
    old_models: Annotated[
        bool, typer.Option("--old-models", help="also captions that another captioner made than the one in force")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="only say what would be taken out")] = False,
    as_json: AsJson = False,
    *,
    settings: Settings,
) -> None:
    """Take out what nothing refers to: left by writes that were cut short, or by deleted recordings."""
    from dataclasses import asdict

    from commands.terminal import results, show_json
    from tools.live import close_all, live_for

    try:
        live = live_for(settings)
        name = live.captioner.name if old_models else ""
        pruned = live.memory.prune((lambda caption: caption.captioner != name) if old_models else None, dry_run)
    finally:
        close_all()
    if as_json:
        show_json(asdict(pruned))
    else:
        counts = f"{pruned.captions} captions, {pruned.records} stray lines, {pruned.collections} stray collections"
        results.print(f"{'would take' if dry_run else 'took'} out {counts}")


@memory.command()
@with_settings("home", "store")
def delete(
    recording: Annotated[str, typer.Argument(help="id or name of a recording, as `memory list` shows it")],
    *,
    settings: Settings,
) -> None:
    """Forget a recording and all that was seen and heard of it. The video itself is not touched."""
    from commands.terminal import clean, results
    from tools.live import close_all, live_for

    try:
        store = live_for(settings).memory
        found = _find(store, recording)
        store.delete(found.id)
    finally:
        close_all()
    results.print(f"forgot {clean(found.name)}", markup=False, soft_wrap=True)


def _read_only(settings: Settings) -> Any:
    from memory_store.store import Memory
    from tools.models import build_embedder

    return Memory(settings.store_path, build_embedder(settings), read_only=True)


def _find(store: Any, wanted: str) -> Any:
    known = store.recordings()
    found = [r for r in known if r.id.startswith(wanted) and len(wanted) >= 4] or [r for r in known if r.name == wanted]
    if len(found) != 1:
        what = "is not one recording but several" if found else "is no recording that is remembered"
        raise BadInput(f"{wanted!r} {what}; `videolucy memory list` shows them")
    return found[0]


def _row(caption: Any) -> dict[str, Any]:
    return {
        "caption_id": caption.id,
        "segment": caption.segment,
        "level": caption.level,
        "start": caption.start,
        "end": caption.end,
        "text": caption.text,
        "lines": [{"start": line.start, "end": line.end, "text": line.text} for line in caption.lines],
        "instruction": caption.instruction,
        "question": caption.question,
        "captioner": caption.captioner,
        "frames": caption.frames,
    }
