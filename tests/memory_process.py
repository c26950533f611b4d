"""A process of its own that uses a memory: `python -m tests.memory_process FOLDER ACTION ...`. Not a test."""

from __future__ import annotations

import sys
import time

from memory_store.embedders.lexical import Lexical
from memory_store.records import Caption, Line, Part, Recording, digest
from memory_store.reembed import reembed
from memory_store.segments import scopes_for
from memory_store.store import Memory


class Other(Lexical):
    """The same vectors under another name: another embedder, as far as memory can tell."""

    name = "other-1"


def parts(*contents: str, folder: str = "/videos") -> tuple[Part, ...]:
    """Return parts of 60 s whose content is named."""
    return tuple(
        Part(digest(content), f"{folder}/{content}.mp4", 60.0 * at, 60.0) for at, content in enumerate(contents)
    )


def caption(recording: str, number: int, *texts: str, **changed: object) -> Caption:
    """Return the caption of the coarse segment `number`, with lines a second apart."""
    start = number * 5.0
    lines = tuple(Line(start + at, start + at + 1, text) for at, text in enumerate(texts or (f"observation {number}",)))
    fields = {
        "id": digest(f"{recording}-{number}"),
        "recording": recording,
        "segment": f"c{number}",
        "level": "coarse",
        "start": start,
        "end": start + 5,
        "lines": lines,
        "captioner": "test",
    }
    return Caption(**{**fields, **changed})  # type: ignore[arg-type]


def register(memory: Memory, *contents: str) -> Recording:
    return memory.register("+".join(contents), parts(*contents), scopes_for)


def main(folder: str, action: str) -> None:
    memory = Memory(folder, Other() if action == "reembed" else Lexical(), print)
    recording = register(memory, "a")
    if action == "put":
        memory.put(
            [caption(recording.id, 77, "written by the other process"), caption(recording.id, 1, "written anew")]
        )
    elif action == "forever":
        for number in range(100_000):
            memory.put([caption(recording.id, number, f"number {number}", "and more")])
            print(number, flush=True)
    elif action == "hold":
        with memory._client():
            print("held", flush=True)
            time.sleep(60)
    elif action == "many":
        for number in range(20):
            memory.put([caption(recording.id, 1000 + int(sys.argv[3]) * 20 + number)])
            memory.release()
    elif action == "reembed":
        cut = int(sys.argv[3])

        class Killed(Other):
            """Dies in the middle of making the vectors anew."""

            def embed(self, texts, query=False):  # type: ignore[no-untyped-def]
                self.calls = getattr(self, "calls", 0) + 1
                if self.calls > cut:
                    print("half", flush=True)
                    time.sleep(60)
                return super().embed(texts, query)

        with memory._client() as client:
            reembed(client, memory._collection(client, recording.id), Killed(), print)
    print("done", flush=True)
    memory.close()


if __name__ == "__main__":
    main(*sys.argv[1:3])
