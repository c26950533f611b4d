"""What a run took, and how accuracy goes with cost and with the length of the video."""

from __future__ import annotations

import math

from evaluation.report.blocks import Plot, Section, Table, Words
from evaluation.report.figures import Figures, Group
from evaluation.report.plots import Point, Share, field, shares
from evaluation.report.wording import SCORE, between, lasting, number, percent


def cost(found: Figures) -> Section | None:
    """Return totals, means and extremes of what questions took; None where nothing was kept."""
    costs = found.costs
    if not costs.amounts:
        return None
    rows = tuple(
        (one.name, *(amount(one.name, value) for value in (one.total, one.mean, one.median, one.most)))
        for one in costs.amounts
    )
    said = "Of a question: mean, median and most. Seconds are those of each question, also where several ran at once."
    if costs.estimated > 0:
        said += f" {percent(costs.estimated)} of the tokens are estimates: no server counted them."
    return Section("Cost", (Words(said), Table(("", "all", "mean", "median", "most"), rows)))


def amount(name: str, value: float) -> str:
    """Return an amount of a kind of cost."""
    return lasting(value) if name == "seconds" else number(value)


def by_cost(found: Figures) -> Section | None:
    """Return accuracy by what questions took; None where that is not known of enough of them."""
    groups, unit = found.costs.groups, found.costs.unit
    if not groups:
        return None
    points = [_point(group, f"{amount(unit, group.cost)}{' tokens' if unit == 'tokens' else ''}") for group in groups]
    said = (
        f"Answered questions in order of their {unit}, in five groups of the same size. Hard questions take more: a "
        "falling line does not say that looking again does harm."
    )
    rows = tuple((group.name, amount(unit, group.cost), *_cells(group)) for group in groups)
    plot = field("cost", "Accuracy by cost", points, f"{unit} of a question, mean of the group")
    return Section("Accuracy by cost", (Words(said), plot, Table(("cheapest first", unit, *SCORE), rows)))


def _cells(group: Group) -> tuple[str, str, str]:
    return f"{group.rate.right} of {group.rate.of}", percent(group.rate.value), between(*group.rate.interval)


def _point(group: Group, cost_told: str) -> Point:
    low, high = group.rate.interval
    said = f"{group.name}, {cost_told}: {percent(group.rate.value)} of {group.rate.of}"
    return Point(group.cost, group.rate.value, low, high, group.rate.of, said)


def by_length(found: Figures, chance: float | None) -> Section | None:
    """Return accuracy by length of the video; None where no length is known."""
    if not found.lengths:
        return None
    rows, lines = [], []
    for group in found.lengths:
        low, high = group.rate.interval
        rows.append(Share(group.name, group.rate.value, low, high, group.rate.of))
        lines.append((group.name, *_cells(group)))
    blind = math.nan if chance is None else chance
    blocks: list[Plot | Table | Words] = [shares("length", "Accuracy by length of the video", rows, blind)]
    blocks.append(Table(("length", *SCORE), tuple(lines)))
    if found.without_length:
        blocks.append(Words(f"The videos of {found.without_length} questions are of unknown length and left out."))
    return Section("Accuracy by length of the video", tuple(blocks))
