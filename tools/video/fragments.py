"""How many pictures and sounds the pieces of a fragmented MP4 claim: libav believes each piece when it comes to it."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import BinaryIO

_HEAD = struct.Struct(">I4s")
_LARGEST = 64 << 20
"""Bytes of a piece's index."""


def claimed_samples(path: str) -> int:
    """Return how many samples the indexes of all pieces claim; 0 for other files. Raises `OSError`.

    A few bytes can claim 2^32 of them, at the end of the file too, where opening does not look.
    """
    with open(path, "rb") as file:
        return sum(_samples(index) for index in _indexes(file))


def _indexes(file: BinaryIO) -> Iterator[bytes]:
    """Yield the content of each top-level `moof` box."""
    at = 0
    while len(head := file.read(_HEAD.size)) == _HEAD.size:
        length, name = _HEAD.unpack(head)
        if at == 0 and name not in (b"ftyp", b"styp", b"moov", b"moof", b"sidx"):
            return
        used = _HEAD.size
        if length == 1:
            length, used = int.from_bytes(file.read(8), "big"), 16
        if length < used:
            return
        if name == b"moof":
            yield file.read(min(length - used, _LARGEST))
        at += length
        file.seek(at)


def _samples(boxes: bytes) -> int:
    """Return the samples that the boxes inside a piece's index claim."""
    at = found = 0
    while at + 16 <= len(boxes):
        length, name = _HEAD.unpack_from(boxes, at)
        if name == b"traf":
            found += _samples(boxes[at + 8 : at + length])
        elif name == b"trun":
            found += int.from_bytes(boxes[at + 12 : at + 16], "big")
        if length < 8:
            break
        at += length
    return found
