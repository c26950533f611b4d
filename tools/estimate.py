"""What looking and reasoning will cost, before anything is spent: arithmetic only."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from statistics import median
from typing import Any

from memory_store.records import Caption
from tools import tokens
from tools.settings import Settings
from tools.taken import Taken

USUAL_CAPTION, USUAL_REPLY = 450, 250
"""Tokens of a caption and of a reply where none was measured yet (a caption of the paper's has 1,800 characters)."""
_CAUTIOUS_CHARS = 3
"""Characters of a token at worst: languages differ."""


@dataclass(frozen=True)
class Cost:
    """A prediction. `seconds` is active time, None where it is not known yet; `cost` is money."""

    rounds: float = 0.0
    reasoner_calls: int = 0
    captions: int = 0
    frames: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    seconds: float | None = 0.0
    cost: float = 0.0

    @property
    def tokens(self) -> int:
        return self.prompt_tokens + self.completion_tokens

    def __add__(self, other: Cost) -> Cost:
        unknown = self.seconds is None or other.seconds is None
        both = {f.name: (getattr(self, f.name) or 0) + (getattr(other, f.name) or 0) for f in fields(self)}
        return Cost(**both | ({"seconds": None} if unknown else {}))

    def priced(self, prompt: float, completion: float) -> Cost:
        """Return it with what its tokens cost, at prices of a million prompt and completion tokens."""
        return replace(self, cost=(self.prompt_tokens * prompt + self.completion_tokens * completion) / 1e6)

    def at_most(self, bound: Cost) -> Cost:
        """Return it with nothing above `bound`; prompt and completion tokens shrink alike, by their sum."""
        total = min(self.tokens, bound.tokens)
        prompt = self.prompt_tokens * total // self.tokens if self.tokens else 0
        capped = self.seconds is None or bound.seconds is None
        return Cost(
            min(self.rounds, bound.rounds),
            min(self.reasoner_calls, bound.reasoner_calls),
            min(self.captions, bound.captions),
            min(self.frames, bound.frames),
            prompt,
            total - prompt,
            self.seconds if capped else min(self.seconds or 0.0, bound.seconds or 0.0),
            min(self.cost, bound.cost),
        )

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON values; unknown seconds are null."""
        return {
            "reasoner_calls": self.reasoner_calls,
            "captions": self.captions,
            "frames": self.frames,
            "prompt_tokens": self.prompt_tokens,
            "completion_tokens": self.completion_tokens,
            "seconds": None if self.seconds is None else round(self.seconds, 1),
            "cost": round(self.cost, 6),
        }


def left_of(settings: Settings, cost: Cost, *spent: Cost) -> Cost:
    """Return `cost` within what the budgets of a question leave after what was `spent` before it."""
    before = sum(spent, Cost(seconds=0.0))

    def left(limit: float, used: float | None) -> float:
        return max(0.0, limit - (used or 0)) if limit else math.inf

    most, dearest = left(settings.max_tokens, before.tokens), max(settings.price_prompt, settings.price_completion)
    # Fewer tokens cost less: at most as much as if all were of the dearer kind.
    money = min(left(settings.max_cost, before.cost), most * dearest / 1e6 if settings.max_tokens else math.inf)
    bound = replace(
        cost,
        reasoner_calls=_least(cost.reasoner_calls, left(settings.max_reasoner_calls, before.reasoner_calls)),
        captions=_least(cost.captions, left(settings.max_captions, before.captions)),
        frames=_least(cost.frames, left(settings.max_frames, before.frames)),
        prompt_tokens=_least(cost.tokens, most),
        completion_tokens=0,
        seconds=None if cost.seconds is None else min(cost.seconds, left(settings.max_seconds, before.seconds)),
        cost=min(cost.cost, money),
    )
    return cost.at_most(bound)


def _least(count: int, limit: float) -> int:
    return count if limit == math.inf else min(count, math.floor(limit))


@dataclass(frozen=True)
class Work:
    """Captions to make, and what a vision model is shown for them: frames, their area in pixels, characters."""

    captions: int = 0
    frames: int = 0
    pixels: int = 0
    chars: int = 0

    def __add__(self, other: Work) -> Work:
        return Work(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))

    def scaled(self, by: float) -> Work:
        return Work(*(math.ceil(getattr(self, f.name) * by) for f in fields(self)))


def largest(looks: Sequence[Work], count: int) -> Work:
    """Return the most that `count` of these looks can need, each kind of need by itself."""
    names = [f.name for f in fields(Work)]
    return Work(*(sum(sorted((getattr(look, n) for look in looks), reverse=True)[:count]) for n in names))


@dataclass(frozen=True)
class Pace:
    """What a caption took, as the captions in memory tell: medians, None where nothing is known."""

    seconds: float | None = None
    prompt_tokens: float | None = None
    """For one frame, with its share of the text."""
    completion_tokens: float | None = None
    count: int = 0

    @classmethod
    def of(cls, captions: Iterable[Caption]) -> Pace:
        known = [(taken, caption.frames) for caption in captions if (taken := Taken.of(caption.extra))]
        if not known:
            return cls()
        prompts = [taken.prompt_tokens / frames for taken, frames in known if taken.prompt_tokens and frames]
        written = [taken.completion_tokens for taken, _ in known if taken.completion_tokens]
        return cls(
            median(taken.seconds for taken, _ in known),
            median(prompts) if prompts else None,
            median(written) if written else None,
            len(known),
        )


@dataclass(frozen=True)
class Looking:
    """How a captioner works: its pace, how many clips at once, its longest caption in tokens (0: it counts none)."""

    pace: Pace
    at_once: int
    longest: int

    def usual(self, work: Work) -> Cost:
        """Return what captions usually take."""
        measured = self.pace.prompt_tokens
        prompt = _shown(work) if measured is None else math.ceil(work.frames * measured)
        said = min(self.longest, math.ceil(self.pace.completion_tokens or USUAL_CAPTION))
        return self._cost(work, prompt, said)

    def worst(self, work: Work) -> Cost:
        """Return the most that captions can take, at the pace known."""
        prompt = max(_shown(work, cautious=True), math.ceil(work.frames * (self.pace.prompt_tokens or 0)))
        return self._cost(work, prompt, self.longest)

    def _cost(self, work: Work, prompt: int, said: int) -> Cost:
        seconds = 0.0 if not work.captions else self.pace.seconds
        return Cost(
            captions=work.captions,
            frames=work.frames,
            prompt_tokens=prompt if self.longest else 0,
            completion_tokens=work.captions * said,
            seconds=None if seconds is None else work.captions * seconds / self.at_once,
        )


def _shown(work: Work, cautious: bool = False) -> int:
    text = -(-work.chars // _CAUTIOUS_CHARS) if cautious else tokens.of_text(work.chars)
    return tokens.of_pictures(work.pixels) + text


@dataclass(frozen=True)
class Prompts:
    """Characters of the prompt of each step of a question."""

    judge: int
    first: int
    check: int
    locate: int
    answer: int

    def chars(self, rounds: float) -> float:
        """Return the characters of all prompts of a question of so many rounds of looking again."""
        return self.judge + self.first + self.answer + rounds * (self.check + self.locate)


def steps(rounds: float) -> float:
    """Return how often a question asks its reasoner: judge, checks, locates, answer."""
    return 3 + 2 * rounds


@dataclass(frozen=True)
class Reasoning:
    """How a reasoner works: medians of what is known of it; `most_calls` where it asks a model only now and then."""

    longest: int
    """Tokens of a reply at most."""
    tries: int
    """Model calls one reply may take."""
    seconds: float | None = None
    """Of one step."""
    prompt_tokens: float | None = None
    """Of one call, measured."""
    completion_tokens: float | None = None
    most_calls: int | None = None
    """None: every step asks a chat model. Else it decides in code, and has neither tokens nor a price."""

    def usual(self, count: float, chars: float, calls: float | None = None) -> Cost:
        """Return what `count` steps over `chars` characters of prompts usually take; `calls` where it was counted."""
        asked = math.ceil(count if calls is None else calls)
        if self.most_calls is not None:
            return Cost(reasoner_calls=min(asked, self.most_calls), seconds=self._time(count))
        each = tokens.of_text(math.ceil(chars / count)) if count and self.prompt_tokens is None else self.prompt_tokens
        said = min(self.longest, self.completion_tokens or USUAL_REPLY)
        return Cost(
            reasoner_calls=asked,
            prompt_tokens=math.ceil(asked * (each or 0)),
            completion_tokens=math.ceil(asked * said),
            seconds=self._time(count),
        )

    def worst(self, count: float, chars: float, at_once: int = 1) -> Cost:
        """Return the most that `count` steps can take: each reply is asked for once more, with the first in hand."""
        asked, seconds = math.ceil(count) * self.tries, self._time(count * self.tries / at_once)
        if self.most_calls is not None:
            return Cost(reasoner_calls=min(asked, self.most_calls), seconds=seconds)
        prompt = -(-math.ceil(chars) // _CAUTIOUS_CHARS) + math.ceil(count)
        again = (self.tries - 1) * math.ceil(count) * self.longest
        measured = math.ceil(asked * (self.prompt_tokens or 0))
        return Cost(
            reasoner_calls=asked,
            prompt_tokens=max(self.tries * prompt + again, measured),
            completion_tokens=asked * self.longest,
            seconds=seconds,
        )

    def _time(self, count: float) -> float | None:
        if not count:
            return 0.0
        return None if self.seconds is None else count * self.seconds


def chapters(sizes: Iterable[int], prompt_chars: int, most: int) -> int:
    """Return how many chapters are read of memories of these sizes (characters); none where all fit one prompt."""
    sizes = list(sizes)
    if sum(sizes) <= prompt_chars:
        return 0
    fill = max(prompt_chars, math.ceil(sum(sizes) / most))
    count = sum(max(1, round(size / fill)) for size in sizes)
    return count if count > 1 else 0
