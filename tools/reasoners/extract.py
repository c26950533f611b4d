"""Finding the words in memory that answer an open question, and grading how well they do.

Nothing is supported but by words that stand in a line: the line and its context must cover what the
question says, and hold something of the sort it asks for that the question does not already say.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from tools.reasoners.base import Support
from tools.reasoners.cover import BESIDE, NEAR, Cover, cover, is_soft
from tools.reasoners.lexicon import KINDS
from tools.reasoners.meaning import Meaning
from tools.reasoners.question import Asked
from tools.reasoners.reading import Reading, Remark, continues
from tools.reasoners.spans import Piece, pieces
from tools.reasoners.wording import Word, fold, is_content, is_negated, opposites, stem, synonyms, words

_TYPED, _WORDS = 0.6, 0.7
"""Score of the cover from which a span of the right sort, or mere words, are supported."""
_BECAUSE = re.compile(r"\b(because|due to|owing to|thanks to|since|so that|in order to|caused by|reason)\b", re.IGNORECASE)
_READS = re.compile(r"\b(reads?|says?|said|written|labell?ed|inscribed|spells?|words|text)\b|[\"“]", re.IGNORECASE)
_NAMED_KINDS = frozenset(
    stem(word)
    for word in "organisation organization company firm university institute foundation museum team club city town street "
    "road film book painting restaurant hotel shop station brand product project person name village river lake "
    "bridge school college department agency bank airline".split()
)
"""Kinds of things that have names: a name nearby may well be one."""
_TRY_MEANING = 40


@dataclass(frozen=True)
class Found:
    """A span that may answer, where it stands, and how sure it is."""

    remark: Remark
    answer: str
    quote: str
    cover: Cover
    support: Support
    confidence: float
    lacking: str = ""
    also: tuple[tuple[Remark, str], ...] = ()
    """Further remarks that the answer rests on, with their quotes."""

    @property
    def rank(self) -> tuple[float, ...]:
        return ({"supported": 2, "partly": 1, "unsupported": 0}[self.support], self.confidence, -self.remark.line.start)


def best(asked: Asked, reading: Reading, meaning: Meaning) -> Found | None:
    """Return the best answer to an open question that memory holds, supported or not; None if it holds nothing."""
    found = list(_candidates(asked, reading, meaning))
    if not found:
        return None
    found = _unless_rivalled(found)
    if asked.place == "last":
        top = max(item.rank[:2] for item in found)
        return max((item for item in found if item.rank[0] == top[0] and item.confidence >= top[1] - 0.05), key=lambda item: item.remark.line.start)
    return max(found, key=lambda item: item.rank)


def _candidates(asked: Asked, reading: Reading, meaning: Meaning) -> Iterator[Found]:
    scored = sorted(
        ((cover(asked, remark, reading), remark) for remark in reading.telling()), key=lambda pair: -pair[0].score
    )
    for index, (covered, remark) in enumerate(scored):
        if covered.missing and index < _TRY_MEANING:
            covered = cover(asked, remark, reading, meaning)
        if not covered.near and covered.strong:
            continue
        yield _graded(asked, remark, covered, reading, meaning)


def _graded(asked: Asked, remark: Remark, covered: Cover, reading: Reading, meaning: Meaning) -> Found:
    piece, also = _span(asked, remark, covered, reading)
    if asked.bound and piece and (edges := re.split(r"\s?[-–—]\s?", piece.text))[1:]:
        edge = edges[0 if asked.bound == "begin" else -1]
        at = piece.start + piece.text.rindex(edge)
        piece, covered = Piece(at, at + len(edge), edge), _told_by_hours(asked, covered)
    answer = piece.text if piece else value(asked, remark)
    if also:
        answer = f"{also[0][1]} {answer}"
    lacking = _lacking(asked, remark, covered, piece, reading, meaning)
    score = covered.score if covered.credit else _TYPED
    # Words about the medium and the noun asked for decide between lines that cover the rest equally.
    bonus = 0.1 * _names_head(asked, remark) + 0.02 * min(2, sum(w.stem in remark.stems for w in words(asked.text)))
    if not lacking and score >= (_TYPED if asked.sorts else _WORDS):
        return Found(remark, answer, remark.body, covered, "supported", round(min(0.95, 0.6 + 0.25 * score + bonus), 3), also=also)
    strong = sum(covered.credit[word] for word in covered.strong) / len(covered.strong) if covered.strong else 0.0
    if strong >= 0.5 and not covered.conflict and not asked.unseen and (piece is not None or not asked.sorts):
        return Found(remark, answer, remark.body, covered, "partly", round(0.3 + 0.25 * score, 2), lacking or "a clear statement", also)
    return Found(remark, answer, remark.body, covered, "unsupported", round(0.25 * score, 2), lacking or "a clear statement", also)


def _lacking(
    asked: Asked, remark: Remark, covered: Cover, piece: Piece | None, reading: Reading, meaning: Meaning
) -> str:
    """Return in words what keeps the remark from answering, or an empty string."""
    if covered.conflict:
        return f"something about {_listed(covered.credit)}; {remark.body!r} says the opposite"
    if covered.missing:
        return f"anything about {_listed(covered.missing)}"
    if asked.unseen and any(credit < 0.9 for credit in covered.credit.values()):
        return f"{asked.unseen}, which no words in memory state"
    if asked.says and remark.kind == "prose" and not _READS.search(remark.body):
        return "the words themselves"
    if asked.named and not asked.sorts and not _has_name(asked, remark):
        return "a name"
    if not covered.credit and asked.sorts[:1] not in (("email",), ("url",), ("phone",), ("score",)) and not (asked.speaker and piece and piece.sure):
        return "words that tie the question to a moment"
    if asked.sorts and piece is None:
        return f"the {asked.sorts[0]} asked for"
    if not asked.sorts and not novel(asked, remark):
        return "more than the question already says"
    if asked.why and not _BECAUSE.search(remark.body):
        return "a reason"
    if is_negated(remark.body) and not is_negated(asked.text):
        return "a statement that is not a denial"
    if asked.superlative and not any(word.stem in remark.stems for word in words(asked.text) if _superlative(word)):
        return "a comparison"
    if asked.bound and piece and not _at_bound(asked, remark, reading):
        return f"when it {asked.bound}s"
    if not covered.credit:
        return ""
    rivals = _rivals(asked, remark, reading) if asked.sorts else []
    # In a table the word must stand in the row itself: in the row beside it, it speaks of another value.
    rows = [o for o in reading.beside(remark) if o in rivals or (rivals and o.heading and o.heading == remark.heading)]
    loose = [
        word for word in covered.strong if covered.credit[word] <= BESIDE and any(word.stem in row.stems for row in rows)
    ]  # fmt: skip
    if loose:
        return f"which line {_listed(loose)} belongs to"
    if not (covered.own or _alone(asked, remark, covered, reading)):
        return f"what ties {piece.text if piece else remark.body!r} to {_listed(covered.near or covered.credit)}"
    if sum(covered.credit[word] >= NEAR for word in covered.strong) * 2 < len(covered.strong):
        return f"anything nearer to {_listed(word for word in covered.strong if covered.credit[word] < NEAR)}"
    if asked.sorts == ("number",) and not _counts(asked, remark, piece, meaning):
        return f"a number of {_listed(covered.credit)}"
    if asked.head is not None and not asked.sorts and not _is_one(asked.head, asked, remark, reading, meaning):
        return f"which {fold(asked.head.text)} it is"
    if asked.sorts == ("name",) and not _role_fits(asked, remark):
        return "who it is"
    if asked.sorts == ("name",) and piece is not None and not piece.sure and not _agrees(asked, remark, covered):
        return "who it is"
    return ""


def _told_by_hours(asked: Asked, covered: Cover) -> Cover:
    """`9:00-17:00` says when something begins and ends without those words."""
    told = {stem(word) for word in "open close start begin end finish shut".split()}
    return Cover({word: 0.8 if word.stem in told else credit for word, credit in covered.credit.items()})


def _names_head(asked: Asked, remark: Remark) -> bool:
    return asked.head is not None and (asked.head.stem in remark.stems or bool(synonyms(asked.head.stem) & remark.stems))


def _has_name(asked: Asked, remark: Remark) -> bool:
    """Tell whether something new in the remark is written like a name; a sentence's first word is not one."""
    return any(word.is_name and (remark.kind == "text" or word.start > 0) for word in _fresh(asked, remark))


