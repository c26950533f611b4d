"""Picking the words of a remark that answer: a span of the sort asked for, or the value of a label. Pure functions."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tools.reasoners.embedded.cover import Cover
from tools.reasoners.embedded.question import Asked
from tools.reasoners.embedded.reading import Reading, Remark, announces, continues
from tools.reasoners.embedded.spans import Piece, pieces
from tools.reasoners.embedded.wording import content, fold, meant, stem, stems_of, synonyms, words


def span(
    asked: Asked, remark: Remark, covered: Cover, reading: Reading
) -> tuple[Piece | None, tuple[tuple[Remark, str], ...]]:
    """Return the span of the sort asked for that lies nearest to the question's words, if there is one."""
    for sort in _sorts(asked, remark):
        options = [
            piece for piece in pieces(sort, remark.body)
            if not all(word.stem in asked.stems for word in words(piece.text)) or not words(piece.text)
        ]  # fmt: skip
        if sort == "colour":
            options = [piece for piece in options if _colours(piece, covered, remark)]
        if sort == "name":
            options = [piece for piece in options if _could_be_name(piece, asked)]
            if _announced(asked, remark, reading):
                options = [piece._replace(sure=True) for piece in options]
        if options:
            chosen = min(options, key=lambda piece: _gap(piece, asked, remark, sort))
            return chosen, _continued(remark, chosen, reading)
    if asked.sorts == ("name",) and remark.kind == "prose":
        return _doer(asked, remark), ()
    return None, ()


def _sorts(asked: Asked, remark: Remark) -> Iterator[str]:
    yield from asked.sorts
    measures = {"speed", "weight", "length", "temperature", "money", "amount", "volume", "percent"}
    # `Speed limit 30` gives no unit, but says itself what its number is; a price list seldom repeats the currency.
    labelled = asked.sort_words_in(remark.all_stems)
    if labelled and set(asked.sorts) & measures:
        yield "number"
    elif "money" in asked.sorts:
        yield "price"
    if "money" in asked.sorts and re.search(r"\b(free|gratis|complimentary)\b", fold(remark.body)):
        yield "free"


def _gap(piece: Piece, asked: Asked, remark: Remark, sort: str) -> float:
    """Return how far (characters) a span is from the words of the question; numbers stand before what they count."""
    wanted = {w.stem for w in (*asked.required, *asked.sort_words)} | ({asked.head.stem} if asked.head else set())
    if sort == "code" and (numbered := _numbered(asked)):
        wanted = {numbered}
    near = {other for stem_ in wanted for other in synonyms(stem_)} | wanted
    gaps = []
    for word in remark.words:
        if word.stem in near and not (piece.start <= word.start < piece.end):
            behind = word.start >= piece.end
            gap = word.start - piece.end if behind else piece.start - word.end
            gaps.append(gap + (0.5 if behind and sort != "number" else 0))
    return min(gaps, default=1000.0) - (500 if piece.sure and sort == "name" else 0)


def _colours(piece: Piece, covered: Cover, remark: Remark) -> bool:
    """Tell whether a colour belongs to a word of the question: just before it, or said of it."""
    for word in remark.words:
        if not any(meant(asked.stem, {word.stem}) for asked in covered.strong):
            continue
        between = (
            remark.body[piece.end : word.start] if word.start >= piece.end else remark.body[word.end : piece.start]
        )
        if word.start >= piece.end and len(words(between)) <= 1 and not re.search(r"[,;.]", between):
            return True
        if word.start < piece.start and re.fullmatch(r"\s*(?:is|are|was|were|:|=|,|in)?\s*(?:mostly |all )?", between):
            return True
    return False


def _numbered(asked: Asked) -> str:
    """Return the stem of what a code belongs to (`which gate`, `what platform`)."""
    match = re.search(r"\b(?:what|which)\s+(?:is\s+|was\s+|are\s+)?(?:the\s+)?(\w+)", fold(asked.text))
    return stem(match.group(1)) if match else ""


def _continued(remark: Remark, piece: Piece, reading: Reading) -> tuple[tuple[Remark, str], ...]:
    """Return the remark on the same screen that breaks off where the span goes on, if there is one."""
    if remark.kind != "text" or remark.body[: piece.start].strip():
        return ()
    broken = [other for other in reading.beside(remark) if continues(other.body) and other.heading == remark.heading]
    return ((broken[0], broken[0].body),) if len(broken) == 1 else ()


def _announced(asked: Asked, remark: Remark, reading: Reading) -> bool:
    """Tell whether a line beside the remark leads up to it and speaks of what is asked (`The winner is…`)."""
    wanted = {word.stem for word in asked.required}
    wanted |= {other for word in wanted for other in synonyms(word)}
    return any(announces(other.body) and other.stems & wanted for other in reading.beside(remark))


def _could_be_name(piece: Piece, asked: Asked) -> bool:
    """A single capitalised word at a line's start is usually no name; a name holds none of the question's words."""
    inside = content(piece.text)
    return bool(inside) and not any(word.stem in asked.stems for word in inside) and (piece.sure or len(inside) > 1)


def _doer(asked: Asked, remark: Remark) -> Piece | None:
    """Return the words of a sentence before the verb of the question (`The vendor … closes the truck`)."""
    stems = {word.stem for word in asked.required}
    first = next((word for word in remark.words if word.stem in stems), None)
    if first is None or first.start < 3:
        return None
    text = remark.body[: first.start].strip(" ,;")
    return Piece(0, len(text), text) if content(text) else None


def value(asked: Asked, remark: Remark) -> str:
    """Return the part of a remark that answers: the value of a label, or the clause that goes with the question."""
    body = remark.body.strip()
    label, colon, rest = body.partition(": ")
    if colon and rest and len(words(label)) <= 4:
        return rest.strip()
    cells = [cell.strip() for cell in body.split(" | ")]
    if len(cells) == 2 and stems_of(cells[0]) & asked.stems:
        return cells[1]
    if len(words(body)) <= 14:
        return body
    clauses = [clause for clause in re.split(r"(?<=[.;!?])\s+", body) if clause]
    return max(clauses, key=lambda clause: len(stems_of(clause) & asked.stems)).strip()
