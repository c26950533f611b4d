"""`videolucy ui`: the page, served on this machine."""

from __future__ import annotations

import importlib.util
import socket
from typing import Annotated

import typer

from commands.options import with_settings
from tools.errors import BadInput
from tools.settings import Settings

_NEEDED = ("starlette", "uvicorn", "sse_starlette")
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


@with_settings()
def ui(
    host: Annotated[str, typer.Option(help="address to listen at; others than this machine's own reach the page")] = (
        "127.0.0.1"
    ),
    port: Annotated[int, typer.Option(min=0, max=65535, help="port to listen at; 0: a free one")] = 7860,
    *,
    settings: Settings,
) -> None:
    """Serve the page: ask, watch it think, go to the moments; earlier sessions; what is remembered."""
    if any(importlib.util.find_spec(name) is None for name in _NEEDED):
        raise BadInput("the page needs the extra `ui`: pip install 'videolucy[ui]'")
    import uvicorn

    from commands.terminal import progress
    from face.page.access import key_of
    from face.page.server import application
    from tools.clients import check_settings, serve_others
    from tools.models import check_models

    if host not in _LOOPBACK:
        serve_others()
        progress.print(
            f"whoever has the address below and reaches {host} can use this page, and see these videos",
            style="yellow",
            soft_wrap=True,
        )
    check_settings(settings)
    check_models(settings)
    key = key_of(settings.home_path)
    listening = _listen(host, port)
    port = listening.getsockname()[1]
    name = f"[{host}]" if ":" in host else host
    app = application(settings, key, port)
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=5, lifespan="on"))
    print(f"http://{name}:{port}/?key={key}", flush=True)
    progress.print("open that address in a browser; Ctrl-C ends the page, and every question can go on later")
    server.run(sockets=[listening])


def _listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens. Raises `BadInput` where it cannot."""
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        made = socket.socket(family, socket.SOCK_STREAM)
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind(address)
        return made
    except OSError as problem:
        why = (problem.strerror or "error").lower()
        raise BadInput(f"the page cannot be served at {host} port {port}: {why}; --port names another") from None
