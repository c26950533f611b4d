"""The graph's shape: its picture in the README is true, and its schemas are typed."""

from __future__ import annotations

import json

from app import graph
from graph.build import builder
from tests.conftest import ROOT


def drawn() -> str:
    """Return the picture as Mermaid text, as GitHub renders it."""
    return "```mermaid\n" + graph.get_graph().draw_mermaid().strip() + "\n```"


def test_the_picture_in_the_readme_is_the_graph() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    shown = readme.split("<!-- graph:begin -->")[1].split("<!-- graph:end -->")[0].strip()
    assert shown == drawn(), "run: python -m tests.test_graph_shape"


def test_schemas_are_typed() -> None:
    given = graph.get_input_jsonschema()["properties"]
    assert set(given) == {"video", "question", "options"}
    assert {"answer", "status", "evidence", "usage"} <= set(graph.get_output_jsonschema()["properties"])
    assert "max_rounds" in graph.get_context_jsonschema()["properties"]


def test_the_served_graph_is_bare_and_the_one_the_front_door_hands_out() -> None:
    served = json.loads((ROOT / "langgraph.json").read_text())["graphs"]["videolucy"]
    assert served == "./graph/build.py:graph" and graph.checkpointer is None
    assert "tools" in builder.nodes


if __name__ == "__main__":
    path = ROOT / "README.md"
    text = path.read_text(encoding="utf-8")
    head, rest = text.split("<!-- graph:begin -->")
    tail = rest.split("<!-- graph:end -->")[1]
    path.write_text(f"{head}<!-- graph:begin -->\n{drawn()}\n<!-- graph:end -->{tail}", encoding="utf-8")
