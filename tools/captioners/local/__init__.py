"""Vision models on this machine, through transformers."""
