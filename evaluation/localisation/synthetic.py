"""LVBench-like annotations without LVBench: made-up questions whose evidence lies at drawn times."""

from __future__ import annotations

import json
import math
import random
from pathlib import Path
from typing import Any

from evaluation.readers.lvbench import FILE, SHORT

SHORTEST, LONGEST = 30, 140
"""Minutes of a video: evenly drawn."""
PER_VIDEO = 15
"""Questions about one video: LVBench has 1,549 about 103."""
BRIEFEST, LENGTHIEST = 2.0, 180.0
"""Seconds of a stretch of evidence: drawn evenly on a scale of ratios, half of them shorter than 19 s."""
TWICE = 0.1
"""Share of questions whose evidence is two stretches."""

# fmt: off
_QUALITIES = (
    "amber", "broken", "ceramic", "crimson", "crowded", "curved", "dusty", "empty", "folded", "frozen", "golden",
    "hollow", "leather", "narrow", "painted", "purple", "rusty", "silver", "striped", "wooden",
)
_THINGS = (
    "anchor", "barrel", "basket", "bicycle", "bridge", "camera", "candle", "carpet", "castle", "curtain", "engine",
    "feather", "fountain", "guitar", "helmet", "jacket", "kettle", "ladder", "lantern", "letter", "mirror", "needle",
    "orange", "parrot", "pillow", "pocket", "rabbit", "saddle", "shovel", "statue", "teapot", "ticket", "tractor",
    "trumpet", "turtle", "umbrella", "violin", "wagon", "whistle", "window",
)
_DEEDS = (
    "balances", "borrows", "burns", "carries", "catches", "cleans", "climbs", "covers", "drops", "hides", "kicks",
    "lifts", "paints", "polishes", "pushes", "repairs", "shakes", "throws", "unlocks", "washes",
)
_ANSWERS = (
    "an acrobat", "a baker", "a barber", "a captain", "a carpenter", "a dancer", "a dentist", "a farmer", "a judge",
    "a miner", "a nurse", "a painter", "a pilot", "a plumber", "a soldier", "a tailor", "a teacher", "a waiter",
)
# fmt: on
_TYPES = ("cartoon", "documentary", "live", "selfmedia", "sport", "tv")


def write_annotations(folder: Path, questions: int, seed: int) -> Path:
    """Write the annotations of `questions` made-up questions in LVBench's released form, and return the file."""
    rows = [_video(number, min(PER_VIDEO, questions - number), seed) for number in range(0, questions, PER_VIDEO)]
    file = folder / FILE
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return file


def _video(first: int, questions: int, seed: int) -> dict[str, Any]:
    drawn = random.Random(f"{seed}/synthetic/{first}")
    minutes = round(drawn.uniform(SHORTEST, LONGEST), 1)
    return {
        "key": f"synthetic-{first // PER_VIDEO}",
        "type": drawn.choice(_TYPES),
        "video_info": {"duration_minutes": minutes, "fps": 25.0, "resolution": {"width": 1280, "height": 720}},
        "qa": [_question(str(first + place), minutes * 60, drawn) for place in range(questions)],
    }


def _question(uid: str, seconds: float, drawn: random.Random) -> dict[str, Any]:
    first, second = drawn.sample(_THINGS, 2)
    deed, quality = drawn.choice(_DEEDS), drawn.choice(_QUALITIES)
    options = "\n".join(f"({letter}) {text}" for letter, text in zip("ABCD", drawn.sample(_ANSWERS, 4), strict=True))
    return {
        "uid": uid,
        "question": f"Who {deed} the {quality} {first} beside the {second}?\n{options}",
        "answer": drawn.choice("ABCD"),
        "question_type": [drawn.choice(list(SHORT))],
        "time_reference": "; ".join(_stretch(seconds, drawn) for _ in range(2 if drawn.random() < TWICE else 1)),
    }


def _stretch(seconds: float, drawn: random.Random) -> str:
    length = BRIEFEST * math.exp(drawn.random() * math.log(LENGTHIEST / BRIEFEST))
    start = drawn.uniform(0, seconds - length)
    return f"{_clock(start)}-{_clock(start + max(1.0, length))}"


def _clock(seconds: float) -> str:
    return f"{int(seconds) // 60:02d}:{int(seconds) % 60:02d}"
