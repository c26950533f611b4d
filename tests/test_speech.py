"""Words said: heard piece by piece, kept with their times, handed to the captioner, found and cited."""

from __future__ import annotations

import os
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import graph
from examples.questions import HELLO
from graph.build import ingest_graph
from memory_store.records import SPEECH, Caption, Line
from tests.conftest import ROOT
from tests.fake_server import FakeServer, scripted, text_of
from tests.media import make_video
from tests.subtitled import srt
from tools.errors import BadInput
from tools.live import close_all, live_for
from tools.settings import Settings
from tools.speech import audio, choice, recogniser
from tools.speech.audio import RATE
from tools.speech.base import Piece, SpeechError
from tools.speech.heard import Heard, said, words_of
from tools.speech.recogniser import Recogniser, Recognition, cut, sentences

CUES = [(0.5, 2.5, "Good morning."), (5.0, 7.0, "The bridge was opened by the mayor.")]
WEIGHTS = os.environ.get("VIDEOLUCY_TEST_HOME", "")


def tones(path: Path, tracks: list[tuple[str, float, float]], start: float = 0.0, picture: str = "") -> str:
    """Write sound: for each track (language, hertz, seconds), from `start` on; and the picture of another file."""
    import av

    with av.open(str(path), "w") as out:
        streams = []
        for language, *_ in tracks:
            stream = out.add_stream("pcm_s16le" if path.suffix in (".mkv", ".wav") else "aac", rate=RATE)
            stream.layout = "mono"
            if language:
                stream.metadata["language"] = language
            streams.append(stream)
        for stream, (_, hertz, seconds) in zip(streams, tracks, strict=True):
            for at in range(0, round(seconds * RATE), 1024):
                times = (np.arange(at, min(at + 1024, round(seconds * RATE)))) / RATE
                block = (np.sin(2 * np.pi * hertz * times) * 8000).astype(np.int16)
                frame = av.AudioFrame.from_ndarray(block.reshape(1, -1), format="s16", layout="mono")
                frame.sample_rate, frame.time_base, frame.pts = RATE, Fraction(1, RATE), at + round(start * RATE)
                out.mux(stream.encode(frame))
            out.mux(stream.encode(None))
    return str(path)


def hertz(sound: np.ndarray) -> float:
    """Return the loudest frequency of `sound`."""
    return float(np.fft.rfftfreq(len(sound), 1 / RATE)[np.argmax(np.abs(np.fft.rfft(sound)))])


def heard(path: str, track: int = 0, start: float = 0.0) -> tuple[float, np.ndarray]:
    blocks = list(audio.read(path, track, start))
    return blocks[0][0], np.concatenate([block for _, block in blocks])


def test_the_track_of_the_language_is_heard(tmp_path: Path) -> None:
    path = tones(tmp_path / "two.mkv", [("eng", 440, 2.0), ("ger", 880, 2.0)])
    found = audio.tracks(path)
    assert [track.language for track in found] == ["en", "de"]
    german = audio.choose(found, "de")
    assert german is not None and german.index == 1 and hertz(heard(path, german.index)[1]) == pytest.approx(880, abs=2)
    assert audio.choose(found, "fr") == audio.choose(found, "") and hertz(heard(path)[1]) == pytest.approx(440, abs=2)
    assert audio.choose([], "") is None


def test_sound_has_the_times_of_the_part(tmp_path: Path) -> None:
    path = tones(tmp_path / "late.mkv", [("", 440, 3.0)], start=1.5)
    begin, sound = heard(path)
    assert begin == pytest.approx(1.5, abs=0.01) and len(sound) / RATE == pytest.approx(3.0, abs=0.01)
    begin, rest = heard(path, start=2.75)
    assert begin == pytest.approx(2.75, abs=0.01) and len(rest) / RATE == pytest.approx(1.75, abs=0.01)
    np.testing.assert_allclose(rest[:1000], sound[round(1.25 * RATE) :][:1000], atol=1e-3)


def test_where_the_track_breaks_off_there_is_silence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tones(tmp_path / "gap.wav", [("", 440, 2.0)])
    frames = audio._frames

    def torn(container: Any, track: int, start: float) -> Iterator[tuple[float, Any]]:
        for time, frame in frames(container, track, start):
            yield (time if time < 1.0 else time + 5.0), frame

    monkeypatch.setattr(audio, "_frames", torn)
    begin, sound = heard(path)
    assert begin == 0 and len(sound) / RATE == pytest.approx(7.0, abs=0.01)
    assert np.abs(sound[round(1.5 * RATE) : round(5.5 * RATE)]).max() == 0 < np.abs(sound[round(6.5 * RATE) :]).max()


