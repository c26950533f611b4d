"""An embeddings endpoint that takes pictures: `input` is a list of `{"image": DATA-URL}` or `{"text": …}`."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from memory_store.embedders.base import unit
from memory_store.errors import EmbedderError
from tools.captioners.wire import jpeg
from tools.http_client import build_http
from tools.outage import PATIENCE
from tools.providers import Endpoint
from tools.senses.encoders.base import Floats

_BATCH = 16
"""Pictures in one call."""


class EndpointEncoder:
    """The form of Jina's multimodal embeddings, which other servers share. Safe to share between threads."""

    def __init__(
        self, endpoint: Endpoint, quality: int = 80, timeout: float = 300.0, patience: float = PATIENCE
    ) -> None:
        """`quality` is that of the JPEGs; times are in seconds. Raises `BadInput` if the key is missing."""
        from openai import OpenAI

        self.name = endpoint.name
        self._model, self._quality, self._key = endpoint.model, quality, endpoint.key()
        self._client = OpenAI(
            base_url=endpoint.base_url,
            api_key=self._key or "none",
            timeout=timeout,
            max_retries=0,
            http_client=build_http(endpoint.base_url, patience=patience),
        )

    def pictures(self, images: Sequence[NDArray[np.uint8]]) -> Floats:
        """Return the pictures' vectors. Raises `EmbedderError`."""
        return self._encode([{"image": _data_url(jpeg(image, self._quality))} for image in images])

    def words(self, texts: Sequence[str]) -> Floats:
        """Return the texts' vectors. Raises `EmbedderError`."""
        return self._encode([{"text": text.strip() or "-"} for text in texts])

    def _encode(self, inputs: list[dict[str, str]]) -> Floats:
        rows: list[Any] = []
        for at in range(0, len(inputs), _BATCH):
            rows += self._call(inputs[at : at + _BATCH])
        try:
            vectors = np.asarray(rows, dtype=np.float32).reshape(len(inputs), -1)
        except (TypeError, ValueError):
            raise EmbedderError(f"visual index {self.name}: the reply is no list of vectors") from None
        if not vectors.size or not np.isfinite(vectors).all():
            raise EmbedderError(f"visual index {self.name}: the reply is no list of vectors")
        return unit(vectors)

    def _call(self, inputs: list[dict[str, str]]) -> list[Any]:
        from openai import OpenAIError

        try:
            reply: Any = self._client.post("/embeddings", cast_to=object, body={"model": self._model, "input": inputs})
            data = sorted(reply["data"], key=lambda item: item["index"])
            found = [item["embedding"] for item in data]
        except OpenAIError as problem:
            said = str(problem).replace(self._key, "***") if len(self._key) > 4 else str(problem)
            raise EmbedderError(f"visual index {self.name}: {' '.join(said.split())[:200]}") from None
        except (TypeError, KeyError):
            raise EmbedderError(f"visual index {self.name}: the reply is no list of embeddings") from None
        if len(found) != len(inputs):
            raise EmbedderError(f"visual index {self.name}: {len(found)} vectors for {len(inputs)} inputs")
        return found


def _data_url(data: bytes) -> str:
    return "data:image/jpeg;base64," + base64.b64encode(data).decode()
