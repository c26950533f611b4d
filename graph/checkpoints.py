"""Checkpoints: what makes a question resumable, in one SQLite file for command line and Studio."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from langgraph.checkpoint.sqlite import SqliteSaver

from graph.build import LIMITS, Checkpointed, builder
from graph.saver import LAYOUT, Saver, serializer
from memory_store.errors import MEND, StoreError, remedy
from tools.errors import BadInput
from tools.live import release_all
from tools.settings import Settings

if TYPE_CHECKING:
    from langgraph.checkpoint.base import BaseCheckpointSaver


def checkpoint_file(settings: Settings | None = None) -> Path:
    """Return the checkpoint file of these settings, its folder made. Raises `BadInput` if it cannot be."""
    home = (settings or Settings.load()).home_path
    try:
        home.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise BadInput(
            f"the home folder {str(home)!r} cannot be made: {(problem.strerror or 'error').lower()}"
        ) from None
    return home / "checkpoints.sqlite"


def _why(file: str, problem: sqlite3.Error) -> str:
    """Return what is wrong, and what to do about it."""
    if isinstance(problem, sqlite3.OperationalError) and not os.access(os.path.dirname(file) or ".", os.W_OK):
        return "its folder can only be read; --home or VIDEOLUCY_HOME names another"
    return f"{problem}; {remedy(str(problem), os.path.dirname(file) or '.') or MEND}"


def _connect(file: str) -> sqlite3.Connection:
    try:
        connection = sqlite3.connect(file, check_same_thread=False, timeout=30)
        SqliteSaver(connection).setup()
        for table, columns in LAYOUT.items():
            connection.execute(f"SELECT {columns} FROM {table} LIMIT 0")
    except sqlite3.Error as problem:
        raise BadInput(f"the checkpoint file {file!r} cannot be used: {_why(file, problem)}") from None
    return connection


@contextmanager
def open_graph(path: str | Path | None = None) -> Iterator[Checkpointed]:
    """Open the graph with its checkpoints, for resumable sessions.

    Every run needs a `thread_id`. A run that was cut short goes on with
    `graph.invoke(None, {"configurable": {"thread_id": ...}})`. On leaving, the memory's lock is
    given up. Raises `BadInput` for a file that cannot be opened, `StoreError` for one that fails later, or holds a
    checkpoint that cannot be read.

    Args:
        path: the SQLite file; `checkpoints.sqlite` under `VIDEOLUCY_HOME` when None.
    """
    # Nodes run on worker threads and share this one connection; the saver has a lock of its own.
    file = str(path or checkpoint_file())
    connection = _connect(file)
    try:
        saver = Saver(connection, serde=serializer())
        yield builder.compile(checkpointer=saver, name="VideoLucy").with_config(LIMITS)
    except sqlite3.Error as problem:
        raise StoreError(f"the checkpoint file {file!r} cannot be used: {_why(file, problem)}") from None
    finally:
        release_all()
        connection.close()


@asynccontextmanager
async def create_checkpointer() -> AsyncIterator[BaseCheckpointSaver]:
    """Give the LangGraph server the same checkpoint file as the command line (see langgraph.json)."""
    import aiosqlite
    from langgraph.checkpoint.sqlite.aio import AsyncSqliteSaver

    async with aiosqlite.connect(os.fspath(checkpoint_file())) as connection:
        saver = AsyncSqliteSaver(connection, serde=serializer())
        await saver.setup()
        yield saver
