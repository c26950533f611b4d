"""What a question asks for: the sort of answer, the words that must be met, its place in the video. Pure functions."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from tools.reasoners.embedded.lexicon import PHRASAL, SOFT_VERBS, UNSEEABLE_VERBS, word_set
from tools.reasoners.embedded.perception import VOICES, is_speaker, unseen
from tools.reasoners.embedded.sorts import AUXILIARY, BOUNDS, WH, YES_NO, bound_of, sorts_of
from tools.reasoners.embedded.wording import (
    MEDIUM_STEMS,
    SOFT_STEMS,
    Word,
    fold,
    is_content,
    meant,
    stem,
    stems,
    stems_of,
    words,
)

Place = Literal["", "first", "last", "before", "after", "at"]

_PHRASAL = re.compile(rf"\b(?:{'|'.join(PHRASAL)})\b", re.IGNORECASE)
_VIDEO_TIME = re.compile(
    r"\b(when|at (what|which) (time|point|moment|second|minute)|how far into|at what timestamp"
    r"|which (second|minute|moment))\b"
)
_ON_SCREEN = re.compile(
    r"\b(in the (video|film|clip|recording|footage|lecture|talk|movie|trailer)|into the (video|film|clip)|appears?"
    r"|shown|displayed|visible|on (the )?screen|mentioned|timestamp|seen|come up|be seen|be read|said)\b"
)
_OF_VIDEO = re.compile(
    r"\b(video|film|clip|recording|movie|trailer|text|titles?|card|caption|slide|sign|screen|shown|appears?|announced"
    r"|said)\b|\bat the (very )?(end|beginning|start)\b"
)
_QUOTES = re.compile(r"[\"“”„«»]([^\"“”„«»]+)[\"“”„«»]|(?<!\w)['‘’]([^'‘’]{2,}?)['‘’](?!\w)")
_CUTS = re.compile(
    r"\bhow (many|often|frequently)\b.*\b(cuts?|shots?|scene changes?|camera changes?)\b|\bnumber of (cuts|shots)\b"
)
_CARDS = re.compile(r"\bhow many\b.*\b(title cards?|titles|slides|signs|captions|texts|cards|headings|lines of text)\b")
_SUPERLATIVE = re.compile(
    r"\b(most|least|fewest|\w{3,}est)\b|\b(more|less|fewer|\w{3,}er) than\b|\bcompared\b|\bdifference between\b"
)
_NOT_SUPERLATIVE = word_set(
    "latest interest request forest guest west contest test suggest best rest harvest earnest honest protest "
    "invest arrest chest quest nest bucharest budapest northwest southwest nearest brest crest"
)
_NAMED = re.compile(r"\bname\b|\b(what|how) (is|are|was|were) .*\bcalled\b")
_SAYS = re.compile(r"\bwhat (do|does|did|is|are|was|were)\b.*\b(say|says|said|read|reads|written|wrote)\b")
_SPEAKER = re.compile(
    r"\bwho\b.*\b(talk|lecture|seminar|webinar|presentation|speaker|lecturer|presenter|speaks?|speaking|talking|host)\b"
)
_DOING = re.compile(r"\bwhat (?:\w+ )?(?:do|does|did|will|would|can|could)\b")
_HEADED = re.compile(
    r"\b(?:headed|titled|entitled|heading|title|headline|under|below)\W*$"
    r"|\b(?:on|under|at|below|beneath|beside|above|over|near|of)\s+(?:\w+\s+){0,2}(?:board|sheet|sign|screen|slide)s?\W*$",
    re.IGNORECASE,
)
"""Words before a quotation that make it the place to look at, and not the thing itself."""
_SOFT_VERBS = stems(SOFT_VERBS)
_DAYTIMES = stems("morning afternoon evening night noon")
_DUTY = re.compile(r"\b(?:should|must)\s+(?:the |all )?(\w+)\s", re.IGNORECASE)
_HEAD = re.compile(
    rf"\b{WH}\s+(?:(?P<of>kind|type|sort|name|brand|piece)s?\s+of\s+(?:the\s+|an?\s+)?)?(?!{AUXILIARY}\b)(?P<noun>[\w'-]+)",
    re.IGNORECASE,
)
_ENDS_GROUP = re.compile(rf"{AUXILIARY}|of|in|on|at|for|to|from|with|by|the|an?", re.IGNORECASE)
_PLACE_WORDS = stems("first last final beginning end start right")
_VERBS = stems("pay make lend win sell give write build say")
_SELF_TELLING = {"email", "url", "phone"}
_HOLLOW = stems(
    "video film clip movie say write show screen text word sign question answer name announce tell mention "
    "display state"
)
_TEXT_AT = re.compile(r"(what|which)\b.*\b(text|shown|screen|read|say|says|see|title|slide)\b")
_CLOCK = re.compile(r"\b(?:at|around|about|after|by)\s(?:minute\s)?(\d{1,2}):(\d{2})(?::(\d{2}))?\b")
_COUNTED = re.compile(r"\b(?:at|around|about|after)\s(?:the\s)?(\d+)(?:st|nd|rd|th)?[\s-](second|minute)s?\b")
_PLACES: tuple[tuple[Place, re.Pattern[str]], ...] = (
    ("after", re.compile(r"\b(?:after|following|follows|once)\b")),
    ("before", re.compile(r"\b(?:before|precedes|preceding|prior to)\b")),
    ("last", re.compile(r"\b(last|final|finally|at the (very )?end|near the end|closing|ends? with)\b")),
    ("first", re.compile(r"\b(first|initial|at the (very )?(beginning|start)|opening|starts? with|begins? with)\b")),
)


@dataclass(frozen=True)
class Asked:
    """A question as the reasoner understands it."""

    text: str
    sorts: tuple[str, ...] = ()
    """Sorts of span that answer it (`tools.reasoners.embedded.spans.Sort`), best first; none: any words."""
    required: tuple[Word, ...] = ()
    """Content words that a line and its context must cover."""
    firm: frozenset[Word] = frozenset()
    """Verbs that a paraphrase may add elsewhere but that are the question here (`what do they want`)."""
    sort_words: tuple[Word, ...] = ()
    """Words that a span of the right sort stands for (`price`, `year`)."""
    head: Word | None = None
    """The noun after `which` or `what`: the span should be one of those."""
    quoted: tuple[str, ...] = ()
    yes_no: bool = False
    why: bool = False
    unseen: str = ""
    """What one would have to perceive beyond words on screen (`actions`), or empty."""
    spoken: bool = False
    """Asks for words that somebody says."""
    video_time: bool = False
    place: Place = ""
    seconds: float | None = None
    counts: Literal["", "cuts", "cards"] = ""
    superlative: bool = False
    named: bool = False
    """Asks what something is called: the answer is a name."""
    says: bool = False
    """Asks for words written or spoken."""
    speaker: bool = False
    """Asks who gives the talk, and says nothing else of them."""
    bound: Literal["", "begin", "end"] = ""
    """Which end of a span of hours is asked for."""

    @cached_property
    def stems(self) -> frozenset[str]:
        """Stems of all its words."""
        return stems_of(self.text)

    @property
    def unstated(self) -> str:
        """Why words do not answer what one would have to perceive (`unseen`)."""
        return f"{self.unseen}, which no words in memory state"

    @property
    def unquoted(self) -> str:
        """The text without what it quotes."""
        text = self.text
        for quote in self.quoted:
            text = text.replace(quote, " ")
        return text

    @property
    def places(self) -> list[str]:
        """The quoted words that say where to look: what stands after `headed`, `the sign`, `under`."""
        before = {quote: self.text[: self.text.find(quote)].rstrip("\"'“‘„« ") for quote in self.quoted}
        return [quote for quote, text in before.items() if _HEADED.search(text)]

    def sort_words_in(self, stems: frozenset[str]) -> bool:
        """Tell whether `stems` name the sort asked for (`speed`, `price`)."""
        return any(meant(word.stem, stems) for word in self.sort_words)


def ask(question: str, blind: bool = False, heard: bool = False) -> Asked:
    """Return what `question` asks for. `blind`: the captioner perceives words, cuts and light only; `heard`: memory
    holds the words said.
    """
    question = _PHRASAL.sub(lambda match: PHRASAL[fold(match.group())], question)
    text, found, asks_of = fold(question), words(question), unseen(question)
    sorts, stands_for = sorts_of(text)
    place, seconds = _place(text)
    head = None if sorts and sorts != ("name",) else _head(question)
    bound = bound_of(text, sorts)
    speaker = sorts == ("name",) and bool(_SPEAKER.search(text))
    sort_words = tuple(word for word in found if word.stem in stands_for)
    skipped = set(_PLACE_WORDS) if place in {"first", "last"} and _OF_VIDEO.search(text) else set()
    skipped = {stem("final")} if "score" in sorts else skipped
    skipped |= BOUNDS if bound else frozenset()
    skipped |= _DAYTIMES if "time" in sorts else frozenset()
    dropped = {*sort_words, *_addressed(question, found), *_before_head(question, head, found)}
    if heard and asks_of == VOICES:
        # Words that were heard do not say who spoke them.
        dropped |= {word for word in found if is_speaker(word.text)}
    required = [w for w in found if is_content(w) and w not in dropped and w != head and w.stem not in skipped]
    if all(word.stem in SOFT_STEMS for word in required):
        if speaker or set(sorts) & _SELF_TELLING:
            required = []
        elif head is not None and is_content(head):
            required.append(head)
        elif not required and (addressed := _addressed(question, found)):
            # With nothing else to go by, it is what the question is about (`what should the oven be set to`).
            required = addressed
        elif not required:
            medium = [w for w in found if w.stem in MEDIUM_STEMS - _HOLLOW]
            required = [word for word in medium if word not in sort_words and word != head]
    return Asked(
        text=question,
        sorts=sorts,
        required=tuple(dict.fromkeys(required)),
        firm=frozenset()
        if sorts or not _DOING.search(text)
        else frozenset(w for w in required if w.stem in _SOFT_VERBS),
        sort_words=sort_words,
        head=head,
        quoted=tuple(first or second for first, second in _QUOTES.findall(question)),
        yes_no=bool(YES_NO.match(text)) and not re.search(r"\bor\b", text),
        why=bool(re.match(r"why\b|for what reason|how come", text)),
        unseen="" if not blind or heard and asks_of == VOICES else asks_of,
        spoken=blind and asks_of == VOICES,
        video_time=bool(_VIDEO_TIME.search(text) and _ON_SCREEN.search(text)),
        place=place,
        seconds=seconds,
        counts="cuts" if _CUTS.search(text) else "cards" if _CARDS.search(text) else "",
        superlative=any(match.group() not in _NOT_SUPERLATIVE for match in _SUPERLATIVE.finditer(text)),
        named=bool(_NAMED.search(text)),
        says=bool(_SAYS.search(text)),
        speaker=speaker,
        bound=bound,
    )


def _addressed(question: str, found: list[Word]) -> list[Word]:
    """Return those a rule is addressed to (`what should students bring`): rules seldom name them."""
    match = _DUTY.search(question)
    return [word for word in found if match and word.start == match.start(1)]


def _before_head(question: str, head: Word | None, found: list[Word]) -> list[Word]:
    """Return what stands between `which` and its noun and need not be met: `kind of`, a number (`two teams`)."""
    match = _HEAD.search(question)
    if head is None or match is None:
        return []
    kind = [word for word in found if match["of"] and word.start == match.start("of")]
    return kind + [word for word in found if word.is_number and word.end < head.start]


def _head(question: str) -> Word | None:
    """Return the noun asked for: the last of the words before an auxiliary, else the word right after `which`."""
    match = _HEAD.search(question)
    if not match:
        return None
    following = [word for word in words(question) if word.start >= match.start("noun")][:4]
    group: list[Word] = []
    for word in following:
        if _ENDS_GROUP.fullmatch(word.text):
            break
        group.append(word)
    ended = len(group) < len(following)
    if ended and len(group) > 1 and following[len(group)].text.lower() in {"the", "a", "an"}:
        group.pop()  # `which keys open the …`: an article follows the verb, not the noun
    group = [word for word in group if not word.is_number]
    if not group:
        return None
    noun = group[-1] if ended and len(group) <= 3 and not _verbish(group[-1]) else group[0]
    return None if match.group().lower().startswith("what") and _verbish(noun) else noun


def _verbish(word: Word) -> bool:
    lowered = word.text.lower()
    inflected = lowered.endswith("s") and word.stem in SOFT_STEMS | UNSEEABLE_VERBS
    return lowered.endswith("ed") or inflected or word.stem in _VERBS


def _place(text: str) -> tuple[Place, float | None]:
    """Return where in the video the folded question points to, and the second it names, if any."""
    if _TEXT_AT.match(text):
        if clock := _CLOCK.search(text):
            parts = [int(part) for part in clock.groups() if part]
            return "at", float(sum(part * 60**power for power, part in enumerate(reversed(parts))))
        if counted := _COUNTED.search(text):
            return "at", float(counted[1]) * (60 if counted[2] == "minute" else 1)
    return next((name for name, pattern in _PLACES if pattern.search(text)), ""), None
