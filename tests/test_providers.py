"""Presets of providers, and what a model setting resolves to."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.errors import BadInput
from tools.providers import NO_KEY, PROVIDERS, Endpoint, resolve


def test_the_presets_are_those_promised() -> None:
    assert set(PROVIDERS) == {"openai", "deepseek", "vllm", "ollama", "llamacpp", "volcano", "openrouter", "compatible"}
    assert PROVIDERS["openai"].max_tokens_field == "max_completion_tokens"
    assert all(p.max_tokens_field == "max_tokens" for p in PROVIDERS.values() if p.name != "openai")
    assert {p.name for p in PROVIDERS.values() if p.key_env} == {"openai", "deepseek", "volcano", "openrouter"}
    assert PROVIDERS["deepseek"].json_mode == "json_object" and PROVIDERS["vllm"].json_mode == "json_schema"
    assert all(p.base_url.startswith(("https://", "http://localhost")) for p in PROVIDERS.values() if p.base_url)


@pytest.mark.parametrize(
    ("setting", "model"),
    [
        ("openai:gpt-5-mini", "gpt-5-mini"),
        ("vllm:Qwen/Qwen2.5-VL-7B-Instruct", "Qwen/Qwen2.5-VL-7B-Instruct"),
        ("ollama:qwen2.5vl:7b", "qwen2.5vl:7b"),
        (" OpenAI : gpt-5 ", "gpt-5"),
    ],
)
def test_a_setting_names_a_provider_and_a_model(setting: str, model: str) -> None:
    endpoint = resolve(setting)
    assert endpoint.model == model and endpoint.base_url == endpoint.provider.base_url
    assert endpoint.name == f"{endpoint.provider.name}:{model}"


@pytest.mark.parametrize(
    "url",
    ["http://10.0.0.2:8000/v1", "http://10.0.0.2:8000/v1/", "http://10.0.0.2:8000/v1/chat/completions"],
)
def test_a_url_of_ones_own(url: str) -> None:
    assert resolve("compatible:m", url).base_url == "http://10.0.0.2:8000/v1"


@pytest.mark.parametrize(
    ("setting", "url", "says"),
    [
        ("gpt-5", "", "openai, deepseek, vllm"),
        ("", "", "openai, deepseek, vllm"),
        ("nobody:model", "", "openai, deepseek, vllm"),
        ("openai:", "", "openai:MODEL"),
        ("openai", "", "openai:MODEL"),
        ("compatible:m", "", "needs the URL"),
        ("compatible:m", "10.0.0.2:8000", "http://HOST:PORT"),
        ("compatible:m", "ftp://host/v1", "http://HOST:PORT"),
        ("compatible:m", "http://[broken", "http://HOST:PORT"),
        ("compatible:m", "http://host:99999/v1", "http://HOST:PORT"),
    ],
)
def test_a_bad_setting_is_one_clear_line(setting: str, url: str, says: str) -> None:
    with pytest.raises(BadInput) as problem:
        resolve(setting, url)
    assert says in str(problem.value) and "\n" not in str(problem.value)


def test_a_bad_url_is_not_repeated_since_it_may_hold_a_password() -> None:
    with pytest.raises(BadInput) as problem:
        resolve("compatible:m", "ftp://user:hunter2@host/v1")
    assert "hunter2" not in str(problem.value)


def test_a_key_written_where_its_variable_belongs_is_not_repeated() -> None:
    with pytest.raises(BadInput) as problem:
        resolve("openai:m", key_env="sk-abcdefgh-12345678")
    assert "sk-abc" not in str(problem.value)


def test_a_key_is_read_when_a_client_is_built_and_not_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    endpoint = resolve("openai:m")
    with pytest.raises(BadInput, match="OPENAI_API_KEY"):
        endpoint.key()
    monkeypatch.setenv("OPENAI_API_KEY", " sk-1234 \n")
    assert endpoint.key() == "sk-1234"
    assert "sk-1234" not in repr(endpoint)


def test_a_variable_of_ones_own_and_servers_without_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    assert resolve("vllm:m").key() == NO_KEY
    monkeypatch.delenv("MY_KEY", raising=False)
    with pytest.raises(BadInput, match="MY_KEY"):
        resolve("vllm:m", key_env="MY_KEY").key()
    monkeypatch.setenv("MY_KEY", "k1")
    assert resolve("vllm:m", key_env="MY_KEY").key() == resolve("openai:m", key_env="MY_KEY").key() == "k1"


@pytest.mark.parametrize("value", ["two words", "schlüssel", "a\nb"])
def test_what_cannot_be_a_key_is_refused_without_showing_it(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("MY_KEY", value)
    with pytest.raises(BadInput) as problem:
        resolve("vllm:m", key_env="MY_KEY").key()
    assert value not in str(problem.value) and "MY_KEY" in str(problem.value)


@given(st.text(max_size=40), st.text(max_size=40), st.text(max_size=20))
def test_any_setting_resolves_or_is_bad_input(setting: str, url: str, key_env: str) -> None:
    try:
        assert isinstance(resolve(setting, url, key_env), Endpoint)
    except BadInput as problem:
        assert "\n" not in str(problem)
