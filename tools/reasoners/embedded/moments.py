"""Questions about the course of the video: when something is shown, what comes next, how often it cuts."""

from __future__ import annotations

import re
from dataclasses import replace

from tools.reasoners.embedded.cover import Cover, cover
from tools.reasoners.embedded.extract import Found
from tools.reasoners.embedded.meaning import Meaning
from tools.reasoners.embedded.question import Asked
from tools.reasoners.embedded.reading import Reading, Remark
from tools.reasoners.embedded.wording import Word, content, fold, is_content, stems

_ABOUT_TEXT = re.compile(
    r"\b(?:what|which)\b.*\b(?:text|titles?|card|caption|words|slide|sign|heading|message|line|appears?|shown|comes?|reads?|says?|displayed|follows?)\b"
)
_ANCHOR = re.compile(
    r"\b(?:after|before|following|follows|preceding|precedes|prior to|once)\b(.*)", re.IGNORECASE | re.DOTALL
)
_CALLED = re.compile(
    r"^(?:what|which) (?:is|was) (?:the )?(?:title|name|topic|subject) of (?:the|this) "
    r"(?:\w+ )?(?:video|film|movie|clip|lecture|talk|course|programme|program|show|presentation)\W*$"
    r"|^what is (?:the|this) (?:video|film|movie|clip|lecture|talk|course|presentation) called\W*$"
)
_SAME_CUT = 0.6


def clock(seconds: float) -> str:
    """Return a time of the video as people write it: 1:05, 1:02:03."""
    whole = int(seconds)
    hours, rest = divmod(whole, 3600)
    return f"{hours}:{rest // 60:02d}:{rest % 60:02d}" if hours else f"{rest // 60}:{rest % 60:02d}"


def settle(asked: Asked, reading: Reading, meaning: Meaning) -> Found | None:
    """Return the answer to a question about the course of the video; None if it is not one."""
    if asked.counts == "cuts":
        return _cuts(reading)
    if asked.counts == "cards":
        return _cards(reading)
    if _CALLED.search(fold(asked.text)) and not asked.sorts:
        return _title(reading)
    if asked.video_time:
        return _when(asked, reading, meaning)
    if asked.place and not asked.sorts and _ABOUT_TEXT.search(fold(asked.text)):
        if asked.place in {"before", "after"}:
            return _beside(asked, reading, meaning)
        if asked.place == "at" or not any(is_content(word) and not _points(word) for word in asked.required):
            return _at(asked, reading)
    return None


_PLACES = stems("begin start end open close appear first last")


def _points(word: Word) -> bool:
    """Tell whether a word only says where in the video (`comes first`, but not `is coming`)."""
    return word.stem in _PLACES or word.text.lower() in {"come", "comes", "came"}


def _when(asked: Asked, reading: Reading, meaning: Meaning) -> Found | None:
    """Answer `when is it shown` by the time of the earliest line that holds all of it."""
    plain = replace(asked, sorts=(), head=None)
    graded: list[Found] = []
    for remark in reading.telling():
        covered = cover(plain, remark, reading, meaning)
        if not covered.credit or not covered.near or covered.conflict:
            continue
        whole = len(covered.near) == len(covered.strong) and bool(covered.own)
        quoted = any(fold(quote).strip(" .!?") in fold(remark.body) for quote in asked.quoted)
        graded.append(_told(remark, clock(remark.line.start), whole or quoted, 0.65 + 0.25 * covered.score))
    return max(graded, key=lambda found: found.rank, default=None)


def _beside(asked: Asked, reading: Reading, meaning: Meaning) -> Found | None:
    """Answer `what text comes after X` by the next words on screen; X must be found whole."""
    match = _ANCHOR.search(asked.text)
    if not match or not content(match.group(1)):
        return None
    anchor = replace(asked, text=match.group(1), required=tuple(content(match.group(1))), sorts=(), head=None, place="")
    texts = reading.texts()
    scored = [(cover(anchor, remark, reading, meaning), remark) for remark in texts]
    covered, at = max(
        scored, key=lambda pair: (len(pair[0].own), pair[0].score, -pair[1].line.start), default=(None, None)
    )
    if covered is None or at is None or not covered.own:
        return None
    if asked.place == "after":
        rest = [remark for remark in texts if remark.line.start > at.line.start and remark.screen != at.screen]
    else:
        rest = [
            remark for remark in reversed(texts) if remark.line.start < at.line.start and remark.screen != at.screen
        ]
    if not rest:
        return None
    found = _told(rest[0], rest[0].body, len(covered.near) == len(covered.strong), 0.8)
    return replace(found, also=())


def _at(asked: Asked, reading: Reading) -> Found | None:
    """Answer `what is the first, the last text` or `what text is shown at 1:05`."""
    texts = reading.texts()
    if asked.place == "at" and asked.seconds is not None:
        moment = asked.seconds
        texts = [r for r in reading.remarks if r.kind == "text" and r.line.start - 1 <= moment <= r.line.end + 1]
        texts.sort(key=lambda remark: abs((remark.line.start + remark.line.end) / 2 - moment))
    if not texts:
        return None
    chosen = texts[-1] if asked.place == "last" else texts[0]
    return _told(chosen, chosen.body, True, 0.75)


def _title(reading: Reading) -> Found | None:
    """Answer what the video is called by the heading, else the first line, of its first screen with words."""
    texts = reading.texts()
    if not texts:
        return None
    screen = reading.screens[texts[0].screen]
    heading = next((remark.heading for remark in screen if remark.heading), "")
    named = next((remark for remark in screen if heading and remark.body == heading), None)
    return _told(named or texts[0], (named or texts[0]).body, named is not None, 0.75)


def _cuts(reading: Reading) -> Found | None:
    """Count the cuts that lines tell of."""
    cuts: list[Remark] = []
    for remark in sorted((r for r in reading.remarks if r.kind == "cut"), key=lambda r: r.line.start):
        if not cuts or remark.line.start - cuts[-1].line.start > _SAME_CUT:
            cuts.append(remark)
    if not cuts:
        return None
    # A cut between two captions, or between two sampled frames, leaves no line: the count is a lower bound.
    found = _told(cuts[0], f"at least {len(cuts)}", False, 0.0)
    also = tuple((remark, remark.body) for remark in cuts[1:8])
    return replace(found, also=also, lacking="cuts between the moments remembered")


def _cards(reading: Reading) -> Found | None:
    """Count the screens with words: an estimate, since what makes a card is a matter of taste."""
    screens = list({remark.screen: remark for remark in reversed(reading.texts())}.values())
    if not screens:
        return None
    found = _told(screens[-1], str(len(screens)), False, 0.0)
    return replace(found, lacking="whether each text on screen counts as one")


def _told(remark: Remark, answer: str, sure: bool, confidence: float) -> Found:
    if sure:
        return Found(remark, answer, remark.body, Cover({}), "supported", round(min(0.95, confidence), 3))
    return Found(remark, answer, remark.body, Cover({}), "partly", 0.4, "a line that holds all that was asked for")
