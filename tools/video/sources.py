"""From what a user names to the ordered files of a recording."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from memory_store.records import Part
from tools.clock import table
from tools.errors import BadInput
from tools.video.container import require_file
from tools.video.download.address import is_address, shown
from tools.video.download.downloads import Downloads
from tools.video.identity import part_id
from tools.video.trial import tried
from tools.video.unchanged import remember

SUFFIXES = frozenset(
    f".{name}"
    for name in (
        *("mp4", "m4v", "mov", "mkv", "webm", "avi", "ts", "m2ts", "mts", "mpg", "mpeg", "vob", "ogv"),
        *("flv", "f4v", "wmv", "asf", "3gp", "3g2", "mxf"),
    )
)
"""What counts as a video in a folder; a file named by the user may be called anything."""
SOUNDS = frozenset(f".{name}" for name in ("m4a", "mp3", "wav", "flac", "ogg", "oga", "opus", "aac", "wma", "mka"))
"""What counts as a sound recording in a folder without videos."""
LISTS = frozenset((".txt", ".m3u", ".lst"))
_LONGEST_LIST = 4 << 20
_NAMED = 3
"""Files left out that are named one by one; of more, only the number is told."""


@dataclass(frozen=True)
class Clip:
    """A file that becomes a part of a recording, and what it is called."""

    path: Path
    name: str


def _quiet(text: str) -> None:
    """Tell nobody."""


def find_parts(
    source: str,
    full_hash: bool = False,
    downloads: Downloads | None = None,
    tell: Callable[[str], None] = _quiet,
    check_paths: Callable[[Iterable[str | Path]], None] = lambda paths: None,
) -> tuple[str, tuple[Part, ...]]:
    """Return the display name and the parts of the recording that `source` names, in order.

    `source` is a video file, an http(s) address of one or of a page with one, a folder (its video files
    in natural order, subfolders and hidden files left out), or a list file (one path or address a line,
    paths relative to the list; `#` begins a comment line). Files of a folder that cannot be read are
    left out, and told of; a file that was named must be readable. A clock table beside the files gives
    the parts their `clock`.

    Args:
        source: what the user named.
        full_hash: identify large files by every byte.
        downloads: fetches addresses; without it they are refused.
        tell: is given a line for what was left out.
        check_paths: raises `BadInput` for a path that may not be read; asked before any is opened.

    Raises `BadInput` with one line where it cannot be used.
    """
    if isinstance(source, str) and not is_address(source):
        check_paths([source])
    name, clips, beside = find_clips(source, downloads)
    check_paths([clip.path for clip in clips] + ([beside] if beside else []))
    damaged: list[BadInput] = []
    parts = _parts(clips, full_hash, damaged if _is_folder(source) else None)
    if damaged and not parts:
        raise damaged[0]
    for problem in damaged[:_NAMED]:
        tell(f"left out: {problem}")
    if len(damaged) > _NAMED:
        tell(f"left out: {len(damaged)} files in all")
    return name, _with_clocks(parts, clips, beside)


def find_clips(source: str, downloads: Downloads | None = None) -> tuple[str, list[Clip], Path | None]:
    """Return the display name of what `source` names, its files in order, and the clock table beside them, if any.

    The files are not opened. Raises `BadInput`.
    """
    if not isinstance(source, str) or not source.strip():
        raise BadInput("no video was given")
    if is_address(source):
        clip = _fetched(source, downloads)
        return clip.name, [clip], None
    path = Path(os.path.abspath(os.path.expanduser(source)))
    if _is_folder(source):
        clips = _in_folder(path)
    elif path.suffix.lower() in LISTS:
        clips = _in_list(path, downloads)
    else:
        require_file(str(path))
        clips = [Clip(path, path.name)]
    return path.name or str(path), clips, table.table_for(path)


def _is_folder(source: str) -> bool:
    return not is_address(source) and os.path.isdir(os.path.expanduser(source))


def _parts(clips: list[Clip], full_hash: bool, damaged: list[BadInput] | None) -> list[Part]:
    """Return a part for every clip; why one cannot be read is added to `damaged`, or raised where that is None."""
    parts: list[Part] = []
    for clip in clips:
        file = str(clip.path)
        try:
            status = require_file(file)
            seen, id = tried(file), part_id(file, full_hash)
        except BadInput as problem:
            if damaged is None:
                raise
            damaged.append(problem)
            continue
        part = Part(
            id=id,
            path=file,
            start=round(parts[-1].end, 6) if parts else 0.0,
            duration=seen.duration,
            width=seen.width,
            height=seen.height,
            fps=seen.fps,
            codec=seen.codec,
            picture=seen.has_video,
        )
        remember(file, id, status)
        parts.append(part)
    return parts


def _with_clocks(parts: list[Part], clips: list[Clip], beside: Path | None) -> tuple[Part, ...]:
    """Return the parts with what the clock table says of them. Raises `BadInput` where it speaks of other files."""
    if beside is None:
        return tuple(parts)
    clocks, names = table.read(beside), {str(clip.path): clip.name for clip in clips}
    found = tuple(replace(part, clock=clocks.of(Path(part.path), names[part.path])) for part in parts)
    if not any(part.clock for part in found):
        raise BadInput(f"{beside} names none of the files of the recording in its column `file`")
    return found


def _fetched(source: str, downloads: Downloads | None) -> Clip:
    if downloads is None:
        raise BadInput(f"{shown(source)}: URLs are not fetched here")
    found = downloads.get(source)
    return Clip(found.path, found.name)


def _in_folder(folder: Path) -> list[Clip]:
    try:
        files = [entry for entry in folder.iterdir() if not entry.name.startswith(".") and entry.is_file()]
    except OSError as problem:
        raise BadInput(f"cannot read the folder {folder}: {problem.strerror}") from None
    videos, sounds = ([file for file in files if file.suffix.lower() in kinds] for kinds in (SUFFIXES, SOUNDS))
    # A recorder leaves sound files only; beside videos they are likely the same once more.
    found = videos or sounds
    if not found:
        raise BadInput(f"the folder {folder} holds no video files")
    return [Clip(entry, entry.name) for entry in sorted(found, key=lambda entry: _natural(entry.name))]


def _natural(name: str) -> tuple[list[tuple[int, int, str]], str]:
    """Return a key that sorts `clip2` before `clip10`."""
    pieces = re.findall(r"\d+|\D+", name.casefold())
    return [(0, int(piece), "") if piece.isdecimal() else (1, 0, piece) for piece in pieces], name


def _in_list(path: Path, downloads: Downloads | None) -> list[Clip]:
    if require_file(str(path)).st_size > _LONGEST_LIST:
        raise BadInput(f"{path} is too large for a list of videos")
    try:
        lines = path.read_text("utf-8-sig").splitlines()
    except UnicodeDecodeError:
        raise BadInput(f"{path} is not a list of videos: it is not text") from None
    except OSError as problem:
        raise BadInput(f"cannot read {path}: {problem.strerror}") from None
    entries = [line.strip() for line in lines if line.strip() and not line.lstrip().startswith("#")]
    if not entries:
        raise BadInput(f"the list {path} names no video")
    return [_fetched(entry, downloads) if is_address(entry) else _local(path, entry) for entry in entries]


def _local(path: Path, entry: str) -> Clip:
    file = Path(os.path.abspath(path.parent / os.path.expanduser(entry)))
    return Clip(file, file.name)
