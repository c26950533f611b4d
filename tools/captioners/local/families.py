"""How the families of vision models differ, as data: the code that calls them has no conditions on names."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Family:
    """What a family's processor does with the frames of a clip."""

    patch: int = 0
    """Side of a patch, pixels, where its config does not say; 0: frames of any size are scaled to one fixed size."""
    merge: int = 2
    """Patches a side that become one visual token."""
    least_frames: int = 1
    """A shorter clip is shown with its last frame repeated."""
    mixes: bool = False
    """Clips of different numbers of frames may share a batch."""
    shows_times: bool = False
    """Its processor writes the time of the frames, in seconds, before them."""


_QWEN2 = Family(patch=14, mixes=True)
_QWEN3 = Family(patch=16, least_frames=2, mixes=True, shows_times=True)
_SMOL = Family()
"""The padding of a mixed batch would reach its prompt, so clips of one length go together."""
OTHER = Family(least_frames=2)
"""The cautious way, for models nobody has tried here."""

FAMILIES = {
    "qwen2_vl": _QWEN2,
    "qwen2_5_vl": _QWEN2,
    "qwen3_vl": _QWEN3,
    "qwen3_vl_moe": _QWEN3,
    "smolvlm": _SMOL,
}
"""By the `model_type` of a checkpoint's config."""
