"""What a program hands over, brought into the form that runs take."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tools.errors import BadInput
from tools.settings import Settings

Video = str | os.PathLike[str]
"""A file, a folder of clips, a list file, or an http(s) address."""
Event = dict[str, Any]
"""One step of a run: `event` (its kind) and `text`; some kinds hold more flat JSON values."""
Told = Callable[[Event], None]


def settings_of(settings: Settings | None, given: Mapping[str, Any]) -> Settings:
    """Return `settings` (those of the environment where None) with the single ones `given`. Raises `BadInput`."""
    if settings is None:
        return Settings.load(**given)
    if not isinstance(settings, Settings):
        raise BadInput(f"settings are made by Settings.load(...), not {type(settings).__name__}")
    return Settings.load(**{**settings.own(), **given}) if given else settings


def videos_of(video: Video | Sequence[Video]) -> list[str]:
    """Return the names of one video or of several. Raises `BadInput`."""
    listed = [video] if isinstance(video, str | bytes | os.PathLike) else video
    if not isinstance(listed, Sequence) or not listed:
        raise BadInput("no video was given")
    names = [os.fspath(one) if isinstance(one, os.PathLike) else one for one in listed]
    if wrong := [name for name in names if not isinstance(name, str)]:
        raise BadInput(f"a video is named by a text or a path, not {type(wrong[0]).__name__}")
    return names


def inputs_of(videos: Sequence[str], question: Any, options: Any) -> dict[str, Any]:
    """Return the input of a run, unchecked."""
    listed = list(options) if isinstance(options, Sequence) and not isinstance(options, str) else options or []
    return {"video": videos[0] if len(videos) == 1 else list(videos), "question": question, "options": listed}


def nobody(event: Event) -> None:
    """Tell nobody."""
