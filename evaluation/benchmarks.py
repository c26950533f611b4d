"""The benchmarks by name."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from evaluation.readers import egomem, lvbench, mlvu, plain, videomme
from evaluation.records import Benchmark
from tools.errors import BadInput

_READERS: dict[str, Callable[..., Benchmark]] = {one.NAME: one.read for one in (egomem, lvbench, videomme, mlvu, plain)}
NAMES = tuple(_READERS)


def read_benchmark(
    name: str,
    path: Path,
    *,
    cleaned: bool = False,
    subtitles: Path | None = None,
    generation: bool = False,
) -> Benchmark:
    """Read the benchmark `name` from its released file or folder.

    Args:
        name: one of `NAMES`.
        path: file or folder.
        cleaned: EgoMem: ask the mended questions.
        subtitles: Video-MME: folder of subtitles, for the setting with them.
        generation: MLVU: read the tasks with free answers, too.

    Raises `BadInput` for an unknown name, an option of another benchmark, and files that cannot be read.
    """
    if name not in _READERS:
        raise BadInput(f"there is no benchmark {name!r}; benchmarks are {', '.join(NAMES)}")
    given = {"cleaned": cleaned, "subtitles": subtitles, "generation": generation}
    wanted = {option: value for option, value in given.items() if value}
    owners = {"cleaned": egomem.NAME, "subtitles": videomme.NAME, "generation": mlvu.NAME}
    for option in wanted:
        if owners[option] != name:
            raise BadInput(f"{option} is an option of {owners[option]}, not of {name}")
    return _READERS[name](path, **wanted)
