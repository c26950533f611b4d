"""Finding the words in memory that answer an open question, and grading how well they do.

Nothing is supported but by words that stand in a line: the line and its context must cover what the
question says, and hold something of the sort it asks for that the question does not already say.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from tools.reasoners.base import Support
from tools.reasoners.embedded.cover import Cover, cover
from tools.reasoners.embedded.meaning import Meaning
from tools.reasoners.embedded.picking import span, value
from tools.reasoners.embedded.proof import lacking
from tools.reasoners.embedded.question import Asked
from tools.reasoners.embedded.reading import Reading, Remark
from tools.reasoners.embedded.sorts import BOUNDS
from tools.reasoners.embedded.spans import Piece, with_day
from tools.reasoners.embedded.wording import fold, meant, words

_TYPED, _WORDS = 0.6, 0.7
"""Score of the cover from which a span of the right sort, or mere words, are supported."""
_TRY_MEANING = 40
"""Remarks, best first, for which words of like meaning are looked for: each costs a comparison of vectors."""


@dataclass(frozen=True)
class Found:
    """A span that may answer, where it stands, and how sure it is."""

    remark: Remark
    answer: str
    quote: str
    cover: Cover
    support: Support
    confidence: float
    lacking: str = ""
    also: tuple[tuple[Remark, str], ...] = ()
    """Further remarks that the answer rests on, with their quotes."""

    @property
    def rank(self) -> tuple[float, ...]:
        return ({"supported": 2, "partly": 1, "unsupported": 0}[self.support], self.confidence, -self.remark.line.start)


def best(asked: Asked, reading: Reading, meaning: Meaning) -> Found | None:
    """Return the best answer to an open question that memory holds, supported or not; None if it holds nothing."""
    found = list(_candidates(asked, reading, meaning))
    if not found:
        return None
    found = _unless_rivalled(found)
    if asked.place == "last":
        top = max(item.rank[:2] for item in found)
        return max(
            (item for item in found if item.rank[0] == top[0] and item.confidence >= top[1] - 0.05),
            key=lambda item: item.remark.line.start,
        )
    return max(found, key=lambda item: item.rank)


def scored(asked: Asked, reading: Reading, meaning: Meaning) -> Iterator[tuple[Cover, Remark]]:
    """Yield every remark that can hold an answer and how it covers the question, roughly the best first."""
    by_letters = sorted(
        ((cover(asked, remark, reading), remark) for remark in reading.telling()), key=lambda pair: -pair[0].score
    )
    for index, (covered, remark) in enumerate(by_letters):
        if covered.missing and index < _TRY_MEANING:
            covered = cover(asked, remark, reading, meaning)
        yield covered, remark


def _candidates(asked: Asked, reading: Reading, meaning: Meaning) -> Iterator[Found]:
    for covered, remark in scored(asked, reading, meaning):
        if covered.near or not covered.strong:
            yield _graded(asked, remark, covered, reading, meaning)


def _graded(asked: Asked, remark: Remark, covered: Cover, reading: Reading, meaning: Meaning) -> Found:
    piece, also = span(asked, remark, covered, reading)
    if asked.bound and piece and (edges := re.split(r"\s?[-–—]\s?", piece.text))[1:]:
        edge = edges[0 if asked.bound == "begin" else -1]
        at = piece.start + piece.text.rindex(edge)
        piece, covered = Piece(at, at + len(edge), edge), _told_by_hours(asked, covered)
    if piece and asked.text.lower().startswith("when"):
        piece = with_day(piece, remark.body)
    answer = piece.text if piece else value(asked, remark)
    if also:
        answer = f"{also[0][1]} {answer}"
    why = lacking(asked, remark, covered, piece, reading, meaning)
    score = covered.score if covered.credit else _TYPED
    # Words about the medium and the noun asked for decide between lines that cover the rest equally.
    bonus = (
        0.05 * asked.sort_words_in(remark.stems)
        + 0.1 * _names_head(asked, remark)
        + 0.02 * min(2, sum(w.stem in remark.stems for w in words(asked.text)))
    )
    if not why and (score >= (_TYPED if asked.sorts else _WORDS) or asked.spoken and remark.kind == "speech"):
        return Found(
            remark,
            answer,
            remark.body,
            covered,
            "supported",
            round(min(0.95, 0.6 + 0.25 * score + bonus), 3),
            also=also,
        )
    strong = sum(covered.credit[word] for word in covered.strong) / len(covered.strong) if covered.strong else 0.0
    if strong >= 0.5 and not covered.conflict and not asked.unseen and (piece is not None or not asked.sorts):
        return Found(
            remark,
            answer,
            remark.body,
            covered,
            "partly",
            round(0.3 + 0.25 * score, 2),
            why or "a clear statement",
            also,
        )
    # A guess must at least speak of something the question names.
    guess = answer if covered.near else ""
    return Found(
        remark,
        guess,
        remark.body,
        covered,
        "unsupported",
        round(0.25 * score, 2),
        why or "a clear statement",
        also,
    )


def _told_by_hours(asked: Asked, covered: Cover) -> Cover:
    """`9:00-17:00` says when something begins and ends without those words."""
    return Cover({word: 0.8 if word.stem in BOUNDS else credit for word, credit in covered.credit.items()})


def _names_head(asked: Asked, remark: Remark) -> bool:
    return asked.head is not None and meant(asked.head.stem, remark.stems)


def _unless_rivalled(found: list[Found]) -> list[Found]:
    """Grade down answers that another line contradicts with the same right: both cannot be meant."""
    sure = [item for item in found if item.support == "supported"]
    if not sure:
        return found
    top = max(item.confidence for item in sure)
    rivals = {fold(item.answer): item for item in sure if item.confidence > top - 0.02}
    distinct = [a for a in rivals if not any(a != b and (a in b or b in a) for b in rivals)]
    if len(distinct) <= 1 or all(item.cover.own or not item.cover.credit for item in sure):
        return found
    return [
        item if item.cover.own or not item.cover.credit or item.support != "supported" else _weaker(item)
        for item in found
    ]


def _weaker(item: Found) -> Found:
    return replace(item, support="partly", confidence=0.5, lacking="which of several lines is meant")
