"""The report of an answer: one file that says all, loads nothing, and believes nothing it shows."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from app import ask
from face.report.writing import report, write
from tests.fake_server import FakeServer, Request, scripted
from tests.media import make_video
from tests.scripted import cite, settings_for
from tests.test_cli import remote, run
from tools.errors import BadInput
from tools.settings import Settings

EVIL = "<script>alert(1)</script><img src=x onerror=alert(2)>"


class Page(HTMLParser):
    """The elements of a page with their attributes, and its text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.said = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.said += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


def supported(request: Request) -> dict[str, Any]:
    return {
        "support": "supported",
        "confidence": 0.9,
        "answer": f"three {EVIL}",
        "evidence": [cite(request) | {"quote": "A quiet sign."}],
    }


@pytest.fixture
def answered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Settings, str, str]:
    """Settings, video and thread of an answer whose question, caption and words are hostile."""
    monkeypatch.setenv("FAKE_KEY", "sk-planted-0123456789")
    video = make_video(tmp_path / "talk.mp4", seconds=8, fps=5, size=(160, 120))
    final = {"answer": f"three {EVIL}", "option": "B", "confidence": 0.9}
    with FakeServer(scripted(caption=f"A quiet sign. It says {EVIL}.", Verdict=supported, FinalAnswer=final)) as server:
        settings = settings_for(server)
        told = ask(video, f"Which number? {EVIL}", ["two", f"three {EVIL}"], settings=settings)
    return settings, video, told["thread_id"]


def test_it_says_all_and_loads_nothing(answered: tuple[Settings, str, str]) -> None:
    settings, _, thread = answered
    text = report(settings, thread)
    page = Page(text)
    for part in (
        "Which number?",
        "B. three",
        "(chosen)",
        "supported by what was seen",
        "talk.mp4",
        "From memory",
        thread,
    ):
        assert part in page.said, part
    assert [one["content"] for one in page.all("meta") if one.get("http-equiv")] == [
        "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
    ]
    pictures = page.all("img")
    assert len(pictures) == 1
    assert (pictures[0]["src"] or "").startswith("data:image/jpeg;base64,/9j/")
    assert pictures[0]["alt"]
    assert page.all("html") == [{"lang": "en"}]
    assert len(page.all("circle")) == 1
    loaded = [value for _, has in page.elements for name, value in has.items() if name in ("src", "href", "srcset")]
    assert all((value or "").startswith("data:") for value in loaded)
    assert "url(" not in text
    assert str(settings.home) not in text
    assert "sk-planted" not in text


def test_what_it_shows_is_text(answered: tuple[Settings, str, str]) -> None:
    settings, _, thread = answered
    page = Page(report(settings, thread))
    assert EVIL in page.said
    assert page.all("script") == []
    assert all("onerror" not in attributes for _, attributes in page.elements)


def test_headings_are_in_order(answered: tuple[Settings, str, str]) -> None:
    settings, _, thread = answered
    levels = [int(tag[1]) for tag, _ in Page(report(settings, thread)).elements if re.fullmatch(r"h\d", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in zip(levels, levels[1:], strict=False))


def test_a_video_that_is_gone_is_said(answered: tuple[Settings, str, str]) -> None:
    settings, video, thread = answered
    Path(video).unlink()
    page = Page(report(settings, thread))
    assert page.all("img") == []
    assert "not where it was" in page.said
    assert "three" in page.said


def test_memory_that_was_deleted_leaves_the_rest(answered: tuple[Settings, str, str]) -> None:
    from tools.live import live_for

    settings, _, thread = answered
    memory = live_for(settings).memory
    for recording in memory.recordings():
        memory.delete(recording.id)
    memory.close()
    page = Page(report(settings, thread))
    assert "three" in page.said
    assert page.all("svg") == []


def test_a_session_that_is_not_finished_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import threading

    from app import Stopped

    monkeypatch.setenv("FAKE_KEY", "sk-planted-0123456789")
    stop, threads = threading.Event(), list[str]()

    def held(request: Request) -> Any:
        stop.set()
        return scripted()(request)

    video = make_video(tmp_path / "talk.mp4", seconds=8, fps=5, size=(160, 120))
    with FakeServer(held) as server:
        settings = settings_for(server)
        with pytest.raises(Stopped):
            ask(video, "Which?", settings=settings, stop=stop, on_event=lambda e: threads.append(e.get("thread", "")))
    page = Page(report(settings, threads[0]))
    assert "not finished yet" in page.said
    assert f"videolucy resume {threads[0]}" in page.said


def test_a_report_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    file = tmp_path / "r.html"
    write("one", file)
    write("two", file)
    assert file.read_text() == "two"
    assert [one.name for one in tmp_path.iterdir() if one.name.endswith("html")] == ["r.html"]
    with pytest.raises(BadInput, match="is a folder"):
        write("x", tmp_path)
    with pytest.raises(BadInput, match="no such file or directory"):
        write("x", tmp_path / "none" / "r.html")


def test_the_command_line_writes_it(tmp_path: Path) -> None:
    video = make_video(tmp_path / "talk.mp4", seconds=8, fps=5, size=(160, 120))
    (tmp_path / "q.txt").write_text("Which number?\nWhich colour?\n")
    (tmp_path / "many").mkdir()
    with FakeServer() as server:
        environment = remote(server)
        one = run(
            "ask", video, "Which number?", "--report", "r.html", "--json", home=tmp_path, cwd=tmp_path, **environment
        )
        assert one.returncode == 0, one.stderr
        assert Page((tmp_path / "r.html").read_text()).all("main") == [{}]
        thread = one.stderr.splitlines()[0].split()[1]
        again = run("sessions", "report", thread, home=tmp_path, cwd=tmp_path)
        assert again.returncode == 0, again.stderr
        assert (tmp_path / f"{thread}.html").read_text() == (tmp_path / "r.html").read_text()
        many = run("ask", video, "--questions", "q.txt", "--report", "many", home=tmp_path, cwd=tmp_path, **environment)
        assert many.returncode == 0, many.stderr
        assert len(list((tmp_path / "many").iterdir())) == 2
        asked = server.count("caption")
        wrong = run("ask", video, "Where?", "--report", "no/r.html", home=tmp_path, cwd=tmp_path, **environment)
        assert wrong.returncode == 2
        assert wrong.stderr == "videolucy: the report cannot be written to no/r.html: no such file or directory\n"
        assert server.count("caption") == asked


def test_the_strip_shows_what_is_remembered_and_where_evidence_is() -> None:
    from face.report.strip import strip
    from face.timeline import Stretch, Timeline

    told = Timeline(
        "r", "a <b>.mp4", 100.0, {"coarse": (Stretch(0, 50),), "fine": (), "ultra-fine": (Stretch(10, 11),)}
    )
    page = Page(strip(told, [{"number": 1, "start": 10.0, "end": 12.0}]))
    widths = {one["class"]: float(one["width"] or 0) for one in page.all("rect") if one["class"] != "lane"}
    assert widths["coarse"] == pytest.approx(400)
    assert widths["ultra-fine"] == pytest.approx(8)
    assert "a <b>.mp4" in (page.all("svg")[0]["aria-label"] or "")
    assert "50 % coarse, 1 % ultra-fine" in (page.all("svg")[0]["aria-label"] or "")
