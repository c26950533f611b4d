"""The graph: which node follows which. Bare as imported and served; `open_graph` adds checkpoints."""

from __future__ import annotations

from langchain_core.runnables import RunnableConfig
from langgraph.graph import END, START, StateGraph
from langgraph.graph.state import CompiledStateGraph
from langgraph.prebuilt import ToolNode

from nodes.answer import answer
from nodes.caption_coarse import caption_coarse
from nodes.check_sufficiency import check_sufficiency
from nodes.confirm import confirm
from nodes.judge_relevance import judge_relevance
from nodes.locate import locate
from nodes.open_video import open_for_ingest, open_video
from nodes.read_chapter import read_chapter
from nodes.read_chapters import read_chapters
from nodes.state import IngestInput, Input, Output, State
from nodes.summarize import summarize
from nodes.sweep import sweep
from nodes.transcribe import transcribe
from nodes.understand import understand
from tools.recaption import recaption
from tools.settings import Settings

LIMITS: RunnableConfig = {"max_concurrency": 64, "recursion_limit": 10_000}
"""Workers for more than a superstep's tasks: checkpoint writes queue in the same pool, and a kill
would lose a whole fan-out if they waited behind it. Model calls have their own, smaller limit.
The loop has its own budget (`max_rounds`); the recursion limit only has to stay out of its way."""

builder = StateGraph(State, context_schema=Settings, input_schema=Input, output_schema=Output)

Checkpointed = CompiledStateGraph[State, Settings, Input, Output]
"""The compiled graph's type, as `open_graph` hands it out."""

builder.add_node("open_video", open_video)
builder.add_node("confirm", confirm)
builder.add_node("transcribe", transcribe)
builder.add_node("sweep", sweep)
builder.add_node("caption_coarse", caption_coarse)
builder.add_node("summarize", summarize)
builder.add_node("understand", understand)
builder.add_node("judge_relevance", judge_relevance)
builder.add_node("read_chapters", read_chapters)
builder.add_node("read_chapter", read_chapter)
builder.add_node("check_sufficiency", check_sufficiency)
builder.add_node("locate", locate)
builder.add_node("tools", ToolNode([recaption]))
builder.add_node("answer", answer)

builder.add_edge(START, "open_video")
builder.add_edge("transcribe", "sweep")
builder.add_edge("caption_coarse", "sweep")
builder.add_edge("summarize", "understand")
builder.add_edge("understand", "judge_relevance")
builder.add_edge("judge_relevance", "read_chapters")
builder.add_edge("read_chapter", "check_sufficiency")
builder.add_edge("tools", "check_sufficiency")
builder.add_edge("answer", END)

graph = builder.compile(name="VideoLucy").with_config(LIMITS)

ingest_builder = StateGraph(State, context_schema=Settings, input_schema=IngestInput)
"""The first half alone: coarse memory, before any question."""

ingest_builder.add_node("open_video", open_for_ingest)
ingest_builder.add_node("confirm", confirm)
ingest_builder.add_node("transcribe", transcribe)
ingest_builder.add_node("sweep", sweep)
ingest_builder.add_node("caption_coarse", caption_coarse)
ingest_builder.add_node("summarize", summarize)
ingest_builder.add_edge(START, "open_video")
ingest_builder.add_edge("transcribe", "sweep")
ingest_builder.add_edge("caption_coarse", "sweep")
ingest_builder.add_edge("summarize", END)

ingest_graph = ingest_builder.compile(name="VideoLucy ingest").with_config(LIMITS)
