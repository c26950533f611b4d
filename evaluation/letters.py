"""Which option a free reply means: for replies of other systems, and for those given without options."""

from __future__ import annotations

import re
import unicodedata
from string import ascii_uppercase

from evaluation import letter_patterns as marks
from evaluation.wording import overlap, telling, words
from tools.reasoners.unwrap import candidates, strip_reasoning

_FIELDS = ("option", "letter", "choice", "final_answer", "final answer", "answer", "response", "prediction")
_LONGEST = 20_000
"""Characters at the end of a reply that are read: what comes before is no answer."""
_NEAR = 40
"""Characters around a letter in which it is denied or joined with another."""
_NEARLY = 0.8
"""Shared words (F1) of a reply that is an option but for a word."""
_SHORT = 4
"""Words of a sentence that may be no more than a letter."""


def option_of(reply: str, options: tuple[str, ...] | list[str]) -> str | None:
    """Return the letter of the option a reply means; None where it means none of them, or not one alone.

    A letter that stands for an option goes before words; of several declared ones (`the answer is ...`) the
    last counts. A letter beyond the options is no choice.
    """
    text = strip_reasoning(unicodedata.normalize("NFKC", reply or ""))[-_LONGEST:]
    if not (text := re.sub(r"[*`$]|\b__|__\b", "", text).strip()):
        return None
    if said := _field(text):
        return option_of(said, options)
    known = ascii_uppercase[: len(options)]
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    for line in dict.fromkeys((lines[-1], lines[0])):
        if found := marks.BARE.fullmatch(line):
            return _known(found["letter"], known)
    if (whole := _whole(text, options)) is not None:
        return known[whole]
    declared = _declared(text)
    if declared is not None:
        return _known(declared, known)
    if leading := _leading(lines):
        return _known(leading, known)
    tails = marks.TAIL.findall(text)
    named = _by_words(tails[-1], options, known) if tails else None
    return named or _by_words(text, options, known) or _mentioned(text, known)


def _known(letter: str, known: str) -> str | None:
    upper = letter.upper()
    return upper if upper and upper in known else None


def _field(text: str) -> str:
    """Return what a JSON reply gives as its answer."""
    if "{" not in text:
        return ""
    for found in candidates(text):
        if isinstance(found.value, dict):
            given = {str(key).strip().casefold(): value for key, value in found.value.items()}
            for name in _FIELDS:
                if isinstance(value := given.get(name), str | int) and str(value).strip():
                    return str(value).replace("{", "").strip()
    return ""


def _whole(text: str, options: tuple[str, ...] | list[str]) -> int | None:
    """Return the one option whose words the reply is."""
    said = words(text)
    same = [index for index, option in enumerate(options) if words(option) == said]
    return same[0] if len(same) == 1 else None


def _declared(text: str) -> str | None:
    """Return the letter declared last; an empty text where two are declared together; None where none is."""
    last: tuple[int, str] | None = None
    for pattern in marks.DECLARED:
        for match in pattern.finditer(text):
            at, letter = match.start("letter"), match["letter"]
            end = match.end("letter")
            if not _is_letter(text, at, letter, cued=True) or _negated(text, at, end, match.start()):
                continue
            if last is None or at >= last[0]:
                last = at, "" if _joined(text, at, end) else letter
    for match in marks.ORDINAL.finditer(text):
        if last is None or match.start() > last[0]:
            last = match.start(), ascii_uppercase[marks.ORDINALS.index(match[1].lower())]
    return last[1] if last else None


def _is_letter(text: str, at: int, letter: str, *, cued: bool) -> bool:
    """Tell a letter of an option from an article, a pronoun or another small word."""
    after = text[at + 1 :]
    bracket = text[at - 1 : at] in tuple("([{<\"'") or after[:1] in tuple(")]}>")
    if letter.islower():
        return bracket or (cued and not re.match(r"\s*[\w,]", after))
    word_follows = bool(marks.AS_WORD.match(after))
    return bracket or not word_follows or (cued and letter not in marks.WORDLIKE)


