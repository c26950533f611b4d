"""Settings: where each value comes from, and what a wrong one says."""

from __future__ import annotations

import pytest

from tools.errors import BadInput
from tools.settings import Settings


def test_the_run_beats_the_environment_beats_the_preset(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Settings.load().looks_per_round == 2
    assert Settings.load(preset="paper").looks_per_round == 1
    monkeypatch.setenv("VIDEOLUCY_PRESET", "published")
    assert Settings.load().fine_seconds == 10 and Settings.load().initial_segments == 2
    monkeypatch.setenv("VIDEOLUCY_INITIAL_SEGMENTS", "4")
    assert Settings.load().initial_segments == 4
    assert Settings.load(initial_segments=5).initial_segments == 5


@pytest.mark.parametrize(
    ("given", "says"),
    [({"max_rounds": "many"}, "max_rounds"), ({"speed": 3}, "speed"), ({"preset": "best"}, "preset")],
)
def test_a_wrong_setting_is_named_in_one_line(given: dict, says: str) -> None:
    with pytest.raises(BadInput, match=says) as problem:
        Settings.load(**given)
    assert "\n" not in str(problem.value)


def test_what_a_user_set_is_told_from_what_the_preset_brings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VIDEOLUCY_MAX_ROUNDS", "3")
    own = Settings.load(preset="paper", looks_per_round=2).own()
    del own["home"]  # by the variable that every test is given
    assert own == {"preset": "paper", "max_rounds": 3, "looks_per_round": 2}


def test_the_fingerprint_knows_what_changes_an_answer_from_where_things_lie() -> None:
    base = Settings.load()
    assert base.fingerprint() == Settings.load(home="/elsewhere", timeout=5, captions_at_once=3).fingerprint()
    assert base.fingerprint() != Settings.load(max_rounds=2).fingerprint()
    assert base.fingerprint() != Settings.load(captioner="basic").fingerprint()


def test_scopes_follow_the_length_unless_set() -> None:
    assert Settings.load().scopes(119.9).seconds == (5, 1, 1)
    assert Settings.load().scopes(120).seconds == (30, 5, 1), "a length on the line belongs to the longer class"
    assert Settings.load(fine_seconds=7).scopes(120).seconds == (30, 7, 1)
    assert Settings.load().scopes(4 * 3600).seconds == (800, 80, 8)


def test_the_schema_is_described_for_studio() -> None:
    fields = Settings.model_json_schema()["properties"]
    assert all(field.get("description") for field in fields.values())
    assert not [name for name in fields if name.endswith("_key")], "keys are never settings"
