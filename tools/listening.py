"""Listening: from a recording's sound or subtitles to stored words. Each piece is kept as soon as it is heard."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from memory_store.errors import EmbedderError
from memory_store.records import Part, Recording
from tools.speech.base import Source, SpeechError
from tools.speech.heard import captions

if TYPE_CHECKING:
    from tools.live import Live

_WHOLE = "whole"


def unheard(live: Live, recording: Recording) -> list[tuple[Part, Source]]:
    """Return the parts that were not heard to their end, and where their words come from."""
    notes = live.memory.notes(recording.id)
    sources = live.sources(recording, fresh=True)
    return [
        (part, sources[part.id])
        for part in recording.parts
        if part.id in sources and notes.get(_note(part, sources[part.id])) != _WHOLE
    ]


def listen(live: Live, recording: Recording, part: Part, source: Source) -> Iterator[float | None]:
    """Hear a part from where it was left, and yield how far it was heard (seconds; None: to its end).

    The words of a piece are in memory before it is yielded. Raises `SpeechError`.
    """
    note = _note(part, source)
    start = live.memory.notes(recording.id).get(note) or 0.0
    for piece in source.pieces(start):
        try:
            live.memory.put(captions(recording, part.start, source, piece, time.time()))
        except EmbedderError as problem:
            raise SpeechError(f"the words could not be stored: {problem}") from None
        noted: dict[str, Any] = {note: _WHOLE if piece.end is None else round(piece.end, 3)}
        live.memory.note(recording.id, **noted)
        live.heard_more(recording)
        yield piece.end


def _note(part: Part, source: Source) -> str:
    return f"heard {part.id} {source.name}"
