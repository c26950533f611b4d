"""How many questions are right: overall, by category, over seeds, and against answering blindly."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

from evaluation.report.blocks import Plot, Section, Table, Tile, Tiles, Words
from evaluation.report.plots import Share, shares
from evaluation.report.wording import NOTHING, SCORE, between, cells, decimals, percent, plain, spread

Told = Mapping[str, Any]
"""The scores of a run, as `summary` returns them."""


def headline(told: Told) -> Tiles:
    """Return the numbers that come first."""
    released, mended = told["released"], told["cleaned"]
    asked = released["accuracy"]["of"]
    tiles = [
        Tile("accuracy", percent(released["accuracy"]["value"]), _over_seeds(released)),
        Tile("official", percent(released["official"]["value"]), f"of the {released['official']['of']} answered only"),
    ]
    if mended:
        tiles.append(Tile("cleaned", percent(mended["accuracy"]["value"]), _over_seeds(mended)))
    if told["open"]:
        f1 = f"{told['open']['exact']['of']} open answers, F1 of words"
        tiles.append(Tile("open", decimals(told["open"]["f1"]), f1))
    if told["judged"]:
        tiles.append(Tile("judged right", percent(told["judged"]["right"]["value"]), _below(told["judged"]["right"])))
    return Tiles(tuple(tiles if asked else [tile for tile in tiles if tile.label in ("open", "judged right")]))


def _below(rate: Mapping[str, Any]) -> str:
    return f"{rate['right']} of {rate['of']}; 95 %: {spread(rate)}"


def _over_seeds(scored: Mapping[str, Any]) -> str:
    found = scored["seeds"]
    if len(found["seeds"]) < 2:
        return _below(scored["accuracy"])
    return f"mean of {len(found['seeds'])} seeds; 95 %: {between(found['low'], found['high'])}"


def accuracy(told: Told) -> Section:
    """Return accuracy overall, and what it is of the mended questions and of those answered."""
    rows = []
    for name in ("released", "cleaned"):
        if told[name]:
            rows.append((name, *cells(told[name]["accuracy"])))
            rows.append((f"{name}, official", *cells(told[name]["official"])))
    said = (
        "Missing and failed questions are wrong. The official number leaves out what was not answered, as the "
        "benchmarks' own scripts do: it stands beside the score, not for it."
    )
    if told["cleaned"]:
        said += f" Cleaned goes by mended answers ({told['with_known_defects']} questions have known defects)."
    if len(told["released"]["seeds"]["seeds"]) > 1:
        said += " These intervals take every answer for itself; that of the headline takes a question as one unit."
    blocks: list[Table | Words] = [Words(said)]
    blocks.append(Table(("", *SCORE), tuple(rows), strong=frozenset({0})))
    if told["clock"]:
        clock = {name: cells(rate) for name, rate in told["clock"].items() if rate["of"]}
        blocks.append(
            Words(
                "Questions that speak of wall-clock times, apart: where no clock of the video is known, nothing in "
                "the picture need tell the time."
            )
        )
        blocks.append(Table(("wall-clock times", *SCORE), tuple((name, *row) for name, row in clock.items())))
    return Section("Accuracy", tuple(blocks))


def categories(told: Told) -> Section | None:
    """Return accuracy by every category, with what the paper published for the same."""
    blocks: list[Plot | Table | Words] = []
    if told["published"]:
        blocks.append(Words("◇: published by others for the whole benchmark, not measured here."))
    chance = told["baselines"]["chance"]
    for number, (kind, names) in enumerate(told["released"]["by_category"].items(), 1):
        rates = sorted(names.items())
        published = {name: told["published"].get(f"{kind}/{name}", math.nan) / 100 for name in names}
        rows = [
            Share(name, rate["value"], rate["low"], rate["high"], rate["of"], published[name]) for name, rate in rates
        ]
        title = f"Accuracy by {plain(kind, 60)}"
        blocks.append(shares(f"category-{number}", title, rows, math.nan if chance is None else chance))
        blocks.append(_table(kind, names, told, published))
    return Section("By category", tuple(blocks)) if told["released"]["by_category"] else None


def _table(kind: str, names: Mapping[str, Any], told: Told, published: Mapping[str, float]) -> Table:
    mended = told["cleaned"]["by_category"].get(kind, {}) if told["cleaned"] else {}
    paper = not all(map(math.isnan, published.values()))
    rows = []
    for name in sorted(names):
        row = [plain(name), *cells(names[name])]
        if told["cleaned"]:
            row.append(percent(mended[name]["value"]) if name in mended else NOTHING)
        if paper:
            row.append(percent(published[name]))
        rows.append(tuple(row))
    mean = ["mean of these", "", percent(told["released"]["mean_of_categories"][kind]), ""]
    if told["cleaned"]:
        mean.append(percent(told["cleaned"]["mean_of_categories"].get(kind)))
    heads = (plain(kind), *SCORE) + (("cleaned",) if told["cleaned"] else ()) + (("paper ◇",) if paper else ())
    return Table(heads, (*rows, tuple(mean + [""] * paper)), strong=frozenset({len(rows)}))


def seeds(told: Told) -> Section | None:
    """Return the score over several orders of options; None for a run with one."""
    found = told["released"]["seeds"]
    if len(found["seeds"]) < 2:
        return None
    rows = [(_seed(seed), percent(value), "", "") for seed, value in zip(found["seeds"], found["each"], strict=True)]
    rows.append(("all", percent(found["mean"]), percent(found["deviation"]), between(found["low"], found["high"])))
    said = "Each seed shows the options in an order of its own. The interval takes a question as one unit."
    table = Table(("seed", "%", "deviation", "95 %"), tuple(rows), strong=frozenset({len(rows) - 1}))
    return Section("Seeds", (Words(said), table))


def _seed(seed: int) -> str:
    return "as released" if seed < 0 else str(seed)


def baselines(told: Told) -> Section | None:
    """Return what answering blindly would score, in the released order and in that of each seed."""
    rows = list(_baselines(told))
    if not rows:
        return None
    letters = sorted({key for _, found in rows for key in found if len(key) == 1})
    made = tuple(
        (
            name,
            *(percent(found[letter]["value"]) if letter in found else NOTHING for letter in letters),
            f"{found['majority']}: {percent(found[found['majority']]['value'])}" if found["majority"] else NOTHING,
        )
        for name, found in rows
    )
    said = f"Choosing blindly among the options scores {percent(told['baselines']['chance'])} on average."
    return Section("Baselines", (Words(said), Table(("always the same letter", *letters, "best letter"), made)))


def _baselines(told: Told) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for name, found in told["baselines"].items():
        if isinstance(found, Mapping) and found["majority"]:
            yield name.replace("_", " "), found
