"""What every captioner offers, and what it returns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from memory_store.records import Line
from tools.usage import Usage
from tools.video.clip import Clip

DEAF = ("voices", "sounds")
"""What a model that is shown frames cannot perceive; what is said reaches it as words, where there are any."""


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


@dataclass(frozen=True)
class Looks:
    """What pictures a captioner looks at, at the coarse, fine and ultra-fine level, where no setting says otherwise."""

    pixels: tuple[int, int, int] = (128 * 28 * 28, 512 * 28 * 28, 512 * 28 * 28)
    """Pixel cap of a frame (VideoLucy, appendix A.1)."""
    scan: tuple[float, float, float] = (0, 0, 0)
    """Pictures glanced at in a second to choose frames from; 0: frames at exact times, as in the paper."""


def looks_of(captioner: Captioner) -> Looks:
    """Return what pictures `captioner` looks at: its own `looks`, where it has any, else those of the paper."""
    return getattr(captioner, "looks", Looks())


def pictures_shown(captioner: Captioner, frames: int) -> int:
    """Return how many of `frames` pictures a captioner shows its model at once (its `most_pictures`; 0: all)."""
    return min(frames, getattr(captioner, "most_pictures", 0) or frames)


class Captioner(Protocol):
    """Describes clips. Safe to call from several threads at once."""

    @property
    def name(self) -> str:
        """Model and version, part of a caption's id: `openai:gpt-5-mini`, `observations-3`."""
        ...

    @property
    def blind_to(self) -> Sequence[str]:
        """What it cannot perceive, in plain words (`actions`, `voices`)."""
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
