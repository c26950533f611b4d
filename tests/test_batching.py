"""One worker for many callers: nobody waits for ever, and each gets what is theirs."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from tools.captioners.base import CaptionError
from tools.captioners.local.batching import Batcher


def test_the_model_is_loaded_once_and_by_the_thread_that_uses_it() -> None:
    loaded: list[str] = []
    worked: set[str] = set()

    def ready() -> None:
        if not loaded:
            time.sleep(0.02)
            loaded.append(threading.current_thread().name)

    def work(items: list[int]) -> list[int]:
        worked.add(threading.current_thread().name)
        return [item * 2 for item in items]

    batcher: Batcher[int, int] = Batcher(work, lambda waiting: range(min(3, len(waiting))), ready)
    with ThreadPoolExecutor(16) as pool:
        assert list(pool.map(batcher, range(64))) == [number * 2 for number in range(64)]
    assert len(loaded) == 1 and worked == set(loaded)


def test_the_first_is_served_whatever_is_chosen() -> None:
    batcher: Batcher[int, int] = Batcher(lambda items: [-item for item in items], lambda waiting: [])
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(batcher, range(20))) == [-number for number in range(20)]


def test_an_outcome_that_is_an_exception_is_raised_to_its_caller_only() -> None:
    batcher: Batcher[int, int] = Batcher(
        lambda items: [CaptionError(str(item)) if item % 2 else item for item in items], lambda waiting: range(9)
    )
    assert batcher(2) == 2
    with pytest.raises(CaptionError, match="3"):
        batcher(3)


def test_a_worker_that_breaks_leaves_nobody_waiting() -> None:
    def work(items: list[int]) -> list[int]:
        if 13 in items:
            raise ZeroDivisionError
        return items

    batcher: Batcher[int, int] = Batcher(work, lambda waiting: range(2))
    with ThreadPoolExecutor(8) as pool:
        futures = [pool.submit(batcher, number) for number in range(20)]
        assert isinstance(futures[13].exception(10), ZeroDivisionError)
        assert sum(future.exception(10) is not None for future in futures) <= 2


def test_a_lone_caller_does_not_wait_for_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tools.captioners.local.batching.GATHER", 3600.0)
    batcher: Batcher[int, int] = Batcher(lambda items: items, lambda waiting: [0])
    assert [batcher(number) for number in range(5)] == list(range(5))
