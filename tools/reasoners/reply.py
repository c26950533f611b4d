"""The one way from a model's text to a checked reply: the form asked for, the reply parsed, asked once more if need be.

No reply, whatever its shape, may lose a question: what can be understood is understood, the rest is
asked again with the error, and only then given up, as a `ReasonerError`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Literal, TypeVar, get_args, get_origin

from pydantic import BaseModel, ValidationError

from tools.reasoners.base import ReasonerError
from tools.reasoners.fit import clean, fit_list, fit_object, loose, names
from tools.reasoners.unwrap import Candidate, candidates, strip_reasoning
from tools.usage import Usage

Reply = TypeVar("Reply", bound=BaseModel)
Message = dict[str, str]
"""A chat message: `role` and `content`."""
Call = Callable[[list[Message]], tuple[str, Usage]]
"""One model call. It raises `ReasonerError` where no reply came."""

_SHORT = 400
"""Characters of a line that may be no more than an option."""
_SHOWN = 4_000
"""Characters of a bad reply shown to the model that is asked again."""
_PLACEHOLDER = re.compile(r"\s*(\.{3}|…|<[\w ]+>)\s*")
_LETTER_REPLY = re.compile(
    r"(?:(?:so|thus|therefore|hence),? )?(?:(?:the|my) )?(?:(?:final|correct|best|right) )?"
    r"(?:(?:answer|option|choice)\b ?:? ?(?:is ?:? ?)?(?:option )?)?(?P<letter>[A-Z]) ?(?:[).:]*|[).:]+ (?P<rest>.+))",
    re.I,
)
_BOXED = re.compile(r"\\boxed\s*\{(?:\\text\s*\{)?([^{}]*)\}+")
_KEY_LINE = re.compile(r"(?P<key>[A-Za-z][A-Za-z _-]{0,30}?)[\"'`*_]*\s*[:=](?P<value>.*)")
_MARKS = " \t>*#-•\"'`_"


class ReplyError(ValueError):
    """A reply that does not hold the answer asked for; the message says what is wrong, for the model to mend."""


def parse_reply(text: str, schema: type[Reply], *, lenient: bool = False) -> Reply:
    """Return the `schema` that `text` answers with. Raises `ReplyError`, and nothing else.

    Reasoning blocks, fences and prose are ignored, broken or cut-off JSON is repaired, and of several
    objects the one is taken that answers: not an example, a placeholder or a part of another. With
    `lenient`, a field that is not required and makes no sense takes its default, and plain prose may
    stand for the one text that is required.
    """
    text = clean(text or "")
    bare = strip_reasoning(text)
    if not bare:
        raise ReplyError("the reply is blank" if not text.strip() else "the reply holds only reasoning, no answer")
    problem = ""
    for seen in dict.fromkeys((bare, text)):
        reply, problem = _from_objects(candidates(seen), schema, lenient, problem)
        if reply is not None:
            return reply
    for fields in (_from_letter(bare, schema), _from_lines(bare, schema), _from_prose(bare, schema, lenient)):
        if fields:
            reply, problem = _validate(fields, schema, lenient, problem)
            if reply is not None:
                return reply
    raise ReplyError(problem or "there is no JSON object in the reply")


def ask(call: Call, prompt: str, schema: type[Reply], calls: int = 2) -> tuple[Reply, Usage]:
    """Ask for a `schema`, once more with the error if the reply cannot be used (and `calls` allows it).

    Returns the reply and what it cost. Raises `ReasonerError`, with the cost, after the last failure.
    """
    messages: list[Message] = [{"role": "user", "content": f"{prompt}\n\n{describe_form(schema)}"}]
    first, spent = _call(call, messages, Usage())
    try:
        return parse_reply(first, schema), spent
    except ReplyError as problem:
        said = strip_reasoning(first)[:_SHOWN]
        messages += [{"role": "assistant", "content": said}] if said else []
        messages.append({"role": "user", "content": _mend(problem, schema)})
    second, failure = "", ""
    tries = "two replies" if calls > 1 else "one reply"
    if calls > 1:
        try:
            second, spent = _call(call, messages, spent)
        except ReasonerError as lost:
            spent, failure = lost.usage, str(lost)
    for text in (second, first):
        try:
            return parse_reply(text, schema, lenient=True), spent
        except ReplyError as problem:
            failure = failure or f"no usable {schema.__name__} after {tries}: {problem}"
    raise ReasonerError(failure, spent)


def describe_form(schema: type[BaseModel]) -> str:
    """Return the words that ask for a `schema`: its name, its fields, and what they mean."""
    lines = [f'Reply with one JSON object named "{schema.__name__}" and nothing else. Its fields:']
    for name, field in schema.model_fields.items():
        lines.append(f'- "{name}" ({_kind(field.annotation)}){": " + field.description if field.description else ""}')
    return "\n".join(lines)


def json_schema(schema: type[BaseModel]) -> dict[str, Any]:
    """Return the JSON schema of `schema` as strict servers want it: all fields required, nothing else allowed."""
    whole = schema.model_json_schema()
    definitions = whole.pop("$defs", {})

    def strict(node: Any) -> Any:
        if isinstance(node, list):
            return [strict(item) for item in node]
        if not isinstance(node, dict):
            return node
        if "$ref" in node:
            return strict(definitions[node["$ref"].rpartition("/")[2]])
        kept = {key: strict(value) for key, value in node.items() if key in _KEYWORDS}
        if "properties" in node:
            kept["properties"] = {name: strict(value) for name, value in node["properties"].items()}
            kept |= {"required": list(node["properties"]), "additionalProperties": False}
        return kept

    return {key: value for key, value in strict(whole).items()}


_KEYWORDS = ("type", "items", "enum", "const", "anyOf", "description")
"""What every server's grammar understands; bounds are checked here, on the reply."""


