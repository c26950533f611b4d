"""The steps of the state machine, one file a node, with their prompts and the state's schema."""
