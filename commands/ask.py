"""`videolucy ask`: the main job."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from commands.options import with_settings
from tools.errors import BadInput
from tools.question import check_question
from tools.settings import Settings
from tools.video.container import require_file

_LARGEST = 16 << 20
"""Bytes of a file of questions."""


@with_settings()
def ask(
    words: Annotated[
        list[str], typer.Argument(metavar="VIDEO... QUESTION", help="one or more videos, then the question")
    ],
    option: Annotated[
        list[str] | None, typer.Option("-o", "--option", help="an answer to choose from; repeat it")
    ] = None,
    questions: Annotated[
        Path | None, typer.Option(help="file of questions, one a line, or JSON lines with `question` and `options`")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="one JSON object a question on stdout, nothing else")] = False,
    new: Annotated[bool, typer.Option("--new", help="start afresh, even if this question was cut short")] = False,
    thread: Annotated[
        str | None, typer.Option(metavar="NAME", help="ask in this conversation, begun if there is none")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="agree to whatever would be asked first (`confirm_over`)")] = False,
    report: Annotated[
        Path | None, typer.Option(metavar="FILE", help="write the answer to this HTML file, too; of many: a folder")
    ] = None,
    *,
    settings: Settings,
) -> None:
    """Ask a question of one or more videos; a question that was cut short goes on where it stopped."""
    if questions is None and len(words) < 2:
        raise BadInput("give a video and a question: videolucy ask VIDEO QUESTION")
    if questions is not None and option:
        raise BadInput("options of several questions belong into the file, as JSON lines")
    if thread is not None and new:
        raise BadInput("--new begins another thread, --thread goes on with one: give one of them")
    videos = words if questions else words[:-1]
    asked = read_questions(questions) if questions else [{"question": words[-1], "options": option or []}]
    from commands.running import check, open_sessions
    from commands.terminal import show_answer, show_json
    from tools.video.download.address import without_credentials

    if thread is not None:
        from graph.threads import check_name

        check_name(thread)
    show = show_json if as_json else show_answer
    if report:
        from face.report.writing import check_writable

        check_writable(report / "report.html" if questions else report)
    parts = check(settings, videos, asked)
    # Checkpoints keep what a run is given; by now the videos are here, and need no credentials.
    videos = [without_credentials(video) for video in videos]
    failed = False
    with open_sessions(settings, yes) as sessions:
        for item in sessions.unanswered(thread, asked) if thread else asked:
            inputs: dict[str, Any] = {"video": videos[0] if len(videos) == 1 else videos, **item}
            result = sessions.ask(inputs, parts, new, thread or "")
            failed |= result["status"] == "failed"
            show(result)
            if report:
                _write_report(settings, result["thread_id"], report, bool(questions))
    if failed:
        raise typer.Exit(1)


def _write_report(settings: Settings, thread: str, place: Path, many: bool) -> None:
    from commands.terminal import clean, progress
    from face.report.writing import report, write

    file = place / f"{thread}.html" if many else place
    write(report(settings, thread), file)
    progress.print(f"report written to {clean(str(file))}", markup=False, soft_wrap=True)


def read_questions(path: Path) -> list[dict[str, Any]]:
    """Read questions: one a line, or JSON lines with `question` and `options`. Raises `BadInput`."""
    try:
        if require_file(str(path)).st_size > _LARGEST:
            raise BadInput(f"questions file {str(path)!r} is larger than {_LARGEST >> 20} MB")
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError:
        raise BadInput(f"questions file {str(path)!r} is not UTF-8 text") from None
    except OSError as problem:
        raise BadInput(f"questions file {str(path)!r} cannot be read: {problem.strerror}") from None
    found = [_question(line, path, number) for number, line in enumerate(lines, start=1) if line.strip()]
    if not found:
        raise BadInput(f"questions file {str(path)!r} holds no question")
    return found


def _question(line: str, path: Path, number: int) -> dict[str, Any]:
    where = f"{str(path)!r} line {number}"
    if not line.lstrip().startswith("{"):
        asked: dict[str, Any] = {"question": line.strip(), "options": []}
    else:
        try:
            data = json.loads(line)
        except (ValueError, RecursionError) as problem:
            raise BadInput(f"{where} is not valid JSON: {getattr(problem, 'msg', 'it cannot be read')}") from None
        options = data.get("options") or []
        if not isinstance(data.get("question"), str) or not isinstance(options, list):
            raise BadInput(f"{where} needs a `question` (text) and may have `options` (a list)")
        if not all(isinstance(option, str | int | float) for option in options):
            raise BadInput(f"{where}: options are texts or numbers")
        asked = {"question": data["question"], "options": [str(option) for option in options]}
    try:
        check_question(asked["question"], asked["options"])
    except BadInput as problem:
        raise BadInput(f"{where}: {problem}") from None
    return asked
