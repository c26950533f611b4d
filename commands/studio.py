"""`videolucy studio`: LangGraph's development server on this machine, for LangGraph Studio."""

from __future__ import annotations

import importlib.util
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Any

import typer

from commands.options import with_settings
from tools.errors import BadInput
from tools.settings import Settings

_STUDIO = "https://smith.langchain.com/studio/?baseUrl="
_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_PATIENCE = 20.0
"""Seconds for the server to end once it was told to; then it is made to."""
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
"""The last one comes when the terminal is closed."""


@with_settings("home")
def studio(
    port: Annotated[int, typer.Option(min=1, max=65535, help="port to listen at")] = 2024,
    host: Annotated[
        str, typer.Option(help="address to listen at; others than this machine's own open it to others")
    ] = ("127.0.0.1"),
    *,
    settings: Settings,
) -> None:
    """Serve the graph for LangGraph Studio: its threads, settings as fields, steps to watch and to fork."""
    if importlib.util.find_spec("langgraph_cli") is None or importlib.util.find_spec("langgraph_api") is None:
        raise BadInput("Studio needs LangGraph's server: pip install 'langgraph-cli[inmem]'")
    from commands.terminal import progress

    _check_free(host, port)
    if host not in _LOOPBACK:
        progress.print(
            f"whoever reaches {host} can ask here, of videos below VIDEOLUCY_ALLOWED_FOLDERS",
            style="yellow",
            soft_wrap=True,
        )
    address = f"http://{f'[{host}]' if ':' in host else host}:{port}"
    for line in (f"Studio: {_STUDIO}{address}", f"its interface: {address}/docs", "Ctrl-C ends it"):
        progress.print(line, markup=False, soft_wrap=True)
    with tempfile.TemporaryDirectory(prefix="videolucy-studio-") as folder:
        config = Path(folder) / "langgraph.json"
        config.write_text(json.dumps(configuration()))
        command = [sys.executable, "-m", "langgraph_cli", "dev", "--no-browser", "--no-reload", "--config", str(config)]
        raise typer.Exit(_run([*command, "--host", host, "--port", str(port)], settings))


def configuration() -> dict[str, Any]:
    """Return the server's configuration: that of langgraph.json, with paths that hold wherever this is installed."""
    import graph

    package = Path(graph.__file__).parent
    return {
        "dependencies": [str(package.parent)],
        "graphs": {"videolucy": f"{package / 'build.py'}:graph"},
        "checkpointer": {"path": f"{package / 'checkpoints.py'}:create_checkpointer"},
        "env": {},
    }


def _check_free(host: str, port: int) -> None:
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as problem:
        why = (problem.strerror or "error").lower()
        raise BadInput(f"Studio's server cannot listen at {host} port {port}: {why}; --port names another") from None


def _run(command: list[str], settings: Settings) -> int:
    """Run the server until it ends or is told to; return its exit code, 0 where it was told to."""
    environment = {
        **os.environ,
        "VIDEOLUCY_HOME": str(settings.home_path),
        "LANGGRAPH_CLI_NO_ANALYTICS": "1",
        "LANGSMITH_TRACING": "false",
    }
    told: list[int] = []
    servers: list[subprocess.Popen[bytes]] = []

    def send(number: int) -> None:
        for server in servers:
            with suppress(ProcessLookupError):
                os.killpg(server.pid, number)

    limit = threading.Timer(_PATIENCE, send, [signal.SIGKILL])
    limit.daemon = True

    def end(number: int, frame: Any) -> None:
        told.append(number)
        send(signal.SIGTERM if len(told) == 1 else signal.SIGKILL)
        if len(told) == 1:
            limit.start()

    before = {number: signal.signal(number, end) for number in _SIGNALS}
    try:
        # A group of its own: Ctrl-C comes here first, and the server gets one wish to end, not two.
        servers.append(subprocess.Popen(command, env=environment, start_new_session=True))
        if told:
            send(signal.SIGTERM)
        code = servers[0].wait()
        return 0 if told else code
    finally:
        limit.cancel()
        for number, handler in before.items():
            signal.signal(number, handler)
