"""Yes-or-no questions: stated, contradicted, or not told."""

from __future__ import annotations

import re
from dataclasses import replace

from tools.reasoners.embedded.cover import NEAR, Cover, cover
from tools.reasoners.embedded.extract import Found
from tools.reasoners.embedded.meaning import Meaning
from tools.reasoners.embedded.question import Asked
from tools.reasoners.embedded.reading import Reading, Remark
from tools.reasoners.embedded.wording import STOP_STEMS, Word, is_negated, opposites, stems, words

_LEAVE = stems("allowed permitted possible true correct case ok okay permission")
_CHARGE = stems("fee charge cost price pay paid ticket")
_FREE = stems("free gratis complimentary")


def judge(asked: Asked, reading: Reading, meaning: Meaning) -> Found | None:
    """Return yes or no with the line that states it, partly where the lines come close, or None."""
    bare = replace(asked, required=tuple(word for word in asked.required if word.stem not in _LEAVE))
    graded = [
        found
        for remark in reading.telling()
        if (found := _graded(bare, asked, remark, cover(bare, remark, reading, meaning)))
    ]
    return max(graded, key=lambda found: found.rank, default=None)


def _graded(asked: Asked, original: Asked, remark: Remark, covered: Cover) -> Found | None:
    """Grade what one remark says of the statement."""
    if not covered.credit or not covered.near:
        return None
    have = remark.all_stems
    against = [word for word in covered.credit if word.stem not in have and opposites(word.stem) & have]
    # The opposite of a word that was asked for counts as met: it settles the question the other way.
    if any(word.stem in _CHARGE for word in covered.credit) and have & _FREE:
        against += [word for word in covered.credit if word.stem in _CHARGE and word.stem not in have]
    others = [word for word in covered.strong if word not in against]
    met = [word for word in others if covered.credit[word] >= NEAR]
    rival = [word for word in covered.missing if word not in against and _other_value(word, remark)]
    open_words = [word for word in others if word not in met and word not in rival]
    denied = is_negated(remark.body) != is_negated(asked.text)
    leave = len(asked.required) < len(original.required)
    says_no = bool(against) != denied if against else denied or bool(rival)
    own = [word for word in met if covered.credit[word] > 0.75] or against
    settled = own and not open_words and (not rival or len(rival) == 1 and met)
    if asked.unseen and settled and any(covered.credit[word] < 0.9 for word in met):
        return Found(remark, "", remark.body, covered, "unsupported", 0.1, asked.unstated)
    if leave and not denied and not against:
        # A sign that names a thing does not yet allow it.
        settled = settled and bool(have & _LEAVE)
    answer = "No" if says_no else "Yes"
    if settled and not asked.superlative:
        return Found(remark, answer, remark.body, covered, "supported", 0.8 if not rival else 0.7)
    if len(met) * 2 >= len(covered.strong) and not asked.unseen:
        return Found(remark, answer, remark.body, covered, "partly", 0.4, _words(open_words or others))
    return None


def _other_value(word: Word, remark: Remark) -> bool:
    """A number that was asked for and another one of its form in the remark."""
    form = _form(word)
    return any(c.isdigit() for c in form) and sum(_form(other) == form for other in remark.words) == 1


def _form(word: Word) -> str:
    """Return what a value looks like: `H2` and `H4`, `9:30` and `14:00` are of one form, `12` and `12:00` are not."""
    return re.sub(r"\d+(?:[.,]\d+)*", "0", word.text.upper())


def _words(items: list[Word]) -> str:
    return "anything that settles " + (" and ".join(f'"{word.text}"' for word in items[:3]) or "it")


def option_for(answer: str, options: tuple[str, ...]) -> str:
    """Return the letter of a bare `Yes` or `No` among the options, or an empty string."""
    for index, option in enumerate(options):
        told = [
            word.text.lower()
            for word in words(option)
            if word.stem not in STOP_STEMS or word.text.lower() in {"yes", "no"}
        ]
        if told[:1] == [answer.lower()]:
            return chr(65 + index)
    return ""
