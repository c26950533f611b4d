"""llama.cpp's server inside this process, through xllamacpp: one place that starts it, private to this process."""

from __future__ import annotations

import os
import secrets
import struct
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any

from tools.errors import BadInput

_HEADER = struct.Struct("<4sIQQ")
"""Magic, version, number of tensors, number of metadata entries."""
_VERSIONS = (2, 3)
_MOST = 1_000_000
"""Tensors, or entries; the loader believes any number it reads, and one from a broken file can end the process."""
_EDGE = 1 << 20
"""Bytes at each end of a file that tell it from another one of its size."""


@dataclass(frozen=True)
class Gguf:
    """A model file, and the file of its vision half if it has one."""

    path: Path
    mmproj: Path | None = None

    @classmethod
    def of(cls, path: str, mmproj: str = "", setting: str = "captioner") -> Gguf:
        """Return the model in these files. Raises `BadInput` for one that is missing or no GGUF file."""
        files = [Path(given).expanduser() for given in (path, mmproj) if given]
        for file in files:
            if not file.is_file():
                raise BadInput(f"setting {setting}: there is no file {str(file)!r}")
            try:
                with file.open("rb") as opened:
                    header = opened.read(_HEADER.size)
            except OSError as problem:
                raise BadInput(f"setting {setting}: {file} cannot be read: {problem.strerror}") from None
            if not _is_gguf(header):
                raise BadInput(f"setting {setting}: {file} is not a GGUF file")
        return cls(files[0], files[1] if mmproj else None)

    @property
    def name(self) -> str:
        """The file's name and a digest of what is in both files, wherever they lie."""
        hashed = blake2b(digest_size=4)
        for file in filter(None, (self.path, self.mmproj)):
            size = file.stat().st_size
            hashed.update(str(size).encode())
            with file.open("rb") as opened:
                hashed.update(opened.read(_EDGE))
                opened.seek(max(0, size - _EDGE))
                hashed.update(opened.read(_EDGE))
        return f"{self.path.stem}-{hashed.hexdigest()}"


def _is_gguf(header: bytes) -> bool:
    if len(header) < _HEADER.size:
        return False
    magic, version, tensors, entries = _HEADER.unpack(header)
    return magic == b"GGUF" and version in _VERSIONS and tensors < _MOST and entries < _MOST


def start(model: Gguf, *, context: int, key: str = "", gpu: bool = False) -> Any:
    """Return a running server on a free loopback port; it ends when the object is dropped.

    Requests need `key`; without one nobody is told it, and they come through the object. Blocks until the model is
    loaded. Raises `RuntimeError` where it cannot be.
    """
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = str(model.path)
    if model.mmproj:
        params.mmproj.path = str(model.mmproj)
        params.mmproj_use_gpu = gpu
    params.n_ctx, params.n_parallel = context, 1
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = max(1, min(4, os.cpu_count() or 1))
    params.hostnames, params.port = ["127.0.0.1"], 0
    params.api_keys = [key or secrets.token_urlsafe(24)]
    params.ui = params.endpoint_slots = False
    params.n_gpu_layers = 999 if gpu else 0
    params.warmup, params.use_jinja, params.offline = False, True, True
    params.verbosity = 0
    return xllamacpp.Server(params)
