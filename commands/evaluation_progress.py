"""How a benchmark run is going, on stderr: a bar in a terminal, a line a question elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from rich.console import Console

from commands.terminal import clean

if TYPE_CHECKING:
    from evaluation.records import Record

_WINDOW = 24 * 3600.0
"""Seconds over which the speed is taken: questions take minutes, and the first of a video the longest."""


class Going:
    """Counts what is right and what it took, over all records of a run; a line for each that ends."""

    def __init__(self, console: Console, records: Sequence[Record] = ()) -> None:
        self._console = console
        self._ended = self._scored = self._right = self._failed = self._calls = self._tokens = 0
        for record in records:
            self._count(record)

    def tell(self, record: Record) -> None:
        """Take note of a question that has ended."""
        self._count(record)
        why = f" ({record['error']})" if record["error"] else ""
        took = f"{record['status']}, {record['rounds']} rounds, {record['seconds']:.1f} s{why}"
        self.say(f"{record['id']}: {took}; {self.accuracy()}")

    def say(self, line: str) -> None:
        """Print a line."""
        self._console.print(clean(line), markup=False, soft_wrap=True)

    def how_to_go_on(self) -> str:
        """Return how a person goes on after stopping now."""
        return "the same command goes on where it stopped"

    def accuracy(self) -> str:
        """Return how many are right so far, or how many ended where no right option is known."""
        return f"{self._right} of {self._scored} right" if self._scored else f"{self._ended} answered"

    def cost(self) -> str:
        """Return what was spent so far, in words."""
        failed = f", {self._failed} failed" if self._failed else ""
        return f"{self._calls:,} calls, {_short(self._tokens)} tokens{failed}"

    def _count(self, record: Record) -> None:
        usage = record.get("usage") or {}
        self._ended += 1
        self._failed += record["status"] == "failed"
        self._scored += record["correct"] is not None
        self._right += bool(record["correct"])
        self._calls += usage.get("reasoner_calls", 0)
        self._tokens += usage.get("prompt_tokens", 0) + usage.get("completion_tokens", 0)


class Bar(Going):
    """The same as one bar with time left; only what failed has a line of its own."""

    def __init__(self, console: Console, records: Sequence[Record], bar: Any, todo: int) -> None:
        super().__init__(console, records)
        self._bar = bar
        self._task = bar.add_task("questions", total=todo, accuracy=self.accuracy(), cost=self.cost())

    def tell(self, record: Record) -> None:
        self._count(record)
        if record["error"]:
            self.say(f"{record['id']}: {record['status']} ({record['error']})")
        self._bar.update(self._task, advance=1, accuracy=self.accuracy(), cost=self.cost())

    def say(self, line: str) -> None:
        self._bar.console.print(clean(line), markup=False, soft_wrap=True)

    def how_to_go_on(self) -> str:
        # Whoever is told to stop twice leaves without cleaning up; the cursor is all that would stay changed.
        self._console.show_cursor(True)
        return super().how_to_go_on()


@contextmanager
def going(console: Console, records: Sequence[Record], todo: int) -> Iterator[Going]:
    """Show how `todo` questions go on top of `records`: as a bar where `console` is a terminal."""
    if not console.is_terminal or not todo:
        yield Going(console, records)
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
    from rich.progress import TimeRemainingColumn as TimeLeft

    columns = (
        BarColumn(bar_width=None),
        MofNCompleteColumn(),
        TextColumn("{task.fields[accuracy]}", markup=False),
        TextColumn("{task.fields[cost]}", markup=False),
        TimeElapsedColumn(),
        TimeLeft(),
    )
    with Progress(*columns, console=console, speed_estimate_period=_WINDOW, expand=True) as bar:
        yield Bar(console, records, bar, todo)


def _short(count: int) -> str:
    for size, sign in ((10**6, "M"), (10**3, "k")):
        if count >= size:
            return f"{count / size:.1f}{sign}"
    return str(count)
