"""Passages read as remarks: what is on screen or said, under which heading, beside what. Pure functions.

The reasoner knows no captioner's templates. It takes words in quotation marks for words on screen or
spoken, quoted words introduced by `under`, `heading` or `titled`, or set before others by a dash, for their
context, and all else for prose.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from memory_store.records import LEVELS, SPEECH, Line
from tools.reasoners.base import Passage
from tools.reasoners.embedded.wording import Word, fold, stems_of, words

_QUOTED = re.compile(r'["“„«]([^"“”„«»]+)["”»]')
_HEADING = re.compile(r"\b(?:under|heading|headed|titled|title|below|beneath|headline)\b[^\"“„«]*$", re.IGNORECASE)
_OVER = re.compile(r"\s*[—–-]+\s*[\"“„«]")
_UNDER = re.compile(r"\s*[\"“„«]([^\"“”„«»]+)[\"”»]\s*[—–-]+\s*([^\"“”„«»]*\w[^\"“”„«»]*)$")
"""A sentence about what stands under words: `"Menu" — a red circle at the left.`"""
_UNREAD = re.compile(
    r"too small|too tiny|cannot be read|can't be read|could not be read|couldn't be read|unread|illegible|not legible",
    re.IGNORECASE,
)
_CUT = re.compile(
    r"\bcuts? to\b|^\W*cut\b|\bquick changes between\b|\bnew shot\b|\b(?:shot|scene) change|\bchange of (?:scene|shot)",
    re.IGNORECASE,
)
_SPEECH = re.compile(
    r"^\W*(?:\[?\d|said|speech|voice|someone says|words said|subtitles?|spoken|heard)\b", re.IGNORECASE
)
_CONTINUES = re.compile(r"(?:[,&-]|\b(?:and|or|of|the|a|an|in|on|to|for|with|by|from|at))$", re.IGNORECASE)
_GOES_ON = 8.0
"""Seconds between sentences that still speak of one thing."""


@dataclass(frozen=True)
class Remark:
    """One thing a line tells: the words themselves (`body`, copied from the line) and their context."""

    passage: Passage
    line: Line
    body: str
    heading: str = ""
    kind: str = "prose"
    """`text` on screen, `speech`, `prose`, `sight` (something seen under words), `cut`, or `unread` (a cue: text that
    was too small)."""
    screen: int = 0
    """Number of the group of lines on screen together."""

    @cached_property
    def words(self) -> list[Word]:
        return words(self.body)

    @cached_property
    def stems(self) -> frozenset[str]:
        return frozenset(word.stem for word in self.words)

    @cached_property
    def heading_stems(self) -> frozenset[str]:
        return stems_of(self.heading)

    @cached_property
    def all_stems(self) -> frozenset[str]:
        """Stems of its words and of its heading."""
        return self.stems | self.heading_stems

    @property
    def key(self) -> str:
        """Equal for the same words seen in two captions."""
        return fold(self.heading + "|" + self.body)


@dataclass
class Reading:
    """Everything a task's passages tell, in order of time."""

    remarks: list[Remark] = field(default_factory=list)

    @classmethod
    def of(cls, passages: Iterable[Passage]) -> Reading:
        remarks: list[Remark] = []
        screens = 0
        for passage in passages:
            groups: dict[int, list[Remark]] = {}
            for remark in (remark for line in passage.lines for remark in read(passage, line)):
                screen = next((number for number, group in groups.items() if _together(group, remark)), screens)
                screens += screen == screens
                remarks.append(replace(remark, screen=screen))
                groups.setdefault(screen, []).append(remarks[-1])
        return cls(remarks)

    @cached_property
    def screens(self) -> dict[int, list[Remark]]:
        found: dict[int, list[Remark]] = {}
        for remark in self.remarks:
            found.setdefault(remark.screen, []).append(remark)
        return found

    @cached_property
    def stems(self) -> frozenset[str]:
        return frozenset().union(*(remark.all_stems for remark in self.remarks))

    @cached_property
    def topics(self) -> frozenset[str]:
        """Stems of what the memory is about: headings, the first words on screen, words alone on a screen."""
        alone = [group[0] for group in self.screens.values() if len(group) == 1 and group[0].kind == "text"]
        first = self.texts()[:1]
        opening = [remark for remark in self.screens[first[0].screen]] if first else []
        return frozenset().union(
            *(remark.heading_stems for remark in self.remarks), *(remark.stems for remark in (*alone, *opening))
        )

    @cached_property
    def passage_stems(self) -> dict[str, frozenset[str]]:
        found: dict[str, frozenset[str]] = {}
        for remark in self.remarks:
            found[remark.passage.id] = found.get(remark.passage.id, frozenset()) | remark.all_stems
        return found

    def telling(self) -> Iterator[Remark]:
        """Yield the remarks that can hold an answer: what was seen or heard, not what was made of it in a summary.

        What merely stands under words (a `sight`) does not answer what these words say.
        """
        return (remark for remark in self.perceived() if remark.kind != "sight")

    def perceived(self) -> Iterator[Remark]:
        """Yield all that was seen or heard."""
        levels = (*LEVELS, SPEECH)
        kinds = {"text", "speech", "prose", "sight"}
        return (r for r in self.remarks if r.kind in kinds and r.passage.level in levels)

    @cached_property
    def spoken(self) -> list[Remark]:
        """What was heard, in order of time."""
        return [remark for remark in self.remarks if remark.kind == "speech"]

    def texts(self) -> list[Remark]:
        """Return the words on screen in order of time, each once."""
        seen: set[str] = set()
        found = []
        for remark in sorted(self.remarks, key=lambda remark: remark.line.start):
            if remark.kind == "text" and fold(remark.body) not in seen:
                seen.add(fold(remark.body))
                found.append(remark)
        return found

    def said_around(self, remark: Remark) -> list[Remark]:
        """Return what was said shortly before and after: who speaks goes on about one thing."""
        return [
            other
            for other in self.spoken
            if other is not remark
            and other.passage.recording == remark.passage.recording
            and other.line.start < remark.line.end + _GOES_ON
            and other.line.end > remark.line.start - _GOES_ON
        ]

    def beside(self, remark: Remark) -> list[Remark]:
        """Return the other remarks on the same screen."""
        return [other for other in self.screens[remark.screen] if other is not remark]

    def around(self, remark: Remark) -> str:
        """Return the words over a remark, in it and on its screen, folded."""
        return fold(" ".join([remark.heading, remark.body, *(other.body for other in self.beside(remark))]))


