"""Rows of released files, read with care: what is wrong is told with file, row and field."""

from __future__ import annotations

import json
import math
import operator
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from string import ascii_uppercase
from typing import Any

from evaluation.records import Question
from tools.errors import BadInput

_LARGEST = 512 << 20
"""Bytes; the largest released file has a few MB."""
_LETTERED = re.compile(r"\s*[(（]?\s*(?P<letter>[A-Za-zＡ-Ｚ])\s*[.)）:：、．]\s*(?P<text>.*)", re.DOTALL)


@dataclass(frozen=True)
class Row:
    """One row of a file: fields by name, and where it stands."""

    file: Path
    where: str
    """Such as `row 3` or `line 3, qa 2`; rows count from 1."""
    data: Mapping[str, Any]

    @classmethod
    def of(cls, file: Path, where: str, data: Any) -> Row:
        """Return `data` as a row. Raises `BadInput` where it is no object."""
        if not isinstance(data, Mapping):
            raise BadInput(f"{file}, {where}: an object with fields is expected, not {_kind(data)}")
        return cls(file, where, data)

    def wrong(self, field: str, why: str) -> BadInput:
        """Return the error that names file, row and field."""
        return BadInput(f"{self.file}, {self.where}, field {field!r}: {why}")

    def text(self, field: str, default: str | None = None) -> str:
        """Return a text (a whole number counts as one). Raises `BadInput` where it lacks and has no default."""
        value = self.data.get(field)
        if value is None:
            if default is None:
                raise self.wrong(field, "it is missing")
            return default
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
        if not isinstance(value, str):
            raise self.wrong(field, f"a text is expected, not {_kind(value)}")
        if default is None and not value.strip():
            raise self.wrong(field, "it is empty")
        return value.strip()

    def texts(self, field: str, default: tuple[str, ...] | None = None) -> tuple[str, ...]:
        """Return a list of texts, none of them empty; numbers count as texts."""
        value = self.data.get(field)
        if value is None:
            if default is None:
                raise self.wrong(field, "it is missing")
            return default
        if not isinstance(value, list | tuple):
            raise self.wrong(field, f"a list of texts is expected, not {_kind(value)}")
        for item in value:
            if isinstance(item, bool) or not isinstance(item, str | int | float) or not str(item).strip():
                raise self.wrong(field, f"a list of texts is expected, but it holds {_kind(item)}")
        return tuple(str(item).strip() for item in value)

    def number(self, field: str) -> float | None:
        """Return a number from 0 on, or None where there is none."""
        value = self.data.get(field)
        if value is None or value == "":
            return None
        try:
            found = float(value) if not isinstance(value, bool) else math.nan
        except (TypeError, ValueError):
            found = math.nan
        if not 0 <= found < math.inf:
            raise self.wrong(field, f"a number from 0 on is expected, not {value!r:.60}")
        return found

    def rows(self, field: str) -> list[Row]:
        """Return a list of objects as rows of their own."""
        value = self.data.get(field)
        if not isinstance(value, list):
            raise self.wrong(field, f"a list is expected, not {_kind(value)}")
        return [Row.of(self.file, f"{self.where}, {field} {count}", item) for count, item in enumerate(value, 1)]

    def letter(self, field: str, count: int) -> int:
        """Return the index a letter names among `count` options; -1 for a letter beyond them, or for none at all."""
        said = self.text(field, "").strip("(). ").upper()
        if said and (len(said) > 1 or said not in ascii_uppercase):
            raise self.wrong(field, f"a letter is expected, not {said!r:.60}")
        index = ascii_uppercase.index(said) if said else -1
        return index if index < count else -1


def read_json(path: Path) -> Any:
    """Return the content of a JSON file. Raises `BadInput` with one line."""
    return _parsed(_text(path), path, "")


def read_lines(path: Path, *, growing: bool = False) -> list[Row]:
    """Return the rows of a file of JSON lines; blank lines are left out. Raises `BadInput`.

    Of a `growing` file the last line is left out where it is cut short: by a kill, or since it is being written.
    """
    lines = ((count, line) for count, line in enumerate(_text(path, growing).split("\n"), 1) if line.strip())
    return [Row.of(path, f"line {count}", _parsed(line, path, f", line {count}")) for count, line in lines]


def read_rows(path: Path) -> list[Row]:
    """Return the rows of a JSON file that holds a list of objects. Raises `BadInput`."""
    found = read_json(path)
    if not isinstance(found, list):
        raise BadInput(f"{path}: a list of objects is expected, not {_kind(found)}")
    return [Row.of(path, f"row {count}", item) for count, item in enumerate(found, 1)]


def file_in(path: Path, *names: str) -> Path:
    """Return `path`, or the first of `names` (patterns) in it where it is a folder. Raises `BadInput`."""
    if path.is_dir():
        for name in names:
            if found := sorted(path.glob(name)):
                return found[0]
        raise BadInput(f"{path} holds no {' or '.join(names)}")
    return path


def without_letters(options: Iterable[str]) -> tuple[str, ...]:
    """Return options without the letters `A.`, `(B)`, `C)` they begin with, if they all stand in that order."""
    listed = tuple(options)
    bare = [without_letter(option, letter) for option, letter in zip(listed, ascii_uppercase, strict=False)]
    return tuple(bare) if len(bare) == len(listed) and all(map(operator.ne, bare, listed)) else listed


def without_letter(option: str, letter: str) -> str:
    """Return an option without the `letter` it begins with, or as it is."""
    match = _LETTERED.fullmatch(option)
    same = match and unicodedata.normalize("NFKC", match["letter"]).upper() == letter
    return match["text"].strip() if match and same else option


def unique(questions: Iterable[Question], path: Path) -> tuple[Question, ...]:
    """Return the questions. Raises `BadInput` where there are none or two have the same id."""
    seen: dict[str, Question] = {}
    for question in questions:
        if question.id in seen:
            raise BadInput(f"{path}: two questions have the id {question.id!r}")
        seen[question.id] = question
    if not seen:
        raise BadInput(f"{path} holds no question")
    return tuple(seen.values())


def _text(path: Path, growing: bool = False) -> str:
    try:
        if path.stat().st_size > _LARGEST:
            raise BadInput(f"{path} is too large for a file of questions")
        return _without_cut(path.read_bytes()) if growing else path.read_text("utf-8-sig")
    except UnicodeDecodeError:
        raise BadInput(f"cannot read {path}: it is not UTF-8 text") from None
    except (OSError, ValueError) as problem:
        raise BadInput(f"cannot read {path}: {getattr(problem, 'strerror', None) or problem}") from None


def _without_cut(data: bytes) -> str:
    """Return lines as text; a last one without its end stays only where it is a JSON object all the same."""
    lines, end, last = data.rpartition(b"\n")
    try:
        whole = isinstance(json.loads(last), dict)
    except (ValueError, RecursionError):
        whole = False
    return (data if whole else lines + end).decode("utf-8-sig")


def _parsed(text: str, path: Path, where: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as problem:
        place = f"{where}, column {problem.colno}" if where else f", line {problem.lineno}, column {problem.colno}"
        raise BadInput(f"{path}{place}: this is no JSON ({problem.msg})") from None
    except (RecursionError, ValueError):
        raise BadInput(f"{path}{where}: this is no JSON that can be read") from None


def _kind(value: Any) -> str:
    names = {type(None): "nothing", str: "a text", bool: "true or false", int: "a number", float: "a number"}
    empty = isinstance(value, str) and not value.strip()
    return "an empty text" if empty else names.get(type(value), "a list" if isinstance(value, list) else "an object")
