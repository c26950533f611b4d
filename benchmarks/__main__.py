"""`python -m benchmarks [ROW…] [--json] [--keep DIR]`: the performance table of `docs/performance.md`.

Every figure that says how fast something is stands beside another way to do the same in the same run: on a busy or a
slow machine both are slower.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from pathlib import Path

from benchmarks.table import ROWS, Result, keep, run, table


def main(arguments: list[str] | None = None) -> int:
    """Measure the rows asked for and print them; return 0 if all targets are met, else 1."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    named = ", ".join(f"{row} {name.replace('_', ' ')}" for row, name in ROWS.items())
    parser.add_argument("rows", nargs="*", type=int, metavar="ROW", help=f"rows to measure; all without: {named}")
    parser.add_argument("--json", action="store_true", help="print a list of results instead of a table")
    parser.add_argument("--keep", type=Path, default=Path("benchmarks/results"), help="folder where results are kept")
    given = parser.parse_args(arguments)
    if unknown := [row for row in given.rows if row not in ROWS]:
        parser.error(f"no row {unknown[0]}; rows are {named}")
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    # Read when decord is loaded: with our own small number it gives the last pictures up on a busy machine.
    os.environ.setdefault("DECORD_EOF_RETRY_MAX", "1000000")
    results: list[Result] = []
    with tempfile.TemporaryDirectory(prefix="videolucy-benchmarks-") as folder:
        for result in run(given.rows or ROWS, Path(folder)):
            results.append(result)
            print(table([result]).splitlines()[-1], file=sys.stderr, flush=True)
    kept = keep(results, given.keep)
    print(json.dumps([result.record() for result in results]) if given.json else table(results))
    print(f"kept in {kept}", file=sys.stderr)
    return 0 if all(result.met for result in results) else 1


if __name__ == "__main__":
    sys.exit(main())
