"""A loopback OpenAI-compatible server with scripted replies, which records what it is asked.

In a test::

    with FakeServer(scripted(Verdict={"support": "supported", "confidence": 1, "answer": "red"})) as server:
        ... base URL: server.url (ends in /v1)
    server.count("caption"), server.images, server.most_at_once

As a process of its own, for tests that kill and restart programs::

    python -m tests.fake_server --port 0 --script tests.fake_server:scripted() --log calls.jsonl

prints its URL as the first line; `calls(path)` reads the log.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import importlib
import io
import json
import re
import signal
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

REPLIES = ("Judgement", "Verdict", "Looks", "FinalAnswer", "Summary", "Findings", "FollowUp")
Request = dict[str, Any]
_SEGMENT = re.compile(r"(?<![\w/.])(?:v\d+/)?c\d+(?:\.f\d+(?:\.u\d+)?)?(?!\w)")


@dataclass
class FakeReply:
    """One HTTP reply: by default a completion of `text`."""

    text: str = ""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes | None = None
    """Sent as it is, instead of a completion."""
    delay: float = 0.0
    """Seconds to wait before replying."""
    usage: dict[str, int] | None = field(
        default_factory=lambda: {"prompt_tokens": 100, "completion_tokens": 20, "total_tokens": 120}
    )
    """None: the server sends no usage."""
    reasoning_content: str | None = None
    finish_reason: str = "stop"


Answer = str | dict[str, Any] | FakeReply
Script = Callable[[Request], Answer] | Iterable[Answer]


@dataclass(frozen=True)
class SeenImage:
    """A picture the server received, and the text just before it in the message."""

    request: int
    width: int
    height: int
    label: str
    rgb: tuple[int, int, int]
    """Mean colour."""

    @property
    def time(self) -> float:
        """The time its label gives, in seconds of the recording."""
        found = re.search(r"(\d+(?:\.\d+)?) s", self.label)
        if not found:
            raise AssertionError(f"no time in the text before a picture: {self.label!r}")
        return float(found[1])


def parts(request: Request) -> list[dict[str, Any]]:
    """Return all content parts of a chat request in order; plain text as one part."""
    found: list[dict[str, Any]] = []
    for message in request.get("messages", []):
        content = message.get("content") or ""
        found += [{"type": "text", "text": content}] if isinstance(content, str) else content
    return found


def text_of(request: Request) -> str:
    """Return all text of a chat request."""
    return "\n".join(part.get("text", "") for part in parts(request) if part.get("type") == "text")


def asked_for(request: Request) -> str:
    """Return "caption" where pictures are sent, else the name of the reply type asked for ("other" if none)."""
    if any(part.get("type") == "image_url" for part in parts(request)):
        return "caption"
    named = re.findall(r'JSON object named "(\w+)"', text_of(request))
    return named[-1] if named and named[-1] in REPLIES else "other"


def segment_ids(request: Request) -> list[str]:
    """Return the segment ids in a prompt, each once, in order of appearance: c0, c4.f2, v2/c1."""
    return list(dict.fromkeys(_SEGMENT.findall(text_of(request))))


def candidate_ids(request: Request) -> list[str]:
    """Return the ids of the segments that a prompt offers for another look (all its ids if it lists none)."""
    listed = text_of(request).rpartition("can be looked at again:")[2]
    return list(dict.fromkeys(_SEGMENT.findall(listed)))


def scripted(**overrides: Any) -> Callable[[Request], Answer]:
    """Return a script with a sensible reply to every kind; an override replaces that of its kind.

    An override is a reply, a callable of the request, or a list used in turn (its last one stays).
    The defaults never find support: `Verdict` is unsupported, `Looks` names the first segment
    that the prompt offers.
    """
    lock = threading.Lock()
    queues = {kind: deque(value) for kind, value in overrides.items() if isinstance(value, list)}

    defaults: dict[str, Callable[[Request], Answer]] = {
        "caption": lambda r: f"Scene with {sum(p.get('type') == 'image_url' for p in parts(r))} pictures. It is quiet.",
        "Judgement": lambda r: {"kind": "local", "segments": segment_ids(r)[:1], "reason": "scripted"},
        "Verdict": lambda r: {"support": "unsupported", "confidence": 0.1, "missing": "a closer look", "evidence": []},
        "Looks": lambda r: {
            "looks": [
                {"segment": i, "focus": "details", "instruction": "Describe the details."} for i in candidate_ids(r)[:1]
            ],
            "reuse": [],
            "reason": "scripted",
        },
        "FinalAnswer": lambda r: {"answer": "a scripted answer", "option": "", "confidence": 0.2, "evidence": []},
        "Summary": lambda r: {"summary": "A scripted summary."},
        "Findings": lambda r: {"findings": []},
        "FollowUp": lambda r: {"follows": False, "question": ""},
        "other": lambda r: "A scripted reply.",
    }
    unknown = overrides.keys() - defaults.keys()
    if unknown:
        raise ValueError(f"unknown kinds {sorted(unknown)}")

    def script(request: Request) -> Answer:
        kind = asked_for(request)
        chosen = overrides.get(kind, defaults[kind])
        if kind in queues:
            with lock:
                queue = queues[kind]
                chosen = queue.popleft() if len(queue) > 1 else queue[0]
        return chosen(request) if callable(chosen) else chosen

    return script


def embedding(text: str, dimensions: int = 32) -> list[float]:
    """Return a deterministic unit vector of the words of `text`: texts that share words are near."""
    vector = [0.0] * dimensions
    for word in re.findall(r"\w+", text.lower()) or [""]:
        value = hashlib.blake2b(word.encode(), digest_size=8).digest()
        vector[int.from_bytes(value[:4], "big") % dimensions] += 1.0
    length = sum(x * x for x in vector) ** 0.5
    return [x / length for x in vector]


class FakeServer:
    """The server; everything it records may be read while it runs. A context manager."""

    def __init__(self, script: Script | None = None, *, port: int = 0, log: str | Path | None = None) -> None:
        script = scripted() if script is None else script
        self._script = script if callable(script) else _queue(script)
        self._log = Path(log) if log else None
        self._lock = threading.Lock()
        self._at_once = 0
        self.requests: list[Request] = []
        """The bodies of all POST requests; `path` and `headers` (lower case) are added as keys."""
        self.images: list[SeenImage] = []
        self.most_at_once = 0
        self.embeddings: FakeReply | None = None
        """Sent for every request of vectors, instead of vectors."""
        self.errors: list[Exception] = []
        """What went wrong in a script; raised when the context ends."""
        self._http = ThreadingHTTPServer(("127.0.0.1", port), _handler(self))
        self._http.daemon_threads = True
        self._thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    @property
    def url(self) -> str:
        """The base URL, as a client wants it."""
        return f"http://127.0.0.1:{self._http.server_address[1]}/v1"

    def __enter__(self) -> FakeServer:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._http.shutdown()
        self._http.server_close()
        if self.errors and kind is None:
            raise self.errors[0]

    @property
    def chats(self) -> list[Request]:
        """The chat requests, in order of arrival."""
        return [request for request in self.requests if request["path"].endswith("/chat/completions")]

    def asked(self, kind: str) -> list[Request]:
        """Return the chat requests of a kind (see `asked_for`)."""
        return [request for request in self.chats if asked_for(request) == kind]

    def count(self, kind: str) -> int:
        """Return how many requests of a kind came, retries included."""
        return len(self.asked(kind))

    def _reply(self, request: Request) -> FakeReply:
        """Record a request and return what to send. Called on the thread of the connection."""
        with self._lock:
            self._at_once += 1
            self.most_at_once = max(self.most_at_once, self._at_once)
            number = len(self.requests)
            self.requests.append(request)
            self.images += _images(number, request)
            if self._log:
                line = {"kind": asked_for(request), "path": request["path"], "text": text_of(request)}
                with self._log.open("a", encoding="utf-8") as file:
                    file.write(json.dumps(line) + "\n")
        try:
            if request["path"].endswith("/embeddings"):
                return self.embeddings or _embeddings(request)
            if not request["path"].endswith("/chat/completions"):
                return FakeReply(status=404, body=b'{"error": {"message": "no such path"}}')
            answer = self._script(request)
            if isinstance(answer, dict):
                answer = json.dumps(answer)
            reply = FakeReply(answer) if isinstance(answer, str) else answer
            time.sleep(reply.delay)
            return reply
        except Exception as error:  # a script is the test's own code: its failure must reach the test
            self.errors.append(error)
            return FakeReply(status=400, body=json.dumps({"error": {"message": f"script: {error!r}"}}).encode())
        finally:
            with self._lock:
                self._at_once -= 1


def _queue(answers: Iterable[Answer]) -> Callable[[Request], Answer]:
    waiting = deque(answers)

    def script(request: Request) -> Answer:
        if not waiting:
            raise AssertionError(f"no reply left for a request of kind {asked_for(request)}")
        return waiting.popleft()

    return script


def _images(number: int, request: Request) -> list[SeenImage]:
    from PIL import Image

    seen, label = [], ""
    for part in parts(request):
        if part.get("type") == "text":
            label = part["text"]
        elif part.get("type") == "image_url":
            head, _, data = part["image_url"]["url"].partition(",")
            assert head == "data:image/jpeg;base64", head
            picture = Image.open(io.BytesIO(base64.b64decode(data, validate=True))).convert("RGB")
            mean = picture.resize((1, 1), Image.Resampling.BOX).tobytes()
            seen.append(SeenImage(number, *picture.size, label, (mean[0], mean[1], mean[2])))
    return seen


def _embeddings(request: Request) -> FakeReply:
    given = request["input"]
    texts = [given] if isinstance(given, str) else given
    size = request.get("dimensions") or 32
    data: list[dict[str, Any]] = [
        {"object": "embedding", "index": i, "embedding": embedding(str(t), size)} for i, t in enumerate(texts)
    ]
    if request.get("encoding_format") == "base64":
        import struct

        for item in data:
            item["embedding"] = base64.b64encode(struct.pack(f"<{size}f", *item["embedding"])).decode()
    usage = {"prompt_tokens": sum(len(str(t)) // 4 for t in texts), "total_tokens": 0}
    body = {"object": "list", "model": request.get("model"), "data": data, "usage": usage}
    return FakeReply(body=json.dumps(body).encode())


def _completion(request: Request, reply: FakeReply) -> bytes:
    message: dict[str, Any] = {"role": "assistant", "content": reply.text}
    if reply.reasoning_content is not None:
        message["reasoning_content"] = reply.reasoning_content
    choice = {"index": 0, "message": message, "finish_reason": reply.finish_reason}
    body = {"id": "fake", "object": "chat.completion", "created": 0, "model": request.get("model"), "choices": [choice]}
    if reply.usage is not None:
        body["usage"] = reply.usage
    return json.dumps(body).encode()


def _handler(fake: FakeServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            if self.path.endswith("/models"):
                body = {"object": "list", "data": [{"id": "fake", "object": "model"}]}
                return self._send(FakeReply(body=json.dumps(body).encode()), {})
            return self._send(FakeReply(status=404, body=b'{"error": {"message": "no such path"}}'), {})

        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers.get("content-length", 0)))
            headers = {key.lower(): value for key, value in self.headers.items()}
            request = json.loads(raw) | {"path": self.path, "headers": headers}
            self._send(fake._reply(request), request)

        def _send(self, reply: FakeReply, request: Request) -> None:
            body = reply.body if reply.body is not None else _completion(request, reply)
            try:
                self.send_response(reply.status)
                headers = {"content-type": "application/json", "content-length": str(len(body))} | reply.headers
                for key, value in headers.items():
                    self.send_header(key, value)
                self.end_headers()
                self.wfile.write(body)
            except ConnectionError:
                self.close_connection = True  # the client gave up waiting, or was killed

        def log_message(self, *_: object) -> None:
            pass

    return Handler


def calls(log: str | Path) -> list[dict[str, Any]]:
    """Return the entries of a log written by `--log` (kind, path, text)."""
    path = Path(log)
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []


def _load(name: str) -> Script:
    """Return the script that `module:function` names, or the one `module:factory()` returns."""
    module, _, function = name.partition(":")
    found = getattr(importlib.import_module(module), function.removesuffix("()"))
    return found() if function.endswith("()") else found


def main() -> None:
    """Serve until stopped."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--port", type=int, default=0)
    arguments.add_argument("--script", default="tests.fake_server:scripted()")
    arguments.add_argument("--log")
    given = arguments.parse_args()
    stopped = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stopped.set())
    with FakeServer(_load(given.script), port=given.port, log=given.log) as server:
        print(server.url, flush=True)
        while not stopped.wait(0.2):
            pass
    sys.exit(0)


if __name__ == "__main__":
    main()
