"""Probing, identity, sources and the two readers, on real files whose pictures say when they were drawn."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import tempfile
from bisect import bisect_right
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from memory_store.records import Part, Recording, Scopes
from tests.conftest import ROOT
from tests.media import make_video, read_time
from tools.errors import BadInput
from tools.video import decord_reader, identity
from tools.video.clip import Frame, Sampling
from tools.video.decord_reader import DecordReader
from tools.video.errors import VideoError
from tools.video.identity import part_id
from tools.video.probe import probe
from tools.video.pyav_reader import Pictures, PyAVReader
from tools.video.readers import by_part, read, subsample, window_reader
from tools.video.sources import find_parts

SMALL = Sampling(fps=2, max_pixels=160 * 120)
SCOPES = Scopes((10, 5, 1), (1, 2, 2))
VARIABLE = [0, 0.04, 0.5, 0.6, 0.62, 3.1, 3.2, 7.05, 7.1, 9.5, 12.0, 12.04, 12.08, 15.0]

SHAPES = {
    "plain.mp4": {"seconds": 12},
    "reordered.mp4": {"seconds": 12, "b_frames": 3, "gop": 50},
    "late.mp4": {"seconds": 8, "start": 1.5, "b_frames": 2},
    "variable.mp4": {"pts": VARIABLE, "gop": 4, "audio": True},
    "variable.mkv": {"pts": VARIABLE, "gop": 4},
    "late.mkv": {"seconds": 12, "start": 1.5, "b_frames": 2},
    "sparse.mkv": {"seconds": 25, "gop": 200},
    "stream.ts": {"seconds": 12, "start": 7.0, "b_frames": 2, "gop": 30},
    "edited.mp4": {"seconds": 8, "start": -0.5, "b_frames": 2},
    "old.avi": {"seconds": 12, "b_frames": 2},
    "open.mp4": {"seconds": 8, "codec": "libx265", "b_frames": 2},
    "web.webm": {"seconds": 6, "codec": "libvpx-vp9"},
    "turned.mp4": {"seconds": 4, "rotation": 180},
}


@pytest.fixture(scope="module")
def videos(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("videos")
    return {name: make_video(folder / name, size=(160, 120), **shape) for name, shape in SHAPES.items()}


def part_of(path: str) -> Part:
    return find_parts(path)[1][0]


def recording_of(*parts: Part) -> Recording:
    return Recording("r", "r", parts, SCOPES)


def shown_at(name: str, time: float) -> tuple[float, float]:
    """Return the presentation time on the part's clock, and the time drawn, of the picture at `time`."""
    shape = SHAPES[name]
    drawn = shape.get("pts") or [index / 10 for index in range(int(shape["seconds"] * 10))]
    start = 0.0 if name.endswith(".ts") else shape.get("start", 0.0)
    stamps = [instant + start for instant in drawn]
    index = max(0, bisect_right(stamps, time + 1e-6) - 1)
    return stamps[index], drawn[index]


def instants(name: str, part: Part, seed: int) -> list[float]:
    """Return ascending instants, none within the rounding of a container's clock before a picture."""
    chance = random.Random(seed)
    times = sorted(chance.uniform(0, part.duration - 0.01) for _ in range(chance.choice([1, 2, 6, 25])))
    return [time for time in times if shown_at(name, time) == shown_at(name, time + 0.002)]


@pytest.mark.parametrize("name", SHAPES)
def test_each_picture_is_the_one_on_screen_and_carries_its_own_time(videos: dict[str, str], name: str) -> None:
    part = part_of(videos[name])
    for seed in range(12):
        times = instants(name, part, seed)
        frames = list(PyAVReader().frames(part, times, SMALL))
        assert len(frames) == len(times)
        for time, frame in zip(times, frames, strict=True):
            stamp, drawn = shown_at(name, time)
            assert frame.time == pytest.approx(stamp, abs=0.0012)
            image = frame.image[:, ::-1] if "turned" in name else frame.image
            assert read_time(image) == pytest.approx(drawn, abs=0.0012)


