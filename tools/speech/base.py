"""What every source of spoken words offers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple, Protocol

from memory_store.records import Line


class SpeechError(Exception):
    """The words said cannot be had now (a broken track, a model that does not load). One line."""


class Piece(NamedTuple):
    """The words of one stretch, from where the piece before ended."""

    end: float | None
    """Seconds of the part up to which everything was heard; None at the end of the part."""
    lines: tuple[Line, ...]
    """What was said and when, seconds of the part."""
    language: str = ""
    """ISO 639-1 code, where it is known."""


class Source(Protocol):
    """Where the words of one part come from."""

    @property
    def name(self) -> str:
        """Source and version, as captions are signed with it: `subtitles-1f2e3d4c`, `whisper-base`."""
        ...

    def pieces(self, start: float = 0.0) -> Iterator[Piece]:
        """Yield the words from `start` (seconds of the part) on, piece by piece. Raises `SpeechError`."""
        ...
