"""How a clip travels to an endpoint: as JPEG pictures with their times, as a list of JPEGs, or as one small video."""

from __future__ import annotations

import base64
import io
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tools.captioners.prompts import labels, opening, opening_of_video, request
from tools.video.clip import Clip, Frame

_CLOCK = 1000
"""Ticks a second of the times handed over: whole numbers hold any rate and irregular times."""
_ENCODERS: tuple[tuple[str, str, dict[str, str]], ...] = (
    ("libx264", "yuv420p", {"crf": "18", "preset": "veryfast"}),
    ("mjpeg", "yuvj420p", {"qmin": "2", "qmax": "3"}),
)
"""Encoders of a video with their pixel format and options, the best first: H.264 is not in every build of FFmpeg.
At this quality text of 9 pixels stays readable."""

Content = list[dict[str, Any]]


def as_pictures(clip: Clip, instruction: str, quality: int, detail: str = "") -> Content:
    """Return a message of the clip's frames, each after a line with its time."""
    content: Content = [{"type": "text", "text": opening(clip)}]
    for label, frame in zip(labels(clip), clip.frames, strict=True):
        picture = {"url": _data_url("image/jpeg", jpeg(frame.image, quality))} | ({"detail": detail} if detail else {})
        content += [{"type": "text", "text": label}, {"type": "image_url", "image_url": picture}]
    return [*content, {"type": "text", "text": request(clip, instruction)}]


def as_frame_list(clip: Clip, instruction: str, quality: int) -> tuple[Content, dict[str, Any]]:
    """Return a message of the clip as a list of JPEGs, and the fields of the request that give their times.

    vLLM takes such a list as a video whose frames it must not choose again.
    """
    pictures = [base64.b64encode(jpeg(frame.image, quality)).decode() for frame in clip.frames]
    times = [round(frame.time * _CLOCK) for frame in clip.frames]
    video = {
        "num_frames": -1,
        "fps": float(_CLOCK),
        "frames_indices": times,
        "total_num_frames": max(len(times), round((clip.segment.end - clip.segment.start) * _CLOCK)),
        "duration": clip.segment.end - clip.segment.start,
        "do_sample_frames": False,
    }
    more = {"media_io_kwargs": {"video": video}, "mm_processor_kwargs": {"do_sample_frames": False}}
    return _around(clip, instruction, "data:video/jpeg;base64," + ",".join(pictures)), more


def as_mp4(clip: Clip, instruction: str) -> Content:
    """Return a message of the clip as one H.264 video whose frames keep their distances in time."""
    return _around(clip, instruction, _data_url("video/mp4", mp4(clip.frames, clip.segment.end)))


def _around(clip: Clip, instruction: str, url: str) -> Content:
    return [
        {"type": "text", "text": opening_of_video(clip)},
        {"type": "video_url", "video_url": {"url": url}},
        {"type": "text", "text": request(clip, instruction)},
    ]


def jpeg(image: NDArray[np.uint8], quality: int) -> bytes:
    """Return an RGB picture (H, W, 3) as a JPEG of the same size."""
    from PIL import Image

    buffer = io.BytesIO()
    Image.fromarray(image).save(buffer, "JPEG", quality=quality)
    return buffer.getvalue()


def mp4(frames: Sequence[Frame], end: float) -> bytes:
    """Return frames of one size as an MP4 that begins at zero; the last is shown until `end` (seconds)."""
    import av

    codec, pixels, options = next(encoder for encoder in _ENCODERS if encoder[0] in av.codecs_available)
    buffer = io.BytesIO()
    start = frames[0].time
    ends = [*(frame.time for frame in frames[1:]), max(end, frames[-1].time + 0.04)]
    with av.open(buffer, "w", format="mp4") as out:
        rate = Fraction(len(frames) / max(ends[-1] - start, 0.04)).limit_denominator(_CLOCK)
        stream: Any = out.add_stream(codec, rate=rate)
        stream.height, stream.width = frames[0].image.shape[:2]
        stream.pix_fmt, stream.options = pixels, options
        stream.codec_context.time_base = Fraction(1, _CLOCK)
        for frame, until in zip(frames, ends, strict=True):
            picture = av.VideoFrame.from_ndarray(frame.image, format="rgb24")
            picture.time_base = Fraction(1, _CLOCK)
            picture.pts = round((frame.time - start) * _CLOCK)
            picture.duration = max(1, round((until - frame.time) * _CLOCK))
            out.mux(stream.encode(picture))
        out.mux(stream.encode(None))
    return buffer.getvalue()


def _data_url(kind: str, data: bytes) -> str:
    return f"data:{kind};base64,{base64.b64encode(data).decode()}"
