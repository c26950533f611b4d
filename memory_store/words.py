"""Words beside meaning: BM25 over lines, forgiving about endings and misread letters."""

from __future__ import annotations

import math
import re
import unicodedata
from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

_TOKEN = re.compile(r"\d+(?:[:.,/]\d+)+|\w+")
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af]")
_ENDINGS = (
    "ations",
    "ation",
    "ments",
    "ment",
    "ings",
    "ing",
    "ies",
    "ied",
    "ers",
    "ed",
    "es",
    "er",
    "ly",
    "s",
    "e",
    "y",
)
_STOP = frozenset(
    re.findall(
        r"\w+",
        """a an and any are as at be been being but by can could did do does for from had has have he her him his how i
        if in into is it its me my no not of on or our she should so than that the their them then there these they
        this those to was we were what when where which while who whom whose why will with would you your""",
    )
)
_ALIKE = 0.6
"""Share of letter trigrams (Dice) from which two words count as the same one, misread or inflected."""

_K1, _B = 1.2, 0.4
"""BM25. Lines are short: length tells little, so `b` is below the usual 0.75."""


def terms(text: str) -> list[str]:
    """Return the stems of a text in order: numbers whole and in parts, CJK as pairs of characters."""
    found: list[str] = []
    for token in _TOKEN.findall(unicodedata.normalize("NFKC", text).casefold()):
        if _CJK.search(token):
            found += [token[at : at + 2] for at in range(max(1, len(token) - 1))]
        elif token[0].isdigit():
            parts = re.split(r"[:.,/]", token)
            found += [token, *parts] if len(parts) > 1 else parts
        elif token not in _STOP:
            found.append(_stem(token))
    return found


def _stem(word: str) -> str:
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            stem = word[: -len(ending)]
            # A doubled consonant belongs to the ending: `running`, `run`.
            return stem[:-1] if len(stem) > 3 and stem[-1] == stem[-2] and stem[-1] not in "aeiouls" else stem
    return word


def _trigrams(word: str) -> frozenset[str]:
    framed = f"<{word}>"
    return frozenset(framed[at : at + 3] for at in range(len(framed) - 2))


class Words:
    """Which term occurs in which row of one memory."""

    def __init__(self) -> None:
        self.lengths: list[int] = []
        self._rows: dict[str, dict[int, int]] = {}
        self._words: defaultdict[str, set[str]] = defaultdict(set)

    def add(self, text: str) -> None:
        """Append the next row."""
        row, found = len(self.lengths), terms(text)
        self.lengths.append(len(found))
        for term in found:
            if term not in self._rows:
                self._rows[term] = {}
                for gram in _trigrams(term):
                    self._words[gram].add(term)
            self._rows[term][row] = self._rows[term].get(row, 0) + 1

    def alike(self, term: str) -> dict[int, tuple[float, int]]:
        """Return the rows that hold `term` or a word much like it: likeness (0 to 1) and count."""
        variants = {term: 1.0} if term in self._rows else {}
        if len(term) > 3 and not term[0].isdigit():
            grams = _trigrams(term)
            shared: defaultdict[str, int] = defaultdict(int)
            for gram in grams:
                for word in self._words.get(gram, ()):
                    shared[word] += 1
            for word, count in shared.items():
                likeness = 2 * count / (len(grams) + len(_trigrams(word)))
                if word != term and likeness >= _ALIKE:
                    variants[word] = likeness
        rows: dict[int, tuple[float, int]] = {}
        for word, likeness in variants.items():
            for row, count in self._rows[word].items():
                rows[row] = max(rows.get(row, (0.0, 0)), (likeness, count))
        return rows


def bm25(memories: Sequence[Words], query: str) -> list[NDArray[np.float32]]:
    """Return for each memory how well each row fits the query's words, 0 to about 1.

    1 means that a row of usual length holds every word of the query that can be found at all, so
    that scores of different queries and memories compare. Rare words count more, over all memories.
    """
    scores = [np.zeros(len(words.lengths), dtype=np.float32) for words in memories]
    total = sum(len(words.lengths) for words in memories)
    mean = sum(sum(words.lengths) for words in memories) / max(1, total) or 1.0
    ideal = 0.0
    for term in dict.fromkeys(terms(query)):
        rows = [words.alike(term) for words in memories]
        holding = sum(map(len, rows))
        if not holding:
            continue
        rarity = math.log(1 + (total - holding + 0.5) / (holding + 0.5))
        ideal += rarity
        for score, words, found in zip(scores, memories, rows, strict=True):
            for row, (likeness, count) in found.items():
                length = 1 - _B + _B * words.lengths[row] / mean
                score[row] += rarity * likeness * count * (_K1 + 1) / (count + _K1 * length)
    return [score / np.float32(ideal or 1.0) for score in scores]