def _superlative(word: Word) -> bool:
    return bool(re.search(r"(est|most|least|er)$", fold(word.text)))


def _span(asked: Asked, remark: Remark, covered: Cover, reading: Reading) -> tuple[Piece | None, tuple[tuple[Remark, str], ...]]:
    """Return the span of the sort asked for that lies nearest to the question's words, if there is one."""
    said = {word.stem for word in words(asked.text)}
    for sort in _sorts(asked, remark):
        options = [
            piece for piece in pieces(sort, remark.body)
            if not all(word.stem in said for word in words(piece.text)) or not words(piece.text)
        ]  # fmt: skip
        if sort == "colour":
            options = [piece for piece in options if _colours(piece, covered, remark)]
        if sort == "name":
            options = [piece for piece in options if _could_be_name(piece, asked)]
        if options:
            chosen = min(options, key=lambda piece: _gap(piece, asked, remark, sort))
            return chosen, _continued(remark, chosen, reading)
    if asked.sorts == ("name",) and remark.kind == "prose":
        return _doer(asked, remark), ()
    return None, ()


def _sorts(asked: Asked, remark: Remark) -> Iterator[str]:
    yield from asked.sorts
    measures = {"speed", "weight", "length", "temperature", "money", "amount", "volume", "percent", "phone"}
    # `Speed limit 30` gives no unit, but says itself what its number is; a price list seldom repeats the currency.
    if set(asked.sorts) & measures and (asked.sort_words_in(remark.stems | remark.heading_stems) or "money" in asked.sorts):
        if "phone" not in asked.sorts:
            yield "number" if asked.sort_words_in(remark.stems | remark.heading_stems) else "price"
    if "money" in asked.sorts and re.search(r"\b(free|gratis|complimentary)\b", fold(remark.body)):
        yield "free"


