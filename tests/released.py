"""Small files in the forms the benchmarks are released in."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

KINDS = ("Order", "Judge", "Align", "Context", "Rectification", "Reconstruction")


def write_json(path: Path, value: Any) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value, ensure_ascii=False, indent=4), "utf-8")
    return path


def write_lines(path: Path, rows: list[Any]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
    return path


def lettered(*texts: str) -> list[str]:
    return [f"{letter}. {text}" for letter, text in zip("ABCDEFGH", texts, strict=False)]


def egomem_row(number: str, kind: str = "Detail", **other: Any) -> dict[str, Any]:
    """One object of EgoMem.json, with its six keys."""
    return {
        "videoID": "A1_JAKE_DAY1",
        "question_id": number,
        "type": kind,
        "question": f"Question {number}?",
        "options": lettered("one", "two", "three", "four"),
        "answer": "B",
    } | other


def egomem(folder: Path) -> Path:
    """EgoMem.json of two videos with every known defect in it, and the annotations of one video."""
    detail = [egomem_row(number) for number in ("0", "1", "2", "3")]
    detail += [
        egomem_row("141", answer=""),
        egomem_row("32", options=lettered("same", "two", "same", "four"), answer="C"),
    ]
    event = [egomem_row(str(252 + place), "Event") for place in range(6)]
    event[0] |= {"question": "Order of events from 12:40 AM and 18:30 AM?"}
    event[2] |= {"options": lettered("1→a / 2→c", "1→b / 2→c", "1→c / 2→a", "1→a / 2→b")}
    other = [egomem_row(str(350 + place), "Event", videoID="A4_LUCIA_DAY2") for place in range(6)]
    other[4] |= {"answer": "E"}
    strict = [egomem_row("211", videoID="A4_LUCIA_DAY2", answer="D")]
    # Detail questions of all videos come first, then the Event questions.
    write_json(folder / "EgoMem.json", [*detail, *strict, *event, *other])
    notes: list[dict[str, Any]] = [_note(f"From 13:34:26 to 13:35:35, seen {count}.") for count in range(6)]
    write_json(folder / "annos/detail/A1_JAKE_DAY1_Detail_QA.json", notes)
    told = [_note("Cooking: 12:51-13:21; dancing 14:00~14:30.") for _ in range(6)]
    told[0] |= {"choice_e": "five", "choice_e_chinese": "五"}
    write_json(folder / "annos/event/A1_JAKE_DAY1_Event_QA.json", told)
    lost = [_note("nothing by the clock") for _ in range(6)]
    lost[4] |= {"choice_e": "E. five"}
    write_json(folder / "annos/event/A4_LUCIA_DAY2_Event_QA.json", lost)
    return folder


def _note(reason: str) -> dict[str, Any]:
    letters = {f"choice_{letter}": "x" for letter in "abcd"}
    return {
        "question": "?",
        **letters,
        "answer": "B",
        "reason": reason,
        "question_chinese": "？",
        "reason_chinese": "。",
    }


def lvbench_qa(uid: str, when: str = "00:15-00:19", **other: Any) -> dict[str, Any]:
    return {
        "uid": uid,
        "question": "What year is it?\n(A) 1636\n(B) 1366\n(C) 1363\n(D) 1633",
        "answer": "D",
        "question_type": ["key information retrieval"],
        "time_reference": when,
    } | other


def lvbench(path: Path, *qa: Mapping[str, Any]) -> Path:
    """video_info.meta.jsonl of one video."""
    info = {"duration_minutes": 62.1, "fps": 25.0, "resolution": {"width": 1280, "height": 720}}
    return write_lines(
        path / "video_info.meta.jsonl",
        [{"key": "Cm73ma6Ibcs", "type": "cartoon", "video_info": info, "qa": list(qa)}],
    )


def videomme_row(number: int, **other: Any) -> dict[str, Any]:
    """One row of the parquet file, with its eleven columns."""
    return {
        "video_id": f"{number:03d}",
        "duration": "short",
        "domain": "Knowledge",
        "sub_category": "Humanity & History",
        "url": "https://www.youtube.com/watch?v=fFjv93ACGo8",
        "videoID": "fFjv93ACGo8",
        "question_id": f"{number:03d}-1",
        "task_type": "Counting Problem",
        "question": "Which of them is not there?",
        "options": ["A. Apples.", "B. Candles.", "C. Berries.", "D. The three kinds are of the same number."],
        "answer": "C",
    } | other


def videomme_template(path: Path, *responses: str) -> Path:
    """A file in the form of the official results template."""
    videos = []
    for number, response in enumerate(responses, 1):
        row = videomme_row(number)
        video = {name: row.pop(name) for name in ("video_id", "duration", "domain", "sub_category", "videoID", "url")}
        del video["videoID"], video["url"]
        videos.append(video | {"questions": [row | {"response": response}]})
    return write_json(path, videos)


def mlvu(folder: Path) -> Path:
    """The dev set's JSON files of three tasks."""
    needle = {
        "video": "needle_32.mp4",
        "duration": 467.98,
        "question": "What does the hand paint?",
        "candidates": ["Blue", "Red", "Green", "Yellow"],
        "answer": "Yellow",
        "question_type": "findNeedle",
    }
    odd = needle | {"video": "needle_7.mp4", "duration": 32550, "answer": "Ochre"}
    count = needle | {
        "video": "count_1.mp4",
        "candidates": ["4", "5", "1", "2"],
        "answer": "2",
        "question_type": "count",
    }
    scene = {
        "video": "subPlot_new_all_3.mp4",
        "duration": 480.0,
        "question": "Describe how the man opens the door.",
        "answer": "He kicks it twice and it falls.",
        "question_type": "subPlot",
        "scoring_points": "1. He kicks the door.\n2. It falls.",
    }
    write_json(folder / "json/2_needle.json", [needle, odd])
    write_json(folder / "json/4_count.json", [count])
    write_json(folder / "json/8_sub_scene.json", [scene])
    return folder