def announces(body: str) -> bool:
    """Tell whether `body` leads up to what stands beside it (`And the winner is…`, `Speaker:`)."""
    return bool(re.search(r"(?:\.\.+|…|:|\b(?:is|are|was|were|by))\W*$", body.strip()))


def continues(body: str) -> bool:
    """Tell whether `body` breaks off in the middle of a phrase."""
    return bool(_CONTINUES.search(body.strip()))


def read(passage: Passage, line: Line) -> list[Remark]:
    """Return the remarks of one line: one for each quoted text, or the line itself."""
    quotes = list(_QUOTED.finditer(line.text))
    headings = [
        match for match in quotes if _HEADING.search(line.text[: match.start()]) or _OVER.match(line.text, match.end())
    ]
    heading = " / ".join(match.group(1) for match in headings)
    unquoted = _QUOTED.sub(" ", line.text)
    if _UNREAD.search(unquoted):
        return [Remark(passage, line, line.text, heading or " / ".join(m.group(1) for m in quotes), "unread")]
    bodies = [match for match in quotes if match not in headings]
    if under := _UNDER.match(line.text):
        return [Remark(passage, line, under[2], under[1], "sight")]
    if not bodies and headings:
        bodies, heading = headings, ""
    if bodies and len(words(unquoted)) <= 12:
        kind = "speech" if _SPEECH.search(line.text) else "text"
        return [Remark(passage, line, match.group(1), heading, kind) for match in bodies]
    if _CUT.search(line.text) and len(words(line.text)) <= 12:
        return [Remark(passage, line, line.text, kind="cut")]
    return [Remark(passage, line, line.text)]


def _together(group: Sequence[Remark], remark: Remark) -> bool:
    """Words on screen belong together while their times overlap; prose and speech stand alone."""
    first = group[0]
    if remark.kind != "text" or first.kind != "text":
        return False
    return remark.line.start < max(other.line.end for other in group) and remark.line.end > first.line.start
