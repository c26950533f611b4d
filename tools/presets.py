"""The named sets of settings."""

from __future__ import annotations

from typing import Any

PRESETS: dict[str, dict[str, Any]] = {
    "default": {},
    "paper": {
        "initial_segments": 3,
        "looks_per_round": 1,
        "graded": False,
        "full_memory": True,
        "sparse": "always",
        "routed": False,
        "forced_answer": True,
        "reuse": False,
        "speech": "none",
        "text_sweep": "off",
        "visual_index": "",
    },
    "published": {
        "coarse_seconds": 60.0,
        "fine_seconds": 10.0,
        "ultra_seconds": 1.0,
        "coarse_fps": 1.0,
        "fine_fps": 2.0,
        "ultra_fps": 2.0,
        "initial_segments": 2,
        "looks_per_round": 1,
        "graded": False,
        "full_memory": True,
        "sparse": "rounds",
        "routed": False,
        "forced_answer": True,
        "reuse": False,
        "speech": "none",
        "text_sweep": "off",
        "visual_index": "",
    },
}
"""`paper` is Algorithm 1 and appendix A.1; `published` is the authors' demo (60/10/1 s, two periods)."""
