"""Spans of an expected kind inside a text: numbers, prices, dates, times, addresses, names … Pure functions."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from tools.reasoners.embedded.lexicon import COLOURS, MONTHS, NUMBER_WORDS, WEEKDAYS
from tools.reasoners.embedded.wording import STOP_STEMS, fold, words

Sort = Literal[
    "number", "money", "percent", "time", "date", "year", "weekday", "month", "duration", "frequency", "length",
    "weight", "speed", "temperature", "volume", "amount", "score", "phone", "email", "url", "code", "version",
    "price", "name", "colour", "free",
]  # fmt: skip
"""What a span can be. Anything else is just words."""


class Piece(NamedTuple):
    """A stretch of a text, `[start, end)` in characters."""

    start: int
    end: int
    text: str
    sure: bool = True
    """False where only its looks speak for it (capitalised words that may be a name or a title)."""


_NUMBER = rf"(?:\d{{1,3}}(?:[,. ]\d{{3}})+(?:[.,]\d+)?|\d+(?:[.,]\d+)?|\b(?:{'|'.join(NUMBER_WORDS)})\b)"
_CURRENCY = (
    r"(?:[$€£¥₹]|\b(?:EUR|USD|GBP|CHF|SEK|NOK|DKK|JPY|PLN|CZK|euros?|dollars?|pounds?|cents?|francs?|kroner|kronor"
    r"|yen)\b)"
)
_MONTH = rf"(?:{'|'.join(sorted(MONTHS, key=len, reverse=True))})"
_DAY = rf"(?:{'|'.join(sorted(WEEKDAYS, key=len, reverse=True))})"
_HOUR = r"(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\d{1,2})"
_SPOKEN_CLOCK = (
    rf"\b(?:(?:half|(?:a\s)?quarter|(?:five|ten|twenty|twenty-five)(?:\sminutes)?)\s(?:past|to)\s{_HOUR}\b"
    rf"|{_HOUR}\so['’]?\s?clock\b)(?:\s(?:in\sthe\s(?:morning|afternoon|evening)|at\snight))?"
)
_CLOCK = (
    rf"(?:{_SPOKEN_CLOCK}|"
    r"\b(?:[01]?\d|2[0-4])[:h][0-5]\d(?::[0-5]\d)?(?:\s*[ap]\.?m\.?)?|\b1?\d\.[0-5]\d\s*[ap]\.?m\.?(?!\w)"
    r"|\b(?:1[0-2]|0?[1-9])\s*[ap]\.?m\.?(?!\w)|\bnoon\b|\bmidnight\b)"
)
_YEAR = r"\b(?:1[0-9]|20)\d{2}\b"
_UNITS: dict[str, str] = {
    "duration": r"(?:seconds?|secs?|minutes?|mins?|hours?|hrs?|days?|weeks?|months?|years?|h|s)",
    "length": r"(?:km|cm|mm|µm|nm|m|metres?|meters?|kilomet(?:re|er)s?|(?:nautical\s)?miles?"
    r"|feet|foot|ft|inch(?:es)?|yards?|light[- ]years?)",
    "weight": r"(?:kg|mg|g|t|lbs?|oz|tons?|tonnes?|grams?|kilos?|kilograms?|pounds?|ounces?)",
    "speed": r"(?:km/h|kmh|kph|mph|m/s|knots?|kbit/s|[KMG]bit/s|[KMG]bps|fps|rpm)",
    "temperature": r"(?:°\s*[CFK]?|degrees?(?:\s+(?:celsius|fahrenheit))?|℃)",
    "volume": r"(?:ml|cl|dl|l|lit(?:re|er)s?|cups?|tbsp|tsp|tablespoons?|teaspoons?|gallons?|pints?)",
    "memory": r"(?:[KMGT]i?B|bytes?)",
}

_PATTERNS: dict[str, str] = {
    "number": rf"[+-]?{_NUMBER}",
    "money": rf"{_CURRENCY}\s?{_NUMBER}(?:\s?(?:k|m|bn|million|billion)\b)?"
    rf"|{_NUMBER}(?:\s?(?:million|billion))?\s?{_CURRENCY}",
    "percent": rf"{_NUMBER}\s?(?:%|percent\b|per cent\b)",
    "time": rf"{_CLOCK}(?:\s?[-–—]\s?{_CLOCK})?",
    "year": _YEAR,
    "weekday": rf"\b{_DAY}\b(?:\s?[-–]\s?{_DAY}\b)?",
    "month": rf"\b{_MONTH}\b",
    "date": rf"(?:\b{_DAY}\.?,?\s+)?\b\d{{1,2}}(?:st|nd|rd|th|\.)?\s?(?:of\s)?{_MONTH}\b\.?(?:,?\s?\d{{4}})?"
    rf"|\b{_MONTH}\.?\s\d{{1,2}}(?:st|nd|rd|th)?\b(?:,?\s?\d{{4}})?|\b{_MONTH}\s\d{{4}}\b"
    r"|\b\d{4}-\d{2}-\d{2}\b|\b\d{1,2}[./]\d{1,2}[./]\d{2,4}\b|\b(?:0?[1-9]|1[0-2])/\d{4}\b",
    "frequency": rf"\bevery\s(?:{_NUMBER}\s)?\w+"
    rf"|\b(?:once|twice|{_NUMBER}(?:\stimes|x))(?:\s(?:an?|per|every|each|daily|weekly)(?:\s\w+)?)?"
    r"|\b(?:hourly|daily|weekly|monthly|yearly|annually)\b",
    "score": r"(?<![\d:.,])\d{1,3}\s?[-–]\s?\d{1,3}(?![\d:]|[.,]\d)|(?<![\d:.,])\d{1,2}\s?:\s?\d(?!\d)",
    "phone": r"(?:\+|\b)\d[\d ()/-]{5,}\d\b",
    "email": r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+",
    "url": r"(?:https?://|www\.)\S+|\b(?:[a-z0-9-]+\.)+(?:com|org|net|edu|gov|io|dev|app|ai|info|example|eu|de|uk|fr|es|it|nl|ch|se|no|at|us|co|tv|me)\b(?:/\S*)?",
    "code": r"(?<![\w@.])#?(?=[A-Za-z./+-]*\d)[A-Za-z0-9]+(?:[-./+][A-Za-z0-9]+)*",
    "free": r"\b(?:free|gratis|complimentary)\b",
    "version": r"\bv?\d+(?:\.\d+)+(?:-?\w+)?\b",
    "price": r"\b\d+[.,]\d{2}(?!\d)",
    "colour": rf"\b(?:(?:dark|light|pale|bright)\s)?(?:{'|'.join(sorted(COLOURS))})\b",
}

for _unit in _UNITS:
    _PATTERNS[_unit] = rf"[+-]?{_NUMBER}(?:\s?(?:[-–]|to)\s?{_NUMBER})?\s?{_UNITS[_unit]}(?![a-zA-Z])"
_PATTERNS["length"] = rf"{_PATTERNS['length']}(?:\s?(?:/|per)\s?\w+)?"
_PATTERNS["temperature"] = rf"{_PATTERNS['temperature']}|[+-]?{_NUMBER}\s?C\b"
_PATTERNS["amount"] = "|".join(
    _PATTERNS[key] for key in ("money", "percent", "weight", "volume", "memory", "length", "number")
)

_COMPILED = {
    # Units and codes keep their case: `5 M` is not five metres.
    key: re.compile(pattern, 0 if key in {"code"} else re.IGNORECASE)
    for key, pattern in _PATTERNS.items()
}

_TITLED = r"(?:Dr|Prof|Professor|Mr|Mrs|Ms|Sir|Dame|Captain|Chef|President|Mayor|Coach)\.?"
_PROPER = r"(?:(?:Dr|Prof|Mr|Mrs|Ms|St)\.|[A-ZÀ-ÖØ-Þ][\w'’-]+|[A-Z]\.)"
_JOINED = rf"{_PROPER}(?:\s(?:(?:of|the|van|von|de|da|di|la|le|bin|al|and|&|for)\s){{0,2}}{_PROPER})*"
_NAME = re.compile(_JOINED)
_SURE_BEFORE = re.compile(
    rf"(?:\b(?:by|speaker|host|author|director|chef|presenter|guest|artist|coach|conductor|lecturer|goal!?|#\d+)\s*:?\s*"
    rf"|{_TITLED}\s)$",
    re.IGNORECASE,
)


def pieces(sort: str, text: str) -> list[Piece]:
    """Return the spans of `sort` in `text`, in order. Raises `KeyError` for an unknown sort."""
    if sort == "name":
        return _names(text)
    found = []
    for match in _COMPILED[sort].finditer(text):
        value = match.group().strip(" .,;)")
        if sort in {"number", "code"} and _belongs_to_more(text, match.start(), match.end()):
            continue
        if sort == "phone" and sum(c.isdigit() for c in value) < 7:
            continue
        start = match.start() + match.group().index(value)
        found.append(Piece(start, start + len(value), value))
    return found


def _belongs_to_more(text: str, start: int, end: int) -> bool:
    """A number that is part of a code, a clock time, a date or an address counts nothing."""
    before, after = text[start - 1 : start], text[end : end + 1]
    glued = before.isalpha() or after.isalpha() and not re.match(r"[a-zµ]{1,2}\b", text[end:])
    return glued or before in {":", "/", "@"} or (after in {":", "/"} and text[end + 1 : end + 2].isdigit())


def _names(text: str) -> list[Piece]:
    found = []
    for match in _NAME.finditer(text):
        start, value = match.start(), match.group()
        while (first := words(value)[:1]) and fold(first[0].text) in STOP_STEMS and first[0].end < len(value):
            cut = first[0].end + 1
            start, value = start + cut, value[cut:]
        value = value.rstrip(" .")
        if not value or fold(value) in WEEKDAYS | MONTHS or not re.search(r"[a-zà-ÿ]|[A-Z]{3}", value):
            continue
        # `with Ana Ruiz` introduces someone, `made with Ana` a tool.
        introduced = text[:start].strip().lower() in {"with", "from"}
        sure = introduced or bool(_SURE_BEFORE.search(text[:start])) or bool(re.match(rf"{_TITLED}\s", value))
        found.append(Piece(start, start + len(value), value, sure))
    return found


_DAY_BEFORE = re.compile(
    r"\b(?:(?:mon|tues|wednes|thurs|fri|satur|sun)days?|today|tonight|tomorrow)\b,?\s+(?:at\s+)?$", re.IGNORECASE
)


def with_day(piece: Piece, body: str) -> Piece:
    """Return the piece with the day named just before it: `Friday 8 pm` tells when, `8 pm` only at what time."""
    day = _DAY_BEFORE.search(body[: piece.start])
    return piece._replace(start=day.start(), text=body[day.start() : piece.end]) if day else piece
