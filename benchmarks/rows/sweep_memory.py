"""Row 3: what the coarse sweep adds to the memory of an idle process, by the video's length."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from benchmarks.footage import SIZES, footage, known
from benchmarks.rows.sweep import CAPTIONS_AT_ONCE, COARSE, SCOPES, feeding, swept
from benchmarks.table import MB, Result

LENGTHS = {"10 min": 600.0, "60 min": 3600.0}
_SLOW = 5.0
"""Seconds a slow caption takes: longer than the decoding of all clips that may lie ready."""


def measure(folder: Path) -> Iterable[Result]:
    """Yield the peak at both sizes and lengths, and that beside slow captions, in MB above the idle process."""
    for name, size in SIZES.items():
        paths = {length: footage(folder / f"{name} {length}.mp4", seconds, size) for length, seconds in LENGTHS.items()}
        held = {length: apart(path) for length, path in paths.items()}
        for length, (idle, peak) in held.items():
            yield Result(3, f"sweep of {length} at {name}: peak above idle", peak - idle, "<= 150", "MB")
        (_, short), (_, long) = (held[length] for length in LENGTHS)
        note = f"{long:.0f} against {short:.0f} MB in all"
        yield Result(3, f"peak of the sweep at {name}, 60 min / 10 min", long / short, "<= 1.1", note=note)
    idle, peak = apart(str(folder / "360p 60 min.mp4"), "slow")
    note = f"{CAPTIONS_AT_ONCE} captions hold a clip of 18 MB each"
    yield Result(3, "sweep that waits for slow captions: peak above idle", peak - idle, unit="MB", note=note)


def apart(path: str, way: str = "swept") -> tuple[float, float]:
    """Return the MB that a process of its own holds before a sweep of `path`, and at the peak of it."""
    command = [sys.executable, "-m", __name__, path, way]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found = json.loads(done.stdout)
    return found["idle"] / MB, found["peak"] / MB


def waiting(path: str, seconds: float = _SLOW) -> int:
    """Sweep the first segments beside captions that take `seconds` each, so that all that may be held is."""
    plan = known(path, SCOPES)
    segments = plan.coarse()[: 2 * CAPTIONS_AT_ONCE + 4]
    with feeding(plan.recording, segments, COARSE, seconds) as take, ThreadPoolExecutor(len(segments)) as tasks:
        return sum(tasks.map(take, segments))


def memory(field: str) -> int:
    """Return bytes of this process: `VmRSS` held now, or `VmHWM` held at the most."""
    try:
        lines = Path("/proc/self/status").read_text().splitlines()
    except OSError:
        # What is known elsewhere counts the process that started this one, too.
        import resource

        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(f"{field}:"))


def main(path: str, way: str) -> None:
    """Sweep in this process and print what it holds before and at its peak, bytes, as JSON."""
    import av  # noqa: F401  (loading libraries is not what is measured)

    idle = memory("VmRSS")
    if way == "slow":
        waiting(path)
    else:
        swept(known(path, SCOPES), COARSE)
    print(json.dumps({"idle": idle, "peak": memory("VmHWM")}))


if __name__ == "__main__":
    main(*sys.argv[1:])
