"""The page's server as tests use it: in this process, with the scripted models, and its events as a list."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from starlette.testclient import TestClient

from face.page.server import application
from tools.settings import Settings

KEY = "the-key-of-the-page"
PORT = 7860


@contextmanager
def page(settings: Settings) -> Iterator[TestClient]:
    """Serve the page, and give a client that has opened its address."""
    with TestClient(application(settings, KEY, PORT), base_url="http://127.0.0.1:7860") as client:
        assert client.get("/", params={"key": KEY}).status_code == 200
        yield client


def opened(client: TestClient, path: str) -> dict[str, Any]:
    """Open a video on the page."""
    answer = client.post("/api/videos", json={"source": path})
    assert answer.status_code == 200, answer.text
    return answer.json()


def ask(client: TestClient, path: str, question: str = "Which number?", **more: Any) -> str:
    """Ask a question, and return its run."""
    answer = client.post("/api/ask", json={"videos": [path], "question": question, **more})
    assert answer.status_code == 200, answer.text
    return answer.json()["run"]


def events(client: TestClient, run: str, after: int | None = None) -> list[dict[str, Any]]:
    """Return the events of a run to its end."""
    headers = {} if after is None else {"last-event-id": str(after)}
    answer = client.get(f"/api/runs/{run}/events", headers=headers)
    assert answer.headers["content-type"].startswith("text/event-stream")
    return [json.loads(line.removeprefix("data: ")) for line in answer.text.splitlines() if line.startswith("data: ")]


class Gate:
    """Holds the replies of a scripted server back until it is opened; tells when one has come to it."""

    def __init__(self) -> None:
        self.reached = threading.Event()
        self.opened = threading.Event()

    def wait(self) -> None:
        self.reached.set()
        assert self.opened.wait(60)
