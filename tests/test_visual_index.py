"""Pictures are indexed while the coarse pass has them in hand, and lead to segments no caption speaks of."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from app import graph
from memory_store.embedders.lexical import Lexical
from memory_store.errors import EmbedderError
from memory_store.pictures import Picture
from memory_store.records import Part, Scopes
from memory_store.store import Memory
from tests import tiny_checkpoints
from tests.fake_server import FakeReply, FakeServer, candidate_ids, scripted
from tests.scripted import settings_for
from tests.tiny_towers import DIMENSION, KINDS, make_towers
from tools.captioners.local.checkpoint import find_checkpoint
from tools.errors import BadInput
from tools.live import close_all, live_for
from tools.models import check_models
from tools.parts import Parts
from tools.providers import resolve
from tools.senses.encoders.endpoint import EndpointEncoder
from tools.senses.encoders.local import LocalEncoder
from tools.senses.visual_index import MOST
from tools.settings import Settings

COLOURS = {"red": (220, 30, 30), "green": (30, 200, 40), "blue": (30, 40, 220)}
needs_torch = pytest.mark.skipif(bool(tiny_checkpoints.missing()), reason="the extra `local` is not installed here")


class ColourEncoder:
    """Knows three colours, in pictures and in words."""

    name = "colours-1"

    def __init__(self) -> None:
        self.seen = 0
        self.broken = False

    def pictures(self, images: Sequence[NDArray[np.uint8]]) -> NDArray[np.float32]:
        if self.broken:
            raise EmbedderError("out of order")
        self.seen += len(images)
        means = np.stack([image.reshape(-1, 3).mean(axis=0) for image in images]).astype(np.float32)
        return np.asarray(means / np.linalg.norm(means, axis=1, keepdims=True), np.float32)

    def words(self, texts: Sequence[str]) -> NDArray[np.float32]:
        if self.broken:
            raise EmbedderError("out of order")
        rows = [sum((np.array(c) for name, c in COLOURS.items() if name in text), np.ones(3)) for text in texts]
        return np.stack([row / np.linalg.norm(row) for row in rows]).astype(np.float32)


@pytest.fixture
def encoder(monkeypatch: pytest.MonkeyPatch) -> ColourEncoder:
    monkeypatch.setenv("FAKE_KEY", "secret-key-1")
    made = ColourEncoder()
    monkeypatch.setattr(Parts, "encoder", property(lambda self: made))
    return made


@pytest.fixture
def video(tmp_path: Path) -> str:
    """Twelve seconds: blue, but for a red card in the third second of the second segment (4 s each)."""
    import av

    path = tmp_path / "cards.mp4"
    with av.open(str(path), "w") as out:
        stream = out.add_stream("libx264", rate=2)
        stream.width, stream.height, stream.pix_fmt = 160, 90, "yuv420p"
        for index in range(24):
            colour = COLOURS["red"] if 12 <= index < 14 else COLOURS["blue"]
            image = np.full((90, 160, 3), colour, np.uint8)
            frame = av.VideoFrame.from_ndarray(image, "rgb24")
            frame.pts = index
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    return str(path)


def ask(server: FakeServer, video: str, question: str, **more: Any) -> dict[str, Any]:
    return graph.invoke({"video": video, "question": question}, context=settings_for(server, **more))


def test_a_picture_leads_to_a_segment_that_no_caption_tells_apart(video: str, encoder: ColourEncoder) -> None:
    script = scripted(caption="A scene.", Judgement={"kind": "local", "segments": []})
    with FakeServer(script) as server:
        for senses, first in (("meaning,words,pictures", "c1"), ("meaning,words", "c0")):
            chosen: dict[str, Any] = {"senses": senses, "max_rounds": 1, "neighbours": False, "reuse": False}
            ask(server, video, "What is on the red card?", **chosen)
            assert candidate_ids(server.asked("Looks")[-1])[0] == first
        made = encoder.seen
        assert made == 4, "the first of each segment, and what differs from it two seconds later"
        ask(server, video, "Which colour?", max_rounds=0)
        assert encoder.seen == made, "nothing is indexed twice"
        memory = live_for(settings_for(server)).memory
        [recording] = memory.recordings()
        best = memory.nearest_pictures([recording.id], encoder.name, encoder.words(["red"])[0], k=1)
        assert [(seen.start, seen.end) for seen in best] == [(6.0, 8.0)]
        memory.delete(recording.id)
        assert memory.nearest_pictures([recording.id], encoder.name, encoder.words(["red"])[0]) == []
    close_all()


def test_an_encoder_that_fails_costs_neither_caption_nor_question(video: str, encoder: ColourEncoder) -> None:
    encoder.broken = True
    with FakeServer() as server:
        result = ask(server, video, "What is on the red card?", max_rounds=1)
    assert result["usage"]["captions_made"] == 6 and result["rounds"] == 1


def test_pictures_survive_and_are_kept_apart_by_encoder(tmp_path: Path) -> None:
    vectors = np.eye(3, dtype=np.float32)
    memory = Memory(str(tmp_path / "m"), Lexical())
    recording = memory.register("a", (Part("p", "a.mp4", 0, 30),), lambda _: Scopes((10, 5, 1), (1, 1, 1))).id
    memory.put_pictures(recording, "one", [Picture(f"{n}" * 8, n * 10, n * 10 + 10, vectors[n]) for n in range(3)])
    memory.put_pictures(recording, "two", [Picture("x" * 8, 0, 10, np.ones(5, np.float32))])
    memory.close()
    again = Memory(str(tmp_path / "m"), Lexical())
    assert [s.start for s in again.nearest_pictures([recording], "one", vectors[1], k=2)][0] == 10
    assert again.known_pictures(recording, "one", ["00000000", "9" * 8]) == {"00000000"}
    assert again.known_pictures(recording, "three", ["00000000"]) == set()
    again.put_pictures(recording, "one", [Picture("3" * 8, 5, 6, vectors[1])])
    assert {s.start for s in again.nearest_pictures([recording], "one", vectors[1], k=2)} == {5, 10}
    again.close()


@needs_torch
@pytest.mark.parametrize("kind", KINDS)
def test_a_checkpoint_puts_pictures_and_words_into_one_space(kind: str, tmp_path: Path) -> None:
    folder = make_towers(tmp_path / kind, kind)
    encoder = LocalEncoder(find_checkpoint(folder, "visual_index"), "cpu")
    images = [np.full((36, 64, 3), shade, np.uint8) for shade in (0, 90, 255)]
    seen, said = encoder.pictures(images), encoder.words(["a red card", "which colour has the card of the green"])
    assert seen.shape == (3, DIMENSION) and said.shape == (2, DIMENSION)
    assert np.allclose(np.linalg.norm(np.concatenate([seen, said]), axis=1), 1, atol=1e-5)
    assert not np.allclose(seen[0], seen[2], atol=1e-3), "other pictures are other vectors"
    assert np.allclose(encoder.pictures(images[1:2]), seen[1:2], atol=1e-5), "a batch changes nothing"
    assert encoder.name.startswith(f"local:{kind}-")


@needs_torch
def test_a_checkpoint_is_used_through_the_graph(video: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAKE_KEY", "secret-key-1")
    folder = make_towers(tmp_path / "clip", "clip")
    with FakeServer() as server:
        ask(server, video, "A red card?", visual_index=f"local:{folder}", device="cpu", max_rounds=0)
        live = live_for(settings_for(server, visual_index=f"local:{folder}", device="cpu"))
        [recording] = live.memory.recordings()
        assert live.encoder is not None
        found = live.memory.nearest_pictures([recording.id], live.encoder.name, live.encoder.words(["red"])[0], k=MOST)
        assert len(found) == 4


def test_an_endpoint_takes_pictures_and_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAKE_KEY", "secret-key-1")
    with FakeServer() as server:
        encoder = EndpointEncoder(resolve("compatible:clip", url=server.url, key_env="FAKE_KEY"))
        images = [np.full((36, 64, 3), 9 * n, np.uint8) for n in range(18)]
        assert encoder.pictures(images).shape == (18, 32) and encoder.words(["a red card"]).shape == (1, 32)
        sent = [request["input"] for request in server.requests]
        assert [len(batch) for batch in sent] == [16, 2, 1], "many pictures go in several calls"
        assert all(item["image"].startswith("data:image/jpeg;base64,") for item in sent[0])
        assert sent[2] == [{"text": "a red card"}]
        server.embeddings = FakeReply(body=json.dumps({"data": [{"index": 0}]}).encode())
        with pytest.raises(EmbedderError, match="no list"):
            encoder.words(["x"])
        server.embeddings = FakeReply(status=400, body=b'{"error": {"message": "bad key secret-key-1"}}')
        with pytest.raises(EmbedderError) as refused:
            encoder.words(["x"])
        assert "secret-key-1" not in str(refused.value)


def test_an_index_that_cannot_be_is_refused_before_anything_is_spent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_KEY", raising=False)
    for setting, said in (
        ({"visual_index": "local:/no/such/folder"}, "visual_index local:/no/such/folder"),
        ({"visual_index": "openai:clip", "visual_index_key_env": "NO_KEY"}, "NO_KEY"),
        ({"visual_index": "siglip"}, "visual_index"),
    ):
        with pytest.raises(BadInput, match=said):
            check_models(Settings.load(captioner="basic", **setting))
