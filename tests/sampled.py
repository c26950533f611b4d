"""Clips of a video's segments at the default scopes, read as the product reads them."""

from __future__ import annotations

from pathlib import Path

from memory_store.records import Part, Recording, Segment
from memory_store.segments import Plan
from tools.captioners.observations import Observations
from tools.settings import Settings
from tools.video.clip import Clip, Sampling
from tools.video.probe import probe
from tools.video.watching import Stretch, watch


def plan(path: Path) -> Plan:
    """Return the default plan of the video at `path`."""
    found = probe(str(path))
    part = Part("part", str(path), 0.0, found.duration, found.width, found.height)
    scopes = Settings().scopes(found.duration)
    return Plan(Recording("recording", path.name, (part,), scopes), scopes)


def clip(of: Plan, segment: Segment, depth: int, fps: float) -> Clip:
    """Return the frames the embedded captioner is given of `segment` when it looks at `depth`."""
    looks = Observations.looks
    sampling = Sampling(fps, looks.pixels[depth], Observations.multiple, looks.scan[depth])
    ((_, frames),) = watch(of.recording, [Stretch(segment.start, segment.end, sampling)])
    return Clip(segment, frames, sampling=sampling)


def coarse(of: Plan, segment: Segment) -> Clip:
    """Return what the coarse pass sees of `segment`."""
    return clip(of, segment, 0, of.scopes.fps[0])


def closer(of: Plan, segment: Segment) -> Clip:
    """Return what the re-description of a coarse `segment` sees: its own rate, the next level's size."""
    return clip(of, segment, 1, of.scopes.fps[0])


def fine(of: Plan, segment: Segment) -> Clip:
    """Return what the fine level sees of `segment`, a part of a coarse one."""
    return clip(of, segment, 1, of.scopes.fps[1])


def closest(of: Plan, segment: Segment) -> Clip:
    """Return what the re-description of a fine `segment` sees: its own rate, the last level's size."""
    return clip(of, segment, 2, of.scopes.fps[1])


def ultra_fine(of: Plan, segment: Segment) -> Clip:
    """Return what the ultra-fine level sees of `segment`, a part of a fine one."""
    return clip(of, segment, 2, of.scopes.fps[2])
