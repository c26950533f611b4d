"""Words for plain things: their shapes, their colours, and the ways they go. Pure functions."""

from __future__ import annotations

import re

from tools.reasoners.embedded.lexicon import COLOURS
from tools.reasoners.embedded.wording import fold, stems, stems_of, words

Way = tuple[int, int]
"""To the right and down: 1, 0 or -1."""

_SHAPES = {
    "circle": "circle disc disk",
    "oval": "oval ellipse",
    "square": "square",
    "rectangle": "rectangle",
    "diamond": "diamond rhombus lozenge",
    "triangle": "triangle",
    "star": "star",
}
_LIKE = {
    "circle": "ball dot balloon sun moon wheel coin spot bead round ring lamp light bubble",
    "oval": "egg balloon ball",
    "square": "box block cube tile card sheet patch",
    "rectangle": "box block bar card flag banner stripe door brick car bus van truck lorry sheet square tile cart boat",
    "diamond": "kite",
    "triangle": "pyramid pennant cone tent sail arrow roof",
    "star": "asterisk",
}
_ALIKE = 0.7
"""Certainty that a thing usually of some shape is what is shown as that shape."""
SHAPE_STEMS = frozenset().union(*(stems(group) for group in (*_SHAPES.values(), *_LIKE.values())))
"""Stems of all nouns that name a shape, or a thing of one."""
_ENDS: dict[str, Way] = {
    "left": (-1, 0),
    "right": (1, 0),
    "top": (0, -1),
    "up": (0, -1),
    "above": (0, -1),
    "bottom": (0, 1),
    "down": (0, 1),
    "below": (0, 1),
}
_FROM_TO = re.compile(
    r"\b(?:from )?(?:the )?(left|right|top|bottom|above|below)(?: (?:hand )?side| edge)? ?"
    r"(?:to|towards|toward) ?"
    r"(?:the )?(left|right|top|bottom|above|below)\b"
)
_TOWARDS = (
    ((-1, 0), r"\bleftwards?\b|\b(?:to|towards?) the left\b|\b(?:move|go|travel|head)\w* left\b|^(?:it \w+ )?left$"),
    ((1, 0), r"\brightwards?\b|\b(?:to|towards?) the right\b|\b(?:move|go|travel|head)\w* right\b|^(?:it \w+ )?right$"),
    ((0, -1), r"\bupwards?\b|\bup\b|\b(?:rise|rises|rising|ascend\w*|climb\w*)\b|\b(?:to|towards?) the top\b"),
    ((0, 1), r"\bdownwards?\b|\bdown\b|\b(?:falls?|falling|sinks?|descend\w*|drops?)\b|\b(?:to|towards?) the bottom\b"),
)


def way_of(text: str) -> Way | None:
    """Return which way something goes by a phrase (`from left to right`, `upwards`), None if it does not say."""
    plain = fold(text).replace("->", " to ").replace("-", " ").strip(" .!?")
    if between := _FROM_TO.search(plain):
        start, end = _ENDS[between[1]], _ENDS[between[2]]
        return (_sign(end[0] - start[0]), _sign(end[1] - start[1])) if start != end else None
    found = [way for way, pattern in _TOWARDS if re.search(pattern, plain)]
    across, down = sum(way[0] for way in found), sum(way[1] for way in found)
    return (across, down) if (across, down) != (0, 0) else None


def _sign(value: int) -> int:
    return (value > 0) - (value < 0)


def shapes_of(text: str) -> dict[str, float]:
    """Return the shapes that words of a text name, or that what they name usually has."""
    have = stems_of(text)
    found = {shape: _ALIKE for shape, names in _LIKE.items() if stems(names) & have}
    return found | {shape: 1.0 for shape, names in _SHAPES.items() if stems(names) & have}


def named_shapes(text: str) -> list[str]:
    """Return the shapes that a text calls by their names."""
    return [shape for shape, certain in shapes_of(text).items() if certain == 1.0]


def colour_of(text: str) -> str:
    """Return the first colour that a text names, or an empty string."""
    return next((_same_colour(word.text.lower()) for word in words(text) if word.text.lower() in COLOURS), "")


def _same_colour(name: str) -> str:
    return {"gray": "grey", "violet": "purple", "cyan": "turquoise", "teal": "turquoise"}.get(name, name)


def way_words(way: Way) -> str:
    """Return a way in words (`from left to right`)."""
    named = {
        (1, 0): "from left to right",
        (-1, 0): "from right to left",
        (0, -1): "upwards",
        (0, 1): "downwards",
    }
    return named.get(way) or f"{'down' if way[1] > 0 else 'up'} and to the {'right' if way[0] > 0 else 'left'}"