@pytest.mark.skipif(not decord_reader.available(), reason="decord has no build for this platform")
@pytest.mark.parametrize("name", SHAPES)
def test_decord_and_pyav_read_alike(videos: dict[str, str], name: str) -> None:
    part = part_of(videos[name])
    for seed in range(6):
        times = [*instants(name, part, seed), part.duration + 0.2, part.duration + 5]
        ours, theirs = (list(reader.frames(part, times, SMALL)) for reader in (PyAVReader(), DecordReader()))
        assert [frame.time for frame in ours] == [frame.time for frame in theirs]
        for one, other in zip(ours, theirs, strict=True):
            assert one.image.shape == other.image.shape
            assert np.abs(one.image.astype(int) - other.image).mean() <= 3


@pytest.mark.skipif(not decord_reader.available(), reason="decord has no build for this platform")
@pytest.mark.parametrize(
    ("name", "own"), [("plain.mp4", True), ("late.mkv", True), ("variable.mp4", True), ("stream.ts", False)]
    + [("open.mp4", False), ("edited.mp4", False)],
)  # fmt: skip
def test_decord_itself_reads_what_it_reads_exactly(videos: dict[str, str], name: str, own: bool) -> None:
    times = [2.01, 2.51, 3.01]
    window = decord_reader._window(part_of(videos[name]), times, SMALL)
    assert (window is not None) is own
    seen = [(frame.time, read_time(frame.image)) for frame in window or ()]
    assert seen == [pytest.approx(shown_at(name, time)) for time in times if own]


def test_a_window_may_begin_in_the_void_and_end_beyond(videos: dict[str, str]) -> None:
    late, plain = part_of(videos["late.mp4"]), part_of(videos["plain.mp4"])
    reader = PyAVReader()
    assert [f.time for f in reader.frames(late, [0.0, 1.0, 1.55], SMALL)] == pytest.approx([1.5, 1.5, 1.5])
    assert [f.time for f in reader.frames(plain, [11.95, 12.5, 13.5, 20.0], SMALL)] == pytest.approx([11.9, 11.9])
    assert list(reader.frames(plain, [500.0], SMALL)) == []
    assert list(reader.frames(plain, [], SMALL)) == []


def test_going_back_finds_the_same_pictures(videos: dict[str, str]) -> None:
    with Pictures(part_of(videos["reordered.mp4"]), SMALL) as pictures:
        found = [pictures.at(time) for time in (11.0, 3.05, 3.05, 0.0, 9.9, 60.0, 2.0)]
    assert [frame and round(frame.time, 3) for frame in found] == [11.0, 3.0, 3.0, 0.0, 9.9, None, 2.0]
    assert found[1] is found[2]


def test_a_picture_held_for_long_is_one_object(videos: dict[str, str]) -> None:
    part = part_of(videos["variable.mp4"])
    frames = read(recording_of(part), 3.2, 7.0, Sampling(2, 10_000), PyAVReader())
    assert {frame.time for frame in frames} == {3.2}
    assert len(frames) == 8
    assert len({id(frame.image) for frame in frames}) == 1


@pytest.mark.parametrize("rotation", [90, 180, 270])
@pytest.mark.parametrize("reader", [PyAVReader(), DecordReader()], ids=lambda reader: reader.name)
def test_turned_pictures_are_shown_upright(tmp_path: Path, rotation: int, reader: PyAVReader) -> None:
    if reader.name == "decord" and not decord_reader.available():
        pytest.skip("decord has no build for this platform")

    def corner(time: float) -> np.ndarray:
        image = np.zeros((120, 160, 3), np.uint8)
        image[:60, :80] = 255
        return image

    path = make_video(tmp_path / "v.mp4", seconds=1, size=(160, 120), draw=corner, rotation=rotation)
    part = part_of(path)
    frame = next(iter(reader.frames(part, [0.5], Sampling(1, 10**6))))
    assert (part.width, part.height) == ((160, 120) if rotation == 180 else (120, 160))
    assert frame.image.shape == (part.height, part.width, 3)
    high, wide = part.height // 4, part.width // 4
    bright = {(y, x) for y in (0, 1) for x in (0, 1) if frame.image[high * (1 + 2 * y), wide * (1 + 2 * x), 0] > 127}
    # Clockwise: the top left corner goes to the top right, the bottom right, the bottom left.
    assert bright == {{90: (0, 1), 180: (1, 1), 270: (1, 0)}[rotation]}


