"""Multiple choice: which option the lines that fit the question hold."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from tools.reasoners.base import Support
from tools.reasoners.embedded.cover import Cover, cover
from tools.reasoners.embedded.extract import Found
from tools.reasoners.embedded.meaning import Meaning
from tools.reasoners.embedded.question import Asked
from tools.reasoners.embedded.reading import Reading, Remark
from tools.reasoners.embedded.wording import Word, content, fold, is_content, is_negated, met, stems_of, words

_CLEAR = 0.2
"""Lead over the next option from which the choice is clear."""


@dataclass(frozen=True)
class _Fit:
    letter: str
    held: float
    """Share of the option's words that the remark holds."""
    tied: float
    """How well the remark covers the question."""
    remark: Remark
    covered: Cover


def choose(
    asked: Asked, options: tuple[str, ...], reading: Reading, meaning: Meaning, free: Found | None
) -> tuple[str, Found | None]:
    """Return a letter, always, and what it rests on. `free` is the answer found without the options."""
    asked = _without(asked, options)
    fits = [
        fit for index, option in enumerate(options) for fit in _fits(chr(65 + index), option, asked, reading, meaning)
    ]
    if free is not None and free.support == "supported" and not fits:
        letter, clear = _nearest(free.answer, options, meaning)
        return letter, replace(free, support="supported" if clear else "partly", confidence=0.6 if clear else 0.4)
    if not fits:
        return _nearest(asked.text if free is None else free.answer, options, meaning)[0], None
    verbatim = {fit.remark.key for fit in fits if _verbatim(options[ord(fit.letter) - 65], fit.remark)}
    # Beside an option copied from the line, one made of some of its words is a decoy.
    fits = [
        fit
        if fit.remark.key not in verbatim or _verbatim(options[ord(fit.letter) - 65], fit.remark)
        else replace(fit, held=0.6 * fit.held)
        for fit in fits
    ]
    per_letter: dict[str, _Fit] = {}
    for fit in fits:
        known = per_letter.get(fit.letter)
        if known is None or _weight(fit, free) > _weight(known, free):
            per_letter[fit.letter] = fit
    ranked = sorted(per_letter.values(), key=lambda fit: -_weight(fit, free))
    first = ranked[0]
    lead = _weight(first, free) - (_weight(ranked[1], free) if len(ranked) > 1 else 0.0)
    support, lacking = _grade(asked, first, lead, free, reading)
    confidence = {
        "supported": 0.7 + 0.2 * first.tied,
        "partly": 0.3 + 0.25 * first.tied,
        "unsupported": 0.1 + 0.1 * first.tied,
    }[support]
    return first.letter, Found(
        first.remark,
        options[ord(first.letter) - 65],
        first.remark.body,
        first.covered,
        support,
        round(confidence, 3),
        lacking,
    )


def _grade(asked: Asked, fit: _Fit, lead: float, free: Found | None, reading: Reading) -> tuple[Support, str]:
    covered = fit.covered
    # `Which of these is announced?` has nothing to tie but the option itself.
    bare = not covered.credit
    tied = not covered.missing and not covered.conflict and (bool(covered.own) or not covered.strong)
    agrees = free is not None and free.support == "supported" and free.remark.key == fit.remark.key
    if is_negated(asked.text) or asked.superlative:
        return "partly", "what excludes the other options"
    if fit.held > 0.99 and lead >= _CLEAR and (tied or agrees) and (bare or fit.tied >= 0.6 or agrees):
        if asked.unseen and not agrees and fit.tied < 0.9:
            return "unsupported", asked.unstated
        return "supported", ""
    if fit.held > 0.99 and lead > 0 and _stands_by(asked, fit.remark, reading) and not covered.conflict:
        return "supported", ""
    if covered.missing and len(covered.missing) * 2 > len(covered.strong) or asked.unseen:
        return "unsupported", "anything about " + " and ".join(
            f'"{word.text}"' for word in covered.missing[:3]
        ) if covered.missing else asked.unseen
    return "partly", "a line that decides between the options"


def _stands_by(asked: Asked, remark: Remark, reading: Reading) -> bool:
    """Tell whether all that the question quotes stands in the remark, over it or on its screen."""
    shown = reading.around(remark)
    return bool(asked.quoted) and all(fold(quote).strip(" .:") in shown for quote in asked.quoted)


def _fits(letter: str, option: str, asked: Asked, reading: Reading, meaning: Meaning) -> list[_Fit]:
    wanted = [
        word
        for word in words(option)
        if is_content(word) or len(word.text) == 1 and word.text.isupper() and word.text not in "AI"
    ] or words(option)
    found = []
    for remark in reading.telling():
        held = _held(wanted, option, remark)
        if held > 0.34:
            covered = cover(asked, remark, reading, meaning)
            found.append(_Fit(letter, held, covered.score, remark, covered))
    return found


def _held(wanted: list[Word], option: str, remark: Remark) -> float:
    """Return the share of an option's words that stand in the remark; its numbers must all be there."""
    if not wanted:
        return 0.0
    if _verbatim(option, remark):
        return 1.0
    # Who listens writes a time as 11.10 or 11:10.
    heard = {_plain(stem) for stem in remark.stems} if remark.kind == "speech" else frozenset()
    held = [met(word.stem, remark.stems) or word.text[0].isdigit() and _plain(word.stem) in heard for word in wanted]
    if any(word.is_number and not ok for word, ok in zip(wanted, held, strict=True)):
        return 0.0
    return sum(held) / len(held)


def _plain(number: str) -> str:
    return number.replace(":", ".")


def _verbatim(option: str, remark: Remark) -> bool:
    wanted = re.escape(fold(option).strip(" ."))
    return len(wanted) > 2 and bool(re.search(rf"(?<!\w){wanted}(?!\w)", fold(remark.body)))


def _weight(fit: _Fit, free: Found | None) -> float:
    """Return how well an option fits: held by a line that goes with the question, best by the free answer itself."""
    exact = free is not None and free.remark.key == fit.remark.key
    spoken = exact and free is not None and fit.held > 0.99
    return (
        fit.held * (0.2 + 0.8 * fit.tied)
        + (0.3 if spoken else 0.0)
        + (0.4 if spoken and free and _is(fit, free) else 0.0)
    )


def _is(fit: _Fit, free: Found) -> bool:
    own = {word.stem for word in content(free.answer)}
    return bool(own) and fit.held > 0.99 and len(own) <= 4


def _without(asked: Asked, options: tuple[str, ...]) -> Asked:
    """`Which of these …` asks for the options themselves: no noun of its own must be met."""
    hollow = {"following", "these", "option", "those"}
    return replace(asked, required=tuple(word for word in asked.required if fold(word.text) not in hollow), head=None)


def _nearest(text: str, options: tuple[str, ...], meaning: Meaning) -> tuple[str, bool]:
    """Return the option nearest to a text by shared words, then by meaning; and whether words decided it."""
    own = stems_of(text)
    shared = [len(stems_of(option) & own) / max(1, len(words(option))) for option in options]
    if max(shared) > 0 and shared.count(max(shared)) == 1:
        return chr(65 + shared.index(max(shared))), max(shared) >= 0.5
    likeness = meaning.likeness(text, options)
    return chr(65 + likeness.index(max(likeness))), False
