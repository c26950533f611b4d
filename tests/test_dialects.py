"""Every provider in its own dialect; frames as one video; rate limits; a vision GGUF."""

from __future__ import annotations

import base64
import io
import json
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from memory_store.records import Segment
from tests.dialects import strict
from tests.fake_server import FakeReply, FakeServer
from tests.media import draw_time, read_time
from tools.captioners import gguf
from tools.captioners.base import CaptionError
from tools.captioners.endpoint import EndpointCaptioner, Showing
from tools.captioners.gguf import GgufCaptioner
from tools.captioners.wire import mp4
from tools.chat import limiter
from tools.errors import BadInput
from tools.llamacpp import Gguf
from tools.models import check_models, choose_captioner
from tools.providers import PROVIDERS, Endpoint, resolve
from tools.reasoners.base import Task, Verdict
from tools.reasoners.endpoint import EndpointReasoner
from tools.settings import Settings
from tools.video.clip import Clip, Frame

KEY = "sk-very-secret-key-0123456789"
SEEING = [name for name, provider in PROVIDERS.items() if provider.pictures and name != "compatible"]
HEADER = struct.pack("<4sIQQ", b"GGUF", 3, 1, 1)
TIMES = (10.0, 10.5, 12.25)


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAKE_KEY", KEY)


def at(server: FakeServer, provider: str) -> Endpoint:
    return resolve(f"{provider}:some-model", server.url, "FAKE_KEY")


def clip(count: int = 3) -> Clip:
    times = TIMES if count == 3 else [10.0 + index / 10 for index in range(count)]
    frames = tuple(Frame(time, draw_time(time, (320, 180))) for time in times)
    return Clip(Segment("r", "c2", 10.0, 14.0), frames)


@pytest.mark.parametrize("provider", SEEING)
def test_a_clip_is_described_in_the_providers_dialect(provider: str) -> None:
    with FakeServer(strict(provider)) as server:
        described = EndpointCaptioner(at(server, provider)).describe(clip(), "")
        assert [image.time for image in server.images] == list(TIMES)
    assert [line.text for line in described.lines] == ["A tram stops.", "Nobody gets in."]
    counted = described.usage.prompt_tokens, described.usage.completion_tokens
    assert (counted == (100, 20)) is (provider != "ollama")
    assert (described.usage.tokens_estimated > 0) is (provider == "ollama"), "marked where no server counted"


@pytest.mark.parametrize("provider", [name for name in PROVIDERS if name != "compatible"])
def test_a_question_is_answered_in_the_providers_dialect(provider: str) -> None:
    with FakeServer(strict(provider)) as server:
        task = Task(reply=Verdict, prompt="<memory>[c4] A tram.</memory> What stops?", question="What stops?")
        verdict, usage = EndpointReasoner(at(server, provider)).reply(task)
        assert len(server.chats) == 1, "understood at the first try, whatever was thought before"
    assert (verdict.support, verdict.answer) == ("supported", "a tram") and usage.reasoner_calls == 1


@pytest.mark.parametrize("provider", ["openai", "deepseek", "volcano"])
def test_another_dialect_is_refused_in_the_servers_words(provider: str) -> None:
    with FakeServer(strict(provider)) as server:
        wrong = Endpoint(PROVIDERS["vllm"], "some-model", server.url, "FAKE_KEY")
        with pytest.raises(Exception, match=r"refused \(400\)") as caught:
            EndpointReasoner(wrong).reply(Task(reply=Verdict, prompt="What stops?", question="What stops?"))
        assert len(server.chats) == 1 and KEY not in str(caught.value)


def test_openrouter_tells_errors_with_status_200() -> None:
    body = {"error": {"code": 403, "message": "Provider returned error"}, "user_id": "u"}
    with (
        FakeServer([FakeReply(body=json.dumps(body).encode())]) as server,
        pytest.raises(CaptionError, match=r"\(403\): Provider returned error"),
    ):
        EndpointCaptioner(at(server, "openrouter")).describe(clip(), "")


def test_deepseek_sees_nothing_and_says_so_before_anything_is_spent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEEPSEEK_API_KEY", KEY)
    with pytest.raises(BadInput, match="serves no model that sees"):
        check_models(Settings.load(captioner="deepseek:deepseek-chat"))
    check_models(Settings.load(reasoner="deepseek:deepseek-chat"))


