"""Which word of one wish stands for which of another."""

from __future__ import annotations

from collections.abc import Callable

from memory_store.errors import EmbedderError
from tools.focus.vocabulary import SAME, SIBLINGS
from tools.focus.wish import Asked, Wish, stems_of
from tools.reasoners.embedded.meaning import Meaning
from tools.reasoners.embedded.wording import does, opposites, synonyms

Pair = tuple[int, int]
"""Places of two partners: in the new wish, in the old one."""
_SAME = tuple(stems_of(group) for group in SAME)
_SIBLINGS = stems_of(SIBLINGS)


def paired(new: Wish, old: Wish, meaning: Meaning | None, connects: Callable[[Wish, int], bool]) -> list[Pair]:
    """Return the partners: by stem first, then by synonym; what remains alone on both sides by meaning.

    `connects` tells of a word that it may go without a partner.
    """
    pairs: list[Pair] = []
    for match in (_equal, _kin):
        for at, word in enumerate(new.asked):
            if at not in {i for i, _ in pairs}:
                used = {j for _, j in pairs}
                pairs += [(at, j) for j, other in enumerate(old.asked) if j not in used and match(word, other)][:1]
    left = [at for at in new.without_partner({i for i, _ in pairs}) if not connects(new, at)]
    right = [at for at in old.without_partner({j for _, j in pairs}) if not connects(old, at)]
    if len(left) == len(right) == 1 and _near(new.asked[left[0]], old.asked[right[0]], meaning):
        pairs.append((left[0], right[0]))
    return pairs


def _equal(word: Asked, other: Asked) -> bool:
    return word.stem == other.stem


def _kin(word: Asked, other: Asked) -> bool:
    left, right = word.stem, other.stem
    if not _comparable(left, right):
        return False
    if any(left in group and right in group for group in _SAME):
        return True
    return not {left, right} <= _SIBLINGS and (right in synonyms(left) or does(left, right))


def _near(word: Asked, other: Asked, meaning: Meaning | None) -> bool:
    if meaning is None or not _comparable(word.stem, other.stem) or {word.stem, other.stem} <= _SIBLINGS:
        return False
    try:
        return meaning.same(word.text, [other.text])
    except EmbedderError:
        return False


def _comparable(left: str, right: str) -> bool:
    """Numbers and what question words ask for are the same or not; what refutes is not."""
    return "@" not in left + right and not any(c.isdigit() for c in left + right) and right not in opposites(left)
