"""Content identity: the same pictures under another name are the same part."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from hashlib import blake2b
from typing import BinaryIO

from tools.errors import BadInput
from tools.video.container import open_container, picture_stream, require_file

WHOLE = 64 << 20
"""Files up to this many bytes are always hashed whole."""
_EDGE = 1 << 20
_BLOCK = 64 << 10
_SAMPLES = 64
_ENTRY = struct.Struct("<qqqi")


def part_id(path: str, full: bool = False) -> str:
    """Return the identity of a file's content as 32 hex characters; name and dates play no part.

    A file larger than `WHOLE` is known by its size, the container's index (time, place and size of
    every picture), its head and tail, and evenly spaced blocks; `full` hashes all of it instead.
    Raises `BadInput` where the file cannot be read.
    """
    size = require_file(path).st_size
    # The two ways of hashing must never meet in one id.
    whole = full or size <= WHOLE
    hashed = blake2b(b"whole" if whole else b"sampled", digest_size=16)
    hashed.update(size.to_bytes(8, "little"))
    try:
        with open(path, "rb") as file:
            for chunk in _all(file) if whole else _samples(file, size):
                hashed.update(chunk)
    except OSError as problem:
        raise BadInput(f"cannot read {path}: {problem.strerror}") from None
    if not whole:
        for chunk in _index(path):
            hashed.update(chunk)
    return hashed.hexdigest()


def sampled(path: str, size: int) -> bytes:
    """Return a hash of samples of a file's first `size` bytes, of all of them where they are few. Raises `OSError`."""
    hashed = blake2b(digest_size=16)
    with open(path, "rb") as file:
        for block in _samples(file, size) if size > _EDGE + _SAMPLES * _BLOCK else [file.read(size)]:
            hashed.update(block)
    return hashed.digest()


def _all(file: BinaryIO) -> Iterator[bytes]:
    while chunk := file.read(_EDGE):
        yield chunk


def _samples(file: BinaryIO, size: int) -> Iterator[bytes]:
    yield file.read(_EDGE)
    for index in range(1, _SAMPLES + 1):
        file.seek(index * (size - _BLOCK) // (_SAMPLES + 1))
        yield file.read(_BLOCK)
    file.seek(size - _EDGE)
    yield file.read(_EDGE)


def _index(path: str) -> Iterator[bytes]:
    with open_container(path) as container:
        stream = picture_stream(container)
        if stream is None:
            return
        for entry in stream.index_entries:
            yield _ENTRY.pack(entry.timestamp, entry.pos, entry.size, entry.flags)