def _gap(piece: Piece, asked: Asked, remark: Remark, sort: str) -> float:
    """Return how far (characters) a span is from the words of the question; numbers stand before what they count."""
    wanted = {w.stem for w in (*asked.required, *asked.sort_words)} | ({asked.head.stem} if asked.head else set())
    if sort == "code" and (numbered := _numbered(asked)):
        wanted = {numbered}
    near = {other for stem_ in wanted for other in synonyms(stem_)} | wanted
    gaps = []
    for word in remark.words:
        if word.stem in near and not (piece.start <= word.start < piece.end):
            behind = word.start >= piece.end
            gap = word.start - piece.end if behind else piece.start - word.end
            gaps.append(gap + (0.5 if behind and sort != "number" else 0))
    return min(gaps, default=1000.0) - (500 if piece.sure and sort == "name" else 0)


def _colours(piece: Piece, covered: Cover, remark: Remark) -> bool:
    """Tell whether a colour belongs to a word of the question: just before it, or said of it."""
    for word in remark.words:
        if not any(word.stem == asked.stem or word.stem in synonyms(asked.stem) for asked in covered.strong):
            continue
        between = remark.body[piece.end : word.start] if word.start >= piece.end else remark.body[word.end : piece.start]
        if word.start >= piece.end and len(words(between)) <= 1 and not re.search(r"[,;.]", between):
            return True
        if word.start < piece.start and re.fullmatch(r"\s*(?:is|are|was|were|:|=|,|in)?\s*(?:mostly |all )?", between):
            return True
    return False


