"""Captioners: clip and instruction in, description out."""
