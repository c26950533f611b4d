"""What memory knows that may matter to a question: captions, how well each line fits, and what times mean."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from memory_store.errors import EmbedderError
from memory_store.records import LEVELS, SPEECH, TEXT, Caption, Segment
from memory_store.store import Hit
from nodes.progress import say
from nodes.state import Found, State, asked_of
from tools.clock.clock import Clock
from tools.clock.question import stretches
from tools.live import Live
from tools.looking import coarse
from tools.outline import Outline
from tools.reasoners.base import Passage
from tools.senses.text_sweep import texts

CHAPTER, VIDEO, DIGEST = "chapter", "video", "digest"
"""Levels above coarse: summaries, and what a chapter holds for one question."""

NOTED = (SPEECH, TEXT)
"""Levels of what was noted beside the captions: they belong to no depth of looking."""

_EARLIER = 40
"""Captions of earlier questions offered at most for their meaning and words."""


@dataclass(frozen=True)
class View:
    """Memory as one step sees it."""

    outline: Outline
    captions: dict[str, Caption]
    """By id: all coarse captions, words said and read, what this question found, what earlier ones left (if reused)."""
    found: Mapping[str, int] = field(default_factory=dict)
    """Captions that this question made or took over, with the round; summaries and digests have round 0."""
    lines: Mapping[str, Sequence[float]] = field(default_factory=dict)
    """By caption, how well each of its lines fits the question, 0 to 1; nothing where it was not ranked."""
    clocks: Mapping[str, Clock] = field(default_factory=dict)
    """By recording, for those that have one."""
    moments: Mapping[str, Sequence[tuple[float, float]]] = field(default_factory=dict)
    """By recording: the stretches, in seconds, that times in the question mean."""

    def score(self, caption: Caption) -> float:
        """Return how well the best line of a caption fits the question, 0 to 1."""
        return max(self.lines.get(caption.id, ()), default=0.0)

    def address(self, caption: Caption) -> str:
        """Return the address a caption goes by; what was said or read goes by the coarse segment it begins in."""
        noted = caption.level in NOTED
        segment = self.outline.plan(caption.recording).at(caption.start).id if noted else caption.segment
        return self.outline.join(caption.recording, segment)

    def pointed(self, item: Caption | Segment) -> bool:
        """Tell whether a time in the question means a moment of this stretch."""
        moments = self.moments.get(item.recording, ())
        return any(low < item.end and (high > item.start or low == item.start) for low, high in moments)

    def earlier(self, caption: Caption) -> bool:
        """Tell whether a caption was made for an earlier question and not yet taken over for this one."""
        return bool(caption.question) and caption.id not in self.found

    def passage(self, caption: Caption) -> Passage:
        clock = self.clocks.get(caption.recording)
        return Passage(
            id=caption.id,
            recording=caption.recording,
            segment=self.address(caption),
            level=caption.level,
            start=caption.start,
            end=caption.end,
            lines=caption.lines,
            score=self.score(caption),
            extra={
                **caption.extra,
                "question": caption.question,
                "earlier": self.earlier(caption),
                **clocked(clock, caption),
            },
        )


def clocked(clock: Clock | None, caption: Caption) -> dict[str, str]:
    """Return the wall-clock time of a caption as a passage tells it; nothing where the recording has no clock."""
    return {"clock": clock.label(caption.start, caption.end)} if clock else {}


def wording(state: State) -> str:
    """Return the question with its options, as memory is searched for it."""
    return " ".join([asked_of(state), *state.get("options", [])])


def depth(caption: Caption) -> int:
    """Return how finely was looked: 0 coarse (or noted), 1 fine, 2 ultra-fine; -1 for the levels above coarse."""
    if caption.level in NOTED:
        return 0
    return LEVELS.index(caption.level) if caption.level in LEVELS else -1


def view(state: State, live: Live, missing: str = "") -> View:
    """Gather what memory knows that may matter to the question, and to what is still `missing`."""
    outline = Outline.of(live, state["recordings"])
    recordings = [plan.recording for plan in outline.plans]
    question = asked_of(state)
    clocks = {recording.id: clock for recording in recordings if (clock := Clock.of(recording))}
    moments = {r.id: stretches(question, clocks.get(r.id), r.duration) for r in recordings}
    found: list[Found] = [*state.get("found", []), *state.get("summaries", []), *state.get("digests", [])]
    captions: dict[str, Caption] = {}
    for plan in outline.plans:
        recording = plan.recording
        ids = [coarse(live, recording, segment).id(live.captioner.name) for segment in plan.coarse()]
        ids += [item["caption"] for item in found if item["recording"] == recording.id]
        captions |= live.memory.get(recording.id, ids)
        captions |= live.heard(recording).captions
        captions |= texts(live, recording)
    if live.settings.reuse:
        captions |= _earlier(live, outline, question, moments)
    return View(
        outline=outline,
        captions=captions,
        found={item["caption"]: item["round"] for item in found},
        lines=_ranked(live, outline, [wording(state), missing], set(captions)),
        clocks=clocks,
        moments=moments,
    )


def _ranked(live: Live, outline: Outline, queries: Iterable[str], ids: set[str]) -> dict[str, tuple[float, ...]]:
    """Return how well the lines of each caption fit the best of the queries."""
    best: dict[str, tuple[float, ...]] = {}
    for query in filter(None, queries):
        for hit in _search(live, outline, query, len(ids), ids):
            known = best.get(hit.caption, (0.0,) * len(hit.lines))
            best[hit.caption] = tuple(map(max, known, hit.lines))
    return best


def _search(live: Live, outline: Outline, words: str, k: int, ids: set[str] | None = None) -> list[Hit]:
    """Return memory's best captions for `words`; none where the embedder cannot be reached."""
    try:
        return live.memory.search([plan.recording.id for plan in outline.plans], words, k=k, ids=ids)
    except EmbedderError as problem:
        say("ranking", f"memory could not be ranked: {problem}")
        return []


def _earlier(
    live: Live, outline: Outline, question: str, moments: Mapping[str, Sequence[tuple[float, float]]]
) -> dict[str, Caption]:
    """Return deep captions that earlier questions left: those of the times asked for, and those that fit best."""
    near: list[Caption] = []
    for recording, stretches_ in moments.items():
        for low, high in stretches_:
            near += live.memory.captions(recording, start=low, end=high)
    by_recording: dict[str, list[str]] = {}
    for hit in _search(live, outline, question, _EARLIER):
        by_recording.setdefault(hit.recording, []).append(hit.caption)
    for recording, ids in by_recording.items():
        near += live.memory.get(recording, ids).values()
    mine = (c for c in near if depth(c) > 0 and c.captioner == live.captioner.name)
    return {caption.id: caption for caption in mine if _fits(outline, caption)}


def _fits(outline: Outline, caption: Caption) -> bool:
    """Tell whether a caption covers the segment its address names now: other scopes cut other segments."""
    segment = outline.plan(caption.recording).find(caption.segment)
    return segment is not None and abs(segment.start - caption.start) + abs(segment.end - caption.end) < 0.01
