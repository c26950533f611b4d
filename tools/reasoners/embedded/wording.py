"""Words: tokens, stems, numbers, and whether two words are the same but for reading errors. Pure functions."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Set
from functools import lru_cache
from typing import NamedTuple

from tools.reasoners.embedded.lexicon import MEDIUM, NEGATIONS, NUMBER_WORDS, OPPOSITES, SOFT, STOPWORDS, SYNONYMS

_TOKEN = re.compile(
    r"(?i:\b(?:wi-fi|e-mail|check-in|check-out)\b)|\b[A-Za-z]{1,4}-?\d[\w-]*|\d+(?:[.,:/]\d+)*|[^\W\d_]+(?:['’][^\W\d_]+)?",
    re.UNICODE,
)
_VOWELS = set("aeiouy")


class Word(NamedTuple):
    """A word of a text: as written, its stem, and where it stands."""

    text: str
    stem: str
    start: int
    end: int

    @property
    def is_number(self) -> bool:
        return any(c.isdigit() for c in self.text) or self.text.lower() in NUMBER_WORDS

    @property
    def is_name(self) -> bool:
        return self.text[0].isupper()


def fold(text: str) -> str:
    """Return `text` in lower case, without accents, with plain quotes and spaces."""
    plain = unicodedata.normalize("NFKD", text.replace("’", "'"))
    return " ".join("".join(c for c in plain if not unicodedata.combining(c)).lower().split())


def words(text: str) -> list[Word]:
    """Return the words and numbers of `text` in order; a possessive 's is cut off."""
    found = []
    for match in _TOKEN.finditer(text):
        end = match.end() - 2 if re.search(r"['’][sS]$", match.group()) else match.end()
        found.append(Word(text[match.start() : end], stem(text[match.start() : end]), match.start(), end))
    return found


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """Return a rough English stem; a number (in digits or words) becomes its value's plain digits."""
    word = fold(word).replace("-", "")
    if word in NUMBER_WORDS:
        return str(NUMBER_WORDS[word])
    if word[:1].isdigit():
        return re.sub(r"(?<=\d),(?=\d{3}(?:\D|$))", "", word)
    word = _IRREGULAR.get(word, word)
    if len(word) <= 3:
        return word
    for ending, instead, least in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= least:
            word = word[: -len(ending)] + instead
            break
    if len(word) > 4 and word[-1] == word[-2] and word[-1] not in _VOWELS | {"l", "s", "z"}:
        word = word[:-1]
    return (
        word[:-1]
        if len(word) > 3 and word[-1] == "e"
        else word[:-1] + "i"
        if len(word) > 3 and word[-1] == "y"
        else word
    )


_ENDINGS = (
    ("ational", "ate", 3), ("ations", "at", 3), ("ation", "at", 3), ("sses", "ss", 2), ("ies", "y", 2), ("ied", "y", 2),
    ("ingly", "", 3), ("edly", "", 3), ("ements", "", 4), ("ement", "", 4), ("ments", "", 4), ("ment", "", 4),
    ("ions", "", 5), ("ion", "", 5),
    ("ness", "", 3), ("ings", "", 3), ("ing", "", 3), ("ers", "er", 3), ("ed", "", 3), ("ly", "", 3),
    ("xes", "x", 2), ("ches", "ch", 2), ("shes", "sh", 2), ("ss", "ss", 2), ("us", "us", 2), ("is", "is", 2),
    ("s", "", 3),
)  # fmt: skip

_IRREGULAR = {
    "children": "child", "men": "man", "women": "woman", "people": "people", "mice": "mouse", "feet": "foot",
    "said": "say", "says": "say", "told": "tell", "wrote": "write", "written": "write", "writing": "write",
    "made": "make", "making": "make", "gave": "give", "given": "give", "took": "take", "taken": "take", "went": "go",
    "gone": "go", "goes": "go", "going": "go", "came": "come", "coming": "come", "found": "find", "held": "hold",
    "kept": "keep",
    "left": "left", "paid": "pay", "sold": "sell", "bought": "buy", "won": "win", "lost": "lost", "built": "build",
    "drove": "drive", "driven": "drive", "ran": "run", "running": "run", "saw": "see", "seen": "see", "shown": "show",
    "fell": "fall", "fallen": "fall", "rose": "rise", "grew": "grow", "grown": "grow", "began": "begin",
    "begun": "begin", "knew": "know", "known": "know", "chose": "choose", "chosen": "choose", "spoke": "speak",
    "spoken": "speak", "taught": "teach", "thought": "think", "brought": "bring", "worn": "wear", "wore": "wear",
    "sang": "sing", "sung": "sing", "ate": "eat", "eaten": "eat", "threw": "throw", "caught": "catch", "lent": "lend",
    "led": "lead", "sent": "send", "spent": "spend", "meant": "mean", "needs": "need", "used": "use", "using": "use",
    "opened": "open", "opening": "open", "departures": "depart", "departure": "depart", "arrivals": "arrive",
    "arrival": "arrive", "delayed": "delay", "heaviest": "heaviest", "discovery": "discover", "heard": "hear",
    "called": "call", "happened": "happen", "happens": "happen", "listed": "list", "wifi": "wifi", "wi": "wi",
    "died": "die", "lying": "lie", "sponsored": "sponsor", "painter": "paint", "painting": "paint", "author": "author",
    "writer": "write", "designer": "design", "director": "direct", "directed": "direct", "composer": "compose",
    "sampling": "sample", "sampled": "sample", "samples": "sample", "news": "news", "series": "series",
    "retreats": "retreat", "scored": "score", "scores": "score", "visiting": "visit", "installing": "install",
}  # fmt: skip


