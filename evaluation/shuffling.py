"""The order options are shown in, by seed: no system may live off the letter a benchmark prefers."""

from __future__ import annotations

import hashlib
from string import ascii_uppercase

from evaluation.records import Question

RELEASED = -1
"""The seed that keeps the benchmark's own order."""


def shown_order(question: Question, seed: int = RELEASED) -> tuple[int, ...]:
    """Return which option (index in the benchmark's order) stands at each place; same seed, same order.

    The order depends on the seed and the question's id alone, not on which questions are asked beside it.
    Of several options of the same text only the first is shown.
    """
    texts = [option.strip() for option in question.options]
    order = [index for index, text in enumerate(texts) if text not in texts[:index]]
    if seed != RELEASED:
        # By hashes and not by `random`, whose shuffling may change with Python.
        order.sort(key=lambda index: hashlib.sha256(f"{seed}\0{question.id}\0{index}".encode()).digest())
    return tuple(order)


def shown_options(question: Question, order: tuple[int, ...]) -> list[str]:
    """Return the options' texts in the order shown."""
    return [question.options[index] for index in order]


def chosen_of(letter: str | None, order: tuple[int, ...]) -> int | None:
    """Return the index, in the benchmark's order, of the option shown as `letter`; None where none was."""
    place = ascii_uppercase.find(letter) if letter and len(letter) == 1 else -1
    return order[place] if 0 <= place < len(order) else None
