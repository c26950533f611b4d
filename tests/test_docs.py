"""The commands of README and docs: every one is run, or its words are checked where it needs what no test has."""

from __future__ import annotations

import json
import re
import shlex
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from commands.cli import app
from tests.conftest import ROOT
from tests.fake_server import FakeServer
from tests.media import make_video
from tests.released import lvbench, lvbench_qa, write_json
from tools.errors import BadInput

PAGES = [ROOT / "README.md", ROOT / "SECURITY.md", *sorted((ROOT / "docs").glob("*.md"))]
OTHERS = frozenset(
    (
        "cat",
        "cp",
        "curl",
        "do",
        "done",
        "export",
        "for",
        "jq",
        "langgraph",
        "make",
        "pip",
        "python",
        "uv",
        "vllm",
        "wait",
    )
)
"""Programs that are not ours: what is wrong with their words shows elsewhere. A new one has to be named here."""
UNRUN = {
    "models fetch": "takes weights from the network",
    "demo": "CI runs it",
    "ui": "serves until it is ended; tests/test_page_browser.py starts it",
    "studio": "serves until it is ended; tests/test_studio.py starts it",
    "mcp": "serves until it is ended; tests/test_mcp.py starts it",
    "chat": "reads from a terminal; tests/test_chat.py drives it",
    "eval needle": "takes minutes; tests/test_needle.py runs it",
    "eval localise": "takes minutes; tests/test_localisation.py runs it",
}
ELSEWHERE = re.compile(r"https?://(?!localhost)|--captioner (gguf|local):|--speech (?!none)|--store http|\$part")
"""Commands that reach other machines, or models that no test has."""
MISSING = {"q-1f2e3d4c5b6a"}
"""Names that stand for what a user has: they are put into place."""


@dataclass(frozen=True)
class Line:
    """One command of a page."""

    page: str
    words: tuple[str, ...]
    text: str

    def __str__(self) -> str:
        return f"{self.page}: {self.text[:70]}"


def lines(page: Path) -> Iterator[Line]:
    """Yield the commands of the shell blocks of a page, comments left out, those joined by `&&` apart."""
    for block in re.findall(r"^```sh\n(.*?)^```", page.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE):
        for text in block.replace("\\\n", " ").splitlines():
            if "curl" in text or re.match(r"""\s*([}"\\]|jq)""", text):
                continue  # a request to a server, or the JSON of one
            words: list[str] = []
            for word in [*_split(text), "&&"]:
                if word in ("&&", "|", ";", "&"):
                    if words:
                        yield Line(page.name, tuple(words), " ".join(words))
                    words = []
                else:
                    words.append(word.removeprefix(".venv/bin/").rstrip(";"))


def _split(text: str) -> list[str]:
    try:
        return shlex.split(text, comments=True)
    except ValueError:
        return []


FOUND = [line for page in PAGES for line in lines(page)]
OURS = [line for line in FOUND if line.words[0] == "videolucy"]


def command_of(words: tuple[str, ...]) -> str:
    """Return which of our commands it is: `ask`, `memory list`."""
    two = " ".join(words[1:3])
    return two if two in UNRUN or words[1] in ("memory", "models", "eval") or two == "sessions show" else words[1]


def test_the_pages_have_commands_and_only_known_programs() -> None:
    assert len(OURS) > 50
    unknown = {line.words[0] for line in FOUND if line.words[0] not in OTHERS and line.words[0] != "videolucy"}
    assert {word for word in unknown if "=" not in word} == set()


@pytest.mark.parametrize("line", OURS, ids=str)
def test_the_words_of_a_command_are_right(line: Line) -> None:
    """Nothing is run: commands, flags and the number of arguments are checked."""
    command, words = get_command(app), list(line.words[1:])
    context = None
    while hasattr(command, "commands") and words and words[0] in command.commands:
        name = words.pop(0)
        command = command.commands[name]
    context = command.make_context(line.text, words, resilient_parsing=False)
    assert context is not None


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that holds what the pages speak of, small."""
    folder = tmp_path_factory.mktemp("docs")
    make_video(folder / "talk.mp4", seconds=6, fps=5, size=(160, 120))
    for name in ("day1.mp4", "film.mkv"):
        make_video(folder / name, seconds=3, fps=5, size=(160, 120))
    for place, day in (("day1", 1), ("week", 2)):
        (folder / place).mkdir()
        for hour in (9, 10):
            make_video(folder / place / f"DAY{day}_A1_JAKE_{hour:02d}000000.mp4", seconds=2, fps=5, size=(160, 120))
    (folder / "week.txt").write_text("".join(f"week/{file.name}\n" for file in sorted((folder / "week").iterdir())))
    (folder / "more.txt").write_text("Where was that?\nWho was there?\n")
    (folder / "LVBench").mkdir()
    make_video(folder / "LVBench" / "Cm73ma6Ibcs.mp4", seconds=20, fps=2, size=(160, 120))
    lvbench(folder, lvbench_qa("1"), lvbench_qa("2"))
    write_json(folder / "theirs.json", [{"uid": "1", "response": "(A)"}, {"uid": "2", "response": "B"}])
    return folder


def test_every_command_runs(
    world: Path, own_home: Path, monkeypatch: pytest.MonkeyPatch, subtests: pytest.Subtests
) -> None:
    """In the order of the pages, in one folder and home, with scripted models in place of endpoints."""
    monkeypatch.chdir(world)
    ran = 0
    with FakeServer() as server:
        for name in ("CAPTIONER", "REASONER"):
            monkeypatch.setenv(f"VIDEOLUCY_{name}", "compatible:fake")
            monkeypatch.setenv(f"VIDEOLUCY_{name}_URL", server.url)
        for name, value in {"EMBEDDER": "lexical", "MAX_ROUNDS": "1", "TEXT_SWEEP": "off", "SPEECH": "none"}.items():
            monkeypatch.setenv(f"VIDEOLUCY_{name}", value)
        thread = asked("ask", "talk.mp4", "Which bridge?", "--json")["thread_id"]
        for line in OURS:
            if command_of(line.words) in UNRUN or ELSEWHERE.search(line.text):
                continue
            words = [thread if word in MISSING else word for word in line.words[1:]]
            with subtests.test(str(line)):
                told = CliRunner().invoke(app, words)
                problem = told.exception
                if words[0] == "resume":
                    assert isinstance(problem, BadInput)
                    assert "is finished" in str(problem)
                else:
                    assert told.exit_code == 0, (problem, told.output[-500:])
                ran += 1
        shutil.rmtree(own_home)
    assert ran > 30


def asked(*words: str) -> dict:
    told = CliRunner().invoke(app, list(words))
    assert told.exit_code == 0, told.output
    return json.loads(told.stdout)
