"""When two wishes to see something are the same in other words: "the mayor's tie: its colour", "what colour is …?".

Decided word by word, since a wrong "same" hides a look that is needed: what is asked anew must all be in what was
asked before, and little else may be there. Words count by stem, synonym and, where the embedder knows meanings,
by vector. Question words count as what they ask for (who, when, where, how many). In other languages
than English only the same words count as the same.
"""

from __future__ import annotations

import re

from memory_store.errors import EmbedderError
from tools.reasoners.embedded.meaning import Meaning
from tools.reasoners.embedded.wording import alike, fold, is_negated, opposites, stem, stems, synonyms, words

_ASPECTS = (
    (r"\bhow many\b|\b(?:the )?(?:number|count) of(?= (?:the )?[a-z]+s\b)|\bcount\b", "asks-count"),
    (r"\bhow much\b", "asks-price"),
    (r"\b(?:at )?(?:what|which) time\b|\bwhen\b|\b(?:point in )?time\b", "asks-when"),
    (r"\bwhere\b|\b(?:place|location)\b", "asks-where"),
    (r"\bwhy\b|\breason\b", "asks-why"),
    (r"\bwho(?:m|se)?\b|\b(?:identity(?: of (?:the )?person)?|(?:the |which )?person(?= who\b| that\b))\b", "asks-who"),
    (r"\bhow\b", "asks-how"),
)
"""What is asked for, however it is put."""
_ASPECTS_FOUND = [(re.compile(pattern), f" {aspect} ") for pattern, aspect in _ASPECTS]
_GENERIC = stems(
    "a an the of in on at to for from by with is are was were be been being do does did has have had it its her his "
    "their he she they them that this these those which what there here and or as if whether can could would like "
    "describe find out look see show shown visible read detail details exact exactly please tell say says said note "
    "identify determine check precisely clearly state report kind type sort thing object text written "
    "write writing words used use using wear worn wearing video segment own into also about really very some any me us"
) | {"s"}
_SIBLINGS = stems(
    "open close opening closing start end begin finish enter exit arrive leave depart put take give get add remove "
    "first second third fourth fifth last next previous left right top bottom front back before after above below "
    "over under inside outside morning evening noon night day man woman boy girl child adult teacher pupil"
)
"""Words that vectors, and lists of words that go together, take for the same, though none of them means another."""
_AMERICAN = re.compile(r"\bcolor\b")
_LISTED = re.compile(r"\band\b|[,;]")
_EXTRA, _LISTED_EXTRA = 1, 3
"""Words that what was asked before may have besides; more where it is a list of things."""


def same_focus(new: str, old: str, meaning: Meaning | None = None) -> bool:
    """Tell whether `new` asks for nothing that `old` did not ask for, in whatever words. Never raises.

    Not symmetric: the colour and the pattern of a tie cover its colour, not the other way.
    """
    if fold(new) == fold(old):
        return True
    wanted, known = _tokens(new), _tokens(old)
    if not wanted or not known or _denied(new) != _denied(old):
        return False
    missing = [word for word in wanted if not _among(word, known, meaning)]
    if missing:
        return False
    besides = [word for word in known if not _among(word, wanted, meaning)]
    if any(word.startswith("asks-") for word in besides):
        return False
    return len(besides) <= (_LISTED_EXTRA if _LISTED.search(fold(old)) else _EXTRA)


def _denied(text: str) -> bool:
    return is_negated(text) or bool(re.search(r"\bwithout\b", fold(text)))


def _tokens(text: str) -> dict[str, str]:
    """Return the words that carry the wish, by stem; what it asks for as a word of its own."""
    plain = _AMERICAN.sub("colour", fold(text))
    found: dict[str, str] = {}
    for pattern, aspect in _ASPECTS_FOUND:
        if pattern.search(plain):
            plain = pattern.sub(aspect, plain)
    for aspect in re.findall(r"asks-\w+", plain):
        found[aspect] = aspect
    for word in words(re.sub(r"asks-\w+", " ", plain)):
        if word.stem not in _GENERIC and word.text not in _GENERIC:
            found[word.stem] = word.text
    return found


def _among(word: str, others: dict[str, str], meaning: Meaning | None) -> bool:
    """Tell whether a word, or one that means the same, is among `others` (stem: word)."""
    if word in others:
        return True
    if word.startswith("asks-"):
        return any(stem(other) in _ASKED.get(word, ()) for other in others.values())
    if any(character.isdigit() for character in word):
        return False
    near = [] if word in _SIBLINGS else [other for other in others if other not in opposites(word) | _SIBLINGS]
    if any(other in synonyms(word) or alike(word, other) for other in near):
        return True
    if any(word in _ASKED.get(aspect, ()) for aspect in others):
        return True
    try:
        return meaning is not None and word.isascii() and meaning.same(word, [others[other] for other in near])
    except EmbedderError:
        return False


_ASKED = {"asks-price": stems("price cost costs fee"), "asks-who": stems("identity name")}
"""Words that ask for the same as a question word."""
