"""What a store holds that nothing refers to: left by writes that were cut short, or by models no longer in force."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from memory_store import catalog, pictures
from memory_store.catalog import UNFINISHED
from memory_store.records import LEVELS, Caption
from memory_store.rows import line_id

_PAGE = 1000


@dataclass(frozen=True)
class Pruned:
    """What was found, and taken out unless only looked for."""

    records: int = 0
    """Lines whose caption is not there."""
    captions: int = 0
    """Captions that were not wanted any more."""
    collections: int = 0
    """Collections of pictures whose recording is gone, and copies that were never finished."""

    def __add__(self, other: Pruned) -> Pruned:
        return Pruned(
            self.records + other.records, self.captions + other.captions, self.collections + other.collections
        )


def prune(client: Any, unwanted: Callable[[Caption], bool] | None, look_only: bool) -> Pruned:
    """Take out what nothing refers to, and the `unwanted` captions of stretches; only count with `look_only`."""
    names = stray_collections(client)
    for name in () if look_only else names:
        client.delete_collection(name)
    found = Pruned(collections=len(names))
    for id in catalog.entries(client):
        collection = catalog.collection_of(client, id)
        if collection is not None:
            found += _sweep(collection, unwanted, look_only)
    return found


def stray_collections(client: Any) -> list[str]:
    """Return the names of the collections that belong to no recording."""
    known = catalog.entries(client)
    names = {collection.name for collection in client.list_collections()}
    return [
        name
        for name in sorted(names)
        if (name.endswith(UNFINISHED) and name.removesuffix(UNFINISHED) in names) or pictures.is_orphan(name, known)
    ]


def _sweep(collection: Any, unwanted: Callable[[Caption], bool] | None, look_only: bool) -> Pruned:
    from memory_store.reembed import stored

    captions = stored(collection)
    out = [c for c in captions if c.level in LEVELS and unwanted is not None and unwanted(c)]
    gone = {caption.id for caption in out}
    lines = {line_id(c.id, number) for c in captions if c.id not in gone for number in range(len(c.lines))}
    records = set(collection.get(where={"kind": "line"}, include=[])["ids"])
    left = sorted((records - lines) | gone)
    if not look_only:
        for at in range(0, len(left), _PAGE):
            collection.delete(ids=left[at : at + _PAGE])
    orphans = len(records - lines) - sum(len(caption.lines) for caption in out)
    return Pruned(records=orphans, captions=len(out))
