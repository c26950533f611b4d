"""Odd videos: whatever the file, each picture is the one on screen, and both readers agree on it."""

from __future__ import annotations

import gc
import os
import random
import subprocess
import sys
import weakref
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from memory_store.records import Recording, Scopes
from memory_store.segments import Plan
from tests.conftest import ROOT
from tests.media import draw_time, make_video, read_time
from tests.odd_videos import ODD, SIZE, Odd, draw_hues, read_shade
from tools.errors import BadInput
from tools.video import decord_reader
from tools.video.clip import Sampling
from tools.video.decord_reader import DecordReader
from tools.video.probe import probe
from tools.video.pyav_reader import Pictures, PyAVReader
from tools.video.readers import read
from tools.video.sources import find_parts
from tools.video.sweep import Sweep

SAMPLING = Sampling(fps=4, max_pixels=160 * 120)
READERS = [PyAVReader(), DecordReader()]

every_kind = pytest.mark.parametrize("odd", ODD, ids=lambda odd: odd.name)
both_readers = pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.name)
needs_decord = pytest.mark.skipif(not decord_reader.available(), reason="decord has no build for this platform")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("odd")


@pytest.fixture
def recording(folder: Path, odd: Odd) -> Recording:
    path = folder / odd.name
    return recording_of(str(path) if path.exists() else odd.write(folder))


def recording_of(path: str, scopes: Scopes | None = None) -> Recording:
    return Recording("r", "r", find_parts(path)[1], scopes or Scopes((2, 1, 0.5), (2, 4, 4)))


def windows(odd: Odd, recording: Recording) -> list[tuple[float, float]]:
    """Return stretches to look at again: the beginning, the end, and some between."""
    chance, end = random.Random(odd.name), recording.duration
    starts = [chance.uniform(0, max(0, end - 0.2)) for _ in range(4)]
    return [(0.0, 0.3), (max(0.0, end - 0.6), end)] + [(at, min(end, at + chance.choice((0.1, 1, 3)))) for at in starts]


def reaches(odd: Odd, time: float) -> bool:
    """Tell whether there must be a picture at `time`: in a torn file only where it is whole."""
    return len(odd.intact) > 1 or time < odd.intact[0][1]


@every_kind
def test_the_length_covers_every_picture(odd: Odd, recording: Recording) -> None:
    drawn = odd.drawn()
    last = drawn[-1] + odd.shift
    length = 1 / odd.make.get("fps", 10)
    if reaches(odd, last):
        assert last + length / 3 <= recording.duration <= last + length + 0.11
    else:
        assert odd.intact[0][1] <= recording.duration <= last + length + 0.11


@every_kind
def test_the_sweep_shows_what_is_on_screen(odd: Odd, recording: Recording) -> None:
    sweep = Sweep(recording, SAMPLING)
    shape = SAMPLING.size(recording.parts[0].width, recording.parts[0].height)[::-1]
    for segment in Plan(recording, recording.scopes).coarse():
        times = SAMPLING.times(segment.start, segment.end)
        frames = sweep.frames(segment)
        assert len(frames) >= sum(reaches(odd, time) for time in times)
        for time, frame in zip(times, frames, strict=False):
            assert odd.shows(time, frame.time, frame.image), (time, frame.time, odd.seen(frame.image))
            assert frame.image.shape == (*shape, 3)
    sweep.close()
    if len(odd.intact) == 1 and reaches(odd, recording.duration):
        assert sweep.ended == {recording.parts[0].id}


@every_kind
@both_readers
def test_windows_show_what_is_on_screen(odd: Odd, recording: Recording, reader: PyAVReader) -> None:
    for start, end in windows(odd, recording):
        times = SAMPLING.times(start, end)
        frames = read(recording, start, end, SAMPLING, reader)
        assert len(frames) >= sum(reaches(odd, time) for time in times)
        for time, frame in zip(times, frames, strict=False):
            assert odd.shows(time, frame.time, frame.image), (time, frame.time, odd.seen(frame.image))


@needs_decord
@every_kind
def test_decord_agrees_and_reads_itself_what_it_can(odd: Odd, recording: Recording) -> None:
    itself = []
    for start, end in windows(odd, recording):
        ours, theirs = (read(recording, start, end, SAMPLING, reader) for reader in READERS)
        assert [frame.time for frame in ours] == [frame.time for frame in theirs]
        for one, other in zip(ours, theirs, strict=True):
            assert one.image.shape == other.image.shape
            assert np.abs(one.image.astype(int) - other.image).mean() <= 3
        own = decord_reader._window(recording.parts[0], SAMPLING.times(start, end), SAMPLING)
        itself.append(own is not None)
    print(f"{odd.name:20} decord itself reads {sum(itself)} of {len(itself)} windows")  # shown by `pytest -rP`
    assert any(itself) is odd.decord


