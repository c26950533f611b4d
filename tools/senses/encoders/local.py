"""SigLIP, SigLIP 2 or CLIP through transformers, from a folder or the model hub."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from memory_store.embedders.base import unit
from memory_store.errors import EmbedderError
from tools.captioners.local.checkpoint import Checkpoint, one_line
from tools.senses.encoders.base import Floats

_PADDED = ("siglip", "siglip2")
"""Families that were trained on texts padded to their full length."""
_LENGTH = 64


class LocalEncoder:
    """A checkpoint with a tower for pictures and one for words. Loaded when it is first used."""

    def __init__(self, checkpoint: Checkpoint, device: str = "auto") -> None:
        self._checkpoint, self._wanted = checkpoint, device
        self._lock = threading.Lock()
        self._loaded: tuple[Any, Any] | None = None

    @property
    def name(self) -> str:
        return self._checkpoint.name

    def pictures(self, images: Sequence[NDArray[np.uint8]]) -> Floats:
        """Return the pictures' vectors. Raises `EmbedderError`."""
        return self._encode("get_image_features", {"images": list(images), "input_data_format": "channels_last"})

    def words(self, texts: Sequence[str]) -> Floats:
        """Return the texts' vectors. Raises `EmbedderError`."""
        padded = self._checkpoint.config.get("model_type") in _PADDED
        padding = {"padding": "max_length", "max_length": _LENGTH} if padded else {"padding": True}
        return self._encode("get_text_features", {"text": list(texts), "truncation": True, **padding})

    def _encode(self, tower: str, given: dict[str, Any]) -> Floats:
        try:
            # One model, one caller at a time: towers are small, and memory is what runs out.
            with self._lock:
                import torch

                model, processor = self._load()
                inputs = processor(return_tensors="pt", **given).to(model.device)
                with torch.inference_mode():
                    found = getattr(model, tower)(**inputs)
                rows = getattr(found, "pooler_output", found).float().cpu().numpy()
        except Exception as problem:  # the libraries fail in ways of their own
            raise EmbedderError(f"visual index {self.name}: {one_line(problem)}") from None
        if not np.isfinite(rows).all():
            raise EmbedderError(f"visual index {self.name} returned vectors that are not numbers")
        return unit(rows)

    def _load(self) -> tuple[Any, Any]:
        if self._loaded is None:
            from transformers import AutoModel, AutoProcessor

            from tools.captioners.local.model import choose_device

            given = {"revision": self._checkpoint.revision} if self._checkpoint.revision else {}
            model = AutoModel.from_pretrained(self._checkpoint.source, use_safetensors=True, **given)
            processor = AutoProcessor.from_pretrained(self._checkpoint.source, **given)
            self._loaded = model.to(choose_device(self._wanted)).train(False), processor
        return self._loaded
