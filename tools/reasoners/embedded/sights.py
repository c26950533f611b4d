"""What is seen and not read: colours, plain shapes and ways of moving, as sentences tell of them. Pure functions.

The reasoner knows no captioner's sentences: any that joins a colour with a shape, or something with a way it moves,
is a sight. A thing that a question names otherwise (`balloon`, `van`) is taken for the shape it usually has, with less
certainty than one that is called by its shape.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from memory_store.records import LEVELS
from tools.reasoners.base import Support
from tools.reasoners.embedded.cover import Cover
from tools.reasoners.embedded.extract import Found
from tools.reasoners.embedded.lexicon import COLOURS
from tools.reasoners.embedded.plain_things import (
    SHAPE_STEMS,
    Way,
    colour_of,
    named_shapes,
    shapes_of,
    way_of,
    way_words,
)
from tools.reasoners.embedded.question import Asked
from tools.reasoners.embedded.reading import Reading, Remark
from tools.reasoners.embedded.wording import Word, content, fold, met, stems, stems_of, words

Wish = Literal["", "colour", "shape", "way"]

SEEN = frozenset(("prose", "sight"))
"""Kinds of remarks that tell of something seen and not read."""
_ANYTHING = stems("thing object shape figure item mark symbol something form element patch blob marker marking sticker")
_MOVES = stems(
    "move travel cross go drift slide fly run drive roll float head pass glide come rise fall sink climb drop ascend "
    "descend shoot sweep wander race shift"
)
_SHOWS = stems("appear flash light show have be drawn draw painted paint coloured colored wear carry see visible there")
_HOLLOW = stems(
    "colour color direction way shape side left right up down across along past over next near beside close"
)
_ASKS_COLOUR = re.compile(r"\bcolou?rs?\b|\b(?:tint|hue)\b")
_OF_SHAPE = re.compile(r"\b(?:shape|figure|symbol|object|thing) (?:has|is|was|had)\b")
"""Words by which a colour is what is known of a thing, and not what is asked."""
_ASKS_SHAPE = re.compile(r"\b(?:what|which) (?:kind of |geometric |sort of )*(?:shape|figure|form|symbol)\b")
_ASKS_WAY = re.compile(
    r"\bdirection\b|\b(?:which|what) (?:way|side)\b|\bwhere (?:does|do|did|is|are|was|were)\b.*"
    r"\b(?:mov|go|travel|head|drift|fly|run|driv|roll|float|slid)\w*\b"
)
_ENOUGH = 0.7
"""Share of what a question says of the place or moment that must be met there."""
_GUESS = 0.1
"""Fit of a sight of which nothing is met but that it is one: better than none where an option must be chosen."""
_BEFORE, _AFTER = 20.0, 1.0
"""Seconds before a sight in which what it came after may be, and by which words and sight may be apart."""


@dataclass(frozen=True)
class Sight:
    """One thing seen."""

    remark: Remark
    colour: str
    shape: str
    way: Way | None


@dataclass(frozen=True)
class Sought:
    """What a question asks of something seen, and what it says of it."""

    wish: Wish
    shapes: dict[str, float]
    """Shapes it may have, with how sure that is; none: any."""
    colour: str
    way: Way | None
    context: tuple[Word, ...]
    """What else it says: under which words, at which moment."""
    after: bool


def sought(asked: Asked, options: Sequence[str]) -> Sought | None:
    """Return what the question wants seen; None if it asks for nothing of the kind."""
    text = fold(asked.text)
    wish = _by_options(options) or _by_words(text)
    if not wish or asked.yes_no:
        return None
    shapes = {} if wish == "shape" else dict.fromkeys(named_shapes(asked.text), 1.0) or shapes_of(asked.text)
    colour = "" if wish == "colour" else colour_of(asked.unquoted)
    left_out = SHAPE_STEMS | _ANYTHING | _MOVES | _SHOWS | _HOLLOW
    quoted = frozenset().union(*map(stems_of, asked.quoted))
    context = tuple(
        word
        for word in content(asked.text)
        if word.stem in quoted or word.stem not in left_out and word.text.lower() not in COLOURS
    )
    way = way_of(text) if wish != "way" else None
    return Sought(wish, shapes, colour, way, context, asked.place == "after")


def names_one(asked: Asked, options: Sequence[str]) -> bool:
    """Tell whether the question is about a thing it names by its shape, its colour or its way."""
    wanted = sought(asked, options)
    return wanted is not None and bool(wanted.shapes or wanted.colour or wanted.way)


def _by_options(options: Sequence[str]) -> Wish:
    if len(options) < 2:
        return ""
    for wish in ("way", "colour", "shape"):
        values = [_value_in(wish, option) for option in options]
        if all(values) and len(set(map(str, values))) == len(values):
            return wish
    return ""


def _value_in(wish: Wish, option: str) -> object:
    if len(words(option)) > 6:
        return None
    if wish == "way":
        return way_of(option)
    if wish == "colour":
        return colour_of(option)
    exact = named_shapes(option)
    return exact[0] if len(exact) == 1 else None


def _by_words(text: str) -> Wish:
    if _ASKS_WAY.search(text):
        return "way"
    if _ASKS_COLOUR.search(text) and not _OF_SHAPE.search(text):
        return "colour"
    return "shape" if _ASKS_SHAPE.search(text) else ""


def sights(reading: Reading) -> Iterator[Sight]:
    """Yield what sentences tell of things seen."""
    for remark in reading.perceived():
        if remark.kind not in SEEN:
            continue
        stems_ = remark.stems
        way = way_of(remark.body) if stems_ & _MOVES else None
        exact = named_shapes(remark.body)
        colour = colour_of(remark.body)
        if colour and (len(exact) == 1 or way or stems_ & _ANYTHING):
            yield Sight(remark, colour, exact[0] if exact else "", way)


def settle(asked: Asked, options: Sequence[str], reading: Reading) -> tuple[Found, str] | None:
    """Return the answer to a question about something seen, and its letter; None where memory shows nothing fitting."""
    wanted = sought(asked, options)
    if wanted is None:
        return None
    scored = [(score, sight) for sight in sights(reading) if (score := _fit(wanted, sight, reading)) > 0]
    groups: dict[str, tuple[float, Sight]] = {}
    for score, sight in scored:
        told = _told(wanted.wish, sight)
        if told and (told not in groups or score > groups[told][0]):
            groups[told] = score, sight
    if not groups:
        return None
    ranked = sorted(groups.items(), key=lambda item: -item[1][0])
    if options:
        offered = [item for item in ranked if option_of(wanted.wish, item[0], options)]
        ranked = offered or ranked
    answer, (score, sight) = ranked[0]
    rival = len(ranked) > 1 and ranked[1][1][0] > score - 0.05
    sure = score >= _ENOUGH and not rival
    support: Support = "supported" if sure else "partly"
    lacking = "" if sure else "which of several things is meant" if rival else "where it is to be seen"
    letter = option_of(wanted.wish, answer, options) if options else ""
    if options and not letter:
        support, lacking = "partly", "one of the options"
    confidence = round((0.6 if sure else 0.3) + 0.3 * min(1.0, score), 3)
    return Found(sight.remark, answer, sight.remark.body, Cover({}), support, min(confidence, 0.9), lacking), letter


def option_of(wish: Wish, answer: str, options: Sequence[str]) -> str:
    """Return the letter of the one option that says the same, or an empty string."""
    value = _value_in(wish, answer)
    same = [index for index, option in enumerate(options) if value and _value_in(wish, option) == value]
    return chr(65 + same[0]) if len(same) == 1 else ""


def _told(wish: Wish, sight: Sight) -> str:
    if wish == "colour":
        return sight.colour
    if wish == "shape":
        return f"a {sight.shape}" if sight.shape else ""
    return way_words(sight.way) if sight.way else ""


def _fit(wanted: Sought, sight: Sight, reading: Reading) -> float:
    """Return how well a sight is what the question speaks of, 0 (not) to about 1."""
    if wanted.colour and wanted.colour != sight.colour:
        return 0.0
    if wanted.way and sight.way and wanted.way != sight.way:
        return 0.0
    if wanted.wish == "way" and not sight.way:
        return 0.0
    sure = wanted.shapes.get(sight.shape, 0.0) if wanted.shapes and sight.shape else 1.0 if not wanted.shapes else 0.5
    if not sure:
        return 0.0
    if wanted.way and not sight.way:
        sure *= 0.6
    deep = 0.02 * LEVELS.index(sight.remark.passage.level) if sight.remark.passage.level in LEVELS else 0.0
    if not wanted.context:
        return 0.9 * sure + deep
    return sure**0.5 * (_GUESS + (1 - _GUESS) * _share(wanted, sight, reading)) + deep


def _share(wanted: Sought, sight: Sight, reading: Reading) -> float:
    """Return the share of the question's other words that are met beside a sight, before it, or in it."""
    line, passage = sight.remark.line, sight.remark.passage
    here = set(sight.remark.all_stems)
    lately: set[str] = set()
    for other in reading.remarks:
        if other.passage.recording != passage.recording or other.kind == "cut":
            continue
        have = other.all_stems if other.kind not in SEEN else other.stems
        if other.line.start <= line.end + _AFTER and other.line.end >= line.start - _AFTER:
            here |= have
        elif wanted.after and line.start - _BEFORE <= other.line.end <= line.start:
            lately |= have
    found = sum(1.0 if met(word.stem, here) else 0.9 if met(word.stem, lately) else 0.0 for word in wanted.context)
    return found / len(wanted.context)
