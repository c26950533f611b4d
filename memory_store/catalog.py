"""Which recordings a store holds: one Chroma collection each, described in the collection's metadata."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from memory_store.errors import MEND, StoreError
from memory_store.records import Part, Recording, Scopes, digest
from memory_store.schema import SCHEMA, check_collection

_PREFIX = "rec-"
UNFINISHED = "-new"
"""Ends the name of a collection that is being filled to take another's place."""


@dataclass(frozen=True)
class Entry:
    """A recording as its collection describes it."""

    recording: Recording
    embedder: str = ""
    """Empty until the first caption is put."""
    dimension: int = 0
    complete: bool = True
    """False while a collection is being filled to take another's place."""
    notes: dict[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Name of the collection."""
        return _PREFIX + self.recording.id

    def metadata(self) -> dict[str, Any]:
        """Return the metadata of the collection."""
        return {
            "schema": SCHEMA,
            "recording": json.dumps(self.recording.to_dict()),
            "embedder": self.embedder,
            "dimension": self.dimension,
            "complete": self.complete,
            "notes": json.dumps(self.notes),
        }


def entry_of(collection: Any) -> Entry:
    """Return what a collection says of itself. Raises `StoreError` if it cannot be understood."""
    metadata = collection.metadata or {}
    check_collection(collection.name, metadata)
    try:
        return Entry(
            Recording.from_dict(json.loads(metadata["recording"])),
            metadata["embedder"],
            metadata["dimension"],
            bool(metadata["complete"]),
            json.loads(metadata["notes"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise StoreError(f"collection {collection.name} of the memory is damaged: {error!r}; {MEND}") from error


def entries(client: Any) -> dict[str, Entry]:
    """Return every recording of the store by its id; collections of others are none of our business."""
    found: dict[str, Entry] = {}
    for collection in client.list_collections():
        if collection.name.startswith(_PREFIX):
            entry = entry_of(collection)
            # Of a swap that was cut short, a complete newcomer stands in for the collection it replaces.
            if entry.complete and (entry.recording.id not in found or not collection.name.endswith(UNFINISHED)):
                found[entry.recording.id] = entry
    return found


def collection_of(client: Any, recording: str) -> Any | None:
    """Return the collection of a recording as it stands, changing nothing; None if there is none."""
    standing = {collection.name: collection for collection in client.list_collections()}
    name = _PREFIX + recording
    newcomer = standing.get(name + UNFINISHED)
    return standing.get(name) or (newcomer if newcomer is not None and entry_of(newcomer).complete else None)


def collection_name(recording: str) -> str:
    """Return the name of a recording's collection."""
    return _PREFIX + recording


def create(client: Any, entry: Entry, suffix: str = "") -> Any:
    """Return the collection of `entry`, made if it does not exist; vectors are always our own."""
    return client.get_or_create_collection(
        entry.name + suffix,
        embedding_function=None,
        configuration={"hnsw": {"space": "cosine"}},
        metadata=entry.metadata(),
    )


def recognise(
    known: Sequence[Recording], name: str, parts: tuple[Part, ...], scopes: Callable[[float], Scopes]
) -> Recording:
    """Return the recording that these parts are: a known one, one that grew, or a new one.

    A recording that grew keeps its id and its scopes; name, paths and probe results are the newest.
    A list that is only the beginning of a known recording is a recording of its own. One without parts lost its
    row in the catalogue: it is recognised by its id, which is made of the parts that it began with.
    """
    content = [part.id for part in parts]
    began = {_id(content[:count]): parts[count - 1].end for count in range(1, len(parts) + 1)}
    for recording in known:
        if not recording.parts and recording.id in began:
            return Recording(recording.id, name, parts, scopes(began[recording.id]))
    grown = [
        recording
        for recording in known
        if recording.parts and [part.id for part in recording.parts] == content[: len(recording.parts)]
    ]
    if grown:
        return replace(max(grown, key=lambda recording: len(recording.parts)), name=name, parts=parts)
    id, taken = _id(content), {recording.id for recording in known}
    while id in taken:  # by a recording that began as these parts and grew since
        id = digest(id)
    return Recording(id, name, parts, scopes(parts[-1].end))


def _id(content: Sequence[str]) -> str:
    """Return the id of a recording that begins as parts of this content."""
    return digest("\n".join(content))


def without_row(name: str) -> Entry:
    """Return what can be said of a recording by the name of its collection alone, where its own row is lost.

    Its parts and scopes are filled in when the video is opened the next time.
    """
    id = name.removeprefix(_PREFIX).removesuffix(UNFINISHED)
    return Entry(Recording(id, f"recovered-{id[:8]}", (), Scopes((0.0, 0.0, 0.0), (0.0, 0.0, 0.0))))
