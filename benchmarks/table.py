"""The rows of the performance table: what is measured, what it is to reach, and what is kept of it."""

from __future__ import annotations

import importlib
import json
import operator
import os
import platform
import statistics
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

Measure = Callable[[Path], Iterable["Result"]]
"""Measures a row: gets an empty folder for its files and yields what it found, each figure when it is known."""

ROWS: dict[int, str] = {
    1: "sweep",
    2: "key_frames",
    3: "sweep_memory",
    4: "fine_window",
    5: "ingest",
    6: "rounds",
    9: "checkpoint_size",
    10: "start_up",
    11: "second_question",
    12: "local_batches",
    13: "embedded",
}
"""Modules of `benchmarks.rows`, each with a function `measure`."""

MB = 1_000_000
_MET = {"<=": operator.le, ">=": operator.ge, "==": operator.eq}


@dataclass(frozen=True)
class Result:
    """One figure of a row. `value` is None where the machine cannot tell it; `note` then says why."""

    row: int
    name: str
    value: float | None
    target: str = ""
    """What it is to reach: a comparison and a number, such as `<= 0.6`; empty where a figure has no target."""
    unit: str = ""
    """Empty for a ratio."""
    note: str = ""

    @property
    def met(self) -> bool:
        """Whether the target is reached; a figure without a target always is, an unknown one with a target never."""
        if not self.target:
            return True
        comparison, number = self.target.split()
        return self.value is not None and bool(_MET[comparison](self.value, float(number)))

    def record(self) -> dict[str, Any]:
        """Return it as JSON knows it."""
        return {**asdict(self), "met": self.met}


def run(rows: Iterable[int], folder: Path) -> Iterator[Result]:
    """Measure `rows` one after the other, each with an empty folder of its own under `folder`."""
    for row in rows:
        place = folder / ROWS[row]
        place.mkdir()
        measure: Measure = importlib.import_module(f"benchmarks.rows.{ROWS[row]}").measure
        yield from measure(place)


def ratios(ours: Callable[[], object], other: Callable[[], object], times: int = 3) -> tuple[float, float, float]:
    """Run both by turns, `times` each, and return the medians (ours / other, seconds of ours, seconds of other).

    By turns, so that whatever else the machine does falls on both; the ratio is of each pair, not of the medians.
    """
    pairs = [(seconds(ours), seconds(other)) for _ in range(times)]
    return (
        statistics.median(mine / theirs for mine, theirs in pairs),
        statistics.median(mine for mine, _ in pairs),
        statistics.median(theirs for _, theirs in pairs),
    )


def seconds(work: Callable[[], object]) -> float:
    """Return how long it takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def table(results: Iterable[Result]) -> str:
    """Return the results as a Markdown table."""
    lines = ["| # | measured | value | to reach | met |", "|---|---|---|---|---|"]
    for result in results:
        value = "unknown" if result.value is None else f"{result.value:,.3g} {result.unit}".strip()
        note = f" ({result.note})" if result.note else ""
        met = "" if not result.target else "yes" if result.met else "**no**"
        lines.append(f"| {result.row} | {result.name}{note} | {value} | {result.target} | {met} |")
    return "\n".join(lines)


def keep(results: Iterable[Result], folder: Path) -> Path:
    """Write the results of a run, with the machine they were measured on, to a new file under `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    machine = {"cores": os.cpu_count(), "machine": platform.machine(), "python": platform.python_version()}
    path = folder / f"{time.strftime('%Y%m%d-%H%M%S')}.json"
    path.write_text(json.dumps({"machine": machine, "results": [r.record() for r in results]}, indent=1))
    return path
