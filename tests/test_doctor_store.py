"""`doctor --store`: what is wrong with memory or sessions is named, and mended; what can be read is kept."""

from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from langgraph.checkpoint.base import empty_checkpoint

from commands.soundness import check_and_mend
from graph.checkpoints import open_graph
from graph.lost import lost_threads
from graph.saver import Saver, serializer
from graph.threads import resumable, sessions
from memory_store import places, schema
from memory_store.catalog import UNFINISHED, create, entry_of
from memory_store.embedders.lexical import Lexical
from memory_store.errors import StoreError, StoreTooNew, remedy
from memory_store.pictures import Picture
from memory_store.records import Caption, Line, Part, Recording, Scopes, digest
from memory_store.salvage import set_aside
from memory_store.store import Memory
from tools.errors import BadInput
from tools.settings import Settings

PARTS = (Part(digest("one"), "/videos/one.mp4", 0.0, 60.0), Part(digest("two"), "/videos/two.mp4", 60.0, 60.0))
MORE = Part(digest("three"), "/videos/three.mp4", 120.0, 5000.0)
STAMPS = ("store.lock", "store.owner")


def scopes(seconds: float) -> Scopes:
    return Scopes((10.0, 5.0, 1.0) if seconds < 1000 else (100.0, 10.0, 1.0), (1.0, 2.0, 2.0))


def filled(folder: Path, captions: int = 6, lines: int = 2) -> Recording:
    memory = Memory(str(folder), Lexical())
    recording = memory.register("walk", PARTS, scopes)
    made = [
        Caption(
            digest(f"caption {number}"),
            recording.id,
            f"c{number}",
            "coarse",
            10.0 * number,
            10.0 * number + 10,
            tuple(Line(10.0 * number, 10.0 * number + 5, f"scene {number} line {at}") for at in range(lines)),
        )
        for number in range(captions)
    ]
    memory.put(made)
    memory.close()
    return recording


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("made") / "home"
    recording = filled(home / "memory")
    begun(home / "checkpoints.sqlite", "first", recording.id)
    begun(home / "checkpoints.sqlite", "second", recording.id)
    return home


@pytest.fixture
def home(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "home"))


def begun(file: Path, thread: str, recording: str, **more: str) -> None:
    """Keep one step of a session."""
    with closing(sqlite3.connect(file, check_same_thread=False)) as connection:
        saver = Saver(connection, serde=serializer())
        checkpoint = empty_checkpoint()
        checkpoint["channel_values"] = {"recordings": [{"id": recording}], "question": "What?", **more}
        checkpoint["channel_versions"] = dict.fromkeys(checkpoint["channel_values"], "1")
        config: Any = {"configurable": {"thread_id": thread, "checkpoint_ns": ""}}
        saver.put(config, checkpoint, {"source": "input", "step": 1}, {})


def doctor(home: Path, capsys: pytest.CaptureFixture[str], repair: bool = False) -> tuple[int, dict[str, Any]]:
    import typer

    code = 0
    capsys.readouterr()
    try:
        check_and_mend(Settings.load(home=str(home), embedder="lexical"), repair, as_json=True)
    except typer.Exit as end:
        code = end.exit_code
    return code, json.loads(capsys.readouterr().out)


def whats(found: dict[str, Any]) -> str:
    return "; ".join(each["what"] for each in found["found"])


def texts(home: Path) -> set[str]:
    memory = Memory(str(home / "memory"), Lexical())
    found = {caption.text for recording in memory.recordings() for caption in memory.captions(recording.id)}
    memory.close()
    return found


@contextmanager
def database(file: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(file)) as connection, connection:
        yield connection


