"""Files that lie: containers written or patched by hand, each small on disk, with what it claims."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable
from pathlib import Path

from tests.media import make_video

_PARENTS = {b"moov", b"trak", b"mdia", b"minf", b"stbl", b"edts", b"udta", b"dinf"}
SMALL = {"seconds": 2, "size": (160, 120)}


# MP4: a tree of boxes, each with its length and four letters.


def box(name: bytes, *payload: bytes) -> bytes:
    """Return one box of an MP4 file."""
    content = b"".join(payload)
    return struct.pack(">I4s", len(content) + 8, name) + content


def rewritten(data: bytes, changes: dict[bytes, bytes | None]) -> bytes:
    """Return MP4 boxes with the payloads of the named ones replaced, or (None) the boxes left out.

    The file must keep its index behind its pictures: their places must not move.
    """
    out, at = [], 0
    while at + 8 <= len(data):
        length, name = struct.unpack_from(">I4s", data, at)
        content = data[at + 8 : at + length]
        if name in changes:
            payload = changes[name]
            out.append(b"" if payload is None else box(name, payload))
        else:
            out.append(box(name, rewritten(content, changes) if name in _PARENTS else content))
        at += length
    return b"".join(out)


def payload(data: bytes, name: bytes) -> bytes:
    """Return what the first box of this name holds."""
    at = data.index(name)
    (length,) = struct.unpack_from(">I", data, at - 4)
    return data[at + 4 : at - 4 + length]


def small(folder: Path, name: str, **how: object) -> bytes:
    """Return an honest video's bytes; the suffix of `name` decides the container."""
    return Path(make_video(folder / f"honest-{name}", **{**SMALL, **how})).read_bytes()  # type: ignore[arg-type]


def patched(folder: Path, **changes: bytes | None) -> bytes:
    """Return an honest MP4 with the payloads of boxes replaced."""
    return rewritten(small(folder, "base.mp4"), {name.encode(): value for name, value in changes.items()})


def words(*values: int) -> bytes:
    """Return 32-bit numbers as MP4 keeps them."""
    return struct.pack(f">{len(values)}I", *(value & 0xFFFFFFFF for value in values))


