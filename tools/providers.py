"""Who serves models over the OpenAI protocol, and how each differs from the others.

A quirk is a field of a preset, never a condition in the code that calls.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from tools.errors import BadInput

NO_KEY = "none"
"""Sent to servers that want no key: the client library insists on one."""


@dataclass(frozen=True)
class Provider:
    """A kind of OpenAI-compatible server."""

    name: str
    base_url: str = ""
    """Where it is reached; empty: must be set."""
    key_env: str | None = None
    """Name of the variable that holds the key; None where none is needed."""
    max_tokens_field: Literal["max_tokens", "max_completion_tokens"] = "max_tokens"
    json_mode: Literal["json_schema", "json_object", "none"] = "none"
    """How it can be held to JSON, with every model it serves."""
    sends_temperature: bool = True
    """False where current models refuse the parameter."""
    detail: Literal["low", "high", "auto"] | None = None
    """Sent beside each image; frames already have the size they should be seen at."""
    reasoning_fields: tuple[str, ...] = ("reasoning_content", "reasoning")
    """Fields of a reply's message that hold its reasoning."""
    pictures: bool = True
    """False where no model it serves sees."""
    video: Literal["frames", "mp4", ""] = ""
    """How it takes a clip as one video: `frames`, a list of JPEGs; `mp4`; empty: it takes pictures only."""
    most_images: int = 0
    """Pictures it takes in one request; 0: as many as fit."""
    final: tuple[tuple[str, str], ...] = ()
    """Words of errors that no waiting mends, whatever their status, each with what to do about it."""


PROVIDERS: dict[str, Provider] = {
    provider.name: provider
    for provider in (
        Provider(
            "openai",
            "https://api.openai.com/v1",
            "OPENAI_API_KEY",
            max_tokens_field="max_completion_tokens",
            json_mode="json_schema",
            sends_temperature=False,
            detail="high",
            most_images=500,
            final=(("insufficient_quota", "waiting does not help: the account of this key has no credit left"),),
        ),
        Provider(
            "deepseek", "https://api.deepseek.com/v1", "DEEPSEEK_API_KEY", json_mode="json_object", pictures=False
        ),
        Provider(
            "vllm",
            "http://localhost:8000/v1",
            json_mode="json_schema",
            video="frames",
            final=(("may be provided in one", "start vLLM with a higher --limit-mm-per-prompt"),),
        ),
        Provider("ollama", "http://localhost:11434/v1", json_mode="json_schema"),
        Provider(
            "llamacpp",
            "http://localhost:8080/v1",
            json_mode="json_schema",
            final=(("image input is not supported", "the model needs its vision half: llama-server --mmproj FILE"),),
        ),
        Provider("volcano", "https://ark.cn-beijing.volces.com/api/v3", "ARK_API_KEY", video="mp4"),
        Provider("openrouter", "https://openrouter.ai/api/v1", "OPENROUTER_API_KEY", video="mp4"),
        Provider("compatible", video="mp4"),
    )
}
"""`compatible` is any other server; it needs a URL, and is asked for nothing special."""


@dataclass(frozen=True)
class Endpoint:
    """A model at a server. It holds the name of the variable with the key, never the key."""

    provider: Provider
    model: str
    base_url: str
    key_env: str | None = None

    @property
    def name(self) -> str:
        """What a caption or an answer is signed with: `openai:gpt-5-mini`."""
        return f"{self.provider.name}:{self.model}"

    def key(self) -> str:
        """Read the key from the environment. Raises `BadInput` naming the variable where there is none."""
        if not self.key_env:
            return NO_KEY
        key = os.environ.get(self.key_env, "").strip()
        if not key:
            raise BadInput(f"{self.name} needs a key: the environment variable {self.key_env} is not set")
        if not (key.isascii() and key.isprintable()) or " " in key:
            raise BadInput(f"{self.name}: what the environment variable {self.key_env} holds cannot be a key")
        return key


def resolve(setting: str, url: str = "", key_env: str = "") -> Endpoint:
    """Return the endpoint that a setting `PROVIDER:MODEL` names. Raises `BadInput` in one line.

    `url` replaces the provider's own address; `key_env` names the variable that holds the key.
    """
    name, colon, model = (part.strip() for part in setting.partition(":"))
    provider = PROVIDERS.get(name.lower())
    if provider is None:
        raise BadInput(f"unknown model {setting!r}: expected PROVIDER:MODEL with one of {', '.join(PROVIDERS)}")
    if not model:
        raise BadInput(f"{setting!r} names no model: write {provider.name}:MODEL")
    base_url = url.strip() or provider.base_url
    if not base_url:
        raise BadInput(f"{setting} needs the URL of its server (setting captioner_url, reasoner_url or embedder_url)")
    variable = key_env.strip() or provider.key_env
    if variable and not variable.isidentifier():
        raise BadInput(f"{setting}: the key setting must hold the name of an environment variable, not a key")
    return Endpoint(provider, model, _base_url(base_url), variable)


def _base_url(url: str) -> str:
    """Return a checked base URL, also from the full address of a method."""
    try:
        address = urlsplit(url)
        sound = address.scheme in ("http", "https") and address.hostname and address.port != 0
    except ValueError:
        sound = False
    if not sound:
        raise BadInput("the URL of a model's server must look like http://HOST:PORT/v1")
    for method in ("/chat/completions", "/embeddings", "/models"):
        url = url.rstrip("/").removesuffix(method)
    return url.rstrip("/")
