"""Broken and hostile files, each made on the spot, with what is to be said of it."""

from __future__ import annotations

import os
import random
import socket
import struct
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.hostile_media import (
    at_rate,
    attachment,
    block,
    box,
    cluster,
    element,
    film,
    in_pieces,
    lasting,
    matroska,
    packets,
    patched,
    png,
    small,
    track,
    tracks,
    vp9_sized,
    with_edits,
    with_tracks,
    words,
)
from tests.media import make_video
from tests.odd_videos import cut, hole

DAY = 86_400


@dataclass(frozen=True)
class Case:
    """One hostile file: how it is made, and what must come of it."""

    name: str
    make: Callable[[Path], object]
    """Makes it at a path; or returns the bytes to write there, given the folder."""
    says: str = ""
    """What the one line says (a pattern); empty where the file is answered."""
    given: str = ""
    """What the command is given, where it is not the path of the file."""

    def write(self, folder: Path) -> str:
        """Make the file in `folder` and return what the command is to be given."""
        path = folder / self.name
        made = self.make(path)
        if isinstance(made, bytes):
            path.write_bytes(made)
        return self.given or str(path)


def _film(path: Path) -> None:
    make_video(path, seconds=2, size=(160, 120))


def _linked(path: Path) -> None:
    _film(path.parent / "target.mp4")
    path.symlink_to(path.parent / "target.mp4")


def _socket(path: Path) -> None:
    # Its address may not be long.
    here = os.getcwd()
    os.chdir(path.parent)
    try:
        with socket.socket(socket.AF_UNIX) as server:
            server.bind(path.name)
    finally:
        os.chdir(here)


def _folder(*names: str) -> Callable[[Path], None]:
    def make(path: Path) -> None:
        path.mkdir()
        for name in names:
            (path / name).write_bytes(b"no video at all")

    return make


def _sparse(head: bytes, size: int) -> Callable[[Path], None]:
    """Return what makes a file that claims `size` bytes and takes next to none."""

    def make(path: Path) -> None:
        path.write_bytes(head)
        os.truncate(path, size)

    return make


def _nothing(path: Path) -> None:
    """Leave the place empty."""


def _vp9(folder: Path, *shown: tuple[float, tuple[int, int]], seconds: float = 2, size: int = 160) -> bytes:
    """Return a film of one VP9 key frame, shown at the given seconds with the size it then claims."""
    first = packets(folder, "v.webm", codec="libvpx-vp9")[0][0][1]
    clusters = (cluster(time, block(1, 0, vp9_sized(first, *claimed))) for time, claimed in shown)
    return matroska(tracks(track(1, "V_VP9", size, size)), *clusters, seconds=seconds)


def _pictures(side: int) -> bytes:
    """Return a film of one complete PNG picture with sides so long."""
    head = struct.pack("<IiiHH4sIiiII", 40, side, side, 1, 24, b"MPNG", 0, 0, 0, 0, 0)
    shown = cluster(0, block(1, 0, png(side, side, side)))
    return matroska(tracks(track(1, "V_MS/VFW/FOURCC", side, side, private=head)), shown, seconds=1)


def _cut_at(share: float, name: str) -> Callable[[Path], None]:
    def make(path: Path) -> None:
        path.write_bytes(small(path.parent, name, seconds=4))
        cut(share)(path)

    return make


def _headless(path: Path) -> bytes:
    return small(path.parent, "headless.ts", seconds=4)[5_000:]


def _holed(path: Path) -> None:
    path.write_bytes(small(path.parent, "holed.mkv", seconds=4))
    hole(path)


def _no_key_frames(path: Path) -> bytes:
    found, private = packets(path.parent, "film.mkv", gop=30)
    shown = cluster(0, *(block(1, round(time * 1000), content, False) for time, content, key in found if not key))
    return matroska(tracks(track(1, "V_MPEG4/ISO/AVC", private=private)), shown, seconds=2)


def _replaced_by(**boxes: bytes) -> Callable[[Path], bytes]:
    return lambda path: patched(path.parent, **boxes)


