"""`videolucy mcp`: the MCP server, over stdin and stdout, for a client that starts it."""

from __future__ import annotations

import os
import sys

import typer

from commands.options import with_settings
from tools.errors import BadInput
from tools.settings import Settings

_NEEDED = ("mcp", "mcp_types")


@with_settings()
def mcp(*, settings: Settings) -> None:
    """Serve other programs over MCP, on stdin and stdout: ask, search memory, get frames."""
    try:
        from face.mcp_server.server import Server
    except ModuleNotFoundError as problem:
        if str(problem.name).partition(".")[0] not in _NEEDED:
            raise
        raise BadInput("the MCP server needs the extra `mcp`: pip install 'videolucy[mcp]'") from None
    from commands.stopping import PATIENCE, stoppable
    from tools import ending
    from tools.live import close_all
    from tools.models import check_models

    check_models(settings)
    server, code = Server(settings), 0
    if sys.stdin.isatty():
        print("waiting for an MCP client on stdin; docs/mcp.md tells how to add this to one", file=sys.stderr)
    try:
        with stoppable(lambda: "the same questions go on where they stopped"):
            server.run("stdio")
    except typer.Exit as left:
        code = left.exit_code
    ending.end()
    server.work.wait(PATIENCE)
    close_all()
    # The thread that waits for the client's next line cannot be told to stop.
    os._exit(code)
