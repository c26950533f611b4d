"""`videolucy doctor`: which models, readers and extras are active here, and why."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Annotated

import typer

from commands.options import with_settings
from tools.errors import BadInput
from tools.settings import Settings

if TYPE_CHECKING:
    from commands.trying import Tried
    from tools.models import Choice

_PACKAGES = {
    "core": ("langgraph", "langchain-core", "langchain-openai", "chromadb", "av", "decord", "pysubs2"),
    "embedded": ("rapidocr", "onnxruntime", "tokenizers", "xllamacpp", "faster-whisper"),
    "download": ("yt-dlp",),
    "local": ("torch", "torchvision", "transformers", "accelerate", "num2words"),
    "dev": ("langgraph-cli", "pytest"),
}


def chosen(settings: Settings) -> list[tuple[str, Choice]]:
    """Return the model in force for each role, with the reason. Raises `BadInput`."""
    from tools.models import choose_captioner, choose_embedder, choose_reasoner, choose_speech

    return [
        ("captioner", choose_captioner(settings)),
        ("reasoner", choose_reasoner(settings)),
        ("embedder", choose_embedder(settings)),
        ("speech", choose_speech(settings)),
    ]


@with_settings(without=("store",))
def doctor(
    trial: Annotated[bool, typer.Option("--try", help="ask each model something small, and show what it says")] = False,
    check_store: Annotated[
        bool, typer.Option("--store", help="check what is kept on disk: memory and sessions (VIDEOLUCY_STORE, --home)")
    ] = False,
    repair: Annotated[
        bool, typer.Option("--repair", help="with --store: rebuild what can be rebuilt, move aside what cannot be read")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="one JSON object on stdout")] = False,
    *,
    settings: Settings,
) -> None:
    """Tell which models, readers and extras are active, and why; with `--try`, whether they answer."""
    if repair and not check_store:
        raise BadInput("--repair goes with --store")
    if check_store:
        from commands.soundness import check_and_mend

        if trial:
            raise BadInput("--try asks the models, --store checks what is on disk: give one of them")
        check_and_mend(settings, repair, as_json)
        return
    from commands.terminal import results, show_json
    from commands.trying import try_models
    from tools.live import live_for
    from tools.models import build_captioner
    from tools.video.readers import window_reader
    from tools.weights import available

    choices = chosen(settings)
    captioner = build_captioner(settings)
    live = live_for(settings)
    pictures = live.encoder.name if live.encoder else None
    packages = {extra: {name: _version(name) for name in names} for extra, names in _PACKAGES.items()}
    report = {
        "models": {role: {"name": choice.name, "why": choice.why} for role, choice in choices},
        "blind_to": list(captioner.blind_to),
        "senses": {"used": list(settings.senses_used), "text_sweep": live.sweeps_text, "visual_index": pictures},
        "readers": {"sweep": "pyav", "window": window_reader(settings.reader, swept=True).name},
        "weights": {name: str(path) if path else None for name, path in available(settings.home_path).items()},
        "packages": packages,
        "home": str(settings.home_path),
        "store": settings.store_path,
    }
    if as_json:
        tried = list(try_models(settings)) if trial else []
        show_json(report | ({"tried": {each.role: each.to_dict() for each in tried}} if trial else {}))
        _end(tried)
        return
    for role, choice in choices:
        results.print(f"{role:>10}  {choice.name}  ({choice.why})", markup=False, soft_wrap=True)
    blind = ", ".join(captioner.blind_to) or "nothing by nature"
    results.print(f"{'blind to':>10}  {blind}", markup=False, soft_wrap=True)
    swept = "swept beside the captions" if live.sweeps_text else "as the captioner reads it"
    senses = f"{', '.join(settings.senses_used) or 'none'}; text on screen: {swept}; pictures: {pictures or 'no index'}"
    results.print(f"{'senses':>10}  {senses}", markup=False, soft_wrap=True)
    results.print(f"{'readers':>10}  sweep: pyav; second looks: {report['readers']['window']}", markup=False)  # type: ignore[index]
    for name, path in available(settings.home_path).items():
        results.print(f"{'weights':>10}  {name}: {path or 'not fetched'}", markup=False, soft_wrap=True)
    for extra, found in packages.items():
        shown = ", ".join(f"{name} {number or 'missing'}" for name, number in found.items())
        results.print(f"{extra:>10}  {shown}", markup=False, soft_wrap=True)
    results.print(f"{'home':>10}  {settings.home_path}", markup=False, soft_wrap=True)
    results.print(f"{'store':>10}  {settings.store_path}", markup=False, soft_wrap=True)
    if trial:
        _end([_show(each, settings) for each in try_models(settings)])


def _show(tried: Tried, settings: Settings) -> Tried:
    """Print what came of trying a model: a line of facts, and what it said or why it did not."""
    from commands.terminal import results

    usage = tried.usage
    facts = [f"{tried.seconds:.1f} s"]
    if usage.prompt_tokens or usage.completion_tokens:
        about = "about " if usage.tokens_estimated else ""
        facts.append(f"{about}{usage.prompt_tokens} + {usage.completion_tokens} tokens")
        facts.append(f"cost {usage.cost:.6f}" if usage.cost else "no price is set")
    verb = "failed" if tried.problem else "answered"
    results.print(f"\n{tried.role:>10}  {tried.model} {verb} ({'; '.join(facts)})", markup=False, soft_wrap=True)
    results.print(f"{'':>10}  {tried.problem or tried.said}", markup=False, soft_wrap=True)
    return tried


def _end(tried: list[Tried]) -> None:
    if any(each.problem for each in tried):
        raise typer.Exit(1)


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None
