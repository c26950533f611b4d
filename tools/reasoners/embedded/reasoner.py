"""The embedded reasoner: everything is decided in code, from the words memory holds.

A verdict is `supported` only when a span of a line answers the question; a small GGUF model, where there
is one, words the final answer and is believed only as far as the quoted lines bear it out.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any, cast

from pydantic import BaseModel

from tools.reasoners.base import (
    Citation,
    FinalAnswer,
    Findings,
    FollowUp,
    Judgement,
    Look,
    Looks,
    ReasonerError,
    Reply,
    Summary,
    Task,
    Verdict,
)
from tools.reasoners.embedded import choices, extract, followup, moments, occurrences, sights, statements
from tools.reasoners.embedded.cover import is_soft
from tools.reasoners.embedded.extract import Found
from tools.reasoners.embedded.findings import findings
from tools.reasoners.embedded.meaning import Embeds, Meaning
from tools.reasoners.embedded.perception import kind_of
from tools.reasoners.embedded.phraser import Phraser, consistent
from tools.reasoners.embedded.question import Asked, ask
from tools.reasoners.embedded.ranking import Ranked, rank
from tools.reasoners.embedded.reading import Reading
from tools.reasoners.embedded.summary import account, summarise
from tools.reasoners.embedded.wording import content, stems_of, words
from tools.usage import Usage

_SUMMARY_CHARS = 600
_MOST_EVIDENCE = 4
_ALL = 0.7
"""Share of the best passage's words from which another bears as much on what is counted or put in order."""
_SHORT = 3
"""Words of an answer that need no wording: a name, a price, a date. Each call costs seconds on a small machine."""


