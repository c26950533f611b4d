"""Cues as people write them: without their styles, and never more of them than can be said."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from memory_store.records import Line

LONGEST = 2_000
"""Characters of one cue; what is beyond them is left out."""
_A_MINUTE = 20_000
"""Characters of all the cues that begin in one minute: twenty times what a person says."""
_LEAST = 20
"""Characters that a cue counts for at least."""
_MOST = 250_000
"""Cues of one source: a month of talk."""
_DRAWN = re.compile(r"\{[^{}]*\\p[1-9]")
# An opening bracket ends the search for the closing one of another: each character is read once.
_STYLES = re.compile(r"\{[^{}]*\}|< ?/? ?[a-zA-Z][^<>]{0,200}>|<\d[\d:.]{0,20}>")


def plain(text: str) -> str:
    """Return the words of a cue without its styles, one row a line; none where it is a drawing."""
    if _DRAWN.search(text):
        return ""
    return _STYLES.sub("", text).replace("\\N", "\n").replace("\\n", "\n").replace("\\h", " ").strip()


def bounded(cues: Iterable[Line]) -> Iterator[Line]:
    """Yield the cues as long as they are as many and as long as cues can be; the others are left out."""
    said: Counter[int] = Counter()
    left = _MOST
    for cue in cues:
        minute, size = int(cue.start // 60), max(_LEAST, min(len(cue.text), LONGEST))
        if said[minute] + size > _A_MINUTE:
            continue
        said[minute] += size
        yield cue._replace(text=cue.text[:LONGEST])
        left -= 1
        if not left:
            return
