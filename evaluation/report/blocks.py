"""What a report is made of, whatever it is written as: sections of words, tables, plots and headline numbers."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Words:
    """A paragraph."""

    text: str


@dataclass(frozen=True)
class Tile:
    """A headline number."""

    label: str
    value: str
    below: str = ""


@dataclass(frozen=True)
class Tiles:
    """Headline numbers that stand side by side."""

    tiles: tuple[Tile, ...]


@dataclass(frozen=True)
class Table:
    """Rows of cells; the first `texts` columns are words, all others numbers."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    texts: int = 1
    strong: frozenset[int] = frozenset()
    """Rows that stand out, counted from 0."""
    folded: str = ""
    """Where not empty, the table can be unfolded by these words."""


@dataclass(frozen=True)
class Plot:
    """A plot as SVG elements; where they are drawn to is up to who writes the report."""

    name: str
    """Of the file, without suffix: letters, digits and hyphens."""
    title: str
    description: str
    """What it shows, for who does not see it."""
    width: int
    height: int
    drawn: str
    """SVG elements; all text in them is escaped."""


Block = Words | Tiles | Table | Plot


@dataclass(frozen=True)
class Section:
    """A heading and what stands below it."""

    title: str
    blocks: tuple[Block, ...]
    foreign: bool = False
    """True where numbers were published by others and not measured here."""


@dataclass(frozen=True)
class Page:
    """A whole report."""

    title: str
    below: str
    """A line about what was run."""
    sections: tuple[Section, ...]
