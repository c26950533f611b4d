"""The HTTP client under every model call: what cannot succeed later is not tried again, and what can is.

The client library decides by status code. Servers are not always that clear: some tell errors with status 200, some
call a fault of the request a fault of their own.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import openai

_ALSO_LATER = (425,)
"""What the library takes for final, and is not: it repeats 408, 409, 429 and 5xx by itself."""


def build_http(base_url: str, final: Iterable[str] = ()) -> Any:
    """Return a client for the server at `base_url`. An error that holds one of the phrases in `final` stays one."""
    return openai.DefaultHttpxClient(
        event_hooks={"response": [partial(settle, final=tuple(final))]},
        # A proxy has no business between two processes of one machine, and would learn the key.
        trust_env=not on_this_machine(base_url),
    )


def settle(response: Any, final: tuple[str, ...] = ()) -> None:
    """Give a reply the status its body tells, and say whether it is worth another try.

    An error inside a reply of status 200 (OpenRouter, once a model has begun) is treated as one of the code it names.
    """
    response.read()
    try:
        code = fault_of(response.json()).get("code")
    except (ValueError, RecursionError):
        code = None
    if response.status_code == 200 and isinstance(code, int) and 400 <= code < 600:
        response.status_code = code
    if response.status_code < 400:
        return
    if any(phrase in response.text for phrase in final):
        response.headers["x-should-retry"] = "false"
    elif response.status_code in _ALSO_LATER:
        response.headers["x-should-retry"] = "true"


def fault_of(body: Any) -> dict[str, Any]:
    """Return the error in a reply's body, be it of the whole or of its first choice; empty where there is none."""
    choices = body.get("choices") if isinstance(body, dict) else None
    for holder in (body, choices[0] if isinstance(choices, list) and choices else None):
        fault = holder.get("error") if isinstance(holder, dict) else None
        if fault:
            return fault if isinstance(fault, dict) else {"message": str(fault)}
    return {}


def on_this_machine(url: str) -> bool:
    """Tell whether a URL leads to this machine."""
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
