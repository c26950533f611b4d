"""What of a chapter bears on a question: the remarks that fit it best, with the words that show it."""

from __future__ import annotations

from tools.reasoners.base import Finding, Findings, Passage
from tools.reasoners.embedded.cover import is_soft
from tools.reasoners.embedded.extract import scored
from tools.reasoners.embedded.meaning import Meaning
from tools.reasoners.embedded.question import Asked
from tools.reasoners.embedded.reading import Reading, Remark
from tools.reasoners.embedded.summary import account

_MOST = 6
"""Findings of one chapter."""
_NOTE = 60
"""Characters of a note."""
_BEARS = 0.5
"""Share of the question's words from which a remark bears on it."""


def findings(asked: Asked, passages: tuple[Passage, ...], counting: bool, prose: bool, meaning: Meaning) -> Findings:
    """Return what in `passages` bears on the question, in order of time; nothing where no remark does.

    `counting`: the question asks how many; `prose`: whether the captioner's own sentences describe what happens.
    """
    reading = Reading.of(passages)
    if all(map(is_soft, asked.required)) and not asked.sorts:
        told = account(reading, prose)
        chosen = [told.remark, *(remark for remark, _ in told.also)] if told and not asked.unseen else []
    else:
        chosen = _fitting(asked, reading, meaning)
    chosen = sorted(chosen[:_MOST], key=lambda remark: remark.line.start)
    counted = " ".join(word.text for word in asked.required if not is_soft(word)) if counting else ""
    return Findings(findings=[_finding(remark, counted) for remark in chosen])


def _fitting(asked: Asked, reading: Reading, meaning: Meaning) -> list[Remark]:
    """Return the remarks that fit the question, best first, each showing once."""
    kept: list[Remark] = []
    for covered, remark in sorted(scored(asked, reading, meaning), key=lambda pair: -pair[0].score):
        fits = bool(covered.near) and covered.score >= _BEARS and not covered.conflict
        if fits and not any(_same_showing(remark, known) for known in kept):
            kept.append(remark)
    return kept


def _same_showing(one: Remark, other: Remark) -> bool:
    """The same words at another time are another occurrence, and may have to be counted."""
    return one.key == other.key and one.line.start <= other.line.end and one.line.end >= other.line.start


def _finding(remark: Remark, counted: str) -> Finding:
    quote = remark.body.strip()
    note = f"counts: {counted}" if counted else remark.heading or quote
    short = note if len(note) <= _NOTE else note[: _NOTE - 1].rsplit(" ", 1)[0] + "…"
    return Finding(caption=remark.passage.id, quote=quote, note=short)
