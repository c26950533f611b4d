"""What a question means that refers back to the exchange before it, in words that stand alone. Pure functions.

Pronouns give way to whom or what the last exchange was about, `then` and `next` to what it told, and a question
without a verb of its own takes the frame of the earlier one. Where that is not clear the question keeps its words,
and what it may be about is added.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from tools.reasoners.base import Exchange, FollowUp
from tools.reasoners.embedded.clauses import (
    ARTICLES,
    AUXILIARIES,
    BEASTS,
    PREPOSITIONS,
    WH,
    Clause,
    Phrase,
    Token,
    clause,
    is_verb,
    phrases,
    tokens,
    why_so,
)
from tools.reasoners.embedded.lexicon import word_set
from tools.reasoners.embedded.referents import Referents
from tools.reasoners.embedded.wording import stem

_JOINT = re.compile(r"^(?:and|but|so|ok(?:ay)?|well)\b,?\s+", re.IGNORECASE)
_ABOUT = re.compile(r"^(?:what|how)\s+about\s+(.+)$", re.IGNORECASE)
_ONLY_THEN = re.compile(r"^(?:what\s+)?(?:then|next|after\s+that|afterwards?)\W*$", re.IGNORECASE)
_ENDS = r"(?=\W*$|,|\s+(?:in|on|at|with|from|and)\b)"
_AFTER = re.compile(
    rf"\b(?:(?P<which>after|before)\s+(?:that|this){_ENDS}|afterwards?\b|(?<!the )next{_ENDS}|then(?=\W*$)"
    rf"|(?P<earlier>beforehand)\b|(?<!\ds )(?<!seconds )(?<!minutes )(?<!hours )(?<!years )later(?=\W*$))",
    re.IGNORECASE,
)
_THEN_FIRST = re.compile(r"^(?:then|after\s+that|afterwards?|next),?\s+", re.IGNORECASE)
_HELD = "\x00"
"""Stands for the earlier matter while pronouns are sought."""
_VAGUE = re.compile(
    r"\b(?:which|other|only|another|same|that|this) ones?\b|\bthe (?:next|previous|following) "
    r"(?:slide|title|card|scene|shot|sentence|step|text|picture|board|sign)\b",
    re.IGNORECASE,
)
_POINTS = re.compile(
    r"\b(?:is|was|were|are|does|did|about|of|for|like|with|by|from)\s+(?:that|this|these|those)"
    r"(?=\W*$|\s+(?:mean|happen|take|cost|work|look|say|end|start|begin|the|a|an)\b)",
    re.IGNORECASE,
)
_MEDIUM = word_set("video film clip recording lecture talk movie trailer footage presentation episode show programme")
_ORDINALS = r"\b(?:first|second|third|fourth|fifth|last)\b"
_EMPTY_IT = re.compile(
    r"\bwhat time (?:is|was) it|\bit (?:is |was )?(?:that|who|when|where|rain|snow)"
    r"|\b(?:is|was|does|did) it (?:that|who|true|possible|allowed|dark|rain|snow)"
    r"|\b(?:does|did|will|would) it (?:take|cost)\b.*\bto\b|\b(?:does|did) it (?:say|read)\b",
    re.IGNORECASE,
)
_EMPTY_THERE = re.compile(
    r"\b(?:is|are|was|were|be|been|isn't|aren't) there\b|\bthere (?:is|are|was|were|will|has|have)\b", re.IGNORECASE
)
_HE, _IT, _THEY = word_set("he him his she her"), word_set("it its"), word_set("they them their")
_OWNING = word_set("his its their")
_BOUNDS = word_set(
    "after before when while if because that as since until and or but who which whose where say says said think "
    "thinks believe believes know knows hope hopes claim claims promise promises"
)
"""Words after which a pronoun may mean somebody named in the same question."""


def resolve(question: str, exchanges: Sequence[Exchange]) -> FollowUp:
    """Return the question in words that stand alone; its very words where it does not refer back."""
    if not exchanges:
        return FollowUp(follows=False, question=question)
    back = Referents(exchanges)
    own = _JOINT.sub("", question.strip())
    joined = own != question.strip()
    if _ONLY_THEN.match(own):
        return _meant(f"What happens after {back.matter}?" if back.matter else "", question, back)
    if about := _ABOUT.match(own):
        named = _exchanged(about[1], back) or [about[1]]
        return _meant(_framed(named[0].rstrip("?!. "), back), question, back)
    if _is_fragment(own):
        return _meant(_framed(own.rstrip("?!. "), back), question, back)
    changed = _rewritten(own, back)
    if changed is not None:
        return _meant(changed, question, back)
    if _POINTS.search(own) or _VAGUE.search(own) or joined and _says_little(own):
        return _meant("", question, back)
    return FollowUp(follows=False, question=question)


def _meant(meant: str, question: str, back: Referents) -> FollowUp:
    """Return the words found, or where there are none the question's own with what it may be about."""
    about = back.phrase or back.thing or back.person
    guessed = f"{question.strip()} (about: {about})" if about else question
    return FollowUp(follows=True, question=meant[0].upper() + meant[1:] if meant else guessed)


