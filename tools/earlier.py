"""Captions that earlier questions left and that serve a wish again: the same stretch, for the same focus."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from memory_store.records import Caption
from tools.live import Live
from tools.looking import Wanted


def served(live: Live, wanted: Sequence[Wanted], question: str, found: Collection[str] = ()) -> dict[str, str]:
    """Return what memory holds of a look: by the id of each wish the caption that fulfils it, itself or one like it.

    `wanted` are of one recording; `found` are the captions that this question has found so far.
    """
    name = live.captioner.name
    ids = {item.id(name): item for item in wanted}
    known = live.memory.known(wanted[0].recording.id, ids) if ids else set()
    others = [item for id, item in ids.items() if id not in known]
    standing = _standing_in(live, others, question, found)
    return {id: id for id in known} | {wish: caption.id for wish, caption in standing.items()}


def _standing_in(live: Live, wanted: Sequence[Wanted], question: str, found: Collection[str]) -> dict[str, Caption]:
    """Return the stored captions that serve instead of wanted ones, by the id wanted; the newest where several do.

    A caption serves if all that makes its id is the same but the instruction, and it was made for the same question
    or with a focus that is the same in other words. One that this question has `found` already serves only for
    its focus: a second look of the same question asks for something else. Without `reuse` none does.
    """
    if not (live.settings.reuse and wanted):
        return {}
    start, end = min(w.segment.start for w in wanted), max(w.segment.end for w in wanted)
    stored: dict[str, list[Caption]] = {}
    for caption in live.memory.captions(wanted[0].recording.id, start=start, end=end):
        stored.setdefault(str(caption.extra.get("stretch", "")), []).append(caption)
    stored.pop("", None)
    serves = _serving(live, question, found)
    standing: dict[str, Caption] = {}
    for item in wanted:
        same = [caption for caption in stored.get(item.stretch(live.captioner.name), ()) if serves(item.focus, caption)]
        if same:
            standing[item.id(live.captioner.name)] = max(same, key=lambda caption: caption.made_at)
    return standing


def _serving(live: Live, question: str, found: Collection[str]) -> Callable[[str, Caption], bool]:
    """Return the test, which compares each pair of focuses once."""
    known: dict[tuple[str, str], bool] = {}

    def serves(focus: str, caption: Caption) -> bool:
        if caption.id not in found and _folded(caption.question) == _folded(question):
            return True
        old = str(caption.extra.get("focus", ""))
        if (focus, old) not in known:
            known[focus, old] = bool(focus and old) and live.same_focus(focus, old)
        return known[focus, old]

    return serves


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())
