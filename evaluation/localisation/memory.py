"""A memory in RAM: the store's own ranking, and nothing written.

A simulation makes tens of thousands of captions that nobody reads later; Chroma takes 15 to 40 ms to keep one safely,
which would be nine tenths of its time.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Sequence
from typing import Any

from memory_store import catalog
from memory_store.embedders.base import Embedder
from memory_store.index import By, Hit, LineIndex, rank
from memory_store.records import Caption, Part, Recording, Scopes
from memory_store.store import Memory


class Passing(Memory):
    """What the graph asks of a memory, answered from dictionaries. Pictures are not kept."""

    def __init__(self, embedder: Embedder) -> None:
        super().__init__("", embedder)
        self._embedded = embedder
        self._guard = threading.RLock()
        self._held: dict[str, dict[str, Caption]] = {}
        self._lines: dict[str, LineIndex] = {}
        self._noted: dict[str, dict[str, Any]] = {}

    def register(self, name: str, parts: tuple[Part, ...], scopes: Callable[[float], Scopes]) -> Recording:
        with self._guard:
            recording = catalog.recognise(list(self._recordings.values()), name, parts, scopes)
            self._recordings[recording.id] = recording
            self._held.setdefault(recording.id, {})
            self._lines.setdefault(recording.id, LineIndex(recording.id, self._embedded.dimension))
            return recording

    def recording(self, id: str) -> Recording:
        return self._recordings[id]

    def get(self, recording: str, ids: Sequence[str]) -> dict[str, Caption]:
        held = self._held[recording]
        return {id: held[id] for id in ids if id in held}

    def known(self, recording: str, ids: Collection[str]) -> set[str]:
        return {id for id in ids if id in self._held[recording]}

    def captions(
        self, recording: str, *, level: str | None = None, start: float | None = None, end: float | None = None
    ) -> list[Caption]:
        with self._guard:
            chosen = [
                caption
                for caption in self._held[recording].values()
                if (level is None or caption.level == level)
                and (start is None or caption.end > start)
                and (end is None or caption.start < end)
            ]
        return sorted(chosen, key=lambda caption: (caption.start, -caption.end, caption.made_at, caption.id))

    def put(self, captions: Sequence[Caption]) -> None:
        for caption in captions:
            vectors = self._embedded.embed([line.text for line in caption.lines])
            with self._guard:
                self._lines[caption.recording].add(caption.id, caption.lines, vectors)
                self._held[caption.recording][caption.id] = caption

    def search(
        self,
        recordings: Sequence[str],
        query: str,
        k: int = 10,
        ids: Collection[str] | None = None,
        by: By = "both",
    ) -> list[Hit]:
        filled = [index for one in dict.fromkeys(recordings) if (index := self._lines[one]).lines]
        if not filled or k < 1:
            return []
        vector = self._embedded.embed([query], query=True)[0]
        with self._guard:
            return rank(filled, query, vector, k, ids, by)

    def notes(self, recording: str) -> dict[str, Any]:
        return dict(self._noted.get(recording, {}))

    def note(self, recording: str, **flat: Any) -> None:
        with self._guard:
            self._noted.setdefault(recording, {}).update(flat)
