"""Encoders that put pictures and words into one space of vectors: from a checkpoint here, or behind an endpoint."""
