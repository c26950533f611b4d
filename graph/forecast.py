"""What a question will take under the settings in force, from the plan, from memory and from finished sessions."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from graph.history import History, history
from memory_store.records import LEVELS, Caption, Part
from nodes.budget import REASONER_CALLS
from nodes.coverage import COVERED, looks_at_once
from nodes.looks import AGAIN
from nodes.overview import SHARE as OUTLINE
from nodes.shown import SHARES, Step
from nodes.summarize import CHAPTER
from nodes.view import CHAPTER as CHAPTER_LEVEL
from nodes.view import VIDEO
from tools import tokens
from tools.estimate import (
    USUAL_CAPTION,
    Cost,
    Looking,
    Pace,
    Prompts,
    Reasoning,
    Work,
    chapters,
    largest,
    left_of,
    steps,
)
from tools.foresight import Foreseen, foresee, looks
from tools.live import Live
from tools.parts import QUESTIONS_AT_ONCE

USUAL_ROUNDS = 1.5
"""Rounds of a question where no session tells better: the paper reports 6.3 calls of its models a question."""
_RULES = 4_000
"""Characters of a prompt beside memory, outline and question: what is asked for, and the form of the reply."""
_SUMMARY = 900
"""Characters of a summary, about."""


@dataclass(frozen=True)
class Forecast:
    """A prediction for one question of some videos. Each cost comes on top of those before it."""

    videos: tuple[Foreseen, ...]
    coarse: Cost
    summaries: Cost
    expected: Cost
    worst: Cost
    chapters: Cost
    """What of the worst is the reading of chapters, which only some kinds of question need."""
    basis: str

    def to_dict(self) -> dict[str, Any]:
        """Return it as `videolucy estimate --json` prints it (docs/estimate.md)."""
        held = sum(video.segments - video.lacking.captions for video in self.videos)
        heard = [video.hearing for video in self.videos]
        coarse = {key: value for key, value in self.coarse.to_dict().items() if key != "reasoner_calls"}
        hearing = None if None in heard else round(sum(seconds or 0.0 for seconds in heard), 1)
        return {
            "video": [_told(video) for video in self.videos],
            "coarse": {
                **coarse,
                "captions_in_memory": held,
                "speech": {"sound": round(sum(v.sound for v in self.videos), 1), "seconds": hearing},
                "summaries": self.summaries.to_dict(),
            },
            "question": {
                "expected": _of_question(self.expected),
                "worst": {**_of_question(self.worst), "chapters": self.chapters.to_dict()},
            },
            "basis": self.basis,
        }


def forecast(
    live: Live, videos: Sequence[tuple[str, tuple[Part, ...]]], checkpoints: Path, question: int = 0
) -> Forecast:
    """Predict what a question of `question` characters takes. Spends nothing and writes nothing.

    Args:
        live: opened for reading only (`tools.live.peek`).
        videos: the name and the parts of each.
        checkpoints: the file of the sessions, which need not exist.
        question: characters of the question and its options.
    """
    settings = live.settings
    seen = _each_once([foresee(live, name, parts) for name, parts in videos])
    past = history(checkpoints, live.captioner.name, live.reasoner.name)
    looking, reasoning = _looking(live, seen), _reasoning(live, past)
    lacking = sum((video.lacking for video in seen), Work())

    def priced(cost: Cost) -> Cost:
        return cost.priced(settings.price_prompt, settings.price_completion)

    sizes = [_size(live, video) for video in seen]
    coarse = left_of(settings, priced(looking[0].usual(lacking)))
    above = left_of(settings, priced(_summaries(live, seen, sizes, reasoning)), coarse)
    worst, read = _worst(live, seen, looking, reasoning, question)
    worst = left_of(settings, priced(worst), coarse, above)
    usual = left_of(
        settings, priced(_expected(live, seen, sizes, looking[1], reasoning, past, question)), coarse, above
    )
    return Forecast(
        videos=tuple(seen),
        coarse=coarse,
        summaries=above,
        expected=usual.at_most(worst),
        worst=worst,
        chapters=priced(read).at_most(worst),
        basis=_basis(live, past, looking, reasoning),
    )


def _each_once(seen: list[Foreseen]) -> list[Foreseen]:
    return list({video.recording.id: video for video in seen}.values())


def _looking(live: Live, seen: Sequence[Foreseen]) -> list[Looking]:
    """Return how the captioner works at each level, by these videos if they tell, else by all of memory."""
    longest = live.settings.caption_tokens if live.captioner.takes_instructions else 0
    here = [caption for video in seen for caption in video.captions]
    paces = [_pace(live, here, level) for level in LEVELS]
    if not all(pace.count for pace in paces):
        ids = {video.recording.id for video in seen}
        others = [c for r in live.memory.recordings() if r.id not in ids for c in live.memory.captions(r.id)]
        paces = [p if p.count else _pace(live, others, level) for p, level in zip(paces, LEVELS, strict=True)]
    return [Looking(pace, live.captions_at_once, longest) for pace in paces]


def _pace(live: Live, captions: Sequence[Caption], level: str) -> Pace:
    return Pace.of(c for c in captions if c.level == level and c.captioner == live.captioner.name)


def _reasoning(live: Live, past: History) -> Reasoning:
    return Reasoning(
        longest=live.settings.reply_tokens,
        tries=REASONER_CALLS,
        seconds=past.step_seconds,
        prompt_tokens=past.prompt_tokens,
        completion_tokens=past.completion_tokens,
        most_calls=getattr(live.reasoner, "most_calls", None),
    )


def _size(live: Live, video: Foreseen) -> int:
    """Return the characters that coarse memory of a video will have: what is there, and usual captions to come."""
    coarse = [len(c.text) for c in video.captions if c.level == LEVELS[0] and c.captioner == live.captioner.name]
    usual = sum(coarse) // len(coarse) if coarse else tokens.text_of(USUAL_CAPTION)
    return video.kept + video.lacking.captions * usual


def _largest_size(live: Live, video: Foreseen) -> int:
    return video.kept + video.lacking.captions * tokens.text_of(max(live.settings.caption_tokens, USUAL_CAPTION))


def _prompts(live: Live, memory: int, question: int) -> Prompts:
    """Return the prompts of the steps over `memory` characters: each shows its share, or all where settings say so."""
    settings = live.settings
    outline = 0 if settings.full_memory else round(OUTLINE * settings.prompt_chars)

    def chars(step: Step) -> int:
        shown = memory if settings.full_memory else min(memory, round(SHARES[step] * settings.prompt_chars))
        return shown + _RULES + question + (outline if step in ("judge", "locate") else 0)

    return Prompts(chars("judge"), chars("first"), chars("check"), chars("locate"), chars("answer"))


def _expected(
    live: Live,
    seen: Sequence[Foreseen],
    sizes: Sequence[int],
    looking: Looking,
    reasoning: Reasoning,
    past: History,
    question: int,
) -> Cost:
    settings = live.settings
    rounds = min(past.rounds if past.sessions else USUAL_ROUNDS, settings.max_rounds)
    each = [look for video in seen for look in looks(live, video.recording, depth=0)]
    taken = min(past.looks if past.sessions else rounds * settings.looks_per_round, len(each))
    # The segments of one length are most of them; the rest at the end is not to be counted on.
    work = largest(each, math.ceil(taken)).scaled(taken / math.ceil(taken)) if taken else Work()
    prompts = _prompts(live, sum(sizes) + work.captions * tokens.text_of(USUAL_CAPTION), question)
    calls = past.calls * steps(rounds) / steps(past.rounds) if past.sessions else None
    reasoned = reasoning.usual(steps(rounds), prompts.chars(rounds), calls)
    return Cost(rounds=rounds) + looking.usual(work) + reasoned


def _worst(
    live: Live, seen: Sequence[Foreseen], looking: Sequence[Looking], reasoning: Reasoning, question: int
) -> tuple[Cost, Cost]:
    """Return the most a question can take, and what of it is the reading of chapters."""
    settings, rounds = live.settings, live.settings.max_rounds
    times = AGAIN if live.captioner.takes_instructions else 1
    most = rounds * max(looks_at_once(kind, settings) for kind in ("local", *COVERED))
    each = [look for video in seen for look in looks(live, video.recording)]
    work = largest(each * times, most)
    deeper = Looking(_slower(looking[1].pace, looking[2].pace), looking[1].at_once, looking[1].longest)
    sizes = [_largest_size(live, video) for video in seen]
    memory = sum(sizes) + work.captions * tokens.text_of(max(settings.caption_tokens, USUAL_CAPTION))
    reasoned = reasoning.worst(steps(rounds), _prompts(live, memory, question).chars(rounds))
    count = 0
    if settings.routed and not settings.full_memory and reasoning.most_calls is None:
        count = chapters(sizes, settings.prompt_chars, settings.chapters_read)
    length = settings.prompt_chars + _RULES + question
    read = reasoning.worst(count, count * length, at_once=max(1, min(QUESTIONS_AT_ONCE, count)))
    return Cost(rounds=rounds) + deeper.worst(work) + reasoned + read, read


def _slower(one: Pace, other: Pace) -> Pace:
    """Return the slower and longer-winded of two paces; what the first does not know is not known."""

    def most(name: str) -> float | None:
        first, second = getattr(one, name), getattr(other, name)
        return None if first is None else max(first, second or 0)

    return Pace(most("seconds"), most("prompt_tokens"), most("completion_tokens"), one.count + other.count)


def _summaries(live: Live, seen: Sequence[Foreseen], sizes: Sequence[int], reasoning: Reasoning) -> Cost:
    """Return what the chapters and summaries of long memories take that are not there yet."""
    if live.settings.full_memory or reasoning.most_calls is not None:
        return Cost()
    made, chars = 0, 0
    for video, size in zip(seen, sizes, strict=True):
        if size <= live.settings.prompt_chars:
            continue
        count = math.ceil(len(live.plan_of(video.recording).coarse()) / CHAPTER)
        levels = (CHAPTER_LEVEL, VIDEO)
        there = sum(c.level in levels and c.captioner == live.reasoner.name for c in video.captions)
        if video.lacking.captions or there < count + 1:
            made += count + 1
            chars += size + count * _SUMMARY + (count + 1) * _RULES
    return reasoning.usual(made, chars) if made else Cost()


def _basis(live: Live, past: History, looking: Sequence[Looking], reasoning: Reasoning) -> str:
    """Say in a few sentences what the prediction rests on."""
    count = past.sessions
    many = f"the mean of {count} finished sessions" if count > 1 else "the one finished session"
    said = [
        f"Rounds and calls: {many} with these models."
        if count
        else f"Rounds: {USUAL_ROUNDS} are expected (the paper reports 6.3 calls a question); no finished session yet."
    ]
    measured = sum(each.pace.count for each in looking)
    said.append(
        f"Time of captions: the median of {measured} in memory." if measured else "Time of captions: not known yet."
    )
    if reasoning.seconds is None:
        said.append("Time of reasoning: not known yet.")
    if looking[0].longest:
        how = "as measured" if any(each.pace.prompt_tokens for each in looking) else "by the area of the pictures"
        said.append(f"Tokens of captions: {how}.")
    else:
        said.append("The embedded captioner has no tokens and costs nothing.")
    if reasoning.most_calls is not None:
        said.append("The embedded reasoner decides in code: it has no tokens and costs nothing.")
    else:
        said.append(f"Tokens of reasoning: {'as measured' if reasoning.prompt_tokens else 'by the length of prompts'}.")
    unpriced = not (live.settings.price_prompt or live.settings.price_completion)
    if unpriced and (looking[0].longest or reasoning.most_calls is None):
        said.append("No price is set (price_prompt, price_completion).")
    return " ".join(said)


def _told(video: Foreseen) -> dict[str, Any]:
    return {
        "name": video.recording.name,
        "recording": video.recording.id,
        "duration": round(video.recording.duration, 3),
        "in_memory": video.known,
        "segments": video.segments,
    }


def _of_question(cost: Cost) -> dict[str, Any]:
    return {"rounds": round(cost.rounds, 1), **cost.to_dict()}
