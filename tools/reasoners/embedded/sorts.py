"""Which sort of span answers a question (`how much` a price, `who` a name), by its wording. Pure functions."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from tools.reasoners.embedded.wording import stems

WH = r"(?:what|which)"
AUXILIARY = (
    r"(?:is|are|was|were|does|do|did|has|have|had|can|could|will|would|should|shall|must|may|might"
    r"|isn't|aren't|doesn't|don't|didn't|wasn't|weren't|won't|can't)"
)
YES_NO = re.compile(rf"^(?:so |and |please |in the \w+,? )?{AUXILIARY}\b")
BOUNDS = stems("open close start begin end finish shut")
"""Words for the two ends of a span of hours."""


class Sorted(NamedTuple):
    """The sorts of span that answer (`tools.reasoners.embedded.spans.Sort`), and the stems such a span stands for."""

    sorts: tuple[str, ...] = ()
    stands_for: frozenset[str] = frozenset()


_IS = r"(?:(?:is|was|are|were) (?:the )?)?"
_DO = r"(?:does|do|did|is|are|was|were|can|will|would)"
_MONEY = r"\b(?:price|costs?|fee|fare|salary|revenue|budget|profit|income)\b|\bhow expensive\b"
_NUMBERED = r"(?:platform|gate|room|floor|number|order number|code|flight number|license plate|model number)"
_ROLES = r"(?:person|man|woman|author|artist|painter|director|player|professor|doctor)"

# Pattern over the folded question; sorts; words that a span of the sort stands for. The first that fits decides.
_TABLE: tuple[tuple[str, str, str], ...] = (
    (r"\be-?mail( address)?\b|\bmail address\b", "email", "email mail address"),
    (
        rf"\b{WH}\b.*\b(web ?site|url|web address|homepage|web page|link|domain|internet address)\b|\bwhere online\b",
        "url",
        "web website url address homepage page link domain internet online",
    ),
    (
        r"\b(tele)?phone( number)?\b|\bnumber .*\b(call|dial)\b|\bhotline\b",
        "phone",
        "telephone phone number call dial hotline",
    ),
    (
        rf"\bpercent(age)?\b|\bper cent\b|\b{WH} (share|proportion|fraction)\b",
        "percent",
        "percent percentage share proportion fraction cent",
    ),
    (
        rf"\b{WH} {_IS}(time|hour)\b|\bo'clock\b|\bhow (early|late) {_DO} .*\b(open|close|start|begin|end|shut)",
        "time",
        "time hour clock early late",
    ),
    (r"\bhow (late|delayed)\b|\bhow (big|long|large) .*\bdelay\b", "duration", ""),
    (r"\b(what|which|whose) .*\b(score|result)\b|\bhow did .*\bend\b", "score", "score result"),
    (rf"\b{WH} {_IS}year\b", "year", "year"),
    (rf"\b{WH} {_IS}month\b", "month", "month"),
    (rf"\b{WH} {_IS}(exact )?(date|day of the month|deadline)\b", "date weekday month", "date day"),
    (rf"\b{WH} (day|weekday|days)\b", "weekday date", "day weekday"),
    (
        r"\bhow often\b|\bhow frequent(ly)?\b|\bhow many times (a|per|each|every)\b",
        "frequency",
        "often frequent frequently many time",
    ),
    (r"\bhow many (minutes|hours|seconds|days|weeks|months|years)\b", "duration", ""),
    (r"\bhow many\b|\bnumber of\b", "number", "many number"),
    (
        rf"\bhow much {_DO}\b.*\b(cost|pay|charge|worth|owe)\b|{_MONEY}",
        "money",
        "price cost fee fare expensive much charge worth",
    ),
    (r"\bhow long\b", "duration length", "long"),
    (
        rf"\bhow (tall|high|wide|deep|far|thick|broad)\b|\b{WH} .*\b(height|width|depth|distance|length)\b",
        "length",
        "tall high wide deep far thick broad height width depth distance length",
    ),
    (r"\bhow heavy\b|\bweigh\b|\bweight\b", "weight", "heavy weigh weight"),
    (r"\bhow fast\b|\bspeed\b", "speed", "fast speed"),
    (
        r"\btemperature\b|\bhow (warm|hot|cold|cool)\b|\bdegrees\b",
        "temperature",
        "temperature warm hot cold cool degrees",
    ),
    (rf"\bhow old\b|\b{WH} {_IS}age\b", "number", "old age"),
    (r"\bhow much\b", "amount", "much"),
    (r"\bhow (high|large|big)\b", "amount", "high large big"),
    (rf"\b{WH} colou?rs?\b", "colour", "colour color"),
    (rf"\b{WH} {_IS}(\w+ )?version\b", "version", "version"),
    (rf"\b{WH} {_IS}(\w+ )?{_NUMBERED}\b", "code number", "number"),
    (rf"\b(who|whom|whose)\b|\b{WH} {_ROLES}\b", "name", "person"),
    (r"\b(since|until|till|from|by) when\b|\bwhen\b|\bhow soon\b", "time date year weekday", ""),
)


def sorts_of(text: str) -> Sorted:
    """Return what sort of span answers the folded question; nothing for yes or no and for mere words."""
    if YES_NO.match(text):
        return Sorted()
    for pattern, sorts, stands_for in _TABLE:
        if re.search(pattern, text):
            return Sorted(tuple(sorts.split()), stems(stands_for))
    return Sorted()


def bound_of(text: str, sorts: tuple[str, ...]) -> Literal["", "begin", "end"]:
    """Return which end of a span of hours the folded question asks for."""
    if "time" not in sorts:
        return ""
    if re.search(r"\b(open|opens|opening|start|starts|begin|begins|starting)\b", text):
        return "begin"
    return "end" if re.search(r"\b(close|closes|closing|shut|shuts|end|ends|finish|finishes)\b", text) else ""