@pytest.mark.parametrize("reader", [PyAVReader(), DecordReader()], ids=lambda reader: reader.name)
def test_pictures_are_scaled_as_asked(videos: dict[str, str], reader: PyAVReader) -> None:
    part = part_of(videos["plain.mp4"])
    for sampling in (Sampling(1, 80 * 60), Sampling(1, 10**9), Sampling(1, 100 * 100, multiple=28)):
        frame = next(iter(reader.frames(part, [1.0], sampling)))
        wide, high = sampling.size(160, 120)
        assert frame.image.shape == (high, wide, 3)
        assert frame.image.dtype == np.uint8
        assert read_time(frame.image) == 1.0


def test_a_recording_of_several_parts_has_one_clock(tmp_path: Path) -> None:
    for index, seconds in enumerate((2, 3.5, 2)):
        make_video(tmp_path / f"clip{index}.mp4", seconds=seconds, size=(160, 120), start=0.5 * (index == 1))
    recording = recording_of(*find_parts(str(tmp_path))[1])
    assert [part.start for part in recording.parts] == pytest.approx([0, 2, 6])
    for reader in (PyAVReader(), DecordReader()):
        frames = read(recording, 1.0, 7.0, SMALL, reader)
        # The second part shows its first picture until and beyond its time 0.5.
        assert [frame.time for frame in frames] == pytest.approx(
            [1, 1.5, 2.5, 2.5, 3, 3.5, 4, 4.5, 5, 5.5, 6, 6.5], abs=0.001
        )
        assert [read_time(f.image) for f in frames] == [1, 1.5, 0, 0, 0.5, 1, 1.5, 2, 2.5, 3, 0, 0.5]


@given(st.lists(st.floats(0.01, 50), min_size=1, max_size=6), st.lists(st.floats(0, 400), max_size=30).map(sorted))
def test_every_instant_falls_in_one_part(lengths: list[float], times: list[float]) -> None:
    starts = [sum(lengths[:index]) for index in range(len(lengths))]
    parts = tuple(Part(str(i), "", *span) for i, span in enumerate(zip(starts, lengths, strict=True)))
    recording = recording_of(*parts)
    split = [(part, time) for part, group in by_part(recording, times) for time in group]
    assert [part.start + time for part, time in split] == pytest.approx(times)
    assert all(time <= part.duration or part is parts[-1] for part, time in split)


@given(st.lists(st.floats(0, 100), min_size=1, max_size=20).map(sorted), st.lists(st.floats(0, 120), max_size=20))
def test_subsampling_picks_what_was_on_screen(stamps: list[float], times: list[float]) -> None:
    frames = [Frame(stamp, np.zeros((1, 1, 3), np.uint8)) for stamp in stamps]
    for time, frame in zip(times, subsample(frames, times), strict=True):
        before = [stamp for stamp in stamps if stamp <= time + 1e-6]
        assert frame.time == (before[-1] if before else stamps[0])
    assert subsample([], times) == ()


def test_one_dense_reading_serves_the_whole_and_its_parts(videos: dict[str, str]) -> None:
    recording = recording_of(part_of(videos["plain.mp4"]))
    dense = read(recording, 2, 8, Sampling(4, 10_000), PyAVReader())
    for low, high, fps in ((2, 8, 1), (2, 5, 2), (5, 8, 4)):
        sampling = Sampling(fps, 10_000)
        direct = read(recording, low, high, sampling, PyAVReader())
        assert [f.time for f in subsample(dense, sampling.times(low, high))] == [f.time for f in direct]


def test_the_window_reader_follows_the_setting_and_the_sweep(monkeypatch: pytest.MonkeyPatch) -> None:
    assert window_reader("auto", swept=False).name == "pyav"
    assert window_reader("pyav", swept=True).name == "pyav"
    if decord_reader.available():
        assert window_reader("auto", swept=True).name == "decord"
        assert window_reader("auto", swept=True, longest=36_000).name == "pyav"
        assert window_reader("decord", swept=True, longest=36_000).name == "decord"
        assert window_reader("decord", swept=False).name == "decord"
    monkeypatch.setattr(decord_reader, "available", lambda: False)
    assert window_reader("auto", swept=True).name == "pyav"
    with pytest.raises(BadInput, match="decord is not installed"):
        window_reader("decord", swept=True)


