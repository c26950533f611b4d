"""What the evaluation speaks of: a question, a benchmark, and the record a run leaves of one question."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from typing_extensions import TypedDict

Stretch = tuple[float, float]
"""Start and end in seconds of the video."""
ClockStretch = tuple[str, str]
"""Start and end as wall-clock times, `HH:MM:SS`."""

UNANSWERABLE = "unanswerable"
"""The defect of a question that no choice among its released options answers."""


@dataclass(frozen=True)
class Question:
    """One question of a benchmark, in the benchmark's own order of options."""

    id: str
    video: str
    """File name (or its stem, or the benchmark's key) of the video."""
    question: str
    options: tuple[str, ...] = ()
    """Texts without letters; none: an open question."""
    answer: int | None = None
    """Index of the right option as released; None: an open question, or unknown."""
    reference: str = ""
    """Text of the right answer to an open question."""
    categories: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Kind of category to the names that hold, for example `{"question_type": ("ER", "KIR")}`."""
    evidence: tuple[Stretch, ...] = ()
    """Where the benchmark says the answer is shown."""
    clock_evidence: tuple[ClockStretch, ...] = ()
    """The same by wall-clock time of day, where the benchmark tells it so."""
    needs_clock: bool = False
    """True where question or options speak of wall-clock times."""
    duration: float | None = None
    """Length of the video in seconds, where the benchmark tells it."""
    subtitle: str | None = None
    """File name of the video's subtitles, where the setting allows them."""
    defects: tuple[str, ...] = ()
    """Known faults of the released question."""
    corrected: int | None = None
    """Index of the right option where the released answer is missing or wrong; None: as `answer`."""
    scoring_points: tuple[str, ...] = ()
    """What an open answer must mention, where the benchmark lists it."""

    @property
    def cleaned(self) -> int | None:
        """Index of the option that is really right; None: none is, or it is unknown."""
        return self.answer if self.corrected is None else self.corrected

    def is_right(self, chosen: int | None, *, cleaned: bool = False) -> bool | None:
        """Tell whether option `chosen` is right (None, nothing chosen, is not); None where that is not known.

        Options of the same text are the same answer. As released no choice is right where the released answer
        is none of the options; `cleaned` goes by the mended answer, and does not count what has none.
        """
        right = self.cleaned if cleaned else self.answer
        if right is None:
            return False if UNANSWERABLE in self.defects and not cleaned else None
        return chosen is not None and self.options[chosen].strip() == self.options[right].strip()


@dataclass(frozen=True)
class LengthClass:
    """The scopes a benchmark's published setting gives to videos of one length."""

    name: str
    below: float
    """Seconds; a length on the line belongs to the next class."""
    seconds: tuple[float, float, float]
    """Of one segment, at the coarse, fine and ultra-fine level."""
    fps: tuple[float, float, float]

    def settings(self) -> dict[str, float]:
        """Return the settings of `tools.settings` that set these scopes."""
        levels = ("coarse", "fine", "ultra")
        seconds = {f"{level}_seconds": value for level, value in zip(levels, self.seconds, strict=True)}
        return seconds | {f"{level}_fps": value for level, value in zip(levels, self.fps, strict=True)}


@dataclass(frozen=True)
class Benchmark:
    """The questions of a benchmark, and the setting its scores are published in."""

    name: str
    questions: tuple[Question, ...]
    settings: Mapping[str, Any] = field(default_factory=dict)
    """Settings (fields of `tools.settings.Settings`) that hold for every question, for example `speech: none`."""
    classes: tuple[LengthClass, ...] = ()
    """Scopes by length, shortest first; none: the usual ones."""
    published: Mapping[str, float] = field(default_factory=dict)
    """The paper's row in percent: `overall`, and `KIND/NAME` for a category."""

    def settings_for(self, question: Question, duration: float | None = None) -> dict[str, Any]:
        """Return the settings of `question`, its scopes by its `duration` category, else its length in seconds."""
        return dict(self.settings) | (found.settings() if (found := self._class(question, duration)) else {})

    def _class(self, question: Question, duration: float | None) -> LengthClass | None:
        named = question.categories.get("duration", ())
        seconds = question.duration if duration is None else duration
        for one in self.classes:
            if one.name in named:
                return one
        if seconds is None:
            return None
        return next((one for one in self.classes if seconds < one.below), None)


class CitedEvidence(TypedDict):
    """A piece of evidence as the graph gives it: a stretch of `video` in seconds, and what was said of it."""

    video: str
    start: float
    end: float
    level: str
    caption_id: str
    quote: str


Status = Literal["answered", "insufficient", "budget_exhausted", "failed"]


class Record(TypedDict):
    """What a run leaves of one question: one line of its JSONL file."""

    id: str
    video: str
    question: str
    options: list[str]
    """As shown."""
    shown_order: list[int]
    """For each option shown, its index in the benchmark's order."""
    answer: str
    option: str | None
    """Letter of the chosen option, as shown."""
    chosen: int | None
    """The chosen option in the benchmark's order."""
    right: int | None
    correct: bool | None
    """None where no right option is known."""
    status: Status
    stopped_by: str
    rounds: int
    confidence: float | None
    """0 to 1, as the reasoner states it; None: nothing was stated."""
    evidence: list[CitedEvidence]
    usage: dict[str, Any]
    seconds: float
    trace: dict[str, Any]
    error: str | None
    settings_digest: str
    seed: int
    categories: dict[str, list[str]]
