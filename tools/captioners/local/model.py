"""A vision model in this process: loaded once, asked in batches. Everything that touches torch is here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tools.captioners.local.checkpoint import Checkpoint, one_line
from tools.captioners.local.families import OTHER
from tools.captioners.local.inputs import Inputs
from tools.errors import BadInput

_NO_MEMORY = ("out of memory", "can't allocate memory", "Invalid buffer size", "ALLOC_FAILED")
"""How torch says that memory ran out where it has no error of its own for it: MPS, CPU, cuBLAS."""


@dataclass(frozen=True)
class Written:
    """What a model wrote for one clip."""

    text: str
    prompt_tokens: int
    completion_tokens: int
    """Without the end mark and the padding of a batch."""


class LocalModel:
    """A loaded model and its processor. For one thread."""

    def __init__(self, checkpoint: Checkpoint, device: str) -> None:
        """Load the model onto `device` (auto, cpu, mps, cuda, cuda:1). Raises `BadInput` in one line."""
        try:
            self.device = choose_device(device)
            self._processor = _processor(checkpoint)
            self._model = _model(checkpoint, self.device, spread=device == "auto")
            if checkpoint.family is not OTHER:
                self._check_marks()
        except BadInput:
            raise
        except Exception as error:
            problem = "memory is too small for it" if ran_out(error) else one_line(error)
        else:
            return
        free_memory()
        raise BadInput(f"captioner local:{checkpoint.source} cannot be loaded: {problem}")

    def _check_marks(self) -> None:
        """Raise `ValueError` where the model and its tokenizer disagree: one read from a half-copied folder."""
        for mark in ("video_token_id", "image_token_id"):
            wanted, found = (getattr(part, mark, None) for part in (self._model.config, self._processor))
            if wanted is not None and hasattr(self._processor, mark) and wanted != found:
                raise ValueError(f"its tokenizer is not the one of its weights ({mark} is {found}, not {wanted})")

    def encode(self, clips: Sequence[Inputs], *, resize: bool) -> Any:
        """Return the batch as the processor makes it, padded on the left; `resize` lets it scale the frames."""
        options: dict[str, Any] = {
            "padding": True,
            "padding_side": "left",
            "video_metadata": [clip.metadata for clip in clips],
            # The frames are the ones wanted: a processor must choose none of them again.
            "do_sample_frames": False,
        }
        if not resize:
            options["do_resize"] = False
            if hasattr(self._processor.video_processor, "cap_pixels_per_frame"):
                options["cap_pixels_per_frame"] = False
        return self._processor.apply_chat_template(
            [clip.messages for clip in clips],
            add_generation_prompt=True,
            tokenize=True,
            return_dict=True,
            return_tensors="pt",
            # Words from a video must not become the marks that a prompt is built of.
            sanitize_control_tokens=True,
            processor_kwargs=options,
        )

    def write(self, clips: Sequence[Inputs], *, resize: bool, max_tokens: int, temperature: float) -> list[Written]:
        """Return what the model writes for each clip, at most `max_tokens` each. Raises whatever torch raises."""
        import torch

        encoded = self.encode(clips, resize=resize).to(self._model.device)
        prompt = encoded["input_ids"].shape[1]
        sampling: dict[str, Any] = (
            {"do_sample": True, "temperature": temperature}
            if temperature
            else {"do_sample": False, "temperature": None, "top_p": None, "top_k": None}
        )
        with torch.inference_mode():
            output = self._model.generate(**encoded, max_new_tokens=max_tokens, **sampling)
        read = encoded["attention_mask"].sum(dim=1).tolist()
        rows = [self._until_end(row) for row in output[:, prompt:].tolist()]
        texts = self._processor.batch_decode(rows, skip_special_tokens=True)
        return [Written(text, int(a), len(row)) for text, a, row in zip(texts, read, rows, strict=True)]

    def _until_end(self, row: list[int]) -> list[int]:
        ends = self._model.generation_config.eos_token_id
        stops = {*(ends if isinstance(ends, list) else [ends]), self._model.generation_config.pad_token_id}
        return row[: next((index for index, token in enumerate(row) if token in stops), len(row))]


def choose_device(wanted: str) -> str:
    """Return the device to run on. Raises `BadInput` where the one asked for is not there."""
    import torch

    if wanted == "auto":
        return "cuda" if torch.cuda.is_available() else "mps" if torch.backends.mps.is_available() else "cpu"
    kind, _, index = wanted.partition(":")
    there = {"cuda": torch.cuda.device_count(), "mps": int(torch.backends.mps.is_available()), "cpu": 1}[kind]
    if int(index or 0) >= there:
        raise BadInput(f"setting device: this machine has no {wanted} that torch can use; auto takes what there is")
    return wanted


def ran_out(error: BaseException) -> bool:
    """Tell whether `error` says that memory ran out."""
    import torch

    if isinstance(error, torch.OutOfMemoryError | MemoryError):
        return True
    return isinstance(error, RuntimeError) and any(words in str(error) for words in _NO_MEMORY)


def free_memory() -> None:
    """Give back what torch keeps for later. Call it where nothing holds the failed call's error any more."""
    from accelerate.utils import release_memory

    release_memory()


def _processor(checkpoint: Checkpoint) -> Any:
    try:
        from transformers import AutoProcessor

        found = AutoProcessor.from_pretrained(checkpoint.source, **_where(checkpoint))
    except ImportError as problem:
        raise BadInput(
            f"captioner local:{checkpoint.source} needs a package that is missing (pip install 'videolucy[local]'): "
            f"{one_line(problem)}"
        ) from None
    if not hasattr(found, "video_processor") or not hasattr(found, "apply_chat_template"):
        raise BadInput(f"captioner local:{checkpoint.source} takes no video: its processor knows none")
    return found


def _model(checkpoint: Checkpoint, device: str, *, spread: bool) -> Any:
    import torch
    from transformers import AutoModelForImageTextToText
    from transformers.utils import is_flash_attn_2_available, logging

    logging.disable_progress_bar()
    several = spread and device == "cuda" and torch.cuda.device_count() > 1
    model, report = AutoModelForImageTextToText.from_pretrained(
        checkpoint.source,
        **_where(checkpoint),
        dtype=_dtype(device),
        device_map="auto" if several else {"": device},
        # None: scaled dot product attention, where the model has it.
        attn_implementation="flash_attention_2" if device.startswith("cuda") and is_flash_attn_2_available() else None,
        # The other format is pickle, which can run code.
        use_safetensors=True,
        output_loading_info=True,
    )
    lacking = sorted(report["missing_keys"]) + sorted(map(str, report["mismatched_keys"]))
    if lacking:
        raise BadInput(
            f"captioner local:{checkpoint.source} cannot be loaded: its files lack {len(lacking)} of the model's "
            f"tensors, such as {lacking[0]}"
        )
    model.train(False)
    if model.generation_config.pad_token_id is None:
        ends = model.generation_config.eos_token_id
        model.generation_config.pad_token_id = ends[0] if isinstance(ends, list) else ends
    return model


def _dtype(device: str) -> Any:
    """Return the number type: bfloat16 where the device computes in it, as the models were trained."""
    import torch

    if device.startswith("cuda"):
        return torch.bfloat16 if torch.cuda.is_bf16_supported() else torch.float16
    return torch.bfloat16 if device == "mps" else torch.float32


def _where(checkpoint: Checkpoint) -> dict[str, Any]:
    """Return how to find the files, on this machine only for a folder; code that comes with them is never run."""
    return {"local_files_only": checkpoint.local, "revision": checkpoint.revision, "trust_remote_code": False}
