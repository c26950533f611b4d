"""One chat call to an OpenAI-compatible server: its text, its cost, and errors that can be shown.

This module imports the client libraries: import it only where a client is about to be built.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import httpx2 as httpx
import openai
from langchain_core.exceptions import LangChainException
from langchain_core.messages import AIMessage
from langchain_core.outputs import ChatResult
from langchain_core.rate_limiters import InMemoryRateLimiter
from langchain_openai import ChatOpenAI
from pydantic import Field, SecretStr

from tools import tokens
from tools.http_client import build_http, fault_of
from tools.outage import PATIENCE
from tools.providers import Endpoint
from tools.usage import Usage

_CONNECT = 15.0
"""Seconds to wait for a connection: a server that is down should be noticed before a long answer's timeout."""
_LONGEST_ERROR = 300
_SECRETS = re.compile(r"\b(?:sk|ark|key|tok)-[\w-]{8,}|(?<=bearer )\S+|(?<=//)[^/\s@]+@", re.I)


class ChatError(Exception):
    """A call came to nothing. The message is one line, without keys."""


class CompatChat(ChatOpenAI):
    """A chat model that keeps the reasoning text of compatible servers, and says `max_tokens` as they want it.

    Reasoning lies in `additional_kwargs["reasoning_content"]` of the message. Both methods override
    private hooks of langchain-openai; tests/test_endpoint.py holds them.
    """

    max_tokens_field: str = "max_tokens"
    reasoning_fields: tuple[str, ...] = Field(default=("reasoning_content", "reasoning"))
    final: tuple[tuple[str, str], ...] = ()
    """Words of errors that stay, and what to do about them (`Provider.final`)."""

    def _create_chat_result(
        self, response: dict[str, Any] | openai.BaseModel, generation_info: dict[str, Any] | None = None
    ) -> ChatResult:
        raw = response if isinstance(response, dict) else response.model_dump()
        # What a model had written when it failed is no reply.
        if fault := fault_of(raw):
            raise ValueError(str(fault.get("message") or fault))
        result = super()._create_chat_result(response, generation_info)
        for generation, choice in zip(result.generations, raw.get("choices") or [], strict=False):
            message = choice.get("message") or {}
            text = next((message[name] for name in self.reasoning_fields if message.get(name)), None)
            if text:
                generation.message.additional_kwargs["reasoning_content"] = text
        return result

    def _get_request_payload(self, input_: Any, *, stop: list[str] | None = None, **kwargs: Any) -> dict[str, Any]:
        payload: dict[str, Any] = super()._get_request_payload(input_, stop=stop, **kwargs)
        for name in ("max_tokens", "max_completion_tokens"):
            if name in payload:
                payload[self.max_tokens_field] = payload.pop(name)
        return payload


def build_chat(
    endpoint: Endpoint,
    *,
    temperature: float = 0.0,
    timeout: float = 300.0,
    max_tokens: int = 4096,
    requests_per_minute: float = 0.0,
    patience: float = PATIENCE,
) -> CompatChat:
    """Return a client for `endpoint`. Raises `BadInput` if its key is missing.

    `timeout` is in seconds, and so is `patience`: how long a call that fails is tried again.

    All clients of one server share its `requests_per_minute` (0: no limit); a try that is repeated counts once.
    """
    provider = endpoint.provider
    return CompatChat(
        model=endpoint.model,
        base_url=endpoint.base_url,
        api_key=SecretStr(endpoint.key()),
        temperature=temperature if provider.sends_temperature else None,
        timeout=httpx.Timeout(timeout, connect=min(timeout, _CONNECT)),
        max_tokens=max_tokens,
        max_retries=0,
        max_tokens_field=provider.max_tokens_field,
        reasoning_fields=provider.reasoning_fields,
        final=provider.final,
        http_client=build_http(endpoint.base_url, (phrase for phrase, _ in provider.final), patience),
        # Its other client, which is never used, would complain about the proxies of the environment.
        http_socket_options=(),
        rate_limiter=limiter(endpoint.base_url, requests_per_minute) if requests_per_minute else None,
        use_responses_api=False,
        streaming=False,
    )


