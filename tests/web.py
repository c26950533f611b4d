"""A loopback web server whose files misbehave in the ways servers of the web do."""

from __future__ import annotations

import contextlib
import re
import threading
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Served:
    """One thing a server gives."""

    body: bytes = b""
    kind: str = "video/mp4"
    etag: str = ""
    modified: str = ""
    status: int = 200
    location: str = ""
    """Where a redirect leads."""
    ranges: bool = True
    length: int | None = None
    """The Content-Length told instead of the true one; -1 tells none."""
    cuts: deque[int] = field(default_factory=deque)
    """After how many bytes of its reply each of the next requests breaks off."""
    auth: str = ""
    """What the Authorization header must be."""
    gate: threading.Event | None = None
    """Nothing is sent before it is set."""


@dataclass(frozen=True)
class Seen:
    """One request."""

    path: str
    headers: Mapping[str, str]
    """Names in lower case."""
    sent: int
    status: int


class Web:
    """The server; a context manager. `things` may be changed while it runs."""

    def __init__(self, **things: Served) -> None:
        self.things: dict[str, Served] = dict(things)
        self.seen: list[Seen] = []
        self.arrived = threading.Event()
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._http.daemon_threads = True
        self._thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    def url(self, name: str) -> str:
        return f"http://127.0.0.1:{self._http.server_address[1]}/{name}"

    def __enter__(self) -> Web:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._http.shutdown()
        self._http.server_close()

    def sent(self) -> int:
        """Return the bytes of all bodies sent so far."""
        return sum(seen.sent for seen in self.seen)


def _handler(web: Web) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_HEAD(self) -> None:
            self.do_GET()

        def do_GET(self) -> None:
            thing = web.things.get(self.path.lstrip("/").partition("?")[0])
            headers = {name.lower(): value for name, value in self.headers.items()}
            if thing is None:
                thing = Served(b"nothing here", "text/plain", status=404)
            elif thing.auth and headers.get("authorization") != thing.auth:
                thing = Served(b"who are you?", "text/plain", status=401)
            web.arrived.set()
            if thing.gate:
                thing.gate.wait(20)
            status, start = self._status(thing, headers)
            body = b"" if status in (304, 416) else thing.body[start:]
            cut = thing.cuts.popleft() if thing.cuts and body else None
            told = len(body) if thing.length is None else thing.length
            web.seen.append(Seen(self.path, headers, len(body[:cut]), status))
            self.send_response(status)
            for name, value in (("Content-Type", thing.kind), ("ETag", thing.etag), ("Last-Modified", thing.modified)):
                if value:
                    self.send_header(name, value)
            if thing.location:
                self.send_header("Location", thing.location)
            if status == 206:
                self.send_header("Content-Range", f"bytes {start}-{len(thing.body) - 1}/{len(thing.body)}")
            if told >= 0:
                self.send_header("Content-Length", str(told))
            self.send_header("Connection", "close")
            self.end_headers()
            with contextlib.suppress(ConnectionError):  # the client had enough
                self.wfile.write(body[:cut] if self.command == "GET" else b"")

        def _status(self, thing: Served, headers: Mapping[str, str]) -> tuple[int, int]:
            if thing.status != 200:
                return thing.status, 0
            if thing.etag and headers.get("if-none-match") == thing.etag:
                return 304, 0
            asked = re.fullmatch(r"bytes=(\d+)-\d*", headers.get("range", ""))
            lean = headers.get("if-range")
            if asked and thing.ranges and lean in (None, thing.etag, thing.modified):
                start = int(asked[1])
                return (206, start) if start < len(thing.body) else (416, 0)
            return 200, 0

        def log_message(self, *_: object) -> None:
            pass

    return Handler
