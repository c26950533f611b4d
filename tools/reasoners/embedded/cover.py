"""How far a remark and its context cover the words of a question."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tools.reasoners.embedded.lexicon import UNSEEABLE_VERBS
from tools.reasoners.embedded.meaning import Meaning
from tools.reasoners.embedded.question import Asked
from tools.reasoners.embedded.reading import Reading, Remark
from tools.reasoners.embedded.wording import SOFT_STEMS, STOP_STEMS, Word, does, fold, met, opposites, stems
from tools.reasoners.embedded.wording import words as all_words

OWN, HEADING, BESIDE, PASSAGE, ANYWHERE = 1.0, 0.95, 0.7, 0.5, 0.4
"""Credit for a word met in the remark, in its heading, on the same screen, in the passage, in the memory."""
NEAR = 0.55
"""Credit from which a word is met where it matters."""
_SYNONYM, _MEANT = 0.9, 0.8
_DEEDS = stems(UNSEEABLE_VERBS)
SOFT = 0.1
"""Weight of a word that a paraphrase may add."""


@dataclass(frozen=True)
class Cover:
    """The credit of each word of a question at one remark."""

    credit: dict[Word, float]
    conflict: bool = False
    """The remark says the opposite of a word of the question (`arrivals` for `depart`)."""
    firm: frozenset[Word] = frozenset()
    """Soft words that matter here (`Asked.firm`)."""

    @property
    def score(self) -> float:
        weights = {word: SOFT if is_soft(word) and word not in self.firm else 1.0 for word in self.credit}
        total = sum(weights.values())
        return sum(weights[word] * credit for word, credit in self.credit.items()) / total if total else 0.0

    @property
    def strong(self) -> list[Word]:
        """The words that matter; the soft ones only where there is nothing else."""
        return [word for word in self.credit if not is_soft(word) or word in self.firm] or list(self.credit)

    @property
    def missing(self) -> list[Word]:
        """Strong words met nowhere."""
        return [word for word in self.strong if self.credit[word] == 0]

    @property
    def near(self) -> list[Word]:
        return [word for word in self.strong if self.credit[word] >= NEAR]

    @property
    def own(self) -> list[Word]:
        """Strong words met in the remark itself or its heading."""
        return [word for word in self.strong if self.credit[word] > BESIDE]


def is_soft(word: Word) -> bool:
    """Tell whether a paraphrase may have added the word."""
    return word.stem in SOFT_STEMS and not word.is_number


def strict(word: Word) -> bool:
    """Names and numbers must be met near the answer: elsewhere they speak of something else."""
    return word.is_number or (word.is_name and word.start > 0)


def cover(asked: Asked, remark: Remark, reading: Reading, meaning: Meaning | None = None) -> Cover:
    """Return how `remark` covers the required words of the question. Without `meaning`, by letters alone."""
    words = asked.required
    beside = reading.beside(remark) if remark.kind != "speech" else reading.said_around(remark)
    screen = frozenset().union(*(other.stems for other in beside)) if beside else frozenset()
    passage = reading.passage_stems[remark.passage.id]
    credit: dict[Word, float] = {}
    for word in words:
        got = max(
            _met(word, remark.stems) * OWN * _goes_with(word, asked, remark),
            _run_on(word, remark.body) * OWN,
            _met(word, remark.heading_stems) * HEADING,
            _met(word, screen) * BESIDE * any(_goes_with(word, asked, other) for other in beside),
        )
        if not got and meaning is not None and not strict(word) and not asked.superlative:
            got = max(
                _MEANT * meaning.same(word.text, _plain(remark.body)),
                _MEANT * HEADING * meaning.same(word.text, _plain(remark.heading)),
                _MEANT * BESIDE * meaning.same(word.text, (w.text for other in beside for w in other.words)),
            )
        # A sentence stands for itself, while the rows of a sign or a slide share a topic named elsewhere.
        if not got and not strict(word) and remark.kind != "prose" and word.stem not in _DEEDS:
            topics = reading.topics
            got = max(_met(word, passage & topics) * PASSAGE, _met(word, topics) * ANYWHERE)
        credit[word] = got
    if asked.head in credit and not credit[asked.head] and any(c >= NEAR for w, c in credit.items() if is_soft(w)):
        del credit[asked.head]
    return Cover(credit, _conflict([*words, *asked.sort_words], remark), asked.firm)


def _plain(text: str) -> Iterable[str]:
    return text.replace("-", " ").split()


def _met(word: Word, stems: frozenset[str]) -> float:
    if word.stem in stems:
        return 1.0
    return _SYNONYM if met(word.stem, stems) or any(does(word.stem, other) for other in stems) else 0.0


def _goes_with(word: Word, asked: Asked, remark: Remark) -> bool:
    """`chapter 4` does not meet `lecture 4`: a number counts where what it numbers is the same or unsaid."""
    if not word.text[0].isdigit():
        return True
    before = next((o for o in reversed(list(all_words(asked.text))) if o.end < word.start), None)
    if before is None or before.end + 1 != word.start or not is_noun(before):
        return True
    for index, other in enumerate(remark.words):
        if other.stem == word.stem:
            left = remark.words[index - 1] if index else None
            if left is None or left.stem in asked.stems or left.end + 1 != other.start or not is_noun(left):
                return True
    return False


def is_noun(word: Word) -> bool:
    """Tell whether a word can be what a number numbers."""
    return word.text.isalpha() and fold(word.text) not in STOP_STEMS


def _run_on(word: Word, body: str) -> float:
    """Text read without its blanks (`PeachProjectpresents`) still holds the word."""
    lowered = fold(word.text)
    return _SYNONYM if len(lowered) >= 5 and any(lowered in run for run in fold(body).split() if len(run) > 12) else 0.0


def _conflict(words: Iterable[Word], remark: Remark) -> bool:
    have = remark.all_stems
    return any(opposites(word.stem) & have and word.stem not in have for word in words)
