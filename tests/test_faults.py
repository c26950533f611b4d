"""Faults of servers: what is tried again, what is not, what a user is told, and what is never taken for a reply."""

from __future__ import annotations

import json
import re
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tests.fake_server import FakeReply, FakeServer, Request
from tests.test_dialects import HEADER, clip
from tools.captioners import gguf
from tools.captioners.base import CaptionError
from tools.captioners.endpoint import EndpointCaptioner, Showing
from tools.captioners.gguf import GgufCaptioner
from tools.chat import build_chat, complete
from tools.http_client import fault_of, on_this_machine
from tools.llamacpp import Gguf
from tools.providers import PROVIDERS, Endpoint
from tools.reasoners.base import ReasonerError, Task, Verdict
from tools.reasoners.endpoint import EndpointReasoner
from tools.reasoners.unwrap import strip_reasoning

KEY = "sk-very-secret-key-0123456789"
SOON = {"retry-after": "0.01"}


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAKE_KEY", KEY)


def captioner(server: FakeServer, provider: str = "compatible") -> EndpointCaptioner:
    return EndpointCaptioner(Endpoint(PROVIDERS[provider], "some-model", server.url, "FAKE_KEY"))


def refusal(status: int, message: str = "no", **more: Any) -> FakeReply:
    body = json.dumps({"error": {"message": message, **more}}).encode()
    return FakeReply(status=status, headers=SOON, body=body)


@pytest.mark.parametrize("status", [408, 409, 425, 429, 500, 502, 503, 504, 529])
def test_what_may_succeed_later_is_tried_again(status: int) -> None:
    with FakeServer([refusal(status), "A tram stops."]) as server:
        described = captioner(server).describe(clip(), "")
        assert [line.text for line in described.lines] == ["A tram stops."] and len(server.chats) == 2


@pytest.mark.parametrize("status", [400, 401, 402, 403, 404, 413, 422])
def test_what_cannot_succeed_is_asked_once(status: int) -> None:
    with FakeServer(lambda request: refusal(status, "no such thing")) as server:
        with pytest.raises(CaptionError, match=rf"refused \({status}\): no such thing"):
            captioner(server).describe(clip(), "")
        assert len(server.chats) == 1


def inside(code: object, message: str, where: str) -> FakeReply:
    """Return an error told with status 200: of the whole reply, or of its choice after some words."""
    fault = {"error": {"code": code, "message": message}}
    said = {"index": 0, "finish_reason": "error", "message": {"role": "assistant", "content": "A tra"}}
    body = fault if where == "body" else {"id": "x", "provider": "Somebody", "choices": [said | fault]}
    return FakeReply(headers=SOON, body=json.dumps(body).encode())


@pytest.mark.parametrize("where", ["body", "choice"])
def test_an_error_inside_status_200_counts_as_the_one_it_is(where: str) -> None:
    with FakeServer([inside(502, "upstream died", where), "A tram stops."]) as server:
        assert captioner(server, "openrouter").describe(clip(), "").lines[0].text == "A tram stops."
        assert len(server.chats) == 2
    with FakeServer([inside(403, "flagged", where)]) as server:
        with pytest.raises(CaptionError, match=r"refused \(403\): flagged"):
            captioner(server, "openrouter").describe(clip(), "")
        assert len(server.chats) == 1


@pytest.mark.parametrize("code", ["server_error", None, 7])
def test_half_a_sentence_before_an_error_is_no_caption(code: object) -> None:
    with (
        FakeServer([inside(code, "upstream died", "choice")]) as server,
        pytest.raises(CaptionError, match="upstream died"),
    ):
        captioner(server, "openrouter").describe(clip(), "")


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"error": {"message": "a"}}, "a"),
        ({"error": "b"}, "b"),
        ({"choices": [{"error": {"message": "c"}}]}, "c"),
        ({"error": None, "choices": [{"error": None}]}, None),
        ({"choices": [None]}, None),
        ({"choices": "x"}, None),
        ([1], None),
        ("x", None),
        (None, None),
    ],
)
def test_a_fault_is_found_in_any_body(body: object, message: str | None) -> None:
    assert fault_of(body).get("message") == message


@pytest.mark.parametrize(
    ("provider", "reply", "advice"),
    [
        ("openai", refusal(429, "quota exceeded", code="insufficient_quota"), "no credit left"),
        ("llamacpp", refusal(500, "image input is not supported - hint: you may need to provide the mmproj"), "mmproj"),
        ("vllm", refusal(400, "At most 1 image(s) may be provided in one prompt."), "--limit-mm-per-prompt"),
    ],
)
def test_what_no_waiting_mends_is_told_at_once_with_advice(provider: str, reply: FakeReply, advice: str) -> None:
    with FakeServer(lambda request: reply) as server:
        with pytest.raises(CaptionError) as told:
            captioner(server, provider).describe(clip(), "")
        assert len(server.chats) == 1
    assert advice in str(told.value).rpartition(";")[2] and "\n" not in str(told.value)


def test_an_ordinary_429_of_openai_is_waited_out() -> None:
    busy = refusal(429, "Rate limit reached", code="rate_limit_exceeded")
    with FakeServer([busy, busy, "A tram stops."]) as server:
        assert captioner(server, "openai").describe(clip(), "").lines
        assert len(server.chats) == 3


# Reasoning is no caption.


