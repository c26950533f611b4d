"""Which of several things comes first, last or next, and which sequence is theirs. Pure functions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from tools.reasoners.base import Support
from tools.reasoners.embedded.cover import Cover
from tools.reasoners.embedded.extract import Found
from tools.reasoners.embedded.question import Asked
from tools.reasoners.embedded.reading import Reading
from tools.reasoners.embedded.showings import Showing, of_name
from tools.reasoners.embedded.wording import fold

_ANCHOR = re.compile(
    r"\b(?P<how>after|(?<!the )following|follows|before|preceding|precedes|prior to)\b(?P<what>.*)",
    re.IGNORECASE | re.DOTALL,
)
_EARLIEST = re.compile(r"\b(?:first|earliest|initially|before (?:all|any of) the others?|to begin with)\b")
_LATEST = re.compile(r"\b(?:last|latest|final|finally|after all the others?|most recently)\b")
_STEPS = re.compile(r"\s*(?:,|;|->|→|>|\bthen\b|\band then\b)\s*")


def settle(asked: Asked, options: Sequence[str], reading: Reading) -> tuple[Found, str] | None:
    """Return the option that comes first, last or next, and its letter; None where memory does not tell."""
    shown = {index: found for index, option in enumerate(options) if (found := of_name(option, reading))}
    complete = len(shown) == len(options)
    shown = _under(asked.places, shown, reading)
    if anchored := _ANCHOR.search(asked.text):
        anchor = _anchor(asked, anchored["what"], reading)
        if anchor is None:
            return None
        later = anchored["how"].lower() in {"after", "following", "follows"}
        beyond = [
            (index, showing)
            for index, found in shown.items()
            for showing in found
            if (showing.start > anchor.start if later else showing.start < anchor.start)
            and showing.remark.key != anchor.remark.key
        ]
        if not beyond:
            return None
        chosen, showing = (min if later else max)(beyond, key=lambda one: (one[1].start, one[0]))
        return _told(chosen, showing, options, complete, anchor)
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


def _under(place: Sequence[str], shown: dict[int, list[Showing]], reading: Reading) -> dict[int, list[Showing]]:
    """Keep the showings that stand under these words; all where fewer than two options have any there."""

    def there(showing: Showing) -> bool:
        around = reading.around(showing.remark)
        return all(fold(quote) in around for quote in place)

    kept = {index: held for index, found in shown.items() if (held := list(filter(there, found)))}
    return kept if place and len(kept) > 1 else shown


def _anchor(asked: Asked, what: str, reading: Reading) -> Showing | None:
    """Return the first showing of what the others come after or before: the words quoted, else all that is said."""
    quotes = [quote for quote in asked.quoted if quote in what]
    return next(iter(of_name(quotes[0] if quotes else what, reading)), None)


def _told(
    chosen: int, showing: Showing, options: Sequence[str], all_known: bool, anchor: Showing | None
) -> tuple[Found, str]:
    """Return an option with its letter: believed where all options are known, since one never seen may come nearer."""
    support: Support = "supported" if all_known else "partly"
    found = Found(
        showing.remark,
        options[chosen],
        showing.remark.body,
        Cover({}),
        support,
        0.75 if all_known else 0.45,
        "" if all_known else "when the other options are shown",
        ((anchor.remark, anchor.remark.body),) if anchor else (),
    )
    return found, chr(65 + chosen)


def _sequences(options: Sequence[str]) -> list[list[str]]:
    """Return the options as steps, where each is the same things in another order."""
    steps = [[part.strip(" .") for part in _STEPS.split(option) if part.strip(" .")] for option in options]
    same = {frozenset(map(fold, parts)) for parts in steps}
    return steps if len(same) == 1 and len(steps[0]) > 1 else []


def _sequence(sequences: Sequence[Sequence[str]], options: Sequence[str], reading: Reading) -> tuple[Found, str] | None:
    """Return the option whose steps are in order of time."""
    known = {fold(step): found[0] for step in sequences[0] if (found := of_name(step, reading))}
    if len(known) < len(sequences[0]):
        return None
    for index, steps in enumerate(sequences):
        showings = [known[fold(step)] for step in steps]
        if all(one.start < other.start for one, other in pairwise(showings)):
            return _told(index, showings[0], options, True, showings[-1])
    return None
