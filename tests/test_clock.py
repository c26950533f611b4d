"""Wall-clock times: from clip names to tables, to labels, and from questions back to moments."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import graph
from memory_store.records import Part, Recording, Scopes
from tests.fake_server import FakeServer, scripted, text_of
from tests.media import make_video
from tests.test_cli import remote, run
from tools.clock import table
from tools.clock.clock import Clock, Stretch, from_text, to_text
from tools.clock.names import start_of
from tools.clock.question import stretches, times_in
from tools.clock.wall import DAY, Wall, parse_wall
from tools.errors import BadInput
from tools.settings import Settings
from tools.video.sources import find_parts

SCOPES = Scopes((4, 2, 1), (1, 2, 4))


def recording(*clips: tuple[float, str]) -> Recording:
    """Return a recording of clips, each with its length and its clock."""
    parts: list[Part] = []
    for index, (length, clock) in enumerate(clips):
        start = parts[-1].end if parts else 0.0
        parts.append(Part(f"p{index}", f"p{index}.mp4", start, length, clock=clock))
    return Recording("r", "r", tuple(parts), SCOPES)


def clock_of(*clips: tuple[float, str]) -> Clock:
    clock = Clock.of(recording(*clips))
    assert clock
    return clock


MORNING = ((30.0, "0 DAY1 11:09:42.400"), (30.0, "0 DAY1 11:20:00"), (20.0, ""), (60.0, "0 DAY2 09:00:00"))


def test_a_clip_name_tells_when_it_was_recorded() -> None:
    told = {
        "DAY1_A1_JAKE_11094208": "DAY1 11:09:42.400",
        "DAY7_A6_SHURE_23595919": "DAY7 23:59:59.950",
        "VID_20191220_170832": "2019-12-20 17:08:32",
        "2024-05-01 17.08.32": "2024-05-01 17:08:32",
        "PXL_20201220_170832123": "2020-12-20 17:08:32",
        "PXL_20201220_170832123.TS": "2020-12-20 17:08:32",
        "Screen Recording 2024-05-01 at 17.08.32": "2024-05-01 17:08:32",
        "DJI_20230401123456_0001_D": "2023-04-01 12:34:56",
        "2021-06-30T08-00-09Z": "2021-06-30 08:00:09",
    }
    for name, expected in told.items():
        wall = start_of(name)
        assert wall and wall.text(parts=True) == expected, name
    silent = (
        "GOPR0042",
        "VID-20191220-WA0001",
        "20191320_170832",
        "VID_20191220_250832",
        "clip 1234567890123456",
        "DAY1_A_1",
    )
    for name in silent:
        assert start_of(name) is None, name


def test_labels_and_moments_of_a_recording_with_gaps() -> None:
    clock = clock_of(*MORNING)
    assert clock.label(0, 10) == "DAY1 11:09:42 - 11:09:52"
    assert clock.label(25, 35) == "DAY1 11:10:07 - 11:20:05"
    assert clock.label(50, 90) == "DAY1 11:20:20 - DAY2 09:00:10"
    assert clock.label(61, 79) == "" and clock.at(70) is None
    assert clock.at(30) == parse_wall("DAY1 11:20:00"), "where one clip ends and the next begins, it is the next"
    assert clock.at(60).text() == "DAY1 11:20:30" and clock.at(140).text() == "DAY2 09:01:00"  # type: ignore[union-attr]
    assert clock.at(140.5) is None
    shown = clock.seconds(parse_wall("DAY1 11:10:00"), parse_wall("DAY1 11:20:10"))
    assert shown == [(pytest.approx(17.6), 30.0), (30.0, 40.0)]
    assert clock.seconds(parse_wall("DAY1 12:00"), parse_wall("DAY1 13:00")) == []
    # One file may hold several recordings in a row.
    spliced = clock_of((100.0, "0 DAY1 11:00:00\n40 DAY1 15:00:00"))
    assert spliced.label(35, 45) == "DAY1 11:00:35 - 15:00:05"
    assert Clock.of(recording((10.0, ""))) is None


def test_times_run_over_midnight_and_new_year() -> None:
    assert parse_wall("2023-12-31 23:59:59").later(1).text() == "2024-01-01 00:00:00"
    assert parse_wall("DAY1 23:59:59.9").later(0.05).text() == "DAY1 23:59:59", "cut, not rounded"
    assert parse_wall("23:30").later(3600).text() == "00:30:00"
    clock = clock_of((7200.0, "0 23:00"))
    assert stretches("What happened at 0:30?", clock_of((7200.0, "0 DAY1 23:00")), 7200) == [(5400, 5460)]
    assert clock.label(0, 7200) == "23:00:00 - 01:00:00"


@st.composite
def clocks(draw: st.DrawFn) -> Clock:
    start, found = 0.0, []
    for _ in range(draw(st.integers(1, 6))):
        start += draw(st.sampled_from([0.0, 1.5, 60.0]))
        length = draw(st.integers(1, 7200)) / 4
        wall = Wall(DAY + draw(st.integers(0, int(9 * DAY * 20))) / 20, "count")
        found.append(Stretch(start, start + length, wall))
        start += length
    return Clock(tuple(found))


@given(clocks(), st.data())
def test_a_moment_has_a_time_by_which_it_is_found_again(clock: Clock, data: st.DataObject) -> None:
    stretch = data.draw(st.sampled_from(clock.stretches))
    moment = stretch.start + data.draw(st.integers(0, int(4 * (stretch.end - stretch.start)) - 1)) / 4
    wall = clock.at(moment)
    assert wall is not None and parse_wall(wall.text(parts=True)).seconds == pytest.approx(wall.seconds, abs=0.001)
    found = clock.seconds(wall, wall.later(0.25))
    assert any(low - 0.002 <= moment <= high + 0.002 for low, high in found)
    for low, high in found:
        assert any(one.start - 1e-6 <= low <= high <= one.end + 1e-6 for one in clock.stretches)
    second = wall.text().partition(" ")[2]
    day = wall.text().partition(" ")[0]
    asked = stretches(f"What did I do at {second} on {day}?", clock, clock.stretches[-1].end)
    assert any(low - 1.001 <= moment <= high + 0.002 for low, high in asked)


@given(st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 10**6)), min_size=1, max_size=5))
def test_the_clock_of_a_part_is_kept_as_text(pairs: list[tuple[int, int]]) -> None:
    anchors = [(offset / 8, Wall(DAY + second / 8, "count")) for offset, second in pairs]
    assert from_text(to_text(anchors)) == anchors


@given(st.text(max_size=60))
def test_any_question_can_be_read(question: str) -> None:
    clock = clock_of(*MORNING)
    for one in (clock, None):
        for low, high in stretches(question, one, 140.0):
            assert 0 <= low <= high <= 140


def test_questions_name_moments_of_a_recording_with_a_clock() -> None:
    clock = clock_of(
        (3600.0, "0 DAY1 11:00:00"), (3600.0, "0 DAY1 17:00:00"), (3600.0, "0 DAY2 11:00:00"), (60.0, "0 DAY2 23:59:30")
    )
    means = {
        "What did I do at 11:09 on day 1?": [(540, 600)],
        "DAY1 11:09:42: who is there?": [(582, 583)],
        "Who is there at 11:09?": [(540, 600), (7740, 7800)],
        "What did I do at 5 pm?": [(3600, 7200)],
        "What did I do at 5:30 on DAY1?": [(5400, 5460)],
        "What did I do at 5:30 am on DAY1?": [],
        "Between 11:10 and 11:12 on day 2, who came?": [(7800, 7980)],
        "Who spoke from 17:10:05 to 17:10:10?": [(4205, 4211)],
        "Events at 11:10-11:12 on day 1": [(600, 780)],
        "Was it 11:01 or 11:03 on day 1?": [(60, 120), (180, 240)],
        "What happened on day 1?": [(0, 3600), (3600, 7200)],
        "What happened on day 3?": [(10_830, 10_860)],
        "What happened on day 4?": [],
        "What happened on 2024-05-01?": [],
        "What is shown at 90 seconds?": [(90, 91)],
        "Who wins?": [],
        "Who won 3:1?": [],
        "How long after 20 minutes later was that?": [],
    }
    for question, expected in means.items():
        assert stretches(question, clock, 10_860.0) == expected, question


def test_questions_name_moments_of_a_video_without_a_clock() -> None:
    means = {
        "What is shown at 12:30?": [(750, 751)],
        "What is shown at 1:02:03?": [(3723, 3724)],
        "What is shown at 90 seconds?": [(90, 91)],
        "What is shown in minute 5?": [(300, 360)],
        "Who speaks between 1:00 and 2:00?": [(60, 121)],
        "What is shown at 75:30?": [(4530, 4531)],
        "When does the shop open, at 5 pm?": [],
        "What happens at 99:00?": [],
        "What happens on day 1?": [],
    }
    for question, expected in means.items():
        assert stretches(question, None, 5000.0) == expected, question
    assert [time.at for time in times_in("at 12:30 and 12:45")] == [(3, 8), (13, 18)]


def test_a_folder_gets_a_table_that_is_read_with_it(tmp_path: Path) -> None:
    folder = tmp_path / "jake"
    folder.mkdir()
    for name in ("DAY1_A1_JAKE_11094208.mp4", "DAY1_A1_JAKE_11100000.mp4", "extra.mp4"):
        make_video(folder / name, seconds=1, size=(64, 48))
    assert all(part.clock == "" for part in find_parts(str(folder))[1])
    ids = [part.id for part in find_parts(str(folder))[1]]
    made = run("clock", str(folder), home=tmp_path / "home", cwd=tmp_path)
    assert made.returncode == 0 and "DAY1 11:09:42 to DAY1 11:10:00" in made.stdout, made.stderr
    assert "1 of 3 files" in made.stderr
    assert (folder / "clock.csv").read_text().splitlines() == [
        "file,day,clock",
        "DAY1_A1_JAKE_11094208.mp4,DAY1,11:09:42.400",
        "DAY1_A1_JAKE_11100000.mp4,DAY1,11:10:00",
    ]
    parts = find_parts(str(folder))[1]
    assert [part.clock for part in parts] == ["0.0 DAY1 11:09:42.400", "0.0 DAY1 11:10:00", ""]
    assert [part.id for part in parts] == ids, "a clock is no content"
    (folder / "clock.csv").write_text("file,clock\nextra.mp4,9:00\n")
    kept = run("clock", str(folder), home=tmp_path / "home", cwd=tmp_path)
    assert kept.returncode == 2 and "--force" in kept.stderr
    assert find_parts(str(folder))[1][2].clock == "0.0 09:00:00"
    # A list, and one file, have theirs beside them.
    (tmp_path / "both.txt").write_text("jake/extra.mp4\njake/DAY1_A1_JAKE_11100000.mp4\n")
    assert run("clock", "both.txt", home=tmp_path / "home", cwd=tmp_path).returncode == 0
    assert [part.clock for part in find_parts(str(tmp_path / "both.txt"))[1]] == ["", "0.0 DAY1 11:10:00"]
    whole = make_video(tmp_path / "day1.mp4", seconds=3, size=(64, 48))
    spliced = run("clock", "jake", "--splice", "day1.mp4", home=tmp_path / "home", cwd=tmp_path)
    assert spliced.returncode == 0, spliced.stderr
    assert find_parts(whole)[1][0].clock == "0.0 DAY1 11:09:42.400\n1.0 DAY1 11:10:00"


def test_a_table_that_cannot_be_understood_names_the_line(tmp_path: Path) -> None:
    make_video(tmp_path / "v.mp4", seconds=1, size=(64, 48))
    head = "file,start,day,clock\n"
    cases = {
        "name,time\nv.mp4,9:00\n": "line 1",
        head + "v.mp4,0,DAY1,25:00\n": "line 2: '25:00' is no time",
        head + "v.mp4,0,someday,9:00\n": "line 2: 'someday' is no day",
        head + "v.mp4,0,2024-02-30,9:00\n": "line 2",
        head + "v.mp4,soon,DAY1,9:00\n": "line 2",
        head + "v.mp4,-1,DAY1,9:00\n": "line 2",
        head + "v.mp4,0,DAY1,9:00\nv.mp4,0,DAY1,9:01\n": "line 3",
        head + "v.mp4,0,DAY1,9:00\nw.mp4,0,2024-05-01,9:01\n": "line 3: days are named in two ways",
        head + "v.mp4,0,DAY1\n": "line 2",
        head + "v.mp4,0,DAY1,9:00,x\n": "line 2",
        head: "no clock",
        "": "line 1",
        head + "w.mp4,0,DAY1,9:00\n": "names none of the files",
    }
    for text, words in cases.items():
        (tmp_path / "clock.csv").write_text(text)
        with pytest.raises(BadInput, match=words) as caught:
            find_parts(str(tmp_path))
        assert "clock.csv" in str(caught.value) and "\n" not in str(caught.value)
    (tmp_path / "clock.csv").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BadInput, match="clock.csv"):
        find_parts(str(tmp_path))
    assert table.table_for(tmp_path) == tmp_path / "clock.csv"


def test_older_records_have_no_clock() -> None:
    stored = recording((3.0, "0 DAY1 09:00:00")).to_dict()
    assert Recording.from_dict(stored).parts[0].clock
    del stored["parts"][0]["clock"]
    older = Recording.from_dict(stored)
    assert older == replace(older, parts=(Part("p0", "p0.mp4", 0.0, 3.0),)) and Clock.of(older) is None


def cite(request: dict) -> dict:
    import re

    block = re.findall(r"\[caption (\w{8})\][^\n]*\n([^\n]+)", text_of(request))[-1]
    return {"caption": block[0], "quote": block[1]}


def test_questions_and_answers_speak_of_clock_times(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "week"
    folder.mkdir()
    for fps, name in enumerate(("DAY1_A_11000000.mp4", "DAY1_A_15000000.mp4", "DAY2_A_11000000.mp4"), start=8):
        make_video(folder / name, seconds=4, fps=fps, size=(64, 48))
    more = {
        "COARSE_SECONDS": "2",
        "FINE_SECONDS": "1",
        "ULTRA_SECONDS": "1",
        "INITIAL_SEGMENTS": "1",
        "NEIGHBOURS": "0",
    }
    scenes = count()
    script = scripted(
        caption=lambda r: f"Scene number {next(scenes)} of the week.",
        Judgement={"kind": "local", "segments": ["c0"]},
        Verdict=[
            {"support": "unsupported", "confidence": 0.1},
            {"support": "supported", "confidence": 0.9, "answer": "tea"},
        ],
        FinalAnswer=lambda r: {"answer": "tea", "confidence": 0.9, "evidence": [cite(r)]},
    )
    question = "What did I drink at 11:00:03 on day 2?"
    with FakeServer(script) as server:
        for name, value in (remote(server) | {f"VIDEOLUCY_{key}": value for key, value in more.items()}).items():
            monkeypatch.setenv(name, value)
        plain = graph.invoke({"video": str(folder), "question": question}, context=Settings.load())
        assert all("clock" not in item for item in plain["evidence"])
        assert "DAY1" not in text_of(server.asked("Looks")[0])
        captions, before = server.count("caption"), len(server.requests)
        assert run("clock", str(folder), home=tmp_path / "home", cwd=tmp_path).returncode == 0
        inputs = {"video": str(folder), "question": question, "options": ["tea", "milk"]}
        events, result = [], {}
        for mode, data in graph.stream(inputs, context=Settings.load(), stream_mode=["custom", "values"]):
            if mode == "custom":
                events.append(data)
            else:
                result = data
        asked = [request for request in server.requests[before:] if request["path"].endswith("/chat/completions")]
        assert server.count("caption") - captions < captions and result["usage"]["captions_reused"] >= 6
    judged = text_of(next(request for request in asked if "Judgement" in text_of(request)))
    assert "segment c0, 0.0-2.0 s (DAY1 11:00:00 - 11:00:02), " in judged
    looked = text_of(next(request for request in asked if '"Looks"' in text_of(request)))
    offered = looked.rpartition("can be looked at again:")[2].split("\n")
    assert offered[1].startswith("c5: 10.0-12.0 s (DAY2 11:00:02 - 11:00:04)"), "before c0, which the judge named"
    assert [event["segments"] for event in events if event["event"] == "judged"] == [["c5", "c0"]]
    assert result["evidence"] and json.dumps(result["evidence"])
    assert result["evidence"][0]["clock"] == "DAY2 11:00:03"
