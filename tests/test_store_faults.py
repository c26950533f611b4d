"""Disks and stores that fail: one clear line, nothing lost that could be kept, and a command that mends."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any
from unittest.mock import ANY

import pytest
import typer

from commands.soundness import check_and_mend
from memory_store import places, schema
from memory_store.embedders.lexical import Lexical
from memory_store.store import Memory
from tests.conftest import ROOT
from tests.fake_server import FakeServer
from tests.media import make_video
from tests.offline import offline_env
from tests.test_kill import captioned, environment
from tools.settings import Settings

pytestmark = pytest.mark.durability

SEGMENTS = 6


@pytest.fixture(scope="module")
def server() -> Iterator[FakeServer]:
    with FakeServer() as running:
        yield running


@pytest.fixture(scope="module")
def video(tmp_path_factory: pytest.TempPathFactory) -> str:
    return make_video(tmp_path_factory.mktemp("v") / "talk.mp4", seconds=2 * SEGMENTS, fps=5, size=(160, 120))


def run(server: FakeServer, home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [sys.executable, "-m", "app", *arguments],
        env=environment(server, home),
        cwd=home.parent,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert "Traceback" not in done.stderr, done.stderr
    return done


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory, server: FakeServer, video: str) -> Path:
    """A home in which a question was asked."""
    home = tmp_path_factory.mktemp("asked") / "home"
    assert run(server, home, "ask", video, "What?", "--json").returncode == 0
    return home


@pytest.fixture
def home(asked: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(asked, tmp_path / "home", dirs_exist_ok=True))


def half(file: Path) -> None:
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def header(file: Path) -> None:
    file.write_bytes(b"\xff" * 200 + file.read_bytes()[200:])


def middle(file: Path) -> None:
    data = bytearray(file.read_bytes())
    data[len(data) // 2 : len(data) // 2 + 20_000] = b"\xaa" * 20_000
    file.write_bytes(data)


def report(server: FakeServer, home: Path, *more: str) -> tuple[int, dict[str, Any]]:
    """Return the exit code and what `doctor --store --json` prints, in this process: starting one takes seconds."""
    code, out = 0, StringIO()
    with redirect_stdout(out):
        try:
            check_and_mend(Settings.load(home=str(home), embedder="lexical"), "--repair" in more, as_json=True)
        except typer.Exit as end:
            code = end.exit_code
    return code, json.loads(out.getvalue())


@pytest.mark.parametrize("damage", [half, header, middle])
def test_a_damaged_store_is_said_in_a_line_and_rebuilt_from_what_can_be_read(
    server: FakeServer, home: Path, video: str, damage: Callable[[Path], None]
) -> None:
    damage(home / "memory" / "chroma.sqlite3")
    refused = run(server, home, "ask", video, "What else?")
    assert refused.returncode == 2 and "doctor --store --repair" in refused.stderr.splitlines()[-1]
    code, found = report(server, home)
    assert code == 1 and not found["sound"] and "damaged" in found["found"][0]["what"]
    code, mended = report(server, home, "--repair")
    assert code == 0 and mended["sound"] and list(home.glob("memory.damaged-*"))
    again = run(server, home, "ask", video, "What else?", "--json")
    assert again.returncode == 0, again.stderr
    used = json.loads(again.stdout)["usage"]
    assert used["captions_made"] + used["captions_reused"] >= SEGMENTS
    if damage is middle:
        saved = json.loads(run(server, home, "memory", "list", "--json").stdout)
        assert saved["captions"]["coarse"] == SEGMENTS


def test_a_sound_store_is_left_alone(server: FakeServer, home: Path) -> None:
    before = json.loads(run(server, home, "memory", "list", "--json").stdout)
    for arguments in ((), ("--repair",)):
        code, found = report(server, home, *arguments)
        assert code == 0 and found["sound"] and not found["found"] and not found["repaired"]
    assert json.loads(run(server, home, "memory", "list", "--json").stdout) == before
    assert not list(home.glob("*.damaged-*"))


def test_vectors_that_are_gone_are_made_anew(server: FakeServer, home: Path, video: str) -> None:
    memory = Memory(str(home / "memory"), Lexical())
    (recording,) = memory.recordings()
    with memory._client() as client:
        collection = client.get_collection(f"rec-{recording.id}", embedding_function=None)
        lines = collection.get(where={"kind": "line"}, include=[])["ids"]
        collection.delete(ids=lines[:3])
        place = {"kind": "line", "caption": "gone", "start": 0.0, "end": 1.0}
        collection.upsert(ids=["gone-0000"], embeddings=[[1.0] * 512], documents=["x"], metadatas=[place])
    memory.close()
    code, found = report(server, home)
    said = " ".join(each["what"] for each in found["found"])
    assert code == 1 and "3 lines have no vector" in said and "1 lines belong to no caption" in said
    assert report(server, home, "--repair")[0] == 0 and report(server, home)[0] == 0
    again = Memory(str(home / "memory"), Lexical())
    described = [caption for caption in again.captions(recording.id) if caption.lines]
    assert len(again.search([recording.id], "scene", k=50)) == len(described)
    again.close()


def test_without_its_index_files_a_store_still_answers(server: FakeServer, home: Path, video: str) -> None:
    for folder in (home / "memory").iterdir():
        if folder.is_dir():
            shutil.rmtree(folder)
    done = run(server, home, "ask", video, "What else?", "--json")
    assert done.returncode == 0 and json.loads(done.stdout)["usage"]["captions_made"] == 0


def test_the_version_of_a_store_is_read_mended_and_respected(server: FakeServer, home: Path, video: str) -> None:
    file = home / "memory" / "schema.json"
    file.write_text("{")
    assert "version of this memory is unknown" in run(server, home, "ask", video, "What else?").stderr
    assert report(server, home, "--repair")[0] == 0 and json.loads(file.read_text())["schema"] == schema.SCHEMA
    file.write_text('{"schema": 99}')
    assert "update it" in run(server, home, "ask", video, "What else?").stderr.splitlines()[-1]
    code, found = report(server, home, "--repair")
    assert code == 1 and "newer videolucy" in found["found"][0]["repair"] and not list(home.glob("memory.damaged-*"))


@pytest.mark.parametrize("damage", [half, header])
def test_sessions_that_cannot_be_read_are_moved_aside(
    server: FakeServer, home: Path, video: str, damage: Callable[[Path], None]
) -> None:
    damage(home / "checkpoints.sqlite")
    refused = run(server, home, "ask", video, "What else?")
    assert refused.returncode == 2 and "doctor --store --repair" in refused.stderr.splitlines()[-1]
    assert report(server, home)[0] == 1 and report(server, home, "--repair")[0] == 0
    done = run(server, home, "ask", video, "What else?", "--json")
    assert json.loads(done.stdout)["usage"]["captions_made"] == 0, "memory keeps what was seen"


def test_wrong_arguments_are_one_line(server: FakeServer, home: Path) -> None:
    for arguments in (("--repair",), ("--store", "--try")):
        done = run(server, home, "doctor", *arguments)
        assert done.returncode == 2 and len(done.stderr.splitlines()) == 1


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 3 MB of its own."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=3m", "none", str(folder)], capture_output=True)
    if mounted.returncode:
        pytest.skip(f"no file system can be mounted here: {mounted.stderr.decode().strip()}")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_full_disk_loses_nothing_and_the_question_goes_on(
    small_disk: Path, server: FakeServer, video: str, tmp_path: Path
) -> None:
    home = small_disk / "home"
    filler = small_disk / "filler"
    assert run(server, home, "ingest", video).returncode == 0
    room = os.statvfs(small_disk)
    filler.write_bytes(b"x" * max(0, room.f_bavail * room.f_frsize - 40_000))
    full = run(server, home, "ask", video, "What is new?")
    last = full.stderr.splitlines()[-1]
    assert full.returncode == 2 and f"free some space on the disk of {home}" in last, full.stderr
    assert report(server, home)[1]["free_bytes"] < 100_000
    before = captioned(server)
    filler.unlink()
    done = run(server, home, "ask", video, "What is new?", "--json")
    assert done.returncode == 0, done.stderr
    made = captioned(server) - before
    assert json.loads(done.stdout)["usage"]["captions_reused"] >= SEGMENTS and sum(made.values()) <= 3


def test_a_disk_that_can_only_be_read_is_said_and_memory_can_still_be_shown(
    small_disk: Path, server: FakeServer, video: str
) -> None:
    home = small_disk / "home"
    assert run(server, home, "ingest", video).returncode == 0
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    refused = run(server, home, "ask", video, "What?")
    assert refused.returncode == 2 and len(refused.stderr.splitlines()) <= 2, refused.stderr
    assert "read" in refused.stderr.splitlines()[-1].lower()
    listed = run(server, home, "memory", "list")
    assert listed.returncode == 0 and f"{SEGMENTS} coarse" in listed.stdout, listed.stderr
    assert report(server, home) == (0, ANY), "it is whole, although it can only be read"


def test_a_disk_that_fills_up_in_the_middle_names_the_command_that_goes_on(
    small_disk: Path, server: FakeServer, video: str
) -> None:
    home = small_disk / "home"
    filler = small_disk / "filler"
    assert run(server, home, "ingest", video).returncode == 0
    room = os.statvfs(small_disk)
    filler.write_bytes(b"x" * (room.f_bavail * room.f_frsize - 250_000))
    full = run(server, home, "ask", video, "What is new?")
    thread = full.stderr.splitlines()[0].split()[1]
    last = full.stderr.splitlines()[-1]
    assert full.returncode == 2 and "free some space" in last and f"`videolucy resume {thread}` goes on" in last
    filler.unlink()
    done = run(server, home, "resume", thread, "--json")
    assert done.returncode == 0 and json.loads(done.stdout)["usage"]["captions_reused"] >= SEGMENTS, done.stderr
    assert report(server, home)[0] == 0


FULL = """
import os, sys, threading
from pathlib import Path
from memory_store.embedders.lexical import Lexical
from memory_store.errors import StoreFull
from memory_store.records import Caption, Line, Part, Scopes, digest
from memory_store.store import Memory

