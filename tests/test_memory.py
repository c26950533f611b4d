"""Memory on a real Chroma store: what is put is found, by several threads, by several processes, after a kill."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memory_store.catalog import UNFINISHED, create, entry_of
from memory_store.embedders.lexical import Lexical
from memory_store.errors import StoreBusy, StoreError
from memory_store.ids import caption_id
from memory_store.lock import StoreLock
from memory_store.places import place
from memory_store.records import Line, Recording, Scopes, Span
from memory_store.schema import SCHEMA
from memory_store.segments import scopes_for
from memory_store.store import Memory
from tests.memory_process import Other, caption, parts, register

ROOT = Path(__file__).parent.parent
WISH: dict[str, Any] = {
    "spans": [Span("p", 0.0, 5.0)],
    "level": "coarse",
    "instruction": "",
    "captioner": "m",
    "prompt_version": "1",
    "fps": 1.0,
    "max_pixels": 100,
    "multiple": 2,
}


@pytest.fixture
def memory(tmp_path: Path) -> Iterator[Memory]:
    made = Memory(str(tmp_path / "store"), Lexical())
    yield made
    made.close()


@pytest.fixture
def recording(memory: Memory) -> Recording:
    return register(memory, "a")


def other_process(folder: Path, *action: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.memory_process", str(folder), *action]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def finish(process: subprocess.Popen[str]) -> str:
    out, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    return out


def wait_for(process: subprocess.Popen[str], line: str) -> None:
    assert process.stdout is not None
    for said in process.stdout:
        if said.strip() == line:
            return
    raise AssertionError(f"the process ended before it said {line!r}")


def kill(process: subprocess.Popen[str]) -> None:
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=20)


# ids


@given(st.floats(0, 1e5), st.floats(0.01, 1e3), st.text(max_size=20))
def test_ids_are_16_bytes_and_count_in_milliseconds(start: float, length: float, words: str) -> None:
    wish = {**WISH, "spans": [Span("p", start, start + length)], "words": words}
    id = caption_id(**wish)
    assert len(bytes.fromhex(id)) == 16
    assert caption_id(**wish) == id
    rounded = Span("p", round(start * 1000) / 1000, round((start + length) * 1000) / 1000)
    assert caption_id(**{**wish, "spans": iter([rounded])}) == id


def test_an_id_never_changes_between_versions() -> None:
    assert caption_id(**WISH) == "f6465174ea96c69bf5c1a8208b7661a6"


@pytest.mark.parametrize(
    "changed",
    [
        {"spans": [Span("q", 0.0, 5.0)]},
        {"spans": [Span("p", 0.001, 5.0)]},
        {"spans": [Span("p", 0.0, 5.0), Span("q", 0.0, 5.0)]},
        {"level": "fine"},
        {"instruction": "read the sign"},
        {"captioner": "n"},
        {"prompt_version": "2"},
        {"fps": 0.5},
        {"max_pixels": 101},
        {"multiple": 28},
        {"mode": "key"},
        {"words": "hello"},
    ],
)
def test_whatever_could_change_the_words_changes_the_id(changed: dict[str, Any]) -> None:
    assert caption_id(**{**WISH, **changed}) != caption_id(**WISH)


# captions


def test_nothing_is_opened_before_it_is_needed(tmp_path: Path) -> None:
    Memory(str(tmp_path / "store"), Lexical())
    assert not (tmp_path / "store").exists()


def test_a_caption_comes_back_as_it_was_put(memory: Memory, recording: Recording) -> None:
    texts = ("Zürich “quoted” \n two lines", "東京", "")
    seen = {"frames": 5, "made_at": 12.5, "extra": {"unread": True, "blur": 0.5, "why": None}}
    put = caption(recording.id, 3, *texts, instruction="look", question="what?", prompt_version="7", **seen)
    memory.put([put])
    assert memory.get(recording.id, [put.id, "0" * 32]) == {put.id: put}
    assert memory.known(recording.id, [put.id, "0" * 32]) == {put.id}
    memory.release()
    assert memory.get(recording.id, [put.id]) == {put.id: put}


def test_putting_again_changes_nothing_and_new_words_replace_old_ones(memory: Memory, recording: Recording) -> None:
    first = caption(recording.id, 1, "a red bridge", "a harbour", "an owl", question="q", extra={"old": 1})
    memory.put([first, first])
    memory.put([first])
    assert memory.captions(recording.id) == [first]
    assert memory.search([recording.id], "owl")[0].line.text == "an owl"
    second = replace(first, lines=(Line(5, 6, "a green door"),), question="", extra={})
    memory.put([second])
    assert memory.captions(recording.id) == [second]
    for _ in range(2):  # from the index in memory, and from the store
        assert [hit.line.text for hit in memory.search([recording.id], "owl harbour door")] == ["a green door"]
        memory.close()
    with memory._client() as client:
        assert memory._collection(client, recording.id).count() == 2  # no line is left behind


def test_captions_by_stretch_and_level(memory: Memory, recording: Recording) -> None:
    made = [caption(recording.id, number) for number in (4, 2, 0, 3, 1)]
    fine = caption(recording.id, 2, "close", id="f" * 32, segment="c2.f0", level="fine", end=11.0)
    memory.put([*made, fine])
    assert [c.segment for c in memory.captions(recording.id)] == ["c0", "c1", "c2", "c2.f0", "c3", "c4"]
    assert [c.segment for c in memory.captions(recording.id, start=9.9, end=10)] == ["c1"]
    assert [c.segment for c in memory.captions(recording.id, start=10, end=11)] == ["c2", "c2.f0"]
    assert memory.captions(recording.id, level="fine") == [fine]
    assert memory.captions(recording.id, level="chapter") == []


def test_a_caption_without_lines_is_kept(memory: Memory, recording: Recording) -> None:
    empty = replace(caption(recording.id, 1), lines=())
    memory.put([empty])
    assert memory.captions(recording.id) == [empty]
    assert memory.search([recording.id], "anything") == []


def test_an_unknown_recording_is_told(memory: Memory, recording: Recording) -> None:
    for call in (
        lambda: memory.recording("nope"),
        lambda: memory.get("nope", ["x"]),
        lambda: memory.captions("nope"),
        lambda: memory.search(["nope"], "x"),
        lambda: memory.put([caption("nope", 1)]),
        lambda: memory.delete("nope"),
    ):
        with pytest.raises(StoreError, match="no recording nope"):
            call()


# search


def test_search_names_the_line_and_its_times(memory: Memory, recording: Recording) -> None:
    memory.put(
        [
            caption(recording.id, 0, "The picture is mostly blue.", 'Text on screen: "Platform 4 departs 09:40"'),
            caption(recording.id, 1, "The picture is mostly red.", 'Text on screen: "Platform 7 departs 10:15"'),
            caption(recording.id, 2, "A board with writing too small to read."),
        ]
    )
    hits = memory.search([recording.id], "When does platform 7 depart?", k=2)
    assert hits[0].caption == caption(recording.id, 1).id and hits[0].recording == recording.id
    assert hits[0].line == Line(6.0, 7.0, 'Text on screen: "Platform 7 departs 10:15"')
    assert len(hits) == 2 and 0 <= hits[1].score < hits[0].score <= 1
    only = {caption(recording.id, 2).id}
    assert [hit.caption for hit in memory.search([recording.id], "When does platform 7 depart?", ids=only)] == [*only]
    assert memory.search([recording.id], "platform", ids=set()) == [] == memory.search([], "platform")
    assert memory.search([recording.id], "platform", k=0) == []
    assert len(memory.search([recording.id], "")) == 3


def test_search_over_several_recordings(memory: Memory, recording: Recording) -> None:
    second, empty = register(memory, "b"), register(memory, "c")
    memory.put([caption(recording.id, 1, "a cat sleeps"), caption(second.id, 1, "a dog barks")])
    hits = memory.search([recording.id, second.id, empty.id, second.id], "is there a dog?")
    assert [hit.recording for hit in hits] == [second.id, recording.id]


def test_search_sees_what_is_put_after_the_first_search(memory: Memory, recording: Recording) -> None:
    memory.put([caption(recording.id, 0, "nothing much")])
    assert len(memory.search([recording.id], "lighthouse")) == 1
    memory.put([caption(recording.id, number, f"filler {number}") for number in range(1, 300)])
    memory.put([caption(recording.id, 300, "a lighthouse")])
    hits = memory.search([recording.id], "lighthouse", k=400)
    assert len(hits) == 301 and hits[0].line.text == "a lighthouse"
    beside = Memory(memory._where, Lexical())
    beside.put([caption(recording.id, 301, "another lighthouse keeper")])
    assert {hit.line.text for hit in memory.search([recording.id], "lighthouse keeper", k=1)} == {
        "another lighthouse keeper"
    }


def test_a_line_whose_vector_was_lost_is_found_all_the_same(memory: Memory, recording: Recording) -> None:
    made = caption(recording.id, 1, "a red bridge", "an owl", "a blue door")
    memory.put([made])
    with memory._client() as client:
        memory._collection(client, recording.id).delete(ids=[f"{made.id}-0001"])
    assert memory.search([recording.id], "owl")[0].line.text == "an owl"


# recordings


def test_a_recording_that_grew_keeps_id_scopes_and_captions(memory: Memory) -> None:
    first = register(memory, "a", "b")
    memory.put([caption(first.id, 1, "an owl")])
    grown = memory.register(
        "new name", parts("a", "b", "c", folder="/moved"), lambda duration: Scopes((1, 1, 1), (1, 1, 1))
    )
    assert (grown.id, grown.scopes, grown.duration, grown.name) == (first.id, first.scopes, 180.0, "new name")
    assert all(part.path.startswith("/moved/") for part in memory.recording(first.id).parts)
    assert memory.recordings() == [grown]
    memory.close()
    assert memory.recording(first.id) == grown
    assert len(memory.captions(first.id)) == 1


def test_the_beginning_of_a_known_recording_is_one_of_its_own(memory: Memory) -> None:
    first = register(memory, "a")
    grown = register(memory, "a", "b")
    assert grown.id == first.id
    begun = register(memory, "a")
    assert begun.id != grown.id and [p.id for p in begun.parts] == [p.id for p in parts("a")]
    assert register(memory, "a") == begun and register(memory, "a", "b") == grown
    assert register(memory, "a", "b", "c").id == grown.id
    assert register(memory, "b").id not in {grown.id, begun.id}
    assert len(memory.recordings()) == 3


def test_scopes_are_given_once_by_length(memory: Memory) -> None:
    asked: list[float] = []

    def scopes(duration: float) -> Scopes:
        asked.append(duration)
        return scopes_for(duration)

    made = memory.register("x", parts("a", "b"), scopes)
    memory.register("x", parts("a", "b"), scopes)
    assert asked == [120.0] and made.scopes == scopes_for(120.0)
    with pytest.raises(ValueError, match="at least one part"):
        memory.register("x", (), scopes)


def test_notes_and_delete(memory: Memory, recording: Recording) -> None:
    memory.note(recording.id, swept=True, at=1.5)
    memory.note(recording.id, at=None, who="me")
    memory.put([caption(recording.id, 1)])
    register(memory, "a", "b")
    memory.close()
    assert memory.notes(recording.id) == {"swept": True, "who": "me"}
    memory.delete(recording.id)
    assert memory.recordings() == []
    with pytest.raises(StoreError):
        memory.recording(recording.id)
    assert register(memory, "a").id == recording.id and memory.captions(recording.id) == []


# threads, processes, kills


def test_many_threads(memory: Memory, recording: Recording) -> None:
    failures: list[BaseException] = []

    def work(thread: int) -> None:
        try:
            for number in range(6):
                own = caption(recording.id, thread * 10 + number, f"thread {thread} number {number}")
                memory.put([own])
                assert memory.known(recording.id, [own.id])
                assert memory.search([recording.id], f"thread {thread}", k=3)
                if number == 3:
                    memory.release()
        except BaseException as failure:
            failures.append(failure)

    threads = [threading.Thread(target=work, args=(thread,)) for thread in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert len(memory.captions(recording.id)) == 48
    assert len(memory.search([recording.id], "thread", k=100)) == 48


def test_a_killed_writer_loses_nothing_it_had_stored(tmp_path: Path) -> None:
    process = other_process(tmp_path, "forever")
    wait_for(process, "15")
    kill(process)
    memory = Memory(str(tmp_path), Lexical())
    recording = register(memory, "a")
    kept = {c.segment for c in memory.captions(recording.id)}
    assert {f"c{number}" for number in range(16)} <= kept
    assert memory.search([recording.id], "number 7", k=1)[0].line.text == "number 7"
    assert len(memory.search([recording.id], "number", k=1000)) == len(kept)
    memory.put([caption(recording.id, 5000)])
    memory.close()


def test_a_busy_store_is_waited_for_then_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    process = other_process(tmp_path, "hold")
    try:
        wait_for(process, "held")
        monkeypatch.setattr(StoreLock, "wait", 0.4)
        said: list[str] = []
        memory = Memory(str(tmp_path), Lexical(), said.append)
        began = time.monotonic()
        with pytest.raises(StoreBusy, match=rf"process {process.pid}\b.*--store http://"):
            memory.recordings()
        assert 0.3 < time.monotonic() - began < 5
        assert len(said) == 1 and f"process {process.pid}" in said[0]
        reader = Memory(str(tmp_path), Lexical(), said.append, read_only=True)
        assert [r.name for r in reader.recordings()] == ["a"] and len(said) == 1
    finally:
        kill(process)
    assert [r.name for r in memory.recordings()] == ["a"]  # a killed holder holds no longer
    memory.close()


def test_what_another_process_wrote_is_seen(tmp_path: Path) -> None:
    memory = Memory(str(tmp_path), Lexical())
    recording = register(memory, "a")
    memory.put([caption(recording.id, 1, "written here"), caption(recording.id, 77, "and here")])
    assert len(memory.search([recording.id], "process")) == 2
    memory.release()
    assert "done" in finish(other_process(tmp_path, "put"))
    assert len(memory.captions(recording.id)) == 2
    assert memory.search([recording.id], "other process")[0].line.text == "written by the other process"
    assert memory.search([recording.id], "anew")[0].line.text == "written anew"
    memory.close()


def test_the_lock_is_given_up_when_idle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(StoreLock, "linger", 0.2)
    memory = Memory(str(tmp_path), Lexical())
    recording = register(memory, "a")
    lock = place(str(tmp_path)).lock  # type: ignore[attr-defined]
    assert lock.held
    with memory._client():
        time.sleep(0.5)
        assert lock.held  # an operation under way keeps it, however long it takes
        memory.release()
        assert lock.held
    assert not lock.held  # and a release asked for meanwhile comes into force
    memory.put([caption(recording.id, 1)])
    deadline = time.monotonic() + 5
    while lock.held and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not lock.held
    assert "done" in finish(other_process(tmp_path, "put"))
    assert len(memory.captions(recording.id)) == 2
    memory.close()


def test_processes_that_start_at_once_on_a_new_store(tmp_path: Path) -> None:
    processes = [other_process(tmp_path / "new", "many", str(number)) for number in range(2)]
    for process in processes:
        assert "done" in finish(process)
    memory = Memory(str(tmp_path / "new"), Lexical())
    (recording,) = memory.recordings()
    assert len(memory.captions(recording.id)) == 40
    assert len(memory.search([recording.id], "observation", k=100)) == 40
    memory.close()


# reading beside a writer


def test_read_only_reads_everything_and_changes_nothing(tmp_path: Path, memory: Memory, recording: Recording) -> None:
    made = [caption(recording.id, n, f"line {n}", "", frames=n, made_at=1.5, extra={"x": None}) for n in range(20)]
    memory.put(made)
    memory.note(recording.id, swept=True)
    reader = Memory(memory._where, Lexical(), read_only=True)
    before = {file: file.stat().st_mtime_ns for file in Path(memory._where).rglob("*")}
    assert reader.recordings() == memory.recordings() and reader.recording(recording.id) == recording
    assert reader.captions(recording.id) == memory.captions(recording.id) == made
    assert reader.captions(recording.id, level="coarse", start=10, end=15) == made[2:3]
    assert reader.get(recording.id, [made[5].id, "x"]) == {made[5].id: made[5]}
    assert reader.known(recording.id, [made[5].id, "x"]) == {made[5].id}
    assert reader.notes(recording.id) == {"swept": True}
    for call in (
        lambda: reader.put(made),
        lambda: reader.note(recording.id, x=1),
        lambda: reader.delete(recording.id),
        lambda: register(reader, "z"),
        lambda: reader.search([recording.id], "line"),
    ):
        with pytest.raises(StoreError, match="reading only"):
            call()
    assert {file: file.stat().st_mtime_ns for file in Path(memory._where).rglob("*")} == before
    with pytest.raises(StoreError, match="no recording"):
        reader.captions("nope")
    reader.close()


def test_read_only_on_a_store_that_is_not_there(tmp_path: Path) -> None:
    reader = Memory(str(tmp_path / "none"), Lexical(), read_only=True)
    assert reader.recordings() == []
    assert not (tmp_path / "none").exists()


# another embedder


def filled(folder: Path, count: int = 450) -> Recording:
    memory = Memory(str(folder), Lexical())
    recording = register(memory, "a")
    memory.put([caption(recording.id, n, f"number {n}", "and more") for n in range(count)])
    memory.note(recording.id, swept=True)
    memory.close()
    return recording


def test_another_embedder_makes_every_vector_anew(tmp_path: Path) -> None:
    class Wider(Lexical):
        name = "wider-1"
        dimension = 600

    recording, said = filled(tmp_path), list[str]()
    before = Memory(str(tmp_path), Lexical(), read_only=True).captions(recording.id)
    memory = Memory(str(tmp_path), Wider(), said.append)
    assert memory.captions(recording.id) == before and said == []  # reading needs no vectors
    hits = memory.search([recording.id], "number 321", k=1000)
    assert len(hits) == 450 and hits[0].line.text == "number 321"
    assert len(said) == 1 and "wider-1" in said[0] and "450" in said[0]
    assert memory.captions(recording.id) == before and memory.notes(recording.id) == {"swept": True}
    assert memory.recordings() == [recording]
    memory.put([caption(recording.id, 451, "one more")])
    with memory._client() as client:
        (collection,) = client.list_collections()
        assert (entry_of(collection).embedder, entry_of(collection).dimension) == ("wider-1", 600)
        assert collection.count() == 450 * 3 + 2
    memory.close()


@pytest.mark.parametrize("pages", [0, 2])
def test_killed_while_making_vectors_anew(tmp_path: Path, pages: int) -> None:
    recording = filled(tmp_path)
    process = other_process(tmp_path, "reembed", str(pages))
    wait_for(process, "half")
    kill(process)
    reader = Memory(str(tmp_path), Lexical(), read_only=True)
    assert len(reader.captions(recording.id)) == 450 and len(reader.recordings()) == 1
    for embedder in (Lexical(), Other()):
        memory = Memory(str(tmp_path), embedder)
        assert len(memory.search([recording.id], "number", k=1000)) == 450
        assert len(memory.captions(recording.id)) == 450
        with memory._client() as client:
            assert [entry_of(c).embedder for c in client.list_collections()] == [embedder.name]
        memory.close()


@pytest.mark.parametrize("old_is_gone", [False, True])
def test_killed_between_the_new_collection_and_its_name(tmp_path: Path, old_is_gone: bool) -> None:
    recording = filled(tmp_path, 3)
    memory = Memory(str(tmp_path), Other())
    with memory._client() as client:
        old = memory._collection(client, recording.id)
        new = create(client, replace(entry_of(old), embedder="other-1"), UNFINISHED)
        everything = old.get(include=["embeddings", "documents", "metadatas"])
        new.upsert(**{key: everything[key] for key in ("ids", "embeddings", "documents", "metadatas")})
        if old_is_gone:
            client.delete_collection(old.name)
    memory.close()
    assert len(Memory(str(tmp_path), Other(), read_only=True).captions(recording.id)) == 3
    assert memory.recordings() == [recording]
    assert len(memory.search([recording.id], "number", k=9)) == 3
    with memory._client() as client:
        (left,) = client.list_collections()
        assert not left.name.endswith(UNFINISHED) and entry_of(left).embedder == "other-1"
    memory.close()


# versions and damage


@pytest.mark.parametrize("read_only", [False, True])
def test_a_newer_schema_is_refused(tmp_path: Path, read_only: bool) -> None:
    filled(tmp_path, 1)
    file = tmp_path / "schema.json"
    assert json.loads(file.read_text()) == {"schema": SCHEMA}
    file.write_text(json.dumps({"schema": SCHEMA + 1}))
    memory = Memory(str(tmp_path), Lexical(), read_only=read_only)
    with pytest.raises(StoreError, match=f"version {SCHEMA + 1}.*update") as raised:
        memory.recordings()
    assert "\n" not in str(raised.value)
    file.write_text("{")
    with pytest.raises(StoreError, match="version"):
        memory.recordings()


def test_a_newer_collection_is_refused(memory: Memory, recording: Recording) -> None:
    with memory._client() as client:
        collection = memory._collection(client, recording.id)
        collection.modify(metadata={**collection.metadata, "schema": SCHEMA + 1})
    memory.close()
    with pytest.raises(StoreError, match="update"):
        memory.recording(recording.id)


def test_collections_of_others_are_left_alone(memory: Memory, recording: Recording) -> None:
    with memory._client() as client:
        client.create_collection("somebody-else", embedding_function=None)
    assert memory.recordings() == [recording]


def test_places_that_cannot_be_used(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    (tmp_path / "damaged").mkdir()
    (tmp_path / "damaged" / "chroma.sqlite3").write_text("no database" * 1000)
    for where in (tmp_path / "file", tmp_path / "damaged", "http://127.0.0.1:9"):
        for read_only in (False, True):
            if read_only and where == tmp_path / "file":
                continue
            with pytest.raises(StoreError) as raised:
                Memory(str(where), Lexical(), read_only=read_only).recordings()
            assert "\n" not in str(raised.value)


def test_several_writers_share_a_server(tmp_path: Path) -> None:
    import socket

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    chroma = Path(sys.executable).parent / "chroma"
    command = [str(chroma), "run", "--path", str(tmp_path), "--port", str(port), "--host", "127.0.0.1"]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env={**os.environ})
    url = f"http://127.0.0.1:{port}"
    try:
        one, two = Memory(url, Lexical()), Memory(url, Lexical())
        deadline = time.monotonic() + 20
        while True:
            try:
                recording = register(one, "a")
                break
            except StoreError:
                assert time.monotonic() < deadline
                time.sleep(0.1)
        assert register(two, "a") == recording
        one.put([caption(recording.id, 1, "by one")])
        assert two.search([recording.id], "one")[0].line.text == "by one"
        two.put([caption(recording.id, 2, "by two")])
        assert one.search([recording.id], "two")[0].line.text == "by two"
        other = Memory(url, Other())
        assert len(other.search([recording.id], "by", k=5)) == 2
        assert len(two.captions(recording.id)) == 2 and two.recordings() == [recording]
        assert len(Memory(url, Lexical(), read_only=True).captions(recording.id)) == 2
        assert not (tmp_path / "store.lock").exists()
    finally:
        server.terminate()
        server.wait(timeout=20)
