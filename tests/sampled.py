"""Clips of a video's segments at the default scopes, sampled with a few lines of PyAV."""

from __future__ import annotations

from pathlib import Path

import av

from memory_store.records import Part, Recording, Segment
from memory_store.segments import Plan
from tools.settings import Settings
from tools.video.clip import Clip, Frame, Sampling


def plan(path: Path) -> Plan:
    """Return the default plan of the video at `path`."""
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        duration = container.duration / 1_000_000
        part = Part("part", str(path), 0.0, duration, stream.width, stream.height)
    scopes = Settings().scopes(duration)
    return Plan(Recording("recording", path.name, (part,), scopes), scopes)


def clip(of: Plan, segment: Segment, fps: float, max_pixels: int) -> Clip:
    """Return the frames on screen at the instants of the sampling, each with its true time."""
    sampling = Sampling(fps, max_pixels)
    frames: list[Frame] = []
    with av.open(of.recording.parts[0].path) as container:
        stream = container.streams.video[0]
        width, height = sampling.size(stream.width, stream.height)
        base = stream.time_base
        container.seek(int(segment.start / base), stream=stream)
        wanted = sampling.times(segment.start, segment.end)
        shown: av.VideoFrame | None = None
        for frame in container.decode(stream):
            while wanted and shown is not None and float(frame.pts * base) > wanted[0] + 1e-6:
                frames.append(_frame(shown, base, width, height))
                wanted.pop(0)
            if not wanted:
                break
            shown = frame
        frames.extend(_frame(shown, base, width, height) for _ in wanted if shown is not None)
    return Clip(segment, tuple(frames))


def _frame(frame: av.VideoFrame, base: float, width: int, height: int) -> Frame:
    return Frame(float(frame.pts * base), frame.to_ndarray(format="rgb24", width=width, height=height))


def coarse(of: Plan, segment: Segment) -> Clip:
    """Return what the coarse pass sees of `segment`."""
    return clip(of, segment, of.scopes.fps[0], Settings().pixels(0))


def closer(of: Plan, segment: Segment) -> Clip:
    """Return what the re-description of a coarse `segment` sees: its own rate, the next level's size."""
    return clip(of, segment, of.scopes.fps[0], Settings().pixels(1))


def fine(of: Plan, segment: Segment) -> Clip:
    """Return what the fine level sees of `segment`, a part of a coarse one."""
    return clip(of, segment, of.scopes.fps[1], Settings().pixels(1))
