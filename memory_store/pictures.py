"""Vectors of sampled pictures, beside the captions: one Chroma collection for each recording and encoder."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from memory_store.records import digest
from memory_store.schema import SCHEMA

Floats = NDArray[np.float32]
_PREFIX = "pic-"
_PAGE = 500


class Picture(NamedTuple):
    """A picture that was looked at: seconds of the recording for which it stands, and its vector of unit length."""

    id: str
    start: float
    end: float
    vector: Floats


class Seen(NamedTuple):
    """A picture that fits a query. Scores (cosine) compare within one encoder."""

    recording: str
    start: float
    end: float
    score: float


class Gallery(NamedTuple):
    """The pictures of one collection in memory: vectors (n, dimension) and stretches (n, 2)."""

    size: int
    vectors: Floats
    stretches: Floats

    def nearest(self, recording: str, vector: Floats, k: int) -> list[Seen]:
        """Return the `k` pictures nearest to `vector`, best first. Exact."""
        scores = self.vectors @ vector
        best = np.argsort(-scores, kind="stable")[:k]
        times = ((row, *self.stretches[row].tolist()) for row in best)
        return [Seen(recording, start, end, float(scores[row])) for row, start, end in times]


def name_of(recording: str, encoder: str) -> str:
    """Return the name of the collection of a recording's pictures under an encoder."""
    return f"{_PREFIX}{recording}-{digest(encoder)[:8]}"


def collection(client: Any, recording: str, encoder: str) -> Any:
    """Return the collection, made if it does not exist."""
    return client.get_or_create_collection(
        name_of(recording, encoder),
        embedding_function=None,
        configuration={"hnsw": {"space": "cosine"}},
        metadata={"schema": SCHEMA, "encoder": encoder, "recording": recording},
    )


def find(client: Any, recording: str, encoder: str) -> Any | None:
    """Return the collection, or None if no picture was kept."""
    from chromadb.errors import NotFoundError

    try:
        return client.get_collection(name_of(recording, encoder), embedding_function=None)
    except NotFoundError:
        return None


def add(kept: Any, pictures: Sequence[Picture]) -> None:
    """Keep pictures; the same again changes nothing."""
    for at in range(0, len(pictures), _PAGE):
        page = pictures[at : at + _PAGE]
        kept.upsert(
            ids=[picture.id for picture in page],
            embeddings=[picture.vector for picture in page],
            metadatas=[{"start": float(picture.start), "end": float(picture.end)} for picture in page],
        )


def gallery(kept: Any) -> Gallery:
    """Return all pictures of a collection."""
    found = kept.get(include=["embeddings", "metadatas"])
    vectors = np.asarray(found["embeddings"], dtype=np.float32).reshape(len(found["ids"]), -1)
    times = [(metadata["start"], metadata["end"]) for metadata in found["metadatas"]]
    return Gallery(len(found["ids"]), vectors, np.asarray(times, dtype=np.float32).reshape(-1, 2))


def delete(client: Any, recording: str) -> None:
    """Forget the pictures of a recording, of every encoder."""
    for standing in client.list_collections():
        if standing.name.startswith(f"{_PREFIX}{recording}-"):
            client.delete_collection(standing.name)


def is_orphan(name: str, known: Collection[str]) -> bool:
    """Tell whether a collection is of pictures of none of the recordings `known` (their ids)."""
    return name.startswith(_PREFIX) and name.removeprefix(_PREFIX).rpartition("-")[0] not in known
