"""What a prompt shows of memory: chosen for the question, deeper text in place of shallower, in budget."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from memory_store.errors import EmbedderError
from memory_store.records import SPEECH, Caption, Line, Segment
from memory_store.store import Hit
from nodes.progress import say
from nodes.state import State
from tools.clock.clock import Clock
from tools.clock.question import stretches
from tools.live import Live
from tools.looking import coarse
from tools.outline import Outline
from tools.reasoners.base import Passage


@dataclass(frozen=True)
class View:
    """Memory as one step sees it."""

    outline: Outline
    captions: dict[str, Caption]
    """By id: all coarse captions and words said, what this question found, what earlier ones left (if reused)."""
    found: frozenset[str]
    scores: dict[str, float]
    """Relevance to the question by caption id, from memory's ranking."""
    clocks: Mapping[str, Clock] = field(default_factory=dict)
    """By recording, for those that have one."""
    moments: Mapping[str, Sequence[tuple[float, float]]] = field(default_factory=dict)
    """By recording: the stretches, in seconds, that times in the question mean."""

    def address(self, caption: Caption) -> str:
        """Return the address a caption goes by; words said go by the coarse segment they begin in."""
        said = caption.level == SPEECH
        segment = self.outline.plan(caption.recording).at(caption.start).id if said else caption.segment
        return self.outline.join(caption.recording, segment)

    def pointed(self, item: Caption | Segment) -> bool:
        """Tell whether a time in the question means a moment of this stretch."""
        moments = self.moments.get(item.recording, ())
        return any(low < item.end and (high > item.start or low == item.start) for low, high in moments)

    def passage(self, caption: Caption) -> Passage:
        clock = self.clocks.get(caption.recording)
        when = {"clock": clock.label(caption.start, caption.end)} if clock else {}
        return Passage(
            id=caption.id,
            recording=caption.recording,
            segment=self.address(caption),
            level=caption.level,
            start=caption.start,
            end=caption.end,
            lines=caption.lines,
            score=self.scores.get(caption.id, 0.0),
            extra={**caption.extra, "question": caption.question, "earlier": self._earlier(caption), **when},
        )

    def _earlier(self, caption: Caption) -> bool:
        return bool(caption.question) and caption.id not in self.found


def depth(caption: Caption) -> int:
    """Return how finely a caption was looked at: 0 coarse (words said, too), 1 fine, 2 ultra-fine; summaries are -1."""
    return {"coarse": 0, SPEECH: 0, "fine": 1, "ultra-fine": 2}.get(caption.level, -1)


def view(state: State, live: Live, query: str = "") -> View:
    """Gather what memory knows that may matter to the question."""
    outline = Outline.of(live, state["recordings"])
    found: dict[str, list[str]] = {}
    for item in [*state.get("found", []), *state.get("summaries", [])]:
        found.setdefault(item["recording"], []).append(item["caption"])
    captions: dict[str, Caption] = {}
    for plan in outline.plans:
        recording = plan.recording
        ids = [coarse(live, recording, segment).id(live.captioner.name) for segment in plan.coarse()]
        captions |= live.memory.get(recording.id, ids + found.get(recording.id, []))
        captions |= live.heard(recording).captions
    if live.settings.reuse:
        captions |= _earlier(live, outline, state["question"])
    words = " ".join([query or state["question"], *state.get("options", [])])
    scores = {hit.caption: hit.score for hit in _search(live, outline, words, max(30, len(captions)), set(captions))}
    recordings = [plan.recording for plan in outline.plans]
    clocks = {recording.id: clock for recording in recordings if (clock := Clock.of(recording))}
    moments = {r.id: stretches(state["question"], clocks.get(r.id), r.duration) for r in recordings}
    return View(outline, captions, frozenset(id for ids in found.values() for id in ids), scores, clocks, moments)