class EmbeddedReasoner:
    """Answers tasks without a remote model. Implements `tools.reasoners.base.Reasoner`."""

    def __init__(self, embedder: Embeds, phraser: Phraser | None = None) -> None:
        self._meaning = Meaning(embedder)
        self._phraser = phraser
        self.name = "extractive-1" + (f"+{phraser.name}" if phraser else "")

    @property
    def most_calls(self) -> int:
        """Calls of a model that a question takes at most: the one that words its answer."""
        return 1 if self._phraser else 0

    def reply(self, task: Task[Reply]) -> tuple[Reply, Usage]:
        """Return the reply of the type asked for and what it cost. Raises `ReasonerError`."""
        decide: dict[type[BaseModel], Callable[[Task[Any]], tuple[BaseModel, Usage]]] = {
            Judgement: self._judge,
            Verdict: self._verify,
            Looks: self._look,
            FinalAnswer: self._answer,
            Summary: self._summarise,
            FollowUp: self._understand,
            Findings: self._find,
        }
        if task.reply not in decide:
            raise ReasonerError(f"the embedded reasoner has no reply of type {task.reply.__name__}")
        made, usage = decide[task.reply](task)
        return cast(Reply, made), usage

    def _judge(self, task: Task[Any]) -> tuple[Judgement, Usage]:
        ranked = rank(_asked(task), task.passages, self._meaning)
        chosen = [item for item in ranked if item.score > 0] or ranked
        kind, limit = kind_of(task.question), task.limit
        if kind in {"counting", "order"} and task.wide > limit:
            alike = [item for item in chosen if item.words >= _ALL * chosen[0].words > 0]
            limit = max(limit, min(task.wide, len({item.passage.segment for item in alike})))
        segments = list(dict.fromkeys(item.passage.segment for item in chosen))[:limit]
        reason = f"ranked by {chosen[0].reason}" if chosen else "nothing is remembered"
        return Judgement(kind=kind, segments=segments, reason=reason), Usage()

    def _verify(self, task: Task[Any]) -> tuple[Verdict, Usage]:
        found, letter = self._found(task)
        verdict = _verdict(task, found, letter)
        if verdict.support == "supported" and followup.unsure(task.question):
            # What it refers back to was guessed: an answer may fit the guess and not the question.
            verdict = verdict.model_copy(update={"support": "partly", "missing": "what the question refers back to"})
        return verdict, Usage()

    def _found(self, task: Task[Any]) -> tuple[Found | None, str]:
        """Return what memory holds for the question, and the letter chosen where there are options."""
        asked, reading = _asked(task), Reading.of(task.passages)
        # `Which circle comes first` is about one thing, `which of these` about the course of the video.
        one = sights.names_one(asked, task.options)
        # How often and in which order is never found in the words of one line, what a look at a thing tells seldom.
        if not one and (told := occurrences.settle(asked, task.options, reading)):
            return told
        usual = self._read(asked, task, reading)
        seen = sights.settle(asked, task.options, reading)
        if seen and _firmer(seen, usual):
            return seen
        return (occurrences.settle(asked, task.options, reading) if one else None) or usual

    def _read(self, asked: Asked, task: Task[Any], reading: Reading) -> tuple[Found | None, str]:
        """Return what a line says that answers the question, and the letter chosen where there are options."""
        found = moments.settle(asked, reading, self._meaning)
        if (
            found is None
            and kind_of(task.question) == "whole"
            and all(map(is_soft, asked.required))
            and not asked.unseen
        ):
            found = account(reading, prose=not _blind(task))
        if found is None and asked.yes_no:
            found = statements.judge(asked, reading, self._meaning)
        elif found is None:
            found = extract.best(asked, reading, self._meaning)
        if not task.options:
            return found, ""
        if asked.yes_no and found and found.answer and (letter := statements.option_for(found.answer, task.options)):
            return found, letter
        letter, held = choices.choose(asked, task.options, reading, self._meaning, found)
        return held, letter

    def _look(self, task: Task[Any]) -> tuple[Looks, Usage]:
        asked = _asked(task)
        ranked = self._beside_matches(asked, task)
        focus = _focus(task)
        looks = [
            Look(segment=item.passage.segment, focus=focus, instruction=_instruction(task.question, focus, item))
            for item in ranked[: task.limit]
        ]
        known = {passage.id for passage in task.passages}
        found, _ = self._found(task)
        reuse = [found.remark.passage.id] if found and found.support != "unsupported" else []
        reason = f"{ranked[0].reason}; looking for {focus}" if ranked else "nothing is left to look at"
        if asked.unseen:
            # Words on screen may still tell it, so the first look is worth its while; more of them are not.
            reason = asked.unseen
        known_reuse = [id_ for id_ in reuse if id_ in known]
        return Looks(looks=looks, reuse=known_reuse, hopeless=bool(asked.unseen), reason=reason), Usage()

    def _beside_matches(self, asked: Asked, task: Task[Any]) -> list[Ranked]:
        """Rank the candidates, lifting those that lie in or next to the passage that fits the question best."""
        ranked = rank(asked, task.candidates, self._meaning)
        best = next((item for item in rank(asked, task.passages, self._meaning) if item.words > 0), None)
        if best is None or not ranked:
            return ranked
        at = best.passage
        lift = 0.5 / 11

        def lifted(item: Ranked) -> Ranked:
            other = item.passage
            near = other.recording == at.recording and other.start <= at.end + 0.1 and other.end >= at.start - 0.1
            return replace(item, score=item.score + lift) if near else item

        return sorted(map(lifted, ranked), key=lambda item: (-item.score, item.passage.start))

    def _answer(self, task: Task[Any]) -> tuple[FinalAnswer, Usage]:
        verdict = task.verdict or self._verify(task)[0]
        if verdict.support != "supported":
            return _not_shown(task, verdict), Usage()
        quotes = [citation.quote for citation in verdict.evidence if citation.quote]
        answer, usage = verdict.answer or (quotes[0] if quotes else ""), Usage()
        if self._phraser and quotes and not task.options and len(words(answer)) > _SHORT:
            worded, usage = self._phraser.phrase(task.question, quotes)
            if worded and consistent(worded, quotes, task.question) and _holds(worded, answer, task.question):
                answer = worded
        return FinalAnswer(
            answer=answer,
            option=verdict.option,
            confidence=verdict.confidence,
            reason="the words quoted answer the question" if quotes else "the memory of the video tells it",
            evidence=verdict.evidence,
        ), usage

    def _summarise(self, task: Task[Any]) -> tuple[Summary, Usage]:
        return Summary(summary=summarise(task.passages, _SUMMARY_CHARS)), Usage()

    def _understand(self, task: Task[Any]) -> tuple[FollowUp, Usage]:
        return followup.resolve(task.question, task.exchanges), Usage()

    def _find(self, task: Task[Any]) -> tuple[Findings, Usage]:
        counting = kind_of(task.question) == "counting"
        return findings(_asked(task), task.passages, counting, not _blind(task), self._meaning), Usage()


