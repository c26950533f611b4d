"""Fitting a parsed object to a reply type: names, numbers with units, lists given as text, near-miss words."""

from __future__ import annotations

import math
import re
import types
from collections.abc import Sequence
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from tools.reasoners.unwrap import load

_NUMBER = re.compile(
    r"(?P<value>-?\d+(?:[.,]\d+)?)\s*(?P<percent>%|percent)?(?:\s*(?:/|of|out of)\s*(?P<whole>\d+))?", re.I
)
_DEGREES = {
    "certain": 1.0, "very high": 0.95, "high": 0.85, "medium": 0.5, "moderate": 0.5, "low": 0.2, "very low": 0.1,
    "none": 0.0,
}  # fmt: skip
"""Confidence in words, for models that will not give a number."""
_KIN = {
    "supported": ("yes", "true", "sufficient", "fully", "fully supported", "confirmed"),
    "partly": ("partial", "partially", "partially supported", "partly supported", "somewhat"),
    "unsupported": ("no", "false", "not supported", "insufficient", "not", "unknown", "none"),
}
"""Words that models write for a grade; used only where the grade is among the allowed values."""
_NEGATION = re.compile(r"\b(not|no|never|isn't|un)\b", re.I)
_NOTHING = ("", "none", "null", "n/a", "[]", "-")
_LETTER = re.compile(r"[\W_]*(?:(?:option|answer|choice)[\W_]*)?([A-Za-z])(?:[\W_]*$|\s*[).:]\W*\s.*$)", re.I | re.S)

_LONGEST_OPTION = 2_000


def names(schema: type[BaseModel]) -> dict[str, str]:
    """Return the fields of `schema` by their loosest spelling (`Segment IDs` and `segments` are one)."""
    return {loose(name): name for name in schema.model_fields}


def loose(name: str) -> str:
    """Return a field name without case, marks, plural and `id`."""
    bare = re.sub(r"[^a-z0-9]", "", name.lower())
    return re.sub(r"(?<=.)(ids?|s)$", "", bare) or bare


def fit_object(value: dict[Any, Any], schema: type[BaseModel]) -> dict[str, Any]:
    """Return the fields of `schema` that `value` holds, coerced where a coercion is obvious.

    What cannot be coerced is left as it is, for validation to refuse. A null stands for the default.
    """
    known, fields = names(schema), {}
    exact = {key: known.get(loose(str(key)), "") for key in value}
    # A name of its own comes before one that merely contains a field's (`final_answer`).
    for key in sorted(value, key=lambda key: not exact[key]):
        name = exact[key] or _contained(str(key), known)
        if not name or name in fields:
            continue
        field, item = schema.model_fields[name], value[key]
        if item is None and not field.is_required():
            continue
        fitted = _fit(item, field.annotation, _upper(field))
        fields[name] = option_letter(fitted) if name == "option" and isinstance(fitted, str) else fitted
    return fields


def _contained(key: str, known: dict[str, str]) -> str:
    """Return the one field that `key` has among its words, or an empty string."""
    words = {loose(word) for word in re.findall(r"[A-Z]?[a-z]+", key)}
    named = words & known.keys()
    return known[named.pop()] if len(named) == 1 else ""


def fit_list(values: list[Any], schema: type[BaseModel]) -> dict[str, Any]:
    """Return a bare list as the one field of `schema` that it can be: a list of objects before a list of ids."""
    kinds = {name: _item(field.annotation) for name, field in schema.model_fields.items()}
    objects = [name for name, item in kinds.items() if _is_model(item)]
    plain = [name for name, item in kinds.items() if item is not None and not _is_model(item)]
    into = objects or plain
    if len(into) != 1 or not values:
        return {}
    item = kinds[into[0]]
    for value in values:
        if isinstance(value, dict) and not (fit_object(value, item) if _is_model(item) else _id_of(value)):
            return {}
    return {into[0]: _fit(values, schema.model_fields[into[0]].annotation)}


def option_letter(text: str) -> str:
    """Return the letter that `text` names as an option (`(b)`, `Option B`, `B. A girl`), else `text`.

    An option written out that merely begins with a letter (`A girl in a dress`) stays as it is.
    """
    found = _LETTER.fullmatch(text.strip()) if len(text) <= _LONGEST_OPTION else None
    return found[1].upper() if found else text.strip()


def clean(text: str) -> str:
    """Return `text` without what no database takes: lone surrogates and NUL."""
    return text.encode("utf-8", "replace").decode("utf-8").replace("\x00", "")


def _fit(value: Any, kind: Any, upper: float | None = None) -> Any:
    origin = get_origin(kind)
    if origin is Annotated:
        return _fit(value, get_args(kind)[0], upper)
    if origin in (Union, types.UnionType):
        inner = next(arg for arg in get_args(kind) if arg is not type(None))
        return None if value is None else _fit(value, inner, upper)
    if origin is Literal:
        return _fit_choice(value, get_args(kind))
    if origin is list or kind is list:
        return _fit_items(value, _item(kind))
    if _is_model(kind):
        return fit_object(value, kind) if isinstance(value, dict) else value
    if kind in (float, int):
        return _fit_number(value, upper)
    return _fit_text(value) if kind is str else value


