"""Measurements of speed, memory and quality: each a command, its results ratios within one run."""
