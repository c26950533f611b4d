"""When two wishes to see something are the same in other words: "the mayor's tie: its colour", "what colour is …?".

Decided word by word, since a wrong "same" hides a look that is needed: every word of the new wish has a partner in
the old one and the other way round, but for words that ask for nothing. Partners have the same stem or are synonyms.
Who does something to whom, and what stands before or behind what,
must be the same too. An old wish for several things covers a new one for some of them, never the other way.
In other languages than English only the same words count as the same.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from tools.focus.partners import Pair, paired
from tools.focus.readings import same_order
from tools.focus.vocabulary import CONNECTING, OPPOSED, REACTIONS, READ_OFF, STANDING, STRONG
from tools.focus.wish import Wish, stems_of, wish
from tools.reasoners.embedded.wording import does, fold

_CONNECTING, _REACTIONS = stems_of(CONNECTING), stems_of(REACTIONS)
_READ_OFF = stems_of(READ_OFF) | {"@when"}
_LONGEST = 400
"""Characters: a longer focus says more than rules for words can compare."""


def same_focus(new: str, old: str) -> bool:
    """Tell whether `new` asks for nothing that `old` did not ask for, in whatever words. Never raises.

    Not symmetric: the colour and the pattern of a tie cover its colour, not the other way.
    """
    if _bare(new) == _bare(old):
        return True
    if max(len(new), len(old)) > _LONGEST:
        return False
    wanted, known = wish(new), wish(old)
    if not (wanted.asked and known.asked) or (wanted.denied, wanted.exact) != (known.denied, known.exact):
        return False
    if wanted.exact:
        return _same_words([word.stem for word in wanted.asked], [word.stem for word in known.asked])
    pairs = paired(wanted, known)
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
        if _alone(new, i) and there in STANDING or _alone(old, j) and here in STANDING:
            return False
    for direction in ("to", "from"):
        ends = [{at for at, word in enumerate(wish.asked) if word.relation == direction} for wish in (new, old)]
        if all(ends) and not any(i in ends[0] and j in ends[1] for i, j in pairs):
            return False
    return same_order(pairs, new, old)


def _alone(words: Wish, at: int) -> bool:
    """Tell whether a word within begins a block of its own: it does something, or something is done to it."""
    word = words.asked[at]
    return at > 0 and word.begins and not word.relation and not word.listed


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
    return common > 1 and all(_connects(words, at) for at in rest) and "@object" not in found


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
