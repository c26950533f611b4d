"""The state machine: which step follows which, and its checkpoints."""
