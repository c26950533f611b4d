"""What keeps a remark from answering a question: the conditions under which it is not believed."""

from __future__ import annotations

import re
from collections.abc import Iterable

from tools.reasoners.embedded.cover import BESIDE, NEAR, Cover, is_soft, strict
from tools.reasoners.embedded.lexicon import KINDS, word_set
from tools.reasoners.embedded.meaning import Meaning
from tools.reasoners.embedded.perception import VOICES
from tools.reasoners.embedded.question import Asked
from tools.reasoners.embedded.reading import Reading, Remark
from tools.reasoners.embedded.sorts import BOUNDS
from tools.reasoners.embedded.spans import Piece, pieces
from tools.reasoners.embedded.wording import (
    Word,
    content,
    does,
    fold,
    is_content,
    is_negated,
    meant,
    opposites,
    stem,
    stems,
    words,
)

_SAID = {"email": "e-mail address", "url": "web address", "phone": "telephone number", "code": "number"}
"""How a sort is called, where its own name is not a word."""
_BECAUSE = re.compile(
    r"\b(because|due to|owing to|thanks to|since|so that|in order to|caused by|reason|for)\b", re.IGNORECASE
)
_READS = re.compile(r"\b(reads?|says?|said|written|labell?ed|inscribed|spells?|words|text)\b|[\"“]", re.IGNORECASE)
_NAMED_KINDS = stems(
    "organisation organization company firm university institute foundation museum team club city town street "
    "road film book painting restaurant hotel shop station brand product project person name village river "
    "lake bridge school college department agency bank airline"
)
"""Kinds of things that have names: a name nearby may well be one."""
_HOLLOW = word_set("the a an is are of in on at to and or for with by it its this that")


def lacking(
    asked: Asked, remark: Remark, covered: Cover, piece: Piece | None, reading: Reading, meaning: Meaning
) -> str:
    """Return in words what keeps the remark from answering, or an empty string."""
    if covered.conflict:
        return f"something about {listed(covered.credit)}; {remark.body!r} says the opposite"
    if covered.missing:
        return f"anything about {listed(covered.missing)}"
    if asked.unseen and any(credit < 0.9 for credit in covered.credit.values()):
        return asked.unstated
    if asked.spoken and remark.kind == "text":
        return f"{VOICES}: what is written need not be what was said"
    if asked.says and remark.kind == "prose" and not _READS.search(remark.body):
        return "the words themselves"
    if asked.named and not asked.sorts and not _has_name(asked, remark):
        return "a name"
    if (
        not covered.credit
        and asked.sorts[:1] not in (("email",), ("url",), ("phone",), ("score",))
        and not (asked.speaker and piece and piece.sure)
        and not (asked.spoken and reading.spoken == [remark])
    ):
        return "words that tie the question to a moment"
    if asked.sorts and piece is None:
        return f"the {_SAID.get(asked.sorts[0], asked.sorts[0])} asked for"
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
    far = [word for word in covered.strong if covered.credit[word] <= BESIDE]
    loose = [
        word
        for word in far
        for row in rows
        if word.stem in row.stems and (strict(word) or len(row.stems & asked.stems) >= len(remark.stems & asked.stems))
    ]
    if loose:
        return f"which line {listed(loose)} belongs to"
    if not (covered.own or _alone(asked, remark, covered, reading)):
        return f"what ties {piece.text if piece else remark.body!r} to {listed(covered.near or covered.credit)}"
    if sum(covered.credit[word] >= NEAR for word in covered.strong) * 2 < len(covered.strong):
        return f"anything nearer to {listed(word for word in covered.strong if covered.credit[word] < NEAR)}"
    if asked.sorts == ("number",) and not _counts(asked, remark, piece, meaning):
        return f"a number of {listed(covered.credit)}"
    if asked.head is not None and not asked.sorts and not _is_one(asked.head, asked, remark, reading, meaning):
        return f"which {fold(asked.head.text)} it is"
    if asked.sorts == ("name",) and not _role_fits(asked, remark):
        return "who it is"
    if asked.sorts == ("name",) and piece is not None and not piece.sure and not _agrees(asked, remark, covered):
        return "who it is"
    return ""


