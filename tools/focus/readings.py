"""Ways to order what a wish asks for: who acts, what is done, to what. Pure functions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from tools.focus.wish import Asked, Wish, is_participle

_ANYWHERE = ("@when", "@where", "@why", "@how", "@count", "@often", "@long", "@whether")
"""What is asked of the whole: it may stand first or last."""
_JOINS = ("of", "on", "inside", "from", "for")
"""`The number on the door` is the door number."""
_MOST = 16
"""Readings of one wish: each passive doubles them."""


class Reading(NamedTuple):
    """One way to order the words."""

    order: tuple[int, ...]
    """Places in the wish's words."""
    passive: frozenset[int] = frozenset()
    """Places of verbs that stand after what they are done to."""


def same_order(pairs: Sequence[tuple[int, int]], new: Wish, old: Wish) -> bool:
    """Tell whether the partners (place in new, place in old) do the same to each other in some reading of both."""
    counted = [(i, j) for i, j in pairs if new.asked[i].stem not in _ANYWHERE and old.asked[j].stem not in _ANYWHERE]
    theirs = readings(old)
    return any(_agree(counted, mine, other, new, old) for mine in readings(new) for other in theirs)


def readings(wish: Wish) -> list[Reading]:
    """Return the ways to say the same: a passive also as its active, `opened by the boy` as `the boy opens`."""
    words = wish.asked
    read = [Reading(tuple(range(len(words))), frozenset(at for at, word in enumerate(words) if word.passive))]
    for at, word in enumerate(words):
        if len(read) >= _MOST:
            break
        if word.passive:
            read += [_active(reading, _block_before(words, at), at) for reading in read]
        if word.relation == "by":
            verb = next((place for place in range(at - 1, -1, -1) if is_participle(words[place].text)), None)
            if verb is not None:
                agent = [at, *_rest_of_block(words, at)]
                read = [told for reading in read for told in _acting(reading, agent, _block_before(words, verb), verb)]
    return read[:_MOST]


def _agree(pairs: Sequence[tuple[int, int]], mine: Reading, theirs: Reading, new: Wish, old: Wish) -> bool:
    told_alike = [(i, j) for i, j in pairs if new.asked[i].text == old.asked[j].text]
    if any((i in mine.passive) != (j in theirs.passive) for i, j in pairs if (i, j) not in told_alike):
        return False
    here = {place: at for at, place in enumerate(mine.order)}
    there = {place: at for at, place in enumerate(theirs.order)}
    turned = [(a, b) for a in pairs for b in pairs if here[a[0]] < here[b[0]] and there[a[1]] > there[b[1]]]
    return all(_joined(a, b, new, old) for a, b in turned)


def _joined(a: tuple[int, int], b: tuple[int, int], new: Wish, old: Wish) -> bool:
    """Tell whether two words that stand the other way round are joined in both: `door number`, `number on the door`."""
    return (_compound(new.asked, a[0], b[0]) and _attached(old.asked, b[1], a[1])) or (
        _compound(old.asked, b[1], a[1]) and _attached(new.asked, a[0], b[0])
    )


def _compound(words: Sequence[Asked], first: int, second: int) -> bool:
    """Tell whether two words stand in one block."""
    return first < second and not any(words[at].begins for at in range(first + 1, second + 1))


def _attached(words: Sequence[Asked], head: int, other: int) -> bool:
    """Tell whether a word is in the block that a preposition attaches to the block of another."""
    begins = [at for at in range(head + 1, other + 1) if words[at].begins]
    return len(begins) == 1 and words[begins[0]].relation in _JOINS and not words[head].passive


def _block_before(words: Sequence[Asked], verb: int) -> list[int]:
    """Return the places of the block before a verb: what it is done to."""
    first = next((at for at in range(verb - 1, 0, -1) if words[at].begins), 0)
    return list(range(first, verb))


def _rest_of_block(words: Sequence[Asked], at: int) -> list[int]:
    end = next((place for place in range(at + 1, len(words)) if words[place].begins), len(words))
    return list(range(at + 1, end))


def _active(reading: Reading, block: Sequence[int], verb: int) -> Reading:
    """Return the reading with a verb before what it is done to."""
    return Reading(_put(reading.order, (*block, verb), (verb, *block)), reading.passive - {verb})


def _acting(reading: Reading, agent: Sequence[int], block: Sequence[int], verb: int) -> Iterator[Reading]:
    """Yield the two ways to name who acts first: `the key the boy hides`, `the boy hides the key`."""
    for told in ((*block, *agent, verb), (*agent, verb, *block)):
        yield Reading(_put(reading.order, (*block, verb, *agent), told), reading.passive - {verb})


def _put(order: Sequence[int], moved: Iterable[int], told: Sequence[int]) -> tuple[int, ...]:
    """Return the order with some places taken out and put, as told, where the first of them was."""
    out = set(moved)
    at = min(order.index(place) for place in out)
    rest = [place for place in order if place not in out]
    return (*rest[:at], *told, *rest[at:])
