"""What can go wrong with memory. Each message is one clear line."""

import shutil

MEND = "`videolucy doctor --store --repair` saves what can be saved"
"""What to do about a damaged store."""


class StoreError(Exception):
    """Memory cannot be used as it is: a newer schema, a damaged file, a server that is away."""


class StoreTooNew(StoreError):
    """A newer videolucy wrote this: it is whole, and nothing for us to mend."""


class StoreFull(StoreError):
    """The disk is full. What was stored before stays."""


class StoreBusy(StoreError):
    """Another process holds the store and did not give it up in time."""


class EmbedderError(StoreError):
    """Vectors could not be made: missing weights, or an endpoint that does not answer."""


_FULL = ("disk is full", "no space left", "quota exceeded")
_READ_ONLY = ("readonly database", "read-only file system", "permission denied")
_DAMAGED = ("malformed", "not a database", "hnsw", "error finding id", "disk i/o error", "could not decode")
_VAGUE = ("disk i/o error", "failed to apply logs")
_LITTLE = 8 * 2**20
"""Bytes of free space below which a failure to write that has no reason of its own is taken for a full disk."""


def remedy(said: str, where: str) -> str:
    """Return what to do about an error of SQLite, Chroma or the system; empty where that is not known.

    Args:
        said: the error's own words.
        where: an existing file or folder on the disk in question.
    """
    words = said.lower()
    if is_full(said, where):
        return f"free some space on the disk of {where}: what was made is kept"
    if any(word in words for word in _READ_ONLY):
        return f"make {where} writable, or name another place with VIDEOLUCY_HOME or VIDEOLUCY_STORE"
    return MEND if any(word in words for word in _DAMAGED) else ""


def is_full(said: str, where: str) -> bool:
    """Tell whether an error comes of a full disk; arguments as of `remedy`."""
    words = said.lower()
    return any(word in words for word in _FULL) or (any(word in words for word in _VAGUE) and _free(where) < _LITTLE)


def _free(where: str) -> int:
    try:
        return shutil.disk_usage(where).free
    except OSError:
        return _LITTLE