@pytest.mark.parametrize(
    ("name", "duration"),
    [("plain.mp4", 12), ("late.mp4", 9.5), ("late.mkv", 13.5), ("variable.mp4", 15.1), ("variable.mkv", 15.1)]
    + [("stream.ts", 12), ("old.avi", 12), ("web.webm", 6), ("edited.mp4", 7.5)],
)
def test_a_part_ends_with_its_last_picture(videos: dict[str, str], name: str, duration: float) -> None:
    assert probe(videos[name]).duration == pytest.approx(duration, abs=0.02)


def test_the_probe_sees_size_sound_and_turning(tmp_path: Path, videos: dict[str, str]) -> None:
    seen = probe(make_video(tmp_path / "v.mp4", seconds=1, fps=25, size=(160, 120), rotation=90, audio=True))
    assert (seen.width, seen.height, seen.codec, seen.rotation % 360) == (120, 160, "h264", 270)
    assert seen.has_audio and seen.has_video and seen.fps == pytest.approx(25)
    assert not probe(videos["plain.mp4"]).has_audio


def test_a_length_the_header_lacks_is_found_in_the_packets(tmp_path: Path) -> None:
    import av

    source, target = make_video(tmp_path / "v.mp4", seconds=3), str(tmp_path / "live.mkv")
    with av.open(source) as read_from, av.open(target, "w", options={"live": "1"}) as write_to:
        streams = {stream.index: write_to.add_stream_from_template(stream) for stream in read_from.streams}
        for packet in read_from.demux():
            if packet.dts is not None:
                packet.stream = streams[packet.stream.index]
                write_to.mux(packet)
    with av.open(target) as container:
        assert container.duration is None
    assert probe(target).duration == pytest.approx(3, abs=0.01)
    assert [frame.time for frame in PyAVReader().frames(part_of(target), [0.5, 2.9], SMALL)] == [0.5, 2.9]