def _has_name(asked: Asked, remark: Remark) -> bool:
    """Tell whether something new in the remark is written like a name; a sentence's first word is not one."""
    return any(word.is_name and (remark.kind == "text" or word.start > 0) for word in _fresh(asked, remark))


def _superlative(word: Word) -> bool:
    return bool(re.search(r"(est|most|least|er)$", fold(word.text)))


def _agrees(asked: Asked, remark: Remark, covered: Cover) -> bool:
    """A mere capitalised run counts as the one asked for only beside the question's own verb or role."""
    return any(covered.credit[word] >= 0.9 and not _is_given_name(word) for word in covered.credit)


def _is_given_name(word: Word) -> bool:
    return word.is_name and word.start > 0


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
    labelled = asked.sort_words_in(remark.stems)
    others = [other for other in reading.beside(remark) if sort and other.key != remark.key]
    if labelled:
        others = [other for other in others if asked.sort_words_in(other.stems)]
    return [other for other in others if any(piece.sure for piece in pieces(sort, other.body))]


def _at_bound(asked: Asked, remark: Remark, reading: Reading) -> bool:
    """Tell whether a line says when something begins or ends: by hours from and to, or by the word."""
    if any(re.search(r"\d\s?[-–—]\s?\d", piece.text) for piece in pieces("time", remark.body)):
        return True
    own = asked.stems & BOUNDS
    near = remark.all_stems
    if any(opposites(word) & near and word not in near for word in own):
        return False
    return any(meant(word, near) for word in own) or not _rivals(asked, remark, reading)


def _role_fits(asked: Asked, remark: Remark) -> bool:
    """`Teaching assistant | Lena` names no teacher: what a label ends with must be what is asked for."""
    label, _, rest = remark.body.partition(" | ") if " | " in remark.body else remark.body.partition(": ")
    role = content(label)[-1:] if rest else []
    if not role or meant(role[0].stem, asked.stems):
        return True
    return any(does(role[0].stem, other) for other in asked.stems)


def _counts(asked: Asked, remark: Remark, piece: Piece | None, meaning: Meaning) -> bool:
    """Tell whether the number counts the thing asked about: it stands in the same remark."""
    match = re.search(
        r"\b(?:how many|number of)\s+(.+?)(?=\b(?:is|are|was|were|do|does|did|has|have|had|can|will|must|should)\b|$)",
        fold(asked.text),
    )
    if not match or piece is None:
        return True
    nouns = [word for word in words(match.group(1))[:4] if is_content(word)]
    required = {word.stem for word in asked.required}
    nouns = [word for word in nouns if word.stem in required and not is_soft(word)][:2]
    have = remark.stems
    return not nouns or any(
        meant(word.stem, have) or meaning.same(word.text, (w.text for w in remark.words)) for word in nouns
    )


def _is_one(head: Word, asked: Asked, remark: Remark, reading: Reading, meaning: Meaning) -> bool:
    """Tell whether the remark names one of what `which` asks for (an animal, a university)."""
    have = remark.all_stems
    if is_soft(head) or meant(head.stem, have) or not is_content(head):
        return True
    fresh = _fresh(asked, remark)
    members = {
        stem(member) for member in KINDS.get(fold(head.text).rstrip("s"), KINDS.get(fold(head.text), frozenset()))
    }
    if members:
        return bool({word.stem for word in fresh} & members)
    if head.stem in _NAMED_KINDS and any(word.is_name for word in fresh):
        return True
    return meaning.member(head.text, [word.text for word in fresh])


def _fresh(asked: Asked, remark: Remark) -> list[Word]:
    return [word for word in remark.words if is_content(word) and word.stem not in asked.stems]


def novel(asked: Asked, remark: Remark) -> bool:
    """Tell whether the remark says anything the question does not."""
    return any(word.stem not in asked.stems and fold(word.text) not in _HOLLOW for word in remark.words)


def listed(items: Iterable[Word]) -> str:
    """Return up to three words, quoted and joined."""
    names = list(dict.fromkeys(word.text for word in items))
    return " and ".join(f'"{name}"' for name in names[:3]) or "it"
