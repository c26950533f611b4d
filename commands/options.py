"""Every setting as a flag: made from the settings' own fields, so that none can be forgotten."""

from __future__ import annotations

import inspect
import os
from collections.abc import Callable
from functools import wraps
from typing import Annotated, Any, Literal, get_origin

import typer
from pydantic.fields import FieldInfo

from tools.settings import Settings


def with_settings(*only: str, without: tuple[str, ...] = ()) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Give a command a flag for each setting (or only those named, or all `without` some), and the checked `settings`.

    The command takes a keyword `settings: Settings`; what is not given on the command line comes
    from the environment, `.env`, the preset and the defaults. A wrong value raises `BadInput`.
    """
    names = only or tuple(name for name in Settings.model_fields if name not in without)

    def decorate(command: Callable[..., None]) -> Callable[..., None]:
        own = [p for p in inspect.signature(command, eval_str=True).parameters.values() if p.name != "settings"]
        flags = [_flag(name, Settings.model_fields[name]) for name in names]

        @wraps(command)
        def run(**values: Any) -> None:
            given = {name: values.pop(name) for name in names}
            given = {name: value for name, value in given.items() if value is not None}
            for line in Settings.unknown_variables(os.environ):
                typer.echo(f"videolucy: {line}", err=True)
            command(**values, settings=Settings.load(**given))

        run.__signature__ = inspect.Signature([*own, *flags])  # type: ignore[attr-defined]
        run.__annotations__ = {p.name: p.annotation for p in [*own, *flags]}
        del run.__wrapped__
        return run

    return decorate


def _flag(name: str, field: FieldInfo) -> inspect.Parameter:
    flag = "--" + name.replace("_", "-")
    annotation: Any
    if field.annotation is bool:
        switch = typer.Option(f"{flag}/--no-{flag[2:]}", help=_help(field), show_default=False)
        annotation = Annotated[bool | None, switch]
    else:
        # Values stay words here: the settings check them, and say what is wrong in their own line.
        option = typer.Option(flag, help=_help(field), metavar=_metavar(field), show_default=False)
        annotation = Annotated[str | None, option]
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=annotation)


def _metavar(field: FieldInfo) -> str:
    if get_origin(field.annotation) is Literal:
        return "WORD"
    return {int: "N", float: "X"}.get(field.annotation, "TEXT")  # type: ignore[arg-type]


def _help(field: FieldInfo) -> str:
    default = field.get_default(call_default_factory=True, validated_data={})
    shown = f" [default: {default}]" if default not in ("", 0) or isinstance(default, bool) else ""
    return f"{field.description}{shown}"