_NAMED = "no such file|cannot read"
_PLAYLIST = b"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n/etc/passwd\n#EXT-X-ENDLIST\n"
_FIRST = box(b"ftyp", b"isom\0\0\0\0isom")
_FAR = 2**31 - 1

NAMES = (
    Case("a b  c.mp4", _film),
    Case("日本語 🎬 ü.mp4", _film),
    Case("new\nline\x1b[31m.mp4", _film),
    Case("-rf.mp4", _film),
    Case("%03d [x] *?.mp4", _film),
    Case(os.fsdecode(b"caf\xe9.mp4"), _film),
    Case("link.mp4", _linked),
    Case("n" * 251 + ".mp4", _film),
    Case("too-long", _nothing, _NAMED, given="n" * 5_000),
    Case("absent.mp4", _nothing, "no such file"),
    Case("nul", _nothing, "cannot read", given="nul\0.mp4"),
    Case("blank", _nothing, "no video was given", given="   "),
    Case("through", _nothing, "not a media file", given="../" * 3_000 + "etc/passwd"),
)
"""What a file may be called."""

PLACES = (
    Case("loop.mp4", lambda path: path.symlink_to(path), "cannot read"),
    Case("dangling.mp4", lambda path: path.symlink_to("nowhere.mp4"), "no such file"),
    Case("pipe.mp4", lambda path: os.mkfifo(path), "not a regular file"),
    Case("socket.mp4", _socket, "not a regular file"),
    Case("zero", _nothing, "not a regular file", given="/dev/zero"),
    Case("null", _nothing, "not a regular file", given="/dev/null"),
    Case("kernel", _nothing, "empty", given="/proc/self/maps"),
    Case("folder", _folder(), "holds no video files"),
    Case("texts", _folder("a.pdf", ".hidden.mp4"), "holds no video files"),
    Case("broken", _folder("a.mp4", "b.mkv"), "a.mp4 is not"),
    Case("list.m3u", lambda path: b"\n".join([b"list.m3u"] * 3), "not a media file"),
    Case("endless.txt", _sparse(b"a.mp4\n", 1 << 32), "too large for a list"),
)
"""What is no file, or not one to be read."""

CONTENTS = (
    Case("empty.mp4", lambda path: b"", "is empty"),
    Case("text.mp4", lambda path: b"Dear diary,\n" * 500, "not a media file"),
    Case("picture.mp4", lambda path: png(64, 64, 64), "not a video file"),
    Case("playlist.mp4", lambda path: _PLAYLIST, "not a (media|video) file"),
    Case("noise.mkv", lambda path: random.Random(5).randbytes(200_000), "not a media file"),
    Case("holes.mp4", _sparse(b"", 20 << 30), "not a media file"),
    Case("holes.ts", _sparse((b"G" + bytes(187)) * 3, 20 << 30), "not a media file"),
    Case("spare.mp4", _sparse(_FIRST + struct.pack(">I4sQ", 1, b"free", 20 << 30), 20 << 30), "is it complete"),
    Case("tail-lost.mp4", _cut_at(0.7, "whole.mp4"), "is it complete"),
    Case("tail-lost.mkv", _cut_at(0.5, "whole.mkv")),
    Case("tail-lost.avi", _cut_at(0.5, "whole.avi")),
    Case("head-lost.ts", _headless),
    Case("holed.mkv", _holed),
)
"""What holds no video, or half of one."""