def _negated(text: str, at: int, end: int, cue: int) -> bool:
    before = marks.SENTENCE.split(text[max(0, at - _NEAR) : at])[-1]
    return bool(
        marks.NEGATED_BEFORE.search(before)
        or marks.NEGATED_BEFORE.search(text[max(0, cue - _NEAR // 2) : cue])
        or marks.NEGATED_AFTER.match(text[end:])
    )


def _joined(text: str, at: int, end: int) -> bool:
    """Tell whether another letter stands beside this one as an equal: `B or C`."""
    after = marks.JOINED_AFTER.match(text[end:])
    if after and _is_letter(text, end + after.start("other"), after["other"], cued=False):
        return True
    before = marks.JOINED_BEFORE.search(text, max(0, at - _NEAR), at)
    return bool(before and _is_letter(text, before.start("other"), before["other"], cued=False))


def _leading(lines: list[str]) -> str:
    """Return the letter of the only line that begins with one."""
    found = [(line, match) for line in lines if (match := marks.LEADING.match(line))]
    if len(found) != 1 or len(set(marks.MARKED.findall(found[0][0]))) > 1:
        return ""
    line, match = found[0]
    joined = _joined(line, match.start("letter"), match.end("letter"))
    pronoun = match["letter"].islower() and match["mark"].strip() not in (".", ")", ":")
    return "" if joined or pronoun else match["letter"]


def _by_words(text: str, options: tuple[str, ...] | list[str], known: str) -> str | None:
    """Return the one option whose words stand in the reply, in full or nearly, and are not denied there."""
    clauses = [words(clause) for clause in marks.CLAUSE.split(text)]
    said = [word for clause in clauses for word in clause]
    place = [count for count, clause in enumerate(clauses) for _ in clause]
    spans = {letter: _span(said, place, words(option)) for letter, option in zip(known, options, strict=False)}
    found = {letter: span for letter, span in spans.items() if span}
    inner = {
        letter
        for letter, (start, end) in found.items()
        for other, (low, high) in found.items()
        if other != letter and low <= start and end <= high and high - low > end - start
    }
    left = [letter for letter in found if letter not in inner]
    if marks.REFUSAL.search(text) and not any(marks.REFUSAL.search(options[known.index(letter)]) for letter in left):
        return None
    if left:
        return left[0] if len(left) == 1 else None
    return _nearly(said, options, known)


def _span(said: list[str], place: list[int], option: list[str]) -> tuple[int, int] | None:
    """Return where an option's words stand in a reply and are not denied; `place` is the clause of each word."""
    size = len(option)
    for start in range(len(said) - size + 1):
        before = {said[at] for at in range(max(0, start - 4), start) if place[at] == place[start]}
        if said[start : start + size] == option and not marks.NOT & before:
            return start, start + size
    return None


def _nearly(said: list[str], options: tuple[str, ...] | list[str], known: str) -> str | None:
    """Return the one option all of whose telling words are said, or that is nearly the whole reply."""
    if marks.NOT & set(said):
        return None
    mine = telling(" ".join(said))
    told = dict(zip(known, map(telling, options), strict=False))
    # All that tells in a short reply may also be a part of one option: `throughout` of `Throughout the video`.
    for held in (
        [letter for letter, own in told.items() if set(own) <= set(said)],
        [letter for letter, own in told.items() if set(mine) <= set(own)],
    ):
        if held:
            return held[0] if len(held) == 1 else None
    near = sorted(((overlap(mine, own), letter) for letter, own in told.items()), reverse=True)
    best = [letter for share, letter in near if share == near[0][0]]
    return best[0] if near and near[0][0] >= _NEARLY and len(best) == 1 else None


def _mentioned(text: str, known: str) -> str | None:
    """Return the one letter that a short sentence is about, or that stands in brackets: `Definitely C!`, `(C)`."""
    letters = set()
    for match in re.finditer(marks.ONE, text):
        at, letter = match.start("letter"), match["letter"]
        sentence = marks.SENTENCE.split(text[max(0, at - _NEAR) : at])[-1] + marks.SENTENCE.split(text[at:], 1)[0]
        short = match[0][:1] == "(" or len(sentence.split()) <= _SHORT
        if short and _is_letter(text, at, letter, cued=False) and not _negated(text, at, at + 1, at):
            letters.add(letter.upper())
    return _known(letters.pop(), known) if len(letters) == 1 else None