def _numbered(asked: Asked) -> str:
    """Return the stem of what a code belongs to (`which gate`, `what platform`)."""
    match = re.search(r"\b(?:what|which)\s+(?:is\s+|was\s+|are\s+)?(?:the\s+)?(\w+)", fold(asked.text))
    return stem(match.group(1)) if match else ""


def _continued(remark: Remark, piece: Piece, reading: Reading) -> tuple[tuple[Remark, str], ...]:
    """Return the remark on the same screen that breaks off where the span goes on, if there is one."""
    if remark.kind != "text" or remark.body[: piece.start].strip():
        return ()
    broken = [other for other in reading.beside(remark) if continues(other.body) and other.heading == remark.heading]
    return ((broken[0], broken[0].body),) if len(broken) == 1 else ()


def _could_be_name(piece: Piece, asked: Asked) -> bool:
    """A single capitalised word at a line's start is usually no name; a name holds none of the question's words."""
    said = {word.stem for word in words(asked.text)}
    inside = [word for word in words(piece.text) if is_content(word)]
    return bool(inside) and not any(word.stem in said for word in inside) and (piece.sure or len(inside) > 1)


def _agrees(asked: Asked, remark: Remark, covered: Cover) -> bool:
    """A mere capitalised run counts as the one asked for only beside the question's own verb or role."""
    return any(covered.credit[word] >= 0.9 and not strict_name(word) for word in covered.credit)


def strict_name(word: Word) -> bool:
    return word.is_name and word.start > 0


def _doer(asked: Asked, remark: Remark) -> Piece | None:
    """Return the words of a sentence before the verb of the question (`The vendor … closes the truck`)."""
    stems = {word.stem for word in asked.required}
    first = next((word for word in remark.words if word.stem in stems), None)
    if first is None or first.start < 3:
        return None
    text = remark.body[: first.start].strip(" ,;")
    return Piece(0, len(text), text) if any(is_content(word) for word in words(text)) else None


def _alone(asked: Asked, remark: Remark, covered: Cover, reading: Reading) -> bool:
    """A span is tied to words beside it when nothing else on the screen could be meant."""
    if not covered.near and covered.strong:
        return False
    others = reading.beside(remark)
    if asked.sorts:
        return not _rivals(asked, remark, reading)
    return len(others) == 1


def _rivals(asked: Asked, remark: Remark, reading: Reading) -> list[Remark]:
    """Return the other rows of the screen that hold a span of the sort asked for."""
    sort = next((sort for sort in asked.sorts if pieces(sort, remark.body)), "")
    return [
        other for other in reading.beside(remark)
        if sort and other.key != remark.key and any(piece.sure for piece in pieces(sort, other.body))
    ]  # fmt: skip


def _at_bound(asked: Asked, remark: Remark, reading: Reading) -> bool:
    """Tell whether a line says when something begins or ends: by hours from and to, or by the word."""
    if any(re.search(r"\d\s?[-–—]\s?\d", piece.text) for piece in pieces("time", remark.body)):
        return True
    own = {word.stem for word in words(asked.text)} & {stem(word) for word in "open close start begin end finish shut".split()}
    near = remark.stems | remark.heading_stems
    if any(opposites(word) & near and word not in near for word in own):
        return False
    return any(word in near or synonyms(word) & near for word in own) or not _rivals(asked, remark, reading)


def _role_fits(asked: Asked, remark: Remark) -> bool:
    """`Teaching assistant | Lena` names no teacher: what a label ends with must be what is asked for."""
    label, _, rest = remark.body.partition(" | ") if " | " in remark.body else remark.body.partition(": ")
    role = [word for word in words(label) if is_content(word)][-1:] if rest else []
    said = {word.stem for word in words(asked.text)}
    return not role or role[0].stem in said or bool(synonyms(role[0].stem) & said)


