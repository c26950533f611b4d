"""What a simulated captioner could see: where answers are shown, how finely, and which words of a question lie about.

Everything is drawn by seed, video and question, in seconds of the video and not in segments: presets that cut
a video otherwise look at the same world.

| | drawn |
|---|---|
| where the answer is shown | not drawn: the benchmark's evidence |
| the level that shows it | ultra-fine with probability `deep`, else fine; never coarse |
| a cue in a coarse caption | of each stretch of evidence with probability `cue`: words of the question, at a moment |
| a cue in a fine caption | the same, drawn again: a closer look may see what the first one missed |
| distractors | `distractors` moments outside the evidence where coarse captions hold words of the question, too |

A cue holds each keyword with probability `CUE_WORDS`, a distractor with `DISTRACTOR_WORDS`, and each at least one: a
cue tells more than a distractor as a rule, not always. A closer look at a distractor shows that there is nothing.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from evaluation.records import Benchmark, Question, Stretch
from tools.errors import BadInput

CUE_WORDS, DISTRACTOR_WORDS = 0.6, 0.4
MOST_KEYWORDS = 8
_SHORTEST = 4
"""Letters of a keyword: shorter words are mostly articles and prepositions."""
_WORD = re.compile(r"\w+")
# fmt: off
_COMMON = frozenset((
    "about", "after", "again", "also", "appear", "appeared", "appears", "been", "before", "being", "beside",
    "between", "both", "could", "does", "doing", "during", "each", "first", "following", "from", "have", "having",
    "here", "into", "just", "last", "many", "more", "most", "much", "near", "only", "other", "over", "same",
    "should", "shown", "some", "than", "that", "their", "them", "then", "there", "these", "they", "this", "those",
    "through", "under", "until", "very", "video", "were", "what", "when", "where", "which", "while", "whom",
    "whose", "will", "with", "would", "your",
))
# fmt: on
_TRIES = 100
LONGEST = 7 * 86_400.0
"""Seconds of a video that can be simulated."""


@dataclass(frozen=True)
class Odds:
    """The chances a world is drawn with. Raises `BadInput` for what is no chance."""

    cue: float = 0.7
    """Of a caption above the level that shows the answer to hold words of the question."""
    deep: float = 0.5
    """Of an answer to be shown by the ultra-fine level only."""
    distractors: int = 4
    """Moments of each question that only seem to matter."""

    def __post_init__(self) -> None:
        for name in ("cue", "deep"):
            if not 0 <= getattr(self, name) <= 1:
                raise BadInput(f"--{name} is a probability from 0 to 1, not {getattr(self, name):g}")
        if not 0 <= self.distractors <= 1000:
            raise BadInput(f"--distractors is a number from 0 to 1000, not {self.distractors}")


@dataclass(frozen=True)
class Mention:
    """Words of a question that captions of one depth hold of a moment (seconds of the video)."""

    time: float
    depth: int
    """0: the coarse captions; 1: the fine ones."""
    words: tuple[str, ...]


@dataclass(frozen=True)
class Hidden:
    """One question as the world holds it."""

    question: Question
    stretches: tuple[Stretch, ...]
    """Its evidence, inside the video."""
    depth: int
    """From which depth on captions of the evidence tell the answer: 1 fine, 2 ultra-fine."""
    mentions: tuple[Mention, ...]

    @property
    def answer(self) -> str:
        """The text of the right option; where none is known, any words would do."""
        question = self.question
        return "known" if question.answer is None else question.options[question.answer]

    @property
    def cued(self) -> bool:
        """Whether the coarse captions of its evidence hold a cue."""
        return any(one.depth == 0 and touches(one.time, one.time, self.stretches) for one in self.mentions)


World = Mapping[str, Sequence[Hidden]]
"""By video."""


def draw(benchmark: Benchmark, odds: Odds, seed: int) -> World:
    """Return the world of those questions that can be hidden: their evidence is known, and so is the video's length."""
    world: dict[str, list[Hidden]] = {}
    for question in benchmark.questions:
        if inside := evidence_inside(question):
            world.setdefault(question.video, []).append(_hide(question, inside, odds, seed))
    return world


def evidence_inside(question: Question) -> tuple[Stretch, ...]:
    """Return the evidence of a question as far as it lies inside its video.

    Nothing where the video's length is not known, or beyond `LONGEST`.
    """
    end = question.duration or 0.0
    return tuple((low, min(high, end)) for low, high in question.evidence if low < end <= LONGEST)


@lru_cache(maxsize=4096)
def keywords(question: str) -> tuple[str, ...]:
    """Return the words a question is searched by, each once, at most `MOST_KEYWORDS`."""
    words = list(dict.fromkeys(_WORD.findall(question.casefold())))
    telling = [word for word in words if len(word) >= _SHORTEST and word not in _COMMON]
    return tuple((telling or words)[:MOST_KEYWORDS])


def words_of(text: str) -> frozenset[str]:
    """Return the words of a text, in small letters."""
    return frozenset(_WORD.findall(text.casefold()))


def touches(start: float, end: float, stretches: Iterable[Stretch]) -> bool:
    """Tell whether `[start, end)`, or the moment it is, shares a moment with one of the stretches."""
    return any(start < high and (end > low or start >= low) for low, high in stretches)


def _hide(question: Question, stretches: tuple[Stretch, ...], odds: Odds, seed: int) -> Hidden:
    # Bytes seed a generator the same in every process; a name may hold what is no UTF-8.
    drawn = random.Random(f"{seed}/{question.video}/{question.id}".encode(errors="backslashreplace"))
    depth = 2 if drawn.random() < odds.deep else 1
    names = keywords(question.question)
    mentions = [
        Mention(drawn.uniform(low, high), level, _some(names, CUE_WORDS, drawn))
        for low, high in stretches
        for level in range(depth)
        if drawn.random() < odds.cue
    ]
    for _ in range(odds.distractors):
        moment = _elsewhere(stretches, question.duration or 0.0, drawn)
        if moment is not None:
            mentions.append(Mention(moment, 0, _some(names, DISTRACTOR_WORDS, drawn)))
    return Hidden(question, stretches, depth, tuple(mentions))


def _some(names: Sequence[str], chance: float, drawn: random.Random) -> tuple[str, ...]:
    return tuple(name for name in names if drawn.random() < chance) or (drawn.choice(names or ("something",)),)


def _elsewhere(stretches: Sequence[Stretch], duration: float, drawn: random.Random) -> float | None:
    """Return a moment outside the evidence; None where the evidence is next to all of the video."""
    for _ in range(_TRIES):
        moment = drawn.uniform(0.0, duration)
        if not touches(moment, moment, stretches):
            return moment
    return None
