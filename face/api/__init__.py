"""The Python API, handed out by `app`: ask, ingest, and look into memory."""
