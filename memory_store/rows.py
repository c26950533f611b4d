"""Captions as Chroma records and back: one record of kind `caption`, one of kind `line` for each line."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from memory_store.errors import MEND, StoreError
from memory_store.records import Caption, Line

Floats = NDArray[np.float32]


@dataclass
class Batch:
    """Records on their way into a collection."""

    ids: list[str] = field(default_factory=list)
    embeddings: list[Floats] = field(default_factory=list)
    documents: list[str] = field(default_factory=list)
    metadatas: list[dict[str, Any]] = field(default_factory=list)

    def add(self, id: str, embedding: Floats, document: str, metadata: dict[str, Any]) -> None:
        self.ids.append(id)
        self.embeddings.append(embedding)
        self.documents.append(document)
        self.metadatas.append(metadata)

    def pieces(self, size: int) -> Iterator[dict[str, Any]]:
        """Yield arguments of `upsert`, at most `size` records each."""
        for at in range(0, len(self.ids), size):
            yield {
                "ids": self.ids[at : at + size],
                "embeddings": self.embeddings[at : at + size],
                "documents": self.documents[at : at + size],
                "metadatas": self.metadatas[at : at + size],
            }


def records(captions: Sequence[Caption], vectors: Sequence[Floats]) -> Batch:
    """Return the records of `captions`; `vectors` holds each one's lines: (lines, dimension).

    Lines come before captions: were a batch cut in two, no caption would stand there without its lines.
    """
    batch = Batch()
    for caption, own in zip(captions, vectors, strict=True):
        for number, (line, vector) in enumerate(zip(caption.lines, own, strict=True)):
            place = {"kind": "line", "caption": caption.id, "start": float(line.start), "end": float(line.end)}
            batch.add(line_id(caption.id, number), vector, line.text, place)
    for caption, own in zip(captions, vectors, strict=True):
        batch.add(caption.id, _middle(own), caption.text, _metadata(caption))
    return batch


def line_id(caption: str, number: int) -> str:
    """Return the record id of a caption's line, counted from 0."""
    return f"{caption}-{number:04}"


def caption_of(id: str, metadata: Mapping[str, Any]) -> Caption:
    """Return the caption that a record of kind `caption` holds. Raises `StoreError` if it cannot be understood."""
    try:
        return Caption(
            id=id,
            lines=tuple(Line(*line) for line in json.loads(metadata["lines"])),
            extra=json.loads(metadata["extra"]),
            **{key: metadata[key] for key in _PLAIN},
        )
    except (KeyError, TypeError, ValueError) as error:
        raise StoreError(f"caption {id} of the memory is damaged: {error!r}; {MEND}") from error


_PLAIN = (
    "recording",
    "segment",
    "level",
    "start",
    "end",
    "instruction",
    "question",
    "captioner",
    "prompt_version",
    "frames",
    "made_at",
)


def _metadata(caption: Caption) -> dict[str, Any]:
    """Every key, every time: an upsert merges metadata, and a key left out would keep its old value."""
    plain = {key: getattr(caption, key) for key in _PLAIN}
    plain |= {key: float(plain[key]) for key in ("start", "end", "made_at")}
    lines = json.dumps([[float(line.start), float(line.end), line.text] for line in caption.lines])
    return {"kind": "caption", **plain, "lines": lines, "extra": json.dumps(caption.extra)}


def _middle(vectors: Floats) -> Floats:
    """Return the direction of all lines together; a caption without lines still needs some vector."""
    total = vectors.sum(axis=0)
    length = float(np.linalg.norm(total))
    if length < 1e-6:
        total = np.zeros(vectors.shape[1], dtype=np.float32)
        total[0] = length = 1.0
    return np.asarray(total / length, dtype=np.float32)
