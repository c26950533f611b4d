"""English questions taken apart: their noun phrases, and what they take for granted, as a statement. Pure functions."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from tools.reasoners.embedded.lexicon import NUMBER_WORDS, SOFT_VERBS, STOPWORDS, UNSEEABLE_VERBS, word_set

AUXILIARIES = word_set("is are was were am be been do does did has have had can could will would should shall must may")
BE = word_set("is are was were am")
WH = word_set("who whom whose what which when where why how")
PREPOSITIONS = word_set(
    "of in on at to from by with for about into onto over under between during through until till since after before "
    "behind near above below across along around without beside inside outside towards against like"
)
ARTICLES = word_set("the a an")
_QUANTITIES = frozenset(NUMBER_WORDS)
_FUNCTION = (STOPWORDS | AUXILIARIES | PREPOSITIONS | WH) - _QUANTITIES - ARTICLES
_MARKS = ".,;:!?\"“”'"

_IRREGULAR = (
    "be was become became begin began bite bit break broke bring brought build built buy bought catch caught choose "
    "chose come came cost cost cut cut dig dug do did draw drew drink drank drive drove eat ate fall fell feed fed "
    "feel felt fight fought find found fly flew forget forgot get got give gave go went grow grew hang hung have "
    "had hear heard hide hid hit hit hold held keep kept know knew lay laid lead led leave left lend lent let let "
    "lie lay light lit lose lost make made mean meant meet met pay paid put put read read ride rode ring rang rise "
    "rose run ran say said see saw sell sold send sent set set shake shook shoot shot show showed shut shut sing "
    "sang sink sank sit sat sleep slept speak spoke spend spent stand stood steal stole swim swam take took teach "
    "taught tell told think thought throw threw wake woke wear wore win won write wrote "
)
PAST = dict(re.findall(r"(\w+) (\w+)", _IRREGULAR))
"""Irregular verbs with their past."""
_PARTICIPLES = word_set(
    "begun bitten broken chosen done drawn drunk driven eaten fallen flown forgotten given gone grown hidden known "
    "ridden rung risen run seen shaken shown sung sunk spoken stolen swum taken thrown woken worn written"
)
_REGULAR = word_set(
    "open close start stop end depart arrive serve drown work live happen appear look talk sign paint install "
    "announce chase lock knock enter survey mention explain cook bake score finish order load fry sail land call ask "
    "believe hope claim promise"
)
_BASES = frozenset(PAST) | _REGULAR | UNSEEABLE_VERBS | SOFT_VERBS
BEASTS = word_set("bunny rabbit dog cat bird animal monkey")
PERSONS = BEASTS | word_set(
    "man woman boy girl child children men women lady guy person people mayor captain keeper lecturer speaker teacher "
    "professor doctor nurse chef cook waiter driver pilot sailor soldier officer guard king queen prince princess "
    "bride groom mother father brother sister son daughter wife husband friend student pupil player actor actress "
    "singer dancer painter janitor host presenter narrator reporter guest visitor passenger customer farmer hunter"
)
"""Those who are called he or she, as animals may be."""
_ABSTRACT = word_set("name price colour color title number time size age height date year reason topic cost word kind")


@dataclass(frozen=True)
class Phrase:
    """Words of a question that name somebody or something, `[start, end)` in characters."""

    start: int
    end: int
    text: str

    @property
    def head(self) -> str:
        """The noun that says what it is, in lower case: `bus` of `the bus for the excursion`."""
        plain = re.split(r"\s(?:of|for|in|on|at|with)\s", self.text, maxsplit=1)[0]
        return plain.split()[-1].casefold()

    @property
    def innermost(self) -> Phrase:
        """What stands after the last `of`: `the fish soup` of `the price of the fish soup`."""
        at = self.text.rfind(" of ")
        return self if at < 0 else Phrase(self.start + at + 4, self.end, self.text[at + 4 :])

    @property
    def is_name(self) -> bool:
        return all(word[0].isupper() or word in {"of", "the", "de", "van", "von"} for word in self.text.split())

    @property
    def is_person(self) -> bool:
        return is_person(self.head) or is_person(self.head.removesuffix("s")) or self.is_name

    @property
    def is_plural(self) -> bool:
        return self.head in {"people", "men", "women", "children"} or bool(re.search(r"[^su]s$", self.head))

    @property
    def is_abstract(self) -> bool:
        return self.head in _ABSTRACT


def is_person(noun: str) -> bool:
    """Tell whether a noun says who somebody is."""
    return noun in PERSONS or bool(re.search(r"(?:ist|man|woman|lady)$", noun))


@dataclass(frozen=True)
class Token:
    """A word of a question and where it stands."""

    text: str
    start: int

    @property
    def low(self) -> str:
        return self.text.casefold()

    @property
    def end(self) -> int:
        return self.start + len(self.text)


def tokens(text: str) -> list[Token]:
    """Return the words of `text`; marks around them are left out."""
    found = []
    for match in re.finditer(r"\S+", text):
        word = match.group().strip(_MARKS)
        if word:
            # The dot of `Dr.` belongs to the name.
            word += "." if match.group().startswith(f"{word}.") and word in {"Dr", "Mr", "Mrs", "Ms", "St"} else ""
            found.append(Token(word, match.start() + match.group().index(word)))
    return found


def is_verb(word: str) -> bool:
    """Tell whether a word after a noun is probably a verb."""
    inflected = re.search(r"(?:ed|ing)$", word) and len(word) > 4
    third = word.endswith("s") and (word[:-1] in _BASES or word[:-2] in _BASES)
    return bool(inflected) or third or word in _BASES or word in _PARTICIPLES or word in _pasts()


@cache
def _pasts() -> frozenset[str]:
    return frozenset(PAST.values())


@cache
def phrases(text: str) -> tuple[Phrase, ...]:
    """Return the noun phrases of `text` that begin with an article, a number or a capital, in order."""
    found: list[Phrase] = []
    words = tokens(text)
    index = 0
    while index < len(words):
        end = _phrase_end(words, index)
        if end == index:
            index += 1
            continue
        # `the bus for the excursion`, `the price of the soup`
        while end + 1 < len(words) and words[end].low in {"of", "for"}:
            further = _phrase_end(words, end + 1)
            if further == end + 1:
                break
            end = further
        start, stop = words[index].start, words[end - 1].end
        found.append(Phrase(start, stop, text[start:stop]))
        index = end
    return tuple(found)


def _phrase_end(words: list[Token], index: int) -> int:
    first = words[index]
    opens = first.low in ARTICLES or first.low in _QUANTITIES or first.text[0].isdigit()
    if not opens:
        end = index
        while end < len(words) and words[end].text[0].isupper() and words[end].low not in _FUNCTION:
            end += 1
        return end
    end, nouns = index + 1, 0
    while end < len(words):
        low = words[end].low
        if low in _FUNCTION - {"first", "second", "other", "same"} or low in ARTICLES or nouns and is_verb(low):
            break
        nouns += 1
        end += 1
    return end if nouns else index


@dataclass(frozen=True)
class Clause:
    """A question with a question word, taken apart."""

    wh: str
    """`When`, `From how far away`, `Which bridge`."""
    auxiliary: str
    """Empty where the question word is the subject itself."""
    subject: str
    verb: str
    """The main verb, empty after a bare `is`."""
    rest: str

    @property
    def asks_object(self) -> bool:
        """Whether the answer is somebody or something, and not a place, a time, a reason or a measure."""
        return bool(re.match(r"(?:who|whom|what|which)\b", self.wh, re.IGNORECASE))


def clause(question: str) -> Clause | None:
    """Return the parts of a question; None for one without a question word."""
    text = question.strip().rstrip("?!. ")
    words = tokens(text)
    asked = next((at for at, word in enumerate(words[:3]) if word.low in WH), None)
    if asked is None:
        return None
    at = next((at for at in range(asked + 1, len(words)) if words[at].low in AUXILIARIES), None)
    subject_verb = next((at for at in range(asked + 1, len(words)) if is_verb(words[at].low)), None)
    if at is None or subject_verb is not None and subject_verb < at:
        if subject_verb is None:
            return None
        verb = words[subject_verb]
        return Clause(text[: verb.start].strip(), "", "", verb.text, text[verb.end :].strip())
    wh, auxiliary = text[: words[at].start].strip(), words[at].text
    subject = next((one for one in phrases(text) if words[at].end + 1 == one.start), None)
    if subject is None:
        return None
    tail = tokens(text[subject.end :])
    verb_text, rest = "", text[subject.end :].strip()
    if tail and (is_verb(tail[0].low) or tail[0].low == "be"):
        verb_text, rest = tail[0].text, text[subject.end + tail[0].end :].strip()
    elif auxiliary.casefold() in {"do", "does", "did"}:
        # An unknown word in the place of the verb was taken for a noun.
        *nouns, verb_text = subject.text.split()
        if len(nouns) < 2:
            return None
        return Clause(wh, auxiliary, " ".join(nouns), verb_text, rest)
    return Clause(wh, auxiliary, subject.text, verb_text, rest)


def statement(question: str, answer: str) -> str:
    """Return what a question and its answer (a few words, or empty) say together; empty where that is not clear."""
    parts = clause(question)
    if parts is None:
        return ""
    object_ = answer if parts.asks_object else ""
    if not parts.auxiliary:
        count = re.match(r"how many\s+(.*)", parts.wh, re.IGNORECASE)
        who = f"{answer} {count[1]}" if count and not answer.endswith(count[1]) else answer
        return _joined(who, parts.verb, parts.rest) if answer else ""
    if parts.auxiliary.casefold() in BE and not parts.verb:
        if re.match(r"(?:who|what)$", parts.wh, re.IGNORECASE):
            return _joined(answer, parts.auxiliary, parts.subject, parts.rest) if answer else ""
        return _joined(parts.subject, parts.auxiliary, parts.rest, object_) if parts.rest and object_ else ""
    if parts.asks_object and not answer:
        return ""
    if parts.auxiliary.casefold() in {"do", "does", "did"}:
        return _joined(parts.subject, _inflected(parts.verb, parts.auxiliary.casefold()), object_, parts.rest)
    return _joined(parts.subject, parts.auxiliary, parts.verb, object_, parts.rest)


def why_so(wh: str, parts: Clause, answer: str) -> str:
    """Return `Why did Ada win the quiz?` from `who won the quiz` and its answer; empty where the verb is not known."""
    base = _bases().get(parts.verb)
    return f"{wh} did {answer} {base} {parts.rest}".strip() + "?" if base and answer else ""


@cache
def _bases() -> dict[str, str]:
    regular = {_inflected(verb, "did"): verb for verb in _BASES if verb not in PAST}
    return regular | {past: verb for verb, past in PAST.items()}


def _joined(*parts: str) -> str:
    return " ".join(part for part in parts if part)


def _inflected(verb: str, auxiliary: str) -> str:
    if auxiliary == "did":
        return PAST.get(verb) or (f"{verb}d" if verb.endswith("e") else f"{verb}ed")
    if auxiliary == "does":
        return f"{verb}es" if re.search(r"(?:s|x|ch|sh|o)$", verb) else f"{verb}s"
    return verb
