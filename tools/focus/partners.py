"""Which word of one wish stands for which of another."""

from __future__ import annotations

from tools.focus.vocabulary import SAME, SIBLINGS
from tools.focus.wish import Asked, Wish, stems_of
from tools.reasoners.embedded.wording import does, opposites, synonyms

Pair = tuple[int, int]
"""Places of two partners: in the new wish, in the old one."""
_SAME = tuple(stems_of(group) for group in SAME)
_SIBLINGS = stems_of(SIBLINGS)


def paired(new: Wish, old: Wish) -> list[Pair]:
    """Return the partners: by stem first, then by synonym.

    Not by vectors: they take `tighten` for `loosen`, and found nothing else in 600 pairs that were worded freely.
    """
    pairs: list[Pair] = []
    for match in (_equal, _kin):
        for at, word in enumerate(new.asked):
            if at not in {i for i, _ in pairs}:
                used = {j for _, j in pairs}
                pairs += [(at, j) for j, other in enumerate(old.asked) if j not in used and match(word, other)][:1]
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


def _comparable(left: str, right: str) -> bool:
    """Numbers and what question words ask for are the same or not; what refutes is not."""
    return "@" not in left + right and not any(c.isdigit() for c in left + right) and right not in opposites(left)
