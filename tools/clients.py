"""What the clients of a server may ask for: not the operator's keys, other servers, or files outside some folders.

On the command line and for programs that import the graph, whoever gives the settings is whoever runs them. Under a
LangGraph server input and context come from clients, so what belongs to the operator comes from the environment.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable
from pathlib import Path

from tools.errors import BadInput
from tools.settings import MODELS, OF_THE_OPERATOR, Settings

FOLDERS = "VIDEOLUCY_ALLOWED_FOLDERS"
"""Folders that videos may lie in, separated as in PATH. Under a server its own folder and home where it is unset."""
_OF_THIS_PACKAGE = re.compile(r"[\w-]*")
TRUST = "VIDEOLUCY_TRUST_CLIENTS"
"""Where it is 1, whoever can reach the server may do what its operator may."""


_serving = False


def serve_others() -> None:
    """Say that this process takes input from others than whoever started it."""
    global _serving
    _serving = True


def under_server() -> bool:
    """Tell whether this process takes input from others: it is a LangGraph server, or said so itself."""
    return _serving or "langgraph_api" in sys.modules


def check_settings(settings: Settings) -> None:
    """Raise `BadInput` where a client of a server sets what only its operator may set."""
    if not under_server() or os.environ.get(TRUST) == "1":
        return
    own = Settings.load()
    for name in sorted(OF_THE_OPERATOR):
        if getattr(settings, name) != getattr(own, name):
            raise BadInput(f"setting {name} belongs to whoever runs this server (VIDEOLUCY_{name.upper()})")
    for name in sorted(MODELS):
        value = getattr(settings, name)
        # Models of this package need no file, no key and no other server.
        if value != getattr(own, name) and not _OF_THIS_PACKAGE.fullmatch(value):
            raise BadInput(f"setting {name}: {value} belongs to whoever runs this server (VIDEOLUCY_{name.upper()})")


def allowed_folders(settings: Settings) -> list[Path] | None:
    """Return the folders that videos may lie in; None where they may lie anywhere."""
    named = os.environ.get(FOLDERS, "")
    folders = [Path(folder) for folder in named.split(os.pathsep) if folder]
    if not folders and (not under_server() or os.environ.get(TRUST) == "1"):
        return None
    return [
        folder.expanduser().resolve()
        for folder in [*(folders or [Path.cwd(), settings.home_path]), settings.downloads_path]
    ]


def check_paths(paths: Iterable[str | Path], folders: list[Path] | None) -> None:
    """Raise `BadInput` where a path, links followed, leads out of the folders. Nothing is opened."""
    if folders is None:
        return
    for path in paths:
        real = Path(os.path.realpath(os.path.expanduser(path)))
        if not any(real.is_relative_to(folder) for folder in folders):
            raise BadInput(f"{path} lies outside the folders that may be read here ({FOLDERS})")
