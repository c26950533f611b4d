"""What a focus asks for: its content words in order, each with how it stands to the rest. Pure functions."""

from __future__ import annotations

import re
from collections.abc import Collection
from itertools import zip_longest
from typing import NamedTuple

from tools.focus.vocabulary import (
    BE,
    ENGLISH,
    FILLERS,
    FOREIGN,
    FOREIGN_FILLERS,
    LEADS,
    PARTICIPLES,
    PHRASES,
    RELATIONS,
    SAME_STEM,
)
from tools.reasoners.embedded.wording import fold, is_negated, stem, stems


class Asked(NamedTuple):
    """A content word of a focus; what a question word asks for begins with `@`."""

    stem: str
    text: str
    relation: str = ""
    """How it stands to what comes before it: `behind`, `inside`, `to`, `by` …"""
    listed: bool = False
    """Whether an `and` or a comma joins it to the word before."""
    begins: bool = True
    """Whether it begins a block of words: nothing, not even an article, parts the words of a block."""
    passive: bool = False
    """Whether something is done to what the block before it names: `the safe is opened`, `the name printed on it`."""


class Wish(NamedTuple):
    """What a focus asks for. Where `exact`, its language is not known well: only the same words mean the same."""

    asked: tuple[Asked, ...]
    denied: bool = False
    exact: bool = False

    def without_partner(self, taken: Collection[int]) -> list[int]:
        """Return the places not `taken`; what is only said twice needs no partner of its own."""
        said = {self.asked[at].stem for at in taken}
        return [at for at, word in enumerate(self.asked) if at not in taken and word.stem not in said]


_LEADS = re.compile(rf"(?:^|(?<=[,;:.!?] )|\band )(?:(?:{LEADS})[ :]*)+")
_PHRASES = tuple((re.compile(pattern), told) for pattern, told in PHRASES)
_RELATIONS = {word: relation for relation, group in RELATIONS.items() for word in group.split()}
_SAME_STEM = {form: name for name, group in SAME_STEM.items() for form in group.split()}
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af]")
_CJK_FILLERS = re.compile(r"请看|请问|什么|[的了是着吗请呢\W_]")
_FRENCH_QUESTION = re.compile(r"\best[- ]ce (?:qui|que)\b")
_TOKEN = re.compile(r"@\w+|\d+(?:[.:,/]\d+)*\w*(?:'s)?|[^\W\d_]+(?:'[^\W\d_]+|')?|[,;]")


def wish(focus: str) -> Wish:
    """Return what `focus` asks for; nothing where it names no content."""
    plain = fold(focus)
    if _CJK.search(plain):
        bare = _CJK_FILLERS.sub("", plain)
        return Wish((Asked(bare, bare),) if bare else (), exact=True)
    found = re.findall(r"[^\W\d_]+", plain)
    if sum(word in FOREIGN for word in found) > sum(word in ENGLISH for word in found):
        rest = re.findall(r"\w+", _FRENCH_QUESTION.sub("", plain))
        return Wish(tuple(Asked(word, word) for word in rest if word not in FOREIGN_FILLERS), exact=True)
    return Wish(_asked(plain), is_negated(plain) or bool(re.search(r"\bwithout\b", plain)))


def stems_of(words: str) -> frozenset[str]:
    """Return the stems of several words as a `Wish` holds them."""
    return frozenset(map(_stem, words.split())) | stems(words)


def is_participle(word: str) -> bool:
    """Tell whether a word may be a past participle, as far as its form tells."""
    return word in PARTICIPLES or (word.endswith("ed") and len(word) > 4)


def _asked(plain: str) -> tuple[Asked, ...]:
    found: list[Asked] = []
    owner: list[Asked] = []
    """Whose the words being read are: `the mayor's tie` is told as `tie of mayor`."""
    relation, listed, begins, owned, be = "", False, True, False, False
    tokens = _TOKEN.findall(_told(plain))
    for token, following in zip_longest(tokens, tokens[1:], fillvalue=""):
        word = token.removesuffix("'s").rstrip("'")
        if word in ("and", ",", ";"):
            relation, listed, begins, be = "", True, True, False
        elif word in _RELATIONS:
            # A comma before `in the car` adds where, not what else.
            relation, listed, begins = _RELATIONS[word], listed and _RELATIONS[word] == "of", True
        elif word in FILLERS:
            begins, be = True, be or word in BE
        elif word == "@who" and found and not (relation or begins or listed):
            begins = True  # `the man who walks`: it asks for nothing.
        else:
            if owner and begins and not (owned or listed):
                found, owner = found + owner, []
            passive = is_participle(word) and following != "by" and (be or following in _RELATIONS)
            found.append(Asked(_stem(word), word, relation, listed and bool(found), begins or owned, passive))
            relation, listed, begins, owned, be = "", False, word[0] == "@", word != token, be and not passive
            if owned:
                first = next(at for at in range(len(found) - 1, -1, -1) if found[at].begins)
                relation, listed = found[first].relation, found[first].listed
                owner = [found[first]._replace(relation="of"), *found[first + 1 :], *owner]
                del found[first:]
    return tuple(found + owner)


def _told(plain: str) -> str:
    """Return the text with what it asks for told in one way, without what only tells somebody to look."""
    text = re.sub(r"[^\w\s',;:.!?/&-]", " ", plain).replace("-", " ")
    text = re.sub(r"[.:!?](?=\s|$)", " ;", _LEADS.sub(" ", text)).strip(" ;")
    for pattern, told in _PHRASES:
        text = pattern.sub(told, text).strip()
    return text


def _stem(word: str) -> str:
    return word if word.startswith("@") else _SAME_STEM.get(word) or stem(word)
