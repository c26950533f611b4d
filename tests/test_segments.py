"""The plan of a recording: no gaps, no overlaps, and addresses that lead back to their segments."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memory_store.records import LEVELS, Part, Recording, Scopes, Segment
from memory_store.segments import TAIL, Plan, scopes_for

durations = st.floats(0.2, 4000, allow_nan=False).map(lambda value: round(value, 3))
scopes = st.tuples(st.floats(5, 120), st.floats(1.5, 20), st.floats(0.3, 3)).map(
    lambda seconds: Scopes(tuple(round(s, 2) for s in seconds), (1, 2, 2))  # type: ignore[arg-type]
)


def plan_of(duration: float, scopes: Scopes) -> Plan:
    recording = Recording("r", "name", (Part("p", "/p", 0.0, duration),), scopes)
    return Plan(recording, scopes)


def assert_covers(segments: list[Segment], start: float, end: float) -> None:
    assert segments[0].start == pytest.approx(start, abs=1e-3)
    assert segments[-1].end == pytest.approx(end, abs=1e-3)
    for left, right in zip(segments, segments[1:], strict=False):
        assert left.end == right.start
    assert all(segment.start < segment.end for segment in segments)


@given(durations, scopes)
def test_coarse_segments_cover_the_recording(duration: float, scopes: Scopes) -> None:
    segments = plan_of(duration, scopes).coarse()
    assert_covers(segments, 0.0, duration)
    assert all(s.end - s.start <= scopes.seconds[0] + TAIL + 2e-3 for s in segments)


@given(durations, scopes, st.data())
def test_parts_cover_their_segment_at_every_level(duration: float, scopes: Scopes, data: st.DataObject) -> None:
    plan = plan_of(duration, scopes)
    segment = data.draw(st.sampled_from(plan.coarse()))
    for depth in (1, 2):
        parts = plan.parts(segment)
        assert_covers(parts, segment.start, segment.end)
        assert {part.level for part in parts} == {LEVELS[depth]}
        segment = data.draw(st.sampled_from(parts))
    assert plan.parts(segment) == []


@given(durations, scopes, st.data())
def test_find_inverts_the_address(duration: float, scopes: Scopes, data: st.DataObject) -> None:
    plan = plan_of(duration, scopes)
    segment = data.draw(st.sampled_from(plan.coarse()))
    for _ in range(data.draw(st.integers(0, 2))):
        segment = data.draw(st.sampled_from(plan.parts(segment)))
    assert plan.find(segment.id) == segment


@given(durations, scopes, st.data())
def test_neighbours_touch(duration: float, scopes: Scopes, data: st.DataObject) -> None:
    plan = plan_of(duration, scopes)
    segment = data.draw(st.sampled_from(plan.coarse()))
    if data.draw(st.booleans()):
        segment = data.draw(st.sampled_from(plan.parts(segment)))
    near = plan.neighbours(segment)
    assert segment not in near
    assert all(other.end == segment.start or other.start == segment.end for other in near)
    siblings = plan.coarse() if segment.depth == 0 else plan.parts(plan.find(segment.id.partition(".")[0]))  # type: ignore[arg-type]
    assert len(near) == min(2, len(siblings) - 1) - (
        0 if len(siblings) < 3 or segment not in (siblings[0], siblings[-1]) else 1
    )


@pytest.mark.parametrize("address", ["", "c", "c99", "c0.", "c0.f99", "f0", "c0.u0", "c0.f0.u0.x1", "c-1", "C0", "c0 "])
def test_an_address_that_is_none_finds_nothing(address: str) -> None:
    assert plan_of(60.0, Scopes((5, 1, 1), (2, 4, 4))).find(address) is None


@pytest.mark.parametrize(
    ("duration", "coarse"),
    [(119.9, 5), (120, 30), (599, 30), (600, 60), (1200, 100), (3600, 150), (5400, 200), (14399, 200), (14400, 800)],
)
def test_a_length_on_the_line_belongs_to_the_longer_class(duration: float, coarse: float) -> None:
    assert scopes_for(duration).seconds[0] == coarse


def test_a_rounding_residue_is_no_segment() -> None:
    assert len(plan_of(60.04, Scopes((5, 1, 1), (2, 4, 4))).coarse()) == 12
    assert len(plan_of(60.06, Scopes((5, 1, 1), (2, 4, 4))).coarse()) == 13


@given(st.floats(0.2, 50_000), st.floats(0, 1.2))
def test_the_segment_of_a_time_is_the_one_it_lies_in(duration: float, share: float) -> None:
    found = Recording("r", "v", (Part("p", "v", 0.0, duration),), scopes_for(duration))
    plan, time = Plan(found, found.scopes), duration * share
    segment = plan.at(time)
    assert segment in plan.coarse()
    assert segment.start <= time < segment.end or (time >= duration - 0.01 and segment == plan.coarse()[-1])
