"""`videolucy doctor --store`: whether memory and sessions are whole on disk, and mending what is not."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from memory_store.errors import StoreBusy, StoreError
from tools.errors import BadInput
from tools.settings import Settings

if TYPE_CHECKING:
    from memory_store.soundness import Finding

_LITTLE = 500 * 2**20
"""Bytes of free space below which somebody should know."""


@dataclass(frozen=True)
class _Checked:
    memory: list[Finding]
    sessions: list[Finding]

    @property
    def all(self) -> list[Finding]:
        return [*self.memory, *self.sessions]


def check_and_mend(settings: Settings, repair: bool, as_json: bool) -> None:
    """Check the store and the checkpoint file, repair them if asked to, and say what was found.

    Exit code 1 where something is wrong and was not repaired. Raises `BadInput` for a store on a server, `StoreBusy`
    where another process uses it, `StoreError` where nothing can be written although it is to be repaired.
    """
    from commands.terminal import results, show_json

    if settings.store_path.startswith(("http://", "https://")):
        raise BadInput("the memory is on a Chroma server, which checks its own disk; --store is for a folder")
    folder, sessions = Path(settings.store_path).expanduser(), settings.home_path / "checkpoints.sqlite"
    with _alone(folder, repair):
        found = _check(folder, sessions)
    done = _mend(settings, folder, sessions, found) if repair else []
    with _alone(folder, repair):
        left = _check(folder, sessions).all if repair else found.all
        notes = [] if left else _notes(folder, sessions)
    sizes = _sizes(settings.home_path, folder)
    free = shutil.disk_usage(settings.home_path if settings.home_path.exists() else Path.cwd()).free
    if as_json:
        what = {"store": str(folder), "sessions": str(sessions), "found": [asdict(finding) for finding in found.all]}
        rest = {"repaired": done, "notes": notes, "sound": not left, "bytes": sizes, "free_bytes": free}
        show_json(what | rest)
    else:
        for finding in found.all:
            results.print(f"wrong: {finding.what}; --repair would: {finding.repair}", markup=False, soft_wrap=True)
        for line in (*done, *notes):
            results.print(line, markup=False, soft_wrap=True)
        for name, size in sizes.items():
            results.print(f"{size / 2**20:10.1f} MB  {name}", markup=False, soft_wrap=True)
        if free < _LITTLE:
            results.print(f"little space is left: {free / 2**20:.0f} MB")
        results.print("all is well" if not left else "not all is well", markup=False)
    if left:
        raise typer.Exit(1)


def _check(folder: Path, sessions: Path) -> _Checked:
    from graph.lost import check_sessions
    from memory_store.soundness import check

    return _Checked(check(folder), check_sessions(sessions))


def _notes(folder: Path, sessions: Path) -> list[str]:
    """Return what is not wrong, but good to know, of a sound store and sound sessions."""
    from graph.lost import recordings_of
    from memory_store.embedders.lexical import Lexical
    from memory_store.store import Memory

    known = {recording.id for recording in Memory(str(folder), Lexical(), read_only=True).recordings()}
    without = [thread for thread, wanted in recordings_of(sessions).items() if wanted - known]
    if not without:
        return []
    some = ", ".join(without[:3]) + (", ..." if len(without) > 3 else "")
    return [f"{len(without)} sessions are about recordings that memory no longer holds: {some}"]


def _sizes(home: Path, folder: Path) -> dict[str, int]:
    """Return how many bytes each thing in the home folder takes, and a store elsewhere, the largest first."""
    things = [*home.iterdir()] if home.is_dir() else []
    if folder.is_dir() and folder.parent != home:
        things.append(folder)
    sizes = {
        thing.name if thing.parent == home else str(thing): sum(
            file.lstat().st_size for file in (thing.rglob("*") if thing.is_dir() else [thing]) if not file.is_dir()
        )
        for thing in things
    }
    return dict(sorted(sizes.items(), key=lambda item: -item[1]))


@contextmanager
def _alone(folder: Path, writes: bool) -> Iterator[None]:
    """Keep other processes away from a store while it is looked at. Raises `StoreBusy`.

    A store that cannot be locked since nothing can be written there is looked at all the same; with `writes` that is
    a `StoreError`.
    """
    from memory_store.lock import StoreLock

    lock = StoreLock(folder, lambda: None, lambda: None)
    with ExitStack() as held:
        if folder.is_dir():
            held.callback(lock.release)
            try:
                held.enter_context(lock.hold(lambda text: typer.echo(text, err=True)))
            except StoreBusy:
                raise
            except StoreError as problem:
                if writes:
                    raise
                typer.echo(f"{problem}; looking at it all the same", err=True)
        yield


def _mend(settings: Settings, folder: Path, sessions: Path, found: _Checked) -> list[str]:
    """Repair what can be repaired; return what was done."""
    from graph.lost import mend_sessions
    from memory_store.salvage import rebuild, set_aside
    from memory_store.store import Memory
    from tools.models import build_embedder

    done: list[str] = []
    mendable = [finding for finding in found.memory if finding.mendable]
    if any("schema.json" in finding.what for finding in mendable):
        done.append(f"moved what cannot be read to {set_aside(folder / 'schema.json')}")
    if any(finding.damaged for finding in mendable):
        with _alone(folder, True):
            rebuild(folder, build_embedder(settings), done.append)
    elif mendable:
        memory = Memory(str(folder), build_embedder(settings))
        try:
            memory.mend()
        finally:
            memory.close()
        done.append("made the vectors that were missing, and took out what nothing referred to")
    if found.sessions:
        done.append(mend_sessions(sessions))
    return done
