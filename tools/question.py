"""What can be asked: checked before anything is opened or spent."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from tools.errors import BadInput

MOST_OPTIONS = 26
LONGEST_OPTION = 2_000
LONGEST_QUESTION = 20_000
# Controls but tab and line ends, and halves of characters: bytes of a command line that are no UTF-8 arrive as such.
_NO_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


def is_text(text: str) -> bool:
    """Tell whether `text` can be kept, sent and shown: no control characters, nothing that is no UTF-8."""
    return not _NO_TEXT.search(text)


def check_question(question: Any, options: Any) -> None:
    """Raise `BadInput` unless the question and its options can be asked."""
    if not isinstance(question, str) or not question.strip():
        raise BadInput("the question is empty")
    _check_text("the question", question, LONGEST_QUESTION)
    if isinstance(options, str) or not isinstance(options, Sequence):
        raise BadInput(f"options are a list of texts, not {type(options).__name__}")
    if len(options) > MOST_OPTIONS:
        raise BadInput(f"at most {MOST_OPTIONS} options are possible, not {len(options)}")
    if len(options) == 1:
        raise BadInput("one option is no choice: give at least two, or none")
    for option in options:
        if not isinstance(option, str) or not option.strip():
            raise BadInput("an option is empty")
        _check_text("an option", option, LONGEST_OPTION)
    if len({option.strip() for option in options}) < len(options):
        raise BadInput("two options are the same")


def _check_text(what: str, text: str, longest: int) -> None:
    if len(text) > longest:
        raise BadInput(f"{what} is longer than {longest:,} characters")
    if not is_text(text):
        raise BadInput(f"{what} holds control characters, or bytes that are no UTF-8 text")