def test_what_is_no_file_any_more_is_told(tmp_path: Path) -> None:
    with pytest.raises(SpeechError, match="no such file"):
        list(audio.read(str(tmp_path / "gone.mp4"), 0))


@given(
    st.lists(st.integers(1, 5000), max_size=20),
    st.floats(0.05, 1.0),
    st.floats(0, 100),
    st.floats(0.05, 1.0),
)
def test_pieces_are_the_whole_and_never_long(sizes: list[int], longest: float, begin: float, share: float) -> None:
    whole = np.arange(sum(sizes), dtype=np.float32)
    edges = np.cumsum([0, *sizes])
    blocks = [(begin + low / RATE, whole[low:high]) for low, high in zip(edges, edges[1:], strict=False)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(recogniser, "quiet", lambda sound: max(1, int(len(sound) * share)))
        pieces = list(cut(blocks, longest))
    assert [last for *_, last in pieces] == [False] * (len(pieces) - 1) + [True]
    np.testing.assert_array_equal(np.concatenate([sound for _, sound, _ in pieces]), whole)
    assert all(len(sound) <= longest * RATE + 1 for _, sound, _ in pieces)
    expected = begin if sizes else 0.0
    for time, sound, _ in pieces:
        assert time == pytest.approx(expected)
        expected = time + len(sound) / RATE


@given(
    st.lists(st.tuples(st.floats(0.01, 3), st.sampled_from([" a", " so.", " it", " 3.5", " Why?", "。"])), max_size=60)
)
def test_sentences_hold_every_word_in_time(words: list[tuple[float, str]]) -> None:
    edges = np.cumsum([0.0, *(length for length, _ in words)]).tolist()
    timed = [(low, high, text) for low, high, (_, text) in zip(edges, edges[1:], words, strict=False)]
    made = sentences(timed)
    assert "".join(line.text.replace(" ", "") for line in made) == "".join(text.strip() for *_, text in timed)
    assert all(line.end - line.start <= recogniser._LONGEST_LINE + 0.01 for line in made)
    assert [line.start for line in made] == sorted(line.start for line in made)
    assert all(line.text[-1] in ".?。" or line is made[-1] or line.end - line.start > 10 for line in made)


@given(
    st.lists(st.tuples(st.integers(0, 100), st.integers(1, 40), st.text("ab", min_size=1, max_size=3)), max_size=20),
    st.integers(0, 100),
    st.integers(1, 30),
)
def test_the_words_of_a_stretch(spoken: list[tuple[int, int, str]], start: int, length: int) -> None:
    lines = tuple(Line(float(low), float(low + more), said(text)) for low, more, text in spoken)
    found = Heard([Caption("c", "r", SPEECH, SPEECH, 0, 200, lines)]).words(start, start + length)
    inside = sorted(
        (low, low + more, text) for low, more, text in spoken if low < start + length and low + more > start
    )
    assert found.splitlines() == [f"[{low:.1f}-{high:.1f}] {text}" for low, high, text in inside]


@given(st.text(st.characters(blacklist_categories=("Cs",))))
def test_words_come_back_from_the_sentence_memory_keeps(text: str) -> None:
    assert words_of(said(text)) == text.translate(str.maketrans('"“”„', "''''"))


class Script(Recogniser):
    """A recogniser that hears what it is told, and fails where it is told to."""

    def __init__(self, fails_at: int = -1) -> None:
        super().__init__("scripted", "")
        self.calls = 0
        self.fails_at = fails_at

    def recognise(self, sound: np.ndarray, language: str = "") -> tuple[list[Line], str]:
        self.calls += 1
        if self.calls == self.fails_at:
            raise SpeechError("the model fell over")
        return [Line(0.5, 1.5, f"Piece number {self.calls}.")], "en"


def test_recognition_goes_on_where_it_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recogniser, "quiet", len)
    path = tones(tmp_path / "long.mkv", [("", 440, 25.0)])
    monkeypatch.setattr(recogniser.cut, "__defaults__", (10.0,))
    pieces = list(Recognition(path, 0, Script()).pieces())
    assert [piece.end for piece in pieces] == [pytest.approx(10, abs=0.1), pytest.approx(20, abs=0.1), None]
    assert [piece.lines[0].start for piece in pieces] == [pytest.approx(t, abs=0.1) for t in (0.5, 10.5, 20.5)]
    assert isinstance(pieces[0].end, float)
    rest = list(Recognition(path, 0, Script()).pieces(pieces[0].end))
    assert [piece.end for piece in rest] == [pytest.approx(20, abs=0.1), None]


