"""Subtitles: which file or track is taken, what is read of it, and what is left out."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memory_store.records import Line
from tests.media import make_video
from tests.subtitled import srt, with_tracks
from tools.speech.base import SpeechError
from tools.speech.subtitles import beside, inside, rolled_up

CUES = [(0.5, 1.5, "Good morning."), (2.0, 3.25, "The bridge is <i>open</i>,\nsince noon.")]
HEARD = [Line(0.5, 1.5, "Good morning."), Line(2.0, 3.25, "The bridge is open, since noon.")]


def lines(source: object) -> list[Line]:
    return [line for piece in source.pieces() for line in piece.lines]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("names", "wanted", "taken"),
    [
        (("talk.srt",), "", "talk.srt"),
        (("talk.en.srt", "talk.srt"), "", "talk.srt"),
        (("talk.srt", "talk.de.srt"), "de", "talk.de.srt"),
        (("talk.ger.vtt", "talk.en.srt"), "de", "talk.ger.vtt"),
        (("talk.srt", "talk.en.srt"), "de", "talk.srt"),
        (("talk.en.srt",), "de", None),
        (("talk.en.forced.srt",), "", None),
        (("talk.en.sdh.SRT",), "en", "talk.en.sdh.SRT"),
        (("talker.srt", "tal.srt"), "", None),
        (("talk.txt",), "", None),
        ((), "", None),
    ],
)
def test_the_file_beside_the_video(tmp_path: Path, names: tuple[str, ...], wanted: str, taken: str | None) -> None:
    for name in names:
        (tmp_path / name).write_text(srt(CUES))
    found = beside(str(tmp_path / "talk.mp4"), wanted)
    assert (found.path.name if found else None) == taken


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "t.srt").write_bytes(srt([(1, 2, "Grüße, Älteste")]).encode(encoding))
    source = beside(str(tmp_path / "t.mp4"), "")
    assert source and lines(source) == [Line(1, 2, "Grüße, Älteste")]


def test_formats(tmp_path: Path) -> None:
    (tmp_path / "a.srt").write_text(srt(CUES))
    (tmp_path / "b.vtt").write_text(
        "WEBVTT\n\n00:00.500 --> 00:01.500\n<v Ann>Good morning.\n\n"
        "00:02.000 --> 00:03.250 align:start\nThe bridge is open,\nsince noon.\n"
    )
    (tmp_path / "c.ass").write_text(
        "[Script Info]\nScriptType: v4.00+\n\n[V4+ Styles]\nFormat: Name\nStyle: Default\n\n[Events]\n"
        "Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n"
        "Comment: 0,0:00:00.00,0:00:09.00,Default,,0,0,0,,a note of the maker\n"
        "Dialogue: 0,0:00:00.50,0:00:01.50,Default,,0,0,0,,{\\an8}Good morning.\n"
        "Dialogue: 0,0:00:02.00,0:00:03.25,Default,,0,0,0,,The bridge is open,\\Nsince noon.\n"
    )
    for name in "abc":
        source = beside(str(tmp_path / f"{name}.mp4"), "")
        assert source and lines(source) == HEARD, name


def test_another_text_is_another_source(tmp_path: Path) -> None:
    (tmp_path / "t.srt").write_text(srt(CUES))
    first = beside(str(tmp_path / "t.mp4"), "")
    (tmp_path / "t.srt").write_text(srt(CUES[:1]))
    second = beside(str(tmp_path / "t.mp4"), "")
    assert first and second and first.name != second.name


def test_what_is_no_subtitle_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "t.srt").write_bytes(bytes(range(256)) * 40)
    source = beside(str(tmp_path / "t.mp4"), "")
    assert source is not None
    with pytest.raises(SpeechError, match=r"t\.srt cannot be read as subtitles"):
        lines(source)


@pytest.mark.parametrize("suffix", ["mkv", "mp4"])
def test_a_track_inside_is_read_in_the_language_wanted(tmp_path: Path, suffix: str) -> None:
    plain = make_video(tmp_path / "plain.mp4", seconds=4)
    path = with_tracks(plain, tmp_path / f"talk.{suffix}", [("ger", [(1, 2, "Guten Morgen.")]), ("eng", CUES)])
    english, german, any_one = inside(path, "en"), inside(path, "de"), inside(path, "")
    assert english and [line._replace(text=line.text.replace("<i>", "")) for line in lines(english)] == HEARD
    assert german and lines(german) == [Line(1, 2, "Guten Morgen.")] and german.name == "subtitle-track-0"
    assert any_one == german and inside(path, "fr") is None


def test_forced_tracks_and_files_without_any(tmp_path: Path) -> None:
    plain = make_video(tmp_path / "plain.mp4", seconds=2)
    assert inside(plain, "") is None
    assert inside(with_tracks(plain, tmp_path / "f.mkv", [("eng", CUES)], forced=0), "") is None


def test_a_rolling_display_says_everything_once() -> None:
    cues = [
        Line(0.0, 2.0, "so today we"),
        Line(2.0, 4.0, "so today we\nlook at bridges"),
        Line(4.0, 6.0, "look at bridges\nand at rivers"),
        Line(20.0, 22.0, "look at bridges"),
    ]
    assert [line.text for line in rolled_up(cues)] == [
        "so today we",
        "look at bridges",
        "and at rivers",
        "look at bridges",
    ], "what is said again much later was said again"


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(1, 5), st.sampled_from(["a", "b", "a\nb", " ", "c"]))))
def test_rolled_up_keeps_order_and_every_word(cues: list[tuple[int, int, str]]) -> None:
    given_lines = [Line(float(start), float(start + length), text) for start, length, text in cues]
    made = rolled_up(given_lines)
    assert [line.start for line in made] == sorted(line.start for line in made)
    assert {word for line in made for word in line.text.split()} == {
        word for line in given_lines for word in line.text.split()
    }
    assert all(line.text and line.end > line.start for line in made)
