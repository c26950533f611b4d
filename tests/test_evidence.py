"""Citations are believed only as far as memory bears them out."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from memory_store.records import Line
from nodes.evidence import check, locate_quote, run_on
from tools.reasoners.base import Citation, Passage

LINES = (
    Line(10, 14, "Text on screen: “Platform 4 departs 09:40”."),
    Line(14, 20, "A still, bright picture."),
    Line(16, 17, "Text on screen: Platform 4"),
)
PASSAGE = Passage("0123456789abcdef0123456789abcdef", "rec", "c1", "coarse", 10, 20, LINES)


def cite(caption: str, quote: str) -> list[dict]:
    return [dict(item) for item in check([Citation(caption=caption, quote=quote)], [PASSAGE], {"rec": "trains.mp4"})]


def test_a_quote_gets_the_narrowest_stretch_that_holds_it() -> None:
    [item] = cite(PASSAGE.id, "platform 4")
    assert (item["start"], item["end"], item["video"]) == (16, 17, "trains.mp4")
    [item] = cite("01234567", '"Platform 4 departs 09:40"')
    assert (item["start"], item["end"], item["caption_id"]) == (10, 14, PASSAGE.id)


def test_a_quote_may_run_over_lines() -> None:
    assert locate_quote(LINES, "departs 09:40”. A still, bright") == (10, 20)


def test_a_text_that_runs_on_into_the_next_segment_is_one_stretch() -> None:
    text = "Text on screen: Closed today"
    captions = [[Line(8, 10, text)], [Line(10, 15, text)], [Line(15, 15.5, text), Line(18, 19, text)]]
    lines = [line for caption in captions for line in caption]
    assert run_on((10, 15), "closed today", lines) == (8, 15.5)
    assert run_on((18, 19), "closed today", lines) == (18, 19), "a later showing is another one"
    assert run_on((8, 10), "closed", [*lines, Line(10, 20, "Not closed at all")]) == (8, 15.5)


def test_what_memory_does_not_hold_is_dropped() -> None:
    assert cite(PASSAGE.id, "Platform 5") == []
    assert cite(PASSAGE.id, "") == [] and cite(PASSAGE.id, ' "" ') == []
    assert cite("ffffffffffff", "Platform 4") == []
    assert cite("0", "Platform 4") == [], "a prefix this short names no caption"


@given(st.lists(st.text(min_size=1, max_size=30), min_size=1, max_size=6), st.data())
def test_every_line_is_found_in_its_own_caption(texts: list[str], data: st.DataObject) -> None:
    lines = [Line(float(i), i + 1.0, text) for i, text in enumerate(texts)]
    index = data.draw(st.integers(0, len(lines) - 1))
    stretch = locate_quote(lines, lines[index].text)
    if stretch is not None:
        assert 0 <= stretch[0] < stretch[1] <= len(lines)
    else:
        # Only what consists of nothing but space and quotation marks is no quote.
        assert not lines[index].text.strip().strip("\"'. “”„‘’\u00a0\t\n").split()


@given(st.text(max_size=40), st.text(max_size=40))
def test_no_citation_of_any_shape_is_believed_without_its_words(caption: str, quote: str) -> None:
    for item in cite(caption, quote):
        assert item["caption_id"] == PASSAGE.id and locate_quote(LINES, quote) is not None
