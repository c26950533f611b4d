"""The HTTP client under every model call: it waits for servers that fail, and gives up on what cannot succeed.

The only layer that repeats a call: the client libraries above are told not to. They decide by status code, and
servers are not always that clear: some tell errors with status 200, some call a fault of the request a fault of
their own.
"""

from __future__ import annotations

import ipaddress
import random
import ssl
import time
from collections.abc import Iterable
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

import httpx2 as httpx
import openai

from tools.outage import FIRST, LONGEST, PATIENCE, Server, server_of

_LATER = frozenset({408, 409, 425, 429})
"""Refusals that a later try may escape, beside all faults of the server (5xx)."""
_LONGEST_WISH = 60.0
"""Seconds to wait at most because a server asks for it."""
_OF_ITS_OWN = 4
"""Failures after which a call is given up whose server answers others meanwhile: it is the call that fails."""
_LONGEST_REPLY = 32 * 2**20
"""Bytes of a reply, far beyond any answer: an endless one must not fill the memory."""
_NEVER_SENT = 600.0


class PatientClient(openai.DefaultHttpxClient):
    """An HTTP client whose calls outlast outages. Safe to share between threads."""

    def __init__(self, server: Server, patience: float, final: Iterable[str], **options: Any) -> None:
        """`patience` is in seconds. An error that holds one of the phrases in `final` is not tried again."""
        super().__init__(**options)
        self._server, self._patience, self._final = server, patience, tuple(final)

    def send(self, request: httpx.Request, *, stream: bool = False, **options: Any) -> httpx.Response:
        """Return the reply, read to its end; the last one where none was better.

        Raises what httpx raises when no reply came at all.
        """
        server = self._server
        entered = began = server.clock.now()
        tries, alone, answers = 0, 0, server.answers
        problem: httpx.TransportError | None = None
        while True:
            if not server.enter(began + self._patience, entered):
                raise problem or httpx.ConnectError(f"no answer within {self._patience:.0f} s", request=request)
            response, why = None, ""
            try:
                response = self._read(super().send(request, stream=True, **options), request)
                why = later(response, self._final)
            except httpx.TransportError as error:
                if _is_final(error):
                    server.withdrawn()
                    raise
                problem, why = error, type(error).__name__
            except BaseException:
                server.withdrawn()
                raise
            if not why and response is not None:
                server.answered()
                return response
            now = server.clock.now()
            # Patience counts from the first failure: a long call that ends in a time-out is worth a second try.
            began = now if not tries else began
            tries += 1
            alone += server.answers > answers
            answers = server.answers
            pause = max(_wish(response), min(LONGEST, FIRST * 2 ** (tries - 1)) * random.uniform(0.75, 1.0))
            server.failed(why, pause)
            if now + pause > began + self._patience or alone >= _OF_ITS_OWN:
                server.given_up()
                if response is not None:
                    return response
                assert problem is not None
                raise problem
            if not server.down:
                server.rest(now + pause)

    def _read(self, response: httpx.Response, request: httpx.Request) -> httpx.Response:
        """Read the body under a limit of bytes and seconds, and give the reply the status its body tells."""
        allowed = (request.extensions.get("timeout") or {}).get("read") or _NEVER_SENT
        until = time.monotonic() + allowed
        body = bytearray()
        try:
            for chunk in response.iter_bytes():
                body += chunk
                if len(body) > _LONGEST_REPLY:
                    raise EndlessReply(f"a reply of more than {_LONGEST_REPLY // 2**20} MB", request=request)
                if time.monotonic() > until:
                    raise httpx.ReadTimeout("the reply does not end", request=request)
        finally:
            response.close()
        headers = [(k, v) for k, v in response.headers.raw if k.lower() not in (b"content-encoding", b"content-length")]
        return told(httpx.Response(response.status_code, headers=headers, content=bytes(body), request=request))


class EndlessReply(httpx.TransportError):
    """A server sends more than any reply holds."""


def build_http(base_url: str, final: Iterable[str] = (), patience: float = PATIENCE) -> Any:
    """Return a client for the server at `base_url`. An error that holds one of the phrases in `final` stays one."""
    parts = urlsplit(base_url)
    return PatientClient(
        server_of(f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"),
        patience,
        final,
        # A proxy has no business between two processes of one machine, and would learn the key.
        trust_env=not on_this_machine(base_url),
    )


def told(response: httpx.Response) -> httpx.Response:
    """Give a reply of status 200 the status of the error inside it (OpenRouter, once a model has begun)."""
    try:
        code = fault_of(response.json()).get("code")
    except (ValueError, RecursionError):
        code = None
    if response.status_code == 200 and isinstance(code, int) and 400 <= code < 600:
        response.status_code = code
    return response


def later(response: httpx.Response, final: Iterable[str] = ()) -> str:
    """Return why this reply is worth another try, or an empty string where it is not."""
    status, wish = response.status_code, response.headers.get("x-should-retry")
    if status < 400 or wish == "false" or any(phrase in response.text for phrase in final):
        return ""
    return f"status {status}" if status in _LATER or status >= 500 or wish == "true" else ""


def _is_final(error: BaseException | None) -> bool:
    """Tell whether no later try can mend it: a request that cannot be sent, a certificate that is wrong."""
    if isinstance(error, httpx.UnsupportedProtocol | httpx.LocalProtocolError | ssl.SSLCertVerificationError):
        return True
    return error is not None and _is_final(error.__cause__ or error.__context__)


def _wish(response: httpx.Response | None) -> float:
    """Return the seconds a server asks to be left alone, as a number or a date; 0 where it asks for none."""
    said = response.headers.get("retry-after", "") if response is not None else ""
    try:
        seconds = float(said)
    except ValueError:
        try:
            seconds = parsedate_to_datetime(said).timestamp() - time.time()
        except ValueError:
            return 0.0
    return min(seconds, _LONGEST_WISH) if seconds > 0 else 0.0


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
