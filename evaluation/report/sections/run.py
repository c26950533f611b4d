"""The run itself: which models and settings it used, and which questions failed or have no record."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from evaluation.report.blocks import Section, Table, Words
from evaluation.report.figures import Figures
from evaluation.report.wording import plain

_MOST = 200
"""Rows of a list; the records hold all."""


def settings(found: Figures, used: Mapping[str, Mapping[str, Any]]) -> Section | None:
    """Return models and settings; `used` are settings other than the defaults, by their digest."""
    blocks: list[Words | Table] = []
    if found.models:
        rows = tuple((plain(role, 40), ", ".join(map(plain, names))) for role, names in found.models.items())
        blocks.append(Table(("role", "model"), rows, texts=2))
    if used:
        blocks.append(Words("Settings other than the defaults; several values where questions had their own scopes:"))
        names = sorted({name for one in used.values() for name in one})
        rows = tuple((plain(name, 60), " | ".join(_values(name, used))) for name in names)
        blocks.append(Table(("setting", "value"), rows or (("all", "as by default"),), texts=2))
    return Section("Models and settings", tuple(blocks)) if blocks else None


def _values(name: str, used: Mapping[str, Mapping[str, Any]]) -> list[str]:
    shown = (json.dumps(one[name], ensure_ascii=False) if name in one else "default" for one in used.values())
    return [plain(value) for value in dict.fromkeys(shown)]


def lost(found: Figures) -> Section | None:
    """Return what failed, with its error, and what has no record; None where nothing did."""
    blocks: list[Words | Table] = []
    if found.failures:
        rows = tuple(
            (plain(one.id, 60), plain(one.video, 80), plain(one.question, 120), plain(one.error))
            for one in found.failures[:_MOST]
        )
        blocks.append(
            Words(f"Questions that failed, and count as wrong: {len(found.failures)}.{_more(found.failures)}")
        )
        blocks.append(Table(("question", "video", "asked", "error"), rows, texts=4, folded="the questions that failed"))
    if found.missing:
        total = sum(found.missing.values())
        videos = list(found.missing.items())
        blocks.append(
            Words(f"Questions without a record, and wrong: {total}; of videos: {len(videos)}.{_more(videos)}")
        )
        lines = tuple((plain(name, 120), str(count)) for name, count in videos[:_MOST])
        blocks.append(Table(("video", "questions without a record"), lines, folded="the videos they are about"))
    return Section("Failed and missing", tuple(blocks)) if blocks else None


def _more(listed: Any) -> str:
    return f" The first {_MOST} are listed." if len(listed) > _MOST else ""
