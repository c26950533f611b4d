"""How replies name the letter of an option: patterns, each with the letter in the group `letter`."""

from __future__ import annotations

import re

_LATIN = "A-Za-z0-9_\u00c0-\u024f\u0370-\u052f"
"""What a letter of an option does not stand beside; Chinese, Japanese and Korean signs it may."""
_OPEN, _CLOSE = r"[\[({<\"'“‘「『【]", r"[\])}>\"'”’」』】]"
_LETTER = rf"(?:{_OPEN}\s*)?(?<![{_LATIN}])(?P<NAME>[A-Za-z])(?![{_LATIN}]|['’][A-Za-z])(?:\s*{_CLOSE})?"
ONE, _OTHER = _LETTER.replace("NAME", "letter"), _LETTER.replace("NAME", "other")

_CONJUNCTION = r"(?:or|and|oder|und|ou|et|o|y|e|или|и|ve|veya)"
_JOIN = rf"\s*(?:,(?:\s*(?:or|and)\s+(?:option\s+)?)?|[/&或和か、]|\b{_CONJUNCTION}\b\s*(?:option\s+)?)\s*"
_ANSWER = (
    r"(?:answers?|ans\.?|choice|antwort|réponse|respuesta|opción|resposta|risposta|opzione|ответ|odpowiedź|antwoord|"
    r"svar|答案|正解|答え|정답|선택)"
)
_CORRECT = r"(?:options?|right|correct|correcta|correta|corretta|lösung)"
_COPULA = r"(?:[:=]|\b(?:is|are|would be|should be|must be|es|é|è)\b)"
_FILLING = (
    r"(?:\s|[:=,\-–—]|\b(?:is|are|was|be|would|should|must|will|therefore|thus|clearly|probably|definitely|likely|most|"
    r"then|letter|option|choice|number|have|to|the|correct|right|best|final|ist|est|es|é|è|e|la|le|el|die|der|das|lautet|"
    r"correcta|correcte|correta|corretta|bonne)\b|[是为為应應该該选選项項はが은는이]){0,40}?"
)
_CHOOSE = (
    r"(?:\b(?:choose|chose|pick|select|say|guess|think|believe|go(?:ing)? with|went with|lean(?:ing)? towards?|"
    r"vote for|leaves?|leaving|therefore|thus|hence|so|que (?:c'est|es|é)|(?:che )?sia|wähle|elijo|"
    r"it(?: is|'s| must be| should be| would be| has to be))\b|[选選]择?擇?|是)"
    r"[\s,]*(?:it(?: is|'s)|that)?\s*(?:option|choice|answer|letter|la|a|die|[为為是])?\s*[:：]?\s*"
)
_RIGHT = (
    r"\s*(?:\b(?:is|are|was|seems?|looks?|appears?|fits?|matches|would be|must be|should be|remains|ist|est|es|é|è)\b)"
    r"(?:\s+(?:to|be|the|a|most|only|clearly|la|le|die))*\s*"
    r"(?:correct|right|best|better|likely|answer|true|one|accurate|closest|plausible|richtig|correcta?|bonne|corretta)"
)
DECLARED = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b{_ANSWER}{_FILLING}{ONE}",
        rf"(?:答案|正解|答え|정답){_FILLING}{ONE}",
        rf"\b{_CORRECT}\s*{_COPULA}{_FILLING}{ONE}",
        rf"{_CHOOSE}{ONE}",
        rf"{ONE}{_RIGHT}",
        rf"\bmakes?\s+(?:option\s+)?{ONE}\s+(?:the\s+)?(?:right|correct|best|answer)",
        rf"{ONE}\s+(?:fits|matches)\b(?!\s+(?:not|no|neither|less|worse))",
        rf"{ONE}\s*(?:が正解|是正确|是對|正确)",
        rf"\bnot\s+(?:option\s+)?[A-Za-z]\b,?\s*(?:but|it's|it is)\s+(?:rather\s+)?(?:option\s+)?{ONE}",
        rf"{ONE},?\s*(?:rather than|instead of|(?:and )?not)\s+(?:option\s+)?[A-Z]\b",
        rf"\\boxed\{{\s*(?:\\text\{{)?\s*{ONE}",
    )
)
"""A letter said to be the answer."""
ORDINAL = re.compile(r"\b(first|second|third|fourth|fifth|sixth)\s+(?:option|choice|answer)\b", re.IGNORECASE)
ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth")
BARE = re.compile(rf"\W*(?:\b(?:option|choice|answer)\W*)?{ONE}\W*", re.IGNORECASE)
"""A line that is a letter and nothing else."""
LEADING = re.compile(rf"\W*(?:option\s+)?{ONE}(?P<mark>\s*[.):,\-–—、]|\s+(?:because|since|as)\b)", re.IGNORECASE)
"""A line that begins with a letter set apart."""
MARKED = re.compile(r"(?<!\w)[(]?[A-Z][.):]\s")
"""A letter set apart, as in a list of the options."""
TAIL = re.compile(rf"\b{_ANSWER}\s*(?:[:=]|\b(?:is|are|was|would be)\b)\s*(.+)", re.IGNORECASE)
"""What is said to be the answer, in words."""

JOINED_AFTER = re.compile(rf"\W?{_JOIN}{_OTHER}", re.IGNORECASE)
JOINED_BEFORE = re.compile(rf"{_OTHER}{_JOIN}[\[(]?$", re.IGNORECASE)
"""Another letter (`other`) that stands beside one as an equal: `B or C`."""
AS_WORD = re.compile(
    rf"\s+(?!(?:is|was|are|because|since|as|but|seems|rather|instead|not|ist|est|es|{_CONJUNCTION})\b)[^\W\d_]"
)
"""What follows a letter that is a word, as in `A man`."""
WORDLIKE = "AIEOY"
"""Letters that are also words, in English or beside it."""

NEGATED_BEFORE = re.compile(
    r"(?:\b(?:not|cannot|can't|couldn't|never|neither|nor|isn't|aren't|wasn't|rather than|instead of|except|"
    r"exclude|eliminate|rule out|nicht|pas|no es|não|non)\b|[不非])"
    r"(?:\s+(?:the|be|option|answer|choice|it))*[\s是\"'(]*$",
    re.IGNORECASE,
)
NEGATED_AFTER = re.compile(
    r"\s*(?:(?:is|are|was|can be|would be|seems?|looks?|must be)\s+)?(?:not\b|isn't|wrong|incorrect|false|ruled out|"
    r"eliminated|excluded|unlikely|doesn't|cannot|can't)",
    re.IGNORECASE,
)
REFUSAL = re.compile(
    r"\b(?:can't|can ?not|could not|couldn't|unable to|not possible to|impossible to|do(?:es)? not|do(?:es)?n't|not)\s+"
    r"(?:\w+\s+){0,2}?(?:be\s+)?(?:determin|tell|know|say|answer|show|help|enough|see|identif|infer|sure|certain)|"
    r"\bnone of\b|\bno (?:answer|option|information)\b|\bunknown\b",
    re.IGNORECASE,
)
NOT = frozenset(
    ("not", "no", "never", "neither", "nor", "without")
    + ("isn't", "aren't", "wasn't", "weren't", "doesn't", "don't", "didn't")
)
CLAUSE = re.compile(r"[.;!?\n。；]|(?=\b(?:but|rather|instead)\b)")
"""Where a denial ends."""
SENTENCE = re.compile(r"[.;!?\n。；]")
