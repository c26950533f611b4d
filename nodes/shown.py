"""What a prompt shows of memory: lines chosen for the question, deeper text for shallower, in budget."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Literal

from memory_store.records import Caption
from nodes.evidence import plain
from nodes.packing import Choice, Pack
from nodes.prompts import heading
from nodes.state import State
from nodes.view import DIGEST, NOTED, VIDEO, View, depth
from tools.live import Live
from tools.reasoners.base import Passage

Step = Literal["judge", "first", "check", "locate", "answer"]

SHARES: dict[Step, float] = {"judge": 0.42, "first": 1.0, "check": 0.42, "locate": 0.3, "answer": 0.5}
"""How much of `prompt_chars` the prompt of a step may show of memory.

The first check sees most, since all else follows from it; the later ones need what was found since, and
what to hold against it; who chooses the next look needs an overview.
"""

_STANDOUTS = 24
"""Best lines of all, shown even where a closer look has replaced their caption: it may have overlooked them."""


def passages(shown: View, state: State, live: Live, step: Step) -> tuple[Passage, ...]:
    """Return what the reasoner may cite, in order of time.

    Deeper text replaces shallower text of the same segment. Under the step's share of `prompt_chars` not
    captions but lines are chosen, in this order: what the verdict so far rests on, the best of each caption
    that the newest round found, the best of all that was found, what whole chapters hold, what the question
    names by time and what was judged relevant, and whatever else fits best. With `full_memory` everything is shown.
    """
    standing = deepest(shown.captions.values())
    if relevant := _only(state, live, step):
        standing = [c for c in standing if depth(c) > 0 or shown.address(c) in relevant]
    if live.settings.full_memory:
        return _in_order(shown, (c for c in standing if depth(c) >= 0))
    pack = _pack(shown, round(live.settings.prompt_chars * SHARES[step]))
    best = sorted(_lines(standing), key=lambda choice: -_fit(shown, choice))
    found = [choice for choice in best if shown.found.get(choice[0].id)]
    newest = max((shown.found[caption.id] for caption, _ in found), default=0)
    relevant = set(state.get("relevant", []))
    pack.add(_cited(shown, state), 0.4)
    pack.add(_one_each(choice for choice in found if shown.found[choice[0].id] == newest), 0.5)
    pack.add(found, 0.65)
    pack.add(_above(standing, state.get("kind", "")), 0.8)
    pack.add((c for c in best if shown.pointed(c[0]) or shown.address(c[0]) in relevant and depth(c[0]) >= 0), 0.85)
    pack.add(sorted([*best, *_standouts(shown, standing)], key=lambda choice: -_fit(shown, choice)))
    return _in_order(shown, pack.captions())


def fitting(shown: View, captions: Iterable[Caption], chars: int) -> tuple[Passage, ...]:
    """Return these captions in order of time, cut to `chars`: the lines that fit the question best."""
    pack = _pack(shown, chars)
    pack.add(sorted(_lines(deepest(captions)), key=lambda choice: -_fit(shown, choice)))
    return _in_order(shown, pack.captions())


def _pack(shown: View, chars: int) -> Pack:
    # Above each caption stands its heading, below it a blank line.
    return Pack(chars, lambda caption: len(heading(shown.passage(caption))) + 3)


def deepest(captions: Iterable[Caption]) -> list[Caption]:
    """Keep of each segment the deepest captions, the newest under each instruction; and all words noted."""
    kept: list[Caption] = []
    by_segment = sorted(captions, key=lambda c: (c.recording, c.segment, c.level in NOTED))
    for (_, _, noted), group in groupby(by_segment, key=lambda c: (c.recording, c.segment, c.level in NOTED)):
        own = list(group)
        lowest = max(map(depth, own))
        newest = {c.instruction: c for c in sorted(own, key=lambda c: c.made_at) if depth(c) == lowest}
        kept += own if noted else newest.values()
    return kept


def _only(state: State, live: Live, step: Step) -> set[str]:
    """Return the coarse segments that alone are shown, as the paper has it; nothing where all are."""
    sparse = live.settings.sparse == "always" or (live.settings.sparse == "rounds" and step in ("check", "locate"))
    return set(state.get("relevant", [])) if sparse else set()


def _lines(captions: Iterable[Caption]) -> Iterator[Choice]:
    return ((caption, at) for caption in captions for at in range(len(caption.lines)))


def _fit(shown: View, choice: Choice) -> float:
    """Return how well a line fits: its own score, some of the better line beside it, a little of its caption's best.

    So what surrounds a good line is shown before what stands alone. Summaries say again what is shown anyway.
    """
    caption, at = choice
    scores = shown.lines.get(caption.id, ())
    if at >= len(scores):
        return 0.0
    beside = max(scores[max(0, at - 1) : at + 2])
    return (scores[at] + 0.25 * beside + 0.1 * max(scores)) * (0.7 if depth(caption) < 0 else 1.0)


def _cited(shown: View, state: State) -> Iterator[Choice]:
    """Yield the lines that the verdict so far rests on."""
    verdict = state.get("verdict")
    for item in verdict["evidence"] if verdict else ():
        caption = shown.captions.get(item["caption_id"])
        for at, line in enumerate(caption.lines if caption else ()):
            if caption and plain(item["quote"]) in plain(line.text):
                yield caption, at


def _one_each(choices: Iterable[Choice]) -> Iterator[Choice]:
    """Yield the first line of each caption."""
    seen: set[str] = set()
    for caption, at in choices:
        if caption.id not in seen:
            seen.add(caption.id)
            yield caption, at


def _above(standing: Iterable[Caption], kind: str) -> Iterator[Choice]:
    """Yield what chapters hold for this question; the summaries too where it is about the whole video."""
    above = [caption for caption in standing if depth(caption) < 0]
    yield from _lines(caption for caption in above if caption.level == DIGEST)
    if kind == "whole":
        yield from _lines(sorted(above, key=lambda caption: caption.level != VIDEO))


def _standouts(shown: View, standing: Iterable[Caption]) -> list[Choice]:
    """Return the best lines of all that closer looks have replaced."""
    stand = {caption.id for caption in standing}
    scored = [(score, id, at) for id, scores in shown.lines.items() for at, score in enumerate(scores) if score > 0]
    top = sorted(scored, key=lambda entry: -entry[0])[:_STANDOUTS]
    replaced = ((shown.captions[id], at) for _, id, at in top if id not in stand and id in shown.captions)
    return [(caption, at) for caption, at in replaced if depth(caption) >= 0]


def _in_order(shown: View, captions: Iterable[Caption]) -> tuple[Passage, ...]:
    order = {plan.recording.id: index for index, plan in enumerate(shown.outline.plans)}
    chosen = sorted(captions, key=lambda c: (order[c.recording], c.start, -c.end, depth(c)))
    return tuple(shown.passage(caption) for caption in chosen)
