"""Checkpoints of the three families, small and with random weights, but with real processors; made in a moment.

Their words are nonsense that depends on what they are shown. Everything else is as in the large ones: token
counts, times, padding, files.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from memory_store.records import Segment
from tools.video.clip import Clip, Frame

MISSING_REASON = "the extra `local` is not installed here: {} is missing"
_WORDS = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
_QWEN_MARKS = (
    "<|endoftext|>",
    "<|im_start|>",
    "<|im_end|>",
    "<|vision_start|>",
    "<|vision_end|>",
    "<|image_pad|>",
    "<|video_pad|>",
)
_SMOL_MARKS = ("<fake_token_around_image>", "<image>", "<global-img>", "<end_of_utterance>", "<video>")
_TEMPLATE = (
    "{% for m in messages %}<|im_start|>{{ m.role }}\n{% if m.content is string %}{{ m.content }}{% else %}"
    "{% for c in m.content %}{% if c.type in ['image', 'video'] %}<|vision_start|><|{{ c.type }}_pad|><|vision_end|>"
    "{% elif c.type == 'text' %}{{ c.text }}{% endif %}{% endfor %}{% endif %}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
KINDS = ("qwen2_5_vl", "qwen3_vl", "smolvlm")
UNITS = {"qwen2_5_vl": 28, "qwen3_vl": 32, "smolvlm": 2}
"""Pixels that the sides of their frames are multiples of."""
SMOL_SIDE = 64
"""Pixels a side of the square that the tiny SmolVLM scales every frame to."""
SMOL_TOKENS = 4
"""Its visual tokens a frame."""


def missing() -> str:
    """Return which package of the extra is not installed, or an empty string."""
    from importlib.util import find_spec

    packages = ("torch", "torchvision", "transformers", "accelerate", "num2words", "tokenizers")
    return next((package for package in packages if find_spec(package) is None), "")


def make_checkpoint(folder: str | Path, kind: str = "qwen2_5_vl", seed: int = 0, mute: bool = False) -> str:
    """Write a checkpoint of `kind` (qwen2_5_vl, qwen3_vl, smolvlm) and return its folder.

    Other seeds are other fine-tunes: the same files, sizes and settings, other weights. A `mute` one
    ends every caption at once.
    """
    import torch

    torch.manual_seed(seed)
    model, processor = _smolvlm() if kind == "smolvlm" else _qwen(kind)
    if mute:
        with torch.no_grad():
            model.lm_head.weight.zero_()
        # Every token is now as likely as any other; the first one is taken, and means the end.
        model.generation_config.eos_token_id = [0]
    model.save_pretrained(str(folder))
    processor.save_pretrained(str(folder))
    return str(folder)


def _tokenizer(marks: tuple[str, ...]) -> Any:
    from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, trainers
    from tokenizers import pre_tokenizers as pre
    from transformers import Qwen2TokenizerFast

    made = Tokenizer(models.BPE())
    made.normalizer, made.decoder = normalizers.NFC(), decoders.ByteLevel()
    split = pre.Split(Regex(_WORDS), "isolated")
    made.pre_tokenizer = pre.Sequence([split, pre.ByteLevel(add_prefix_space=False, use_regex=False)])
    trainer = trainers.BpeTrainer(vocab_size=320, show_progress=False, initial_alphabet=pre.ByteLevel.alphabet())
    made.train_from_iterator(["Describe the clip in detail. <0.5 seconds> user assistant"], trainer)
    bpe = json.loads(made.to_str())["model"]
    tokenizer = Qwen2TokenizerFast(
        vocab=bpe["vocab"],
        merges=[tuple(pair) for pair in bpe["merges"]],
        eos_token="<|im_end|>",
        pad_token="<|endoftext|>",
        unk_token="<|endoftext|>",
        # Real checkpoints come with either side: the captioner has to say which.
        padding_side="right",
    )
    tokenizer.add_tokens([AddedToken(mark, special=True, normalized=False) for mark in marks], special_tokens=True)
    tokenizer.chat_template = _TEMPLATE
    return tokenizer


def _qwen(kind: str) -> tuple[Any, Any]:
    import transformers
    from transformers.models.qwen3_vl.video_processing_qwen3_vl import Qwen3VLVideoProcessor

    third, tokenizer = kind == "qwen3_vl", _tokenizer(_QWEN_MARKS)
    marks = {
        f"{name}_token_id": tokenizer.convert_tokens_to_ids(mark)
        for name, mark in (
            ("image", "<|image_pad|>"),
            ("video", "<|video_pad|>"),
            ("vision_start", "<|vision_start|>"),
            ("vision_end", "<|vision_end|>"),
        )
    }
    rope: dict[str, Any] = {"rope_type": "default", "rope_theta": 1e6, "mrope_section": [2, 3, 3]}
    text = {
        "vocab_size": len(tokenizer),
        "hidden_size": 64,
        "intermediate_size": 128,
        "num_hidden_layers": 2,
        "num_attention_heads": 4,
        "num_key_value_heads": 2,
        "rope_parameters": rope | ({"mrope_interleaved": True} if third else {}),
        # Wide and untied weights: what is written then depends on what is shown.
        "initializer_range": 0.2,
        "bos_token_id": tokenizer.pad_token_id,
        "eos_token_id": tokenizer.eos_token_id,
        "pad_token_id": tokenizer.pad_token_id,
    } | ({"head_dim": 16} if third else {})
    vision: dict[str, Any] = {
        "depth": 2,
        "hidden_size": 32,
        "intermediate_size": 64,
        "num_heads": 2,
        "out_hidden_size": 64,
        "spatial_merge_size": 2,
        "temporal_patch_size": 2,
    }
    if third:
        vision |= {"patch_size": 16, "num_position_embeddings": 256, "deepstack_visual_indexes": [0]}
        config = transformers.Qwen3VLConfig(text_config=text, vision_config=vision, tie_word_embeddings=False, **marks)
        model: Any = transformers.Qwen3VLForConditionalGeneration(config)
        kind_of_processor, videos = transformers.Qwen3VLProcessor, Qwen3VLVideoProcessor()
    else:
        vision |= {"patch_size": 14, "window_size": 112, "fullatt_block_indexes": [1]}
        config = transformers.Qwen2_5_VLConfig(
            text_config=text, vision_config=vision, tie_word_embeddings=False, **marks
        )
        model = transformers.Qwen2_5_VLForConditionalGeneration(config)
        kind_of_processor, videos = transformers.Qwen2_5_VLProcessor, transformers.Qwen2VLVideoProcessor()
    model.generation_config.eos_token_id = [tokenizer.eos_token_id]
    model.generation_config.pad_token_id = tokenizer.pad_token_id
    images = transformers.Qwen2VLImageProcessor(patch_size=vision["patch_size"])
    return model, kind_of_processor(
        image_processor=images, tokenizer=tokenizer, video_processor=videos, chat_template=_TEMPLATE
    )


def _smolvlm() -> tuple[Any, Any]:
    import transformers
    from transformers.models.smolvlm.video_processing_smolvlm import SmolVLMVideoProcessor

    tokenizer = _tokenizer(_QWEN_MARKS + _SMOL_MARKS)
    side = {"longest_edge": SMOL_SIDE}
    text = {
        "model_type": "llama",
        "vocab_size": len(tokenizer),
        "hidden_size": 64,
        "intermediate_size": 128,
        "num_hidden_layers": 2,
        "num_attention_heads": 4,
        "num_key_value_heads": 2,
        "initializer_range": 0.2,
        "bos_token_id": tokenizer.pad_token_id,
        "eos_token_id": tokenizer.eos_token_id,
        "pad_token_id": tokenizer.pad_token_id,
    }
    vision = {
        "image_size": SMOL_SIDE,
        "patch_size": 16,
        "hidden_size": 32,
        "intermediate_size": 64,
        "num_hidden_layers": 2,
        "num_attention_heads": 2,
    }
    config = transformers.SmolVLMConfig(
        text_config=text,
        vision_config=vision,
        scale_factor=2,
        image_token_id=tokenizer.convert_tokens_to_ids("<image>"),
        pad_token_id=tokenizer.pad_token_id,
        tie_word_embeddings=False,
    )
    model = transformers.SmolVLMForConditionalGeneration(config)
    model.generation_config.eos_token_id = [tokenizer.eos_token_id]
    model.generation_config.pad_token_id = tokenizer.pad_token_id
    processor = transformers.SmolVLMProcessor(
        transformers.SmolVLMImageProcessor(size=side, max_image_size=side),
        tokenizer,
        SmolVLMVideoProcessor(
            size=side, max_image_size=side, video_sampling={"fps": 1, "max_frames": 64, "video_size": side}
        ),
        image_seq_len=SMOL_TOKENS,
    )
    return model, processor


def make_clip(
    count: int, size: tuple[int, int] = (32, 64), start: float = 380.0, times: Sequence[float] = (), words: str = ""
) -> Clip:
    """Return a clip of random frames of `size` (high, wide), one a second unless `times` are given."""
    noise = np.random.default_rng(count)
    shown = times or [start + index for index in range(count)]
    frames = tuple(Frame(time, noise.integers(0, 255, (*size, 3), dtype=np.uint8)) for time in shown)
    return Clip(Segment("r", "c0", shown[0], shown[-1] + 1), frames, words)
