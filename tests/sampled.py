"""Clips of a video's segments at the default scopes, read as the product reads them."""

from __future__ import annotations

from pathlib import Path

from memory_store.records import Part, Recording, Segment
from memory_store.segments import Plan
from tools.settings import Settings
from tools.video.clip import Clip, Sampling
from tools.video.probe import probe
from tools.video.pyav_reader import PyAVReader
from tools.video.readers import read


def plan(path: Path) -> Plan:
    """Return the default plan of the video at `path`."""
    found = probe(str(path))
    part = Part("part", str(path), 0.0, found.duration, found.width, found.height)
    scopes = Settings().scopes(found.duration)
    return Plan(Recording("recording", path.name, (part,), scopes), scopes)


def clip(of: Plan, segment: Segment, fps: float, max_pixels: int) -> Clip:
    """Return the frames on screen at the instants of the sampling, each with its true time."""
    sampling = Sampling(fps, max_pixels, multiple=2)
    return Clip(segment, tuple(read(of.recording, segment.start, segment.end, sampling, PyAVReader())))


def coarse(of: Plan, segment: Segment) -> Clip:
    """Return what the coarse pass sees of `segment`."""
    return clip(of, segment, of.scopes.fps[0], Settings().pixels(0))


def closer(of: Plan, segment: Segment) -> Clip:
    """Return what the re-description of a coarse `segment` sees: its own rate, the next level's size."""
    return clip(of, segment, of.scopes.fps[0], Settings().pixels(1))


def fine(of: Plan, segment: Segment) -> Clip:
    """Return what the fine level sees of `segment`, a part of a coarse one."""
    return clip(of, segment, of.scopes.fps[1], Settings().pixels(1))