@every_kind
def test_colours_are_those_drawn(odd: Odd, recording: Recording) -> None:
    if odd.seen is read_shade or odd.make.get("size", SIZE) != SIZE:
        pytest.skip("no patches of colour large enough")
    frame = next(iter(PyAVReader().frames(recording.parts[0], [odd.shift], Sampling(1, 10**7))))
    truth = draw_hues(odd.drawn()[0])
    high, wide, _ = frame.image.shape
    for x in range(10, 160, 20):
        seen = frame.image[high // 12, x * wide // 160].astype(int)
        assert np.abs(seen - truth[10, x]).max() <= 16, x


@pytest.mark.parametrize("container", ["mp4", "mkv"])
@pytest.mark.parametrize("rotation", [90, 180, 270])
@both_readers
def test_turned_pictures_are_upright(tmp_path: Path, container: str, rotation: int, reader: PyAVReader) -> None:
    stored = make_video(tmp_path / "v.mp4", seconds=1, size=SIZE, draw=bright_corner, rotation=rotation)
    path = stored if container == "mp4" else remux(stored, tmp_path / "v.mkv")
    recording = recording_of(path)
    part = recording.parts[0]
    frame = read(recording, 0.5, 0.6, SAMPLING, reader)[0]
    assert (part.width, part.height) == (SIZE if rotation == 180 else SIZE[::-1])
    # Clockwise: the top left corner goes to the top right, the bottom right, the bottom left.
    assert bright_corners(frame.image) == {{90: (0, 1), 180: (1, 1), 270: (1, 0)}[rotation]}


def bright_corner(time: float) -> np.ndarray:
    image = np.zeros((SIZE[1], SIZE[0], 3), np.uint8)
    image[: SIZE[1] // 2, : SIZE[0] // 2] = 255
    return image


def bright_corners(image: np.ndarray) -> set[tuple[int, int]]:
    high, wide = (side // 4 for side in image.shape[:2])
    return {(y, x) for y in (0, 1) for x in (0, 1) if image[high * (1 + 2 * y), wide * (1 + 2 * x), 0] > 127}


def remux(source: str, target: Path) -> str:
    import av

    with av.open(source) as read_from, av.open(str(target), "w") as write_to:
        streams = {stream.index: write_to.add_stream_from_template(stream) for stream in read_from.streams}
        for packet in read_from.demux():
            if packet.dts is not None:
                packet.stream = streams[packet.stream.index]
                write_to.mux(packet)
    return str(target)


@pytest.mark.parametrize(
    ("aspect", "rotation", "shown"),
    [(Fraction(4, 3), 0, (213, 120)), (Fraction(3, 4), 0, (160, 160)), (Fraction(4, 3), 90, (120, 213))]
    + [(Fraction(100), 0, (160, 120))],
)
@both_readers
def test_pixels_that_are_not_square_are_made_square(
    tmp_path: Path, aspect: Fraction, rotation: int, shown: tuple[int, int], reader: PyAVReader
) -> None:
    def square(time: float) -> np.ndarray:
        image = np.zeros((120, 160, 3), np.uint8)
        high, wide = (48, 48 / aspect) if aspect > 1 else (48 * aspect, 48)
        image[30 : 30 + round(high), 40 : 40 + round(wide)] = 255
        return image

    path = make_video(tmp_path / "v.mp4", seconds=1, draw=square, size=SIZE, aspect=aspect, rotation=rotation)
    recording = recording_of(path)
    assert (recording.parts[0].width, recording.parts[0].height) == shown
    image = read(recording, 0, 0.2, Sampling(4, 10**6), reader)[0].image[..., 0] > 127
    if aspect < 10:
        assert abs(np.ptp(image.any(0).nonzero()) - np.ptp(image.any(1).nonzero())) <= 2


@both_readers
def test_a_huge_picture_comes_in_the_size_asked_for(tmp_path: Path, reader: PyAVReader) -> None:
    size = (8192, 4320)
    path = make_video(tmp_path / "v.mov", seconds=0.1, size=size, codec="mjpeg", pix_fmt="yuvj420p")
    recording = recording_of(path)
    [frame] = read(recording, 0, 0.1, SAMPLING, reader)
    assert frame.image.shape == (100, 190, 3) and read_time(frame.image) == 0


@given(*(st.integers(1, 20_000) for _ in range(2)), st.integers(800, 10**6), st.sampled_from((2, 28, 32)))
def test_no_shape_exceeds_the_cap(width: int, height: int, cap: int, multiple: int) -> None:
    wide, high = Sampling(1, cap, multiple).size(width, height)
    assert wide * high <= max(cap, multiple**2) and wide % multiple == high % multiple == 0 < wide * high


@both_readers
def test_a_size_that_changes_half_way_keeps_the_clip_in_one_size(tmp_path: Path, reader: PyAVReader) -> None:
    import av

    path, later = tmp_path / "v.webm", (320, 240)
    with av.open(str(path), "w") as target:
        stream = None
        for index, size in enumerate((SIZE, later)):
            piece = make_video(tmp_path / f"{index}.webm", 2, size=size, codec="libvpx-vp9", start=2.0 * index)
            with av.open(piece) as source:
                stream = stream or target.add_stream_from_template(source.streams.video[0])
                for packet in source.demux(video=0):
                    if packet.dts is not None:
                        packet.stream = stream
                        target.mux(packet)
    frames = read(recording_of(str(path)), 0, 4, Sampling(2, 10**6), reader)
    assert {frame.image.shape for frame in frames} == {(120, 160, 3)}
    assert [read_time(frame.image) for frame in frames] == [0, 0.5, 1, 1.5] * 2


@pytest.mark.parametrize(("suffix", "default", "chosen"), [("mp4", None, 0), ("mkv", 1, 1), ("ts", None, 0)])
@both_readers
def test_of_two_pictures_the_default_is_watched(
    tmp_path: Path, suffix: str, default: int | None, chosen: int, reader: PyAVReader
) -> None:
    path = several_streams(tmp_path / f"v.{suffix}", default)
    recording = recording_of(path)
    frames = read(recording, 0.5, 2.5, Sampling(1, 10**6), reader)
    assert [read_time(frame.image) for frame in frames] == [10 * chosen + 0.5, 10 * chosen + 1.5]
    assert (recording.parts[0].width, recording.parts[0].height) == (SIZE, (320, 240))[chosen]


@both_readers
def test_cover_art_beside_a_video_is_not_watched(tmp_path: Path, reader: PyAVReader) -> None:
    recording = recording_of(several_streams(tmp_path / "v.mp4", None, cover=True))
    frames = read(recording, 0.5, 2.5, Sampling(1, 10**6), reader)
    assert [read_time(frame.image) for frame in frames] == [0.5, 1.5]


def several_streams(path: Path, default: int | None, cover: bool = False) -> str:
    """Write two picture streams: the second larger and its times 10 s on; or one after its cover."""
    import av
    from av.stream import Disposition

    sizes = (SIZE,) if cover else (SIZE, (320, 240))
    with av.open(str(path), "w") as container:
        if cover:
            art = container.add_stream("png")
            art.width, art.height, art.pix_fmt, art.disposition = 640, 480, "rgb24", Disposition.attached_pic
        streams = []
        for index, (width, height) in enumerate(sizes):
            stream = container.add_stream("libx264", rate=10)
            stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
            if default is not None:
                stream.disposition = Disposition.default if index == default else Disposition(0)
            streams.append(stream)
        if cover:
            container.mux(art.encode(av.VideoFrame.from_ndarray(draw_time(99, (640, 480)), format="rgb24")))
            container.mux(art.encode(None))
        for at in range(30):
            for index, (stream, size) in enumerate(zip(streams, sizes, strict=True)):
                frame = av.VideoFrame.from_ndarray(draw_time(at / 10 + 10 * index, size), format="rgb24")
                frame.pts, frame.time_base = at, Fraction(1, 10)
                container.mux(stream.encode(frame))
        for stream in streams:
            container.mux(stream.encode(None))
    return str(path)


def test_streams_put_end_to_end_show_nothing_at_a_wrong_time(tmp_path: Path) -> None:
    pieces = [
        make_video(tmp_path / f"{at}.ts", 3, size=SIZE, draw=lambda time, at=at: draw_time(time + at, SIZE))
        for at in (0, 3)
    ]
    path = tmp_path / "both.ts"
    path.write_bytes(b"".join(Path(piece).read_bytes() for piece in pieces))
    recording = recording_of(str(path))
    sweep = Sweep(recording, Sampling(10, 160 * 120))
    for segment in Plan(recording, recording.scopes).coarse():
        for frame in sweep.frames(segment):
            assert read_time(frame.image) == pytest.approx(frame.time, abs=0.0012)
    sweep.close()


_DAY = """
import resource, sys
from memory_store.records import Recording
from memory_store.segments import Plan, scopes_for
from tests.media import read_time
from tools.video.clip import Sampling
from tools.video.decord_reader import DecordReader
from tools.video.pyav_reader import Pictures, PyAVReader
from tools.video.readers import read
from tools.video.sources import find_parts
from tools.video.sweep import Sweep

def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

import av, decord
[part] = find_parts(sys.argv[1])[1]
recording = Recording("r", "r", (part,), scopes_for(part.duration))
before = peak()
segments = Plan(recording, recording.scopes).coarse()
assert len(segments) == 108 and abs(segments[-1].end - 86400) < 60, (len(segments), segments[-1])
sampling = Sampling(recording.scopes.fps[0], 160 * 120)
sweep = Sweep(recording, sampling)
for segment in (segments[0], segments[1], segments[50], segments[-1]):
    frames = sweep.frames(segment)
    assert len(frames) >= (segment.end - segment.start) * sampling.fps - 1
    for time, frame in zip(sampling.times(segment.start, segment.end), frames):
        assert abs(frame.time - time // 60 * 60) < 0.01 and read_time(frame.image) == round(frame.time / 1000, 3)
for reader in (PyAVReader(), DecordReader()):
    frames = read(recording, 86_000, 86_300, Sampling(1 / 30, 160 * 120), reader)
    assert [round(frame.time) for frame in frames] == [t // 60 * 60 for t in range(86_000, 86_300, 30)]
    assert [read_time(frame.image) for frame in frames] == [frame.time / 1000 for frame in frames]
print((peak() - before) // 1024)
"""


@needs_decord
@pytest.mark.parametrize("suffix", ["mp4", "mkv"])
def test_a_day_is_planned_swept_and_looked_at_in_flat_memory(tmp_path: Path, suffix: str) -> None:
    minutes = [60.0 * minute for minute in range(1440)]
    path = make_video(
        tmp_path / f"day.{suffix}", pts=minutes, size=SIZE, gop=10, fps=1 / 60, draw=lambda t: draw_time(t / 1000, SIZE)
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", _DAY, path], env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) < 64, f"{done.stdout} MB more"


def test_what_was_closed_does_not_wait_for_the_garbage_collector(tmp_path: Path) -> None:
    recording = recording_of(make_video(tmp_path / "v.mp4", 3, size=SIZE))
    gc.collect()
    gc.disable()
    try:
        pictures = Pictures(recording.parts[0], SAMPLING)
        assert pictures.at(1.0) is not None and pictures.at(0.5) is not None
        pictures.close()
        gone = weakref.ref(pictures)
        del pictures
        assert gone() is None
    finally:
        gc.enable()


@pytest.mark.parametrize(
    "name",
    ["file:x", "concat:a|b", "-x.mp4", "a b ü 字 🎬.mp4", "pipe:0", "%03d.mp4", "x[1]*?.mp4", "a'\"b\n.mp4", "#x"]
    + [os.fsdecode(b"caf\xe9.mp4"), "linked"],
)
def test_names_are_only_names(tmp_path: Path, folder: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = folder / "plain.mp4"
    if not plain.exists():
        make_video(plain, 1, size=SIZE)
    monkeypatch.chdir(tmp_path)
    if name == "linked":
        os.symlink(plain, name)
    else:
        Path(name).write_bytes(plain.read_bytes())
    recording = recording_of(name)
    for reader in READERS:
        assert [read_time(frame.image) for frame in read(recording, 0.5, 0.7, SAMPLING, reader)] == [0.5]


def test_what_is_no_video_is_one_clear_line(tmp_path: Path) -> None:
    whole = Path(make_video(tmp_path / "v.mp4", 3, size=SIZE)).read_bytes()
    files = {
        "empty.mp4": (b"", "is empty"),
        "text.mp4": (b"Dear diary, nothing moved today.\n" * 99, "not a media file"),
        "zeros.mp4": (bytes(100_000), "not a media file"),
        "noise.mkv": (np.random.default_rng(0).bytes(100_000), "not a media file"),
        "index-lost.mp4": (whole[: len(whole) * 6 // 10], "is it complete"),
        "header-only.mkv": (Path(make_video(tmp_path / "v.mkv", 1)).read_bytes()[:600], "cannot be decoded"),
    }  # fmt: skip
    for name, (content, words) in files.items():
        (tmp_path / name).write_bytes(content)
        with pytest.raises(BadInput, match=words) as caught:
            find_parts(str(tmp_path / name))
        assert len(str(caught.value).splitlines()) == 1


def test_the_codec_is_named_not_its_decoder(folder: Path) -> None:
    odd = next(odd for odd in ODD if odd.name == "av1.mp4")
    path = folder / odd.name
    assert probe(str(path) if path.exists() else odd.write(folder)).codec == "av1"
