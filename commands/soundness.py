"""`videolucy doctor --store`: whether memory and sessions are whole on disk, and mending what is not."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from tools.errors import BadInput
from tools.settings import Settings

if TYPE_CHECKING:
    from memory_store.soundness import Finding

_LITTLE = 500 * 2**20
"""Bytes of free space below which somebody should know."""


def check_and_mend(settings: Settings, repair: bool, as_json: bool) -> None:
    """Check the store and the checkpoint file, repair them if asked to, and say what was found.

    Exit code 1 where something is wrong and was not repaired. Raises `BadInput` for a store on a server.
    """
    from commands.terminal import results, show_json

    if settings.store_path.startswith(("http://", "https://")):
        raise BadInput("the memory is on a Chroma server, which checks its own disk; --store is for a folder")
    folder, sessions = Path(settings.store_path).expanduser(), settings.home_path / "checkpoints.sqlite"
    with _alone(folder):
        memory, checkpoints = _check(folder, sessions)
    done: list[str] = []
    if repair and any(finding.mendable for finding in memory):
        done += _mend_memory(settings, folder, memory)
    if repair and checkpoints:
        from memory_store.salvage import set_aside

        done.append(f"moved the sessions that cannot be read to {set_aside(sessions)}")
    with _alone(folder):
        left = sum(_check(folder, sessions), []) if repair else [*memory, *checkpoints]
    free = shutil.disk_usage(settings.home_path if settings.home_path.exists() else Path.cwd()).free
    if as_json:
        found = [asdict(finding) for finding in [*memory, *checkpoints]]
        what = {"store": str(folder), "sessions": str(sessions), "found": found, "repaired": done}
        show_json(what | {"sound": not left, "free_bytes": free})
    else:
        for finding in [*memory, *checkpoints]:
            results.print(f"wrong: {finding.what}; --repair would: {finding.repair}", markup=False, soft_wrap=True)
        for line in done:
            results.print(line, markup=False, soft_wrap=True)
        if free < _LITTLE:
            results.print(f"little space is left: {free / 2**20:.0f} MB")
        results.print("all is well" if not left else "not all is well", markup=False)
    if left:
        raise typer.Exit(1)


def _check(folder: Path, sessions: Path) -> tuple[list[Finding], list[Finding]]:
    from memory_store.soundness import Finding, check, database_problem

    said = database_problem(sessions)
    lost = Finding(
        f"the sessions in {sessions} cannot be read ({said})", "move the file aside; memory keeps what was seen"
    )
    return check(folder), [lost] if said else []


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Keep other processes away from a store while it is looked at. Raises `StoreBusy`."""
    from memory_store.lock import StoreLock

    if not folder.is_dir():
        yield
        return
    lock = StoreLock(folder, lambda: None, lambda: None)
    try:
        with lock.hold(lambda text: typer.echo(text, err=True)):
            yield
    finally:
        lock.release()


def _mend_memory(settings: Settings, folder: Path, found: list[Finding]) -> list[str]:
    from memory_store.salvage import rebuild, set_aside
    from memory_store.store import Memory
    from tools.models import build_embedder

    said: list[str] = []
    embedder = build_embedder(settings)
    if any("schema.json" in finding.what for finding in found):
        said.append(f"moved what cannot be read to {set_aside(folder / 'schema.json')}")
    if any(finding.damaged for finding in found):
        with _alone(folder):
            rebuild(folder, embedder, said.append)
        return said
    memory = Memory(str(folder), embedder)
    try:
        memory.mend()
    finally:
        memory.close()
    return [*said, "made the vectors that were missing, and took out what nothing referred to"]
