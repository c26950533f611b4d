"""Where a model's files are, what they are known by, and what frames they want: read without loading them."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from pathlib import Path
from typing import Any

from tools.captioners.local.families import FAMILIES, OTHER, Family
from tools.errors import BadInput

_ANY_MULTIPLE = 2
"""Frames that the processor scales itself only need even sides."""
_HUB_NAME = re.compile(r"(?P<name>[\w.-]+/[\w.-]+)(?:@(?P<revision>[\w./-]+))?")
_BLOCK = 64 << 10
_BLOCKS = 16
"""Blocks of a weight file that are hashed: fine-tunes of one model differ nearly everywhere, but not in size."""
_LONGEST = 240


@dataclass(frozen=True)
class Checkpoint:
    """A model's files: a folder on this machine, or a name on the model hub."""

    source: str
    """Path of the folder, or the hub name."""
    local: bool
    revision: str | None = None
    """Branch, tag or commit on the hub; None: its main branch."""
    role: str = "captioner"
    """What it is used for, as errors say it."""

    @cached_property
    def name(self) -> str:
        """What its captions are signed with. A folder is known by its name and its content, wherever it lies."""
        if not self.local:
            return f"local:{self.source}" + (f"@{self.revision}" if self.revision else "")
        folder = Path(self.source)
        try:
            return f"local:{folder.resolve().name}-{_content(folder)}"
        except OSError as problem:
            raise BadInput(f"{self.role} local:{self.source}: {problem.strerror or problem}") from None

    @cached_property
    def config(self) -> dict[str, Any]:
        """Its `config.json`, fetched from the hub if need be. Raises `BadInput`."""
        path = Path(self.source) / "config.json" if self.local else self._from_hub("config.json")
        try:
            found = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            found = None
        if not isinstance(found, dict):
            raise BadInput(f"{self.role} local:{self.source}: its config.json cannot be read")
        return found

    @property
    def family(self) -> Family:
        return FAMILIES.get(str(self.config.get("model_type")), OTHER)

    @cached_property
    def multiple(self) -> int:
        """Pixels that the sides of its frames are multiples of."""
        family, vision = self.family, self.config.get("vision_config")
        if not family.patch:
            return _ANY_MULTIPLE
        sizes = vision if isinstance(vision, dict) else {}
        sides = sizes.get("patch_size") or family.patch, sizes.get("spatial_merge_size") or family.merge
        if not all(isinstance(side, int) and side > 0 for side in sides):
            raise BadInput(f"{self.role} local:{self.source}: its config.json has no usable patch size")
        return int(sides[0] * sides[1])

    def check(self) -> None:
        """Raise `BadInput` unless its config can be had, from the hub if need be, and understood."""
        _ = self.multiple

    def _from_hub(self, file: str) -> Path:
        from huggingface_hub import hf_hub_download, is_offline_mode
        from huggingface_hub.errors import LocalEntryNotFoundError

        try:
            # What the cache holds will do, and spares a run without a network the hub's patience.
            with suppress(LocalEntryNotFoundError):
                return Path(hf_hub_download(self.source, file, revision=self.revision, local_files_only=True))
            return Path(hf_hub_download(self.source, file, revision=self.revision))
        except Exception as problem:
            # The hub's client fails in its own ways, its network library's and the file system's.
            said = f"{type(problem).__name__}: {one_line(problem)}"
            why = "HF_HUB_OFFLINE is set, and its cache lacks it" if is_offline_mode() else said
            raise BadInput(
                f"{self.role} local:{self.source}: there is no such folder, and the model hub did not give it ({why})"
            ) from None


def find_checkpoint(text: str, role: str = "captioner") -> Checkpoint:
    """Return the checkpoint that the setting `local:TEXT` of a `role` means. Raises `BadInput`.

    Nothing is fetched or loaded; a folder must be there and hold a `config.json`.
    """
    folder = Path(os.path.expanduser(text))
    if text and folder.is_dir():
        if not (folder / "config.json").is_file():
            raise BadInput(f"{role} local:{text}: the folder has no config.json, so it holds no transformers model")
        return Checkpoint(str(folder), local=True, role=role)
    hub = _HUB_NAME.fullmatch(text)
    if not hub or text.startswith("."):
        raise BadInput(f"{role} local:{text}: there is no such folder; give one, or a hub name such as OWNER/MODEL")
    return Checkpoint(hub["name"], local=False, revision=hub["revision"], role=role)


def one_line(problem: BaseException) -> str:
    """Return the first sentence or line of what a library says, short enough to show."""
    line = next((line.strip() for line in str(problem).splitlines() if line.strip()), type(problem).__name__)
    return line if len(line) <= _LONGEST else line[:_LONGEST] + "…"


def _content(folder: Path) -> str:
    """Return a short digest of what decides a model's words: its settings, and samples of its weights."""
    hashed = blake2b(digest_size=5)
    for path in sorted(folder.iterdir()):
        if path.suffix in (".json", ".jinja", ".safetensors"):
            hashed.update(f"{path.name} {path.stat().st_size}\n".encode())
            for block in _blocks(path):
                hashed.update(block)
    return hashed.hexdigest()


def _blocks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        last = max(0, os.fstat(file.fileno()).st_size - _BLOCK)
        for index in range(_BLOCKS):
            file.seek(last * index // (_BLOCKS - 1))
            yield file.read(_BLOCK)