def _call(call: Call, messages: list[Message], spent: Usage) -> tuple[str, Usage]:
    try:
        text, usage = call(messages)
    except ReasonerError as error:
        raise ReasonerError(str(error), spent + replace(error.usage, reasoner_calls=1)) from None
    return text, spent + replace(usage, reasoner_calls=1)


def _mend(problem: ReplyError, schema: type[BaseModel]) -> str:
    return f"That reply cannot be used: {problem}. {describe_form(schema)}"


def _kind(kind: Any) -> str:
    if get_origin(kind) is Literal:
        return " or ".join(f'"{choice}"' for choice in get_args(kind))
    if get_origin(kind) is list:
        item = get_args(kind)[0]
        if isinstance(item, type) and issubclass(item, BaseModel):
            inner = "; ".join(
                f'"{name}" ({_kind(field.annotation)}){": " + field.description if field.description else ""}'
                for name, field in item.model_fields.items()
            )
            return f"list of objects with the fields {inner}"
        return f"list of {_kind(item)}s"
    return {str: "text", float: "number, 0 to 1", int: "whole number", bool: "true or false"}.get(kind, "value")


def _from_objects(found: list[Candidate], schema: type[Reply], lenient: bool, problem: str) -> tuple[Reply | None, str]:
    """Return the best of the objects found, or what is wrong with the most promising one."""
    good: list[tuple[tuple[float, ...], Candidate, int, Reply]] = []
    bad: list[tuple[int, Candidate, str]] = []
    for candidate in found:
        fields, wrapped = _fields(candidate, schema)
        if not fields:
            continue
        empty = _is_placeholder(fields, schema)
        reply, why = (None, "the reply holds placeholders") if empty else _validate(fields, schema, lenient, "")
        if reply is None:
            bad.append((len(fields), candidate, why))
            continue
        fit: float = len(fields) + sum(schema.model_fields[name].is_required() for name in fields)
        if wrapped:
            # A list that stands for its one field goes before its own items, and before nothing else.
            fit = 1.5 if candidate.depth == 0 and len(candidate.value) > 1 else 0.5
        rank = (not candidate.example, candidate.final, fit, -candidate.depth, -candidate.at)
        good.append((rank, candidate, len(fields), reply))
    best = max(good, key=lambda entry: entry[0], default=None)
    broken = [(count, why) for count, other, why in bad if best is None or _outweighs(other, count, best[1], best[2])]
    if broken or best is None:
        none = "the JSON object has none of the fields asked for" if found else ""
        return None, max(broken, key=lambda entry: entry[0])[1] if broken else problem or none
    return best[3], ""


def _outweighs(broken: Candidate, count: int, best: Candidate, fields: int) -> bool:
    """Tell whether an object that cannot be used was the answer all the same: not an example, not a part of it."""
    if best.example and not broken.example:
        return True
    return broken.at == best.at and broken.depth < best.depth and count > fields


