"""A captioner behind an OpenAI-compatible endpoint: frames go as pictures, each with its time."""

from __future__ import annotations

import base64
import io
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tools.captioners.base import CaptionError, Description
from tools.captioners.prompts import PROMPT_VERSION, labels, opening, request
from tools.captioners.sentences import split_lines
from tools.providers import Endpoint
from tools.reasoners.unwrap import strip_reasoning
from tools.video.clip import Clip

if TYPE_CHECKING:
    from tools.chat import CompatChat

__all__ = ["PROMPT_VERSION", "EndpointCaptioner", "split_lines"]

JPEG_QUALITY = 85


class EndpointCaptioner:
    """Describes clips through a vision model. Safe to share between threads."""

    blind_to: Sequence[str] = ()
    takes_instructions = True
    multiple = 2
    """JPEG stores colour at half the size; a server scales to its own patches."""

    def __init__(
        self, endpoint: Endpoint, *, temperature: float = 0.0, timeout: float = 300.0, max_tokens: int = 1024
    ) -> None:
        """Build the client. `timeout` is in seconds. Raises `BadInput` if the key is missing."""
        from tools.chat import build_chat

        self.endpoint = endpoint
        self.name = endpoint.name
        self._chat: CompatChat = build_chat(endpoint, temperature=temperature, timeout=timeout, max_tokens=max_tokens)

    def describe(self, clip: Clip, instruction: str) -> Description:
        """Describe `clip` under `instruction`; without one, as any question may need it. Raises `CaptionError`."""
        from tools.chat import ChatError, complete

        if not clip.frames:
            raise CaptionError(f"segment {clip.segment.id} has no frames")
        pixels = sum(frame.image.shape[0] * frame.image.shape[1] for frame in clip.frames)
        try:
            completion = complete(self._chat, [self._message(clip, instruction)], pixels=pixels)
        except ChatError as error:
            raise CaptionError(str(error)) from None
        segment = clip.segment
        lines = split_lines(strip_reasoning(completion.text), segment.start, segment.end)
        if not lines:
            why = f" ({completion.finish_reason})" if completion.finish_reason not in ("", "stop") else ""
            raise CaptionError(f"{self.name} gave a blank caption{why}", completion.usage)
        return Description(tuple(lines), completion.usage)

    def _message(self, clip: Clip, instruction: str) -> dict[str, Any]:
        detail = self.endpoint.provider.detail
        content: list[dict[str, Any]] = [{"type": "text", "text": opening(clip)}]
        for label, frame in zip(labels(clip), clip.frames, strict=True):
            picture = {"url": data_url(frame.image)} | ({"detail": detail} if detail else {})
            content += [{"type": "text", "text": label}, {"type": "image_url", "image_url": picture}]
        content.append({"type": "text", "text": request(clip, instruction)})
        return {"role": "user", "content": content}


def data_url(image: NDArray[np.uint8]) -> str:
    """Return an RGB picture (H, W, 3) as the data URL of a JPEG of the same size."""
    from PIL import Image

    buffer = io.BytesIO()
    Image.fromarray(image).save(buffer, "JPEG", quality=JPEG_QUALITY)
    return "data:image/jpeg;base64," + base64.b64encode(buffer.getvalue()).decode()
