"""Listening: from a recording's sound or subtitles to stored words. Each piece is kept as soon as it is heard."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from memory_store.errors import EmbedderError
from memory_store.records import Part, Recording
from tools.speech.base import Piece, Source, SpeechError
from tools.speech.heard import captions
from tools.video.errors import VideoError
from tools.video.unchanged import ensure_unchanged

if TYPE_CHECKING:
    from tools.live import Live

_WHOLE = "whole"
_BEYOND = 1.0
"""Seconds after a part's stated end in which words may begin."""


def unheard(live: Live, recording: Recording) -> list[tuple[Part, Source]]:
    """Return the parts that were not heard to their end, and where their words come from."""
    left = pending(recording, live.sources(recording, fresh=True), live.memory.notes(recording.id))
    return [(part, source) for part, source, _ in left]


def pending(
    recording: Recording, sources: Mapping[str, Source], notes: Mapping[str, Any]
) -> list[tuple[Part, Source, float]]:
    """Return the parts not heard to their end, where their words come from, and up to when each was heard.

    The last is in seconds of the part. `sources` are by the part's id, `notes` are the recording's.
    """
    heard = [(part, sources[part.id]) for part in recording.parts if part.id in sources]
    left = [(part, source, notes.get(_note(part, source)) or 0.0) for part, source in heard]
    return [(part, source, reached) for part, source, reached in left if reached != _WHOLE]


def pace(source: Source) -> str:
    """Return the name of the note that says how many seconds a second of sound took this source at last."""
    return f"pace {source.name}"


def listen(live: Live, recording: Recording, part: Part, source: Source) -> Iterator[float | None]:
    """Hear a part from where it was left, and yield how far it was heard (seconds; None: to its end).

    The words of a piece are in memory before it is yielded. Raises `SpeechError`.
    """
    note = _note(part, source)
    start = live.memory.notes(recording.id).get(note) or 0.0
    reached, began = start, time.monotonic()
    for piece in source.pieces(start):
        taken, sound = time.monotonic() - began, (part.duration if piece.end is None else piece.end) - reached
        try:
            ensure_unchanged(part)
            live.memory.put(captions(recording, part.start, source, within(part, piece), time.time()))
        except VideoError as problem:
            raise SpeechError(str(problem)) from None
        except EmbedderError as problem:
            raise SpeechError(f"the words could not be stored: {problem}") from None
        noted: dict[str, Any] = {note: _WHOLE if piece.end is None else round(piece.end, 3)}
        noted |= {pace(source): round(taken / sound, 4)} if sound > 0 else {}
        live.memory.note(recording.id, **noted)
        live.heard_more(recording)
        yield piece.end
        reached, began = piece.end or part.duration, time.monotonic()


def within(part: Part, piece: Piece) -> Piece:
    """Return a piece without the words that begin after its part has ended: another cut's subtitles have such."""
    last = part.duration + _BEYOND
    return piece._replace(lines=tuple(line for line in piece.lines if line.start < last))


def _note(part: Part, source: Source) -> str:
    return f"heard {part.id} {source.name}"
