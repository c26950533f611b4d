"""A session as one HTML file. Whatever comes from videos, captions or models is escaped."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from pathlib import Path
from string import ascii_uppercase
from typing import Any

from face.report.strip import described, strip
from face.timeline import Timeline
from face.wording import STATUS, clock, cost, stopped

_CSS = Path(__file__).parent / "report.css"
_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
"""Nothing is loaded, nothing runs."""
_PRIVATE = frozenset(("home", "store"))
"""Settings that tell of the machine and not of the answer."""


def render(told: Mapping[str, Any], timelines: Sequence[Timeline], pictures: Mapping[int, bytes]) -> str:
    """Return the report.

    Args:
        told: the session, as `face.told.Told.session` tells it.
        timelines: of its recordings, as far as they are remembered.
        pictures: JPEG of the moments of evidence, by their number from 1; some may be missing.
    """
    evidence = [{**item, "number": number} for number, item in enumerate(told["evidence"], 1)]
    parts = [
        f"<h1>{_text(told['question'])}</h1>",
        *_asked(told),
        *_answer(told),
        *_evidence(evidence, pictures),
        *_timelines(timelines, evidence),
        *_rounds(told),
        *_facts(told),
    ]
    style = _CSS.read_text(encoding="utf-8")
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta name="color-scheme" content="light dark">\n<title>{_text(told["question"])}</title>\n'
        f"<style>\n{style}</style>\n</head>\n<body>\n<main>\n" + "\n".join(parts) + "\n</main>\n</body>\n</html>\n"
    )


def _asked(told: Mapping[str, Any]) -> Iterable[str]:
    videos = ", ".join(f"{video['name']} ({clock(video['duration'])})" for video in told["videos"])
    yield f'<p class="soft">{_text(videos or ", ".join(told["source"]))}</p>'
    for turn in told["earlier"]:
        yield f'<p class="soft">Before: {_text(turn["question"])} – {_text(turn["answer"])}</p>'
    if told["taken_to_mean"]:
        yield f'<p class="soft">Taken to mean: {_text(told["taken_to_mean"])}</p>'
    if told["options"]:
        items = (
            f'<li class="chosen">{letter}. {_text(option)} (chosen)</li>'
            if letter == told["option"]
            else f"<li>{letter}. {_text(option)}</li>"
            for letter, option in zip(ascii_uppercase, told["options"], strict=False)
        )
        yield f'<ul class="options">{"".join(items)}</ul>'


def _answer(told: Mapping[str, Any]) -> Iterable[str]:
    status = told["status"]
    badge = f'<span class="badge {_text(status)}">{_text(STATUS.get(status, status))}</span>'
    if told["answer"] is None:
        yield f"<p>{badge} There is no answer yet; <code>videolucy resume {_text(told['thread'])}</code> goes on.</p>"
        return
    option = f"{told['option']}. " if told["option"] else ""
    yield f'<p class="answer">{_text(option + (told["answer"] or "No answer."))}</p>'
    yield (
        f"<p>{badge} confidence {100 * (told['confidence'] or 0):.0f} %; it stopped because "
        f"{_text(stopped(told['stopped_by'] or ''))}</p>"
    )
    if told["reason"]:
        yield f'<p class="soft">{_text(told["reason"])}</p>'


def _evidence(evidence: Sequence[Mapping[str, Any]], pictures: Mapping[int, bytes]) -> Iterable[str]:
    if not evidence:
        return
    yield '<h2>What it rests on</h2>\n<ol class="evidence">'
    for item in evidence:
        number, when = item["number"], f"{clock(item['start'])} – {clock(item['end'])}"
        shown = ""
        if number in pictures:
            data = base64.b64encode(pictures[number]).decode("ascii")
            shown = f'<img src="data:image/jpeg;base64,{data}" alt="Frame at {when}">'
        about = " · ".join(filter(None, (item["video"], f"{item['level']} look", item.get("clock"))))
        whole = item.get("caption")
        caption = f'<details><summary>The whole caption</summary><p class="whole">{_text(whole)}</p></details>'
        yield (
            f"<li><figure>{shown}<figcaption><b>{number} · {when}</b> <small>{_text(about)}</small>"
            f"<blockquote>“{_text(item['quote'])}”</blockquote>{caption if whole else ''}</figcaption></figure></li>"
        )
    yield "</ol>"


def _timelines(timelines: Sequence[Timeline], evidence: Sequence[Mapping[str, Any]]) -> Iterable[str]:
    if not timelines:
        return
    yield "<h2>What is remembered</h2>"
    for told in timelines:
        here = [dict(item) for item in evidence if item["recording"] == told.recording]
        yield f'<h3>{_text(told.name)}</h3>\n<p class="soft">{_text(described(told))}</p>'
        yield f'<div class="strip" tabindex="0" role="group" aria-label="Timeline">{strip(told, here)}</div>'


def _rounds(told: Mapping[str, Any]) -> Iterable[str]:
    yield "<h2>How it was found</h2>"
    for name in ("judged", "read"):
        if told[name]:
            yield f"<p>{name.capitalize()}: {_text(told[name].get('text', ''))}</p>"
    for one in told["rounds"]:
        yield f"<h3>{'Round ' + str(one['round']) if one['round'] else 'From memory'}</h3>"
        for look in one["looks"]:
            where = f"{clock(look['start'])} – {clock(look['end'])} of {look['video']}: " if "start" in look else ""
            yield f"<p>Looked at {_text(look['segment'])}, {_text(where)}{_text(look['focus'])}</p>"
        verdict = one["verdict"]
        if verdict:
            said = f"{verdict['support']}, confidence {verdict['confidence']:.2f}: {verdict['answer'] or 'no answer'}"
            lacks = f" Missing: {verdict['missing']}" if verdict["missing"] else ""
            yield f"<p>{_text(said)}.{_text(lacks)}</p>"
        made, reused = one["captions_made"], one["captions_reused"]
        if made is not None and reused is not None and made + reused:
            yield f'<p class="soft">{made} captions made, {reused} reused</p>'
    for gap in told["gaps"]:
        yield f"<p>Not seen: {_text(gap['segment'])}: {_text(gap['reason'])}</p>"


def _facts(told: Mapping[str, Any]) -> Iterable[str]:
    rows = {"asked": f"{told['updated'][:16].replace('T', ' ')} UTC", "session": told["thread"]}
    if told["models"]:
        rows |= told["models"]
    if told["usage"]:
        rows["cost"] = cost(told["usage"])
    rows |= {f"setting {name}": str(value) for name, value in told["settings"].items() if name not in _PRIVATE}
    missing = [video["name"] for video in told["recordings"] if not video["here"]]
    if missing:
        rows["not where it was"] = ", ".join(missing)
    told_ = "".join(f"<dt>{_text(name)}</dt><dd>{_text(value)}</dd>" for name, value in rows.items())
    yield f"<h2>Models and cost</h2>\n<dl>{told_}</dl>"


def _text(value: object) -> str:
    return escape(str(value), quote=True)
