"""The front door: the graph, the Python API, and the command line's entry.

from app import graph
result = graph.invoke({"video": "talk.mp4", "question": "Which bridge did the mayor open?"})

from app import open_graph            # the same graph with its checkpoints
with open_graph() as graph:
    graph.invoke({...}, {"configurable": {"thread_id": "mayor"}})

from app import ask, ingest, open_memory            # docs/python.md
ask("talk.mp4", "Which bridge did the mayor open?")["answer"]
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from face.api.answer import Answer, Evidence
    from face.api.asking import ask, resume
    from face.api.ingesting import Ingested, ingest
    from face.api.remembered import Moment, Remembered, open_memory
    from face.api.stopping import Stopped
    from face.stills import Still
    from graph.build import graph
    from graph.checkpoints import open_graph
    from memory_store.errors import StoreError
    from memory_store.records import Caption, Recording
    from tools.errors import BadInput
    from tools.settings import Settings

__all__ = [
    "Answer",
    "BadInput",
    "Caption",
    "Evidence",
    "Ingested",
    "Moment",
    "Recording",
    "Remembered",
    "Settings",
    "Still",
    "Stopped",
    "StoreError",
    "ask",
    "graph",
    "ingest",
    "main",
    "open_graph",
    "open_memory",
    "resume",
]

_HOMES = {
    "graph.build": ("graph",),
    "graph.checkpoints": ("open_graph",),
    "face.api.answer": ("Answer", "Evidence"),
    "face.api.asking": ("ask", "resume"),
    "face.api.ingesting": ("Ingested", "ingest"),
    "face.api.remembered": ("Moment", "Remembered", "open_memory"),
    "face.api.stopping": ("Stopped",),
    "face.stills": ("Still",),
    "memory_store.errors": ("StoreError",),
    "memory_store.records": ("Caption", "Recording"),
    "tools.errors": ("BadInput",),
    "tools.settings": ("Settings",),
}
_MODULES = {name: module for module, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> Any:
    """Import what is asked for on first use, so that the command line's help is instant."""
    if name not in _MODULES:
        raise AttributeError(f"module 'app' has no attribute {name!r}")
    return getattr(import_module(_MODULES[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


def main() -> None:
    """Run the command line; exit code 0, 1 (failed while running) or 2 (bad input or settings)."""
    from commands.cli import run

    run()


if __name__ == "__main__":
    main()
