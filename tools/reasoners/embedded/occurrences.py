"""How often something is shown, and which of several things comes first, last or next. Pure functions."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from tools.reasoners.embedded import plain_things, sights
from tools.reasoners.embedded.cover import Cover
from tools.reasoners.embedded.extract import Found
from tools.reasoners.embedded.lexicon import NUMBER_WORDS, word_set
from tools.reasoners.embedded.perception import kind_of
from tools.reasoners.embedded.question import Asked
from tools.reasoners.embedded.reading import Reading, Remark
from tools.reasoners.embedded.wording import Word, alike, content, fold, is_content, stems, synonyms, words

_SAME = 1.5
"""Seconds: the same words that are gone for less were never gone."""
_OFTEN = re.compile(
    r"\bhow (?:often|frequently|many times)\b|\b(?:how many|number of) (?:times|occasions|appearances|showings)\b"
    r"|\bon how many (?:occasions|boards|slides|screens|signs)\b"
)
_PER = re.compile(r"\b(?:a|an|per|each|every) (?:second|minute|hour|day|week|month|year)\b")
_HOW_MANY = re.compile(r"\bhow many\b.*\b(?:appear|shown|show|seen|visible|cross|pass|flash|come up|pop up)\w*\b")
_HEADED = re.compile(
    r"\b(?:headed|titled|entitled|heading|title|headline|under|below)\W*$"
    r"|\b(?:on|under|at|below|beneath|beside|above|over|near|of)\s+(?:\w+\s+){0,2}(?:board|sheet|sign|screen|slide)s?\W*$",
    re.IGNORECASE,
)
"""Words before a quotation that make it the place to look at, and not the thing itself."""
_ANCHOR = re.compile(
    r"\b(?P<how>after|(?<!the )following|follows|before|preceding|precedes|prior to)\b(?P<what>.*)",
    re.IGNORECASE | re.DOTALL,
)
_EARLIEST = re.compile(r"\b(?:first|earliest|initially|before (?:all|any of) the others?|to begin with)\b")
_LATEST = re.compile(r"\b(?:last|latest|final|finally|after all the others?|most recently)\b")
_TIMES = {"once": 1, "twice": 2, "thrice": 3, "never": 0}
_SAYS_NOTHING = stems(
    "appear flash show come up pop turn time often frequently video word sign board screen slide recording clip film "
    "many occasion separate different see name mention throughout course whole entire again repeat occur altogether "
    "total put happen cross pass go move"
)
_STEPS = re.compile(r"\s*(?:,|;|->|→|>|\bthen\b|\band then\b)\s*")
_GENERIC = word_set("first last next one ones it that this these those")


@dataclass(frozen=True)
class Event:
    """One showing of something, over all captions that tell of it."""

    remark: Remark
    start: float
    end: float


def settle(asked: Asked, options: Sequence[str], reading: Reading) -> tuple[Found, str] | None:
    """Return the answer to a question about how often or in which order, and its letter; None where it is neither."""
    text = fold(asked.text)
    if _counts(text, options):
        return _count(asked, options, reading)
    if kind_of(asked.text) == "order" and options:
        return _order(asked, options, reading)
    return None


def number_of(text: str) -> int | None:
    """Return the count that a short text says (`three times`, `twice`, `4`), None if it says none."""
    for word in words(text):
        plain = word.text.lower()
        if plain in _TIMES:
            return _TIMES[plain]
        if plain.isdecimal() or plain in NUMBER_WORDS:
            return int(plain) if plain.isdecimal() else NUMBER_WORDS[plain]
    return None


def _counts(text: str, options: Sequence[str]) -> bool:
    if _PER.search(text):
        return False
    if _OFTEN.search(text):
        return not options or all(number_of(option) is not None for option in options)
    return bool(_HOW_MANY.search(text) and options and all(number_of(option) is not None for option in options))


def _count(asked: Asked, options: Sequence[str], reading: Reading) -> tuple[Found, str] | None:
    shown = list(_showings(asked, reading))
    if not shown:
        return None
    letters = [index for index, option in enumerate(options) if number_of(option) == len(shown)]
    letter, sure = (chr(65 + letters[0]), True) if len(letters) == 1 else (_nearest(len(shown), options), not options)
    answer = options[ord(letter) - 65] if options else str(len(shown))
    also = tuple((event.remark, event.remark.body) for event in shown[1:])
    found = Found(
        shown[0].remark,
        answer,
        shown[0].remark.body,
        Cover({}),
        "supported" if sure else "partly",
        0.7 if sure else 0.4,
        "" if sure else "other showings",
        also,
    )
    return found, letter


def _nearest(count: int, options: Sequence[str]) -> str:
    if not options:
        return ""
    gaps = [abs((number_of(option) or 0) - count) for option in options]
    return chr(65 + gaps.index(min(gaps)))


def _showings(asked: Asked, reading: Reading) -> Iterator[Event]:
    """Yield the showings of what the question counts."""
    target = _target(asked)
    if target:
        yield from events(reading, lambda remark: remark.kind not in sights.SEEN and _holds(remark, target))
        return
    shapes, colour = plain_things.shapes_of(asked.text), plain_things.colour_of(asked.text)
    if shapes or colour:
        yield from _seen(shapes, colour, reading)


def _target(asked: Asked) -> list[Word]:
    """Return the words that are counted: the quoted ones that are no heading, else those in capitals, else all."""
    quotes = [quote for quote in asked.quoted if quote not in _place(asked)]
    if quotes:
        return words(quotes[0])
    if asked.quoted:
        unquoted = asked.text
        for quote in asked.quoted:
            unquoted = unquoted.replace(quote, " ")
    else:
        unquoted = asked.text
    capitals = [word for word in words(unquoted) if len(word.text) > 2 and word.text.isupper()]
    if capitals:
        return capitals
    plain = [word for word in content(unquoted) if word.stem not in _SAYS_NOTHING]
    if plain and (plain_things.shapes_of(unquoted) or plain_things.colour_of(unquoted)):
        return []
    return plain or [word for quote in asked.quoted[:1] for word in words(quote)]


def _holds(remark: Remark, target: Sequence[Word]) -> bool:
    have = remark.stems
    return all(
        word.stem in have or bool(synonyms(word.stem) & have) or any(alike(word.stem, other) for other in have)
        for word in target
    )


def events(reading: Reading, fits: Callable[[Remark], bool]) -> list[Event]:
    """Return the showings told of by remarks that fit, in order of time: what overlaps or nearly meets is one."""
    told = sorted((r for r in reading.perceived() if fits(r)), key=lambda r: (r.passage.recording, r.line.start))
    found: list[Event] = []
    for remark in told:
        start, end = remark.line.start, remark.line.end
        last = found[-1] if found else None
        if last and last.remark.passage.recording == remark.passage.recording and start <= last.end + _SAME:
            found[-1] = Event(last.remark, last.start, max(last.end, end))
        else:
            found.append(Event(remark, start, end))
    return found


def _order(asked: Asked, options: Sequence[str], reading: Reading) -> tuple[Found, str] | None:
    shown = {index: found for index, option in enumerate(options) if (found := _all(option, reading))}
    complete = len(shown) == len(options)
    shown = _under(_place(asked), shown, reading)
    if anchored := _ANCHOR.search(asked.text):
        anchor = _anchor(asked, anchored["what"], reading)
        if anchor is None:
            return None
        later = anchored["how"].lower() in {"after", "following", "follows"}
        beyond = [
            (event.start, index, event)
            for index, found in shown.items()
            for event in found
            if (event.start > anchor.start if later else event.start < anchor.start)
            and event.remark.key != anchor.remark.key
        ]
        if not beyond:
            return None
        _, chosen, event = (min if later else max)(beyond)[:3]
        return _told(chosen, event, options, complete, anchor)
    if sequences := _sequences(options):
        return _sequence(sequences, options, reading)
    text = fold(asked.text)
    last = bool(_LATEST.search(text))
    if len(shown) < 2 or not (last or _EARLIEST.search(text)):
        return None
    if last:
        chosen = max(shown, key=lambda index: shown[index][-1].start)
        return _told(chosen, shown[chosen][-1], options, complete, None)
    chosen = min(shown, key=lambda index: shown[index][0].start)
    return _told(chosen, shown[chosen][0], options, complete, None)


def _place(asked: Asked) -> list[str]:
    """Return the quoted words that say where to look: what stands after `headed`, `the sign`, `under`."""
    return [quote for quote in asked.quoted if _HEADED.search(_before(asked.text, quote))]


def _before(text: str, quote: str) -> str:
    return text[: text.find(quote)].rstrip("\"'“‘„« ")


def _under(place: Sequence[str], shown: dict[int, list[Event]], reading: Reading) -> dict[int, list[Event]]:
    """Keep the showings that stand under these words; all where fewer than two options have any there."""

    def there(event: Event) -> bool:
        remark = event.remark
        around = fold(" ".join([remark.heading, remark.body, *(other.body for other in reading.beside(remark))]))
        return all(fold(words_) in around for words_ in place)

    kept = {index: held for index, found in shown.items() if (held := [event for event in found if there(event)])}
    return kept if place and len(kept) > 1 else shown


def _told(
    chosen: int, event: Event, options: Sequence[str], all_known: bool, anchor: Event | None
) -> tuple[Found, str]:
    also = ((anchor.remark, anchor.remark.body),) if anchor else ()
    lacking = "" if all_known else "when the other options are shown"
    support = "supported" if all_known else "partly"
    confidence = 0.75 if all_known else 0.45
    answer = options[chosen]
    return (
        Found(event.remark, answer, event.remark.body, Cover({}), support, confidence, lacking, also),  # type: ignore[arg-type]
        chr(65 + chosen),
    )


def _all(named: str, reading: Reading) -> list[Event]:
    """Return the showings of what a text names, in order of time: words on screen or said, else things seen."""
    wanted = [word for word in words(named) if is_content(word) and word.text.lower() not in _GENERIC]
    if not wanted:
        return []
    found = events(reading, lambda remark: remark.kind not in sights.SEEN and _holds(remark, wanted))
    if found:
        return found
    shapes, colour = plain_things.shapes_of(named), plain_things.colour_of(named)
    if shapes or colour:
        return _seen(shapes, colour, reading)
    return events(reading, lambda remark: remark.kind in sights.SEEN and _holds(remark, wanted))


def _seen(shapes: Iterable[str], colour: str, reading: Reading) -> list[Event]:
    """Return the showings of things of a colour and of one of some shapes; none of them: any."""
    kinds = set(shapes)
    keys = {
        sight.remark.key
        for sight in sights.sights(reading)
        if (not colour or sight.colour == colour) and (not kinds or sight.shape in kinds)
    }
    return events(reading, lambda remark: remark.kind in sights.SEEN and remark.key in keys)


def _anchor(asked: Asked, what: str, reading: Reading) -> Event | None:
    quotes = [quote for quote in asked.quoted if quote in what]
    return next(iter(_all(quotes[0] if quotes else what, reading)), None)


def _sequences(options: Sequence[str]) -> list[list[str]]:
    """Return the options as steps, where each is the same things in another order."""
    steps = [[part.strip(" .") for part in _STEPS.split(option) if part.strip(" .")] for option in options]
    same = {frozenset(map(fold, parts)) for parts in steps}
    return steps if len(same) == 1 and len(steps[0]) > 1 else []


def _sequence(sequences: Sequence[Sequence[str]], options: Sequence[str], reading: Reading) -> tuple[Found, str] | None:
    known = {fold(step): event for step in sequences[0] if (found := _all(step, reading)) and (event := found[0])}
    if len(known) < len(sequences[0]):
        return None
    for index, steps in enumerate(sequences):
        starts = [known[fold(step)].start for step in steps]
        if _ascends(starts):
            return _told(index, known[fold(steps[0])], options, True, known[fold(steps[-1])])
    return None


def _ascends(values: Iterable[float]) -> bool:
    row = list(values)
    return all(before < after for before, after in zip(row, row[1:], strict=False))
