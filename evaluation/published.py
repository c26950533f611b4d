"""Scores others have published, in percent: to stand beside one's own, never to be mixed with them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple

from evaluation.records import LengthClass

OVERALL = "overall"

PAPER: Mapping[str, Mapping[str, float]] = {
    "lvbench": {
        "question_type/ER": 54.3,
        "question_type/EU": 59.8,
        "question_type/KIR": 75.6,
        "question_type/TG": 51.7,
        "question_type/Rea": 55.9,
        "question_type/Sum": 49.1,
        OVERALL: 58.8,
    },
    "videomme": {"duration/short": 78.6, "duration/medium": 72.1, "duration/long": 66.8, OVERALL: 72.5},
    "mlvu": {OVERALL: 76.1},
    "egomem": {"type/Event": 58.7, "type/Detail": 54.8, OVERALL: 56.7},
}
"""VideoLucy (arXiv 2510.12422), tables 1 to 4.

LVBench: 1,492 of 1,549 questions, 99 of 103 videos. Video-MME: without subtitles. MLVU: M-Avg of the dev
set; the paper does not say which of the two averages. EgoMem: the mean of Event and Detail.
"""

_SECOND = (1.0, 2.0, 2.0)
CLASSES: Mapping[str, tuple[LengthClass, ...]] = {
    "mlvu": (
        LengthClass("0-600", 600, (30, 5, 1), _SECOND),
        LengthClass("600-1200", 1200, (60, 5, 1), _SECOND),
        LengthClass("1200-3600", 3600, (100, 10, 1), _SECOND),
        LengthClass("3600-", float("inf"), (200, 10, 1), _SECOND),
    ),
    "videomme": (
        LengthClass("short", 180, (5, 1, 1), (2, 4, 4)),
        LengthClass("medium", 1200, (50, 5, 1), _SECOND),
        LengthClass("long", float("inf"), (100, 10, 1), _SECOND),
    ),
    "lvbench": (
        LengthClass("1800-3600", 3600, (100, 10, 1), _SECOND),
        LengthClass("3600-5400", 5400, (150, 10, 1), _SECOND),
        LengthClass("5400-", float("inf"), (200, 10, 1), _SECOND),
    ),
    "egomem": (LengthClass("all", float("inf"), (800, 80, 8), (0.25, 0.5, 1)),),
}
"""The paper's scopes and frames a second (appendix A.1). Video-MME's classes are its own, not lengths."""


class Mark(NamedTuple):
    """A published score of another system. Models, frames, transcripts and splits differ: no ranking."""

    system: str
    score: float
    source: Literal["report", "rerun", "cited"]
    """`report`: by the authors, with code; `rerun`: measured by others; `cited`: read in another paper, or no code."""
    note: str = ""


MARKS: Mapping[str, tuple[Mark, ...]] = {
    "lvbench": (
        Mark("human", 94.4, "report"),
        Mark("MemDreamer", 90.7, "cited", "Gemini-3.1-Pro; no code"),
        Mark("HAVEN", 84.1, "cited", "transcripts; 2 frames a second (81.0 at a lower rate); no code"),
        Mark("Gemini-3.1-Pro alone", 78.2, "cited"),
        Mark("DVD", 76.0, "report", "o3 + gpt-4.1-mini, transcripts"),
        Mark("AVP", 74.8, "report", "Gemini-2.5-Pro (63.8 with Flash)"),
        Mark("DVD", 74.2, "report", "o3 + gpt-4.1-mini"),
        Mark("LensWalk", 68.6, "report", "o3; no code"),
        Mark("Qwen3-VL 235B alone", 67.7, "cited"),
        Mark("Gemini-2.5-Pro alone", 67.4, "report"),
        Mark("Seed1.5-VL alone", 64.6, "cited"),
        Mark("AVA", 62.3, "report", "Qwen2.5-VL-7B + Gemini"),
        Mark("MR.Video", 60.8, "report", "Gemini + GPT"),
        Mark("VideoLucy", 58.8, "report", "Qwen2.5-VL-7B + DeepSeek-R1"),
        Mark("o3 alone", 57.1, "cited"),
        Mark("VideoLucy", 53.8, "rerun", "Nemotron-3-Nano-Omni + Gemma-4-31B"),
        Mark("VideoMind-7B", 40.8, "report"),
        Mark("VideoLucy", 35.4, "rerun", "Nemotron-3-Nano-Omni + Qwen3.6-27B"),
        Mark("VideoAgent", 29.3, "cited", "GPT-4"),
        Mark("VideoTree", 28.8, "cited", "GPT-4"),
    ),
    "videomme": (
        Mark("AVP", 85.3, "report", "Gemini-2.5-Pro; long 81.9"),
        Mark("VideoARM", 82.8, "report", "o3 + GPT-4.1/4o; long 81.2"),
        Mark("LVAgent", 81.7, "report", "open models; long 74.3"),
        Mark("VideoChat-A1", 72.9, "report", "InternVideo2.5-8B; long 65.0; no code"),
        Mark("VideoLucy", 72.5, "report", "Qwen2.5-VL-7B + DeepSeek-R1; long 66.8"),
        Mark("VideoLucy", 71.3, "rerun", "Nemotron-3-Nano-Omni + Gemma-4-31B"),
        Mark("VideoLucy", 64.7, "rerun", "Qwen3-VL-8B + Qwen3-VL-32B; long 56.2"),
        Mark("VideoLucy", 34.3, "rerun", "Nemotron-3-Nano-Omni + Qwen3.6-27B"),
    ),
    "mlvu": (
        Mark("Qwen3.7-Plus alone", 87.4, "cited"),
        Mark("Qwen3.5-122B alone", 87.3, "cited"),
        Mark("AVP", 84.3, "report", "test set"),
        Mark("Qwen3-VL alone", 84.3, "cited"),
        Mark("VideoChat-M1", 84.2, "cited"),
        Mark("LVAgent", 83.9, "report"),
        Mark("VideoChat-A1", 76.2, "report"),
        Mark("VideoLucy", 76.1, "report", "Qwen2.5-VL-7B + DeepSeek-R1"),
        Mark("Video-RAG", 73.8, "report"),
        Mark("Vgent", 72.1, "report"),
        Mark("VideoMind", 64.4, "report"),
        Mark("VideoAgent", 64.4, "report"),
        Mark("VideoTree", 60.4, "cited"),
    ),
    "egomem": (
        Mark("VideoLucy", 56.7, "report", "Qwen2.5-VL-7B + DeepSeek-R1"),
        Mark("VideoChat-Flash-7B", 46.4, "cited"),
        Mark("always A", 41.3, "rerun", "constant-letter baseline of the released order (Event 52.8)"),
    ),
}
