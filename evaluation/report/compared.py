"""Two runs side by side, as a page of Markdown."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from evaluation import scores
from evaluation.comparison import Comparison, compare
from evaluation.records import Benchmark, Record
from evaluation.report import markdown
from evaluation.report.blocks import Page, Section, Table, Words
from evaluation.report.figures import figures
from evaluation.report.sections.cost import amount
from evaluation.report.wording import NOTHING, between, percent, plain
from evaluation.report.writing import replace_file
from evaluation.results import Outcome
from tools.errors import BadInput

_MOST = 100
"""Questions that are listed."""
Pair = tuple[Sequence[Outcome], Sequence[Outcome]]


def names_of(first: Path, second: Path) -> tuple[str, str]:
    """Return what to call two runs: the names of their folders, or the whole paths where these are the same."""
    one, other = first.resolve().name, second.resolve().name
    return (plain(one), plain(other)) if one != other else (plain(first), plain(second))


def page(
    benchmark: Benchmark,
    names: tuple[str, str],
    held: Pair,
    records: tuple[Sequence[Record], Sequence[Record]],
    *,
    cleaned: bool = False,
) -> Page:
    """Return the comparison of two runs. Raises `BadInput` where they have no question in common."""
    found = compare(*held)
    said = (
        f"{found.questions} questions that both runs have; missing and failed ones are wrong. The first is better on "
        f"{found.better} and worse on {found.worse} of them; p {found.p:.3g} (McNemar's test, exact): how likely so "
        "uneven a split is by chance."
    )
    by = "by the mended answers" if cleaned else "by the answers as released"
    sections = [
        Section("", (Words(said), Table(("", *names, "difference", "95 %", "better", "worse", "p"), _overall(found)))),
        _categories(names, held),
        _costs(benchmark, names, records),
        _differing(names, held),
    ]
    title = f"{plain(benchmark.name, 60)}: {names[0]} against {names[1]}"
    return Page(title, f"Scored {by}.", tuple(section for section in sections if section))


def write(made: Page, file: Path) -> None:
    """Write a comparison. Raises `BadInput` where it cannot be written."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        replace_file(file, markdown.render(made, ""))
    except OSError as problem:
        raise BadInput(f"the comparison cannot be written to {file}: {problem.strerror}") from None


def _overall(found: Comparison) -> tuple[tuple[str, ...], ...]:
    return (("all", *_cells(found)),)


def _cells(found: Comparison) -> tuple[str, ...]:
    difference = f"{found.difference * 100:+.1f}"
    sure = (between(*found.interval), str(found.better), str(found.worse), f"{found.p:.3g}")
    return percent(found.first), percent(found.second), difference, *sure


def _categories(names: tuple[str, str], held: Pair) -> Section | None:
    kinds = scores.by_category(held[0])
    tables = []
    for kind, rates in kinds.items():
        rows = []
        for name in sorted(rates):
            within = [[one for one in run if name in one.question.categories.get(kind, ())] for run in held]
            rows.append((plain(name, 60), *_cells(compare(within[0], within[1]))))
        tables.append(Table((plain(kind, 60), *names, "difference", "95 %", "better", "worse", "p"), tuple(rows)))
    said = Words("Many comparisons at once: of twenty without any difference, one has a p below 0.05.")
    return Section("By category", (said, *tables)) if tables else None


def _costs(
    benchmark: Benchmark, names: tuple[str, str], records: tuple[Sequence[Record], Sequence[Record]]
) -> Section | None:
    found = [{one.name: one.mean for one in figures(benchmark, run).costs.amounts} for run in records]
    rows = tuple(
        (name, *(amount(name, run[name]) if name in run else NOTHING for run in found))
        for name in dict.fromkeys([*found[0], *found[1]])
    )
    return Section("Cost of a question, mean", (Table(("", *names), rows),)) if rows else None


def _differing(names: tuple[str, str], held: Pair) -> Section | None:
    one, other = (scores.share_of_seeds(run) for run in held)
    asked = {outcome.question.id: outcome.question for outcome in held[0]}
    differ = [name for name in one if name in other and one[name] != other[name]]
    if not differ:
        return None
    rows = tuple(
        (plain(name, 60), plain(asked[name].question, 120), percent(one[name]), percent(other[name]))
        for name in differ[:_MOST]
    )
    said = f"{len(differ)} questions" + (f", of which the first {_MOST} are listed." if len(differ) > _MOST else ".")
    heads = ("question", "asked", *names)
    return Section("Questions on which they differ", (Words(said), Table(heads, rows, texts=2)))
