"""The whole graph with a vision model in this process: decord, torch and the store side by side."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from app import graph
from tests.fake_server import FakeServer, scripted
from tests.media import make_video
from tests.scripted import SCOPES
from tests.tiny_checkpoints import MISSING_REASON, make_checkpoint, missing
from tools.errors import BadInput
from tools.live import live_for
from tools.settings import Settings

pytestmark = pytest.mark.skipif(bool(missing()), reason=MISSING_REASON.format(missing()))
ROOT = Path(__file__).resolve().parent.parent


def _decord_is_here() -> bool:
    from importlib.util import find_spec

    return find_spec("decord") is not None


def _settings(server: FakeServer, folder: str, **more: object) -> Settings:
    reasoner = {"reasoner": "compatible:fake", "reasoner_url": server.url}
    captioner = {"captioner": f"local:{folder}", "device": "cpu", "caption_tokens": 16}
    return Settings.load(
        **{**reasoner, **captioner, "embedder": "lexical", "speech": "none", "text_sweep": "off", **SCOPES, **more}
    )


@pytest.mark.parametrize("reader", ["decord", "pyav"])
def test_a_question_is_answered_with_a_second_look(tmp_path: Path, reader: str) -> None:
    if reader == "decord" and not _decord_is_here():
        pytest.skip("decord has no wheel for this machine")
    folder = make_checkpoint(tmp_path / "tiny")
    video = make_video(tmp_path / "talk.mp4", seconds=12, fps=8, size=(320, 180))
    with FakeServer(scripted(Looks=[{"looks": [{"segment": "c1", "instruction": "Read it."}]}])) as server:
        chosen = _settings(server, folder, reader=reader, max_rounds=1)
        result = graph.invoke({"video": video, "question": "Which number?"}, context=chosen)
        again = graph.invoke({"video": video, "question": "Which number?"}, context=chosen)
    assert {"torch", reader if reader == "decord" else "av"} <= sys.modules.keys()
    live = live_for(chosen)
    captions = live.memory.captions(live.memory.recordings()[0].id)
    # Three coarse ones; c1 again and its two parts.
    assert len(captions) == 6 == result["usage"]["captions_made"]
    assert {caption.captioner for caption in captions} == {live.captioner.name} == {result["models"]["captioner"]}
    assert sorted(caption.frames for caption in captions) == [4, 4, 4, 4, 4, 4]
    assert [caption.instruction for caption in captions].count("Read it.") == 3
    # Each prompt has some 700 tokens of text and 2 pairs of frames.
    assert result["usage"]["prompt_tokens"] > 6 * 700
    assert again["usage"]["captions_made"] == 0 and again["usage"]["captions_reused"] >= 3
    assert server.count("caption") == 0


def test_a_model_that_cannot_be_loaded_ends_the_run_with_its_line(tmp_path: Path) -> None:
    folder = make_checkpoint(tmp_path / "tiny")
    (tmp_path / "tiny" / "model.safetensors").write_bytes(b"nothing")
    video = make_video(tmp_path / "talk.mp4", seconds=12, fps=8, size=(320, 180))
    with FakeServer() as server, pytest.raises(BadInput, match="cannot be loaded"):
        graph.invoke({"video": video, "question": "Which number?"}, context=_settings(server, folder))


def test_a_hub_name_is_found_in_the_hub_s_own_cache(tmp_path: Path) -> None:
    snapshot = tmp_path / "hub" / "models--owner--tiny" / "snapshots" / "0123456789abcdef0123456789abcdef01234567"
    snapshot.parent.mkdir(parents=True)
    shutil.move(make_checkpoint(tmp_path / "tiny", "qwen3_vl"), snapshot)
    (snapshot.parent.parent / "refs").mkdir()
    (snapshot.parent.parent / "refs" / "main").write_text(snapshot.name)
    code = (
        "from tests.tiny_checkpoints import make_clip\nfrom tools.models import build_captioner, check_models\n"
        "from tools.settings import Settings\n"
        "chosen = Settings.load(captioner='local:owner/tiny', device='cpu', caption_tokens=4)\n"
        "check_models(chosen)\nlocal = build_captioner(chosen)\n"
        "print(local.name, local.multiple, len(local.describe(make_clip(3), '').lines))"
    )
    where = {"HF_HUB_CACHE": str(tmp_path / "hub"), "HF_HUB_OFFLINE": "1", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=os.environ | where, capture_output=True, text=True
    )
    assert done.stdout.split() == ["local:owner/tiny", "32", "1"], done.stderr