@pytest.mark.parametrize(
    "text",
    [
        "<think>They want a caption. Perhaps it is a bus.",
        "Perhaps it is a bus.</think>",
        "Perhaps it is a bus.</think>\n\n",
        "<think>A bus.</think><think>Or a tram, for",
    ],
)
def test_reasoning_that_ran_out_of_tokens_is_no_caption(text: str) -> None:
    reply = FakeReply(text, finish_reason="length", reasoning_content=None)
    with FakeServer([reply]) as server, pytest.raises(CaptionError, match="blank caption.*caption_tokens") as lost:
        captioner(server).describe(clip(), "")
    assert lost.value.usage.prompt_tokens == 100, "and it is paid for"


@pytest.mark.parametrize(
    "reply",
    [
        FakeReply("A tram stops.", reasoning_content="Perhaps it is a bus."),
        FakeReply("Perhaps it is a bus.</think>A tram stops."),
        FakeReply("<think>Perhaps it is a bus.</think>\nA tram stops."),
        FakeReply("<think></think>A tram stops."),
    ],
)
def test_what_follows_the_reasoning_is_the_caption(reply: FakeReply) -> None:
    with FakeServer([reply]) as server:
        assert [line.text for line in captioner(server).describe(clip(), "").lines] == ["A tram stops."]


def test_a_reply_may_still_be_found_in_unfinished_reasoning() -> None:
    for text in ('<think>So {"support": "partly"}', 'So {"support": "partly"}</think>'):
        assert '{"support": "partly"}' in strip_reasoning(text)
        assert strip_reasoning(text.replace("{", "").replace("}", ""), keep_unfinished=False) == ""


def test_only_reasoning_is_a_failure_of_the_reasoner() -> None:
    thought = FakeReply("", reasoning_content='{"support": "supported", "confidence": 1, "answer": "a bus"}')
    with FakeServer([thought, thought]) as server, pytest.raises(ReasonerError, match="blank"):
        endpoint = Endpoint(PROVIDERS["deepseek"], "some-model", server.url, "FAKE_KEY")
        EndpointReasoner(endpoint).reply(Task(reply=Verdict, prompt="What stops?", question="What stops?"))


# Between processes of one machine.


@pytest.mark.parametrize("name", ["HTTP_PROXY", "http_proxy", "ALL_PROXY"])
def test_no_proxy_stands_between_us_and_a_server_on_this_machine(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    for variable in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(variable, raising=False)
    with FakeServer(lambda request: "from a proxy") as proxy, FakeServer(["A tram stops."]) as server:
        monkeypatch.setenv(name, proxy.url.removesuffix("/v1"))
        described = captioner(server).describe(clip(), "")
        assert described.lines[0].text == "A tram stops." and not proxy.requests


def test_a_proxy_of_the_environment_is_used_for_servers_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(variable, raising=False)
    with FakeServer(["A tram stops."]) as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url.removesuffix("/v1"))
        chat = build_chat(Endpoint(PROVIDERS["compatible"], "m", "http://models.example/v1"), patience=0)
        assert complete(chat, [{"role": "user", "content": "?"}]).text == "A tram stops."
        assert proxy.chats[0]["path"] == "http://models.example/v1/chat/completions"


def test_which_servers_are_on_this_machine() -> None:
    here = ("http://localhost:8000/v1", "http://127.0.0.1/v1", "http://127.8.8.8/v1", "http://[::1]:9/v1")
    assert all(map(on_this_machine, here))
    assert not any(map(on_this_machine, ("https://api.openai.com/v1", "http://10.0.0.2/v1", "http://localhost.io/v1")))


def test_a_model_that_cannot_be_loaded_is_not_loaded_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[Gguf] = []

    def start(model: Gguf, **more: Any) -> None:
        tried.append(model)
        raise RuntimeError("Failed to init server")

    monkeypatch.setattr(gguf, "start", start)
    (tmp_path / "model.gguf").write_bytes(HEADER)
    own = GgufCaptioner(Gguf.of(str(tmp_path / "model.gguf")), gpu=False, showing=Showing())
    for _ in range(2):
        with pytest.raises(CaptionError, match="cannot be loaded: Failed to init server"):
            own.describe(clip(), "")
    assert len(tried) == 1


def test_a_model_in_this_process_gets_one_clip_at_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("model.gguf", "mmproj.gguf"):
        (tmp_path / name).write_bytes(HEADER)
    overlapped, busy = threading.Event(), threading.Lock()

    def script(request: Request) -> FakeReply:
        if not busy.acquire(blocking=False):
            overlapped.set()
            return FakeReply("A tram stops.")
        try:
            overlapped.wait(0.1)
            return FakeReply("A tram stops.")
        finally:
            busy.release()

    with FakeServer(script) as server:

        class Running:
            listening_address = re.sub("/v1$", "", server.url)

        monkeypatch.setattr(gguf, "start", lambda model, **more: Running())
        files = str(tmp_path / "model.gguf"), str(tmp_path / "mmproj.gguf")
        own = GgufCaptioner(Gguf.of(*files), gpu=False, showing=Showing())
        with ThreadPoolExecutor(3) as pool:
            made = list(pool.map(lambda _: own.describe(clip(), ""), range(3)))
        assert len(made) == 3 and server.most_at_once == 1 and not overlapped.is_set()
