"""The state of one question: ids and small values only, since every checkpoint copies it whole."""

from __future__ import annotations

import operator
from typing import Annotated, Any, NotRequired

from langchain_core.messages import AnyMessage
from langgraph.graph.message import add_messages
from typing_extensions import TypedDict

from tools.usage import add_usage


class Input(TypedDict):
    """What a run is started with."""

    video: str | list[str]
    """A path, or several paths: several recordings, one question."""
    question: str
    options: NotRequired[list[str]]
    """Makes it multiple choice."""


class IngestInput(TypedDict):
    """What an ingest is started with: a video, and no question yet."""

    video: str | list[str]


class RecordingRef(TypedDict):
    """A recording as the state knows it; everything else about it is in memory."""

    id: str
    name: str
    duration: float


class Found(TypedDict):
    """A caption that this question made or reused."""

    recording: str
    caption: str
    round: int


class Looked(TypedDict):
    """A segment that was looked at again, by its address in prompts."""

    segment: str
    focus: str
    round: int
    made: NotRequired[int]
    reused: NotRequired[int]


class Gap(TypedDict):
    """A segment that could not be captioned, and why. It is tried again by the next run."""

    segment: str
    reason: str


class Evidence(TypedDict):
    """A moment an answer rests on; times in seconds of `video`."""

    video: str
    start: float
    end: float
    level: str
    caption_id: str
    quote: str
    clock: NotRequired[str]
    """Wall-clock time at `start`; only of a recording that has a clock table."""


class Assessment(TypedDict):
    """A checked verdict: its evidence exists in memory."""

    support: str
    confidence: float
    answer: str
    option: str
    missing: str
    evidence: list[Evidence]
    round: int
    uncovered: NotRequired[list[str]]
    """Segments that had not been looked at, though the question needs them all: until then it is not supported."""


class LookNote(TypedDict):
    """A look that was decided: where, and what for. Times in seconds of `video`."""

    segment: str
    video: str
    start: float
    end: float
    focus: str


class Turn(TypedDict):
    """An earlier question of the same thread, in words that stand alone, and how it was answered."""

    question: str
    answer: str
    status: str
    evidence: list[Evidence]


class Note(TypedDict):
    """One entry of the trace: what a step did in a round, in a sentence, and the values behind it."""

    round: int
    step: str
    text: str
    seconds: NotRequired[float]
    """Active time of the step."""
    reasoner_calls: NotRequired[int]
    segments: NotRequired[list[str]]
    """Chosen by the judge, best first."""
    looks: NotRequired[list[LookNote]]
    captions_made: NotRequired[int]
    captions_reused: NotRequired[int]
    support: NotRequired[str]
    confidence: NotRequired[float]
    answer: NotRequired[str]
    missing: NotRequired[str]
    quotes: NotRequired[list[str]]
    """Checked words that a verdict rests on."""


class Output(TypedDict, total=False):
    """The machine-readable answer (docs/answer.md)."""

    answer: str
    option: str | None
    status: str
    confidence: float
    reason: str
    stopped_by: str
    rounds: int
    thread_id: str
    evidence: list[Evidence]
    models: dict[str, str]
    usage: dict[str, Any]


class State(Input, Output, total=False):
    """Everything the steps share about one question."""

    question_id: str
    """Of content, question, options and place in the conversation: a resume is not a restart."""
    exchanges: list[Turn]
    """The conversation so far, oldest first."""
    standalone: str
    """The question in words that need no conversation; empty where its own do."""
    recordings: list[RecordingRef]
    confirmed: str
    """A person's reply to whether a large pass may begin: `yes`, `no`, or empty where nobody was asked."""
    gaps: Annotated[list[Gap], operator.add]
    summaries: list[Found]
    """Captions of the levels above coarse: chapters and whole videos."""
    digests: Annotated[list[Found], operator.add]
    """What chapters hold for this question."""
    kind: str
    relevant: list[str]
    """Coarse segments that were judged relevant, with their neighbours."""
    cover: list[str]
    """Segments that a counting or ordering question must have looked at before it is settled."""
    round: int
    looked: Annotated[list[Looked], operator.add]
    found: Annotated[list[Found], operator.add]
    messages: Annotated[list[AnyMessage], add_messages]
    verdict: Assessment | None
    replies: Annotated[int, operator.add]
    """Usable replies of the reasoner; an answer with none at all is a failure."""
    trace: Annotated[list[Note], operator.add]
    spent: Annotated[dict[str, Any], add_usage]


def asked_of(state: State) -> str:
    """Return the question in words that stand alone."""
    return state.get("standalone") or state["question"]
