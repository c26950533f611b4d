"""Running a command on bad input, and what must not come of it."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tools.video import trial

MOST = 600 << 20
"""Bytes of memory that bad input may take beyond what was in use before it."""
PLAIN = {
    **{"CAPTIONER": "basic", "REASONER": "extractive", "EMBEDDER": "lexical"},
    **{"SPEECH": "subtitles", "MAX_ROUNDS": "0"},
}


@pytest.fixture(autouse=True)
def plain_models(own_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in PLAIN.items():
        monkeypatch.setenv(f"VIDEOLUCY_{name}", value)


@pytest.fixture(autouse=True)
def memory_stays_small() -> Iterator[None]:
    """Measure this process and the one that opens files; the peak begins anew with each test."""
    Path("/proc/self/clear_refs").write_text("5")
    before = held("self", "VmRSS")
    yield
    assert held("self", "VmHWM") - before < MOST
    opener = trial._child._process
    if opener is not None and opener.poll() is None:
        assert held(str(opener.pid), "VmHWM") < MOST


def held(process: str, what: str) -> int:
    """Return the bytes of memory a process holds (`VmRSS`) or held at most (`VmHWM`); 0 where it has ended."""
    found = re.search(rf"{what}:\s+(\d+) kB", Path(f"/proc/{process}/status").read_text())
    return int(found[1]) << 10 if found else 0


class Ended:
    """How a command ended."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err

    def refused(self, says: str = "") -> None:
        """Assert that it ended with one line that says so, and exit code 2."""
        lines = self.err.strip("\n").splitlines()
        assert self.code == 2 and self.out == "", (self.code, self.err)
        assert len(lines) == 1 and lines[0].startswith("videolucy: ") and len(lines[0]) < 700, self.err
        assert lines[0].isprintable() or not lines[0].isascii()
        assert re.search(says, lines[0]), (says, lines[0])

    def answered(self) -> dict[str, Any]:
        """Assert that it gave an answer, and return it."""
        assert self.code == 0 and "Traceback" not in self.err, self.err
        result = json.loads(self.out)
        assert result["status"] in ("answered", "insufficient", "budget_exhausted")
        return result


Command = Callable[..., Ended]


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Command:
    """Run the command line in this process."""
    from commands.cli import run

    def call(*given: str) -> Ended:
        monkeypatch.setattr(sys, "argv", ["videolucy", *given])
        capfd.readouterr()
        with pytest.raises(SystemExit) as ended:
            run()
        code = ended.value.code
        return Ended(0 if code is None else int(code), *capfd.readouterr())  # type: ignore[arg-type]

    return call
