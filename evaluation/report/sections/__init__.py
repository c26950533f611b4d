"""The sections of a report, each from the scores of `summary` and the figures of a run."""
