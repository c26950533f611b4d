"""Segments are found by every sense, fused by rank; each can be switched off; text is read beside a vision model."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import graph
from memory_store.records import SPEECH, TEXT
from nodes.candidates import candidates
from nodes.view import view
from tests.fake_server import FakeServer, candidate_ids, scripted, text_of
from tests.media import make_video
from tests.scripted import settings_for
from tools.captioners import text_on_screen
from tools.errors import BadInput
from tools.live import close_all, live_for
from tools.models import check_models
from tools.senses import SENSES
from tools.senses.ranking import K, Sensed, Stretch, sense
from tools.senses.text_sweep import NAME
from tools.settings import Settings

WORTH = st.integers(1, 100).map(lambda rank: 1 / (K + rank))
STRETCHES = st.builds(
    lambda at, length, worth: Stretch("r", float(at), float(at + length), worth),
    st.integers(0, 90),
    st.integers(1, 20),
    WORTH,
)
RANKED = st.dictionaries(st.sampled_from(SENSES), st.lists(STRETCHES, max_size=8), max_size=4)


@given(RANKED, st.integers(0, 90), st.integers(1, 20))
def test_fusion_is_bounded_and_no_sense_takes_anything_away(
    ranked: dict[str, list[Stretch]], start: int, length: int
) -> None:
    whole = Sensed(ranked).score("r", start, start + length)
    assert 0 <= whole <= len(ranked) / (K + 1) + 1e-9
    for left_out in ranked:
        without = Sensed({name: own for name, own in ranked.items() if name != left_out})
        assert without.score("r", start, start + length) <= whole
    assert Sensed(dict(reversed(ranked.items()))).score("r", start, start + length) == pytest.approx(whole)
    assert Sensed(ranked).score("other", start, start + length) == 0


def test_two_senses_that_agree_outweigh_one_that_shouts() -> None:
    first, second = 1 / (K + 1), 1 / (K + 2)
    agreed, shouted = Stretch("r", 10, 20, second), Stretch("r", 50, 60, first)
    sensed = Sensed({"meaning": [shouted, agreed], "words": [agreed], "speech": []})
    assert sensed.score("r", 10, 20) > sensed.score("r", 50, 60) > sensed.score("r", 80, 90) == 0
    assert sensed.of("r", 12, 13) == ("meaning", "words") and sensed.of("r", 80, 90) == ()


@pytest.fixture
def signs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A video of three segments; a sign hangs in the last one for a moment."""
    monkeypatch.setenv("FAKE_KEY", "secret-key-1")
    return sign_video(tmp_path / "signs.mp4")


def sign_video(path: Path) -> str:
    import av
    from PIL import Image, ImageDraw, ImageFont

    with av.open(str(path), "w") as out:
        stream = out.add_stream("libx264", rate=2)
        stream.width, stream.height, stream.pix_fmt = 320, 180, "yuv420p"
        for index in range(24):
            image = Image.new("RGB", (320, 180), (30, 60, 40 + index))
            if index >= 18:
                font = ImageFont.load_default(size=34)
                ImageDraw.Draw(image).text((20, 70), "PASSPORT 4711", fill="white", font=font)
            frame = av.VideoFrame.from_image(image)
            frame.pts = index
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    return str(path)


needs_ocr = pytest.mark.skipif(not text_on_screen.available(), reason="the extra `embedded` is not installed")


def ask(server: FakeServer, video: str, question: str, **more: Any) -> dict[str, Any]:
    return graph.invoke({"video": video, "question": question}, context=settings_for(server, **more))


@needs_ocr
def test_what_the_captions_dropped_is_found_by_the_text_on_screen(signs: str) -> None:
    """No caption speaks of the passport: the first segment offered is found by its text all the same."""
    with FakeServer(scripted(Judgement={"kind": "local", "segments": []})) as server:
        ask(server, signs, "What is the number of the passport?", text_sweep="auto", max_rounds=1, neighbours=False)
        verdict, looks = (text_of(server.asked(kind)[0]) for kind in ("Verdict", "Looks"))
        assert "8.0-12.0 s, text\n" in verdict and "PASSPORT 4711" in verdict
        assert candidate_ids(server.asked("Looks")[0])[0] == "c2"
        spoken = dict(re.findall(r"(c\d): [0-9.-]+ s, so far coarse \(([\w, ]+)\)", looks))
        assert "text" in spoken["c2"] and "text" not in spoken.get("c0", "")
        memory = live_for(settings_for(server, text_sweep="auto")).memory
        [recording] = memory.recordings()
        swept = memory.captions(recording.id, level=TEXT)
        assert [len(c.lines) for c in swept] == [0, 0, 1] and {c.captioner for c in swept} == {NAME}
        assert 8.5 <= swept[2].lines[0].start <= 10.5 and swept[2].lines[0].end == 12
    close_all()


