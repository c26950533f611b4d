"""Whom and what an exchange was about: what `he`, `it`, `they`, `there` and `then` may mean after it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cached_property

from tools.reasoners.base import Exchange
from tools.reasoners.embedded.clauses import (
    AUXILIARIES,
    BEASTS,
    Phrase,
    clause,
    is_person,
    is_verb,
    phrases,
    statement,
    tokens,
)
from tools.reasoners.embedded.lexicon import NUMBER_WORDS, word_set
from tools.reasoners.embedded.sorts import sorts_of
from tools.reasoners.embedded.spans import pieces
from tools.reasoners.embedded.wording import fold

_NOTHING = re.compile(
    r"\b(?:does|do|did|could|can) ?n(?:o|')t\b|\bcannot\b|\bnot (?:shown|known|clear|mentioned)\b|\bunknown\b",
    re.IGNORECASE,
)
_LONGEST_PHRASE, _LONGEST_CLAUSE = 6, 14
"""Words."""
_VALUES = word_set(
    "money percent time date year weekday month duration frequency length weight speed temperature score amount "
    "colour version phone email url"
)
"""Sorts of answers that nobody calls `it`."""
_SAYINGS = re.compile(r"\b(?:say|says|said|read|reads|happens?|happened)\b|\bdo\b[^?]*\?*$", re.IGNORECASE)


class Referents:
    """What may be meant after some exchanges, the last one first. Each is empty where there is none."""

    def __init__(self, exchanges: Sequence[Exchange]) -> None:
        """`exchanges`: at least one, oldest first."""
        self.last = exchanges[-1]
        self._all = [_About(one) for one in reversed(exchanges)]

    @property
    def asks_who(self) -> bool:
        return bool(re.match(r"who\b", self.last.question, re.IGNORECASE))

    @property
    def phrase(self) -> str:
        """The last answer, if it is a name or a noun phrase: `Josef Brandt`, `the red suitcase`."""
        return self._all[0].named_answer

    @property
    def matter(self) -> str:
        """What the last exchange told, as a statement: `the lamp was lit for the first time`."""
        return self._all[0].matter

    @cached_property
    def person(self) -> str:
        return self._first(lambda about: about.person)

    @cached_property
    def thing(self) -> str:
        return self._first(lambda about: about.thing)

    @cached_property
    def several(self) -> str:
        return self._first(lambda about: about.several)

    @property
    def place(self) -> str:
        return self._all[0].place or self.thing

    @property
    def preposition(self) -> str:
        """What goes before the place: `in Room 114`."""
        return self._all[0].preposition

    @property
    def named(self) -> list[str]:
        """Everything the exchanges name."""
        return [name for about in self._all for name in about.names if name]

    def _first(self, of: Callable[[_About], str]) -> str:
        return next((found for about in self._all if (found := of(about))), "")


class _About:
    """One exchange."""

    def __init__(self, exchange: Exchange) -> None:
        self.question = exchange.question.strip()
        self.answer = "" if _NOTHING.search(exchange.answer) else exchange.answer.strip().rstrip(". ")
        self.asked = [one.innermost if one.is_abstract else one for one in phrases(self.question)]

    @cached_property
    def bare(self) -> str:
        """The answer in few words as they stand; a bare number with what it counts or numbers."""
        text = re.sub(r"^(?:by|in|at|on|from)\s+", "", self.answer)
        words = tokens(text)
        if not words or len(words) > _LONGEST_PHRASE or self._is_clause(text):
            return self._name_in(text)
        counted = re.match(r"how many\s+([\w-]+)", self.question, re.IGNORECASE)
        if counted and len(words) == 1 and (text[0].isdigit() or fold(text) in NUMBER_WORDS):
            return f"{text} {counted[1]}"
        numbered = re.match(r"(?:which|what)\s+([\w-]+)\b", self.question, re.IGNORECASE)
        if numbered and text.isdigit() and numbered[1] not in AUXILIARIES and not self._is_value:
            return f"{numbered[1]} {text}"
        return text

    @cached_property
    def named_answer(self) -> str:
        """The answer as a name or a definite noun phrase; empty if it is neither."""
        return "" if self._is_value or not self.bare else _definite(self.bare)

    @property
    def names(self) -> list[str]:
        return [self.named_answer, *(one.text for one in self.asked)]

    @cached_property
    def person(self) -> str:
        if self.named_answer and (self._asks_who or is_person(_head(self.named_answer))):
            return self.named_answer
        return next((_definite(one.text) for one in self.asked if one.is_person and not one.is_plural), "")

    @cached_property
    def thing(self) -> str:
        one = self.named_answer
        if one and not self._asks_who and not is_person(_head(one)) and not _SAYINGS.search(self.question):
            return one
        return (
            next((_definite(one.text) for one in self.asked if not one.is_person), "")
            or next(
                (_definite(one.text) for one in self.asked if one.text[0].islower() and not is_person(one.head)), ""
            )
            or self._beast()
        )

    @cached_property
    def several(self) -> str:
        plural = self.named_answer and (Phrase(0, 0, self.named_answer).is_plural or " and " in self.named_answer)
        if plural and not (self._asks_who and " and " not in self.named_answer):
            return self.named_answer
        return next((_definite(one.text) for one in self.asked if one.is_plural), "")

    @cached_property
    def place(self) -> str:
        placed = re.match(r"where\b", self.question, re.IGNORECASE) or self._stranded
        return self.named_answer if placed else ""

    @property
    def preposition(self) -> str:
        where = re.match(r"where\b", self.question, re.IGNORECASE)
        return self._stranded or ("in" if where and self.named_answer[:1].isupper() else "at")

    @cached_property
    def matter(self) -> str:
        words = tokens(self.answer)
        if words and len(words) <= _LONGEST_CLAUSE and (told := self._told(words[0].text)):
            return told
        counted = self.bare[:1].isdigit() or fold(self.bare.partition(" ")[0]) in NUMBER_WORDS
        return statement(self.question, self.bare if counted else _definite(self.bare))

    def _told(self, first: str) -> str:
        """Return an answer that is a statement of its own, with its pronoun resolved."""
        if first.casefold() not in {"he", "she", "it", "they"}:
            return ""
        parts = clause(self.question)
        return f"{parts.subject}{self.answer[len(first) :]}" if parts and parts.subject else ""

    def _beast(self) -> str:
        return next((_definite(one.text) for one in self.asked if one.head in BEASTS), "")

    @property
    def _asks_who(self) -> bool:
        return bool(re.match(r"(?:who|whom|by whom)\b", self.question, re.IGNORECASE))

    @property
    def _is_value(self) -> bool:
        return bool(set(sorts_of(fold(self.question)).sorts) & _VALUES) and not self._asks_who

    @property
    def _stranded(self) -> str:
        """The preposition left at the end of `which room is it in`, or put before the question word."""
        asked = r"(?:which|what)\s+(?:room|hall|city|town|country|street|building|house|station|platform|floor)\b"
        behind = re.match(rf"{asked}.*\b(in|on|at)\W*$", self.question, re.IGNORECASE)
        ahead = re.match(rf"(in|on|at)\s+{asked}", self.question, re.IGNORECASE)
        found = behind or ahead
        return found[1].casefold() if found else ""

    @staticmethod
    def _is_clause(text: str) -> bool:
        lowered = [word for word in tokens(text) if word.text[0].islower()]
        return any(word.low in AUXILIARIES for word in lowered) or any(is_verb(word.low) for word in lowered[1:])

    def _name_in(self, text: str) -> str:
        """Return the name in a longer answer to `who`."""
        names = [piece.text for piece in pieces("name", text) if fold(piece.text) not in fold(self.question)]
        return names[0] if self._asks_who and names else ""


def _head(phrase: str) -> str:
    return Phrase(0, len(phrase), phrase).head


def _definite(phrase: str) -> str:
    """Return `the red suitcase` for `a red suitcase`, `the 23 sailors` for `23 sailors`; names as they are."""
    first, _, rest = phrase.partition(" ")
    if first.casefold() in {"a", "an"}:
        return f"the {rest}"
    if first.casefold() in NUMBER_WORDS or first[:1].isdigit():
        return f"the {first.casefold()} {rest}" if rest else phrase
    if first == "The" and rest[:1].islower():
        return f"the {rest}"
    return phrase
