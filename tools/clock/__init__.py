"""Wall-clock time: which hour of which day a second of a recording shows."""