def lasting(folder: Path, seconds: int, thinly: bool = False) -> bytes:
    """Return an MP4 that claims to last `seconds`; `thinly` in its pictures' times too."""
    data = small(folder, "base.mp4")
    unit, count = 4, len(payload(data, b"stsz")) // 4 - 3
    head = words(0, 0, 0, unit, min(seconds * unit, 2**32 - 2))
    changes: dict[bytes, bytes | None] = {
        b"mdhd": head + payload(data, b"mdhd")[20:],
        b"mvhd": head + payload(data, b"mvhd")[20:],
        b"edts": None,
        b"ctts": None,
        b"stts": words(0, 1, count, min(seconds * unit // count, 2**31 - 1) if thinly else 1),
    }
    return rewritten(data, changes)


def at_rate(folder: Path, fps: int) -> bytes:
    """Return an MP4 whose pictures follow each other in 1/`fps` seconds."""
    data = small(folder, "base.mp4")
    count = len(payload(data, b"stsz")) // 4 - 3
    head = words(0, 0, 0, fps, count)
    changes = {b"mdhd": head + payload(data, b"mdhd")[20:], b"mvhd": head + payload(data, b"mvhd")[20:]}
    return rewritten(data, {**changes, b"edts": None, b"ctts": None, b"stts": words(0, 1, count, 1)})


def with_edits(folder: Path, edits: int) -> bytes:
    """Return an MP4 whose edit list shows the whole of it `edits` times over."""
    data = rewritten(small(folder, "base.mp4"), {b"edts": None})
    head = box(b"tkhd", payload(data, b"tkhd"))
    listed = box(b"edts", box(b"elst", words(0, edits), words(2000, 0, 0x10000) * edits))
    moov = payload(data, b"moov")
    trak = payload(data, b"trak")
    new_trak = box(b"trak", trak.replace(head, head + listed))
    return data.replace(box(b"moov", moov), box(b"moov", moov.replace(box(b"trak", trak), new_trak)))


def with_tracks(folder: Path, tracks: int) -> bytes:
    """Return an MP4 with its one track listed `tracks` times."""
    data = small(folder, "base.mp4")
    moov, trak = payload(data, b"moov"), box(b"trak", payload(data, b"trak"))
    return data.replace(box(b"moov", moov), box(b"moov", moov.replace(trak, trak * tracks)))


def in_pieces(folder: Path, samples: int, seconds: float = 2, indexed: bool = False) -> bytes:
    """Return a fragmented MP4 the last piece of which claims `samples` pictures, without a byte for each.

    Where it is `indexed`, libav reads each piece only when its turn comes.
    """
    flags = "frag_keyframe+empty_moov+default_base_moof" + ("+global_sidx+skip_trailer" if indexed else "")
    data = bytearray(small(folder, "pieces.mp4", muxer={"movflags": flags}, seconds=seconds))
    run = box(b"trun", words(0x000001, samples, 8))
    header = box(b"tfhd", words(0x020038, 1, 1, 1, 0))
    bomb = box(b"moof", box(b"mfhd", words(0, 99)), box(b"traf", header, run)) + box(b"mdat", b"12345678")
    if indexed:
        # The index must reach to the end of the file: its last piece grows by the bomb.
        at = data.index(b"sidx") - 4
        last = at + int.from_bytes(data[at : at + 4], "big") - 12
        data[last : last + 4] = (int.from_bytes(data[last : last + 4], "big") + len(bomb)).to_bytes(4, "big")
    return bytes(data) + bomb


# Matroska: elements, each with an id and a length.


def element(id: str, *payload: bytes) -> bytes:
    """Return one Matroska element; `id` in hex."""
    content = b"".join(payload)
    return bytes.fromhex(id) + (len(content) | 1 << 56).to_bytes(8, "big") + content


def number(id: str, value: int) -> bytes:
    return element(id, value.to_bytes(8, "big"))


def matroska(*parts: bytes, seconds: float = 0) -> bytes:
    """Return a Matroska file of these top-level elements."""
    head = element("1a45dfa3", element("4282", b"matroska"))
    length = element("4489", struct.pack(">d", seconds * 1000)) if seconds else b""
    return head + element("18538067", element("1549a966", number("2ad7b1", 1_000_000), length), *parts)


def track(index: int, codec: str, width: int = 160, height: int = 120, kind: int = 1, private: bytes = b"") -> bytes:
    """Return one track of a Matroska file: `kind` 1 is pictures, 17 text."""
    size = element("e0", number("b0", width), number("ba", height)) if kind == 1 else b""
    said = (number("d7", index), number("73c5", index), number("83", kind), element("86", codec.encode()))
    return element("ae", *said, size, element("63a2", private) if private else b"")


def tracks(*entries: bytes) -> bytes:
    return element("1654ae6b", *entries)


def block(index: int, milliseconds: int, content: bytes, key: bool = True, lasts: int = 0) -> bytes:
    """Return one block; `lasts` milliseconds where that must be said (text)."""
    head = (0x4000 | index).to_bytes(2, "big") + struct.pack(">h", milliseconds)
    if lasts:
        return element("a0", element("a1", head, b"\0", content), number("9b", lasts))
    return element("a3", head, b"\x80" if key else b"\0", content)


def cluster(seconds: float, *blocks: bytes) -> bytes:
    return element("1f43b675", number("e7", round(seconds * 1000)), *blocks)


def attachment(name: str, kind: str, content: bytes) -> bytes:
    """Return the attachments of a Matroska file: one file."""
    said = (element("466e", name.encode()), element("4660", kind.encode()), number("46ae", 7))
    return element("1941a469", element("61a7", *said, element("465c", content)))


def packets(folder: Path, name: str, **how: object) -> tuple[list[tuple[float, bytes, bool]], bytes]:
    """Return the packets of an honest video (seconds, bytes, key frame) and its decoder's private data."""
    import av

    with av.open(make_video(folder / f"honest-{name}", **{**SMALL, **how})) as container:  # type: ignore[arg-type]
        stream = container.streams.video[0]
        found = [
            (float(packet.pts * stream.time_base), bytes(packet), packet.is_keyframe)
            for packet in container.demux(stream)
            if packet.pts is not None
        ]
        return found, stream.codec_context.extradata or b""


def vp9_sized(packet: bytes, width: int, height: int) -> bytes:
    """Return a VP9 key frame that claims another size (each side up to 65,536)."""
    bits = int.from_bytes(packet[:16], "big")
    for value, start in ((width - 1, 36), (height - 1, 52)):
        shift = 128 - start - 16
        bits = bits & ~(0xFFFF << shift) | value << shift
    return bits.to_bytes(16, "big") + packet[16:]


def png(width: int, height: int, rows: int = 1) -> bytes:
    """Return a black-and-white PNG that claims any size, with `rows` of it."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    squeezer = zlib.compressobj(9)
    row = bytes(1 + (width + 7) // 8)
    squeezed = b"".join(squeezer.compress(row) for _ in range(rows)) + squeezer.flush()
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", squeezed) + chunk(b"IEND", b"")


def film(
    folder: Path, *parts: bytes, entries: Iterable[bytes] = (), shown: Iterable[bytes] = (), seconds: float = 2
) -> bytes:
    """Return a Matroska file with two seconds of real pictures beside other parts, tracks and blocks."""
    found, private = packets(folder, "film.mkv")
    pictures = cluster(0, *(block(1, round(time * 1000), content, key) for time, content, key in found), *shown)
    first = track(1, "V_MPEG4/ISO/AVC", private=private)
    return matroska(tracks(first, *entries), *parts, pictures, seconds=seconds)
