"""A caption's id: the same wish of the same captioner over the same footage is the same caption."""

from __future__ import annotations

import json
from collections.abc import Iterable

from memory_store.records import Span, digest


def caption_id(
    *,
    spans: Iterable[Span],
    level: str,
    instruction: str,
    captioner: str,
    prompt_version: str,
    fps: float,
    max_pixels: int,
    multiple: int,
    mode: str = "exact",
    words: str = "",
) -> str:
    """Return the id of a caption: 16 bytes as 32 hex characters.

    Footage is named by the content of its parts and the milliseconds within them, never by a file's
    name or the recording's id, so that a recording that grew keeps its captions.

    Args:
        spans: the stretches of parts that are looked at, in order; they say all there is to say of start and end.
        level: depth of the look.
        instruction: what the captioner is told to look for.
        captioner: model and version.
        prompt_version: version of the words that ask for a caption.
        fps: frames sampled per second.
        max_pixels: pixel cap of a frame.
        multiple: divisor of frame sides, pixels.
        mode: how frames are chosen: `exact` times, or key frames.
        words: what was said in the stretch, as handed to the captioner; only its hash counts.
    """
    wish = {
        "spans": [[span.part, _milliseconds(span.start), _milliseconds(span.end)] for span in spans],
        "level": level,
        "instruction": instruction,
        "captioner": captioner,
        "prompt_version": prompt_version,
        "millifps": _milliseconds(fps),
        "max_pixels": max_pixels,
        "multiple": multiple,
        "mode": mode,
        "words": digest(words) if words else "",
    }
    return digest(json.dumps(wish, sort_keys=True, separators=(",", ":"), ensure_ascii=True))


def _milliseconds(value: float) -> int:
    return round(value * 1000)
