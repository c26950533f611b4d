"""Reasoners: a task in, a checked and typed reply out."""
