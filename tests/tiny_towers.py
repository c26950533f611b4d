"""Checkpoints with a tower for pictures and one for words, small and with random weights, but real processors."""

from __future__ import annotations

from pathlib import Path
from typing import Any

KINDS = ("clip", "siglip2")
SIDE = 32
"""Pixels a side of the square that pictures are scaled to."""
DIMENSION = 16


def make_towers(folder: str | Path, kind: str, seed: int = 0) -> str:
    """Write a checkpoint of `kind` (clip, siglip2) and return its folder."""
    import torch

    torch.manual_seed(seed)
    model, processor = _clip() if kind == "clip" else _siglip()
    model.save_pretrained(str(folder))
    processor.save_pretrained(str(folder))
    return str(folder)


def _tokenizer(**marks: str) -> Any:
    from tokenizers import Tokenizer, models, pre_tokenizers
    from transformers import PreTrainedTokenizerFast

    words = ["[UNK]", *marks.values(), *["a", "red", "blue", "green", "card", "the", "of", "which", "colour", "has"]]
    vocabulary = {word: index for index, word in enumerate(dict.fromkeys(words))}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    return PreTrainedTokenizerFast(tokenizer_object=tokenizer, unk_token="[UNK]", model_max_length=64, **marks)


def _clip() -> tuple[Any, Any]:
    from transformers import CLIPConfig, CLIPImageProcessor, CLIPModel, CLIPProcessor

    tokenizer = _tokenizer(pad_token="[PAD]", eos_token="[END]")
    sizes = {"hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2, "num_attention_heads": 2}
    text = sizes | {"vocab_size": len(tokenizer), "max_position_embeddings": 64, "eos_token_id": tokenizer.eos_token_id}
    vision = sizes | {"image_size": SIDE, "patch_size": 8}
    model = CLIPModel(CLIPConfig(text_config=text, vision_config=vision, projection_dim=DIMENSION))
    pictures = CLIPImageProcessor(size={"shortest_edge": SIDE}, crop_size={"height": SIDE, "width": SIDE})
    return model, CLIPProcessor(image_processor=pictures, tokenizer=tokenizer)


def _siglip() -> tuple[Any, Any]:
    from transformers import Siglip2Config, Siglip2ImageProcessor, Siglip2Model, Siglip2Processor

    tokenizer = _tokenizer(pad_token="[PAD]", eos_token="[END]")
    sizes = {"hidden_size": DIMENSION, "intermediate_size": 64, "num_hidden_layers": 2, "num_attention_heads": 2}
    text = sizes | {"vocab_size": len(tokenizer), "max_position_embeddings": 64, "projection_size": DIMENSION}
    vision = sizes | {"num_patches": 256, "patch_size": 16}
    model = Siglip2Model(Siglip2Config(text_config=text, vision_config=vision))
    pictures = Siglip2ImageProcessor()
    return model, Siglip2Processor(image_processor=pictures, tokenizer=tokenizer)