CLAIMS = (
    Case("ages.mp4", lambda path: lasting(path.parent, 10**9)),
    Case("ages-shown.mp4", lambda path: lasting(path.parent, 10**9, thinly=True), "claims to last 11,574 days"),
    Case("ages.mkv", lambda path: _vp9(path.parent, (0, (160, 120)), seconds=1e9)),
    Case("far.mkv", lambda path: _vp9(path.parent, (0, (160, 120)), (10**9, (160, 120))), "claims to last 11,574 days"),
    Case("never.mkv", lambda path: _vp9(path.parent, (0, (160, 120)), seconds=float("nan"))),
    Case("before.mkv", lambda path: _vp9(path.parent, (0, (160, 120)), seconds=-5)),
    Case("rapid.mp4", lambda path: at_rate(path.parent, 10**6)),
    Case("backwards.mp4", _replaced_by(stts=words(0, 2, 10, _FAR + 6, 10, 2**32 - 1))),
    Case("wild.mp4", _replaced_by(ctts=words(0, 4, 5, _FAR, 5, -(2**31), 5, 17, 5, -(2**30)))),
    Case("no-pictures.mp4", _replaced_by(stsz=words(0, 0, 0), stts=words(0, 0), stsc=words(0, 0)), "cannot be decoded"),
    Case("no-keys.mp4", _replaced_by(stss=words(0, 0))),
    Case("no-keys.mkv", _no_key_frames, "cannot be decoded|$"),
    Case("vast.mkv", lambda path: _vp9(path.parent, (0, (65_536, 65_536)), size=10**6), "are said to be|cannot be dec"),
    Case("vast-raw.mkv", lambda path: matroska(
        tracks(track(1, "V_UNCOMPRESSED", 10**6, 10**6)), cluster(0, block(1, 0, bytes(999))), seconds=2
    ), "are said to be|cannot be decoded"),
    Case("grows.mkv", lambda path: _vp9(path.parent, (0, (160, 120)), *((n, (16_000, 16_000)) for n in range(1, 9)))),
    Case("poster.mkv", lambda path: _pictures(12_000), "are said to be|cannot be decoded"),
)  # fmt: skip
"""What a file says of itself."""

BOMBS = (
    Case("pieces.mp4", lambda path: in_pieces(path.parent, 2**27), "takes more memory"),
    Case("late-pieces.mp4", lambda path: in_pieces(path.parent, 2**27, 60, indexed=True), "takes more memory"),
    Case("samples.mp4", _replaced_by(stsz=words(0, 1, 2**27), stsc=words(0, 1, 1, 2**27, 1)), "cannot be decoded|take"),
    Case("edits.mp4", lambda path: with_edits(path.parent, 2 * 10**6), "takes more memory"),
    Case("tracks.mp4", lambda path: with_tracks(path.parent, 5_000), "takes more memory|kind|not a media"),
    Case("tracks.mkv", lambda path: film(path.parent, entries=[track(n, "V_VP8") for n in range(2, 3_000)])),
    Case("decoders.mkv", lambda path: film(path.parent, entries=[
        track(n, "V_MPEG4/ISO/AVC", private=packets(path.parent, "h.mkv")[1] if n == 2 else b"") for n in range(2, 900)
    ])),
    Case("cover.mkv", lambda path: film(path.parent, attachment("c.png", "image/png", png(60_000, 60_000, 60_000)))),
    Case("font.mkv", lambda path: film(path.parent, attachment("a.ttf", "font/ttf", bytes(90 << 20))), "takes more"),
    Case("deep.mp4", lambda path: _FIRST + b"".join(
        struct.pack(">I4s", 8 * (50_000 - n), b"moov") for n in range(50_000)
    ), "is it complete"),
    Case("deep.mkv", lambda path: matroska(_nested(2_000)), "neither|not a media|cannot"),
)  # fmt: skip
"""What takes far more memory or time than its size."""


def _nested(levels: int) -> bytes:
    """Return tags within tags."""
    inner = b""
    for _ in range(levels):
        inner = element("67c8", element("45a3", b"a"), inner)
    return element("1254c367", element("7373", inner))


FILES = {"names": NAMES, "places": PLACES, "contents": CONTENTS, "claims": CLAIMS, "bombs": BOMBS}
"""Every hostile file, by kind."""


