"""The plain records that memory holds: recordings, segments, captions and their lines.

All times are seconds. `Recording`, `Segment` and `Caption` times count from the start of the
recording; a `Span` counts from the start of one of its parts (one file).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from hashlib import blake2b
from typing import Any, NamedTuple

LEVELS = ("coarse", "fine", "ultra-fine")
"""The depths of memory (VideoLucy, section 2.1), from the widest scope to the narrowest."""

SPEECH = "speech"
"""The level of captions that hold words said, each with its time; they belong to no depth."""

TEXT = "text"
"""The level of captions that hold text on screen, read beside the captioner; they belong to no depth."""


class Line(NamedTuple):
    """One sentence or observation of a caption, with the stretch of the recording it speaks of."""

    start: float
    end: float
    text: str


class Span(NamedTuple):
    """A stretch of one part, in seconds of that part's own clock."""

    part: str
    start: float
    end: float


@dataclass(frozen=True)
class Part:
    """One file of a recording: content identity, where it lies, and what the probe read."""

    id: str
    path: str
    start: float
    """Where the part begins, seconds from the start of the recording."""
    duration: float
    width: int = 0
    height: int = 0
    fps: float = 0.0
    """Average frame rate: for display only, never used to compute a time."""
    codec: str = ""
    picture: bool = True
    """False where there is sound only."""
    clock: str = ""
    """Wall-clock time: a line `SECONDS DAY TIME` for each moment of the part it is known from; empty: not known."""

    @property
    def end(self) -> float:
        return self.start + self.duration


@dataclass(frozen=True)
class Scopes:
    """Seconds of one segment, and frames sampled per second, at each level."""

    seconds: tuple[float, float, float]
    fps: tuple[float, float, float]


@dataclass(frozen=True)
class Recording:
    """What one collection holds: one file, or an ordered list of parts."""

    id: str
    name: str
    parts: tuple[Part, ...]
    scopes: Scopes

    @property
    def duration(self) -> float:
        return self.parts[-1].end if self.parts else 0.0

    def pictured(self, start: float, end: float) -> bool:
        """Tell whether a part with a picture reaches into `[start, end)`."""
        return any(part.picture and part.start < end and part.end > start for part in self.parts)

    def spans(self, start: float, end: float) -> Iterator[Span]:
        """Yield the stretch of each part that `[start, end)` of the recording covers."""
        for part in self.parts:
            low, high = max(start, part.start), min(end, part.end)
            if low < high:
                yield Span(part.id, low - part.start, high - part.start)

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Recording:
        scopes = Scopes(*(tuple(data["scopes"][key]) for key in ("seconds", "fps")))
        parts = tuple(Part(**part) for part in data["parts"])
        return cls(data["id"], data["name"], parts, scopes)


@dataclass(frozen=True)
class Segment:
    """A stretch of a recording at one level. `id` is its address: `c4`, `c4.f2`, `c4.f2.u3`."""

    recording: str
    id: str
    start: float
    end: float

    @property
    def depth(self) -> int:
        """0 coarse, 1 fine, 2 ultra-fine."""
        return self.id.count(".")

    @property
    def level(self) -> str:
        return LEVELS[self.depth]


@dataclass(frozen=True)
class Caption:
    """What was seen in one segment, and everything that decides whether it may be reused.

    `level` is the depth it was looked at: the second look at a coarse segment is a fine caption
    of segment `c4`. `instruction` is empty where the captioner takes none (its words then do not
    depend on any question); `question` says for which question it was first made.
    """

    id: str
    recording: str
    segment: str
    level: str
    start: float
    end: float
    lines: tuple[Line, ...]
    instruction: str = ""
    question: str = ""
    captioner: str = ""
    prompt_version: str = ""
    frames: int = 0
    made_at: float = 0.0
    extra: dict[str, Any] = field(default_factory=dict)
    """Flat JSON values kept beside the caption (for example `unread`: text seen but too small)."""

    @property
    def text(self) -> str:
        return "\n".join(line.text for line in self.lines)


def digest(value: str | bytes) -> str:
    """Return a 16-byte BLAKE2b digest as 32 hex characters."""
    data = value.encode() if isinstance(value, str) else value
    return blake2b(data, digest_size=16).hexdigest()
