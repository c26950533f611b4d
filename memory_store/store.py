"""Memory: recordings, their captions, and finding captions by meaning and words."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

import numpy as np

from memory_store import catalog, pictures
from memory_store.catalog import Entry, entry_of
from memory_store.embedders.base import Embedder
from memory_store.errors import StoreError
from memory_store.index import By, Hit, LineIndex, rank
from memory_store.pictures import Floats, Picture, Seen
from memory_store.places import Place, place
from memory_store.prune import Pruned, prune
from memory_store.records import Caption, Part, Recording, Scopes
from memory_store.reembed import lacks_lines, line_vectors, matches, reembed, settled, stored
from memory_store.rows import caption_of, line_id, records

__all__ = ["Hit", "Memory"]

_IDS = 500
"""Ids looked up in one call."""

_READ = 50
"""Captions whose vectors are read at once."""
_ADOPTED = 200
"""Captions taken over at once."""


@dataclass
class _Indexed:
    """A recording's lines in memory, and the state of the collection they were read from."""

    collection: Any
    count: int
    lines: LineIndex


class Memory:
    """What is remembered, in a folder or on a Chroma server. Safe to use from several threads.

    Nothing is opened or locked until the first operation. Every operation may raise `StoreError`;
    on a folder also `StoreBusy`, if another process does not give it up.

    Args:
        where: a folder, or `http://HOST:PORT` of a Chroma server.
        embedder: makes the vectors. Vectors of another embedder are replaced on the first `put` or `search`.
        on_wait: told in one line when something takes long: another process, vectors made anew.
        read_only: never locks and never writes; there is no `search`. Works beside a busy writer.
    """

    def __init__(
        self,
        where: str,
        embedder: Embedder,
        on_wait: Callable[[str], None] | None = None,
        read_only: bool = False,
    ) -> None:
        self._embedder = embedder
        self._on_wait = on_wait or (lambda text: None)
        self._read_only = read_only
        self._where = where
        self._placed: Place | None = None
        self._lock = threading.RLock()
        self._generation = -1
        self._recordings: dict[str, Recording] = {}
        self._settled: set[str] = set()
        self._indexes: dict[str, _Indexed] = {}
        self._galleries: dict[str, pictures.Gallery] = {}

    def register(self, name: str, parts: tuple[Part, ...], scopes: Callable[[float], Scopes]) -> Recording:
        """Return the recording these parts are, known or new; `scopes(seconds)` gives a new one its scopes.

        A recording that grew (its known parts are the first of these) keeps its id, scopes and
        captions. Name and paths are refreshed.
        """
        if not parts:
            raise ValueError("a recording has at least one part")
        with self._client(write=True) as client:
            known = {id: entry.recording for id, entry in catalog.entries(client).items()}
            recording = catalog.recognise(list(known.values()), name, parts, scopes)
            if recording.id not in known:
                catalog.create(client, Entry(recording))
            elif recording != known[recording.id]:
                collection = self._collection(client, recording.id)
                collection.modify(metadata=replace(entry_of(collection), recording=recording).metadata())
            self._recordings[recording.id] = recording
            return recording

    def recording(self, id: str) -> Recording:
        """Return a recording by its id, as this process saw it last."""
        if known := self._recordings.get(id):
            return known
        with self._client() as client:
            return self._recordings.setdefault(id, entry_of(self._collection(client, id)).recording)

    def recordings(self) -> list[Recording]:
        """Return every recording, by name."""
        with self._client() as client:
            self._recordings = {id: entry.recording for id, entry in catalog.entries(client).items()}
            return sorted(self._recordings.values(), key=lambda recording: (recording.name, recording.id))

    def get(self, recording: str, ids: Sequence[str]) -> dict[str, Caption]:
        """Return those of the captions that memory holds, by id, in the order asked for."""
        with self._client() as client:
            found = self._look_up(self._collection(client, recording), ids, include=["metadatas"])
        return {id: caption_of(id, found[id]) for id in dict.fromkeys(ids) if id in found}

    def known(self, recording: str, ids: Collection[str]) -> set[str]:
        """Return which of these captions memory holds."""
        with self._client() as client:
            return set(self._look_up(self._collection(client, recording), ids, include=[]))

    def captions(
        self, recording: str, *, level: str | None = None, start: float | None = None, end: float | None = None
    ) -> list[Caption]:
        """Return the captions that overlap `[start, end)` seconds, in order of time, the longer first."""
        wanted: list[dict[str, Any]] = [{"level": level}] if level is not None else []
        wanted += [{"end": {"$gt": float(start)}}] if start is not None else []
        wanted += [{"start": {"$lt": float(end)}}] if end is not None else []
        with self._client() as client:
            collection = self._collection(client, recording)
            everything = stored(collection, [] if self._read_only else wanted)
        chosen = [
            caption
            for caption in everything
            if (level is None or caption.level == level)
            and (start is None or caption.end > start)
            and (end is None or caption.start < end)
        ]
        return sorted(chosen, key=lambda caption: (caption.start, -caption.end, caption.made_at, caption.id))

    def put(self, captions: Sequence[Caption]) -> None:
        """Store captions with a vector for every line; the same caption again changes nothing."""
        newest = {caption.id: caption for caption in captions}
        by_recording = sorted(newest.values(), key=lambda caption: caption.recording)
        for recording, group in groupby(by_recording, key=lambda caption: caption.recording):
            own = list(group)
            # Vectors before the store: an endpoint may be slow, and others may want the lock.
            self._put(recording, own, line_vectors(self._embedder, own))

    def adopt(self, entry: Entry, captions: Sequence[Caption]) -> None:
        """Take over a recording from another store; vectors are made anew."""
        with self._client(write=True) as client:
            catalog.create(client, entry)
        for at in range(0, len(captions), _ADOPTED):
            self.put(captions[at : at + _ADOPTED])

    def search(
        self,
        recordings: Sequence[str],
        query: str,
        k: int = 10,
        ids: Collection[str] | None = None,
        by: By = "both",
    ) -> list[Hit]:
        """Return the `k` captions of these recordings that fit best, best first.

        Every line of every caption is ranked, by its vector and by its words (or `by` one of them); the
        best line counts for its caption. `ids` restricts the search to these captions.
        """
        if self._read_only:
            raise StoreError("a memory opened for reading only cannot be searched")
        with self._client() as client:
            indexes = [self._index(client, recording) for recording in dict.fromkeys(recordings)]
        filled = [index for index in indexes if index is not None and index.lines]
        if not filled or k < 1:
            return []
        vector = self._embedder.embed([query], query=True)[0]
        with self._lock:
            return rank(filled, query, vector, k, ids, by)

    def delete(self, recording: str) -> None:
        """Forget a recording and everything seen of it."""
        with self._client(write=True) as client:
            client.delete_collection(self._collection(client, recording).name)
            pictures.delete(client, recording)
            self._forget(recording)

    def mend(self) -> None:
        """Make the vectors of lines that have none, and take out what nothing refers to."""
        with self._client(write=True) as client:
            damaged = {
                id: [caption for caption in stored(collection) if lacks_lines(collection, caption)]
                for id in catalog.entries(client)
                if (collection := catalog.collection_of(client, id)) is not None
            }
        for captions in damaged.values():
            self.put(captions)
        self.prune()

    def prune(self, unwanted: Callable[[Caption], bool] | None = None, look_only: bool = False) -> Pruned:
        """Take out what nothing refers to, and captions of stretches that are `unwanted`; or only count them."""
        with self._client(write=True) as client:
            pruned = prune(client, unwanted, look_only)
            self._forget_all()
            return pruned

    def put_pictures(self, recording: str, encoder: str, seen: Sequence[Picture]) -> None:
        """Keep the vectors that `encoder` (its name) made of pictures of a recording."""
        with self._client(write=True) as client:
            pictures.add(pictures.collection(client, recording, encoder), seen)

    def known_pictures(self, recording: str, encoder: str, ids: Collection[str]) -> set[str]:
        """Return those of the ids under which `encoder` has kept a picture."""
        with self._client() as client:
            kept = pictures.find(client, recording, encoder)
            return set(self._look_up(kept, ids, include=[])) if kept is not None else set()

    def nearest_pictures(self, recordings: Sequence[str], encoder: str, vector: Floats, k: int = 10) -> list[Seen]:
        """Return the `k` pictures of these recordings that are nearest to `vector`, best first."""
        found: list[Seen] = []
        for recording in dict.fromkeys(recordings):
            with self._client() as client:
                kept = pictures.find(client, recording, encoder)
                if kept is None:
                    continue
                known = self._galleries.get(kept.name)
                if known is None or known.size != kept.count():
                    known = self._galleries[kept.name] = pictures.gallery(kept)
            found += known.nearest(recording, vector, k)
        return sorted(found, key=lambda seen: -seen.score)[:k]

    def note(self, recording: str, **flat: Any) -> None:
        """Keep flat JSON values with a recording; None removes one."""
        with self._client(write=True) as client:
            collection = self._collection(client, recording)
            entry = entry_of(collection)
            notes = {key: value for key, value in {**entry.notes, **flat}.items() if value is not None}
            if notes != entry.notes:
                collection.modify(metadata=replace(entry, notes=notes).metadata())

    def notes(self, recording: str) -> dict[str, Any]:
        """Return the values noted with a recording."""
        with self._client() as client:
            return entry_of(self._collection(client, recording)).notes

    def release(self) -> None:
        """Let other processes use the store at once; the next operation takes it again."""
        if self._placed is not None:
            self._placed.release()

    def close(self) -> None:
        """Give up the store and what is cached of it. Using the memory again opens it again."""
        with self._lock:
            self._generation = -1
            self._forget_all()
        self.release()

    @property
    def _place(self) -> Place:
        if self._placed is None:
            self._placed = place(self._where, self._read_only)
        return self._placed

    @contextmanager
    def _client(self, write: bool = False) -> Iterator[Any]:
        """Yield the client for one operation, alone among the threads; caches are dropped when outdated."""
        if write and self._read_only:
            raise StoreError("a memory opened for reading only cannot be changed")
        with self._place.use(self._on_wait) as (client, generation), self._place.mutex, self._lock:
            if generation != self._generation:
                self._forget_all()
                self._generation = generation
            yield client

    def _collection(self, client: Any, recording: str) -> Any:
        """Return a recording's collection. Raises `StoreError` if there is none."""
        if self._read_only:
            collection = catalog.collection_of(client, recording)
        elif recording in self._settled and not self._place.shared:
            collection = client.get_collection(catalog.collection_name(recording), embedding_function=None)
        else:
            collection = settled(client, catalog.collection_name(recording))
        if collection is None:
            raise StoreError(f"memory holds no recording {recording}")
        self._settled.add(recording)
        return collection

    def _with_vectors(self, client: Any, recording: str) -> Any:
        """Return a recording's collection with vectors of our embedder, made anew if they are another's."""
        collection = self._collection(client, recording)
        entry = entry_of(collection)
        if matches(entry, self._embedder):
            return collection
        self._indexes.pop(recording, None)
        if not entry.embedder:
            stamped = replace(entry, embedder=self._embedder.name, dimension=self._embedder.dimension)
            collection.modify(metadata=stamped.metadata())
            return collection
        return reembed(client, collection, self._embedder, self._on_wait)

    def _put(self, recording: str, captions: list[Caption], vectors: list[Any]) -> None:
        with self._client(write=True) as client:
            collection = self._with_vectors(client, recording)
            before = self._look_up(collection, [caption.id for caption in captions], include=["metadatas"])
            for piece in records(captions, vectors).pieces(client.get_max_batch_size()):
                collection.upsert(**piece)
            left = [
                line_id(caption.id, number)
                for caption in captions
                if caption.id in before
                for number in range(len(caption.lines), len(caption_of(caption.id, before[caption.id]).lines))
            ]
            if left:
                collection.delete(ids=left)
            self._keep_indexed(collection, recording, captions, vectors, before)

    def _keep_indexed(
        self, collection: Any, recording: str, captions: list[Caption], vectors: list[Any], before: dict[str, Any]
    ) -> None:
        """Bring the index up to date with what was just put, if it was up to date until then."""
        indexed = self._indexes.get(recording)
        if indexed is None:
            return
        for caption, own in zip(captions, vectors, strict=True):
            indexed.lines.add(caption.id, caption.lines, own)
        if before:
            indexed.count = collection.count()
        else:
            indexed.count += sum(1 + len(caption.lines) for caption in captions)

    def _index(self, client: Any, recording: str) -> LineIndex | None:
        """Return the lines of a recording, read again if others wrote; None if there are none."""
        if not entry_of(self._collection(client, recording)).embedder:
            return None
        collection = self._with_vectors(client, recording)
        indexed, count = self._indexes.get(recording), collection.count()
        if indexed is None or (indexed.collection, indexed.count) != (collection.id, count):
            indexed = _Indexed(collection.id, count, self._read(collection, recording))
            self._indexes[recording] = indexed
        return indexed.lines

    def _read(self, collection: Any, recording: str) -> LineIndex:
        index = LineIndex(recording, self._embedder.dimension)
        captions = stored(collection)
        for at in range(0, len(captions), _READ):
            some = captions[at : at + _READ]
            # The store hands vectors out as lists of numbers, each many times its size: a page of them at a time.
            wanted = [line_id(caption.id, number) for caption in some for number in range(len(caption.lines))]
            vectors = self._stored_vectors(collection, wanted)
            for caption in some:
                ids = [line_id(caption.id, number) for number in range(len(caption.lines))]
                # Where a write was cut short, the caption's own text is the truth.
                whole = all(id in vectors for id in ids)
                own = [vectors[id] for id in ids] if whole else line_vectors(self._embedder, [caption])[0]
                index.add(
                    caption.id,
                    caption.lines,
                    np.asarray(own, dtype=np.float32).reshape(len(ids), self._embedder.dimension),
                )
        return index

    def _stored_vectors(self, collection: Any, ids: list[str]) -> dict[str, Floats]:
        if not ids:
            return {}
        found = collection.get(ids=ids, include=["embeddings"])
        vectors = np.asarray(found["embeddings"], dtype=np.float32).reshape(-1, self._embedder.dimension)
        return dict(zip(found["ids"], vectors, strict=True))

    def _look_up(self, collection: Any, ids: Collection[str], include: list[str]) -> dict[str, Any]:
        """Return the metadata of the records that exist, by id (None where it is not included)."""
        unique = list(dict.fromkeys(ids))
        found: dict[str, Any] = {}
        for at in range(0, len(unique), _IDS):
            page = collection.get(ids=unique[at : at + _IDS], include=include)
            found |= dict(zip(page["ids"], page["metadatas"] or [None] * len(page["ids"]), strict=True))
        return found

    def _forget(self, recording: str) -> None:
        self._indexes.pop(recording, None)
        self._recordings.pop(recording, None)
        self._settled.discard(recording)

    def _forget_all(self) -> None:
        self._indexes.clear()
        self._galleries.clear()
        self._recordings.clear()
        self._settled.clear()
