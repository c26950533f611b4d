"""The scores of a run in a terminal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def show_scores(told: Mapping[str, Any]) -> None:
    """Print the scores of `summary` as a table on stdout."""
    from rich.table import Table

    from commands.terminal import clean, results

    name = _text(told["benchmark"])
    table = Table(box=None, pad_edge=False)
    for heading in (name, "right", "of", "%", "95 %"):
        table.add_column(heading, justify="left" if heading == name else "right")
    for row in _rows(told):
        table.add_row(*row)
    results.print(table)
    if told["open"]:
        results.print(f"F1 of words of {told['open']['exact']['of']} open answers: {told['open']['f1']:.3f}")
    for scored, value in told["published"].items():
        results.print(clean(f"published by the authors, {scored}: {value}"), style="dim", markup=False)


def _rows(told: Mapping[str, Any]) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = []
    for name in ("released", "cleaned"):
        if scored := told[name]:
            rows.append((name, *_cells(scored["accuracy"])))
            rows.append(("  official: only what was answered", *_cells(scored["official"])))
            for kind, names in scored["by_category"].items():
                rows += [(_text(f"  {kind}: {category}"), *_cells(rate)) for category, rate in names.items()]
    rows += [(f"  ended {name}", *_cells(rate)) for name, rate in (told["endings"] or {}).items()]
    clocks = {name: rate for name, rate in (told["clock"] or {}).items() if rate["of"]}
    rows += [(f"  wall-clock times: {name}", *_cells(rate)) for name, rate in clocks.items()]
    if told["judged"]:
        rows.append((_text(f"  judged right by {told['judged']['judge']}"), *_cells(told["judged"]["right"])))
    return rows


def _text(name: str) -> str:
    """Return a name of the data as it is: no mark-up in it is taken for such, and none drives the terminal."""
    from rich.markup import escape

    from commands.terminal import clean

    return escape(clean(name))


def _cells(rate: Mapping[str, Any]) -> tuple[str, ...]:
    if not rate["of"]:
        return "0", "0", "", ""
    spread = f"{rate['low']:.1%} to {rate['high']:.1%}"
    return str(rate["right"]), str(rate["of"]), f"{rate['value']:.1%}", spread
