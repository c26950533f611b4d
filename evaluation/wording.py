"""Words of answers and options, brought to one form so that they can be compared."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

_WORD = re.compile(r"\w+(?:'t\b)?")
_COUNT = (
    "zero,one,two,three,four,five,six,seven,eight,nine,ten,eleven,twelve,thirteen,fourteen,fifteen,sixteen,"
    "seventeen,eighteen,nineteen,twenty"
)
_NUMBERS = {name: str(number) for number, name in enumerate(_COUNT.split(","))}
ARTICLES = frozenset(("a", "an", "the"))
_LITTLE = (
    "of in on at to by for with from into onto and or is are was were be been it its he she his her they their there "
    "this that these those who which as then because has have had does do did wearing"
)
_SMALL = ARTICLES | frozenset(_LITTLE.split())


def words(text: str) -> list[str]:
    """Return the words of a text in lower case, numbers as digits, without punctuation or accents of width."""
    plain = unicodedata.normalize("NFKC", text).casefold().replace("’", "'")
    return [_NUMBERS.get(word, word) for word in _WORD.findall(plain)]


def telling(text: str) -> list[str]:
    """Return the words that tell one answer from another; all of them where none would be left."""
    found = words(text)
    return [word for word in found if word not in _SMALL] or found


def without_articles(text: str) -> list[str]:
    """Return the words without `a`, `an` and `the`; all of them where none would be left."""
    found = words(text)
    return [word for word in found if word not in ARTICLES] or found


def overlap(one: list[str], other: list[str]) -> float:
    """Return the F1 of two lists of words, each word counted as often as it stands there: 0 to 1."""
    shared = sum((Counter(one) & Counter(other)).values())
    return 2 * shared / (len(one) + len(other)) if shared else float(not one and not other)
