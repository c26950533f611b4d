"""What a question asks for: the sort of answer, the words that must be met, its place in the video. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from tools.reasoners.base import QuestionKind
from tools.reasoners.lexicon import COLOURS, FEELINGS, LOOKS, PHRASAL, SOUNDS, UNSEEABLE_VERBS
from tools.reasoners.wording import MEDIUM_STEMS, SOFT_STEMS, Word, fold, is_content, stem, synonyms, words

Place = Literal["", "first", "last", "before", "after", "at"]

_AUX = r"(?:is|are|was|were|does|do|did|has|have|had|can|could|will|would|should|shall|must|may|might)"
_WH = r"(?:what|which)"

# Pattern over the folded question; sorts of span that answer; stems the sort itself stands for.
_SORTS: tuple[tuple[str, tuple[str, ...], str], ...] = (
    (r"\be-?mail( address)?\b|\bmail address\b", ("email",), "email mail address"),
    (rf"\b{_WH}\b.*\b(web ?site|url|web address|homepage|web page|link|domain|internet address)\b|\bwhere online\b",
     ("url",), "web website url address homepage page link domain internet online"),
    (r"\b(tele)?phone( number)?\b|\bnumber .*\b(call|dial)\b|\bhotline\b", ("phone",), "telephone phone number call dial hotline"),
    (r"\bpercent(age)?\b|\bper cent\b|\b(what|which) (share|proportion|fraction)\b", ("percent",), "percent percentage share proportion fraction cent"),
    (r"\b(what|which) (is the )?(time|hour)\b|\bo'clock\b|\bhow (early|late) (does|do|did|is|are|was|were|can|will) .*\b(open|close|start|begin|end|shut)",
     ("time",), "time hour clock early late"),
    (r"\bhow (late|delayed)\b|\bhow (big|long|large) .*\bdelay\b", ("duration",), ""),
    (r"\b(what|which|whose) .*\b(score|result)\b|\bhow did .*\bend\b", ("score",), "score result"),
    (rf"\b{_WH} (is the |was the )?year\b", ("year",), "year"),
    (rf"\b{_WH} (is the |was the )?month\b", ("month",), "month"),
    (rf"\b{_WH} (is the |was the |exact )*(date|day of the month|deadline)\b", ("date", "weekday", "month"), "date day"),
    (rf"\b{_WH} (day|weekday|days)\b", ("weekday", "date"), "day weekday"),
    (r"\bhow often\b|\bhow frequent(ly)?\b|\bhow many times (a|per|each|every)\b", ("frequency",), "often frequent frequently many time"),
    (r"\bhow many (minutes|hours|seconds|days|weeks|months|years)\b", ("duration",), ""),
    (r"\bhow many\b|\bnumber of\b", ("number",), "many number"),
    (r"\bhow much (does|do|did|is|are|was|were|will|would)\b.*\b(cost|pay|charge|worth|owe)\b|\b(price|cost|costs|fee|fare|salary|revenue|budget|profit|income)\b|\bhow expensive\b",
     ("money",), "price cost fee fare expensive much charge worth"),
    (r"\bhow long\b", ("duration", "length"), "long"),
    (r"\bhow (tall|high|wide|deep|far|thick|broad)\b|\b(what|which) .*\b(height|width|depth|distance|length)\b", ("length",),
     "tall high wide deep far thick broad height width depth distance length"),
    (r"\bhow heavy\b|\bweigh\b|\bweight\b", ("weight",), "heavy weigh weight"),
    (r"\bhow fast\b|\bspeed\b", ("speed",), "fast speed"),
    (r"\btemperature\b|\bhow (warm|hot|cold|cool)\b|\bdegrees\b", ("temperature",), "temperature warm hot cold cool degrees"),
    (r"\bhow old\b|\b(what|which) (is the )?age\b", ("number",), "old age"),
    (r"\bhow much\b", ("amount",), "much"),
    (r"\bhow (high|large|big)\b", ("amount",), "high large big"),
    (rf"\b{_WH} (colou?rs?)\b", ("colour",), "colour color"),
    (rf"\b{_WH} (is the |was the )?(\w+ )?version\b", ("version",), "version"),
    (rf"\b{_WH} (is the |was the |are the )?(\w+ )?(platform|gate|room|floor|version|number|order number|code|flight number|license plate|model number)\b"
     r"|\b(which|what) (number|version)\b", ("code", "number"), "number"),
    (r"\b(who|whom|whose)\b|\b(which|what) (person|man|woman|author|artist|painter|director|player|professor|doctor)\b|\bby whom\b",
     ("name",), "person"),
    (r"\b(since|until|till|from|by) when\b|\bwhen\b|\bhow soon\b", ("time", "date", "year", "weekday"), ""),
)  # fmt: skip

_YES_NO = re.compile(
    rf"^(?:so |and |please |in the \w+,? )?(?:{_AUX}|isn't|aren't|doesn't|don't|didn't|wasn't|weren't|won't|can't)\b"
)
_VIDEO_TIME = re.compile(
    r"\b(when|at (what|which) (time|point|moment|second|minute)|how far into|at what timestamp|which (second|minute|moment))\b"
)
_ON_SCREEN = re.compile(
    r"\b(in the (video|film|clip|recording|footage|lecture|talk|movie|trailer)|into the (video|film|clip)|appears?|shown|"
    r"displayed|visible|on (the )?screen|mentioned|timestamp|seen|come up|be seen|be read|said)\b"
)
_QUOTES = re.compile(r"[\"“”„«»]([^\"“”„«»]+)[\"“”„«»]|(?<!\w)['‘’]([^'‘’]{2,}?)['‘’](?!\w)")
_CUTS = re.compile(
    r"\bhow (many|often|frequently)\b.*\b(cuts?|shots?|scene changes?|camera changes?|cut)\b|\bnumber of (cuts|shots)\b"
)
_CARDS = re.compile(r"\bhow many\b.*\b(title cards?|titles|slides|signs|captions|texts|cards|headings|lines of text)\b")
_SUPERLATIVE = re.compile(
    r"\b(most|least|fewest|\w{3,}est)\b|\b(more|less|fewer|\w{3,}er) than\b|\bcompared\b|\bdifference between\b"
)
_NOT_SUPERLATIVE = {"latest", "interest", "request", "forest", "guest", "west", "contest", "test", "suggest", "best",
                    "rest", "harvest", "earnest", "honest", "protest", "invest", "arrest", "chest", "quest", "nest",
                    "bucharest", "budapest", "northwest", "southwest", "nearest", "brest", "crest"}  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """A question as the reasoner understands it."""

    text: str
    sorts: tuple[str, ...] = ()
    """Sorts of span that answer it (`tools.reasoners.spans.Sort`), best first; none: any words."""
    required: tuple[Word, ...] = ()
    """Content words that a line and its context must cover."""
    sort_words: tuple[Word, ...] = ()
    """Words that a span of the right sort stands for (`price`, `year`)."""
    head: Word | None = None
    """The noun after `which` or `what`: the span should be one of those."""
    quoted: tuple[str, ...] = ()
    yes_no: bool = False
    why: bool = False
    unseen: str = ""
    """What one would have to perceive beyond words on screen (`actions`), or empty."""
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

    def sort_words_in(self, stems: frozenset[str]) -> bool:
        """Tell whether `stems` name the sort asked for (`speed`, `price`)."""
        return any(word.stem in stems or synonyms(word.stem) & stems for word in self.sort_words)


def kind_of(question: str) -> QuestionKind:
    """Return the kind of question, by whole words."""
    text = fold(question)
    if re.search(r"\b(how many|how often|how much time|number of|count)\b", text):
        return "counting"
    if re.search(
        r"\b(before|after|first|last|then|next|finally|earlier|later|order|sequence|followed by|previous)\b", text
    ):
        return "order"
    if re.search(r"\b(summari[sz]e|summary|overall|main (topic|idea|subject|theme|message)|in general|whole video)\b"
                 r"|\bwhat is (this|the) (video|film|clip|movie|recording|talk|lecture) about\b|\bwhat happens in\b", text):  # fmt: skip
        return "whole"
    if re.search(
        r"\b(say|says|said|written|write|sign|title|slide|read|reads|text|caption|heading|word|words|label|board|notice)\b",
        text,
    ):
        return "text"
    return "local"


def ask(question: str, blind: bool = False) -> Asked:
    """Return what `question` asks for. `blind`: the captioner perceives words, cuts and light only."""
    question = _PHRASAL.sub(lambda match: PHRASAL[fold(match.group())], question)
    text = fold(question)
    sorts, sort_stems = _sorts(text)
    place, seconds = _place(text)
    quoted = tuple(first or second for first, second in _QUOTES.findall(question))
    head = None if sorts and sorts != ("name",) else _head(question)
    found = words(question)
    sort_words = tuple(word for word in found if word.stem in sort_stems)
    yes_no = bool(_YES_NO.match(text)) and not re.search(r"\bor\b", text)
    skipped = (
        {"first", "last", "final", "beginning", "end", "start", "right"}
        if place in {"first", "last"} and _OF_VIDEO.search(text)
        else set()
    )
    if "score" in sorts:
        skipped = {"final"}
    skipped = {stem(word) for word in skipped}
    bound = _bound(sorts, text)
    duty = _duty(question, found)
    required = [
        word for word in found
        if is_content(word) and word not in sort_words and word != head and word.stem not in skipped
        and word not in duty and not (bound and word.stem in _BOUNDS)
        and not (head and (_kind_of_phrase(text, word) or word.is_number and word.end < head.start))
    ]  # fmt: skip
    speaker = sorts == ("name",) and bool(_SPEAKER.search(text))
    if all(word.stem in SOFT_STEMS for word in required):
        if speaker or set(sorts) & {"email", "url", "phone"}:
            required = []
        elif head is not None and is_content(head):
            required.append(head)
        elif not required:
            required = [
                w
                for w in found
                if w.stem in MEDIUM_STEMS and w not in sort_words and w != head and w.stem not in _NOTHING
            ]
    counts = "cuts" if _CUTS.search(text) else "cards" if _CARDS.search(text) else ""
    superlative = any(match.group() not in _NOT_SUPERLATIVE for match in _SUPERLATIVE.finditer(text))
    return Asked(
        question, sorts, tuple(dict.fromkeys(required)), sort_words, head, quoted, yes_no, bool(re.match(r"why\b|for what reason|how come", text)),
        _unseen(text, [word.stem for word in found]) if blind else "",
        bool(_VIDEO_TIME.search(text) and _ON_SCREEN.search(text)), place, seconds, counts, superlative,
        bool(_NAMED.search(text)), bool(_SAYS.search(text)), speaker, bound,  # type: ignore[arg-type]
    )  # fmt: skip


_OF_VIDEO = re.compile(
    r"\b(video|film|clip|recording|movie|trailer|text|title|titles|card|caption|slide|sign|screen|shown|appears?|announced|said)\b|\bat the (very )?(end|beginning|start)\b"
)
_BOUNDS = frozenset(stem(word) for word in ["open", "close", "start", "begin", "end", "finish", "shut"])
_PHRASAL = re.compile(rf"\b(?:{'|'.join(PHRASAL)})\b", re.IGNORECASE)
_NAMED = re.compile(r"\bname\b|\b(what|how) (is|are|was|were) .*\bcalled\b")
_SAYS = re.compile(r"\bwhat (do|does|did|is|are|was|were)\b.*\b(say|says|said|read|reads|written|wrote)\b")
_SPEAKER = re.compile(
    r"\bwho\b.*\b(talk|lecture|presentation|speaker|lecturer|presenter|speaks?|speaking|talking|host)\b"
)
_NOTHING = frozenset(
    stem(word)
    for word in [
        "video",
        "film",
        "clip",
        "movie",
        "say",
        "write",
        "show",
        "screen",
        "text",
        "word",
        "sign",
        "question",
        "answer",
        "name",
        "announce",
        "tell",
        "mention",
        "display",
        "state",
    ]
)


def _duty(question: str, found: list[Word]) -> list[Word]:
    """Return those a rule is addressed to (`what should students bring`): rules seldom name them."""
    match = re.search(r"\b(?:should|must)\s+(?:the |all )?(\w+)\s", question, re.IGNORECASE)
    return [word for word in found if match and word.start == match.start(1)]


def _bound(sorts: tuple[str, ...], text: str) -> str:
    if not set(sorts) & {"time"}:
        return ""
    if re.search(r"\b(open|opens|opening|start|starts|begin|begins|starting)\b", text):
        return "begin"
    return "end" if re.search(r"\b(close|closes|closing|shut|shuts|end|ends|finish|finishes)\b", text) else ""


def _sorts(text: str) -> tuple[tuple[str, ...], frozenset[str]]:
    if re.match(_YES_NO, text):
        return (), frozenset()
    for pattern, sorts, stands_for in _SORTS:
        if re.search(pattern, text):
            return sorts, frozenset(stem(word) for word in stands_for.split())
    return (), frozenset()


_HEAD = re.compile(
    rf"\b{_WH}\s+(?:(?:kind|type|sort|name|brand|piece)s?\s+of\s+(?:the\s+|an?\s+)?)?(?!{_AUX}\b)([\w'-]+)(?:\s+([\w'-]+))?(?:\s+([\w'-]+))?",
    re.IGNORECASE,
)


def _head(question: str) -> Word | None:
    """Return the noun asked for: `phone` group before an auxiliary, else the word right after `which`."""
    match = _HEAD.search(question)
    if not match:
        return None
    following = [word for word in words(question) if word.start >= match.start(1)][:4]
    group: list[Word] = []
    for word in following:
        if re.fullmatch(rf"{_AUX}|of|in|on|at|for|to|from|with|by|the|a|an", word.text.lower()):
            break
        group.append(word)
    ended = len(group) < len(following)
    if ended and len(group) > 1 and following[len(group)].text.lower() in {"the", "a", "an"}:
        group.pop()  # `which keys open the …`: an article follows the verb, not the noun
    group = [word for word in group if not word.is_number]
    if not group:
        return None
    return group[-1] if ended and len(group) <= 3 and not _verbish(group[-1]) else group[0]


def _verbish(word: Word) -> bool:
    lowered = word.text.lower()
    return lowered.endswith("ed") or (lowered.endswith("s") and word.stem in SOFT_STEMS | UNSEEABLE_VERBS) or word.stem in {
        "pay", "make", "lend", "win", "sell", "give", "write", "build", "say"}  # fmt: skip


def _kind_of_phrase(text: str, word: Word) -> bool:
    return bool(re.search(rf"\b{re.escape(fold(word.text))} of\b", text)) and word.stem in {
        "kind",
        "type",
        "sort",
        "name",
        "brand",
    }


def _place(text: str) -> tuple[Place, float | None]:
    clock = re.search(
        r"\b(?:at|around|about|after|by)\s(?:minute\s)?(\d{1,2}):(\d{2})(?::(\d{2}))?\b(?=.*\b(video|film|clip|recording|screen|shown)\b|\W*$)",
        text,
    )
    if clock and re.match(r"(what|which)\b.*\b(text|shown|screen|read|say|says|see|title|slide)\b", text):
        parts = [int(part) for part in clock.groups()[:3] if part]
        return "at", float(sum(part * 60**power for power, part in enumerate(reversed(parts))))
    counted = re.search(
        r"\b(?:at|around|about|after)\s(?:the\s)?(\d+)(?:st|nd|rd|th)?[\s-](second|minute)s?\b(?: mark| into)?", text
    )
    if counted and re.match(r"(what|which)\b.*\b(text|shown|screen|read|say|says|see|title|slide)\b", text):
        return "at", float(counted.group(1)) * (60 if counted.group(2) == "minute" else 1)
    for name, pattern in (
        ("after", r"\b(?:right |directly |immediately |just )?(?:after|following|follows|once)\b"),
        ("before", r"\b(?:right |directly |immediately |just )?(?:before|precedes|preceding|prior to)\b"),
        ("last", r"\b(last|final|finally|at the (very )?end|near the end|closing|ends? with)\b"),
        ("first", r"\b(first|initial|at the (very )?(beginning|start)|opening|starts? with|begins? with)\b"),
    ):
        if re.search(pattern, text):
            return name, None  # type: ignore[return-value]
    return "", None


def _unseen(text: str, stems: list[str]) -> str:
    """Return what a question asks to perceive that words on screen seldom tell, or an empty string."""
    have = set(stems)
    if re.search(r"\bwhat\b.*\bdoing\b|\bwhat (does|do|did) (?!.*\b(say|says|read|mean|cost|stand for|contain|show|recommend|require|need|offer|"
                 r"include|advise|warn|tell|announce|mention|present|promise|ask|suggest|call|name|state|claim|write|list)\b).*\bdo\b"
                 r"|\bwhat happens (to|when|after|before)\b|\bhow (does|do|did|is|are|was|were) .*\b(react|look|behave|move)\b", text):  # fmt: skip
        return "actions"
    if have & _stem_set(SOUNDS) and not have & {stem("say")}:
        return "voices and sounds"
    if have & _stem_set(FEELINGS):
        return "feelings"
    if have & _stem_set(LOOKS):
        return "people and things"
    if re.search(rf"\bwhat colou?r\b|\b({'|'.join(COLOURS)})\b", text) and re.search(r"\bwhat colou?r\b", text):
        return "colours of things"
    if have & _stem_set(UNSEEABLE_VERBS):
        return "actions"
    return ""


def _stem_set(group: frozenset[str]) -> frozenset[str]:
    return frozenset(stem(word) for word in group)
