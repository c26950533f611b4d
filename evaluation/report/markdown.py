"""A report as Markdown, with its plots as files beside it."""

from __future__ import annotations

import re

from evaluation.report.blocks import Block, Page, Plot, Section, Table, Tiles, Words

_MARKS = re.compile(r"([\\`*_\[\]|~$#!])")


def render(page: Page, plots: str) -> str:
    """Return the report as Markdown; `plots` is the folder of the plots, as a path from the report."""
    parts = [f"# {_safe(page.title)}", _safe(page.below)]
    for section in page.sections:
        parts += _section(section, plots)
    return "\n\n".join(part for part in parts if part) + "\n"


def _section(section: Section, plots: str) -> list[str]:
    return ([f"## {_safe(section.title)}"] if section.title else []) + [_block(one, plots) for one in section.blocks]


def _block(block: Block, plots: str) -> str:
    if isinstance(block, Words):
        return _safe(block.text)
    if isinstance(block, Tiles):
        rows = tuple((tile.label, tile.value, tile.below) for tile in block.tiles)
        return _table(Table(("", "", ""), rows)) if rows else ""
    if isinstance(block, Plot):
        return f"![{_safe(block.title)}]({plots}/{block.name}.svg)"
    return _table(block)


def _table(table: Table) -> str:
    under = ["---" if at < table.texts else "---:" for at in range(len(table.heads))]
    rows = [[_strong(cell) if at in table.strong else _safe(cell) for cell in row] for at, row in enumerate(table.rows)]
    lines = [[_safe(head) for head in table.heads], under, *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)


def _strong(cell: str) -> str:
    return f"**{_safe(cell)}**" if cell else ""


def _safe(text: str) -> str:
    """Return text that is shown as it is: no mark-up in it is taken for such."""
    bare = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    # A name of a scheme would become a link by itself.
    return _MARKS.sub(r"\\\1", bare).replace("://", ":&#47;&#47;").replace("www.", "www&#46;")
