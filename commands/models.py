"""`videolucy models`: the models in force, and weights that can be fetched."""

from __future__ import annotations

from typing import Annotated

import typer

from commands.options import with_settings
from tools.settings import Settings

models = typer.Typer(help="Models: which are in force, and fetching weights.", no_args_is_help=True)


@models.command("list")
@with_settings()
def list_models(*, settings: Settings) -> None:
    """List the models in force, the weights that can be fetched, and the providers known."""
    from commands.doctor import chosen
    from commands.terminal import results
    from tools.providers import PROVIDERS
    from tools.weights import WEIGHTS, available

    for role, choice in chosen(settings):
        results.print(f"{role:>10}  {choice.name}  ({choice.why})", markup=False, soft_wrap=True)
    here = available(settings.home_path)
    results.print("\nweights that `videolucy models fetch NAME` gets:")
    for name, entry in WEIGHTS.items():
        state = "here" if here.get(name) else "not fetched"
        results.print(
            f"{name:>18}  {entry.size / 1e6:6.0f} MB  {state:<11}  {entry.purpose}", markup=False, soft_wrap=True
        )
    results.print(f"\nproviders of endpoints (PROVIDER:MODEL): {', '.join(PROVIDERS)}", soft_wrap=True)


@models.command()
@with_settings("home")
def fetch(
    names: Annotated[list[str] | None, typer.Argument(help="which weights; all of them when none is named")] = None,
    optional: Annotated[bool, typer.Option("--optional", help="a failure is told, but is no error")] = False,
    timeout: Annotated[float | None, typer.Option(help="give up after so many seconds, each")] = None,
    *,
    settings: Settings,
) -> None:
    """Fetch pinned weights, check their sha256, and keep them under VIDEOLUCY_HOME."""
    from commands.terminal import progress
    from tools.errors import BadInput
    from tools.weights import WEIGHTS, WeightsError
    from tools.weights import fetch as fetch_weights

    unknown = [name for name in names or [] if name not in WEIGHTS]
    if unknown:
        raise BadInput(f"unknown weights {unknown[0]!r}; known: {', '.join(WEIGHTS)}")
    failed = False
    for name in names or list(WEIGHTS):
        try:
            path = fetch_weights(name, settings.home_path, lambda text: progress.print(text, markup=False), timeout)
        except WeightsError as problem:
            progress.print(f"{name}: {problem}; everything works without it", markup=False, soft_wrap=True)
            failed = True
        else:
            progress.print(f"{name}: {path}", markup=False, soft_wrap=True)
    if failed and not optional:
        raise typer.Exit(1)
