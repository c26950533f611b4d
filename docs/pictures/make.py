"""Makes the pictures of the README: the page with an answer, in a real browser, with the embedded models.

`python docs/pictures/make.py [--home DIR]` needs the extra `dev` and Chromium; `--home` names a folder with weights.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

HERE = Path(__file__).parent
TRAILER = HERE.parent.parent / "examples" / "big-buck-bunny-trailer.mp4"
QUESTION = "How many rodents are there?"
_PATIENCE = 600_000
"""Milliseconds for the embedded models."""


def page_with_answer(page: Page, address: str) -> None:
    """Ask the trailer a question and go to the moment of the answer."""
    page.goto(address)
    page.fill("#source", TRAILER.name)
    page.click("#open [type=submit]")
    page.wait_for_selector(".strip")
    page.fill("#words", QUESTION)
    page.click("#question .main")
    page.wait_for_selector("#answer .time", timeout=_PATIENCE)
    page.click("#answer .time")
    page.wait_for_timeout(1500)


def main() -> None:
    """Serve the page, and photograph it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--home", type=Path, help="a home with weights, so that the pictures show all models")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="videolucy-pictures-") as folder:
        if given.home:
            (Path(folder) / "weights").symlink_to((given.home / "weights").resolve(), target_is_directory=True)
        server = subprocess.Popen(
            [sys.executable, "-m", "app", "ui", "--port", "0"],
            cwd=TRAILER.parent,
            env={**os.environ, "VIDEOLUCY_HOME": folder, "PYTHONPATH": str(HERE.parent.parent)},
            stdout=subprocess.PIPE,
            text=True,
        )
        assert server.stdout is not None
        address = server.stdout.readline().strip()
        with sync_playwright() as driver:
            browser = driver.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
            page = browser.new_page(viewport={"width": 1440, "height": 900})
            page_with_answer(page, address)
            page.screenshot(path=HERE / "page.png")
            browser.close()
        server.send_signal(signal.SIGINT)
        server.wait(60)


if __name__ == "__main__":
    main()