def stems(group: str | Iterable[str]) -> frozenset[str]:
    """Return the stems of several words, given as one string or one by one."""
    return frozenset(stem(word) for word in (group.split() if isinstance(group, str) else group))


def stems_of(text: str) -> frozenset[str]:
    """Return the stems of the words of a text, its numbers among them."""
    return frozenset(word.stem for word in words(text))


STOP_STEMS = stems(STOPWORDS) | STOPWORDS
MEDIUM_STEMS = stems(MEDIUM)
SOFT_STEMS = stems(SOFT)
_NEGATION_STEMS = stems(NEGATIONS) | NEGATIONS
_GROUPS = [stems(group) for group in SYNONYMS]
_OPPOSED = [(stems(left), stems(right)) for left, right in OPPOSITES]


@lru_cache(maxsize=4096)
def synonyms(word: str) -> frozenset[str]:
    """Return the stems that may stand for this stem, itself left out."""
    return frozenset().union(*(group for group in _GROUPS if word in group)) - {word}


def opposites(word: str) -> frozenset[str]:
    """Return the stems that refute this stem."""
    return frozenset().union(*(b for a, b in _OPPOSED if word in a), *(a for a, b in _OPPOSED if word in b))


def meant(word: str, among: Set[str]) -> bool:
    """Tell whether this stem, or one that may stand for it, is among others."""
    return word in among or bool(synonyms(word) & among)


def met(word: str, among: Set[str]) -> bool:
    """Tell whether a stem is meant among others, or there but for an OCR slip."""
    return meant(word, among) or any(alike(word, other) for other in among)


def is_negated(text: str) -> bool:
    """Tell whether `text` denies something (`not`, `no`, `never`, `don't`)."""
    lowered = fold(text)
    return bool(re.search(r"n't\b", lowered)) or any(
        word.text.lower() in _NEGATION_STEMS and not _abbreviates_number(text, word) for word in words(text)
    )


def _abbreviates_number(text: str, word: Word) -> bool:
    """`No. 12` and `order no. KX-1` count, they do not deny."""
    return word.text.lower() == "no" and bool(re.match(r"\.?\s*[A-Z]{0,3}-?\d", text[word.end :]))


def alike(left: str, right: str) -> bool:
    """Tell whether two stems are the same word but for an OCR slip. Numbers must be equal."""
    if left == right:
        return True
    if any(c.isdigit() for c in left + right) or min(len(left), len(right)) < 4:
        return False
    allowed = 1 if min(len(left), len(right)) < 8 else 2
    # A different first letter is nearly always a different word (`bird`, `third`), so it is asked for.
    return left[0] == right[0] and distance(left, right, allowed) <= allowed and _same_but_ending(left, right)


def does(left: str, right: str) -> bool:
    """Tell whether one stem is the doer of the other (`conduct`, `conductor`)."""
    short, long = sorted((left, right), key=len)
    return len(short) >= 4 and long in {short + "er", short + "or", short + "r"}


def _same_but_ending(left: str, right: str) -> bool:
    """Short words that differ in a plain letter are different words (`form`, `farm`), unless one was cut."""
    return min(len(left), len(right)) >= 6 or left.startswith(right) or right.startswith(left)


def distance(left: str, right: str, limit: int) -> int:
    """Return the edit distance of two strings, or `limit + 1` where it is larger."""
    if abs(len(left) - len(right)) > limit:
        return limit + 1
    row = list(range(len(right) + 1))
    for index, a in enumerate(left, 1):
        previous, row[0] = row[0], index
        for at, b in enumerate(right, 1):
            previous, row[at] = row[at], min(row[at] + 1, row[at - 1] + 1, previous + (a != b))
        if min(row) > limit:
            return limit + 1
    return min(row[-1], limit + 1)


def content(text: str) -> list[Word]:
    """Return the words of `text` that carry content (the stop words and words about the medium left out)."""
    return [word for word in words(text) if is_content(word)]


def is_content(word: Word) -> bool:
    """Tell whether a word carries content (see `content`)."""
    lowered = fold(word.text)
    if lowered in STOP_STEMS or len(lowered) == 1 and not lowered.isdigit():
        return False
    return word.stem not in MEDIUM_STEMS