def _firmer(told: tuple[Found, str], usual: tuple[Found | None, str]) -> bool:
    """Tell whether an answer stands before the one that a single line gives."""
    (found, letter), known = told, usual[0]
    if usual[1] and not letter:
        return False
    return known is None or found.support == "supported" or known.support != "supported"


def _asked(task: Task[Any]) -> Asked:
    return ask(task.question, blind=_blind(task), heard="voices" not in task.cannot_see)


def _blind(task: Task[Any]) -> bool:
    """Tell whether the captioner perceives words, cuts, light and colour only."""
    return any("action" in item or "object" in item for item in task.cannot_see)


def _verdict(task: Task[Any], found: Found | None, letter: str) -> Verdict:
    if found is None:
        missing = "anything that answers it"
        return Verdict(support="unsupported", confidence=0.05, option=letter, missing=missing)
    evidence = [Citation(caption=found.remark.passage.id, quote=found.quote)]
    evidence += [Citation(caption=remark.passage.id, quote=quote) for remark, quote in found.also[: _MOST_EVIDENCE - 1]]
    if found.support == "unsupported":
        evidence = []
    return Verdict(
        support=found.support,
        confidence=found.confidence,
        answer=found.answer,
        option=letter,
        missing=found.lacking,
        evidence=evidence,
    )


def _focus(task: Task[Any]) -> str:
    """Return in a few words what is to be found out."""
    missing = task.verdict.missing if task.verdict else ""
    return missing or task.question.strip()


def _instruction(question: str, focus: str, item: Ranked) -> str:
    small = " Read the small text." if item.cue else ""
    asked = f"Describe what is seen and copy every text on screen, with an eye to: {question.strip()}"
    return f"{asked} Missing: {focus}.{small}"


def _not_shown(task: Task[Any], verdict: Verdict) -> FinalAnswer:
    """Say that memory does not tell, and why when the question asks beyond what these eyes perceive."""
    unseen = _asked(task).unseen
    said = "The video as remembered does not show this."
    if unseen and task.cannot_see:
        blind = ", ".join(task.cannot_see)
        said += (
            f" These eyes read text and see plain shapes, cuts, motion, light and colour; they cannot perceive {blind}."
        )
    elif verdict.support == "partly" and verdict.answer and not task.options:
        said = f"The video as remembered does not settle this; the nearest it shows is: {verdict.answer}"
    option = verdict.option or ("A" if task.options else "")
    if task.options and option:
        said += f" The most plausible option is {option}."
    reason = f"missing: {verdict.missing}" if verdict.missing else "nothing in memory answers it"
    evidence = verdict.evidence if verdict.support == "partly" else []
    return FinalAnswer(answer=said, option=option, confidence=verdict.confidence, reason=reason, evidence=evidence)


def _holds(worded: str, answer: str, question: str) -> bool:
    """Tell whether a worded answer keeps what was found: its numbers, and half of what the question did not say."""
    kept, asked = stems_of(worded), stems_of(question)
    fresh = [word for word in content(answer) if word.stem not in asked]
    if any(word.is_number and word.stem not in kept for word in fresh) or re.search(r"[{}<>]", worded):
        return False
    return sum(word.stem in kept for word in fresh) * 2 >= max(1, len(fresh))
