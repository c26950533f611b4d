"""Sessions that cannot be read any more: which they are, and taking them out of the way."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from graph.saver import LAYOUT, Saver, serializer
from memory_store.errors import MEND, StoreError, remedy
from memory_store.salvage import open_database, set_aside
from memory_store.soundness import Finding, database_problem


def file_problem(file: Path) -> str:
    """Return what is wrong with a checkpoint file as a whole, or an empty string. A missing file is sound."""
    if not file.exists():
        return ""
    if said := database_problem(file):
        return said
    try:
        with closing(open_database(file)) as connection:
            known = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            for table in known & set(LAYOUT):
                connection.execute(f"SELECT {LAYOUT[table]} FROM {table} LIMIT 0")
    except sqlite3.Error as problem:
        return str(problem)
    return ""


def lost_threads(file: Path) -> dict[str, str]:
    """Return the threads of a sound checkpoint file with steps that cannot be read, and a line on each. Reads only."""
    lost: dict[str, str] = {}
    for thread, saver in _threads(file):
        try:
            for _ in saver.list({"configurable": {"thread_id": thread}}):
                pass
        except StoreError as problem:
            lost[thread] = str(problem).removesuffix(f"; {MEND}")
    return lost


def check_sessions(file: Path) -> list[Finding]:
    """Return what is wrong with the sessions in a checkpoint file, reading only."""
    if said := file_problem(file):
        what = f"the sessions in {file} cannot be read ({said})"
        return [Finding(what, "move the file aside; memory keeps what was seen", damaged=True)]
    return [Finding(said, "take it out, and keep a copy of the file as it is") for said in lost_threads(file).values()]


def mend_sessions(file: Path) -> str:
    """Move a damaged checkpoint file aside, or take out what cannot be read of a sound one. Returns what was done.

    Raises `StoreError` where nothing can be written.
    """
    if file_problem(file):
        return f"moved the sessions that cannot be read to {set_aside(file)}"
    lost = lost_threads(file)
    whole = file.with_name(f"{file.name}.copy")
    try:
        with closing(sqlite3.connect(file)) as connection, closing(sqlite3.connect(whole)) as copy:
            connection.backup(copy)
            saver = Saver(connection)
            for thread in lost:
                saver.delete_thread(thread)
    except sqlite3.Error as problem:
        raise StoreError(f"{file} cannot be repaired: {problem}; {remedy(str(problem), str(file))}") from None
    aside = set_aside(whole, file.name)
    return f"took out {len(lost)} sessions that cannot be read; all sessions as they were lie in {aside}"


def recordings_of(file: Path) -> dict[str, set[str]]:
    """Return for each readable thread of a sound checkpoint file the recordings its newest question is about."""
    found: dict[str, set[str]] = {}
    for thread, saver in _threads(file):
        try:
            newest = saver.get_tuple({"configurable": {"thread_id": thread, "checkpoint_ns": ""}})
        except StoreError:
            continue
        if newest is not None:
            refs = newest.checkpoint["channel_values"].get("recordings") or ()
            found[thread] = {ref["id"] for ref in refs}
    return found


def _threads(file: Path) -> Iterator[tuple[str, Saver]]:
    """Yield each thread of a file with a saver that reads it, and writes nothing."""
    if not file.exists():
        return
    with closing(
        sqlite3.connect(f"{file.absolute().as_uri()}?mode=rw", uri=True, check_same_thread=False)
    ) as connection:
        connection.execute("PRAGMA query_only = ON")
        tables = connection.execute("SELECT count(*) FROM sqlite_master WHERE name IN ('checkpoints', 'writes')")
        if tables.fetchone()[0] < 2:
            return
        saver = Saver(connection, serde=serializer())
        for (thread,) in connection.execute("SELECT DISTINCT thread_id FROM checkpoints").fetchall():
            yield thread, saver
