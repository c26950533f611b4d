"""`videolucy estimate`: what watching a video and asking of it would take, before anything is spent."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from commands.options import with_settings
from tools.errors import BadInput
from tools.settings import Settings

if TYPE_CHECKING:
    from graph.forecast import Forecast


@with_settings()
def estimate(
    words: Annotated[
        list[str], typer.Argument(metavar="VIDEO... [QUESTION]", help="one or more videos, then perhaps a question")
    ],
    option: Annotated[
        list[str] | None, typer.Option("-o", "--option", help="an answer to choose from; repeat it")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="one JSON object on stdout, nothing else")] = False,
    *,
    settings: Settings,
) -> None:
    """Predict captions, calls, tokens, time and money under the settings in force. Nothing is spent or stored."""
    videos, question = split(words)
    if option and not question:
        raise BadInput("options belong to a question: videolucy estimate VIDEO QUESTION -o OPTION")
    from commands.terminal import show_json
    from graph.forecast import forecast
    from tools.cutting import check_cut
    from tools.live import peek
    from tools.models import check_models
    from tools.question import check_question
    from tools.speech.choice import check_perceivable
    from tools.video.download.downloads import Kept
    from tools.video.sources import find_parts

    if question:
        check_question(question, option or [])
    check_models(settings)
    kept = Kept(settings.downloads_path, settings.download_limit, lambda text: None)
    found = [find_parts(video, settings.full_hash, kept) for video in videos]
    for name, parts in found:
        check_perceivable(name, parts, settings)
        check_cut(name, parts, settings)
    length = len(question) + sum(map(len, option or []))
    made = forecast(peek(settings), found, settings.home_path / "checkpoints.sqlite", length)
    show_json(made.to_dict()) if as_json else _show(made)


def split(words: list[str]) -> tuple[list[str], str]:
    """Return the videos, and the question where the last word is none of them (empty: no question)."""
    from tools.video.download.address import is_address
    from tools.video.sources import LISTS, SOUNDS, SUFFIXES

    last = words[-1]
    named = Path(last).suffix.lower() in SUFFIXES | SOUNDS | LISTS and " " not in last
    if len(words) == 1 or named or is_address(last) or os.path.exists(os.path.expanduser(last)):
        return words, ""
    return words[:-1], last


def _show(made: Forecast) -> None:
    from rich.table import Table

    from commands.terminal import clean, clock, results

    told = made.to_dict()
    for video in told["video"]:
        where = "known to memory" if video["in_memory"] else "new to memory"
        text = f"{clean(video['name'])}: {clock(video['duration'])}, {video['segments']} coarse segments, {where}"
        results.print(text, markup=False, soft_wrap=True)
    coarse, question = told["coarse"], told["question"]
    speech, summaries = coarse["speech"], coarse["summaries"]
    columns: list[tuple[str, dict[str, Any]]] = [("coarse pass", coarse)]
    columns += [("summaries", summaries)] if summaries["reasoner_calls"] else []
    columns += [("question, expected", question["expected"]), ("at worst", question["worst"])]
    if question["worst"]["chapters"]["reasoner_calls"]:
        columns.append(("of it chapters", question["worst"]["chapters"]))
    table = Table(box=None, pad_edge=False)
    table.add_column("")
    for heading, _ in columns:
        table.add_column(heading, justify="right")
    for row, key in _ROWS:
        if any(values.get(key) for _, values in columns) or key in ("captions", "seconds"):
            table.add_row(row, *(_shown(key, values) for _, values in columns))
    results.print()
    results.print(table)
    results.print()
    if speech["sound"]:
        took = "not known yet how long" if speech["seconds"] is None else f"about {speech['seconds']:.0f} s"
        results.print(f"Speech of {clock(speech['sound'])} is to be recognised ({took}).", soft_wrap=True)
    results.print(told["basis"], style="dim", markup=False, soft_wrap=True)


_ROWS = (
    ("captions to make", "captions"),
    ("in memory already", "captions_in_memory"),
    ("frames", "frames"),
    ("rounds", "rounds"),
    ("reasoner calls", "reasoner_calls"),
    ("prompt tokens", "prompt_tokens"),
    ("completion tokens", "completion_tokens"),
    ("seconds", "seconds"),
    ("cost", "cost"),
)


def _shown(key: str, values: dict[str, Any]) -> str:
    if key not in values:
        return ""
    value = values[key]
    if value is None:
        return "not known yet"
    return f"{value:,.4f}" if key == "cost" else f"{value:,}"