disk = Path(sys.argv[1])
memory = Memory(str(disk / "memory"), Lexical())
part = Part(digest("one"), "one.mp4", 0.0, 600.0)
recording = memory.register("walk", (part,), lambda seconds: Scopes((10.0, 5.0, 1.0), (1.0, 2.0, 2.0)))

def caption(number):
    lines = tuple(Line(10.0 * number, 10.0 * number + 5, f"scene {number} line {at}" + " word" * 20) for at in range(4))
    return Caption(digest(f"c{number}"), recording.id, f"c{number}", "coarse", lines[0].start, lines[0].end, lines)

memory.put([caption(0)])
room = os.statvfs(disk)
(disk / "filler").write_bytes(b"x" * (room.f_bavail * room.f_frsize - 150_000))
stored, failed = [0], []

def put(first):
    for number in range(first, first + 20):
        try:
            memory.put([caption(number)])
            stored.append(number)
        except StoreFull as problem:
            failed.append(str(problem))

threads = [threading.Thread(target=put, args=(first,)) for first in (1, 21, 41)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
assert failed and all("free some space" in said for said in failed), failed
(disk / "filler").unlink()
memory.release()
kept = {found.id for found in memory.captions(recording.id)}
assert {digest(f"c{number}") for number in stored} <= kept
memory.put([caption(number) for number in range(61)])
assert len(memory.captions(recording.id)) == 61
memory.close()
"""


def test_writers_on_a_disk_that_is_full_are_told_and_none_waits_for_ever(small_disk: Path) -> None:
    """Chroma's second write after one to a full disk never returns."""
    environment = offline_env({"PYTHONPATH": str(ROOT)})
    done = subprocess.run(
        [sys.executable, "-c", FULL, str(small_disk)], env=environment, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr


def test_a_disk_too_full_to_repair_on_leaves_the_damaged_store_as_it_is(
    small_disk: Path, server: FakeServer, video: str
) -> None:
    home = small_disk / "home"
    assert run(server, home, "ingest", video).returncode == 0
    middle(home / "memory" / "chroma.sqlite3")
    room = os.statvfs(small_disk)
    (small_disk / "filler").write_bytes(b"x" * (room.f_bavail * room.f_frsize - 40_000))
    refused = run(server, home, "doctor", "--store", "--repair")
    assert refused.returncode == 2 and "free some space" in refused.stderr.splitlines()[-1]
    assert not list(home.glob("memory.*"))
    (small_disk / "filler").unlink()
    assert report(server, home, "--repair")[0] == 0
    assert f"{SEGMENTS} coarse" in run(server, home, "memory", "list").stdout


def test_two_programs_that_begin_at_once_on_a_new_store_both_finish(
    tmp_path: Path, server: FakeServer, video: str
) -> None:
    for number in range(3):
        home = tmp_path / f"home-{number}"
        both = [
            subprocess.Popen(
                [sys.executable, "-m", "app", "ask", video, question, "--json"],
                env=environment(server, home),
                cwd=tmp_path,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
            for question in ("What?", "Where?")
        ]
        for program in both:
            out, said = program.communicate(timeout=120)
            assert program.returncode == 0, said
            assert json.loads(out)["status"] == "insufficient"
        assert report(server, home)[0] == 0


def test_a_store_moved_elsewhere_remembers_and_the_video_may_have_moved_too(
    home: Path, tmp_path: Path, server: FakeServer, video: str
) -> None:
    moved = Path(shutil.move(home, tmp_path / "elsewhere"))
    assert f"{SEGMENTS} coarse" in run(server, moved, "memory", "list").stdout
    gone = run(server, moved, "ask", str(tmp_path / "talk.mp4"), "What?")
    assert gone.returncode == 2 and "talk.mp4" in gone.stderr.splitlines()[-1]
    renamed = shutil.copy(video, tmp_path / "renamed.mp4")
    done = json.loads(run(server, moved, "ask", renamed, "What?", "--json").stdout)
    assert done["usage"]["captions_made"] == 0 and done["usage"]["captions_reused"] >= SEGMENTS


def test_an_unfinished_session_of_another_version_goes_on(home: Path, server: FakeServer, video: str) -> None:
    """Fields that this version does not know, and without fields it has: it goes on all the same."""
    from app import open_graph
    from graph.saver import serializer

    file = home / "checkpoints.sqlite"
    with open_graph(file) as graph:
        (thread,) = {row[0] for row in graph.checkpointer.conn.execute("SELECT thread_id FROM checkpoints")}
        states = list(graph.get_state_history({"configurable": {"thread_id": thread}}))
        early = next(state for state in states if state.next == ("check_sufficiency",))
        graph.checkpointer.conn.execute(
            "DELETE FROM checkpoints WHERE checkpoint_id > ?", (early.config["configurable"]["checkpoint_id"],)
        )
        graph.checkpointer.conn.execute(
            "DELETE FROM writes WHERE checkpoint_id >= ?", (early.config["configurable"]["checkpoint_id"],)
        )
        graph.checkpointer.conn.commit()
    serde = serializer()
    with sqlite3.connect(file) as database:
        row = database.execute("SELECT checkpoint_id, type, checkpoint FROM checkpoints ORDER BY 1 DESC").fetchone()
        checkpoint = serde.loads_typed((row[1], row[2]))
        for name in ("digests", "cover", "standalone", "exchanges"):
            checkpoint["channel_values"].pop(name, None)
            checkpoint["channel_versions"].pop(name, None)
        checkpoint["channel_values"]["of_an_older_version"] = [1, 2, 3]
        checkpoint["channel_versions"]["of_an_older_version"] = "00000000000000000000000000000001.0"
        kind, data = serde.dumps_typed(checkpoint)
        database.execute(
            "UPDATE checkpoints SET type = ?, checkpoint = ? WHERE checkpoint_id = ?", (kind, data, row[0])
        )
    done = run(server, home, "resume", thread, "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["status"] == "insufficient"


def test_a_store_of_an_older_version_is_brought_up_to_date(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No older layout exists yet: a step of the test's own, cut short once, stands for the first."""
    tried: list[str] = []

    def step(client: Any, collection: Any) -> None:
        tried.append(collection.name)
        collection.modify(metadata={**collection.metadata, "colour": "green"})
        if len(tried) == 1:
            raise KeyboardInterrupt

    monkeypatch.setattr(schema, "SCHEMA", 2)
    monkeypatch.setitem(schema.STEPS, 1, step)
    monkeypatch.setattr(places, "_folders", {})
    with pytest.raises(KeyboardInterrupt):
        Memory(str(home / "memory"), Lexical()).recordings()
    monkeypatch.setattr(places, "_folders", {})
    memory = Memory(str(home / "memory"), Lexical())
    (recording,) = memory.recordings()
    with memory._client() as client:
        metadata = client.get_collection(f"rec-{recording.id}", embedding_function=None).metadata
    assert metadata["schema"] == 2 and metadata["colour"] == "green" and len(tried) == 2
    assert len(memory.captions(recording.id, level="coarse")) == SEGMENTS
    memory.close()
    assert json.loads((home / "memory" / "schema.json").read_text()) == {"schema": 2}
