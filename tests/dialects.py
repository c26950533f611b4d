"""How each provider differs, as a strict server: what it refuses, in its own words, and what it sends back.

Facts from the providers' API references; each check is one that a real server of that kind makes.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from tests.fake_server import FakeReply, asked_for, text_of

Request = dict[str, Any]
CAPTION = "[10.0] A tram stops. Nobody gets in."
VERDICT = {"support": "supported", "confidence": 0.9, "answer": "a tram"}


def strict(provider: str) -> Callable[[Request], FakeReply]:
    """Return a script that speaks the provider's dialect and refuses any other."""

    def script(request: Request) -> FakeReply:
        wrong = _problem(provider, request)
        if wrong:
            return FakeReply(status=400, body=json.dumps(_error(provider, wrong)).encode())
        said = CAPTION if asked_for(request) == "caption" else json.dumps(VERDICT)
        return _reply(provider, said)

    return script


def _problem(provider: str, request: Request) -> str:
    """Return why this provider refuses the request, or an empty string."""
    parts = [part for m in request["messages"] if isinstance(m["content"], list) for part in m["content"]]
    kinds = {part["type"] for part in parts}
    form = (request.get("response_format") or {}).get("type")
    checks: dict[str, list[tuple[bool, str]]] = {
        "openai": [
            ("max_tokens" in request, "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead."),
            ("temperature" in request, "Unsupported value: 'temperature' does not support 0 with this model."),
            ("video_url" in kinds, "Invalid value: 'video_url'. Supported values are: 'text', 'image_url' ..."),
            (form == "json_schema" and not request["response_format"]["json_schema"].get("name"), "Missing 'name'."),
        ],
        "deepseek": [
            (bool(kinds - {"text"}), "unknown variant `image_url`, expected `text`"),
            (form == "json_schema", "This response_format type is unavailable now"),
            (
                form == "json_object" and "json" not in text_of(request).casefold(),
                "Prompt must contain the word 'json' in some form to use 'response_format' of type 'json_object'.",
            ),
            ("max_completion_tokens" in request, "unknown field `max_completion_tokens`"),
        ],
        "vllm": [("max_completion_tokens" in request and "max_tokens" in request, "only one of them")],
        "ollama": [("max_completion_tokens" in request, "unknown field"), ("video_url" in kinds, "invalid message")],
        "llamacpp": [("video_url" in kinds, "unsupported content[].type")],
        "volcano": [
            (form is not None, "The parameter `response_format.type` specified in the request are not valid"),
            ("max_completion_tokens" in request and "max_tokens" in request, "only one of them"),
        ],
        "openrouter": [],
    }
    return next((text for refused, text in checks[provider] if refused), "")


def _error(provider: str, text: str) -> dict[str, Any]:
    shapes: dict[str, dict[str, Any]] = {
        "vllm": {"error": {"message": text, "type": "BadRequestError", "param": None, "code": 400}},
        "volcano": {"error": {"code": "InvalidParameter", "message": text, "param": "", "type": "BadRequest"}},
    }
    return shapes.get(provider, {"error": {"message": text, "type": "invalid_request_error", "param": None}})


def _reply(provider: str, text: str) -> FakeReply:
    thought = 'First I look at the frames. {"support": "unsupported"}'
    message: dict[str, Any] = {"role": "assistant", "content": text}
    more: dict[str, Any] = {}
    usage: dict[str, Any] | None = {"prompt_tokens": 100, "completion_tokens": 20, "total_tokens": 120}
    if provider == "openai":
        message |= {"refusal": None, "annotations": []}
        usage["completion_tokens_details"] = {"reasoning_tokens": 8}  # type: ignore[index]
    elif provider == "deepseek":
        message["reasoning_content"] = thought
        usage |= {"prompt_cache_hit_tokens": 64, "prompt_cache_miss_tokens": 36}  # type: ignore[operator]
    elif provider == "vllm":
        message |= {"reasoning": thought, "tool_calls": []}
    elif provider == "ollama":
        message["reasoning"], usage = thought, None
    elif provider == "llamacpp":
        message["content"] = f"<think>{thought}</think>\n{text}"
        more["timings"] = {"prompt_n": 100, "predicted_n": 20}
    elif provider == "volcano":
        message["reasoning_content"] = thought
        more["service_tier"] = "default"
    elif provider == "openrouter":
        message |= {"reasoning": thought, "reasoning_details": [{"type": "reasoning.text", "text": thought}]}
        more["provider"] = "Somebody"
    choice = {"index": 0, "message": message, "finish_reason": "stop", "native_finish_reason": "STOP"}
    body = {"id": "x", "object": "chat.completion", "created": 0, "model": "some-model", "choices": [choice], **more}
    return FakeReply(body=json.dumps(body | ({"usage": usage} if usage else {})).encode())
