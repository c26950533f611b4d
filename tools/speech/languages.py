"""Language tags of files, tracks and settings, in whichever of their forms."""

from __future__ import annotations


def language(tag: str | None) -> str:
    """Return the shortest code of a tag (`eng` and `en-GB` are `en`), or an empty string for none."""
    import langcodes

    try:
        return langcodes.Language.get(tag or "und").language or ""
    except ValueError:
        return ""


def is_language(tag: str) -> bool:
    """Tell whether `tag` names a language: `en`, `ger`, `pt-BR`."""
    import langcodes

    return bool(langcodes.tag_is_valid(tag) and language(tag))
