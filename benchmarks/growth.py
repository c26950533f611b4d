"""How each cost grows with the length of a video: `python -m benchmarks.growth [--plot docs/growth.svg] [--json]`.

Videos of 10 minutes, 1 hour and 10 hours (the trailer put end to end, 160 by 90 pixels), a coarse segment a minute at
every length, captions of 1,800 characters. The models are scripted and take no time; the reasoner is never satisfied,
so that each question takes its five rounds. Each length has a process of its own.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

from benchmarks.footage import footage
from benchmarks.rows.sweep_memory import memory
from benchmarks.scripted import QUESTION, Deciding, Describing, scripted
from benchmarks.table import MB, seconds
from evaluation.report.drawing import Drawing

LENGTHS = {"10 min": 600.0, "1 h": 3600.0, "10 h": 36_000.0}
SIZE = (160, 90)
SCOPES = {"coarse_seconds": 60, "fine_seconds": 10, "ultra_seconds": 1, "coarse_fps": 1, "fine_fps": 2, "ultra_fps": 2}
_SEARCHES = 9


@dataclass(frozen=True)
class Cost:
    """One cost, as it is told: its key among the figures, its name with the unit, and how much of that a unit is."""

    key: str
    name: str
    unit: float = 1.0


COSTS = (
    Cost("ingest", "ingest, s"),
    Cost("watched", "peak memory of ingest above idle, MB", MB),
    Cost("asked", "peak memory of a question above idle, MB", MB),
    Cost("summaries", "characters sent for summaries, once a video, thousands", 1_000),
    Cost("prompt", "characters sent for a question, thousands", 1_000),
    Cost("search", "search of memory, ms", 0.001),
    Cost("checkpoints", "checkpoints of a question, MB", MB),
)


@dataclass
class Counting(Deciding):
    """The scripted reasoner that also counts the characters it is sent."""

    chars: int = 0

    def reply(self, task: Any) -> Any:
        """Count the prompt, and reply."""
        self.chars += len(task.prompt)
        return super().reply(task)


def measure(folder: Path, length: float) -> dict[str, float]:
    """Return each cost of a video of `length` seconds, in seconds, bytes and characters, measured in this process."""
    video = footage(folder / "v.mp4", length, SIZE)
    idle = memory("VmRSS")
    reasoner = Counting()
    with scripted(folder / "home", Describing(), reasoner, **SCOPES) as asking:
        ingest = seconds(partial(asking.ingest, video))
        summaries, reasoner.chars = reasoner.chars, 0
        watched = memory("VmHWM") - idle
        told = asking.ask(video)
        if told["rounds"] != 5:
            raise RuntimeError(f"the question took {told['rounds']} rounds, not 5")
        recordings = [one.id for one in asking.live.memory.recordings()]
        searches = [
            seconds(partial(asking.live.memory.search, recordings, f"{QUESTION} {turn}")) for turn in range(_SEARCHES)
        ]
    return {
        "ingest": ingest,
        "watched": watched,
        "asked": memory("VmHWM") - idle,
        "summaries": summaries,
        "prompt": reasoner.chars,
        "search": statistics.median(searches),
        "checkpoints": (folder / "home" / "checkpoints.sqlite").stat().st_size,
    }


def apart(length: float) -> dict[str, float]:
    """Return the costs of a length, measured in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.growth", str(length)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def plot(figures: Sequence[dict[str, float]]) -> str:
    """Return the growth of each cost as an SVG: how many times that of the shortest video, both axes by tens."""
    drawn, left, top, wide, high = Drawing(), 52, 34, 340, 200
    largest = 1000

    def place(times: float, share: float) -> tuple[float, float]:
        import math

        return left + share * wide, top + high - max(0.0, math.log10(max(times, 0.1)) + 1) / 4 * high

    for times in (0.1, 1, 10, 100, largest):
        x, y = place(times, 0)
        drawn.line("grid", x, y, x + wide, y)
        drawn.text("tick end", x - 6, y + 4, f"{times:g} ×")
    for index, name in enumerate(LENGTHS):
        drawn.text("tick middle", left + index / 2 * wide, top + high + 18, name)
    along = [place(length / 600, index / 2) for index, length in enumerate(LENGTHS.values())]
    for one, other in pairwise(along):
        drawn.line("chance", *one, *other)
    drawn.text("tick", left + wide + 10, along[-1][1] + 4, "as the length, 60 ×")
    taken: list[float] = [place(60, 1)[1]]
    for cost in sorted(COSTS, key=lambda one: -figures[-1][one.key] / (figures[0][one.key] or 1)):
        if not figures[0][cost.key]:
            continue  # nothing that could be grown from: the table tells it
        grown = [one[cost.key] / figures[0][cost.key] for one in figures]
        drawn.path("through", [place(times, index / 2) for index, times in enumerate(grown)])
        for index, times in enumerate(grown):
            drawn.dot(
                "mark", *place(times, index / 2), 3.5, f"{cost.name}: {figures[index][cost.key] / cost.unit:,.3g}"
            )
        y = place(grown[-1], 1)[1]
        while any(abs(y - other) < 15 for other in taken):
            y += 3
        taken.append(y)
        drawn.text("value", left + wide + 10, y + 4, f"{cost.name.split(',')[0]}, {grown[-1]:.3g} ×")
    from evaluation.report.blocks import Plot
    from evaluation.report.page import drawing, plot_style

    told = "; ".join(
        f"{cost.name} {', '.join(f'{one[cost.key] / cost.unit:,.3g}' for one in figures)}" for cost in COSTS
    )
    made = Plot("growth", "Growth with the length of the video", told, 720, top + high + 34, str(drawn))
    return drawing(made, plot_style()) + "\n"


def table(figures: Sequence[dict[str, float]]) -> str:
    """Return the costs as a Markdown table."""
    lines = [f"| | {' | '.join(LENGTHS)} | 10 h / 1 h |", "|---|" + "---|" * (len(LENGTHS) + 1)]
    for cost in COSTS:
        cells = [f"{one[cost.key] / cost.unit:,.3g}" for one in figures]
        hour = figures[-2][cost.key]
        grown = f"{figures[-1][cost.key] / hour:.3g}" if hour else ""
        lines.append(f"| {cost.name} | {' | '.join(cells)} | {grown} |")
    return "\n".join(lines)


def main(arguments: list[str] | None = None) -> None:
    """Measure all lengths and print them."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.growth", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("length", nargs="?", type=float, help="measure this many seconds alone, here; prints JSON")
    parser.add_argument("--plot", type=Path, help="write the plot to this file, too")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON instead of a table")
    given = parser.parse_args(arguments)
    if given.length:
        with tempfile.TemporaryDirectory(prefix="videolucy-growth-") as folder:
            print(json.dumps(measure(Path(folder), given.length)))
        return
    figures = [apart(length) for length in LENGTHS.values()]
    print(json.dumps(dict(zip(LENGTHS, figures, strict=True))) if given.json else table(figures))
    if given.plot:
        given.plot.write_text(plot(figures))


if __name__ == "__main__":
    main()