def passages(shown: View, state: State, live: Live) -> tuple[Passage, ...]:
    """Return what the reasoner may cite, in order of time.

    Deeper text replaces shallower text of the same segment. Under the budget of `prompt_chars`
    come first what this question found, then what it names by time, then the relevant segments, then
    the best ranked, then whatever else fits; summaries get at most a third. With `full_memory` everything is shown.
    """
    relevant = {address for address in state.get("relevant", [])}
    standing = _deepest(shown.captions.values())
    if live.settings.sparse and relevant:
        standing = [c for c in standing if depth(c) > 0 or shown.address(c) in relevant]

    def rank(caption: Caption) -> tuple[int, float]:
        if caption.id in shown.found:
            return (0, -shown.scores.get(caption.id, 0.0))
        if shown.pointed(caption):
            return (1, -shown.scores.get(caption.id, 0.0))
        if shown.address(caption) in relevant:
            return (2, -shown.scores.get(caption.id, 0.0))
        return (3, -shown.scores.get(caption.id, 0.0))

    chosen = sorted((c for c in standing if depth(c) >= 0), key=rank)
    above = sorted((c for c in standing if depth(c) < 0), key=lambda c: -shown.scores.get(c.id, 0.0))
    if not live.settings.full_memory:
        above = list(_within(above, live.settings.prompt_chars // 3))
        left = live.settings.prompt_chars - sum(_cost(caption) for caption in above)
        chosen = list(_within(chosen, left))
    chosen += above
    order = {plan.recording.id: index for index, plan in enumerate(shown.outline.plans)}
    chosen.sort(key=lambda caption: (order[caption.recording], caption.start, -caption.end, depth(caption)))
    return tuple(shown.passage(caption) for caption in chosen)


def candidates(shown: View, state: State, limit: int = 60) -> tuple[Passage, ...]:
    """Return the segments that may be looked at again, most promising first.

    Every segment that has a caption is one, unless it was looked at for this question already. A
    segment that was looked at gives way to its parts. What cannot be seen more finely (an ultra-fine
    segment described at its own depth) is left out.
    """
    seen = {looked["segment"] for looked in state.get("looked", [])}
    relevant = set(state.get("relevant", []))
    offered: list[tuple[tuple[float, ...], Passage]] = []
    heard: dict[str, float] = {}
    for caption in shown.captions.values():
        if caption.level == SPEECH:
            address = shown.address(caption)
            heard[address] = max(heard.get(address, 0.0), shown.scores.get(caption.id, 0.0))
    for caption in _deepest(shown.captions.values()):
        segment = shown.outline.plan(caption.recording).find(caption.segment)
        address = shown.address(caption)
        if segment is None or address in seen or depth(caption) < 0:
            continue
        if segment.depth == 2 and depth(caption) == 2:
            continue
        passage = shown.passage(caption)
        unread = bool(caption.extra.get("unread"))
        inside = address.partition(".")[0] in relevant
        score = max(passage.score, heard.get(address, 0.0))
        key = (0 if shown.pointed(segment) else 1, 0 if inside else 1, -score, 0 if unread else 1, caption.start)
        offered.append((key, passage))
    return tuple(passage for _, passage in sorted(offered, key=lambda pair: pair[0])[:limit])


def _fits(outline: Outline, caption: Caption) -> bool:
    """Tell whether a caption covers the segment its address names now: other scopes cut other segments."""
    segment = outline.plan(caption.recording).find(caption.segment)
    return segment is not None and abs(segment.start - caption.start) + abs(segment.end - caption.end) < 0.01


def _deepest(captions: Iterable[Caption]) -> list[Caption]:
    """Keep one caption a segment: the deepest, and of two equally deep ones the newer; and all words said."""
    best: dict[tuple[str, str], Caption] = {}
    for caption in captions:
        key = (caption.recording, caption.id if caption.level == SPEECH else caption.segment)
        if key not in best or (depth(best[key]), best[key].made_at) < (depth(caption), caption.made_at):
            best[key] = caption
    return list(best.values())


def _within(captions: Sequence[Caption], chars: int) -> Iterator[Caption]:
    left = chars
    for caption in captions:
        if _cost(caption) <= left:
            left -= _cost(caption)
            yield caption
        elif left > 400 and left == chars:
            # One caption alone breaks the budget: show its beginning rather than nothing.
            yield replace(caption, lines=_first(caption, left))
            return


_HEADING = 60
"""Characters of the line above each caption in a prompt."""


def _cost(caption: Caption) -> int:
    """Return the characters a caption takes in a prompt."""
    return len(caption.text) + _HEADING


def _first(caption: Caption, chars: int) -> tuple[Line, ...]:
    kept: list[Line] = []
    used = _HEADING
    for line in caption.lines:
        used += len(line.text) + 1
        if used > chars:
            break
        kept.append(line)
    return tuple(kept)


def _search(live: Live, outline: Outline, words: str, k: int, ids: set[str] | None = None) -> list[Hit]:
    """Return memory's best captions for `words`; none where the embedder cannot be reached."""
    try:
        return live.memory.search([plan.recording.id for plan in outline.plans], words, k=k, ids=ids)
    except EmbedderError as problem:
        say("ranking", f"memory could not be ranked: {problem}")
        return []


def _earlier(live: Live, outline: Outline, question: str) -> dict[str, Caption]:
    """Return deep captions that earlier questions left and that rank high for this one."""
    by_recording: dict[str, list[str]] = {}
    for hit in _search(live, outline, question, 30):
        by_recording.setdefault(hit.recording, []).append(hit.caption)
    found: dict[str, Caption] = {}
    for recording, ids in by_recording.items():
        for caption in live.memory.get(recording, ids).values():
            if depth(caption) > 0 and caption.captioner == live.captioner.name and _fits(outline, caption):
                found[caption.id] = caption
    return found
