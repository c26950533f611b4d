"""What can be asked: checked before anything is opened or spent."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tools.errors import BadInput

MOST_OPTIONS = 26
LONGEST_OPTION = 2_000
LONGEST_QUESTION = 20_000


def check_question(question: Any, options: Sequence[Any]) -> None:
    """Raise `BadInput` unless the question and its options can be asked."""
    if not isinstance(question, str) or not question.strip():
        raise BadInput("the question is empty")
    if len(question) > LONGEST_QUESTION:
        raise BadInput(f"the question is longer than {LONGEST_QUESTION:,} characters")
    if len(options) > MOST_OPTIONS:
        raise BadInput(f"at most {MOST_OPTIONS} options are possible, not {len(options)}")
    if len(options) == 1:
        raise BadInput("one option is no choice: give at least two, or none")
    for option in options:
        if not isinstance(option, str) or not option.strip():
            raise BadInput("an option is empty")
        if len(option) > LONGEST_OPTION:
            raise BadInput(f"an option is longer than {LONGEST_OPTION:,} characters")
    if len({option.strip() for option in options}) < len(options):
        raise BadInput("two options are the same")
