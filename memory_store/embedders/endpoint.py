"""Vectors from any OpenAI-compatible `/embeddings` endpoint."""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from memory_store.embedders.base import unit
from memory_store.errors import EmbedderError

_BATCH = 64
"""Texts in one call; common servers take between 32 and 2,048."""


class EndpointEmbedder:
    """An embeddings endpoint.

    Args:
        name: how the model is called in memory, for example `openai:text-embedding-3-small`.
        url: base URL, for example `http://127.0.0.1:8000/v1`.
        model: the model's name on the server.
        key_env: name of the variable that holds the key; empty for a server that asks for none.
        timeout: seconds to wait for one call.
        http: the client to call with (an `httpx.Client`); it decides what is tried again.
    """

    def __init__(
        self, name: str, url: str, model: str, key_env: str = "", timeout: float = 60.0, http: Any = None
    ) -> None:
        self.name = name
        self._url, self._model, self._key_env, self._timeout = url, model, key_env, timeout
        self._http = http
        self._lock = threading.Lock()

    @property
    def dimension(self) -> int:
        """Length of a vector, learnt from a first call. Raises `EmbedderError`."""
        with self._lock:
            return self._dimension

    @cached_property
    def _dimension(self) -> int:
        return len(self._call(["dimension"])[0])

    def embed(self, texts: Sequence[str], query: bool = False) -> NDArray[np.float32]:
        """Return one row of unit length for each text: (n, dimension). Raises `EmbedderError`."""
        rows: list[Sequence[float]] = []
        for at in range(0, len(texts), _BATCH):
            # Servers refuse an empty text; a dash says as little.
            rows += self._call([text.strip() or "-" for text in texts[at : at + _BATCH]])
        vectors = np.asarray(rows, dtype=np.float32).reshape(len(texts), -1 if rows else self.dimension)
        if not np.isfinite(vectors).all():
            raise EmbedderError(f"{self.name} returned vectors that are not numbers")
        return unit(vectors)

    @property
    def _key(self) -> str:
        return os.environ.get(self._key_env, "").strip() if self._key_env else ""

    @cached_property
    def _client(self) -> Any:
        from openai import OpenAI

        return OpenAI(
            base_url=self._url or None,
            api_key=self._key or "none",
            timeout=self._timeout,
            max_retries=0 if self._http else 2,
            http_client=self._http,
        )

    def _call(self, texts: Sequence[str]) -> list[Sequence[float]]:
        from openai import OpenAIError

        try:
            # Without encoding_format the client asks for base64, which not every server speaks.
            reply = self._client.embeddings.create(model=self._model, input=list(texts), encoding_format="float")
            found = [item.embedding for item in sorted(reply.data, key=lambda item: item.index)]
        except OpenAIError as error:
            # Not from the error: what a server refused may repeat the key.
            raise EmbedderError(f"{self.name}: {_line(error, self._key)}") from None
        except (TypeError, AttributeError, ValueError):
            raise EmbedderError(f"{self.name}: the reply is no list of embeddings") from None
        if len(found) != len(texts) or len({len(vector) for vector in found}) > 1 or not found[0]:
            raise EmbedderError(f"{self.name}: {len(found)} usable vectors for {len(texts)} texts")
        return found


def _line(error: Exception, key: str) -> str:
    said = str(error).replace(key, "***") if len(key) > 4 else str(error)
    return " ".join(said.split())[:200] or type(error).__name__
