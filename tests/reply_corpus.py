"""Replies as models really write them, and what each must be read as.

An entry is a name, the reply type asked for, the text, and the fields that must come out (None: the
reply cannot be used and must be asked again). Fields that are not named must have their defaults.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from pydantic import BaseModel

from tools.reasoners.base import FinalAnswer, Judgement, Looks, Summary, Verdict


class Case(NamedTuple):
    name: str
    schema: type[BaseModel]
    text: str
    fields: dict[str, Any] | None


FULL = '{"support": "supported", "confidence": 0.9, "answer": "a tram", "option": "", "missing": "", "evidence": []}'
YES = {"support": "supported", "confidence": 0.9, "answer": "a tram"}
TRAM = {"answer": "a tram", "confidence": 0.9}
CITED = {"caption": "5f2a90c1", "quote": "a red tram stops"}

CASES = [
    # Plain, fenced, wrapped in prose.
    Case("plain", Verdict, FULL, YES),
    Case("fence", Verdict, f"```json\n{FULL}\n```", YES),
    Case("fence without a language", Verdict, f"```\n{FULL}\n```", YES),
    Case("fence never closed", Verdict, f"```json\n{FULL}", YES),
    Case("prose around", Verdict, f"Sure! Here is my verdict:\n\n{FULL}\n\nLet me know if you need more.", YES),
    Case("prose with braces before", Verdict, f"The set {{red, blue}} is meant. {FULL}", YES),
    Case("byte order mark", Verdict, "\ufeff" + FULL, YES),
    Case("boxed", Verdict, f"<|begin_of_box|>{FULL}<|end_of_box|>", YES),
    Case("in an answer tag", Verdict, f"<answer>{FULL}</answer>", YES),
    # Reasoning.
    Case("thought", Verdict, f"<think>It may be a bus.</think>\n{FULL}", YES),
    Case("thought with a draft", Verdict, f'<think>{{"support": "partly", "answer": "a bus"}}</think>{FULL}', YES),
    Case("two thoughts", Verdict, f"<think>One.</think><think>Two.</think>{FULL}", YES),
    Case("thought after a word", Verdict, f"Well. <thinking>Hm {{}}.</thinking> {FULL}", YES),
    Case("only the closing tag", Verdict, f'Perhaps {{"support": "partly"}}? No.\n</think>\n{FULL}', YES),
    Case("never closed", Verdict, f"<think>It must be the tram, so\n{FULL}", YES),
    Case("channels", Verdict, f"<|channel|>analysis<|message|>{{}}<|end|><|channel|>final<|message|>{FULL}", YES),
    Case("square tags", Verdict, f"[THINK]Which one?[/THINK]{FULL}", YES),
    Case("nothing but thought", Verdict, "<think>I cannot decide.</think>", None),
    Case(
        "tags inside the answer",
        FinalAnswer,
        '{"answer": "a sign: <think> twice </think> once"}',
        {"answer": "a sign: <think> twice </think> once"},
    ),
    # Broken JSON.
    Case(
        "python literals", FinalAnswer, "{'answer': 'a tram', 'confidence': 0.9, 'option': None, 'reason': None}", TRAM
    ),
    Case(
        "null where text is due",
        Verdict,
        '{"support": "unsupported", "answer": null, "evidence": null}',
        {"support": "unsupported"},
    ),
    Case(
        "unescaped quotes",
        FinalAnswer,
        '{"answer": "the sign says "Exit" twice", "confidence": 0.5}',
        {"answer": 'the sign says "Exit" twice', "confidence": 0.5},
    ),
    Case(
        "a brace inside a string",
        FinalAnswer,
        '{"answer": "it shows } and {", "confidence": 0.5}',
        {"answer": "it shows } and {", "confidence": 0.5},
    ),
    Case(
        "a line break inside a string",
        FinalAnswer,
        '{"answer": "one\ntwo", "confidence": 0.5}',
        {"answer": "one\ntwo", "confidence": 0.5},
    ),
    Case("trailing commas", Judgement, '{"kind": "local", "segments": ["c1", "c2",],}', {"segments": ["c1", "c2"]}),
    Case(
        "comments",
        Judgement,
        '{"kind": "order", // temporal\n "segments": ["c1"] /* best */}',
        {"kind": "order", "segments": ["c1"]},
    ),
    Case("no quotes on keys", FinalAnswer, '{answer: "a tram", confidence: 0.9}', TRAM),
    Case("curly quotes", FinalAnswer, "{“answer”: “a tram”, “confidence”: 0.9}", TRAM),
    Case("a comma forgotten", FinalAnswer, '{"answer": "a tram" "confidence": 0.9}', TRAM),
    Case(
        "words with None in them",
        FinalAnswer,
        '{"answer": "None other than a true story; untrue"}',
        {"answer": "None other than a true story; untrue"},
    ),
    Case(
        "cut off in a string",
        Verdict,
        '{"support": "partly", "confidence": 0.4, "answer": "a tr',
        {"support": "partly", "confidence": 0.4, "answer": "a tr"},
    ),
    Case(
        "cut off in a list",
        Looks,
        '{"looks": [{"segment": "c4", "focus": "the sign"}, {"segment": "c',
        {"looks": [{"segment": "c4", "focus": "the sign"}, {"segment": "c"}]},
    ),
    Case("cut off before anything", Verdict, '{"supp', None),
    Case("doubled braces", FinalAnswer, '{{"answer": "a tram", "confidence": 0.9}}', TRAM),
    # Which object.
    Case(
        "an example after it",
        FinalAnswer,
        '{"answer": "a tram", "confidence": 0.9}\n\nAn example of the form: {"answer": "a dog", "confidence": 1, '
        '"option": "A", "reason": "it barks"}',
        TRAM,
    ),
    Case(
        "the form before it",
        FinalAnswer,
        'The format is {"answer": "text", "option": "A", "confidence": 0.5, "reason": "x"}. '
        'So:\n\n{"answer": "a tram", "confidence": 0.9}',
        TRAM,
    ),
    Case(
        "placeholders before it",
        FinalAnswer,
        '{"answer": "...", "reason": "..."}\n{"answer": "a tram", "confidence": 0.9}',
        TRAM,
    ),
    Case(
        "the same shape twice",
        FinalAnswer,
        '{"answer": "a tram", "confidence": 0.9} {"answer": "a dog", "confidence": 1}',
        TRAM,
    ),
    Case(
        "corrected",
        FinalAnswer,
        '{"answer": "a bus", "confidence": 0.9}\nWait, the caption says tram. Corrected:\n'
        '{"answer": "a tram", "confidence": 0.9}',
        TRAM,
    ),
    Case(
        "an inner object",
        FinalAnswer,
        '{"answer": "a tram", "confidence": 0.9, "evidence": [{"caption": "5f2a90c1", "quote": "a red tram stops"}]}',
        TRAM | {"evidence": [CITED]},
    ),
    Case("wrapped", Verdict, '{"Verdict": ' + FULL + "}", YES),
    Case("as a tool call", Verdict, '{"name": "Verdict", "arguments": ' + FULL + "}", YES),
    Case(
        "as a tool call with text",
        FinalAnswer,
        '{"name": "FinalAnswer", "arguments": "{\\"answer\\": \\"a tram\\", \\"confidence\\": 0.9}"}',
        TRAM,
    ),
    Case("the schema said back", FinalAnswer, '{"type": "object", "properties": {"answer": {"type": "string"}}}', None),
    Case(
        "the schema, then the answer",
        FinalAnswer,
        '{"properties": {"answer": {"type": "string"}}}\n{"answer": "a tram", "confidence": 0.9}',
        TRAM,
    ),
    Case("a list of one", FinalAnswer, '[{"answer": "a tram", "confidence": 0.9}]', TRAM),
    Case(
        "an example does not replace what is broken",
        FinalAnswer,
        '{"answer": {"what": "tram"}, "confidence": 0.9}\nExample: {"answer": "a dog"}',
        None,
    ),
    # Values.
    Case("per cent", Verdict, '{"support": "partly", "confidence": "80%"}', {"support": "partly", "confidence": 0.8}),
    Case(
        "bare per cent", Verdict, '{"support": "partly", "confidence": 80%}', {"support": "partly", "confidence": 0.8}
    ),
    Case(
        "of one", Verdict, '{"support": "partly", "confidence": "0.8 of 1"}', {"support": "partly", "confidence": 0.8}
    ),
    Case("of ten", Verdict, '{"support": "partly", "confidence": "8/10"}', {"support": "partly", "confidence": 0.8}),
    Case(
        "a whole number", Verdict, '{"support": "partly", "confidence": 85}', {"support": "partly", "confidence": 0.85}
    ),
    Case(
        "a comma for a point",
        Verdict,
        '{"support": "partly", "confidence": "0,8"}',
        {"support": "partly", "confidence": 0.8},
    ),
    Case(
        "a word for a number",
        Verdict,
        '{"support": "partly", "confidence": "High"}',
        {"support": "partly", "confidence": 0.85},
    ),
    Case("a number for text", FinalAnswer, '{"answer": 7, "confidence": 0.9}', {"answer": "7", "confidence": 0.9}),
    Case("a truth for text", FinalAnswer, '{"answer": true}', {"answer": "yes"}),
    Case("case and stops", Verdict, '{"Support": "Supported.", "Confidence": 0.9, "Answer": "a tram"}', YES),
    Case("kin of a grade", Verdict, '{"support": "partially supported"}', {"support": "partly"}),
    Case("not supported", Verdict, '{"support": "Not supported"}', {"support": "unsupported"}),
    Case(
        "a truth for a grade",
        Verdict,
        '{"support": true, "answer": "a tram"}',
        {"support": "supported", "answer": "a tram"},
    ),
    Case("all grades at once", Verdict, '{"support": "supported | partly | unsupported"}', None),
    Case(
        "more words than the choice",
        Judgement,
        '{"kind": "a counting question", "segments": ["c1"]}',
        {"kind": "counting", "segments": ["c1"]},
    ),
    Case("ids as text", Judgement, '{"kind": "local", "segments": "c4, c5 and c9"}', {"segments": ["c4", "c5", "c9"]}),
    Case(
        "ids as a list in text",
        Judgement,
        '{"kind": "local", "segments": "[\'c4\', \'c5.f2\']"}',
        {"segments": ["c4", "c5.f2"]},
    ),
    Case("ids in brackets", Judgement, '{"segments": ["[c4]", " `v2/c5` "]}', {"segments": ["c4", "v2/c5"]}),
    Case(
        "ids as objects",
        Judgement,
        '{"segments": [{"id": "c4", "reason": "board"}, {"segment": "c5"}]}',
        {"segments": ["c4", "c5"]},
    ),
    Case("no ids", Judgement, '{"kind": "whole", "segments": "none"}', {"kind": "whole"}),
    Case("one id", Judgement, '{"segment_ids": "c4"}', {"segments": ["c4"]}),
    Case("a bare list of ids", Judgement, '["c4", "c5"]', {"segments": ["c4", "c5"]}),
    Case(
        "a bare list of looks",
        Looks,
        '[{"segment": "c4", "focus": "sign"}, {"segment": "c5"}]',
        {"looks": [{"segment": "c4", "focus": "sign"}, {"segment": "c5"}]},
    ),
    Case(
        "a bare look",
        Looks,
        '{"segment": "c4", "focus": "the sign"}',
        {"looks": [{"segment": "c4", "focus": "the sign"}]},
    ),
    Case("looks by id", Looks, '{"looks": ["c4", "c5"]}', {"looks": [{"segment": "c4"}, {"segment": "c5"}]}),
    Case("one look", Looks, '{"looks": {"segment": "c4"}}', {"looks": [{"segment": "c4"}]}),
    Case(
        "evidence by id",
        Verdict,
        '{"support": "supported", "evidence": ["5f2a90c1"]}',
        {"support": "supported", "evidence": [{"caption": "5f2a90c1"}]},
    ),
    Case(
        "evidence as a mapping",
        Verdict,
        '{"support": "supported", "evidence": {"5f2a90c1": "a red tram stops"}}',
        {"support": "supported", "evidence": [CITED]},
    ),
    Case(
        "evidence with an id key",
        Verdict,
        '{"support": "supported", "evidence": [{"caption_id": "5f2a90c1", "quote": "a red tram stops"}]}',
        {"support": "supported", "evidence": [CITED]},
    ),
    Case("half a character", FinalAnswer, '{"answer": "a \\ud83d tram"}', {"answer": "a ? tram"}),
    Case(
        "other scripts",
        FinalAnswer,
        '好的：{"answer": "红色电车", "confidence": 0.9}',
        {"answer": "红色电车", "confidence": 0.9},
    ),
    # Options.
    Case("a letter", FinalAnswer, "B", {"answer": "B", "option": "B"}),
    Case("a letter in brackets", FinalAnswer, "(b).", {"answer": "B", "option": "B"}),
    Case("a bold letter", FinalAnswer, "**C**", {"answer": "C", "option": "C"}),
    Case("a letter, then why", FinalAnswer, "B\n\nThe tram stops there.", {"answer": "B", "option": "B"}),
    Case("a sentence with a letter", FinalAnswer, "The correct answer is D.", {"answer": "D", "option": "D"}),
    Case("a letter after thought", FinalAnswer, "<think>Not A.</think>\nB", {"answer": "B", "option": "B"}),
    Case(
        "a letter on the last line",
        FinalAnswer,
        "A tram stops there; no bus does.\n\nAnswer: B",
        {"answer": "B", "option": "B"},
    ),
    Case("a letter with its text", FinalAnswer, "B. A girl in a dress", {"answer": "A girl in a dress", "option": "B"}),
    Case("only the option", FinalAnswer, '{"option": "B"}', {"answer": "B", "option": "B"}),
    Case(
        "the option with its text",
        FinalAnswer,
        '{"answer": "a tram", "option": "B) a tram"}',
        {"answer": "a tram", "option": "B"},
    ),
    Case(
        "an option that begins with a letter",
        FinalAnswer,
        '{"answer": "A girl", "option": "A girl in a dress"}',
        {"answer": "A girl", "option": "A girl in a dress"},
    ),
    # No JSON at all.
    Case(
        "lines",
        Verdict,
        "**Support:** partly\n**Confidence:** 40%\n**Answer:** a tram",
        YES | {"support": "partly", "confidence": 0.4},
    ),
    Case(
        "a summary in prose",
        Summary,
        "A tram stops, and people get on.",
        {"summary": "A tram stops, and people get on."},
    ),
    Case("a refusal", Verdict, "I am sorry, but I cannot help with that.", None),
    Case("blank", Verdict, " \n", None),
    Case("an empty object", Judgement, "{}", None),
    Case("something else", Judgement, '{"weather": "fine"}', None),
    Case("a number", Verdict, "42", None),
    # More of what models do.
    Case(
        "a choice that is a word for a placeholder",
        Judgement,
        '{"kind": "text", "segments": [{"segment": "c1", "score": 0.9}, "c2"]}',
        {"kind": "text", "segments": ["c1", "c2"]},
    ),
    Case("two choices at once", Judgement, '{"kind": "Local|Counting", "segments": ["c1"]}', None),
    Case(
        "ids in a bare list of objects", Judgement, '[{"segment": "c1"}, {"segment": "c2"}]', {"segments": ["c1", "c2"]}
    ),
    Case("ids as lines", Judgement, "Segments: c1, c2\nKind: order", {"kind": "order", "segments": ["c1", "c2"]}),
    Case("longer names", FinalAnswer, '{"final_answer": "a tram", "confidence_score": 0.9}', TRAM),
    Case("the plain name first", FinalAnswer, '{"answer_draft": "a bus", "answer": "a tram", "confidence": 0.9}', TRAM),
    Case("a number in an object", FinalAnswer, '{"answer": "a tram", "confidence": {"value": 0.9}}', TRAM),
    Case(
        "evidence in words",
        FinalAnswer,
        '{"answer": "a tram", "confidence": 0.9, "evidence": "caption 5f2a90c1: \\"a red tram stops\\""}',
        TRAM | {"evidence": [CITED]},
    ),
    Case(
        "evidence with a plain id",
        FinalAnswer,
        '{"answer": "a tram", "confidence": 0.9, "evidence": [{"id": "5f2a90c1", "quote": "a red tram stops"}]}',
        TRAM | {"evidence": [CITED]},
    ),
    Case("a boxed letter", FinalAnswer, "So it is\n\\boxed{B}", {"answer": "B", "option": "B"}),
    Case("only placeholders", FinalAnswer, '{"answer": "...", "reason": "<your reason>"}', None),
    Case(
        "a summary in sentences",
        Summary,
        '{"summary": ["A tram stops.", "It leaves."]}',
        {"summary": "A tram stops. It leaves."},
    ),
    Case(
        "a part of what is broken",
        Verdict,
        '{"support": "maybe", "inner": {"support": "supported"}, "answer": "x"}',
        None,
    ),
    Case(
        "two fences, the second a supposition",
        Verdict,
        f"```json\n{FULL}\n```\nIf it were otherwise I would have said\n"
        f"```json\n{FULL.replace('supported', 'unsupported')}\n```",
        YES,
    ),
]
