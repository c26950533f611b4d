"""Who may use the page: whoever has its address with the key in it. Footage is private, also on a shared machine."""

from __future__ import annotations

import hmac
import os
import secrets
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import parse_qs

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse, RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tools.errors import BadInput

COOKIE = "videolucy"
_KEY = "key"
_HEADERS = {
    "content-security-policy": "default-src 'self'; img-src 'self' data:; style-src 'self'; frame-ancestors 'none'; "
    "form-action 'none'; base-uri 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-origin",
}
"""Nothing from elsewhere is loaded, nothing may frame the page, and its address with the key stays here."""


def key_of(home: Path) -> str:
    """Return the page's key, made once and kept, so that an open page outlives the server. Raises `BadInput`."""
    file = home / "page.key"
    try:
        home.mkdir(parents=True, exist_ok=True)
        if file.is_file() and (known := file.read_text(encoding="ascii", errors="replace").strip()):
            return known
        made = secrets.token_urlsafe(24)
        with open(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="ascii") as written:
            written.write(made)
        return made
    except OSError as problem:
        raise BadInput(f"the page's key cannot be kept in {home}: {(problem.strerror or 'error').lower()}") from None


class Guard:
    """Lets requests through that carry the key; the first one gets it as a cookie no other site can use.

    A site that makes a browser send requests here is refused too: it has neither key nor cookie.
    """

    def __init__(self, app: ASGIApp, key: str, port: int) -> None:
        self._app = app
        self._key = key
        self._cookie = f"{COOKIE}-{port}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = parse_qs(scope["query_string"].decode("latin-1")).get(_KEY, [""])[0]
        if given and self._right(given) and scope["method"] == "GET":
            answer = RedirectResponse(scope["path"], 303)
            answer.set_cookie(self._cookie, self._key, max_age=31_536_000, httponly=True, samesite="strict")
            await answer(scope, receive, send)
            return
        cookies = SimpleCookie(Headers(scope=scope).get("cookie", ""))
        if self._cookie not in cookies or not self._right(cookies[self._cookie].value):
            text = "Open the address that `videolucy ui` printed: it holds the key of this page.\n"
            await PlainTextResponse(text, 403)(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                added = [(name.encode(), value.encode()) for name, value in _HEADERS.items()]
                message["headers"] = [*message.get("headers", ()), *added]
            await send(message)

        await self._app(scope, receive, with_headers)

    def _right(self, given: str) -> bool:
        return hmac.compare_digest(given.encode(), self._key.encode())