@cache
def limiter(base_url: str, requests_per_minute: float) -> InMemoryRateLimiter:
    """Return the one limiter of a server at a rate. Its first request goes at once."""
    made = InMemoryRateLimiter(requests_per_second=requests_per_minute / 60, max_bucket_size=1)
    made.available_tokens = 1.0
    return made


@dataclass(frozen=True)
class Completion:
    """What came back: the text, what it cost, and the reasoning a server keeps apart."""

    text: str
    usage: Usage
    reasoning: str = ""
    finish_reason: str = ""


def complete(
    chat: CompatChat,
    messages: Sequence[dict[str, Any]],
    *,
    pixels: int = 0,
    response_format: dict[str, Any] | None = None,
    more: dict[str, Any] | None = None,
) -> Completion:
    """Send `messages` and return the completion. `pixels` is the area of the pictures in them.

    `more` are fields of the request beyond OpenAI's own. Usage is the server's own, or estimated where it sends
    none. Raises `ChatError`.
    """
    options: dict[str, Any] = {"response_format": response_format} if response_format else {}
    options |= {"extra_body": more} if more else {}
    try:
        message = chat.invoke(list(messages), **options)
    # A server may answer with anything at all, and the client libraries trip over it in many ways:
    # whatever it is, it must not end a run that has other calls to make.
    except (openai.OpenAIError, LangChainException, httpx.HTTPError) as error:
        raise ChatError(explain(error, chat)) from None
    except (TypeError, ValueError, KeyError, AttributeError, IndexError) as error:
        said = _shown(str(error), chat) if type(error) is ValueError else type(error).__name__
        raise ChatError(f"{_host(chat)} sent a reply that is no chat completion ({said})") from None
    text = message.text if isinstance(message.text, str) else str(message.content)
    chars = sum(len(part) for part in _texts(messages))
    return Completion(
        text=text.encode("utf-8", "replace").decode(),
        usage=_usage(message, chars, pixels),
        reasoning=str(message.additional_kwargs.get("reasoning_content") or ""),
        finish_reason=str(message.response_metadata.get("finish_reason") or ""),
    )


def explain(error: Exception, chat: CompatChat) -> str:
    """Return one line that says what went wrong, and holds neither a key nor credentials of a URL."""
    where = _host(chat)
    if isinstance(error, openai.APITimeoutError):
        return f"{where} did not answer in time"
    if isinstance(error, openai.APIConnectionError):
        return f"{where} cannot be reached ({type(error.__cause__ or error).__name__})"
    if isinstance(error, openai.APIStatusError):
        fault = fault_of(error.body) or (error.body if isinstance(error.body, dict) else {})
        advice = "".join(f"; {advice}" for phrase, advice in chat.final if phrase in str(error.body))
        said = _shown(str(fault.get("message") or error.message), chat)
        return f"{where} refused ({error.status_code}): {said}{advice}"
    return f"{where}: {_shown(str(error) or type(error).__name__, chat)}"


def _shown(text: str, chat: CompatChat) -> str:
    key = chat.openai_api_key.get_secret_value() if isinstance(chat.openai_api_key, SecretStr) else ""
    if len(key) > 4:
        text = text.replace(key, "***")
    line = " ".join(_SECRETS.sub("***", text).split())
    return line if len(line) <= _LONGEST_ERROR else line[:_LONGEST_ERROR] + "…"


def _host(chat: CompatChat) -> str:
    return f"{chat.model_name} at {urlsplit(chat.openai_api_base or '').hostname}"


def _texts(messages: Sequence[dict[str, Any]]) -> list[str]:
    contents = [message["content"] for message in messages]
    parts = [content if isinstance(content, list) else [{"type": "text", "text": content}] for content in contents]
    return [part["text"] for content in parts for part in content if part["type"] == "text"]


def _usage(message: AIMessage, chars: int, pixels: int) -> Usage:
    sent = message.usage_metadata
    if sent and sent["input_tokens"] + sent["output_tokens"] > 0:
        return Usage(prompt_tokens=sent["input_tokens"], completion_tokens=sent["output_tokens"], prompt_chars=chars)
    written = len(str(message.content)) + len(str(message.additional_kwargs.get("reasoning_content") or ""))
    asked, said = tokens.of_text(chars) + tokens.of_pictures(pixels), tokens.of_text(written)
    return Usage(prompt_tokens=asked, completion_tokens=said, prompt_chars=chars, tokens_estimated=asked + said)
