"""bge-small-en-v1.5 as int8 ONNX, read as data from a folder with onnxruntime and tokenizers."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from memory_store.embedders.base import unit
from memory_store.errors import EmbedderError

_QUERY = "Represent this sentence for searching relevant passages: "
"""The prefix the model was trained with for questions; passages take none (model card)."""

_TOKENS = 256
"""Lines are short; attention over the full 512 would only cost time on a rare long one."""

_BATCH = 16


class BgeSmall:
    """English sentence vectors. `folder` holds `model.onnx` and `tokenizer.json`; read on first use."""

    name = "bge-small-en-v1.5-int8"
    dimension = 384

    def __init__(self, folder: Path) -> None:
        self._folder = Path(folder)
        self._lock = threading.Lock()
        self._loaded: tuple[Any, Any] | None = None

    def embed(self, texts: Sequence[str], query: bool = False) -> NDArray[np.float32]:
        """Return one row of unit length for each text: (n, 384). Raises `EmbedderError`."""
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        if not len(texts):
            return vectors
        session, tokenizer = self._load()
        encoded = tokenizer.encode_batch([_QUERY + text if query else text for text in texts])
        # Texts of like length side by side: little padding, and padding costs as much as text.
        order = sorted(range(len(texts)), key=lambda index: len(encoded[index].ids))
        for at in range(0, len(order), _BATCH):
            batch = order[at : at + _BATCH]
            width = max(len(encoded[index].ids) for index in batch)
            ids = np.zeros((len(batch), width), dtype=np.int64)
            for row, index in enumerate(batch):
                ids[row, : len(encoded[index].ids)] = encoded[index].ids
            inputs = {"input_ids": ids, "attention_mask": (ids != 0).astype(np.int64), "token_type_ids": ids * 0}
            vectors[batch] = session.run(None, inputs)[0][:, 0]
        return unit(vectors)

    def _load(self) -> tuple[Any, Any]:
        with self._lock:
            if self._loaded is None:
                import onnxruntime
                from tokenizers import Tokenizer

                options = onnxruntime.SessionOptions()
                # Decoding and captions share the cores; idle threads that spin would take them.
                options.add_session_config_entry("session.intra_op.allow_spinning", "0")
                try:
                    session = onnxruntime.InferenceSession(
                        str(self._folder / "model.onnx"), options, providers=["CPUExecutionProvider"]
                    )
                    tokenizer = Tokenizer.from_file(str(self._folder / "tokenizer.json"))
                except Exception as error:  # both libraries raise bare Exception subclasses of their own
                    raise EmbedderError(f"bge-small in {self._folder} cannot be read: {_line(error)}") from error
                tokenizer.enable_truncation(_TOKENS)
                self._loaded = session, tokenizer
        return self._loaded


def _line(error: Exception) -> str:
    return str(error).splitlines()[0][:200] if str(error) else type(error).__name__