def hashes(folder: Path) -> dict[str, str]:
    files = (file for file in folder.rglob("*") if file.is_file() and file.name not in STAMPS)
    return {str(file.relative_to(folder)): hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


def test_looking_changes_nothing_and_tells_sizes(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = hashes(home)
    code, found = doctor(home, capsys)
    assert code == 0 and found["sound"] and not found["notes"]
    assert found["bytes"]["memory"] > 100_000 and found["bytes"]["checkpoints.sqlite"] > 10_000
    with database(home / "memory" / "chroma.sqlite3") as connection:
        connection.execute("UPDATE collection_metadata SET str_value = '{' WHERE key = 'recording'")
    begun(home / "checkpoints.sqlite", "third", "gone")
    with database(home / "checkpoints.sqlite") as connection:
        connection.execute("UPDATE checkpoints SET checkpoint = x'00' WHERE thread_id = 'third'")
    damaged = hashes(home)
    code, found = doctor(home, capsys)
    assert code == 1 and not found["sound"] and "session third cannot be read" in whats(found)
    assert hashes(home) == damaged != before


HALF = "UPDATE collection_metadata SET str_value = substr(str_value, 1, 20) WHERE key = 'recording'"


@pytest.mark.parametrize("damage", [HALF, "DELETE FROM collection_metadata"])
@pytest.mark.parametrize("parts", [PARTS, (*PARTS, MORE)])
def test_a_recording_without_its_row_in_the_catalogue_keeps_its_captions(
    home: Path, capsys: pytest.CaptureFixture[str], damage: str, parts: tuple[Part, ...]
) -> None:
    """And is known again when its video is opened, also one that grew meanwhile."""
    before = texts(home)
    with database(home / "memory" / "chroma.sqlite3") as connection:
        connection.execute(damage)
    with pytest.raises(StoreError, match="doctor --store --repair"):
        Memory(str(home / "memory"), Lexical()).recordings()
    code, mended = doctor(home, capsys, repair=True)
    assert code == 0 and "saved 6 captions" in " ".join(mended["repaired"]) and texts(home) == before
    memory = Memory(str(home / "memory"), Lexical())
    (lost,) = memory.recordings()
    recording = memory.register("walk", parts, scopes)
    assert recording.id == lost.id and recording.parts == parts and recording.scopes == scopes(120.0)
    assert len(memory.recordings()) == 1 and len(memory.captions(recording.id)) == 6
    assert memory.search([recording.id], "scene 4", k=1)[0].line.text.startswith("scene 4")
    memory.close()


def garbage(file: Path) -> None:
    file.write_bytes(b"\xc7" * file.stat().st_size)


def cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with so many vectors that Chroma keeps files of its index."""
    home = tmp_path_factory.mktemp("large") / "home"
    filled(home / "memory", captions=350, lines=3)
    assert list((home / "memory").glob("*/*.bin"))
    return home


@pytest.mark.parametrize("damage", [garbage, cut, Path.unlink])
def test_damaged_index_files_are_made_anew_from_the_captions(
    large: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], damage: Callable[[Path], None]
) -> None:
    home = Path(shutil.copytree(large, tmp_path / "home"))
    for file in (home / "memory").glob("*/*"):
        damage(file)
    memory = Memory(str(home / "memory"), Lexical())
    (recording,) = memory.recordings()
    with pytest.raises(StoreError, match="doctor --store --repair"):
        memory.search([recording.id], "scene 17 line 2")
    memory.close()
    assert doctor(home, capsys)[0] == 1
    code, mended = doctor(home, capsys, repair=True)
    assert code == 0 and "saved 350 captions" in " ".join(mended["repaired"])
    memory = Memory(str(home / "memory"), Lexical())
    assert memory.search([recording.id], "scene 17 line 2", k=1)[0].line.text == "scene 17 line 2"
    memory.close()


def test_what_belongs_to_no_recording_is_found_and_taken_out(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    memory = Memory(str(home / "memory"), Lexical())
    (recording,) = memory.recordings()
    picture = Picture(digest("p"), 0.0, 5.0, np.ones(8, dtype=np.float32))
    memory.put_pictures(recording.id, "clip", [picture])
    memory.put_pictures(digest("forgotten"), "clip", [picture])
    with memory._client() as client:
        create(client, entry_of(memory._collection(client, recording.id)), UNFINISHED)
    memory.close()
    code, found = doctor(home, capsys)
    assert code == 1 and "belong to no recording: 2" in whats(found)
    code, mended = doctor(home, capsys, repair=True)
    assert code == 0 and mended["sound"] and not list(home.glob("*.damaged-*"))
    memory = Memory(str(home / "memory"), Lexical())
    assert memory.known_pictures(recording.id, "clip", [picture.id]) == {picture.id}
    assert not memory.known_pictures(digest("forgotten"), "clip", [picture.id])
    memory.close()


def test_a_caption_that_cannot_be_read_is_one_line_and_costs_no_other(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = texts(home)
    with database(home / "memory" / "chroma.sqlite3") as connection:
        query = "SELECT min(id) FROM embedding_metadata WHERE key = 'lines'"
        connection.execute(f"UPDATE embedding_metadata SET string_value = '[[1' WHERE key = 'lines' AND id = ({query})")
    with pytest.raises(StoreError, match=r"^caption \w+ of the memory is damaged.*doctor --store --repair"):
        texts(home)
    assert "1 captions cannot be read" in whats(doctor(home, capsys)[1])
    code, _ = doctor(home, capsys, repair=True)
    assert code == 0 and len(before & texts(home)) == 5


def test_what_a_newer_version_wrote_is_not_repaired(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with database(home / "memory" / "chroma.sqlite3") as connection:
        connection.execute("UPDATE collection_metadata SET int_value = 99 WHERE key = 'schema'")
    before = hashes(home)
    code, found = doctor(home, capsys, repair=True)
    assert code == 1 and "version 99" in whats(found) and not found["repaired"] and hashes(home) == before
    with (home / "memory" / "chroma.sqlite3").open("r+b") as file:  # damaged besides: still not ours to rebuild
        file.seek(-4096, 2)
        file.write(b"\xaa" * 4096)
    with pytest.raises(StoreTooNew):
        doctor(home, capsys, repair=True)
    assert not list(home.glob("*.damaged-*")) and not list(home.glob("*.rebuilt-*"))


def test_an_older_store_is_brought_up_to_date_before_it_is_read(
    home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def step(client: Any, collection: Any) -> None:
        collection.modify(metadata={**collection.metadata, "colour": "green"})

    monkeypatch.setattr(schema, "SCHEMA", schema.SCHEMA + 1)
    monkeypatch.setitem(schema.STEPS, schema.SCHEMA - 1, step)
    monkeypatch.setattr(places, "_folders", {})
    with pytest.raises(StoreError, match="brings it up to date"):
        Memory(str(home / "memory"), Lexical(), read_only=True).recordings()
    assert doctor(home, capsys)[0] == 1 and doctor(home, capsys, repair=True)[0] == 0
    assert len(Memory(str(home / "memory"), Lexical(), read_only=True).recordings()) == 1


def test_recordings_as_the_first_version_wrote_them_are_read(home: Path) -> None:
    """It knew neither sound alone nor clocks; nothing else has changed since."""
    with database(home / "memory" / "chroma.sqlite3") as connection:
        ((row, text),) = connection.execute("SELECT rowid, str_value FROM collection_metadata WHERE key = 'recording'")
        told = json.loads(text)
        for part in told["parts"]:
            del part["picture"], part["clock"]
        connection.execute("UPDATE collection_metadata SET str_value = ? WHERE rowid = ?", (json.dumps(told), row))
    memory = Memory(str(home / "memory"), Lexical())
    assert [recording.parts for recording in memory.recordings()] == [PARTS]
    assert len(texts(home)) == 6


@pytest.mark.parametrize(
    "damage",
    [
        "checkpoint = substr(checkpoint, 1, length(checkpoint) / 2)",
        "checkpoint = x'c1ff'",
        "checkpoint = x'00'",
        "checkpoint = CAST(x'c1ff' AS TEXT)",
        "checkpoint = NULL",
        "type = 'json', checkpoint = NULL",
        """type = 'json', checkpoint = '{"lc": 2, "type": "constructor", "id": {"a": 1, "b": 2}}'""",
        "type = 'pickle'",
        "metadata = '{'",
    ],
)
def test_a_session_that_cannot_be_read_hides_no_other_and_is_taken_out(
    home: Path, capsys: pytest.CaptureFixture[str], damage: str
) -> None:
    file = home / "checkpoints.sqlite"
    with database(file) as connection:
        connection.execute(f"UPDATE checkpoints SET {damage} WHERE thread_id = 'first'")
    with open_graph(file) as graph:
        assert {s.thread_id: s.status for s in sessions(graph)} == {"first": "unreadable", "second": "unfinished"}
        with pytest.raises(StoreError, match="session first cannot be read.*--repair"):
            graph.get_state({"configurable": {"thread_id": "first"}})
    assert whats(doctor(home, capsys)[1]).startswith("session first cannot be read")
    code, mended = doctor(home, capsys, repair=True)
    (aside,) = home.glob("checkpoints.sqlite.damaged-*")
    assert code == 0 and str(aside) in " ".join(mended["repaired"]) and set(lost_threads(aside)) == {"first"}
    with open_graph(file) as graph:
        assert [s.thread_id for s in sessions(graph)] == ["second"]


def test_a_checkpoint_file_of_another_layout_is_one_line_and_moved_aside(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = home / "checkpoints.sqlite"
    with database(file) as connection:
        connection.execute("ALTER TABLE checkpoints RENAME COLUMN metadata TO notes")
    with pytest.raises(BadInput, match="no such column.*--repair"), open_graph(file):
        pass
    assert doctor(home, capsys)[0] == 1 and doctor(home, capsys, repair=True)[0] == 0
    with open_graph(file) as graph:
        assert not list(sessions(graph))


def test_a_session_that_stopped_before_a_step_of_another_version_says_what_to_do(home: Path) -> None:
    begun(home / "checkpoints.sqlite", "old", digest("any"), status="", **{"branch:to:weigh": "None"})
    with open_graph(home / "checkpoints.sqlite") as graph:
        assert {s.thread_id: s.status for s in sessions(graph)}["old"] == "outdated"
        with pytest.raises(BadInput, match="`videolucy ask` asks again"):
            resumable(graph, "old")


def test_sessions_about_forgotten_recordings_are_told_and_kept(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    begun(home / "checkpoints.sqlite", "third", digest("forgotten"))
    code, found = doctor(home, capsys, repair=True)
    assert code == 0 and found["notes"] == ["1 sessions are about recordings that memory no longer holds: third"]
    assert not lost_threads(home / "checkpoints.sqlite") and not found["repaired"]


def test_a_store_that_is_in_use_is_not_looked_at(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from filelock import FileLock

    from memory_store.errors import StoreBusy
    from memory_store.lock import StoreLock

    with pytest.MonkeyPatch.context() as patch, FileLock(home / "memory" / "store.lock"):
        patch.setattr(StoreLock, "wait", 0.1)
        with pytest.raises(StoreBusy, match="--store http://"):
            doctor(home, capsys)


def test_a_rebuild_that_fails_leaves_the_store_as_it_was(
    home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with database(home / "memory" / "chroma.sqlite3") as connection:
        connection.execute(HALF)
    before = hashes(home)

    def put(*_: Any) -> None:
        raise StoreError("no space left")

    with monkeypatch.context() as patch, pytest.raises(StoreError, match="no space"):
        patch.setattr(Memory, "put", put)
        doctor(home, capsys, repair=True)
    assert hashes(home) == before
    assert doctor(home, capsys, repair=True)[0] == 0 and len(texts(home)) == 6


def test_what_is_moved_aside_never_replaces_what_was_moved_before(tmp_path: Path) -> None:
    kept = []
    for text in "abc":
        (tmp_path / "file").write_text(text)
        kept.append(set_aside(tmp_path / "file"))
    assert [file.read_text() for file in kept] == ["a", "b", "c"]


def test_the_advice_fits_what_was_said(tmp_path: Path) -> None:
    where = str(tmp_path)
    assert "free some space" in remedy("error returned from database: (code: 13) database or disk is full", where)
    assert "free some space" in remedy("[Errno 28] No space left on device", where)
    assert "writable" in remedy("attempt to write a readonly database", where)
    assert "--repair" in remedy("database disk image is malformed", where)
    assert remedy("connection refused", where) == ""
