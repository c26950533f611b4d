"""The one reply function: whatever a model writes is read, asked again, or refused, and never more than that."""

from __future__ import annotations

import contextlib
import json
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from tests.reply_corpus import CASES, FULL, Case
from tools.reasoners.base import FinalAnswer, Judgement, Looks, ReasonerError, Summary, Verdict
from tools.reasoners.reply import ReplyError, ask, describe_form, json_schema, parse_reply
from tools.usage import Usage

SCHEMAS = [Judgement, Verdict, Looks, FinalAnswer, Summary]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_corpus(case: Case) -> None:
    if case.fields is None:
        with pytest.raises(ReplyError) as problem:
            parse_reply(case.text, case.schema)
        assert str(problem.value)
    else:
        assert parse_reply(case.text, case.schema) == case.schema.model_validate(case.fields)


def test_the_corpus_is_large_and_its_names_are_its_own() -> None:
    assert len(CASES) >= 100
    assert len({case.name for case in CASES}) == len(CASES)


FRAGMENTS = st.sampled_from(
    ['{"', '"}', "{", "}", "[", "]", '"support"', ":", ",", "null", "<think>", "</think>", "```json\n", "\\", "NaN"]
    + [
        "1e999",
        '"answer": ',
        '"confidence": 99999999999999999999',
        "\ud800",
        "\x00",
        "[[[[",
        '{"looks": ',
        "80%",
        "B",
        "\n",
        "//",
    ]
)


@settings(max_examples=300, deadline=None)
@given(text=st.text(max_size=300) | st.lists(FRAGMENTS, max_size=40).map("".join), schema=st.sampled_from(SCHEMAS))
def test_any_text_is_read_or_refused(text: str, schema: type[BaseModel]) -> None:
    for lenient in (False, True):
        try:
            reply = parse_reply(text, schema, lenient=lenient)
        except ReplyError:
            continue
        assert isinstance(reply, schema)
        reply.model_dump_json().encode()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
FIELDS = sorted({name for schema in SCHEMAS for name in schema.model_fields} | {"segment", "caption", "quote"})


@settings(max_examples=300, deadline=None)
@given(value=st.dictionaries(st.sampled_from(FIELDS), JSON, max_size=5), schema=st.sampled_from(SCHEMAS))
def test_any_value_in_any_field_is_read_or_refused(value: dict, schema: type[BaseModel]) -> None:
    for lenient in (False, True):
        try:
            assert isinstance(parse_reply(json.dumps(value), schema, lenient=lenient), schema)
        except ReplyError:
            continue


@settings(max_examples=100, deadline=None)
@given(
    answer=st.text(min_size=1, max_size=80).filter(lambda t: t.strip() and "\x00" not in t), confidence=st.floats(0, 1)
)
def test_a_sound_reply_is_read_as_it_is(answer: str, confidence: float) -> None:
    sent = FinalAnswer(answer=answer.strip(), confidence=confidence)
    read = parse_reply(
        f"<think>{{}}</think> Here you are:\n```json\n{sent.model_dump_json(indent=1)}\n```", FinalAnswer
    )
    assert read == sent


@pytest.mark.parametrize(
    "text",
    [
        "{" * 5000,
        "[" * 5000,
        '{"a":' * 5000,
        '"' * 50_000,
        '{"answer" ' * 3000,
        "<think>" * 5000,
        "9" * 10_000,
        "{'" * 3000,
    ]
    + [
        '{"answer": ' + "9" * 6000 + "}",
        "* " * 20_000,
        "(" * 2000 + "B",
        "B" + " )." * 700,
        "answer: " + "* " * 900,
        "answer " * 10_000 + ":",
        "<think>{" * 3000,
    ],
    ids=lambda text: text[:10],
)
def test_hostile_text_is_refused_soon(text: str) -> None:
    began = time.monotonic()
    for schema in (Verdict, FinalAnswer):
        with contextlib.suppress(ReplyError):
            parse_reply(text, schema)
    assert time.monotonic() - began < 3


def test_lenient_drops_what_makes_no_sense_but_never_what_is_required() -> None:
    text = (
        '{"support": "partly", "confidence": "rather", "answer": "x", "evidence": [{"quote": "q"}, {"caption": "c"}]}'
    )
    with pytest.raises(ReplyError, match="confidence"):
        parse_reply(text, Verdict)
    read = parse_reply(text, Verdict, lenient=True)
    assert (read.confidence, read.answer, [e.caption for e in read.evidence]) == (0.0, "x", ["c"])
    with pytest.raises(ReplyError, match="support"):
        parse_reply('{"support": "perhaps", "answer": "x"}', Verdict, lenient=True)


