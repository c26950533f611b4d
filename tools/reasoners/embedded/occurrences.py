"""How often something is shown; what asks for an order is handed on to `order`. Pure functions."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tools.reasoners.embedded import order
from tools.reasoners.embedded.cover import Cover
from tools.reasoners.embedded.extract import Found
from tools.reasoners.embedded.lexicon import NUMBER_WORDS
from tools.reasoners.embedded.perception import kind_of
from tools.reasoners.embedded.question import Asked
from tools.reasoners.embedded.reading import Reading
from tools.reasoners.embedded.showings import Showing, looks, of_looks, of_words
from tools.reasoners.embedded.wording import Word, content, fold, stems, words

_OFTEN = re.compile(
    r"\bhow (?:often|frequently|many times)\b|\b(?:how many|number of) (?:times|occasions|appearances|showings)\b"
    r"|\bon how many (?:occasions|boards|slides|screens|signs)\b"
)
_PER = re.compile(r"\b(?:a|an|per|each|every) (?:second|minute|hour|day|week|month|year)\b")
_HOW_MANY = re.compile(r"\bhow many\b.*\b(?:appear|shown|show|seen|visible|cross|pass|flash|come up|pop up)\w*\b")
_TIMES = {"once": 1, "twice": 2, "thrice": 3, "never": 0}
_SAYS_NOTHING = stems(
    "appear flash show come up pop turn time often frequently video word sign board screen slide recording clip film "
    "many occasion separate different see name mention throughout course whole entire again repeat occur altogether "
    "total put happen cross pass go move"
)


def settle(asked: Asked, options: Sequence[str], reading: Reading) -> tuple[Found, str] | None:
    """Return the answer to a question about how often or in which order, and its letter; None where it is neither."""
    if _counts(fold(asked.text), options):
        return _count(asked, options, reading)
    if kind_of(asked.text) == "order" and options:
        return order.settle(asked, options, reading)
    return None


def number_of(text: str) -> int | None:
    """Return the count that a short text says (`three times`, `twice`, `4`), None if it says none."""
    for word in words(text):
        plain = word.text.lower()
        if plain in _TIMES:
            return _TIMES[plain]
        if plain.isdecimal() or plain in NUMBER_WORDS:
            return int(plain) if plain.isdecimal() else NUMBER_WORDS[plain]
    return None


def _counts(text: str, options: Sequence[str]) -> bool:
    """Tell whether a folded question asks how often something is shown."""
    if _PER.search(text):
        return False
    numbered = all(number_of(option) is not None for option in options)
    return bool(numbered and (_OFTEN.search(text) or options and _HOW_MANY.search(text)))


def _count(asked: Asked, options: Sequence[str], reading: Reading) -> tuple[Found, str] | None:
    shown = _counted(asked, reading)
    if not shown:
        return None
    letters = [index for index, option in enumerate(options) if number_of(option) == len(shown)]
    letter, sure = (chr(65 + letters[0]), True) if len(letters) == 1 else (_nearest(len(shown), options), not options)
    answer = options[ord(letter) - 65] if options else str(len(shown))
    first, *others = (showing.remark for showing in shown)
    found = Found(
        first,
        answer,
        first.body,
        Cover({}),
        "supported" if sure else "partly",
        0.7 if sure else 0.4,
        "" if sure else "other showings",
        tuple((remark, remark.body) for remark in others),
    )
    return found, letter


def _nearest(count: int, options: Sequence[str]) -> str:
    if not options:
        return ""
    gaps = [abs((number_of(option) or 0) - count) for option in options]
    return chr(65 + gaps.index(min(gaps)))


def _counted(asked: Asked, reading: Reading) -> list[Showing]:
    """Return the showings of what the question counts."""
    if target := _target(asked):
        return of_words(target, reading)
    return of_looks(asked.text, reading) if looks(asked.text) else []


def _target(asked: Asked) -> list[Word]:
    """Return the words that are counted: the quoted ones that are no heading, else those in capitals, else all.

    None where a thing is counted that is named by its looks.
    """
    quotes = [quote for quote in asked.quoted if quote not in asked.places]
    if quotes:
        return words(quotes[0])
    capitals = [word for word in words(asked.unquoted) if len(word.text) > 2 and word.text.isupper()]
    if capitals:
        return capitals
    plain = [word for word in content(asked.unquoted) if word.stem not in _SAYS_NOTHING]
    if plain and looks(asked.unquoted):
        return []
    return plain or [word for quote in asked.quoted[:1] for word in words(quote)]
