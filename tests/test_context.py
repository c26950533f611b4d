"""What a prompt shows of memory: deeper for shallower, what was found first, and never over the budget."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from memory_store.records import Caption, Line, Part, Recording, Scopes, Segment, digest
from memory_store.segments import Plan
from nodes.candidates import candidates
from nodes.shown import passages
from nodes.view import View, depth
from tools.outline import Outline
from tools.settings import Settings

SCOPES = Scopes((60, 10, 1), (1, 2, 2))
RECORDING = Recording("rec", "talk.mp4", (Part("p", "talk.mp4", 0.0, 600.0),), SCOPES)
PLAN = Plan(RECORDING, SCOPES)
LIVE: Any = SimpleNamespace(settings=Settings())
LEVELS = ("coarse", "fine", "ultra-fine")


def caption(segment: Segment, level: str, text: str = "A still scene.", made_at: float = 0.0) -> Caption:
    lines = (Line(segment.start, segment.end, text),)
    name = digest(f"{segment.id}{level}{text}{made_at}")
    return Caption(name, "rec", segment.id, level, segment.start, segment.end, lines, made_at=made_at)


def view(*captions: Caption, found: tuple[Caption, ...] = (), scores: dict[str, float] | None = None) -> View:
    known = {c.id: c for c in (*captions, *found)}
    lines = {id: (score,) * len(known[id].lines) for id, score in (scores or {}).items()}
    return View(Outline([PLAN]), known, {c.id: 1 for c in found}, lines)


def shown(memory: View, state: Any = None, **settings: Any) -> list[tuple[str, str]]:
    live: Any = SimpleNamespace(settings=Settings(**settings))
    return [(p.segment, p.level) for p in passages(memory, state or {}, live, "first")]


def at(address: str) -> Segment:
    segment = PLAN.find(address)
    assert segment is not None
    return segment


def test_deeper_text_replaces_shallower_text_of_the_same_segment_only() -> None:
    memory = view(
        caption(at("c0"), "coarse"),
        caption(at("c1"), "coarse"),
        found=(caption(at("c1"), "fine"), caption(at("c1.f0"), "fine")),
    )
    assert shown(memory) == [("c0", "coarse"), ("c1", "fine"), ("c1.f0", "fine")]


def test_the_newer_of_two_equal_looks_stands() -> None:
    memory = view(caption(at("c1"), "fine", "old", 1.0), caption(at("c1"), "fine", "new", 2.0))
    live: Any = SimpleNamespace(settings=Settings())
    assert [p.text for p in passages(memory, {}, live, "first")] == ["new"]  # type: ignore[typeddict-item]


def test_what_was_found_and_what_is_relevant_come_before_the_rest() -> None:
    coarse = [caption(segment, "coarse", "x" * 1000) for segment in PLAN.coarse()]
    deep = caption(at("c9.f0"), "fine", "y" * 1000)
    memory = view(*coarse, found=(deep,), scores={coarse[4].id: 0.9})
    assert shown(memory, {"relevant": ["c7"]}, prompt_chars=4000) == [
        ("c4", "coarse"),
        ("c7", "coarse"),
        ("c9.f0", "fine"),
    ]
    assert len(shown(memory, {"relevant": ["c7"]}, prompt_chars=4000, full_memory=True)) == 11


def test_a_caption_that_breaks_the_budget_alone_is_shown_in_part() -> None:
    lines = tuple(Line(0, 60, "z" * 500) for _ in range(20))
    long = Caption("f" * 32, "rec", "c0", "coarse", 0, 60, lines)
    live: Any = SimpleNamespace(settings=Settings(prompt_chars=4000))
    [passage] = passages(view(long), {}, live, "first")  # type: ignore[typeddict-item]
    assert 0 < len(passage.text) <= 4000


@given(
    st.lists(st.tuples(st.integers(0, 9), st.integers(0, 2), st.integers(1, 3000)), max_size=25),
    st.integers(4000, 20000),
)
def test_no_prompt_is_over_its_budget(given_captions: list[tuple[int, int, int]], budget: int) -> None:
    addresses = ("c{}", "c{}.f1", "c{}.f1.u2")
    captions = [caption(at(addresses[d].format(i)), LEVELS[d], "w" * n) for i, d, n in given_captions]
    live: Any = SimpleNamespace(settings=Settings(prompt_chars=budget))
    made = passages(view(*captions), {}, live, "first")  # type: ignore[typeddict-item]
    assert sum(len(p.text) for p in made) <= budget
    assert [p.start for p in made] == sorted(p.start for p in made)


def test_what_was_looked_at_is_no_candidate_but_its_parts_are() -> None:
    memory = view(
        *(caption(segment, "coarse") for segment in PLAN.coarse()[:3]),
        found=(caption(at("c1"), "fine"), caption(at("c1.f0"), "fine"), caption(at("c1.f1"), "fine")),
    )
    state: Any = {"looked": [{"segment": "c1", "focus": "", "round": 1}], "relevant": ["c1"]}
    offered = [p.segment for p in candidates(memory, state, LIVE)]
    assert offered == ["c1.f0", "c1.f1", "c0", "c2"], "parts of the relevant segment first"


def test_two_looks_that_left_the_question_open_end_a_segments_precedence() -> None:
    memory = view(
        *(caption(segment, "coarse") for segment in PLAN.coarse()[:3]),
        found=(caption(at("c1"), "fine"), caption(at("c1.f0"), "fine"), caption(at("c1.f1"), "fine")),
        scores={caption(at("c2"), "coarse").id: 0.9},
    )
    looked = [{"segment": segment, "focus": "", "round": 1} for segment in ("c1", "c1.f0")]
    state: Any = {"looked": looked, "relevant": ["c1"]}
    assert [p.segment for p in candidates(memory, state, LIVE)][0] == "c2", "what was never looked at has its turn"
    only: Any = SimpleNamespace(settings=LIVE.settings.model_copy(update={"sparse": "always"}))
    assert [p.segment for p in candidates(memory, state, only)] == ["c1.f1"], "the paper's way stays with the relevant"


def test_what_cannot_be_seen_more_finely_is_no_candidate() -> None:
    finest = caption(at("c0.f0.u0"), "ultra-fine")
    above = Caption("a" * 32, "rec", "chapter-0", "chapter", 0, 600, (Line(0, 600, "All of it."),))
    assert candidates(view(finest, above), {}, LIVE) == ()  # type: ignore[typeddict-item]
    assert depth(above) == -1
