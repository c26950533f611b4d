"""From a model's reply to the objects in it: reasoning set aside, fences and prose ignored, JSON repaired."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

_MAX_TEXT = 200_000
_MAX_REPAIRS = 12
_MAX_REPAIRED = 64_000
_MAX_BRACKETS = 300
"""Repair costs the square of these: no reply worth having is larger."""
_MAX_NESTING = 5
_CONTEXT = 120

_TAGS = "think|thinking|thought|thoughts|reasoning|reflection|analysis|scratchpad"
_OPEN = re.compile(rf"<(?P<tag>{_TAGS})\b[^>]*>|\[THINK\]|◁think▷|<\|channel\|>\s*analysis\s*<\|message\|>", re.I)
_CLOSE = re.compile(rf"</(?:{_TAGS})\s*>|\[/THINK\]|◁/think▷|<\|end\|>", re.I)
_CHANNEL = re.compile(r"<\|channel\|>\s*final\b[^<]*<\|message\|>", re.I)
_START = re.compile(r"\{|\[(?=\s*[\[{\"'])")
_BARE_PERCENT = re.compile(r'("\s*:\s*)(\d+(?:\.\d+)?\s*%)')

_EXAMPLE = re.compile(
    r"\b(examples?|e\.g\.|for instance|format|templates?|schema|sample|placeholder|hypothetical\w*|look like)", re.I
)
_FINAL = re.compile(
    r"\b(final(ly)?|correct(ed|ion)|revised|actual(ly)?|wait|instead)\b"
    r"|\b(my|the) (answer|reply|verdict) (is|would be)\b",
    re.I,
)


@dataclass(frozen=True)
class Candidate:
    """An object or list found in a reply, and how it stood there."""

    value: dict[Any, Any] | list[Any]
    at: int
    """Where the outermost object around it begins."""
    depth: int
    """0 for an outermost object."""
    example: bool
    """The words before it call it an example or a format."""
    final: bool
    """The words before it call it final or a correction."""


def strip_reasoning(text: str, *, keep_unfinished: bool = True) -> str:
    """Return the text without `<think>…</think>` and its kin.

    A block that is never closed is kept without its tag (the answer may be in it); where only the
    closing tag is left, what stands before it is dropped, unless nothing follows. Tags after the first
    brace are not touched: there they may be part of the answer. Without `keep_unfinished`, reasoning that
    no answer follows is dropped too: for texts of which every word would be taken for the answer.
    """
    if final := list(_CHANNEL.finditer(text)):
        text = text[final[-1].end() :]
    while (opened := _OPEN.search(text)) and "{" not in text[: opened.start()]:
        closed = _CLOSE.search(text, opened.end())
        if not closed:
            return (text[: opened.start()] + (text[opened.end() :] if keep_unfinished else "")).strip()
        text = text[: opened.start()] + text[closed.end() :]
    closings = [] if opened else list(_CLOSE.finditer(text))
    if closings and (not keep_unfinished or re.search(r"\w", text[closings[-1].end() :])):
        text = text[closings[-1].end() :]
    return text.strip()


def candidates(text: str) -> list[Candidate]:
    """Return every object and list in `text`, outermost first, whole or repaired. Never raises."""
    text, found, end = text[:_MAX_TEXT], [], 0
    for at, stop, value in _roots(text):
        before = text[max(end, at - _CONTEXT) : at].rpartition("\n\n")
        words = before[2] if re.search(r"\w", before[2]) else before[0]
        final = bool(_FINAL.search(words))
        example = bool(_EXAMPLE.search(words)) and not final
        found += [Candidate(inner, at, depth, example, final) for inner, depth in _nested(value, 0)]
        end = max(end, stop)
    return found


def load(text: str) -> Any:
    """Return the JSON value `text` holds, repaired if need be, or None. Never raises."""
    import json_repair

    try:
        return json.loads(text, strict=False)
    except (ValueError, RecursionError):
        pass
    if len(text) > _MAX_REPAIRED or text.count("{") + text.count("[") > _MAX_BRACKETS:
        return None
    try:
        return json_repair.loads(_BARE_PERCENT.sub(r'\1"\2"', text))
    except Exception:
        # The repairing library fails in ways of its own (its assertions too) on texts no model would write.
        return None


def _roots(text: str) -> Iterator[tuple[int, int, Any]]:
    """Yield start, end and value of the outermost objects and lists, in order."""
    decoder, at, repairs = json.JSONDecoder(strict=False), 0, 0
    while found := _START.search(text, at):
        start = found.start()
        try:
            value, at = decoder.raw_decode(text, start)
            yield start, at, value
            continue
        except (ValueError, RecursionError):
            pass
        if repairs >= _MAX_REPAIRS:
            return
        ends = sorted({_balanced(text, start, quotes=True), _balanced(text, start, quotes=False)})
        for end in ends:
            repairs += 1
            value = load(text[start:end])
            if isinstance(value, list) and text[start] == "{":
                value = next((item for item in value if isinstance(item, dict)), None)
            if isinstance(value, dict | list) and value:
                yield start, end, value
        at = ends[0]


def _balanced(text: str, start: int, *, quotes: bool) -> int:
    """Return where the bracket at `start` closes (or the end of `text`), minding strings or not."""
    depth, inside, skip = 0, False, False
    for index in range(start, len(text)):
        mark = text[index]
        if skip:
            skip = False
        elif mark == "\\":
            skip = True
        elif mark == '"' and quotes:
            inside = not inside
        elif inside:
            continue
        elif mark in "{[":
            depth += 1
        elif mark in "}]":
            depth -= 1
            if depth <= 0:
                return index + 1
    return len(text)


def _nested(value: Any, depth: int) -> Iterator[tuple[dict[Any, Any] | list[Any], int]]:
    """Yield `value` and the objects and lists inside it, also those written as strings."""
    if isinstance(value, str) and value.lstrip()[:1] in ("{", "["):
        value = load(value)
    if not isinstance(value, dict | list) or depth > _MAX_NESTING:
        return
    yield value, depth
    for inner in value.values() if isinstance(value, dict) else value:
        yield from _nested(inner, depth + 1)
