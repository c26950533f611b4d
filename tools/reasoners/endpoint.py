"""A reasoner behind an OpenAI-compatible endpoint: any chat model, with or without JSON modes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel

from tools.outage import PATIENCE
from tools.providers import Endpoint
from tools.reasoners.base import ReasonerError, Task
from tools.reasoners.reply import Message, ask, json_schema
from tools.usage import Usage

if TYPE_CHECKING:
    from tools.chat import CompatChat

Reply = TypeVar("Reply", bound=BaseModel)


class EndpointReasoner:
    """Answers tasks from their prompt alone, through a chat model. Safe to share between threads."""

    def __init__(
        self,
        endpoint: Endpoint,
        *,
        temperature: float = 0.0,
        timeout: float = 300.0,
        max_tokens: int = 4096,
        requests_per_minute: float = 0.0,
        patience: float = PATIENCE,
    ) -> None:
        """Build the client. `timeout` is in seconds. Raises `BadInput` if the key is missing."""
        from tools.chat import build_chat

        self.endpoint = endpoint
        self.name = endpoint.name
        self._chat: CompatChat = build_chat(
            endpoint,
            temperature=temperature,
            timeout=timeout,
            max_tokens=max_tokens,
            requests_per_minute=requests_per_minute,
            patience=patience,
        )

    def reply(self, task: Task[Reply]) -> tuple[Reply, Usage]:
        """Return the checked reply and what it cost. Raises `ReasonerError`."""
        from tools.chat import ChatError, complete

        form = _response_format(self.endpoint.provider.json_mode, task.reply)

        def call(messages: list[Message]) -> tuple[str, Usage]:
            try:
                completion = complete(self._chat, messages, response_format=form)
            except ChatError as error:
                raise ReasonerError(str(error)) from None
            return completion.text, completion.usage

        return ask(call, task.prompt, task.reply, task.calls)


def _response_format(mode: str, schema: type[BaseModel]) -> dict[str, Any] | None:
    """Return how a server is told to reply in JSON; the prompt describes the form in any case."""
    if mode == "json_object":
        return {"type": "json_object"}
    if mode == "json_schema":
        named = {"name": schema.__name__, "schema": json_schema(schema), "strict": True}
        return {"type": "json_schema", "json_schema": named}
    return None
