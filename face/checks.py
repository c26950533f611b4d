"""What can be checked before anything is spent on a question."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from memory_store.records import Part
from tools.clients import allowed_folders, check_paths
from tools.cutting import check_cut
from tools.models import check_models
from tools.question import check_question
from tools.settings import Settings
from tools.speech.choice import check_perceivable
from tools.video.download.downloads import Downloads
from tools.video.sources import find_parts

Parts = list[list[str]]
"""The content ids of each video's parts."""


def check(
    settings: Settings,
    videos: Sequence[str],
    questions: Sequence[dict[str, Any]],
    tell: Callable[[str], None] = lambda text: None,
) -> Parts:
    """Check all that can be checked before anything is spent. Raises `BadInput`.

    Returns the content of the videos, which the sessions of their questions are named by. `tell` is told of downloads.
    """
    for item in questions:
        check_question(item["question"], item.get("options") or [])
    check_models(settings)
    return [[part.id for part in found[1]] for found in (find(settings, video, tell) for video in videos)]


def find(
    settings: Settings, video: str, tell: Callable[[str], None] = lambda text: None
) -> tuple[str, tuple[Part, ...]]:
    """Return the name and the parts of the recording that `video` names, checked. Raises `BadInput`."""
    downloads = Downloads(settings.downloads_path, settings.download_limit, tell, settings.private_hosts)
    allowed = partial(check_paths, folders=allowed_folders(settings))
    name, parts = find_parts(video, settings.full_hash, downloads, check_paths=allowed)
    check_perceivable(name, parts, settings)
    check_cut(name, parts, settings)
    return name, parts
