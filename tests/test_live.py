"""Live objects are made once a process, and shared by all settings that mean the same ones."""

from __future__ import annotations

import threading
import time
from typing import Any

import pytest

from tools import parts
from tools.live import live_for
from tools.settings import Settings


def test_settings_that_differ_in_budgets_share_models_and_memory() -> None:
    one, other = live_for(Settings.load(max_rounds=1)), live_for(Settings.load(max_rounds=3))
    assert one.captioner is other.captioner and one.memory is other.memory and one.slots is other.slots
    assert (one.settings.max_rounds, other.settings.max_rounds) == (1, 3)
    assert live_for(Settings.load(captioner="basic")).captioner is not one.captioner


def test_two_threads_make_one_captioner(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[object] = []

    def slowly(settings: Settings) -> Any:
        time.sleep(0.05)
        made.append(settings)
        return made[-1]

    monkeypatch.setattr(parts, "build_captioner", slowly)
    live = live_for(Settings.load())
    threads = [threading.Thread(target=lambda: live.captioner) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 1


def test_the_clock_of_a_fan_out_is_read_once() -> None:
    live = live_for(Settings.load())
    assert live.joined("q") == 0.0
    live.dispatch("q")
    assert live.joined("q") > 0.0 and live.joined("q") == 0.0