def _fit_text(value: Any) -> Any:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list) and all(isinstance(item, str | int | float) for item in value):
        sentences = any(isinstance(item, str) and item.rstrip().endswith((".", "!", "?")) for item in value)
        return clean((" " if sentences else ", ").join(str(item) for item in value))
    if isinstance(value, int | float):
        return f"{value:.12g}" if isinstance(value, float) or abs(value) < 10**12 else value
    return clean(value).strip() if isinstance(value, str) else value


def _fit_number(value: Any, upper: float | None) -> Any:
    if isinstance(value, dict | list) and len(value) == 1:
        value = next(iter(value.values() if isinstance(value, dict) else value))
    if isinstance(value, str):
        if upper == 1 and value.strip(" .").lower() in _DEGREES:
            return _DEGREES[value.strip(" .").lower()]
        found = _NUMBER.search(re.sub(r"(?<=\d),(?=\d{3}(\D|$))", "", value))
        if not found:
            return value
        number = float(found["value"].replace(",", "."))
        if found["percent"]:
            return number / 100
        whole = float(found["whole"] or 0)
        if upper == 1 and whole >= max(number, 1):
            return number / whole
        value = number
    if upper == 1 and isinstance(value, int | float) and not isinstance(value, bool) and 1 < value <= 100:
        return value / 10 if value <= 10 else value / 100
    return value


def _fit_choice(value: Any, allowed: Sequence[Any]) -> Any:
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if value in allowed or not isinstance(value, str | bool):
        return value
    word = " ".join(re.sub(r"[^a-z' ]", " ", str(value).lower()).split())
    if word in allowed:
        return word
    for choice, kin in _KIN.items():
        if choice in allowed and word in kin:
            return choice
    named = [choice for choice in allowed if re.search(rf"\b{re.escape(str(choice))}\b", word)]
    return named[0] if len(named) == 1 and not _NEGATION.search(word) else value


def _fit_items(value: Any, item: Any) -> Any:
    if isinstance(value, str):
        if value.strip().lower() in _NOTHING:
            return []
        parsed = load(value) if value.lstrip()[:1] in ("[", "{") else None
        if isinstance(parsed, list | dict) and parsed:
            value = parsed
        else:
            value = [value] if _is_model(item) else [word for word in re.split(r"[,;\s]", value) if word != "and"]
    if value is None:
        return []
    if isinstance(value, dict):
        value = _from_mapping(value, item) if _is_model(item) else [value]
    if not isinstance(value, list):
        value = [value]
    flat = [inner for entry in value for inner in (entry if isinstance(entry, list) else [entry])]
    fitted = [_fit_item(entry, item) for entry in flat if entry is not None]
    return [entry for entry in fitted if entry != ""]


def _fit_item(entry: Any, item: Any) -> Any:
    if not _is_model(item):
        entry = _id_of(entry) or entry if item is str and isinstance(entry, dict) else entry
        return _fit_text(entry).strip("[](){}\"'` ") if item is str and isinstance(entry, str) else _fit(entry, item)
    first, *others = item.model_fields
    if isinstance(entry, str | int):
        cited = _CITED.fullmatch(str(entry).strip()) if others else None
        return {first: cited["id"], others[0]: cited["quote"]} if cited else {first: str(entry)}
    fields = _fit(entry, item)
    if isinstance(entry, dict) and first not in fields and isinstance(entry.get("id"), str | int):
        fields[first] = str(entry["id"])
    return fields


_CITED = re.compile(r"\W*(?:caption\s+)?(?P<id>[\w./]+)\W*[:,–-]\s*[\"“'](?P<quote>.+)[\"”']\W*", re.S)
_ID_NAMES = ("id", "segment", "caption", "address", "name")


def _id_of(entry: dict[Any, Any]) -> str:
    """Return the id that an object given for an id holds, or an empty string."""
    texts = {loose(str(key)): text for key, text in entry.items() if isinstance(text, str)}
    return next((texts[name] for name in _ID_NAMES if name in texts), "")


def _from_mapping(value: dict[Any, Any], item: type[BaseModel]) -> list[dict[str, Any]]:
    """Return one object as a list; `{id: text, …}` as one object for each id."""
    fields = list(item.model_fields)
    if fit_object(value, item) or len(fields) < 2 or not all(isinstance(text, str) for text in value.values()):
        return [value]
    return [{fields[0]: str(key), fields[1]: text} for key, text in value.items()]


def _item(kind: Any) -> Any:
    """Return the item type of a list annotation, or None where `kind` is no list."""
    if get_origin(kind) is Annotated:
        return _item(get_args(kind)[0])
    return (get_args(kind) or (str,))[0] if get_origin(kind) is list or kind is list else None


def _is_model(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)


def _upper(field: FieldInfo) -> float | None:
    """Return the upper bound of a field, if it has one."""
    bounds = [float(rule.le) for rule in field.metadata if hasattr(rule, "le")]
    return min(bounds) if bounds and math.isfinite(min(bounds)) else None
