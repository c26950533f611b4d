"""The swap to another embedder: every caption kept, every vector made anew, safe to be killed at any point.

A fresh collection is filled beside the old one and marked complete; then the old one is dropped and
the fresh one takes its name. Whatever a kill leaves behind, either the old or the new one is whole.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from memory_store.catalog import UNFINISHED, Entry, create, entry_of
from memory_store.embedders.base import Embedder
from memory_store.records import Caption
from memory_store.rows import caption_of, line_id, records

_PAGE = 200


def settled(client: Any, name: str) -> Any | None:
    """Return the collection `name`, finishing or undoing a swap that was cut short; None if there is none."""
    old, new = _find(client, name), _find(client, name + UNFINISHED)
    if new is None:
        return old
    if not entry_of(new).complete:
        client.delete_collection(new.name)
        return old
    if old is not None:
        client.delete_collection(name)
    new.modify(name=name)
    return new


def reembed(client: Any, old: Any, embedder: Embedder, say: Callable[[str], None]) -> Any:
    """Return the collection that replaces `old`, with vectors of `embedder`. Raises `EmbedderError`."""
    before = entry_of(old)
    captions = stored(old)
    if captions:
        say(
            f"the memory of {before.recording.name} was made with the embedder {before.embedder}: "
            f"embedding its {len(captions)} captions anew with {embedder.name}"
        )
    entry = replace(before, embedder=embedder.name, dimension=embedder.dimension, complete=False)
    new = create(client, entry, UNFINISHED)
    limit = client.get_max_batch_size()
    for at in range(0, len(captions), _PAGE):
        page = captions[at : at + _PAGE]
        for piece in records(page, line_vectors(embedder, page)).pieces(limit):
            new.upsert(**piece)
    new.modify(metadata=replace(entry, complete=True).metadata())
    return settled(client, entry.name)


def stored(collection: Any, wanted: Sequence[dict[str, Any]] = ()) -> list[Caption]:
    """Return the captions of a collection whose metadata is as `wanted` (Chroma's conditions), in no order."""
    where: dict[str, Any] = {"$and": [{"kind": "caption"}, *wanted]} if wanted else {"kind": "caption"}
    found = collection.get(where=where, include=["metadatas"])
    return [caption_of(id, metadata) for id, metadata in zip(found["ids"], found["metadatas"], strict=True)]


def lacks_lines(collection: Any, caption: Caption) -> bool:
    """Tell whether lines of a stored caption have no record of their own."""
    ids = [line_id(caption.id, number) for number in range(len(caption.lines))]
    return bool(ids) and len(collection.get(ids=ids, include=[])["ids"]) < len(ids)


def line_vectors(embedder: Embedder, captions: list[Caption]) -> list[Any]:
    """Return for each caption the vectors of its lines, from one call of the embedder."""
    vectors = embedder.embed([line.text for caption in captions for line in caption.lines])
    split: list[Any] = []
    at = 0
    for caption in captions:
        split.append(vectors[at : at + len(caption.lines)])
        at += len(caption.lines)
    return split


def _find(client: Any, name: str) -> Any | None:
    from chromadb.errors import NotFoundError

    try:
        return client.get_collection(name, embedding_function=None)
    except NotFoundError:
        return None


def matches(entry: Entry, embedder: Embedder) -> bool:
    """Tell whether a collection's vectors are of this embedder."""
    return (entry.embedder, entry.dimension) == (embedder.name, embedder.dimension)
