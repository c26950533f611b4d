"""Counting work: how often the product opens a file to decode its pictures."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest.mock import patch

from tools.video import decord_reader
from tools.video.pyav_reader import Pictures


@contextmanager
def decodes() -> Iterator[list[str]]:
    """Collect the name of each reader that begins to decode, whoever uses it."""
    begun: list[str] = []
    begins = Pictures.__init__

    def begin(self: Pictures, *given: Any, **named: Any) -> None:
        begun.append("pyav")
        begins(self, *given, **named)

    with ExitStack() as patched:
        patched.enter_context(patch.object(Pictures, "__init__", begin))
        if decord_reader.available():
            library = decord_reader.library()
            reader = library.VideoReader

            def opened(*given: Any, **named: Any) -> Any:
                begun.append("decord")
                return reader(*given, **named)

            patched.enter_context(patch.object(library, "VideoReader", opened))
        yield begun