def unsure(question: str) -> bool:
    """Tell whether what a question refers back to was guessed, as `resolve` marks it."""
    return bool(re.search(r" \(about: .+\)$", question))


def _is_fragment(text: str) -> bool:
    """Tell whether a question has no verb of its own: `in 1931?`, `the cloakroom?`, `by whom?`, `how long?`."""
    words = tokens(text)
    if not words or len(words) > 6 or any(word.low in AUXILIARIES | _HE | _IT | _THEY for word in words):
        return False
    if words[0].low in WH or words[0].low in PREPOSITIONS and any(word.low in WH for word in words):
        return len(words) <= 2 and not any(is_verb(word.low) for word in words)
    found = phrases(text)
    starts = bool(found) and found[0].start == words[0].start
    return starts and found[0].end == words[-1].end or words[0].low in PREPOSITIONS or text[0].isdigit()


def _framed(new: str, back: Referents) -> str:
    """Return the earlier question with `new` in the place of what it takes the place of; empty where none is clear."""
    question, words = back.last.question.strip(), tokens(new)
    parts = clause(question)
    if words and any(word.low in WH for word in words):
        return _with_question_word(new, parts, back) if parts else ""
    if words and words[0].low in PREPOSITIONS:
        same = re.search(rf"\b{words[0].text}\s+(?:the\s+|an?\s+)?[\w'-]+", question, re.IGNORECASE)
        whole = next((one for one in phrases(question) if same and one.start < same.end() <= one.end), None)
        end = max(same.end(), whole.end if whole else 0) if same else 0
        ending = question.rstrip("?!. ")
        return f"{question[: same.start()]}{new}{question[end:]}" if same else f"{ending} {new}?"
    if re.fullmatch(r"[\d.,:]+", new):
        number = re.search(rf"\b{re.sub(r'[0-9]', r'[0-9]', new)}\b", question)
        return question[: number.start()] + new + question[number.end() :] if number else ""
    ordinal = re.fullmatch(rf"the\s+({_ORDINALS})(?:\s+one)?", new, re.IGNORECASE)
    if ordinal:
        return re.sub(_ORDINALS, ordinal[1], question, count=1) if re.search(_ORDINALS, question) else ""
    old = next(iter(phrases(question)), None)
    named = Phrase(0, len(new), new)
    if old is None or old.innermost.is_person != named.is_person or named.is_name and back.asks_who:
        return ""
    old = old.innermost
    return question[: old.start] + new + question[old.end :]


def _with_question_word(new: str, parts: Clause, back: Referents) -> str:
    """Return what was asked before with another question word: `Why?`, `By whom?`, `How long?`."""
    measures = new.casefold().startswith("how ") and parts.wh.casefold().startswith("how ") and not parts.verb
    if not parts.auxiliary:
        return why_so(new, parts, back.phrase)
    if not (parts.verb or measures) or parts.asks_object and not back.phrase:
        return ""
    object_ = back.phrase if parts.asks_object else ""
    return " ".join(x for x in (new, parts.auxiliary, parts.subject, parts.verb, object_, parts.rest) if x) + "?"


def _rewritten(text: str, back: Referents) -> str | None:
    """Return a question with what it refers to; empty where that is not known, None if it does not refer back."""
    held = _THEN_FIRST.sub("", text)
    which = ""
    if held != text:
        which, held = "after", held.rstrip("?!. ") + f" {_HELD}?"
    elif marker := _AFTER.search(text):
        which = "before" if marker["earlier"] else (marker["which"] or "after").casefold()
        held = text[: marker.start()] + _HELD + text[marker.end() :]
    named = _exchanged(held, back)
    if named == []:
        return ""
    changed = named[0] if named else held
    if which and not back.matter:
        return ""
    if not which and named is None:
        return None
    return changed.replace(_HELD, f"{which} {back.matter}")