def _fields(candidate: Candidate, schema: type[BaseModel]) -> tuple[dict[str, Any], bool]:
    """Return the fields of `schema` a candidate gives, and whether it had to be put into a list field."""
    value = candidate.value
    fields = fit_object(value, schema) if isinstance(value, dict) else {}
    if not fields:
        return fit_list(value if isinstance(value, list) else [value], schema), True
    if "option" in fields and "answer" in schema.model_fields and not fields.get("answer"):
        fields["answer"] = fields["option"]
    return fields, False


def _validate(fields: dict[str, Any], schema: type[Reply], lenient: bool, problem: str) -> tuple[Reply | None, str]:
    try:
        return schema.model_validate(fields), ""
    except (ValidationError, RecursionError) as error:
        if isinstance(error, RecursionError):
            return None, problem or "the reply is nested too deeply"
        wrong = error.errors(include_url=False, include_context=False)
    if lenient and (kept := _without(fields, [entry["loc"] for entry in wrong], schema)):
        return _validate(kept, schema, False, problem)
    told = "; ".join(f"{'.'.join(map(str, entry['loc']))}: {entry['msg']}" for entry in wrong[:3])
    return None, problem or told


def _without(fields: dict[str, Any], wrong: list[tuple[int | str, ...]], schema: type[BaseModel]) -> dict[str, Any]:
    """Return `fields` without the wrong ones and the wrong items of lists; empty if a required one is wrong."""
    kept = dict(fields)
    items: dict[str, set[int]] = {}
    for name, *path in wrong:
        if path and isinstance(path[0], int) and isinstance(fields.get(str(name)), list):
            items.setdefault(str(name), set()).add(path[0])
        elif name in kept and not schema.model_fields[str(name)].is_required():
            del kept[str(name)]
        else:
            return {}
    for name, bad in items.items():
        if name in kept:
            kept[name] = [item for index, item in enumerate(kept[name]) if index not in bad]
    return kept


def _is_placeholder(fields: dict[str, Any], schema: type[BaseModel]) -> bool:
    texts = [value for name, value in fields.items() if value and schema.model_fields[name].annotation is str]
    return bool(texts) and all(isinstance(text, str) and _PLACEHOLDER.fullmatch(text) for text in texts)


def _from_letter(text: str, schema: type[BaseModel]) -> dict[str, Any]:
    """Return the option that a reply of a letter names: `B`, `(b)`, `The answer is B`, `B. A girl in a dress`."""
    if not {"option", "answer"} <= schema.model_fields.keys():
        return {}
    lines = [line for line in text.splitlines() if line.strip()]
    for line in dict.fromkeys([lines[0], lines[-1]] if len(lines) > 1 else lines):
        line = _BOXED.sub(r"\1", line)
        words = " ".join(re.sub(r"[*_\"'`(\[\]<>]", " ", line[:_SHORT]).split())
        found = _LETTER_REPLY.fullmatch(words)
        if found and "{" not in line and (len(lines) == 1 or line != lines[0] or not found["rest"]):
            letter = found["letter"].upper()
            return {"option": letter, "answer": found["rest"] or letter}
    return {}


def _from_lines(text: str, schema: type[BaseModel]) -> dict[str, Any]:
    """Return the fields of a reply written as `Field: value` lines; a field may go on over several lines."""
    known, given, last = names(schema), dict[str, str](), ""
    for line in text.splitlines():
        found = _KEY_LINE.fullmatch(line.lstrip(_MARKS))
        name = known.get(loose(found["key"]), "") if found else ""
        if found and name and name not in given:
            given[name], last = found["value"].strip(" *_\"',`"), name
        elif last and line.strip() and not line.strip().startswith("```"):
            given[last] += "\n" + line.strip()
    required = any(schema.model_fields[name].is_required() for name in given)
    return fit_object(given, schema) if required or len(given) > 1 else {}


def _from_prose(text: str, schema: type[BaseModel], lenient: bool) -> dict[str, Any]:
    """Return plain prose as the one text that is required; for a reply of several fields only with `lenient`."""
    required = [name for name, field in schema.model_fields.items() if field.is_required()]
    if len(required) != 1 or schema.model_fields[required[0]].annotation is not str or re.search(r"[{}]", text):
        return {}
    enough = len(schema.model_fields) == 1 or (lenient and len(text.split()) > 1)
    return {required[0]: text} if enough else {}
