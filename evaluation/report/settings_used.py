"""The settings a run used, kept beside its records: by the digest that each record names."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from evaluation.readers.fields import read_json
from evaluation.report.writing import replace_file
from graph.explanation import changed_settings
from tools.errors import BadInput
from tools.settings import Settings

FILE = "settings.json"
_OF_THE_MACHINE = {"home", "store"}


def read_used(folder: Path) -> dict[str, Mapping[str, Any]]:
    """Return the settings other than the defaults by their digest; none where none were kept. Raises `BadInput`."""
    path = folder / FILE
    found = read_json(path) if path.exists() else {}
    if not isinstance(found, dict) or not all(isinstance(one, dict) for one in found.values()):
        raise BadInput(f"{path}: an object of settings by their digest is expected; without the file they are not told")
    return found


class SettingsUsed:
    """Notes each settings of a run once. Raises `BadInput` where they cannot be read or written."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._known = read_used(folder)

    def __contains__(self, digest: str) -> bool:
        return digest in self._known

    def note(self, digest: str, settings: Settings) -> None:
        """Keep what settings differ from the defaults in, without what is a machine's own."""
        given = settings.model_dump(mode="json", exclude=_OF_THE_MACHINE)
        self._known[digest] = {name: _public(value) for name, value in changed_settings(given).items()}
        try:
            replace_file(self._folder / FILE, json.dumps(self._known, ensure_ascii=False, indent=1) + "\n")
        except OSError as problem:
            raise BadInput(f"the settings cannot be kept in {self._folder}: {problem.strerror}") from None


def _public(value: Any) -> Any:
    """Return a setting; of an address, without what may be a key: user, password and query."""
    if not isinstance(value, str) or "://" not in value:
        return value
    try:
        parts = urlsplit(value)
        return parts._replace(netloc=parts.netloc.rpartition("@")[2], query="", fragment="").geturl()
    except ValueError:
        return "an address"
