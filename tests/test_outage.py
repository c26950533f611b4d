"""Servers that die for a while: nothing is lost, and nobody storms them."""

from __future__ import annotations

import json
import ssl
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from email.utils import formatdate
from pathlib import Path
from typing import Any

import httpx2 as httpx
import pytest

from app import graph
from tests.fake_server import FakeReply, FakeServer, Request, asked_for, scripted
from tests.media import make_video
from tests.scripted import settings_for
from tools import ending
from tools.http_client import PatientClient, later, told
from tools.live import live_for
from tools.outage import Clock, Server


class Hand(Clock):
    """A clock that only moves when somebody waits for it."""

    def __init__(self) -> None:
        self.time = 0.0

    def now(self) -> float:
        return self.time

    def wait(self, condition: threading.Condition, until: float) -> None:
        self.time = max(self.time, until)
        condition.wait(0.001)


class Dies:
    """A server that answers, dies for some seconds of a clock, and answers again."""

    def __init__(self, clock: Clock, dead: tuple[float, float], how: Any = None) -> None:
        self.clock, self.dead, self.how = clock, dead, how
        self.asked: list[tuple[float, bool]] = []
        self._lock = threading.Lock()

    def __call__(self, request: httpx.Request) -> httpx.Response:
        with self._lock:
            now = self.clock.now()
            up = not self.dead[0] <= now < self.dead[1]
            self.asked.append((now, up))
            if up and isinstance(self.clock, Hand):
                self.clock.time += 0.5
        if up:
            return httpx.Response(200, json={"ok": True})
        if self.how is None:
            raise httpx.ConnectError("refused", request=request)
        return self.how(request)


def client(server: Server, script: Any, patience: float = 120.0, final: tuple[str, ...] = ()) -> PatientClient:
    return PatientClient(server, patience, final, transport=httpx.MockTransport(script))


def server(clock: Clock) -> tuple[Server, list[str]]:
    said: list[str] = []
    return Server("models.example", clock, said.append), said


FAULTS = {
    "refused": None,
    "500": lambda request: httpx.Response(500, json={"error": {"message": "busy"}}),
    "429 without a wish": lambda request: httpx.Response(429, text="slow down"),
    "429 with seconds": lambda request: httpx.Response(429, headers={"retry-after": "7"}),
    "error in status 200": lambda request: httpx.Response(200, json={"error": {"code": 502, "message": "upstream"}}),
}


@pytest.mark.parametrize("how", FAULTS)
def test_an_outage_of_a_minute_loses_no_call_of_two_hundred(how: str) -> None:
    clock = Hand()
    script = Dies(clock, (10.0, 70.0), FAULTS[how])
    known, said = server(clock)
    http = client(known, script)
    with ThreadPoolExecutor(8) as pool:
        replies = list(pool.map(lambda n: http.post("http://models.example/v1", json={"n": n}), range(200)))
    assert [reply.status_code for reply in replies] == [200] * 200
    during = [when for when, up in script.asked if not up]
    assert 3 <= len(during) <= 8 + 30, "those in flight fail, then one asks at a time"
    assert any("does not answer" in line for line in said) and said[-1] == "models.example answers again"


def test_a_server_that_stays_away_is_waited_for_once_and_then_each_call_fails_at_once() -> None:
    clock = Hand()
    script = Dies(clock, (0.0, 1e9))
    known, said = server(clock)
    http = client(known, script)
    for _ in range(20):
        with pytest.raises(httpx.ConnectError):
            http.get("http://models.example/")
    assert 110 <= clock.time < 200 and len(said) == 1


