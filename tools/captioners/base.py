"""What every captioner offers, and what it returns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from memory_store.records import Line
from tools.usage import Usage
from tools.video.clip import Clip


class CaptionError(Exception):
    """A clip could not be described; the message says why and never holds a key."""

    def __init__(self, message: str, usage: Usage | None = None) -> None:
        super().__init__(message)
        self.usage = usage or Usage()


@dataclass(frozen=True)
class Description:
    """A captioner's reply: lines with their times (seconds of the recording), and what it cost."""

    lines: tuple[Line, ...]
    usage: Usage = field(default_factory=Usage)
    extra: dict[str, Any] = field(default_factory=dict)


class Captioner(Protocol):
    """Describes clips. Safe to call from several threads at once."""

    @property
    def name(self) -> str:
        """Model and version, part of a caption's id: `openai:gpt-5-mini`, `observations-1`."""
        ...

    @property
    def blind_to(self) -> Sequence[str]:
        """What it cannot perceive, in plain words (`actions`, `voices`); empty for a vision model."""
        ...

    @property
    def takes_instructions(self) -> bool:
        """False where the words never depend on the instruction; its captions then serve every question."""
        ...

    @property
    def multiple(self) -> int:
        """Frame sides are multiples of this many pixels."""
        ...

    def describe(self, clip: Clip, instruction: str) -> Description:
        """Describe `clip` under `instruction`. Raises `CaptionError`."""
        ...
