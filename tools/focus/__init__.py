"""When two wishes to see something are the same in other words: "the mayor's tie: its colour", "what colour is …?".

Decided word by word, since a wrong "same" hides a look that is needed: every word of the new wish has a partner in
the old one and the other way round, but for words that ask for nothing. Partners have the same stem, are synonyms
or, where the embedder knows meanings, near. Who does something to whom, and what stands before or behind what,
must be the same too. An old wish for several things covers a new one for some of them, never the other way.
In other languages than English only the same words count as the same.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from tools.focus.partners import Pair, paired
from tools.focus.vocabulary import CONNECTING, LIVING, OPPOSED, REACTIONS, READ_OFF, STRONG
from tools.focus.wish import Wish, stems_of, wish
from tools.reasoners.embedded.meaning import Meaning
from tools.reasoners.embedded.wording import does, fold

_CONNECTING, _REACTIONS = stems_of(CONNECTING), stems_of(REACTIONS)
_READ_OFF = stems_of(READ_OFF) | {"@when"}
_LIVING = stems_of(LIVING) | {"@who"}


def same_focus(new: str, old: str, meaning: Meaning | None = None) -> bool:
    """Tell whether `new` asks for nothing that `old` did not ask for, in whatever words. Never raises.

    Not symmetric: the colour and the pattern of a tie cover its colour, not the other way.
    """
    if _bare(new) == _bare(old):
        return True
    wanted, known = wish(new), wish(old)
    if not (wanted.asked and known.asked) or (wanted.denied, wanted.exact) != (known.denied, known.exact):
        return False
    if wanted.exact:
        return _same_words([word.stem for word in wanted.asked], [word.stem for word in known.asked])
    pairs = paired(wanted, known, meaning, _connects)
    return bool(pairs) and _related(pairs, wanted, known) and _covered(pairs, wanted, known)


def _bare(text: str) -> list[str]:
    return re.findall(r"\w+", fold(text))


def _same_words(new: list[str], old: list[str]) -> bool:
    """Tell whether the words are the same in order; a verb may stand second or last, as in German clauses."""
    return new == old or _verb_last(new) == old or _verb_last(old) == new


def _verb_last(words: list[str]) -> list[str]:
    return [*words[:1], *words[2:], *words[1:2]]


def _related(pairs: Sequence[Pair], new: Wish, old: Wish) -> bool:
    """Tell whether partners stand to the rest in the same way, and do to each other what they did."""
    for i, j in pairs:
        here, there = new.asked[i].relation, old.asked[j].relation
        if here != there and ({here, there} & STRONG or {here, there} in OPPOSED):
            return False
    for direction in ("to", "from"):
        ends = [{at for at, word in enumerate(wish.asked) if word.relation == direction} for wish in (new, old)]
        if all(ends) and not any(i in ends[0] and j in ends[1] for i, j in pairs):
            return False
    actors = _actor(new, [i for i, _ in pairs]), _actor(old, [j for _, j in pairs])
    return None in actors or actors in pairs


def _actor(words: Wish, taken: Sequence[int]) -> int | None:
    """Return the place of who acts, where there are two who might."""
    places = sorted(taken)
    living = [at for at in places if words.asked[at].stem in _LIVING]
    if len(living) < 2:
        return None
    by = [at for at in living if words.asked[at].relation == "by"]
    first, second = living[:2]
    asks = words.asked[first].stem == "@who" and places.index(second) == places.index(first) + 1
    object_asked = asks and not words.asked[second].relation and not words.asked[second].listed
    return by[0] if by else second if object_asked else first


def _covered(pairs: Sequence[Pair], new: Wish, old: Wish) -> bool:
    """Tell whether what has no partner asks for nothing, or is what the old wish asked for besides."""
    left = _unasked(new, {i for i, _ in pairs}, {old.asked[j].stem for _, j in pairs})
    right = _unasked(old, {j for _, j in pairs}, {new.asked[i].stem for i, _ in pairs})
    if left:
        return not right and _idle(left, new, len(pairs))
    return not right or _idle(right, old, len(pairs)) or all(_listed(run, old) for run in _runs(right))


def _unasked(words: Wish, taken: set[int], partners: set[str]) -> list[int]:
    """Return the places without a partner, but for the `who` of a doer and the `how` of a reaction.

    The driver is who drives; a reaction can only be told as a how.
    """
    stems = {words.asked[at].stem for at in taken}
    doer = "win" in partners or any(does(mine, theirs) for mine in stems for theirs in partners)
    told = ({"@who"} if doer else set()) | ({"@how"} if stems & _REACTIONS else set())
    return [at for at in words.without_partner(taken) if words.asked[at].stem not in told]


def _connects(words: Wish, at: int) -> bool:
    """Tell whether the word at this place only connects others: "the object she holds" is "the object"."""
    stem = words.asked[at].stem
    if stem == "text":
        return any(word.stem in _READ_OFF for word in words.asked)
    return stem == "@object" or stem in _CONNECTING


def _idle(rest: Sequence[int], words: Wish, common: int) -> bool:
    found = {words.asked[at].stem for at in rest}
    return common > 1 and all(_connects(words, at) for at in rest) and not ("@object" in found and len(found) > 1)


def _runs(places: Sequence[int]) -> list[tuple[int, int]]:
    """Return runs of neighbours: the first and the last place of each."""
    runs: list[tuple[int, int]] = []
    for at in places:
        if runs and runs[-1][1] == at - 1:
            runs[-1] = runs[-1][0], at
        else:
            runs.append((at, at))
    return runs


def _listed(run: tuple[int, int], words: Wish) -> bool:
    first, last = run
    return words.asked[first].listed or (last + 1 < len(words.asked) and words.asked[last + 1].listed)