def mutated(content: bytes, chance: random.Random) -> bytes:
    """Return a file damaged at random: flipped, overwritten, doubled, cut out or cut off."""
    data = bytearray(content)
    for _ in range(chance.choice((1, 3, 20))):
        at, length = chance.randrange(len(data)), chance.choice((1, 4, 64, 2_000))
        kind = chance.choice(("flip", "flip", "ones", "random", "double", "drop", "cut"))
        if kind == "flip":
            data[at] ^= 1 << chance.randrange(8)
        elif kind == "ones":
            data[at : at + 4] = b"\xff" * len(data[at : at + 4])
        elif kind == "random":
            data[at : at + length] = chance.randbytes(len(data[at : at + length]))
        elif kind == "double":
            data[at:at] = data[at : at + length]
        elif kind == "drop":
            del data[at : at + length]
        elif len(data) > 2_000:
            del data[-chance.randrange(1, len(data) // 2) :]
    return bytes(data)


_CUE = "1\n00:00:01,000 --> 00:00:02,000\n"
_MEGA = 1 << 20


def _entities() -> str:
    """Return XML whose few entities stand for a billion words."""
    listed = "".join(f'<!ENTITY a{n + 1} "{f"&a{n};" * 10}">' for n in range(9))
    shown = '<p begin="00:00:01.000" end="00:00:02.000">&a9;</p>'
    return (
        f'<?xml version="1.0"?><!DOCTYPE tt [<!ENTITY a0 "ha">{listed}]>'
        f'<tt xmlns="http://www.w3.org/ns/ttml"><body><div>{shown}</div></body></tt>'
    )


def _styled(text: str) -> str:
    fields = "Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text"
    cue = "Dialogue: 0,0:00:01.00,0:00:02.00,Default,,0,0,0,,"
    return f"[Script Info]\n\n[V4+ Styles]\n\n[Events]\nFormat: {fields}\n{cue}{text}\n"


def _text(text: str) -> Callable[[Path], bytes]:
    return lambda path: text.encode()


SUBTITLES = (
    Case("large.srt", _sparse(_CUE.encode(), 100 << 20), "too large"),
    Case("rows.srt", lambda path: _CUE.encode() + b"a\n" * (2 * _MEGA), "too large"),
    Case("one-cue.srt", lambda path: _CUE.encode() + b"word " * (3 * _MEGA)),
    Case("many-cues.srt", lambda path: _CUE.encode().replace(b"\n", b"\nx\n", 1) * 200_000),
    Case("braces.srt", _text(_CUE + "{" * _MEGA)),
    Case("tags.srt", _text(_CUE + "<i>" * _MEGA)),
    Case("half-tags.srt", _text(_CUE + "<a" * _MEGA)),
    Case("spaces.srt", _text(_CUE + "<" + " " * _MEGA + "i>")),
    Case("blank-rows.srt", _text(_CUE + "a" + "\n" * 900_000 + "b")),
    Case("numbers.srt", _text(_CUE + "a\n" + "1" * _MEGA + " b")),
    Case("overrides.ass", _text(_styled("{\\b1}" * _MEGA))),
    Case("drawing.ass", _text(_styled("{\\p1}" + "m 0 0 l 9 9 " * 100_000))),
    Case("entities.srt", _text(_entities()), "cannot be read as subtitles"),
    Case(
        "deep-xml.vtt", _text("<tt xmlns='http://www.w3.org/ns/ttml'>" + "<p>" * _MEGA), "cannot be read as subtitles"
    ),
    Case("deep-json.srt", _text('{"events":' + "[" * _MEGA), "cannot be read as subtitles"),
    Case("frames.srt", _text("{1}{2}" + "a|" * _MEGA), "cannot be read as subtitles"),
    Case("binary.srt", lambda path: random.Random(1).randbytes(_MEGA), "cannot be read as subtitles"),
    Case("wide.srt", lambda path: b"\xff\xfe" + random.Random(2).randbytes(_MEGA), "cannot be read as subtitles"),
    Case("wrong-encoding.srt", lambda path: (_CUE + "Grüße").encode("utf-16-le"), "cannot be read as subtitles"),
    Case("pipe.srt", lambda path: os.mkfifo(path), "cannot be read|not a"),
)
"""Words beside a video."""