def _exchanged(text: str, back: Referents) -> list[str] | None:
    """Return the text with its pronouns exchanged, [] where one is not known, None where none refers back."""
    words, made, last, seen = tokens(text), "", 0, False
    for at, word in enumerate(words):
        if not _refers(word, at, words, text):
            continue
        instead, end = _instead(word, at, words, text, back)
        if not instead:
            return []
        made += text[last : word.start] + instead
        last, seen = end, True
    return [made + text[last:]] if seen else None


def _refers(word: Token, at: int, words: Sequence[Token], text: str) -> bool:
    """Tell whether a word means something named before the question."""
    if word.low == "there":
        return not any(one.start() <= word.start < one.end() for one in _EMPTY_THERE.finditer(text))
    if word.low in {"that", "this", "those", "these"}:
        # `that lamp` does; `that` after a verb or a noun joins a clause.
        return at + 1 < len(words) and bool(_noun_after(word, at, words))
    if word.low == "else":
        return at > 0 and words[at - 1].low in {"who", "what"}
    if word.low == "it" and any(one.start() <= word.start < one.end() for one in _EMPTY_IT.finditer(text)):
        return False
    return word.low in _HE | _IT | _THEY and not _bound(word, at, words, text)


def _noun_after(word: Token, at: int, words: Sequence[Token]) -> str:
    after = words[at + 1].low
    plain = after not in AUXILIARIES | PREPOSITIONS | WH | ARTICLES | _HE and not is_verb(after)
    before = words[at - 1].low if at else ""
    joins = before not in AUXILIARIES | PREPOSITIONS and not is_verb(before)
    return after if plain and not joins and after not in _MEDIUM else ""


def _bound(word: Token, at: int, words: Sequence[Token], text: str) -> bool:
    """Tell whether a pronoun means somebody or something that the same question names before it."""
    owning = word.low in _OWNING or word.low == "her" and _owns(word, at, words)
    wh = words[0].low in {"who", "whose"} or re.match(r"(?:how many|which)\s", text, re.IGNORECASE)
    named = [one for one in phrases(text) if one.end <= word.start and not one.is_abstract]
    fits = [one for one in named if _fits(word.low, one)]
    ends = [one.end for one in fits] + ([words[0].end] if wh and _asked_fits(word.low, words) else [])
    between = any(min(ends) <= one.start < word.start and one.low in _BOUNDS for one in words) if ends else False
    return bool(ends) and (owning or between)


def _fits(pronoun: str, phrase: Phrase) -> bool:
    if pronoun in _THEY:
        return phrase.is_plural
    if pronoun in _HE:
        return phrase.is_person and not phrase.is_plural
    return not phrase.is_person or phrase.head in BEASTS


def _asked_fits(pronoun: str, words: Sequence[Token]) -> bool:
    """Tell whether the question word itself may be meant: `who takes off his hat`, `which ship … its sailors`."""
    if words[0].low in {"who", "whose"}:
        return pronoun not in _IT
    asked = words[2 if words[0].low == "how" else 1].text if len(words) > 2 else ""
    return _fits(pronoun, Phrase(0, len(asked), asked))


def _owns(word: Token, at: int, words: Sequence[Token]) -> bool:
    """Tell `her hat` from `saw her`."""
    after = words[at + 1].low if at + 1 < len(words) else ""
    return bool(after) and after not in AUXILIARIES | PREPOSITIONS | ARTICLES | {"and", "or", "again", _HELD}


def _instead(word: Token, at: int, words: Sequence[Token], text: str, back: Referents) -> tuple[str, int]:
    """Return what stands for a word, empty if that is not known, and where the text goes on."""
    if word.low == "else":
        return (f"besides {back.phrase}" if back.phrase else ""), word.end
    if word.low == "there":
        preposed = at > 0 and words[at - 1].low in PREPOSITIONS
        return (back.place if preposed or not back.place else f"{back.preposition} {back.place}"), word.end
    if word.low in {"that", "this", "those", "these"}:
        noun = words[at + 1]
        same = next((one for one in back.named if stem(noun.low) in {stem(part) for part in one.split()}), "")
        return same or f"{word.text} {noun.text}", noun.end
    who = back.person if word.low in _HE else back.several if word.low in _THEY else back.thing
    if who and (word.low in _OWNING or word.low == "her" and _owns(word, at, words)):
        who += "'" if who.endswith("s") else "'s"
    return who, word.end


def _says_little(text: str) -> bool:
    """Tell whether a question that goes on with `and` leaves out whom it is about: `and how many survived?`."""
    words = tokens(text)
    return not phrases(text) and len(words) <= 4 and not any(word.low in AUXILIARIES for word in words)
