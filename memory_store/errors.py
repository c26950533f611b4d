"""What can go wrong with memory. Each message is one clear line."""

MEND = "`videolucy doctor --store --repair` saves what can be saved"
"""What to do about a damaged store."""


class StoreError(Exception):
    """Memory cannot be used as it is: a newer schema, a damaged file, a server that is away."""


class StoreBusy(StoreError):
    """Another process holds the store and did not give it up in time."""


class EmbedderError(StoreError):
    """Vectors could not be made: missing weights, or an endpoint that does not answer."""
