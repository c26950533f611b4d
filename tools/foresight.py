"""What is to be seen and heard of a video: what memory holds of it, what it lacks, and every look that could be taken.

Nothing is written, downloaded or asked of a model.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from memory_store.catalog import recognise
from memory_store.records import LEVELS, Caption, Part, Recording, Segment
from memory_store.segments import Plan
from tools.captioners.base import pictures_shown
from tools.captioners.prompts import opening, request
from tools.estimate import Work
from tools.listening import pace, pending
from tools.live import Live
from tools.looking import coarse, stretches
from tools.speech.base import Source
from tools.speech.recogniser import Recognition
from tools.video.clip import Clip, Sampling

_INSTRUCTION, _LABEL = 300, 10
"""Characters of an instruction that a reasoner writes, about, and of the time beside a frame."""


@dataclass(frozen=True)
class Foreseen:
    """One video before a question is asked of it."""

    recording: Recording
    known: bool
    """Whether memory has met it."""
    segments: int
    """Coarse segments with a picture."""
    lacking: Work
    """The coarse captions that memory does not hold."""
    captions: tuple[Caption, ...]
    """Everything memory holds of it."""
    kept: int
    """Characters of its coarse captions and words in memory."""
    sound: float
    """Seconds of sound to be recognised."""
    hearing: float | None
    """Seconds its recognition takes, at the pace of what was recognised before; None where nothing was."""


def foresee(live: Live, name: str, parts: tuple[Part, ...]) -> Foreseen:
    """Return what is known of the video of these parts. Raises `StoreError` where memory cannot be read."""
    notes = {recording.id: live.memory.notes(recording.id) for recording in live.memory.recordings()}
    recording = recognise(live.memory.recordings(), name, parts, live.settings.scopes)
    known = recording.id in notes
    captions = tuple(live.memory.captions(recording.id)) if known else ()
    sources = live.sources(recording, fresh=True)
    silent = pending(recording, sources, notes.get(recording.id, {}))
    segments = [s for s in live.plan_of(recording).coarse() if recording.pictured(s.start, s.end)]
    held = _held(live, recording, segments, silent) if known else {}
    lacking, sampling = [s for s in segments if s.id not in held], live.sampling(recording, 0)
    coarse_ids, words = set(held.values()), {source.name for source in sources.values()}
    sound = [(part.duration - reached, source) for part, source, reached in silent if isinstance(source, Recognition)]
    paces = [_pace(source, notes.values()) for _, source in sound]
    return Foreseen(
        recording=recording,
        known=known,
        segments=len(segments),
        lacking=sum((_work(live, recording, segment, sampling, "") for segment in lacking), Work()),
        captions=captions,
        kept=sum(len(c.text) for c in captions if c.id in coarse_ids or c.captioner in words),
        sound=sum(seconds for seconds, _ in sound),
        hearing=None if None in paces else sum(s * (p or 0) for (s, _), p in zip(sound, paces, strict=True)),
    )


def _pace(source: Source, notes: Iterable[Mapping[str, Any]]) -> float | None:
    """Return the seconds that a second of sound takes this source, as recordings heard before tell."""
    known = [noted[pace(source)] for noted in notes if pace(source) in noted]
    return median(known) if known else None


def looks(live: Live, recording: Recording, depth: int = len(LEVELS) - 2) -> list[Work]:
    """Return what each look that the settings allow would make, at segments down to `depth` (1: fine ones).

    Those at the finest level are left out: each makes one caption only.
    """
    plan, depth = live.plan_of(recording), min(depth, LEVELS.index(live.settings.deepest) - 1)
    alike: dict[tuple[int, float], Work] = {}
    found: list[Work] = []
    for segment in _down_to(plan, depth):
        if not recording.pictured(segment.start, segment.end):
            continue
        # Segments of one length differ in nothing that counts here.
        key = (segment.depth, round(segment.end - segment.start, 3))
        if key not in alike:
            views = stretches(live, recording, segment)
            alike[key] = sum((_work(live, recording, s, how, "x" * _INSTRUCTION) for s, how in views), Work())
        found.append(alike[key])
    return found


def _down_to(plan: Plan, depth: int) -> Iterator[Segment]:
    """Yield the segments of a plan down to `depth`; none where that is negative."""
    level = plan.coarse()
    for _ in range(depth + 1):
        yield from level
        level = [part for segment in level for part in plan.parts(segment)]


def _work(live: Live, recording: Recording, segment: Segment, sampling: Sampling, instruction: str) -> Work:
    """Return what describing one segment needs."""
    # As many as `Sampling.times` gives, without making the list of them.
    frames = max(1, math.ceil((segment.end - segment.start) * sampling.fps - 1e-6))
    shown = pictures_shown(live.captioner, frames)
    part = next((p for p in recording.parts if p.picture and p.start < segment.end and p.end > segment.start), None)
    size = sampling.size(part.width, part.height) if part and part.width and part.height else (0, 0)
    clip = Clip(segment, ())
    chars = len(opening(clip)) + len(request(clip, instruction)) + shown * _LABEL
    return Work(1, frames, shown * size[0] * size[1], chars)


def _held(
    live: Live, recording: Recording, segments: Sequence[Segment], silent: Sequence[tuple[Part, Source, float]]
) -> dict[str, str]:
    """Return the ids of the coarse captions that memory holds, by segment.

    A vision model is told the words of a segment; where they are not known yet, its caption is not either.
    """
    told = live.captioner.takes_instructions
    open_ = [(part.start + heard, part.end) for part, _, heard in silent] if told else []
    settled = [s for s in segments if not any(low < s.end and high > s.start for low, high in open_)]
    ids = {segment.id: coarse(live, recording, segment).id(live.captioner.name) for segment in settled}
    known = live.memory.known(recording.id, list(ids.values()))
    return {segment: id for segment, id in ids.items() if id in known}
