"""Where a benchmark's videos lie: by the names it gives them, in folders as people keep them."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from evaluation.records import Question
from tools.errors import BadInput
from tools.video.sources import LISTS, SUFFIXES

_DEEPEST = 6
"""Folders below the one named that are looked into."""


@dataclass(frozen=True)
class Videos:
    """What was found, and what was not."""

    paths: dict[str, Path]
    """By the name the benchmark gives: a video file, or a folder (or list file) of clips."""
    missing: tuple[str, ...]


def find_videos(questions: Iterable[Question], folder: Path) -> Videos:
    """Find the videos of `questions` below `folder`, by their stems, whatever the case and kind of file.

    A name with folders in it (MLVU's `2_needle/needle_32.mp4`) is first looked for in a folder of that
    name, then anywhere. A folder of clips stands for a video of its name: `A1_JAKE_DAY1/`, or
    EgoLife's `A1_JAKE/DAY1/`; so does a list file `A1_JAKE_DAY1.txt`. A file goes before a folder, and of
    several the one nearest to `folder`.

    Raises `BadInput` where there is no such folder. What lacks is told in `missing`.
    """
    if not folder.is_dir():
        raise BadInput(f"there is no folder of videos {folder}")
    named = _index(folder)
    names = dict.fromkeys(question.video for question in questions)
    found = {name: path for name in names if (path := _find(name, named))}
    return Videos(found, tuple(name for name in names if name not in found))


def with_subtitles(video: Path, subtitle: Path, folder: Path) -> Path:
    """Return a link to `video` in `folder` beside a link to `subtitle` of the same stem, where it is found by itself.

    Raises `BadInput` where the links cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        links = {folder / video.name: video, folder / f"{video.stem}{subtitle.suffix}": subtitle}
        for link, target in links.items():
            if not link.is_symlink() or link.resolve() != target.resolve():
                link.unlink(missing_ok=True)
                link.symlink_to(target.resolve())
    except OSError as problem:
        raise BadInput(f"cannot link {video.name} in {folder}: {problem.strerror}") from None
    return folder / video.name


def _index(folder: Path) -> dict[str, Path]:
    """Return every video, by `stem` and `folder/stem` in lower case, the best first."""
    index: dict[str, Path] = {}
    listed = {path: path.suffix.lower() in LISTS for path in _walk(folder)}
    files = sorted(listed, key=lambda path: (listed[path], len(path.parts), str(path).lower()))
    for path in files:
        stem = _stem(path.name).lower()
        for key in (stem, f"{path.parent.name.lower()}/{stem}"):
            index.setdefault(key, path)
    for path in dict.fromkeys(path.parent for path in files if not listed[path] and path.parent != folder):
        for key in (path.name.lower(), f"{path.parent.name}_{path.name}".lower()):
            index.setdefault(key, path)
    return index


def _walk(folder: Path) -> Iterator[Path]:
    for place, folders, files in os.walk(folder):
        here = Path(place)
        deep = len(here.relative_to(folder).parts) >= _DEEPEST
        folders[:] = [] if deep else sorted(name for name in folders if not name.startswith("."))
        yield from (here / name for name in files if Path(name).suffix.lower() in SUFFIXES | LISTS)


def _find(name: str, index: dict[str, Path]) -> Path | None:
    path = Path(name)
    stem = _stem(path.name).lower()
    return index.get(f"{path.parent.name.lower()}/{stem}") or index.get(stem)


def _stem(name: str) -> str:
    """Return a name without the suffix of a video; the dots of other names are part of them."""
    stem, suffix = os.path.splitext(name)
    return stem if suffix.lower() in SUFFIXES | LISTS else name