@needs_ocr
def test_text_is_swept_once_and_not_where_it_is_switched_off_or_read_anyway(
    signs: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[int] = []
    real = text_on_screen.read
    monkeypatch.setattr(text_on_screen, "read", lambda image: read.append(1) or real(image))
    with FakeServer() as server:
        ask(server, signs, "Which number?", text_sweep="off", max_rounds=0)
        assert not read
        ask(server, signs, "Which number?", text_sweep="auto", max_rounds=0)
        assert not read, "the coarse captions are there: nobody has frames in hand"
        ask(server, signs, "Which number?", text_sweep="auto", max_rounds=0, coarse_seconds=6)
        assert read
        count = len(read)
        ask(server, signs, "Which colour?", text_sweep="auto", max_rounds=0, coarse_seconds=6)
        assert len(read) == count
    assert not live_for(Settings(captioner="observations", text_sweep="on")).sweeps_text
    assert not live_for(Settings(preset="paper", captioner="basic")).sweeps_text


@needs_ocr
def test_a_text_that_cannot_be_read_costs_no_caption(signs: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(image: object) -> None:
        raise RuntimeError("out of order")

    monkeypatch.setattr(text_on_screen, "read", broken)
    with FakeServer() as server:
        result = ask(server, signs, "Which number?", text_sweep="on", max_rounds=0)
    assert result["usage"]["captions_made"] == 3 and "could not be captioned" not in result["reason"]


def test_each_sense_can_be_switched_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A word that is only said leads to its segment; without the sense of speech it does not."""
    monkeypatch.setenv("FAKE_KEY", "secret-key-1")
    video = make_video(tmp_path / "talk.mp4", seconds=40, fps=2, size=(160, 90))
    said = "".join(
        f"{n}\n00:00:{4 * n:02},500 --> 00:00:{4 * n + 2:02},000\n{'The zeppelin is here.' if n == 7 else 'Well.'}\n\n"
        for n in range(1, 10)
    )
    (tmp_path / "talk.srt").write_text(said)
    with FakeServer() as server:
        first: dict[str, str] = {}
        for senses in ("meaning,words,speech,text", "meaning,words,text"):
            chosen = settings_for(server, senses=senses, max_rounds=0)
            graph.invoke({"video": video, "question": "Where is the zeppelin?"}, context=chosen)
            live = live_for(chosen)
            [recording] = live.memory.recordings()
            state: Any = {"recordings": [{"id": recording.id, "name": "talk.mp4", "duration": 40.0}]}
            shown = view(state | {"question": "Where is the zeppelin?"}, live)
            first[senses] = candidates(shown, state, live, _sensed(live, state, shown))[0].segment
            assert any(c.level == SPEECH for c in shown.captions.values())
        assert first["meaning,words,speech,text"] == "c7" != first["meaning,words,text"]


def _sensed(live: Any, state: Any, shown: Any) -> Sensed:
    return sense(live, [ref["id"] for ref in state["recordings"]], "Where is the zeppelin?", shown.captions)


def test_a_text_sweep_that_cannot_be_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text_on_screen, "available", lambda: False)
    with pytest.raises(BadInput, match="embedded"):
        check_models(Settings.load(captioner="basic", text_sweep="on"))
    check_models(Settings.load(captioner="basic", text_sweep="auto"))


def test_a_sense_nobody_has_is_refused() -> None:
    with pytest.raises(BadInput, match="no sense 'smell'"):
        Settings.load(senses="words,smell")
    assert Settings.load(senses=" words , meaning").senses_used == ("meaning", "words")
