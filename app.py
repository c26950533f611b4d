"""The front door: `graph`, `open_graph`, and the command line's entry.

from app import graph
result = graph.invoke({"video": "talk.mp4", "question": "Which bridge did the mayor open?"})

from app import open_graph            # the same graph with its checkpoints
with open_graph() as graph:
    graph.invoke({...}, {"configurable": {"thread_id": "mayor"}})
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from graph.build import graph
    from graph.checkpoints import open_graph

__all__ = ["graph", "main", "open_graph"]


def __getattr__(name: str) -> Any:
    """Import `graph` and `open_graph` on first use, so that the command line's help is instant."""
    if name == "graph":
        from graph.build import graph

        return graph
    if name == "open_graph":
        from graph.checkpoints import open_graph

        return open_graph
    raise AttributeError(f"module 'app' has no attribute {name!r}")


def main() -> None:
    """Run the command line; exit code 0, 1 (failed while running) or 2 (bad input or settings)."""
    from commands.cli import run

    run()


if __name__ == "__main__":
    main()
