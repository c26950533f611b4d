"""What is remembered, for a program: recordings, captions, finding them, and pictures of the videos."""

from __future__ import annotations

import math
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from face.api.given import Video, settings_of
from face.checks import find
from face.stills import Still, still
from memory_store.catalog import recognise
from memory_store.records import Caption, Part, Recording
from tools.clients import allowed_folders, check_paths
from tools.errors import BadInput
from tools.live import Live, live_for, peek
from tools.settings import Settings
from tools.video.errors import VideoError

_LEAST_ID = 4
"""Characters of an id that name a recording."""
_HEIGHTS = (16, 2160)


@dataclass(frozen=True)
class Moment:
    """A line of memory that fits a query, and its caption. Times are seconds of the recording."""

    recording: str
    """Its id."""
    video: str
    """Its name."""
    start: float
    end: float
    level: str
    """`coarse`, `fine`, `ultra-fine`, `speech` (words said) or `text` (read on screen)."""
    text: str
    caption_id: str
    score: float
    """How well it fits; compares within one search only."""

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON values."""
        return asdict(self)


class Remembered:
    """Memory as `open_memory` opens it. Safe to use from several threads.

    Only `search` takes the lock of an embedded store; all else works beside a running question. Every method may
    raise `StoreError`.
    """

    def __init__(self, settings: Settings, within: Sequence[Path] | None = None) -> None:
        """Open nothing yet. With `within` there are only recordings whose files lie in these folders."""
        self._settings = settings
        self._within = within
        self._memory = peek(settings).memory
        self._live: Live | None = None

    def recordings(self) -> list[Recording]:
        """Return every recording, by name."""
        return [recording for recording in self._memory.recordings() if self._inside(recording)]

    def recording(self, wanted: Video) -> Recording:
        """Return the recording that `wanted` names: its id or the beginning of it, its file, or its name.

        A file is recognised by its content. Raises `BadInput` where nothing or more than one is remembered.
        """
        name, known = os.fspath(wanted), self.recordings()
        if found := [one for one in known if len(name) >= _LEAST_ID and one.id.startswith(name)]:
            return _only(found, name)
        if (opened := self._opened(name, known)) is not None:
            content = recognise(known, *opened, self._settings.scopes)
            return _only([one for one in known if one.id == content.id], name)
        return _only([one for one in known if one.name == name], name)

    def captions(
        self,
        recording: Recording | Video,
        *,
        level: str | None = None,
        start: float | None = None,
        end: float | None = None,
    ) -> list[Caption]:
        """Return the captions that overlap `[start, end)` seconds, in order of time, the longer first.

        Args:
            recording: the recording, or what names it (see `recording`).
            level: only `coarse`, `fine`, `ultra-fine`, `speech` or `text`.
            start: seconds of the recording; None: from its beginning.
            end: seconds of the recording; None: to its end.
        """
        found = self._memory.captions(self._one(recording).id, level=level, start=start, end=end)
        return [caption for caption in found if caption.lines]

    def search(self, query: str, k: int = 10, *, recordings: Sequence[Recording | Video] | None = None) -> list[Moment]:
        """Return the `k` captions that fit a query best, by meaning and by words, best first.

        Vectors that another embedder made are made anew first. Raises `BadInput` for an empty query.

        Args:
            query: in words.
            k: most moments returned, one a caption.
            recordings: only in these; in all where None.
        """
        if not isinstance(query, str) or not query.strip():
            raise BadInput("the query is empty")
        chosen = self.recordings() if recordings is None else [self._one(one) for one in recordings]
        if not chosen:
            return []
        self._live = self._live or live_for(self._settings)
        names = {recording.id: recording.name for recording in chosen}
        memory = self._live.memory
        hits = memory.search(list(names), query, k)
        levels: dict[str, str] = {}
        for id in {hit.recording for hit in hits}:
            found = memory.get(id, [hit.caption for hit in hits if hit.recording == id])
            levels |= {caption.id: caption.level for caption in found.values()}
        return [
            Moment(
                recording=hit.recording,
                video=names[hit.recording],
                start=hit.line.start,
                end=hit.line.end,
                level=levels.get(hit.caption, ""),
                text=hit.line.text,
                caption_id=hit.caption,
                score=round(hit.score, 4),
            )
            for hit in hits
        ]

    def frames(self, video: Recording | Video, times: Sequence[float], *, height: int = 360) -> list[Still]:
        """Return the picture on screen at each of `times`, as JPEG bytes with its true presentation time.

        A time beyond the end gives the last picture. Raises `BadInput` where there is no picture to be read.

        Args:
            video: a recording, what names one, or any video file: it need not be remembered.
            times: seconds of the recording.
            height: pixels, 16 to 2160; a smaller picture is not enlarged.
        """
        if not _HEIGHTS[0] <= height <= _HEIGHTS[1]:
            raise BadInput(f"a picture is {_HEIGHTS[0]} to {_HEIGHTS[1]} pixels high, not {height}")
        if wrong := [time for time in times if not math.isfinite(time)]:
            raise BadInput(f"{wrong[0]} is no time of a video")
        recording = self.openable(video)
        check_paths([part.path for part in recording.parts], allowed_folders(self._settings))
        if not recording.parts:
            raise BadInput(f"the files of {recording.name} are not known any more; open the video again")
        try:
            return [still(recording, float(time), height) for time in times]
        except (VideoError, OSError) as problem:
            raise BadInput(str(problem)) from None

    def openable(self, video: Recording | Video) -> Recording:
        """Return a recording that is remembered, or the one that a file would be. Raises `BadInput`."""
        if isinstance(video, Recording):
            return video
        name, known = os.fspath(video), self.recordings()
        if (opened := self._opened(name, known)) is not None:
            return recognise(known, *opened, self._settings.scopes)
        return self.recording(name)

    def close(self) -> None:
        """Let other processes use the store at once."""
        if self._live is not None:
            self._live.memory.release()

    def _one(self, recording: Recording | Video) -> Recording:
        return recording if isinstance(recording, Recording) else self.recording(recording)

    def _opened(self, name: str, known: Sequence[Recording]) -> tuple[str, tuple[Part, ...]] | None:
        """Return name and parts of the file that `name` is; None where it is no file but the name of a recording.

        Raises `BadInput` for a path, or a file that is no recording's name either, that cannot be opened.
        """
        if not os.path.dirname(name) and not os.path.exists(name):
            return None
        try:
            return find(self._settings, name)
        except BadInput:
            if any(one.name == name for one in known):
                return None
            raise

    def _inside(self, recording: Recording) -> bool:
        if self._within is None:
            return True
        try:
            check_paths([part.path for part in recording.parts], list(self._within))
        except BadInput:
            return False
        return bool(recording.parts)


@contextmanager
def open_memory(settings: Settings | None = None, **given: Any) -> Iterator[Remembered]:
    """Open what is remembered, for reading and searching. On leaving, the store's lock is given up.

    Args:
        settings: as of `ask`: `home` and `store` say where memory lies.
        given: single settings; they win over `settings`.

    Raises `BadInput` for a setting that is wrong.
    """
    memory = Remembered(settings_of(settings, given))
    try:
        yield memory
    finally:
        memory.close()


def _only(found: list[Recording], wanted: str) -> Recording:
    if len(found) != 1:
        what = "is not one recording but several" if found else "is no recording that is remembered"
        raise BadInput(f"{wanted!r} {what}")
    return found[0]
