"""Opening a media file: local regular files only, its picture stream, and its clock."""

from __future__ import annotations

import os
import stat
from fractions import Fraction
from typing import TYPE_CHECKING

from tools.errors import BadInput

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.video.stream import VideoStream

MICROSECONDS = 1_000_000
_FASTEST = 1000
"""Frames per second; a rate above it is not one."""
_REBASED = {"mpegts", "mpeg"}
"""Formats whose clock starts anywhere: their times are counted from the container's first."""
_NO_VIDEO = {"image2", "tty", "hls", "concat", "dash", "applehttp", "sdp", "lavfi"}
"""Formats that are pictures, text, or lists of other places to read from."""


def require_file(path: str) -> os.stat_result:
    """Return the status of a regular file with something in it; never blocks. Raises `BadInput`."""
    try:
        status = os.stat(path)
    except (FileNotFoundError, NotADirectoryError):
        raise BadInput(f"no such file: {path}") from None
    except (OSError, ValueError) as problem:
        raise BadInput(f"cannot read {path!r}: {getattr(problem, 'strerror', None) or problem}") from None
    if stat.S_ISDIR(status.st_mode):
        raise BadInput(f"{path} is a directory, not a video file")
    if not stat.S_ISREG(status.st_mode):
        # Opening a pipe or a device could wait for ever.
        raise BadInput(f"{path} is not a regular file")
    if status.st_size == 0:
        raise BadInput(f"{path} is empty")
    return status


def open_container(path: str) -> InputContainer:
    """Open a local media file for reading. Raises `BadInput` with one line that names the file."""
    import av

    require_file(path)
    try:
        # The prefix and the whitelist keep a name or a playlist from reaching beyond local files.
        container = av.open(f"file:{path}", options={"protocol_whitelist": "file"}, metadata_errors="replace")
    except PermissionError:
        raise BadInput(f"cannot read {path}: permission denied") from None
    except (av.FFmpegError, OSError, ValueError):
        raise BadInput(f"{path} is not a media file that can be read") from None
    formats = set(container.format.name.split(","))
    if formats & _NO_VIDEO or any(name.endswith("_pipe") for name in formats):
        container.close()
        raise BadInput(f"{path} is not a video file (it was read as {container.format.name})")
    return container


def picture_stream(container: InputContainer) -> VideoStream | None:
    """Return the stream of moving pictures, or None; cover art is not one."""
    from av.stream import Disposition

    return next((s for s in container.streams.video if not s.disposition & Disposition.attached_pic), None)


def rebased_by(container: InputContainer) -> float:
    """Return the seconds to subtract from the container's times to get those of the part."""
    if container.format.name in _REBASED and container.start_time is not None:
        return container.start_time / MICROSECONDS
    return 0.0


def tick(stream: VideoStream) -> Fraction:
    """Return the seconds of one unit of the stream's time stamps."""
    return stream.time_base or Fraction(1, MICROSECONDS)


def frame_rate(stream: VideoStream) -> float:
    """Return the average frames per second, or 0 where nothing tells."""
    # Some containers give the rate of their clock instead.
    rates = (float(rate) for rate in (stream.average_rate, stream.guessed_rate) if rate)
    return next((rate for rate in rates if rate <= _FASTEST), 0.0)
