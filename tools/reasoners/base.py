"""The reasoner's contract: tasks, what they may cite, and the typed replies.

A task carries its question twice: as a rendered prompt for a chat model, and as data (question,
options, passages) for a reasoner that decides in code. Both must answer with the same reply type.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, Any, Generic, Literal, Protocol, TypeVar

from pydantic import BaseModel, BeforeValidator, Field

from memory_store.records import Line
from tools.usage import Usage

QuestionKind = Literal["local", "counting", "order", "whole", "text"]
Support = Literal["supported", "partly", "unsupported"]


def _one_or_many(value: Any) -> Any:
    return [] if value is None else value if isinstance(value, list) else [value]


def _text(value: Any) -> Any:
    return "" if value is None else str(value) if isinstance(value, int | float) else value


Text = Annotated[str, BeforeValidator(_text)]
Ids = Annotated[list[str], BeforeValidator(_one_or_many)]


class Citation(BaseModel):
    """One piece of evidence: a caption by id and a quote copied from it."""

    caption: Text = Field(description="id of the caption, copied from the memory shown")
    quote: Text = Field("", description="the words of that caption the answer rests on, copied exactly")


class Judgement(BaseModel):
    """What kind of question it is, and where the answer probably lies."""

    kind: QuestionKind = Field(
        "local",
        description="local: one moment settles it; counting: occurrences must be counted; order: the order "
        "of events; whole: it is about the whole video; text: words on screen or said",
    )
    segments: Ids = Field(default_factory=list, description="ids of the most relevant segments, best first")
    reason: Text = ""


class Verdict(BaseModel):
    """Whether the memory shown supports an answer, graded."""

    support: Support = Field(description="supported, partly or unsupported")
    confidence: float = Field(0.0, ge=0.0, le=1.0)
    answer: Text = Field("", description="the best answer so far, even if not yet supported; empty if there is none")
    option: Text = Field("", description="letter of the chosen option, if options were given")
    missing: Text = Field("", description="what is still missing to be certain; empty if nothing")
    evidence: list[Citation] = Field(default_factory=list)


class Look(BaseModel):
    """One segment to look at again, and what to look for."""

    segment: Text = Field(description="id of the segment, copied from the list")
    focus: Text = Field("", description="what to find out there, in a few words")
    instruction: Text = Field("", description="instruction for the model that describes the frames")


class Looks(BaseModel):
    """What to look at next."""

    looks: list[Look] = Field(default_factory=list, description="segments to look at again, best first")
    reuse: Ids = Field(default_factory=list, description="ids of earlier captions that already tell what is missing")
    hopeless: bool = Field(False, description="true only if no closer look at any segment could show what is missing")
    reason: Text = ""


class FinalAnswer(BaseModel):
    """The answer, as it is given to the user."""

    answer: Text
    option: Text = Field("", description="letter of the chosen option, if options were given")
    confidence: float = Field(0.0, ge=0.0, le=1.0)
    reason: Text = ""
    evidence: list[Citation] = Field(default_factory=list)


class Finding(BaseModel):
    """Something that bears on the question, and the words of memory that show it."""

    caption: Text = Field(description="id of the caption, copied from the memory shown")
    quote: Text = Field(description="the words of that caption that show it, copied exactly")
    note: Text = Field("", description="what it says about the question, in a few words")


class Findings(BaseModel):
    """Everything in one chapter that bears on a question (the map step of a question about the whole video)."""

    findings: list[Finding] = Field(default_factory=list, description="in order of time; empty if there is nothing")


class FollowUp(BaseModel):
    """A question of a conversation, in words that need no conversation."""

    follows: bool = Field(False, description="true if the question refers back to the exchange")
    question: Text = Field("", description="the question in words that stand alone; its own words if it does already")


class Summary(BaseModel):
    """A short account of a chapter or a whole video."""

    summary: Text


@dataclass(frozen=True)
class Passage:
    """A caption as a reasoner sees it: citable by `id`, standing for `segment` of `recording`."""

    id: str
    recording: str
    segment: str
    """Address as prompts use it: `c4`, with a recording prefix (`v2/c4`) when there are several."""
    level: str
    start: float
    end: float
    lines: tuple[Line, ...]
    score: float = 0.0
    """Relevance to the question from memory's own ranking; higher is better, 0 when unranked."""
    extra: dict[str, Any] = field(default_factory=dict)

    @property
    def text(self) -> str:
        return "\n".join(line.text for line in self.lines)


@dataclass(frozen=True)
class Exchange:
    """An earlier question of the same conversation, in words that stand alone, and its answer."""

    question: str
    answer: str


Reply = TypeVar("Reply", bound=BaseModel)


@dataclass(frozen=True)
class Task(Generic[Reply]):
    """One thing asked of a reasoner. `reply` is the type that must come back."""

    reply: type[Reply]
    prompt: str
    question: str
    options: tuple[str, ...] = ()
    passages: tuple[Passage, ...] = ()
    """What may be cited, in order of time."""
    candidates: tuple[Passage, ...] = ()
    """For `Looks`: segments that may be looked at again (already seen ones are left out), best first."""
    verdict: Verdict | None = None
    """The newest verdict, for `Looks` and `FinalAnswer`."""
    limit: int = 1
    """For `Judgement` and `Looks`: how many segments may be named."""
    wide: int = 0
    """For `Judgement`: how many where all that bears on the question must be looked at; 0: `limit`."""
    calls: int = 2
    """Model calls the reply may take: the first, and one that names its error."""
    exchanges: tuple[Exchange, ...] = ()
    """For `FollowUp`: what was asked and answered before, oldest first."""
    cannot_see: tuple[str, ...] = ()
    """What the captioner that made the passages cannot perceive."""


class ReasonerError(Exception):
    """No usable reply came, after the retries that could help. The message never holds a key."""

    def __init__(self, message: str, usage: Usage | None = None) -> None:
        super().__init__(message)
        self.usage = usage or Usage()


class Reasoner(Protocol):
    """Answers tasks. Safe to call from several threads at once."""

    name: str

    def reply(self, task: Task[Reply]) -> tuple[Reply, Usage]:
        """Return the checked reply and what it cost. Raises `ReasonerError`."""
        ...