def _counts(asked: Asked, remark: Remark, piece: Piece | None, meaning: Meaning) -> bool:
    """Tell whether the number counts the thing asked about: it stands in the same remark."""
    match = re.search(r"\b(?:how many|number of)\s+(.+?)(?=\b(?:is|are|was|were|do|does|did|has|have|had|can|will|must|should)\b|$)", fold(asked.text))
    if not match or piece is None:
        return True
    nouns = [word for word in words(match.group(1))[:4] if is_content(word)]
    required = {word.stem for word in asked.required}
    nouns = [word for word in nouns if word.stem in required and not is_soft(word)][:2]
    have = remark.stems | remark.heading_stems
    return not nouns or any(
        word.stem in have or synonyms(word.stem) & have or meaning.same(word.text, (w.text for w in remark.words)) for word in nouns
    )


def _is_one(head: Word, asked: Asked, remark: Remark, reading: Reading, meaning: Meaning) -> bool:
    """Tell whether the remark names one of what `which` asks for (an animal, a university)."""
    have = remark.stems | remark.heading_stems
    if is_soft(head) or head.stem in have or synonyms(head.stem) & have or not is_content(head):
        return True
    fresh = _fresh(asked, remark)
    members = {stem(member) for member in KINDS.get(fold(head.text).rstrip("s"), KINDS.get(fold(head.text), frozenset()))}
    if members:
        return bool({word.stem for word in fresh} & members)
    if head.stem in _NAMED_KINDS and any(word.is_name for word in fresh):
        return True
    return meaning.member(head.text, [word.text for word in fresh])


def _fresh(asked: Asked, remark: Remark) -> list[Word]:
    said = {word.stem for word in words(asked.text)}
    return [word for word in remark.words if is_content(word) and word.stem not in said]


def novel(asked: Asked, remark: Remark) -> bool:
    """Tell whether the remark says anything the question does not."""
    said = {word.stem for word in words(asked.text)}
    return any(word.stem not in said and fold(word.text) not in _HOLLOW for word in remark.words)


_HOLLOW = frozenset("the a an is are of in on at to and or for with by it its this that".split())


def value(asked: Asked, remark: Remark) -> str:
    """Return the part of a remark that answers: the value of a label, or the clause that goes with the question."""
    body = remark.body.strip()
    label, colon, rest = body.partition(": ")
    if colon and rest and len(words(label)) <= 4:
        return rest.strip()
    cells = [cell.strip() for cell in body.split(" | ")]
    said = {word.stem for word in words(asked.text)}
    if len(cells) == 2 and {word.stem for word in words(cells[0])} & said:
        return cells[1]
    if len(words(body)) <= 14:
        return body
    clauses = [clause for clause in re.split(r"(?<=[.;!?])\s+", body) if clause]
    return max(clauses, key=lambda clause: len({word.stem for word in words(clause)} & said)).strip()


def _unless_rivalled(found: list[Found]) -> list[Found]:
    """Grade down answers that another line contradicts with the same right: both cannot be meant."""
    sure = [item for item in found if item.support == "supported"]
    if not sure:
        return found
    top = max(item.confidence for item in sure)
    rivals = {fold(item.answer): item for item in sure if item.confidence > top - 0.02}
    distinct = [a for a in rivals if not any(a != b and (a in b or b in a) for b in rivals)]
    if len(distinct) <= 1 or all(item.cover.own or not item.cover.credit for item in sure):
        return found
    return [item if item.cover.own or not item.cover.credit or item.support != "supported" else _weaker(item) for item in found]


def _weaker(item: Found) -> Found:
    return replace(item, support="partly", confidence=0.5, lacking="which of several lines is meant")


def _listed(items: Iterable[Word]) -> str:
    names = list(dict.fromkeys(word.text for word in items))
    return " and ".join(f'"{name}"' for name in names[:3]) or "it"

