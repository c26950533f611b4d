"""The saver of checkpoints: what it reads, and what it says when a checkpoint cannot be read."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer
from langgraph.checkpoint.sqlite import SqliteSaver

from memory_store.errors import MEND, StoreError

if TYPE_CHECKING:
    from langchain_core.runnables import RunnableConfig
    from langgraph.checkpoint.base import CheckpointTuple

LAYOUT = {
    "checkpoints": "thread_id, checkpoint_ns, checkpoint_id, parent_checkpoint_id, type, checkpoint, metadata",
    "writes": "thread_id, checkpoint_ns, checkpoint_id, task_id, idx, channel, type, value",
}
"""What is read of a checkpoint file's tables."""
_UNREADABLE = (ValueError, TypeError, KeyError, NotImplementedError, sqlite3.DatabaseError)
"""What a damaged session raises: bytes that are no UTF-8, JSON or msgpack are a `ValueError`, a row without content
a `TypeError`, a constructor whose name is no list one, too (a `KeyError` from Python 3.12 on), a kind of record that
the serializer does not read (a pickle) a `NotImplementedError`, a torn page of the file a `DatabaseError`."""


class Saver(SqliteSaver):
    """LangGraph's own, but a checkpoint that cannot be read is a `StoreError` that names its thread."""

    def get_tuple(self, config: RunnableConfig) -> CheckpointTuple | None:
        with _told(config):
            found = super().get_tuple(config)
            return found and _checked(found)

    def list(self, config: RunnableConfig | None, **narrowed: Any) -> Iterator[CheckpointTuple]:
        with _told(config):
            yield from map(_checked, super().list(config, **narrowed))


def serializer() -> JsonPlusSerializer:
    """Return a serializer that reads no pickles and revives no classes but the safe built-in ones."""
    return JsonPlusSerializer(pickle_fallback=False, allowed_msgpack_modules=None)


def _checked(found: CheckpointTuple) -> CheckpointTuple:
    held: Any = found.checkpoint
    if not isinstance(held, dict) or not {"id", "channel_values", "channel_versions"} <= set(held):
        raise ValueError("it is no checkpoint")
    return found


@contextmanager
def _told(config: RunnableConfig | None) -> Iterator[None]:
    try:
        yield
    except _UNREADABLE as problem:
        said = " ".join(str(problem).split())
        if isinstance(problem, sqlite3.Error) and not any(word in said for word in ("decode", "malformed")):
            raise  # it could not be got at; what it holds may be whole
        thread = config["configurable"]["thread_id"] if config else "of some question"
        raise StoreError(f"session {thread} cannot be read ({said}); {MEND}") from None