def test_a_torn_file_ends_early_and_never_raises(tmp_path: Path) -> None:
    whole = Path(make_video(tmp_path / "v.mkv", seconds=30, gop=50, audio=True)).read_bytes()
    torn = tmp_path / "torn.mkv"
    torn.write_bytes(whole[: len(whole) // 2])
    part = part_of(str(torn))
    for reader in (PyAVReader(), DecordReader()):
        frames = list(reader.frames(part, [float(second) for second in range(30)], SMALL))
        assert 8 <= len(frames) <= 20
        assert list(reader.frames(part, [25.0, 26.0], SMALL)) == []
    holed = bytearray(whole)
    for at in (len(holed) // 3, len(holed) // 2):
        holed[at : at + 2000] = bytes(2000)
    (tmp_path / "holed.mkv").write_bytes(holed)
    frames = list(PyAVReader().frames(part_of(str(tmp_path / "holed.mkv")), [0, 10, 20, 29.5], SMALL))
    assert frames[-1].time == pytest.approx(29.5)


def test_a_file_that_vanished_is_a_video_error(tmp_path: Path) -> None:
    path = make_video(tmp_path / "v.mp4", seconds=1)
    part = part_of(path)
    os.unlink(path)
    for reader in (PyAVReader(), DecordReader()):
        with pytest.raises(VideoError, match="no such file"):
            list(reader.frames(part, [0.5], SMALL))


def test_a_reader_closed_early_closes_the_file(videos: dict[str, str]) -> None:
    frames = PyAVReader().frames(part_of(videos["plain.mp4"]), [0.0, 1.0, 2.0], SMALL)
    next(frames)
    assert open_files(videos["plain.mp4"]) == 1
    frames.close()
    assert open_files(videos["plain.mp4"]) == 0


def open_files(path: str) -> int:
    links = Path("/proc/self/fd")
    if not links.is_dir():
        pytest.skip("the platform does not tell which files are open")
    return sum(link.exists() and os.path.realpath(link) == os.path.realpath(path) for link in links.iterdir())


@pytest.mark.parametrize("reader", [PyAVReader(), DecordReader()], ids=lambda reader: reader.name)
def test_no_temporary_files_are_made(
    tmp_path: Path, videos: dict[str, str], monkeypatch: pytest.MonkeyPatch, reader: PyAVReader
) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setenv("TMPDIR", str(scratch))
    monkeypatch.setattr(tempfile, "tempdir", None)
    beside = sorted(Path(videos["plain.mp4"]).parent.iterdir())
    read(recording_of(part_of(videos["plain.mp4"])), 0, 12, SMALL, reader)
    assert list(scratch.iterdir()) == []
    assert sorted(Path(videos["plain.mp4"]).parent.iterdir()) == beside


def test_identity_is_content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = Path(make_video(tmp_path / "v.mkv", seconds=3))
    content = path.read_bytes()
    copy = tmp_path / "other name.bin"
    copy.write_bytes(content)
    os.utime(copy, (1, 1))
    changed = bytearray(content)
    changed[len(content) // 2] ^= 1
    (tmp_path / "changed.mkv").write_bytes(changed)
    assert part_id(str(path)) == part_id(str(copy)) == part_id(str(path), full=True)
    assert len(part_id(str(path))) == 32
    assert part_id(str(tmp_path / "changed.mkv")) != part_id(str(path))


def test_a_large_file_is_known_by_samples(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(identity, "WHOLE", 0)
    monkeypatch.setattr(identity, "_EDGE", 512)
    monkeypatch.setattr(identity, "_BLOCK", 16)
    noise = np.random.default_rng(0)
    path = Path(
        make_video(
            tmp_path / "v.mp4", seconds=4, size=(160, 120),
            draw=lambda time: noise.integers(0, 255, (120, 160, 3), dtype=np.uint8),
        )
    )  # fmt: skip
    content = path.read_bytes()
    assert len(content) > 20_000
    sampled, whole = part_id(str(path)), part_id(str(path), full=True)
    assert sampled != whole

    def changed_at(place: int, full: bool = False) -> str:
        data = bytearray(content)
        data[place] ^= 1
        other = tmp_path / "changed.mp4"
        other.write_bytes(data)
        return part_id(str(other), full)

    step = (len(content) - 16) // 65
    assert changed_at(100) != sampled
    assert changed_at(len(content) - 100) != sampled
    assert all(changed_at(index * (len(content) - 16) // 65) != sampled for index in (1, 30, 64))
    between = 30 * (len(content) - 16) // 65 + step // 2
    assert changed_at(between) == sampled
    assert changed_at(between, full=True) != whole
    # The same bytes at other times are other content: the index lies in the part no sample sees.
    monkeypatch.setattr(identity, "_samples", lambda file, size: iter(()))
    slower = Path(make_video(tmp_path / "w.mp4", seconds=4, fps=10, size=(160, 120), start=0.3))
    faster = Path(make_video(tmp_path / "x.mp4", seconds=4, fps=10, size=(160, 120)))
    length = max(slower.stat().st_size, faster.stat().st_size)
    for file in (slower, faster):
        with file.open("ab") as tail:
            tail.write(b"\0\0\0\x08free" + bytes(length - file.stat().st_size))
    assert part_id(str(slower)) != part_id(str(faster))


def test_bad_inputs_have_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "empty.mp4").touch()
    (tmp_path / "text.mp4").write_text("This is not a film.\n" * 50)
    (tmp_path / "folder").mkdir()
    (tmp_path / "blank.txt").write_text("# nothing\n\n")
    (tmp_path / "binary.txt").write_bytes(bytes(range(128, 256)))
    (tmp_path / "gone.m3u").write_text("missing.mp4\n")
    (tmp_path / "remote.m3u").write_text("https://example.org/v.mp4\n")
    (tmp_path / "stream.mp4").write_text("#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\na.ts\n#EXT-X-ENDLIST\n")
    make_video(tmp_path / "sound.m4a", seconds=1, picture=False, audio=True)
    make_video(tmp_path / "nothing.mkv", picture=False)
    os.mkfifo(tmp_path / "pipe.mp4")
    (tmp_path / "picture.png").write_bytes(png())
    cases = {
        "absent.mp4": "no such file",
        "absent/absent.mp4": "no such file",
        "empty.mp4/x": "no such file",
        "empty.mp4": "is empty",
        "text.mp4": "not a media file",
        "folder": "holds no video files",
        "blank.txt": "names no video",
        "binary.txt": "not text",
        "gone.m3u": "no such file",
        "remote.m3u": "URLs are not fetched here",
        "stream.mp4": "not a",
        "nothing.mkv": "neither picture nor sound",
        "pipe.mp4": "not a regular file",
        "picture.png": "not a video file",
        "nul\0.mp4": "cannot read",
        "x" * 300: "cannot read",
    }
    for name, words in cases.items():
        with pytest.raises(BadInput, match=words) as caught:
            find_parts(str(tmp_path / name))
        assert "\n" not in str(caught.value)
        assert str(caught.value).isprintable()
    for source, words in {"https://example.org/v": "URLs", "": "no video", "/dev/zero": "regular"}.items():
        with pytest.raises(BadInput, match=words):
            find_parts(source)
    with pytest.raises(BadInput, match="directory"):
        probe(str(tmp_path / "folder"))


def png() -> bytes:
    import io

    from PIL import Image

    buffer = io.BytesIO()
    Image.new("RGB", (64, 48)).save(buffer, "PNG")
    return buffer.getvalue()


def test_a_bad_file_says_so_once_and_decoders_stay_quiet(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    torn = Path(make_video(tmp_path / "v.mp4", seconds=3)).read_bytes()
    (tmp_path / "torn.mp4").write_bytes(torn[: len(torn) // 2])
    with pytest.raises(BadInput, match="not a media file"):
        find_parts(str(tmp_path / "torn.mp4"))
    assert capfd.readouterr().err == ""


def test_cover_art_is_not_a_video(tmp_path: Path) -> None:
    import av

    path = str(tmp_path / "song.mp4")
    with av.open(path, "w") as container:
        sound = container.add_stream("aac", rate=48_000)
        cover = container.add_stream("png")
        cover.width, cover.height, cover.pix_fmt = 64, 48, "rgb24"
        cover.disposition = av.stream.Disposition.attached_pic
        container.mux(cover.encode(av.VideoFrame.from_ndarray(np.zeros((48, 64, 3), np.uint8), format="rgb24")))
        container.mux(cover.encode(None))
        for index in range(50):
            frame = av.AudioFrame.from_ndarray(np.zeros((1, 1920), np.int16), format="s16", layout="stereo")
            frame.sample_rate, frame.pts = 48_000, index * 960
            container.mux(sound.encode(frame))
        container.mux(sound.encode(None))
    with av.open(path) as container:
        assert container.streams.video
    found = probe(path)
    assert not found.has_video and found.has_audio and found.codec == "aac"
    assert found.duration == pytest.approx(1.0, abs=0.1)


def test_folders_and_lists_are_ordered_recordings(tmp_path: Path) -> None:
    for name in ("clip10.mp4", "clip2.mp4", "Clip1.mkv", ".hidden.mp4"):
        make_video(tmp_path / name, seconds=1, size=(64, 48))
    (tmp_path / "notes.txt").write_text("clip10.mp4\n")
    (tmp_path / "deeper").mkdir()
    make_video(tmp_path / "deeper" / "clip3.mp4", seconds=1, size=(64, 48))
    name, parts = find_parts(str(tmp_path) + "/")
    assert name == tmp_path.name
    assert [Path(part.path).name for part in parts] == ["Clip1.mkv", "clip2.mp4", "clip10.mp4"]
    assert [part.start for part in parts] == pytest.approx([0, 1, 2], abs=0.01)
    order = tmp_path / "order.m3u"
    order.write_text(f"#EXTM3U\nclip10.mp4\n\n  deeper/clip3.mp4  \n{tmp_path / 'clip2.mp4'}\n", "utf-8-sig")
    name, parts = find_parts(str(order))
    assert name == "order.m3u"
    assert [Path(part.path).name for part in parts] == ["clip10.mp4", "clip3.mp4", "clip2.mp4"]
    name, parts = find_parts(os.path.relpath(tmp_path / "clip2.mp4"))
    assert (name, parts[0].path) == ("clip2.mp4", str(tmp_path / "clip2.mp4"))


def test_llama_cpp_is_loaded_before_decord_where_both_are_here() -> None:
    pytest.importorskip("xllamacpp", reason="the extra `embedded` is not installed")
    if not decord_reader.available():
        pytest.skip("decord is not installed")
    script = (
        "import sys; from tools.video.decord_reader import library; library(); "
        "names = list(sys.modules); print(names.index('xllamacpp') < names.index('decord'))"
    )
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT, check=True)
    assert run.stdout.strip() == "True"