def test_vllm_gets_a_list_of_frames_that_it_must_not_choose_again() -> None:
    with FakeServer(strict("vllm")) as server:
        captioner = EndpointCaptioner(at(server, "vllm"), showing=Showing(input="video", quality=95))
        described = captioner.describe(clip(), "the tram")
        [request] = server.chats
    [part] = [part for part in request["messages"][0]["content"] if part["type"] == "video_url"]
    head, *rest = part["video_url"]["url"].split(",")
    assert head == "data:video/jpeg;base64" and len(rest) == 3
    from PIL import Image

    seen = [read_time(np.asarray(Image.open(io.BytesIO(base64.b64decode(data))))) for data in rest]
    assert seen == list(TIMES)
    sent = request["media_io_kwargs"]["video"]
    assert [index / sent["fps"] for index in sent["frames_indices"]] == list(TIMES) and sent["num_frames"] == -1
    assert sent["total_num_frames"] >= 3 and request["mm_processor_kwargs"] == {"do_sample_frames": False}
    words = request["messages"][0]["content"][0]["text"]
    assert all(f"{time:.2f} s" in words for time in TIMES), "a server does not tell a model the times of a recording"
    assert described.lines[0].start == 10.0 and captioner.name == "vllm:some-model+video"


@pytest.mark.parametrize("provider", ["volcano", "openrouter"])
def test_others_get_one_small_video_with_the_frames_distances(provider: str) -> None:
    with FakeServer(strict(provider)) as server:
        EndpointCaptioner(at(server, provider), showing=Showing(input="video")).describe(clip(), "")
        content = server.chats[0]["messages"][0]["content"]
    [url] = [part["video_url"]["url"] for part in content if part["type"] == "video_url"]
    assert url.startswith("data:video/mp4;base64,")
    assert _read(base64.b64decode(url.partition(",")[2])) == [(0.0, 10.0), (0.5, 10.5), (2.25, 12.25)]


def _read(video: bytes) -> list[tuple[float, float]]:
    """Return for each picture the time it is shown at, and the time drawn into it."""
    import av

    with av.open(io.BytesIO(video)) as opened:
        pictures = [(frame.time, frame.to_ndarray(format="rgb24")) for frame in opened.decode(video=0)]
    return [(round(float(time or 0), 3), read_time(image)) for time, image in pictures]


def test_a_build_without_h264_sends_motion_jpeg(monkeypatch: pytest.MonkeyPatch) -> None:
    import av

    monkeypatch.setattr(av, "codecs_available", av.codecs_available - {"libx264"})
    video = mp4(clip().frames, 14.0)
    with av.open(io.BytesIO(video)) as opened:
        assert opened.streams.video[0].codec_context.name == "mjpeg"
    assert _read(video) == [(0.0, 10.0), (0.5, 10.5), (2.25, 12.25)]


def test_one_frame_is_a_video_too() -> None:
    assert _read(mp4([Frame(7.0, draw_time(7.0, (320, 180)))], 7.0)) == [(0.0, 7.0)]


def test_no_video_for_who_takes_none() -> None:
    for provider in ("openai", "ollama", "llamacpp"):
        with pytest.raises(BadInput, match="takes pictures only"):
            EndpointCaptioner(resolve(f"{provider}:m", "http://127.0.0.1:9/v1", "FAKE_KEY"), showing=Showing("video"))


def test_detail_and_quality_are_settings() -> None:
    sizes = []
    for showing in (Showing(quality=95), Showing(quality=40, detail="low")):
        with FakeServer(strict("openai")) as server:
            captioner = EndpointCaptioner(at(server, "openai"), showing=showing)
            captioner.describe(clip(), "")
            pictures = [p["image_url"] for p in server.chats[0]["messages"][0]["content"] if p["type"] == "image_url"]
        sizes.append(len(pictures[0]["url"]))
        assert {picture["detail"] for picture in pictures} == {"low" if showing.detail == "low" else "high"}
    assert sizes[1] < sizes[0]
    assert captioner.name == "openai:some-model+low", "who sees less writes other captions"


def test_more_pictures_than_a_provider_takes_are_thinned_evenly() -> None:
    with FakeServer(strict("openai")) as server:
        described = EndpointCaptioner(at(server, "openai")).describe(clip(750), "")
        times = [image.time for image in server.images]
    assert len(times) == 500 == PROVIDERS["openai"].most_images and described.extra == {"frames_dropped": 250}
    gaps = np.diff(times)
    assert times[0] == 10.0 and gaps.max() <= 0.21 and times[-1] >= 84.7