def test_prose_stands_for_the_answer_only_when_nothing_better_came() -> None:
    with pytest.raises(ReplyError):
        parse_reply("The mayor opened a bridge.", FinalAnswer)
    assert parse_reply("The mayor opened a bridge.", FinalAnswer, lenient=True).answer == "The mayor opened a bridge."
    with pytest.raises(ReplyError):
        parse_reply("I cannot say.", Verdict, lenient=True)


class Model:
    """Replies in turn; a reply that is an exception is raised."""

    def __init__(self, *replies: str | Exception) -> None:
        self.replies = list(replies)
        self.asked: list[list[dict[str, str]]] = []

    def __call__(self, messages: list[dict[str, str]]) -> tuple[str, Usage]:
        self.asked.append([dict(message) for message in messages])
        reply = self.replies.pop(0)
        if isinstance(reply, Exception):
            raise reply
        return reply, Usage(prompt_tokens=10, completion_tokens=5)


def test_a_good_reply_is_asked_for_once() -> None:
    model = Model(FULL)
    reply, usage = ask(model, "Is it a tram?", Verdict)
    assert reply.answer == "a tram"
    assert usage == Usage(reasoner_calls=1, prompt_tokens=10, completion_tokens=5)
    content = model.asked[0][0]["content"]
    assert content.startswith("Is it a tram?") and 'JSON object named "Verdict"' in content


def test_a_bad_reply_is_asked_for_once_more_with_the_error() -> None:
    model = Model('<think>long</think>{"support": "perhaps"}', FULL)
    reply, usage = ask(model, "Is it a tram?", Verdict)
    assert reply.support == "supported"
    assert usage == Usage(reasoner_calls=2, prompt_tokens=20, completion_tokens=10)
    roles = [message["role"] for message in model.asked[1]]
    assert roles == ["user", "assistant", "user"]
    assert model.asked[1][1]["content"] == '{"support": "perhaps"}'
    assert "support: Input should be 'supported', 'partly' or 'unsupported'" in model.asked[1][2]["content"]


def test_a_blank_reply_is_not_shown_back() -> None:
    model = Model("", FULL)
    ask(model, "Is it a tram?", Verdict)
    assert [message["role"] for message in model.asked[1]] == ["user", "user"]


def test_two_bad_replies_are_an_error_that_says_what_they_cost() -> None:
    with pytest.raises(ReasonerError, match="no usable Verdict after two replies") as failure:
        ask(Model("no", "no"), "Is it a tram?", Verdict)
    assert failure.value.usage == Usage(reasoner_calls=2, prompt_tokens=20, completion_tokens=10)


def test_what_can_be_saved_of_two_bad_replies_is_saved() -> None:
    half = '{"support": "partly", "confidence": "rather", "answer": "a tram"}'
    assert ask(Model(half, "I told you."), "?", Verdict)[0].answer == "a tram"
    assert ask(Model("I told you.", half), "?", Verdict)[0].answer == "a tram"


def test_a_call_that_fails_says_what_was_spent_before() -> None:
    lost = ReasonerError("the server is gone", Usage(prompt_tokens=3))
    with pytest.raises(ReasonerError, match="the server is gone") as failure:
        ask(Model("no", lost), "?", Verdict)
    assert failure.value.usage == Usage(reasoner_calls=2, prompt_tokens=13, completion_tokens=5)


@pytest.mark.parametrize("schema", SCHEMAS)
def test_the_form_names_every_field(schema: type[BaseModel]) -> None:
    form = describe_form(schema)
    assert all(f'"{name}"' in form for name in schema.model_fields) and f'named "{schema.__name__}"' in form


@pytest.mark.parametrize("schema", SCHEMAS)
def test_the_json_schema_is_strict_and_has_no_references(schema: type[BaseModel]) -> None:
    def check(node: object) -> None:
        if isinstance(node, dict):
            assert "$ref" not in node and "default" not in node
            if node.get("type") == "object":
                assert node["required"] == list(node["properties"]) and node["additionalProperties"] is False
            for inner in node.values():
                check(inner)
        elif isinstance(node, list):
            for inner in node:
                check(inner)

    check(json_schema(schema))
