"""Row 13: the embedded models: ingest beside the video's own length, and a question on known memory.

Each question is asked by the command line in a process of its own; the second one of a process meets a model that is
loaded and has its prompt's beginning in its cache.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterable
from functools import partial
from pathlib import Path

from benchmarks.footage import TRAILER
from benchmarks.rows.start_up import ROOT, run
from benchmarks.table import Result, seconds

FIRST, SECOND = "What does the lecture say about the reef?", "What does the lecture say about the new roof?"
"""Of the lecture in `examples/`: memory of its first look suffices, and the language model words the answers."""
_LECTURE = 240.0


def measure(folder: Path) -> Iterable[Result]:
    """Yield seconds of ingest a second of video, and seconds of a question with and without the language model."""
    from examples.lecture import make_lecture

    lecture = folder / "lecture.mp4"
    make_lecture(lecture)
    environment = _environment(folder / "home")
    start = seconds(partial(run, "--help"))
    for name, path, length in (("a lecture of slides", lecture, _LECTURE), ("a film trailer", TRAILER, 55.1)):
        took = seconds(partial(run, "ingest", str(path), environment=environment))
        note = f"{took:.0f} s for {length:.0f} s, with the start of the program ({start:.1f} s for the help alone)"
        yield Result(13, f"embedded ingest of {name} / its length", took / length, "<= 1", note=note)
    phraser = any((folder / "home" / "weights").glob("*/*.gguf"))
    lacking = "" if phraser else "the weights of the small language model are not here"
    cold, warm = _asked(lecture, environment) if phraser else (None, None)
    yield Result(13, "question on known memory, small LLM, cold process", cold, "<= 30", "s", lacking)
    yield Result(13, "the same, warm prefix", warm, "<= 10", "s", lacking)
    _, extractive = _asked(lecture, environment, "--phraser", "none", "--new")
    yield Result(13, "the same, extractive", extractive, "<= 1", "s")


def _environment(home: Path) -> dict[str, str]:
    """Return an environment with a home of its own that shares the weights of the one in force."""
    from tests.offline import offline_env
    from tools.settings import Settings

    home.mkdir()
    weights = Settings.load().home_path / "weights"
    if weights.is_dir():
        (home / "weights").symlink_to(weights.resolve(), target_is_directory=True)
    return offline_env({"VIDEOLUCY_HOME": str(home)})


def _asked(video: Path, environment: dict[str, str], *flags: str) -> tuple[float, float]:
    """Ask two questions in one process; return the seconds to the first answer, and from there to the second."""
    questions = video.with_suffix(".jsonl")
    questions.write_text("".join(json.dumps({"question": one}) + "\n" for one in (FIRST, SECOND)))
    command = [sys.executable, "-m", "app", "ask", str(video), "--questions", str(questions), "--json", *flags]
    began, stamps = time.perf_counter(), []
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            told = json.loads(line)
            if told["status"] != "answered" or told["usage"]["captions_made"]:
                raise RuntimeError(f"memory should have sufficed: {line}")
            stamps.append(time.perf_counter())
    if len(stamps) != 2:
        raise RuntimeError(f"{len(stamps)} of 2 questions were answered")
    return stamps[0] - began, stamps[1] - stamps[0]
