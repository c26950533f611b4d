"""What the tools return: structured content, and the same as a short text for clients that read only that.

Everything that comes from a video or a model is data: control characters are taken out of the texts.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from mcp.types import CallToolResult, ContentBlock, ImageContent, TextContent
from typing_extensions import TypedDict

from face.api.answer import Answer
from face.api.remembered import Moment
from face.stills import Still

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]+")
_LONGEST = 600
"""Characters of the line that says what went wrong."""


class Found(TypedDict):
    """Moments of memory that fit a query, best first."""

    moments: list[FoundMoment]


class FoundMoment(TypedDict):
    """One of them. Times are seconds of the video."""

    recording: str
    video: str
    start: float
    end: float
    level: str
    text: str
    caption_id: str
    score: float


class Shown(TypedDict):
    """Which pictures were returned, in the order of the images."""

    video: str
    duration: float
    """Seconds."""
    frames: list[ShownFrame]
    left_out: list[float]
    """Times whose pictures would have made the result too large."""


class ShownFrame(TypedDict):
    """One of them: the time that was asked for, and the picture's own. Seconds of the video."""

    asked: float
    time: float


class Listed(TypedDict):
    """The recordings that are remembered."""

    recordings: list[ListedRecording]


class ListedRecording(TypedDict):
    """One of them."""

    id: str
    name: str
    duration: float
    """Seconds."""
    parts: int
    files: list[str]
    """Of its first parts."""
    captions: dict[str, int]
    """How many are remembered of each level."""


def plain(text: str) -> str:
    """Return `text` as one line without control characters."""
    return _CONTROL.sub(" ", text).strip()


def told(structured: Mapping[str, Any], lines: Iterable[str], images: Sequence[ContentBlock] = ()) -> CallToolResult:
    """Return a result: the structured content, its text, and images."""
    text = TextContent(type="text", text="\n".join(plain(line) for line in lines))
    return CallToolResult(content=[text, *images], structured_content=dict(structured))


def refused(problem: str) -> CallToolResult:
    """Return the one clear line of what went wrong, as a tool's error."""
    line = plain(problem)
    if len(line) > _LONGEST:
        line = f"{line[: _LONGEST // 2]} ... {line[-_LONGEST // 2 :]}"
    return CallToolResult(content=[TextContent(type="text", text=line)], is_error=True)


def answer(found: Answer) -> CallToolResult:
    """Return an answer; without evidence it says why."""
    option = f"{found['option']}. " if found["option"] else ""
    lines = [f"{option}{found['answer']}", f"{found['status']}, confidence {found['confidence']:.2f}"]
    lines += [_moment(item["video"], item["start"], item["end"], item["quote"]) for item in found["evidence"]]
    return told(found, [*lines, found["reason"]])


def moments(found: Sequence[Moment]) -> CallToolResult:
    """Return the moments of a search."""
    lines = [_moment(one.video, one.start, one.end, one.text) for one in found]
    return told({"moments": [one.to_dict() for one in found]}, lines or ["nothing is remembered that fits"])


def frames(shown: Shown, stills: Sequence[Still]) -> CallToolResult:
    """Return pictures, with a line of their true times."""
    times = ", ".join(f"{still.time:.3f}" for still in stills)
    lines = [f"{shown['video']}: pictures at {times} s of {shown['duration']:.3f} s"]
    if shown["left_out"]:
        lines.append(f"left out, since the result would be too large: {len(shown['left_out'])}; ask for fewer or lower")
    return told(shown, lines, [_image(still.jpeg) for still in stills])


def recordings(found: list[ListedRecording]) -> CallToolResult:
    """Return what is remembered."""
    lines = [f"- {one['name']} ({one['duration']:.1f} s): {', '.join(one['files'])}" for one in found]
    return told({"recordings": found}, lines or ["nothing is remembered yet"])


def _image(jpeg: bytes) -> ImageContent:
    return ImageContent(type="image", data=base64.b64encode(jpeg).decode(), mime_type="image/jpeg")


def _moment(video: str, start: float, end: float, text: str) -> str:
    return f"- {video} {start:.1f} - {end:.1f} s: “{text}”"
