"""A captioner behind an OpenAI-compatible endpoint: frames go as pictures with their times, or as one video."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from tools.captioners.base import DEAF, CaptionError, Description
from tools.captioners.prompts import PROMPT_VERSION
from tools.captioners.sentences import split_lines
from tools.captioners.wire import as_frame_list, as_mp4, as_pictures
from tools.errors import BadInput
from tools.outage import PATIENCE
from tools.providers import Endpoint
from tools.reasoners.unwrap import strip_reasoning
from tools.video.clip import Clip

if TYPE_CHECKING:
    from tools.chat import CompatChat

__all__ = ["PROMPT_VERSION", "EndpointCaptioner", "Showing", "split_lines"]


@dataclass(frozen=True)
class Showing:
    """How frames are shown to a model. Where the provider has a wish of its own, `auto` is that."""

    input: str = "auto"
    """`images`, or `video`: the whole clip as one."""
    detail: str = "auto"
    quality: int = 80
    """Of a JPEG, 1 to 100; measured by `benchmarks.jpeg_quality`."""


class EndpointCaptioner:
    """Describes clips through a vision model. Safe to share between threads."""

    blind_to: Sequence[str] = DEAF
    takes_instructions = True
    multiple = 2
    """JPEG and H.264 store colour at half the size; a server scales to its own patches."""

    def __init__(
        self,
        endpoint: Endpoint,
        *,
        temperature: float = 0.0,
        timeout: float = 300.0,
        max_tokens: int = 1024,
        requests_per_minute: float = 0.0,
        patience: float = PATIENCE,
        showing: Showing | None = None,
    ) -> None:
        """Build the client. `timeout` is in seconds.

        Raises `BadInput` if the key is missing, or if the provider takes no pictures, or no video where it is wished.
        """
        from tools.chat import build_chat

        provider, showing = endpoint.provider, showing or Showing()
        if not provider.pictures:
            raise BadInput(f"captioner {endpoint.name}: {provider.name} serves no model that sees pictures")
        self._as_video = showing.input == "video"
        if self._as_video and not provider.video:
            raise BadInput(f"setting captioner_input: {provider.name} takes pictures only, not a video")
        self._detail = (provider.detail or "") if showing.detail == "auto" else showing.detail
        self._quality = showing.quality
        self.endpoint = endpoint
        # What the model is shown is part of what its captions are signed with.
        shown = [*(["video"] if self._as_video else []), *([showing.detail] if showing.detail != "auto" else [])]
        self.name = "+".join([endpoint.name, *shown])
        self._chat: CompatChat = build_chat(
            endpoint,
            temperature=temperature,
            timeout=timeout,
            max_tokens=max_tokens,
            requests_per_minute=requests_per_minute,
            patience=patience,
        )

    @property
    def most_pictures(self) -> int:
        """Frames of a clip that are shown at most; 0: all."""
        return 0 if self._as_video else self.endpoint.provider.most_images

    def describe(self, clip: Clip, instruction: str) -> Description:
        """Describe `clip` under `instruction`; without one, as any question may need it. Raises `CaptionError`."""
        from tools.chat import ChatError, complete

        if not clip.frames:
            raise CaptionError(f"segment {clip.segment.id} has no frames")
        shown = _thinned(clip, self.most_pictures)
        pixels = sum(frame.image.shape[0] * frame.image.shape[1] for frame in shown.frames)
        content, more = self._content(shown, instruction)
        try:
            completion = complete(self._chat, [{"role": "user", "content": content}], pixels=pixels, more=more)
        except ChatError as error:
            raise CaptionError(str(error)) from None
        segment = clip.segment
        said = strip_reasoning(completion.text, keep_unfinished=False)
        lines = split_lines(said, segment.start, segment.end)
        if not lines:
            why = f" ({completion.finish_reason})" if completion.finish_reason not in ("", "stop") else ""
            if completion.finish_reason == "length":
                why += ": raise caption_tokens, reasoning counts against it"
            raise CaptionError(f"{self.name} gave a blank caption{why}", completion.usage)
        dropped = len(clip.frames) - len(shown.frames)
        return Description(tuple(lines), completion.usage, {"frames_dropped": dropped} if dropped else {})

    def _content(self, clip: Clip, instruction: str) -> tuple[list[dict[str, Any]], dict[str, Any]]:
        """Return the message's content, and further fields of the request."""
        if not self._as_video:
            return as_pictures(clip, instruction, self._quality, self._detail), {}
        if self.endpoint.provider.video == "frames":
            return as_frame_list(clip, instruction, self._quality)
        return as_mp4(clip, instruction), {}


def _thinned(clip: Clip, most: int) -> Clip:
    """Return the clip with at most `most` of its frames, evenly chosen; 0: all of them."""
    count = len(clip.frames)
    if not most or count <= most:
        return clip
    return replace(clip, frames=tuple(clip.frames[index * count // most] for index in range(most)))
