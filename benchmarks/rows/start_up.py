"""Row 10: how long a command takes to begin: the help, and a question on a known video up to its first model call."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.footage import TRAILER
from benchmarks.table import Result, seconds

ROOT = Path(__file__).parent.parent.parent
_TIMES = 5


def measure(folder: Path) -> Iterable[Result]:
    """Yield the medians of both, in seconds since the process was started."""
    help = statistics.median(seconds(partial(run, "--help")) for _ in range(_TIMES))
    bare = statistics.median(seconds(partial(run, program=["-c", "pass"])) for _ in range(_TIMES))
    note = f"Python alone takes {bare:.2f} s"
    yield Result(10, "videolucy --help", help, "<= 0.4", "s", note)
    with Models() as models:
        run("ingest", str(TRAILER), environment=models.environment(folder))
        waits = [
            models.until_first(str(TRAILER), f"Which bird falls, {turn}?", models.environment(folder))
            for turn in range(_TIMES)
        ]
        note = f"then {statistics.median(models.lengths):.1f} s to the answer"
        yield Result(10, "ask, up to its first model call", statistics.median(waits), "<= 3.5", "s", note)


class Models:
    """Captioner, reasoner and embedder on a server of this process, which notes when it was asked. A context manager.

    It is the scripted one of the tests.
    """

    def __init__(self) -> None:
        from tests.fake_server import FakeServer, Request, scripted

        answer = scripted()

        def script(request: Request) -> Any:
            self.asked.append(time.perf_counter())
            return answer(request)

        self.asked: list[float] = []
        """When the reasoner or the captioner was asked."""
        self.lengths: list[float] = []
        """Seconds of each question after the first call."""
        self.server = FakeServer(script)

    def __enter__(self) -> Models:
        self.server.__enter__()
        return self

    def __exit__(self, *raised: Any) -> None:
        self.server.__exit__(*raised)

    def environment(self, home: Path) -> dict[str, str]:
        """Return an environment in which all models are endpoints, and no other setting is made."""
        from tests.offline import offline_env

        roles = {
            f"VIDEOLUCY_{role}{suffix}": value
            for role in ("CAPTIONER", "REASONER", "EMBEDDER")
            for suffix, value in (("", "compatible:fake"), ("_URL", self.server.url))
        }
        return offline_env({**roles, "VIDEOLUCY_HOME": str(home)})

    def until_first(self, video: str, question: str, environment: dict[str, str]) -> float:
        """Ask a question in a process of its own; return the seconds up to its first model call."""
        self.asked.clear()
        began = time.perf_counter()
        run("ask", video, question, "--json", environment=environment)
        ended = time.perf_counter()
        self.lengths.append(ended - self.asked[0])
        return self.asked[0] - began


def run(*words: str, environment: dict[str, str] | None = None, program: list[str] | None = None) -> None:
    """Run `videolucy` with these words to its end, as its entry point does. Raises `CalledProcessError`."""
    entry = program or ["-c", "import sys; from app import main; sys.exit(main())"]
    subprocess.run([sys.executable, *entry, *words], cwd=ROOT, env=environment, capture_output=True, check=True)