def test_a_call_that_fails_alone_is_given_up_while_others_are_answered() -> None:
    clock = Clock()
    known, _ = server(clock)
    bad = {"asked": 0}

    def script(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/bad":
            bad["asked"] += 1
            return httpx.Response(500, text="this picture")
        return httpx.Response(200, json={})

    http = client(known, script)
    stop = threading.Event()

    def others() -> None:
        while not stop.is_set():
            assert http.get("http://models.example/good").status_code == 200

    with ThreadPoolExecutor(1) as pool:
        busy = pool.submit(others)
        assert http.get("http://models.example/bad").status_code == 500
        stop.set()
        busy.result()
    assert bad["asked"] <= 8


def test_a_cut_reply_an_endless_one_and_one_that_trickles_are_tried_again() -> None:
    class Body(httpx.SyncByteStream):
        def __init__(self, kind: str) -> None:
            self.kind = kind

        def __iter__(self):  # type: ignore[no-untyped-def]
            yield b'{"half": '
            if self.kind == "cut":
                raise httpx.RemoteProtocolError("peer closed connection")
            while True:
                yield b"x" * 2**20

    for kind in ("cut", "endless"):
        kinds = [kind, "whole"]

        def script(request: httpx.Request, kinds: list[str] = kinds) -> httpx.Response:
            kind = kinds.pop(0)
            return httpx.Response(200, json={"ok": 1}) if kind == "whole" else httpx.Response(200, stream=Body(kind))

        known, _ = server(Hand())
        assert client(known, script).get("http://models.example/").json() == {"ok": 1}


def test_who_began_to_wait_before_another_gave_up_waits_as_long() -> None:
    clock = Hand()
    script = Dies(clock, (0.0, 170.0))
    known, _ = server(clock)
    with pytest.raises(httpx.ConnectError):
        client(known, script, patience=60.0).get("http://models.example/")
    assert known.down and 50 <= clock.time <= 70
    assert known.enter(clock.time + 1, clock.time) is False, "who comes now does not wait"
    assert known.enter(clock.time + 20, 0.0) is True, "who came before does"


@pytest.mark.parametrize(
    "problem",
    [
        httpx.UnsupportedProtocol("no such scheme"),
        httpx.LocalProtocolError("illegal header value"),
        ssl.SSLCertVerificationError("certificate verify failed"),
    ],
)
def test_what_cannot_be_sent_is_not_tried_again(problem: Exception) -> None:
    clock = Hand()
    known, _ = server(clock)

    def script(request: httpx.Request) -> httpx.Response:
        if isinstance(problem, httpx.TransportError):
            raise problem
        raise httpx.ConnectError("handshake") from problem

    with pytest.raises(httpx.TransportError):
        client(known, script).get("http://models.example/")
    assert clock.time == 0


@pytest.mark.parametrize("status", [400, 401, 402, 403, 404, 413, 422])
def test_what_cannot_succeed_is_asked_once(status: int) -> None:
    asked: list[int] = []
    known, _ = server(Hand())
    http = client(known, lambda request: asked.append(1) or httpx.Response(status))
    assert http.get("http://models.example/").status_code == status and len(asked) == 1
    assert not known.down


def test_wishes_of_a_server() -> None:
    assert later(httpx.Response(500)) and not later(httpx.Response(500, text="no mmproj"), ("mmproj",))
    assert not later(httpx.Response(500, headers={"x-should-retry": "false"}))
    assert later(httpx.Response(418, headers={"x-should-retry": "true"}))
    assert told(httpx.Response(200, content=json.dumps({"error": {"code": 403}}).encode())).status_code == 403


@pytest.mark.parametrize(("wish", "least", "most"), [("9", 9, 12), ("", 0.3, 1), ("soon", 0.3, 1), ("1e9", 60, 61)])
def test_a_wish_to_be_left_alone_is_honoured_within_reason(wish: str, least: float, most: float) -> None:
    clock = Hand()
    replies = [httpx.Response(429, headers={"retry-after": wish}), httpx.Response(200)]
    known, _ = server(clock)
    assert client(known, lambda request: replies.pop(0)).get("http://models.example/").status_code == 200
    assert least <= clock.time <= most


def test_a_wish_may_be_a_date() -> None:
    clock = Hand()
    replies = [
        httpx.Response(503, headers={"retry-after": formatdate(time.time() + 30, usegmt=True)}),
        httpx.Response(200),
    ]
    known, _ = server(clock)
    client(known, lambda request: replies.pop(0)).get("http://models.example/")
    assert 25 <= clock.time <= 31


def test_who_waits_for_a_server_can_be_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ending, "_wished", threading.Event())

    class Still(Hand):
        def wait(self, condition: threading.Condition, until: float) -> None:
            condition.wait(0.01)

    clock = Still()
    known, _ = server(clock)
    http = client(known, Dies(clock, (0.0, 1e12)))
    with ThreadPoolExecutor(3) as pool:
        waiting = [pool.submit(http.get, "http://models.example/") for _ in range(3)]
        while not (known.down or all(each.done() for each in waiting)):
            time.sleep(0.001)
        ending.end()
        for each in waiting:
            assert isinstance(each.exception(timeout=5), ending.Ended)


def test_an_outage_in_an_ingest_of_two_hundred_segments_costs_no_caption(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Through the graph, a real server of HTTP, and a clock that is put forward where somebody waits."""
    video = make_video(tmp_path / "long.mp4", seconds=200, fps=2, size=(64, 48))
    monkeypatch.setenv("FAKE_KEY", "secret-key-1")
    clock, state = Clock(), {"until": 0.0, "refused": 0, "made": 0}
    lock = threading.Lock()

    def script(request: Request) -> Any:
        if asked_for(request) != "caption":
            return scripted()(request)
        with lock:
            state["made"] += 1
            if state["made"] == 60:
                state["until"] = clock.now() + 60
            if clock.now() < state["until"]:
                state["refused"] += 1
                return FakeReply(status=503, body=b'{"error": {"message": "loading"}}')
        return "A scene."

    with FakeServer(script) as fake:
        settings = settings_for(fake, coarse_seconds=1.0, captions_at_once=8, max_rounds=0)
        result = graph.invoke({"video": video, "question": "What is it?"}, context=settings)
        memory = live_for(settings).memory
        held = [caption for known in memory.recordings() for caption in memory.captions(known.id, level="coarse")]
    assert len(held) == 200 and result["usage"]["captions_made"] == 200
    assert 3 <= state["refused"] <= 40
