"""The clocks of a benchmark's videos, where its questions speak of wall-clock times."""

from __future__ import annotations

from pathlib import Path

from evaluation.grounding import clock_of
from evaluation.records import Benchmark
from evaluation.videos import find_videos
from tools.clock.clock import Clock
from tools.clock.table import table_for


def clocks_in(folder: Path, benchmark: Benchmark) -> dict[str, Clock]:
    """Return the clocks of the videos in `folder` that have a clock table, by the benchmark's names of the videos.

    Only videos whose questions or evidence speak of wall-clock times are looked at. Raises `BadInput` for a folder
    that is none, and where a table or its video cannot be read.
    """
    asked = [question for question in benchmark.questions if question.needs_clock or question.clock_evidence]
    paths = find_videos(asked, folder).paths
    clocks = {name: clock_of(path) for name, path in paths.items() if table_for(path)}
    return {name: clock for name, clock in clocks.items() if clock}