def test_one_limit_a_server() -> None:
    first, second = limiter("http://one/v1", 30.0), limiter("http://one/v1", 30.0)
    assert first is second is not limiter("http://two/v1", 30.0)
    assert first.acquire(blocking=False), "the first request goes at once"
    assert not second.acquire(blocking=False), "and the next one waits, whoever sends it"


def test_requests_wait_for_the_limit() -> None:
    asked: list[str] = []

    class Counting:
        def acquire(self, *, blocking: bool = True) -> bool:
            asked.append("acquired")
            return True

    with FakeServer(strict("vllm")) as server:
        captioner = EndpointCaptioner(at(server, "vllm"), requests_per_minute=60)
        assert captioner._chat.rate_limiter is limiter(server.url, 60)
        captioner._chat.rate_limiter = Counting()  # type: ignore[assignment]
        captioner.describe(clip(), "")
        assert EndpointCaptioner(at(server, "vllm"))._chat.rate_limiter is None
    assert asked == ["acquired"]


# A vision GGUF: no real one is at hand, so the model's server is the fake one.


@pytest.fixture
def files(tmp_path: Path) -> tuple[str, str]:
    for name in ("qwen-vl.gguf", "mmproj.gguf"):
        (tmp_path / name).write_bytes(HEADER + name.encode() * 100)
    return str(tmp_path / "qwen-vl.gguf"), str(tmp_path / "mmproj.gguf")


def test_a_gguf_is_spoken_to_with_a_key_of_its_own(files: tuple[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("xllamacpp", reason="the extra `embedded` is not installed")
    started: list[dict[str, Any]] = []
    with FakeServer(strict("llamacpp")) as server:

        class Running:
            listening_address = server.url.removesuffix("/v1")

        def start(model: Gguf, **more: Any) -> Running:
            started.append({"model": model, **more})
            return Running()

        monkeypatch.setattr(gguf, "start", start)
        captioner = GgufCaptioner(Gguf.of(*files), gpu=False, showing=Showing(), max_tokens=50)
        assert not started, "nothing is loaded before a clip comes"
        for _ in range(2):
            assert captioner.describe(clip(), "").lines[0].text == "A tram stops."
        sent = {request["headers"]["authorization"] for request in server.chats}
    assert len(started) == 1 and started[0]["model"].mmproj == Path(files[1])
    assert sent == {f"Bearer {started[0]['key']}"} and len(started[0]["key"]) > 20
    assert started[0]["key"] not in repr(captioner._captioner.endpoint)  # type: ignore[union-attr]


def test_a_model_that_does_not_load_is_an_error_of_the_clip(
    files: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("xllamacpp", reason="the extra `embedded` is not installed")
    with pytest.raises(CaptionError, match="cannot be loaded"):
        GgufCaptioner(Gguf.of(*files), gpu=False, showing=Showing()).describe(clip(), "")


def test_the_files_of_a_gguf_are_checked_first(files: tuple[str, str], tmp_path: Path) -> None:
    pytest.importorskip("xllamacpp", reason="the extra `embedded` is not installed")
    model, mmproj = files
    chosen = choose_captioner(Settings.load(captioner=f"gguf:{model}", captioner_mmproj=mmproj))
    assert chosen.name.startswith("gguf:qwen-vl-")
    Path(mmproj).write_bytes(HEADER + b"another vision half")
    other = choose_captioner(Settings.load(captioner=f"gguf:{model}", captioner_mmproj=mmproj))
    assert chosen.name != other.name, "another vision half sees otherwise"
    (tmp_path / "notes.txt").write_text("no model")
    (tmp_path / "torn.gguf").write_bytes(b"GGUF" + bytes(range(100, 200)))
    for given, half, why in (
        (model, "", "set captioner_mmproj"),
        (str(tmp_path / "gone.gguf"), mmproj, "there is no file"),
        (model, str(tmp_path / "gone.gguf"), "there is no file"),
        (str(tmp_path / "notes.txt"), mmproj, "is not a GGUF file"),
        (str(tmp_path / "torn.gguf"), mmproj, "is not a GGUF file"),
    ):
        with pytest.raises(BadInput, match=why):
            check_models(Settings.load(captioner=f"gguf:{given}", captioner_mmproj=half))
