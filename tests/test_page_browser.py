"""The page in a real browser: asked, watched, used by keyboard, killed under it, and read by everyone."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import av
import pytest

from tests.conftest import ROOT
from tests.offline import offline_env

playwright = pytest.importorskip("playwright.sync_api", reason="the extra `dev` is not installed")
axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="the extra `dev` is not installed")
pytest.importorskip("rapidocr", reason="the extra `embedded` is not installed")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.timeout(600),
    pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium on this machine"),
]
QUIET = (
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
)
TRAILER = ROOT / "examples" / "big-buck-bunny-trailer.mp4"
QUESTION = "How many rodents are there?"
PATIENCE = 300_000
"""Milliseconds that the embedded models may take for the trailer on a busy machine."""


class Served:
    """`videolucy ui` as a process, on a port and home that stay when it is started again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = 0
        self.address = ""

    def start(self) -> None:
        home = self.folder / "home"
        env = offline_env({"VIDEOLUCY_HOME": str(home), "VIDEOLUCY_SPEECH": "none", "PYTHONPATH": str(ROOT)})
        log = (self.folder / "log.txt").open("a")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "app", "ui", "--port", str(self.port)],
            env=env,
            cwd=self.folder,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
        assert self.process.stdout is not None
        self.address = self.process.stdout.readline().strip()
        assert self.address.startswith("http://127.0.0.1:"), (self.folder / "log.txt").read_text()
        self.port = int(self.address.split(":")[2].split("/")[0])

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(30)

    def end(self) -> None:
        self.process.send_signal(signal.SIGINT)
        self.process.wait(60)


def cut(source: Path, target: Path, start: float, end: float) -> None:
    """Copy a stretch of a video's pictures, from the key frame at or before `start`."""
    with av.open(source) as read, av.open(target, "w") as written:
        pictures = read.streams.video[0]
        copied = written.add_stream_from_template(pictures)
        read.seek(round(start / pictures.time_base), stream=pictures)
        packets = [packet for packet in read.demux(pictures) if packet.dts is not None]
        first = packets[0].pts
        for packet in packets:
            if packet.pts * pictures.time_base > end:
                continue
            packet.pts, packet.dts, packet.stream = packet.pts - first, packet.dts - first, copied
            written.mux(packet)


@pytest.fixture(scope="module")
def browser() -> Iterator[playwright.Browser]:
    with playwright.sync_playwright() as driver:
        made = driver.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        yield made
        made.close()


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    made = Served(tmp_path)
    shutil.copy(TRAILER, tmp_path / "trailer.mp4")
    cut(TRAILER, tmp_path / "rodents.mp4", 26, 38)
    made.start()
    yield made
    if made.process.poll() is None:
        made.end()


@pytest.fixture
def page(browser: playwright.Browser, served: Served) -> Iterator[playwright.Page]:
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    made = context.new_page()
    faults: list[str] = []
    made.on("pageerror", lambda error: faults.append(str(error)))
    foreign: list[str] = []
    made.on(
        "request", lambda r: None if r.url.startswith(f"http://127.0.0.1:{served.port}/") else foreign.append(r.url)
    )
    made.goto(served.address)
    yield made
    context.close()
    assert faults == []
    assert foreign == []


def until(page: playwright.Page, expression: str, timeout: float = 30_000) -> None:
    """Wait until an expression is true. The page forbids the evaluation that Playwright's own waiting uses."""
    for _ in range(int(timeout / 50)):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"{expression} did not become true")


def remembered(page: playwright.Page) -> str:
    return page.inner_text(".strip h2 span")


def ask(page: playwright.Page, video: str) -> None:
    page.fill("#source", video)
    page.keyboard.press("Enter")
    page.wait_for_selector(".strip")
    assert remembered(page) == "nothing remembered yet"
    page.fill("#words", QUESTION)
    page.keyboard.press("Enter")


def goes_to_the_evidence(page: playwright.Page, low: float, high: float) -> None:
    """Click the time of the first evidence, which lies between these seconds, and see that the player moves there."""
    page.wait_for_selector("#answer .said", timeout=PATIENCE)
    assert "three" in page.inner_text("#answer .said").lower()
    moment = page.locator("#answer .time").first
    start = float(moment.get_attribute("data-start") or "-1")
    assert low < start < high
    moment.click()
    until(page, f"Math.abs(document.querySelector('#player video').currentTime - {start}) < 0.2")
    now = page.locator(".lanes").get_attribute("aria-valuenow")
    assert float(now or "-1") == pytest.approx(start, abs=0.3)


