"""What a question wants to be perceived, and what kind of question it is. Pure functions."""

from __future__ import annotations

import re

from tools.reasoners.base import QuestionKind
from tools.reasoners.embedded.lexicon import FEELINGS, LOOKS, SOUNDS, UNSEEABLE_VERBS, word_set
from tools.reasoners.embedded.wording import fold, stem, stems, stems_of

_KINDS: tuple[tuple[QuestionKind, str], ...] = (
    ("counting", r"\b(how many|how often|how much time|number of|count)\b"),
    (
        "order",
        r"\b(before|after|first|last|then|next|finally|earlier|later|order|sequence|followed by|follows|previous"
        r"|precedes?|preceded|preceding|earliest|latest)\b",
    ),
    (
        "whole",
        r"\b(summari[sz]e|summary|overall|main (topic|idea|subject|theme|message)|in general|whole video)\b"
        r"|\bwhat is (this|the) (video|film|clip|movie|recording|talk|lecture) about\b|\bwhat happens in\b",
    ),
    (
        "text",
        r"\b(say|says|said|written|write|sign|title|slide|read|reads|text|caption|heading|words?|label|board|notice)\b",
    ),
)
VOICES = "voices and sounds"
_TELLING = (
    "say|says|read|mean|cost|stand for|contain|show|recommend|require|need|offer|include|advise|warn|tell|announce|"
    "mention|present|promise|ask|suggest|call|name|state|claim|write|list"
)
_DOINGS = re.compile(
    rf"\bwhat\b.*\bdoing\b|\bwhat (does|do|did) (?!.*\b({_TELLING})\b).*\bdo\b|\bwhat (happens|happened|has happened)\b"
    r"|\bhow (does|do|did|is|are|was|were) .*\b(react|look|behave|move)\b"
)

_GOES = re.compile(r"\b(?:which|what) (?:way|side)\b|\b(?:direction|colou?rs?)\b")
"""Which way something goes and what colour it has may be told of plain things."""
_SPEAKING = re.compile(
    r"\b(?:what|which words?) (?:does|do|did|is|are|was|were) (?P<who>[\w' -]+?) "
    r"(?:say|saying|talk|talking|speak|speaking|shout|shouting|whisper|whispering|sing|singing|reply|replying)\b"
)
_SPEAKERS = word_set(
    "he she they i we you someone somebody anyone man woman boy girl child person people guy lady host presenter "
    "speaker lecturer teacher professor narrator reporter anchor commentator interviewer guest actor actress singer "
    "cook chef player driver audience crowd student pupil caller voice"
)
"""Who speaks when they `say`; a sign, a slide or a title says what is written on it."""


def is_speaker(word: str) -> bool:
    """Tell whether a word names somebody who speaks (`man`, `lecturer`), and not what is written on."""
    return fold(word) in _SPEAKERS


def kind_of(question: str) -> QuestionKind:
    """Return the kind of question, by whole words."""
    text = fold(question)
    return next((kind for kind, pattern in _KINDS if re.search(pattern, text)), "local")


def unseen(question: str) -> str:
    """Return what beyond words, cuts, light and colour one would have to perceive (`actions`), or ''."""
    text = fold(question)
    have = stems_of(text)
    if _GOES.search(text):
        return ""
    if _DOINGS.search(text):
        return "actions"
    if have & stems(SOUNDS) and stem("say") not in have:
        return VOICES
    speaking = _SPEAKING.search(text)
    if speaking and _SPEAKERS & set(speaking["who"].split()):
        return VOICES
    if have & stems(FEELINGS):
        return "feelings"
    if have & stems(LOOKS):
        return "people and things"
    return "actions" if have & stems(UNSEEABLE_VERBS) else ""
