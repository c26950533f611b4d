"""Benchmarks: their questions as released, scores, and what an answer rests on. The graph is the one users use."""