def test_a_question_is_asked_and_its_moment_shown(page: playwright.Page) -> None:
    ask(page, "trailer.mp4")
    until(
        page,
        "/^([1-9]|[1-9]\\d) % coarse/.test(document.querySelector('.strip h2 span').textContent)",
        timeout=PATIENCE,
    )
    assert page.is_visible("#stop")
    goes_to_the_evidence(page, 30, 37)
    assert remembered(page).startswith("100 % coarse")
    assert page.locator(".marks button").count() >= 1
    assert not page.is_visible("#stop")
    picture = page.locator("#answer img").first
    picture.scroll_into_view_if_needed()
    until(page, "document.querySelector('#answer img').naturalWidth > 100")


def test_a_session_goes_on_after_the_server_was_killed(page: playwright.Page, served: Served) -> None:
    ask(page, "rodents.mp4")
    until(
        page,
        "/^([1-9]|[1-9]\\d) % coarse/.test(document.querySelector('.strip h2 span').textContent)",
        timeout=PATIENCE,
    )
    served.kill()
    page.wait_for_selector("#problem:not([hidden])", timeout=60_000)
    served.start()
    page.wait_for_selector("#resume:not([hidden])", timeout=60_000)
    page.reload()
    page.wait_for_selector("#resume:not([hidden])", timeout=60_000)
    assert page.input_value("#words") == QUESTION
    assert "coarse" in remembered(page)
    page.click("#resume")
    goes_to_the_evidence(page, 6, 12.5)
    page.goto(f"http://127.0.0.1:{served.port}/#/sessions")
    page.wait_for_selector("#sessions .list a")
    assert page.locator("#sessions .list li").count() == 1
    page.click("#sessions .list a")
    goes_to_the_evidence(page, 6, 12.5)


def test_it_is_usable_by_keyboard_and_a_name_is_only_a_name(page: playwright.Page, served: Served) -> None:
    name = "<img src=x onerror=document.title='hacked'>.mp4"
    os.rename(served.folder / "trailer.mp4", served.folder / name)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to content"
    while page.evaluate("document.activeElement.id") != "source":
        page.keyboard.press("Tab")
    page.keyboard.type(name)
    page.keyboard.press("Enter")
    page.wait_for_selector(".strip")
    assert page.inner_text(".strip h2 button") == name
    assert page.evaluate("document.title") == "Ask a video · videolucy"
    assert page.evaluate("document.activeElement.id") == "words"
    page.focus(".lanes")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    until(page, "Math.abs(document.querySelector('#player video').currentTime - 10) < 0.2")
    assert page.locator(".lanes").get_attribute("aria-valuetext") == "0:10.0 of 0:55.1"
    page.keyboard.press("End")
    until(page, "document.querySelector('#player video').currentTime > 54")


def test_errors_are_sentences(page: playwright.Page) -> None:
    page.fill("#words", QUESTION)
    page.click("#question .main")
    page.wait_for_selector("#problem:not([hidden])")
    assert page.inner_text("#problem") == "Open a video first."
    page.fill("#source", "nowhere.mp4")
    page.click("#open [type=submit]")
    until(page, "document.querySelector('#problem').textContent.includes('nowhere.mp4')")


def test_everyone_can_read_it(browser: playwright.Browser, served: Served) -> None:
    """No serious finding of the accessibility checker, in light and dark, wide and narrow; nothing runs off."""
    for scheme in ("light", "dark"):
        context = browser.new_context(color_scheme=scheme, viewport={"width": 1440, "height": 900})
        page = context.new_page()
        page.goto(served.address)
        if scheme == "light":
            ask(page, "rodents.mp4")
            page.wait_for_selector("#answer .said", timeout=PATIENCE)
        session = page.evaluate("fetch('/api/sessions').then(r => r.json()).then(d => d.sessions[0].thread_id)")
        for width in (1440, 360):
            page.set_viewport_size({"width": width, "height": 800})
            for view in ("ask", f"session/{session}", "sessions", "memory", "settings"):
                page.goto(f"http://127.0.0.1:{served.port}/#/{view}")
                page.reload()
                page.wait_for_load_state("networkidle")
                found = axe.Axe().run(page)
                serious = [v for v in found.response["violations"] if v["impact"] in ("serious", "critical")]
                assert serious == [], (scheme, width, view, [(v["id"], v["nodes"][0]["html"]) for v in serious])
                assert page.evaluate("document.documentElement.scrollWidth") <= width, (scheme, width, view)
        context.close()
