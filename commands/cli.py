"""The `videolucy` command: its subcommands, and how problems become one line and an exit code."""

from __future__ import annotations

import os
import sys

import typer

from commands.ask import ask
from commands.clock import clock
from commands.demo import demo
from commands.doctor import doctor
from commands.estimate import estimate
from commands.evaluate import evaluate
from commands.ingest import ingest
from commands.mcp import mcp
from commands.memory import memory
from commands.models import models
from commands.sessions import resume, sessions
from commands.studio import studio
from commands.ui import ui

_LONGEST = 600
"""Characters of the line that says what went wrong."""

app = typer.Typer(
    name="videolucy",
    help="Ask questions of very long videos, and get the moment each answer rests on.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=True,
    rich_markup_mode=None,
)
app.command()(ask)
app.command()(ingest)
app.command()(estimate)
app.command()(clock)
app.command()(resume)
app.add_typer(sessions, name="sessions")
app.add_typer(memory, name="memory")
app.add_typer(models, name="models")
app.add_typer(evaluate, name="eval")
app.command()(ui)
app.command()(studio)
app.command()(mcp)
app.command()(doctor)
app.command()(demo)


def run() -> None:
    """Run the command line and exit: 0 a result was given, 1 it failed while running, 2 bad input, disk or store."""
    from memory_store.errors import EmbedderError, StoreError
    from tools.errors import BadInput

    try:
        _load_dotenv()
        app()
    except BadInput as problem:
        _fail(str(problem), 2)
    except EmbedderError as problem:
        _fail(str(problem), 1)
    except StoreError as problem:
        # A disk, a lock or a store that somebody has to see to before it can go on.
        _fail(str(problem), 2)
    except BrokenPipeError:
        # The reader of our output has gone; there is nobody left to tell.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except Exception as problem:
        if os.environ.get("VIDEOLUCY_DEBUG"):
            raise
        _fail(f"{type(problem).__name__}: {problem} (VIDEOLUCY_DEBUG=1 shows where)", 1)


def _load_dotenv() -> None:
    """Read `.env`. Settings do so themselves; the keys that stand there too are read from the environment only."""
    from dotenv import load_dotenv

    from tools.errors import BadInput

    try:
        if os.path.isfile(".env"):
            load_dotenv(".env")
    except (OSError, ValueError) as problem:
        raise BadInput(f"the file .env cannot be read: {problem}") from None


def _fail(text: str, code: int) -> None:
    """End with one line: of names and values that are very long, the beginning and the end are told."""
    from commands.terminal import clean

    line = " ".join(clean(text).split())
    if len(line) > _LONGEST:
        line = f"{line[: _LONGEST // 2]} ... {line[-_LONGEST // 2 :]}"
    print(f"videolucy: {line}", file=sys.stderr)
    sys.exit(code)