def scripted_settings(server: FakeServer, **more: Any) -> Settings:
    roles = {role: "compatible:fake" for role in ("captioner", "reasoner")}
    urls = {f"{role}_url": server.url for role in roles}
    scopes = {"coarse_seconds": 4, "fine_seconds": 2, "ultra_seconds": 1, "coarse_fps": 1}
    return Settings.load(**{**roles, **urls, **scopes, "embedder": "lexical", "max_rounds": 0, **more})


@pytest.fixture
def talk(tmp_path: Path) -> str:
    (tmp_path / "talk.srt").write_text(srt(CUES))
    return make_video(tmp_path / "talk.mp4", seconds=8, fps=8)


def captioned(server: FakeServer) -> list[str]:
    return [text_of(request) for request in server.asked("caption")]


def test_words_reach_the_captioner_and_the_answer(talk: str) -> None:
    def verdict(request: dict) -> dict:
        block = next(b for b in text_of(request).split("\n\n") if "mayor" in b and "[caption" in b)
        quote = {"caption": block.split("[caption ")[1][:8], "quote": "The bridge was opened by the mayor."}
        return {"support": "supported", "confidence": 0.9, "answer": "the mayor", "evidence": [quote]}

    with FakeServer(scripted(Verdict=verdict)) as server:
        chosen = scripted_settings(server)
        result = graph.invoke({"video": talk, "question": "Who opened the bridge?"}, context=chosen)
        first, second = sorted(captioned(server))
        again = graph.invoke({"video": talk, "question": "And when?"}, context=chosen)
        assert server.count("caption") == 2
    assert "[0.5-2.5] Good morning." in first and "mayor" not in first
    assert "[5.0-7.0] The bridge was opened by the mayor." in second and "Good morning" not in second
    [evidence, *_] = result["evidence"]
    assert (evidence["level"], evidence["start"], evidence["end"]) == ("speech", 5.0, 7.0)
    assert result["models"]["speech"].startswith("subtitles-")
    assert again["usage"]["captions_made"] == 0 and again["usage"]["captions_reused"] == 2


def test_captions_depend_on_the_words_of_their_own_stretch(talk: str) -> None:
    with FakeServer() as server:
        graph.invoke({"video": talk, "question": "?"}, context=scripted_settings(server))
        Path(talk).with_suffix(".srt").write_text(srt([CUES[0], (5.0, 7.0, "It was the king.")]))
        graph.invoke({"video": talk, "question": "?"}, context=scripted_settings(server))
        made = captioned(server)
        assert len(made) == 3 and "It was the king." in made[2], "only where the words changed"
        verdict = text_of(server.asked("Verdict")[-1])
        assert "the king" in verdict and "the mayor" not in verdict
        Path(talk).with_suffix(".srt").unlink()
        graph.invoke({"video": talk, "question": "?"}, context=scripted_settings(server))
        assert "the king" not in text_of(server.asked("Verdict")[-1])
        graph.invoke({"video": talk, "question": "?"}, context=scripted_settings(server, speech="none"))
        silent = captioned(server)[3:]
    assert len(silent) == 2, "without words, turned off or not there, they are the same captions"
    assert not any("words said" in text or "<words>" in text for text in silent)


def test_words_are_found_by_search_and_named_in_the_memory(talk: str) -> None:
    with FakeServer() as server:
        ingest_graph.invoke({"video": talk}, context=scripted_settings(server))
        live = live_for(scripted_settings(server))
        [recording] = live.memory.recordings()
        [found] = live.memory.captions(recording.id, level=SPEECH)
        best = live.memory.search([recording.id], "who opened the bridge, the mayor?", k=1)[0]
    assert [line.text for line in found.lines] == ['Said: "Good morning."', f'Said: "{CUES[1][2]}"']
    assert best.caption == found.id and (best.line.start, best.line.end) == (5.0, 7.0)


