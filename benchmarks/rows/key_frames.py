"""Row 2: the coarse sweep by key frames, beside the exact one of the same files."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from pathlib import Path

from benchmarks.footage import SIZES, footage, known
from benchmarks.rows.sweep import COARSE, SCOPES, SECONDS, TIMES, swept
from benchmarks.table import Result, ratios

KEYS = replace(COARSE, keys=True)


def measure(folder: Path) -> Iterable[Result]:
    """Yield how much faster it is at both sizes."""
    for name, size in SIZES.items():
        plan = known(footage(folder / f"{name}.mp4", SECONDS, size), SCOPES)
        seen = sum(swept(plan, KEYS))
        ratio, exact, quick = ratios(partial(swept, plan, COARSE), partial(swept, plan, KEYS), TIMES[name])
        note = f"{exact:.1f} s against {quick:.2f} s, {seen} pictures"
        yield Result(2, f"exact sweep / key frames, at {name}", ratio, ">= 8", note=note)
