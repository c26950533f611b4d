"""A captioner from a vision GGUF and its mmproj: llama.cpp in this process, spoken to like any endpoint."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from tools.captioners.base import DEAF, CaptionError, Description
from tools.captioners.endpoint import EndpointCaptioner, Showing
from tools.llamacpp import Gguf, start
from tools.providers import PROVIDERS, Endpoint
from tools.video.clip import Clip

CONTEXT = 32_768
"""Tokens: 200 coarse frames at 128 tokens each, and the words around them."""


@dataclass(frozen=True)
class _Private(Endpoint):
    """A server of this process, and the key that was made for it."""

    secret: str = field(default="", repr=False)

    def key(self) -> str:
        return self.secret


class GgufCaptioner:
    """Describes clips through a model in this process. Loaded when the first clip comes, once; safe between threads.

    Implements `tools.captioners.base.Captioner`.
    """

    blind_to: Sequence[str] = DEAF
    takes_instructions = True
    multiple = EndpointCaptioner.multiple

    def __init__(self, model: Gguf, *, gpu: bool, showing: Showing, **chat: Any) -> None:
        """Load nothing yet. `chat`: temperature, timeout (seconds) and max_tokens, as for an endpoint."""
        self.name = f"gguf:{model.name}"
        self._model, self._gpu, self._showing, self._chat = model, gpu, showing, chat
        self._loading, self._turn = threading.Lock(), threading.Lock()
        self._problem = ""
        self._server: Any = None
        self._captioner: EndpointCaptioner | None = None

    def describe(self, clip: Clip, instruction: str) -> Description:
        """Describe `clip` under `instruction`. Raises `CaptionError`, also where the model cannot be loaded."""
        captioner = self._loaded()
        # The server has one slot: to wait for it must not count against the time of a call.
        with self._turn:
            return captioner.describe(clip, instruction)

    def _loaded(self) -> EndpointCaptioner:
        with self._loading:
            if self._problem:
                # Loading gigabytes for every clip, to fail each time, helps nobody.
                raise CaptionError(self._problem)
            if self._captioner is None:
                key = secrets.token_urlsafe(24)
                try:
                    self._server = start(self._model, context=CONTEXT, key=key, gpu=self._gpu)
                except RuntimeError as problem:
                    self._problem = f"{self.name} cannot be loaded: {problem}"
                    raise CaptionError(self._problem) from None
                url = f"{self._server.listening_address}/v1"
                endpoint = _Private(PROVIDERS["llamacpp"], self._model.path.stem, url, secret=key)
                self._captioner = EndpointCaptioner(endpoint, showing=self._showing, **self._chat)
            return self._captioner