def test_a_failure_of_recognition_costs_neither_the_question_nor_what_was_heard(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tones(tmp_path / "talk.wav", [("", 440, 25.0)])
    monkeypatch.setattr(recogniser, "quiet", len)
    monkeypatch.setattr(recogniser.cut, "__defaults__", (10.0,))
    ears = [Script(fails_at=2), Script()]
    monkeypatch.setattr("tools.parts.build_recogniser", lambda settings: ears[0])
    monkeypatch.setattr(choice, "build_recogniser", lambda settings: ears[0])
    with FakeServer() as server:
        first = graph.invoke({"video": path, "question": "?"}, context=scripted_settings(server))
        assert "the model fell over" in first["reason"] and first["status"] != "failed"
        assert "Piece number 1." in text_of(server.asked("Verdict")[-1])
        close_all()
        ears.pop(0)
        second = graph.invoke({"video": path, "question": "?"}, context=scripted_settings(server))
        assert ears[0].calls == 2, "the first piece was not heard again"
        close_all()
        graph.invoke({"video": path, "question": "?"}, context=scripted_settings(server))
        assert ears[0].calls == 2 and "fell over" not in second["reason"]
        assert server.count("caption") == 0, "there is nothing to see"


def test_sound_that_nobody_can_hear_is_bad_input(tmp_path: Path) -> None:
    path = tones(tmp_path / "talk.wav", [("", 440, 1.0)])
    with FakeServer() as server:
        for speech, why in (("none", "turned off"), ("subtitles", "turned off"), ("auto", "models fetch whisper-base")):
            with pytest.raises(BadInput, match=why):
                graph.invoke({"video": path, "question": "?"}, context=scripted_settings(server, speech=speech))


@pytest.mark.parametrize(
    ("speech", "why"),
    [
        ("whisper-base", "models fetch whisper-base"),
        ("nonsense", "none of auto"),
        ("{tmp}", "no model.bin"),
        ("/no/such/folder/at/all", "none of auto"),
    ],
)
def test_unusable_settings(tmp_path: Path, speech: str, why: str) -> None:
    pytest.importorskip("faster_whisper", reason="the extra `embedded` is not installed")
    with pytest.raises(BadInput, match=why):
        choice.recogniser_name(Settings.load(speech=speech.format(tmp=tmp_path)))
    with pytest.raises(BadInput, match="language"):
        Settings.load(language="klingonese")


def test_a_folder_is_known_by_its_model(tmp_path: Path) -> None:
    pytest.importorskip("faster_whisper", reason="the extra `embedded` is not installed")
    names = []
    for size in (10, 11):
        (tmp_path / "model.bin").write_bytes(bytes(size))
        names.append(choice.recogniser_name(Settings.load(speech=str(tmp_path))))
    assert len(set(names)) == 2
    ears = choice.build_recogniser(Settings.load(speech=str(tmp_path)))
    assert ears is not None
    with pytest.raises(SpeechError, match="cannot be loaded"):
        ears.recognise(np.zeros(RATE, np.float32))


def test_a_piece_ends_where_nobody_speaks() -> None:
    pytest.importorskip("faster_whisper", reason="the extra `embedded` is not installed")
    _, sound = heard(str(ROOT / "examples" / HELLO))
    voice = sound[round(0.5 * RATE) : round(4 * RATE)]
    silence = np.zeros(round(1.5 * RATE), np.float32)
    talk = np.concatenate([voice, silence, voice])
    at = recogniser.quiet(talk)
    around = talk[max(0, at - RATE // 10) : at + RATE // 10]
    assert np.sqrt((around**2).mean()) < 0.4 * np.sqrt((voice**2).mean()), at / RATE
    assert recogniser.quiet(silence) == len(silence) // 2


@pytest.mark.embedded
@pytest.mark.parametrize("model", choice.PACKAGED)
def test_real_words_are_heard_with_their_times(model: str, tmp_path: Path) -> None:
    from tools import weights

    folder = weights.path(model, Path(WEIGHTS)) if WEIGHTS else None
    if folder is None:
        pytest.skip(f"no weights of {model}: videolucy models fetch {model}, and VIDEOLUCY_TEST_HOME")
    ears = Recogniser(model, str(folder), "cpu")
    pieces: list[Piece] = list(Recognition(str(ROOT / "examples" / HELLO), 0, ears).pieces())
    text = " ".join(line.text for piece in pieces for line in piece.lines)
    assert "directory" in text.casefold() and pieces[-1].end is None
    assert all(0 <= line.start < line.end <= 8.4 for piece in pieces for line in piece.lines)
    music = [p for p in Recognition(str(ROOT / "examples" / "big-buck-bunny-trailer.mp4"), 0, ears).pieces()]
    assert [line for piece in music for line in piece.lines] == [], "music has no words, and none are made up"
