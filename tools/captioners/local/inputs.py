"""From a clip to what a processor takes: the frames as one video with their true times, and the words around it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tools.captioners.local.families import Family
from tools.captioners.prompts import opening, opening_of_video, request
from tools.video.clip import Clip

_CLOCK = 1000
"""Ticks a second of the times handed over: they are whole numbers, so that any rate and irregular times fit."""
_PATCH_FRAMES = 2
"""Frames that the Qwen families merge into one patch."""
_FIXED_TOKENS = 80
"""Visual tokens a frame, about, of a family with one fixed size."""
_CHARS_PER_TOKEN = 3


@dataclass(frozen=True)
class Inputs:
    """One clip as the processor takes it."""

    messages: list[dict[str, Any]]
    metadata: dict[str, Any]
    """What transformers calls the video's metadata, in the clock of `_CLOCK`."""
    chars: int
    """Length of the text around the frames."""


def build_inputs(clip: Clip, instruction: str, family: Family, multiple: int) -> Inputs:
    """Return `clip` (at least one frame) with its prompt, frames fitted to sides of `multiple` pixels."""
    # Times count from the start of the recording, in the metadata as in the words: what a model says
    # about a moment is then a time of the recording, and nobody has to add an offset.
    before = opening(clip) if family.shows_times else opening_of_video(clip)
    after = request(clip, instruction)
    frames, times = _frames(clip, multiple), [frame.time for frame in clip.frames]
    if len(frames) < family.least_frames:
        more = family.least_frames - len(frames)
        frames, times = np.concatenate([frames, *[frames[-1:]] * more]), times + times[-1:] * more
    content = [
        {"type": "text", "text": before + "\n"},
        {"type": "video", "video": frames},
        {"type": "text", "text": "\n" + after},
    ]
    metadata = {
        # Stands for the rate: so many ticks between them hold so many frames.
        "total_num_frames": max(1, round(_period(clip) * len(frames) * _CLOCK)),
        "fps": float(_CLOCK),
        "duration": clip.segment.end,
        "frames_indices": [round(time * _CLOCK) for time in times],
        "height": frames.shape[1],
        "width": frames.shape[2],
    }
    return Inputs([{"role": "user", "content": content}], metadata, len(before) + len(after))


def thin(clip: Clip) -> Clip:
    """Return the clip with every second frame."""
    return replace(clip, frames=clip.frames[::2])


def estimate_tokens(clip: Clip, family: Family, multiple: int) -> int:
    """Return about how many tokens the prompt of a clip has."""
    count = len(clip.frames)
    text = (len(clip.words) + 2000) // _CHARS_PER_TOKEN + 10 * count
    if not family.patch:
        return text + count * _FIXED_TOKENS
    height, width = clip.frames[0].image.shape[:2]
    return text + -(-count // _PATCH_FRAMES) * -(-height // multiple) * -(-width // multiple)


def _frames(clip: Clip, multiple: int) -> NDArray[np.uint8]:
    """Return the pictures as one (T, H, W, 3) array: one size for all, sides multiples of `multiple`."""
    high, wide = (max(1, round(side / multiple)) * multiple for side in clip.frames[0].image.shape[:2])
    return np.stack([_fit(frame.image, high, wide) for frame in clip.frames])


def _fit(image: NDArray[np.uint8], high: int, wide: int) -> NDArray[np.uint8]:
    if image.shape[:2] == (high, wide):
        return image
    from PIL import Image

    return np.asarray(Image.fromarray(image).resize((wide, high), Image.Resampling.BICUBIC))


def _period(clip: Clip) -> float:
    """Return the mean seconds from frame to frame."""
    if len(clip.frames) < 2:
        return clip.segment.end - clip.segment.start
    return (clip.frames[-1].time - clip.frames[0].time) / (len(clip.frames) - 1)
