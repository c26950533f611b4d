"""A report as one HTML page: no scripts, nothing from elsewhere; light or dark as the reader's system is."""

from __future__ import annotations

from html import escape
from pathlib import Path

from evaluation.report.blocks import Block, Page, Plot, Section, Table, Tiles, Words
from evaluation.report.wording import plain

_HERE = Path(__file__).parent
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def render(page: Page) -> str:
    """Return the page as HTML. All texts are escaped."""
    style = (_HERE / "page.css").read_text("utf-8") + plot_style()
    index = "".join(f'<a href="#s{at}">{escape(one.title)}</a>' for at, one in enumerate(page.sections) if one.title)
    body = "".join(_section(at, one) for at, one in enumerate(page.sections))
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        f"<title>{escape(page.title)}</title>\n<style>\n{style}</style>\n</head>\n<body>\n"
        f"<header><h1>{escape(page.title)}</h1><p>{escape(page.below)}</p><nav>{index}</nav></header>\n"
        f"<main>\n{body}</main>\n</body>\n</html>\n"
    )


def plot_style() -> str:
    """Return the looks of all plots."""
    return (_HERE / "plots.css").read_text("utf-8")


def drawing(plot: Plot, style: str = "") -> str:
    """Return a plot as an SVG element; with its own `style` it can stand in a file of its own."""
    alone = f'<style>{style}</style><rect class="ground" width="100%" height="100%"/>' if style else ""
    name = f"{plot.name}-title {plot.name}-desc"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="plot" role="img" aria-labelledby="{name}" '
        f'viewBox="0 0 {plot.width} {plot.height}" width="{plot.width}" height="{plot.height}">'
        f'<title id="{plot.name}-title">{escape(plot.title)}</title>'
        f'<desc id="{plot.name}-desc">{escape(plot.description)}</desc>{alone}\n{plot.drawn}\n</svg>'
    )


def _section(number: int, section: Section) -> str:
    title = f"<h2>{escape(section.title)}</h2>" if section.title else ""
    look = ' class="foreign"' if section.foreign else ""
    return f'<section id="s{number}"{look}>{title}\n{"".join(map(_block, section.blocks))}</section>\n'


def _block(block: Block) -> str:
    if isinstance(block, Words):
        return f"<p>{escape(block.text)}</p>\n"
    if isinstance(block, Tiles):
        return (
            '<div class="tiles">'
            + "".join(
                f"<div><span>{escape(tile.label)}</span><strong>{escape(tile.value)}</strong>"
                f"<small>{escape(tile.below)}</small></div>"
                for tile in block.tiles
            )
            + "</div>\n"
        )
    if isinstance(block, Plot):
        return f"<figure>{drawing(block)}<figcaption>{escape(plain(block.title))}</figcaption></figure>\n"
    look = "table wide" if block.texts > 2 else "table"
    # The keyboard reaches what has to be scrolled.
    table = f'<div class="{look}" role="region" aria-label="table" tabindex="0">{_table(block)}</div>\n'
    if block.folded:
        return f"<details><summary>{escape(block.folded)} ({len(block.rows)})</summary>{table}</details>\n"
    return table


def _table(table: Table) -> str:
    looks = [' class="text"' if at < table.texts else "" for at in range(len(table.heads))]
    heads = "".join(f'<th scope="col"{look}>{escape(head)}</th>' for head, look in zip(table.heads, looks, strict=True))
    rows = ""
    for at, row in enumerate(table.rows):
        cells = "".join(f"<td{look}>{escape(cell)}</td>" for cell, look in zip(row, looks, strict=True))
        rows += ('<tr class="strong">' if at in table.strong else "<tr>") + cells + "</tr>\n"
    return f"<table><thead><tr>{heads}</tr></thead><tbody>\n{rows}</tbody></table>"
