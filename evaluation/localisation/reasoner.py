"""A reasoner that knows nothing but the captions it is shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from string import ascii_uppercase
from typing import Any, Literal, cast

from evaluation.localisation.captioner import sign
from evaluation.localisation.world import keywords, words_of
from tools.reasoners.base import (
    Citation,
    FinalAnswer,
    Findings,
    FollowUp,
    Judgement,
    Look,
    Looks,
    Passage,
    Reply,
    Summary,
    Task,
    Verdict,
)
from tools.usage import Usage

Choice = Literal["words", "order"]
CHOICES: tuple[Choice, ...] = ("words", "order")


@dataclass
class ScriptedReasoner:
    """Goes by words alone, and believes only a caption that tells the answer.

    Every question is `local`; the judge names the segments whose captions hold most of the question's words. The
    next look goes by `choice`: `words` takes the candidates that hold most of them, those the graph ranks higher
    first among equals; `order` takes the graph's own order. The instruction is the question itself.
    """

    choice: Choice = "words"
    name: str = "scripted"

    def reply(self, task: Task[Reply]) -> tuple[Reply, Usage]:
        """Return the reply to any kind of task; none fails."""
        # The reply's type is what the task asks for: only its table knows.
        return cast(Reply, _REPLIES[task.reply.__name__](self, task)), Usage(reasoner_calls=1)

    def judge(self, task: Task[Judgement]) -> Judgement:
        """Name the segments whose captions hold most of the question's words; those that hold none are not named."""
        held = [(_held(task.question, passage), passage) for passage in task.passages]
        ranked = sorted((pair for pair in held if pair[0]), key=lambda pair: (-pair[0], -pair[1].score))
        segments = list(dict.fromkeys(passage.segment for _, passage in ranked))
        return Judgement(kind="local", segments=segments[: task.limit])

    def check(self, task: Task[Verdict]) -> Verdict:
        """Support the answer that a caption tells, or none."""
        cited, answer = _answer(task)
        if not cited:
            return Verdict(support="unsupported")
        return Verdict(support="supported", confidence=1, answer=answer, option=_letter(task, answer), evidence=cited)

    def locate(self, task: Task[Looks]) -> Looks:
        """Take the next candidates, with the question as focus and instruction."""
        offered: Sequence[Passage] = task.candidates
        if self.choice == "words":
            offered = sorted(offered, key=lambda passage: -_held(task.question, passage))
        question = task.question
        looks = [Look(segment=one.segment, focus=question, instruction=question) for one in offered[: task.limit]]
        return Looks(looks=looks)

    def answer(self, task: Task[FinalAnswer]) -> FinalAnswer:
        """Give the answer that a caption tells, or none: it never guesses."""
        cited, answer = _answer(task)
        return FinalAnswer(answer=answer, option=_letter(task, answer), confidence=float(bool(cited)), evidence=cited)


def _held(question: str, passage: Passage) -> int:
    """Return how many keywords of the question a passage holds."""
    return len(words_of(passage.text).intersection(keywords(question)))


def _answer(task: Task[Any]) -> tuple[list[Citation], str]:
    """Return the line that tells the answer, cited, and the answer; nothing and an empty text where none does."""
    for passage in task.passages:
        for line in passage.lines:
            _, mark, answer = line.text.partition(f"{sign(task.question)}: ")
            if mark:
                return [Citation(caption=passage.id, quote=line.text)], answer
    return [], ""


def _letter(task: Task[Any], answer: str) -> str:
    return ascii_uppercase[task.options.index(answer)] if answer in task.options else ""


_REPLIES: dict[str, Any] = {
    Judgement.__name__: ScriptedReasoner.judge,
    Verdict.__name__: ScriptedReasoner.check,
    Looks.__name__: ScriptedReasoner.locate,
    FinalAnswer.__name__: ScriptedReasoner.answer,
    Findings.__name__: lambda reasoner, task: Findings(),
    FollowUp.__name__: lambda reasoner, task: FollowUp(question=task.question),
    Summary.__name__: lambda reasoner, task: Summary(summary="Several scenes."),
}
