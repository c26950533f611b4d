"""Local captioners under load: batches, memory that runs out, and callers on many threads."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tests.tiny_checkpoints import KINDS, MISSING_REASON, make_checkpoint, make_clip, missing
from tools.captioners.base import CaptionError
from tools.captioners.local import captioner as captioner_module
from tools.captioners.local.captioner import LocalCaptioner
from tools.captioners.local.checkpoint import find_checkpoint
from tools.captioners.local.inputs import Inputs
from tools.captioners.local.model import LocalModel, Written, ran_out
from tools.errors import BadInput
from tools.video.clip import Clip

pytestmark = pytest.mark.skipif(bool(missing()), reason=MISSING_REASON.format(missing()))


def until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + 30
    while not holds():
        assert time.monotonic() < end, "it never came to that"
        time.sleep(0.002)


@pytest.fixture(scope="session")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    where = tmp_path_factory.mktemp("batched")
    return {kind: make_checkpoint(where / kind, kind) for kind in KINDS}


class Watched:
    """A captioner whose model notes the frames of every batch, and can be made to fail."""

    def __init__(self, folder: str, monkeypatch: pytest.MonkeyPatch, at_once: int = 8) -> None:
        self.local = LocalCaptioner(find_checkpoint(folder), device="cpu", max_tokens=8, at_once=at_once)
        self.batches: list[list[int]] = []
        """Frames of each clip of each batch that was tried."""
        self.done: list[list[int]] = []
        self.fails: Callable[[list[int]], Exception | None] = lambda batch: None
        self.gate = threading.Event()
        write, watched = LocalModel.write, self

        def noting(model: LocalModel, clips: list[Inputs], **more: Any) -> list[Written]:
            frames = [len(clip.metadata["frames_indices"]) for clip in clips]
            watched.batches.append(frames)
            if error := watched.fails(frames):
                raise error
            watched.done.append(frames)
            return write(model, clips, **more)

        def ready() -> None:
            assert watched.gate.wait(30)
            watched.local._load()

        monkeypatch.setattr(LocalModel, "write", noting)
        monkeypatch.setattr(self.local._describe, "_ready", ready)

    def describe(self, *clips: Clip) -> list[Any]:
        """Return the outcomes of clips that come from a thread each and all wait before a batch is chosen."""
        self.gate.clear()
        with ThreadPoolExecutor(len(clips)) as pool:
            futures = []
            for number, clip in enumerate(clips, start=1):
                futures.append(pool.submit(self._outcome, clip))
                until(lambda number=number: len(self.local._describe._waiting) == number)  # type: ignore[misc]
            self.gate.set()
            return [future.result() for future in futures]

    def _outcome(self, clip: Clip) -> Any:
        try:
            return self.local.describe(clip, "")
        except (CaptionError, BadInput) as error:
            return error


def no_memory(at: int) -> Callable[[list[int]], Exception | None]:
    """Fail batches of more than `at` frames, padding counted."""
    import torch

    error = torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB.")
    return lambda batch: error if max(batch) * len(batch) > at else None


@pytest.mark.parametrize("kind", KINDS)
def test_clips_of_any_length_that_wait_together_get_their_own_words(
    kind: str, folders: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    watched = Watched(folders[kind], monkeypatch)
    clips = [make_clip(count, start=100.0 * count) for count in (60, 20, 20, 7, 2, 1)]
    together = watched.describe(*clips)
    least = 2 if kind == "qwen3_vl" else 1
    if kind == "smolvlm":
        assert watched.batches == [[60], [20, 20], [7], [2], [1]], "only clips of one length go together"
    else:
        assert watched.batches == [[60, 20, 20, 7, 2, least]]
    alone = [watched.describe(clip)[0] for clip in clips]
    for one, other in zip(together, alone, strict=True):
        assert repr(one) == repr(other) and not isinstance(one, BadInput)


def test_a_batch_holds_no_more_clips_than_it_may(folders: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    watched = Watched(folders["qwen2_5_vl"], monkeypatch, at_once=3)
    assert len(watched.describe(*[make_clip(2)] * 8)) == 8
    assert [len(batch) for batch in watched.batches] == [3, 3, 2]


def test_a_batch_holds_no_more_tokens_than_it_may_padding_included(
    folders: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    watched = Watched(folders["qwen2_5_vl"], monkeypatch)
    monkeypatch.setattr(captioner_module, "TOKENS", 4_000)
    watched.describe(*[make_clip(count) for count in (60, 4, 4, 4, 4, 60)])
    # About 1,600 tokens each of the long ones, 750 each of the short ones.
    assert watched.batches == [[60, 4], [4, 4, 4], [60]]


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (RuntimeError("MPS backend out of memory (MPS allocated: 17.9 GB). Tried to allocate 1 GB."), True),
        (
            RuntimeError("[enforce fail at alloc_cpu.cpp:127] DefaultCPUAllocator: can't allocate memory: you tried"),
            True,
        ),
        (RuntimeError("Invalid buffer size: 12.34 GiB"), True),
        (RuntimeError("CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`"), True),
        (MemoryError(), True),
        (RuntimeError("shape '[1, 2]' is invalid for input of size 3"), False),
        (ValueError("out of memory"), False),
    ],
)
def test_what_says_that_memory_ran_out_is_understood(error: Exception, says: bool) -> None:
    assert ran_out(error) is says


def test_a_batch_that_does_not_fit_is_halved_and_grows_back(
    folders: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(captioner_module, "RECOVERY", 2)
    watched = Watched(folders["qwen2_5_vl"], monkeypatch)
    watched.fails = no_memory(at=4 * 3)
    clips = [make_clip(4, (28, 28), start=10.0 * index) for index in range(8)]
    outcomes = watched.describe(*clips)
    assert [len(batch) for batch in watched.batches[:4]] == [8, 4, 2, 2]
    assert sum(map(len, watched.done)) == 8 and max(map(len, watched.done)) == 3
    assert all(outcome.extra == {} for outcome in outcomes)
    assert watched.local.batch <= 4, "what failed is not tried again at once"
    watched.fails = lambda batch: None
    grown = [watched.local.batch]
    while grown[-1] < 8 and len(grown) < 20:
        watched.describe(*clips)
        grown.append(watched.local.batch)
    watched.describe(*clips)
    assert len(watched.done[-1]) == 8 and all(after - before <= 2 for before, after in pairwise(grown))


def test_each_clip_says_the_same_after_memory_ran_out(folders: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    watched = Watched(folders["qwen3_vl"], monkeypatch)
    clips = [make_clip(count) for count in (8, 2, 6, 4, 3)]
    calm = [repr(outcome) for outcome in watched.describe(*clips)]
    watched.fails = no_memory(at=8)
    assert [repr(outcome) for outcome in watched.describe(*clips)] == calm
    assert max(batch[0] * len(batch) for batch in watched.done[-5:]) <= 8


def test_a_single_clip_that_does_not_fit_loses_frames_evenly(
    folders: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    watched = Watched(folders["qwen2_5_vl"], monkeypatch)
    watched.fails = no_memory(at=20)
    outcome, small = watched.describe(make_clip(60), make_clip(5))
    assert watched.batches == [[60, 5], [60], [30], [15], [5]]
    assert outcome.extra == {"frames_dropped": 45} and small.extra == {}
    kept = make_clip(60)
    every_fourth = Clip(kept.segment, kept.frames[::4])
    assert watched.describe(every_fourth)[0].lines == outcome.lines


@pytest.mark.parametrize(("frames", "tried"), [(60, [60, 30, 15]), (2, [2, 1]), (1, [1])])
def test_a_clip_that_never_fits_is_an_error_of_its_own(
    frames: int, tried: list[int], folders: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    watched = Watched(folders["qwen2_5_vl"], monkeypatch)
    watched.fails = no_memory(at=0)
    (outcome,) = watched.describe(make_clip(frames))
    assert isinstance(outcome, CaptionError) and "memory" in str(outcome) and "\n" not in str(outcome)
    assert [batch[0] for batch in watched.batches] == tried
    watched.fails = lambda batch: None
    assert watched.describe(make_clip(frames))[0].extra == {}


def test_what_fails_for_another_reason_fails_alone(folders: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    watched = Watched(folders["qwen2_5_vl"], monkeypatch)
    watched.fails = lambda batch: ValueError("shape [7]\nis invalid") if 7 in batch else None
    outcomes = watched.describe(make_clip(4), make_clip(7), make_clip(2))
    assert [isinstance(outcome, CaptionError) for outcome in outcomes] == [False, True, False]
    assert str(outcomes[1]).endswith("failed: shape [7]") and watched.local.batch == 8
    assert watched.batches == [[4, 7, 2], [4], [7], [2]], "fewer frames would not help"


def test_no_memory_is_held_by_the_error_of_a_failed_batch(
    folders: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    import gc
    import weakref

    held: list[Any] = []

    class Tensor:
        pass

    def fails(batch: list[int]) -> Exception | None:
        tensor = Tensor()
        held.append(weakref.ref(tensor))
        error = no_memory(at=0)(batch)
        assert error is not None
        error.tensor = tensor  # type: ignore[attr-defined]
        return error

    freed: list[int] = []

    def free() -> None:
        gc.collect()
        freed.append(sum(ref() is not None for ref in held))

    watched = Watched(folders["qwen2_5_vl"], monkeypatch)
    watched.fails = fails
    monkeypatch.setattr(captioner_module, "free_memory", free)
    watched.describe(make_clip(4), make_clip(4))
    assert freed and set(freed) == {0}


def test_many_threads_each_get_their_own(folders: dict[str, str]) -> None:
    local = LocalCaptioner(find_checkpoint(folders["qwen2_5_vl"]), device="cpu", max_tokens=6, at_once=4)
    clips = [make_clip(count, start=50.0 * count) for count in range(1, 13)] * 2
    with ThreadPoolExecutor(len(clips)) as pool:
        found = list(pool.map(lambda clip: _told(local, clip), clips))
    assert found == [_told(local, clip) for clip in clips]
    names = [thread.name for thread in threading.enumerate() if thread.name.startswith("local captioner")]
    assert len(names) >= 1 and local._describe._waiting == []


def _told(local: LocalCaptioner, clip: Clip) -> str:
    try:
        return repr(local.describe(clip, ""))
    except CaptionError as blank:
        return str(blank)


def test_a_model_that_cannot_be_loaded_fails_all_who_wait(folders: dict[str, str], tmp_path: Path) -> None:
    import shutil

    folder = shutil.copytree(folders["qwen2_5_vl"], tmp_path / "model")
    local = LocalCaptioner(find_checkpoint(str(folder)), device="cpu", max_tokens=4)
    whole = (folder / "model.safetensors").read_bytes()
    (folder / "model.safetensors").write_bytes(whole[:5000])
    with ThreadPoolExecutor(6) as pool:
        futures = [pool.submit(local.describe, make_clip(1), "") for _ in range(6)]
        errors = [future.exception(60) for future in futures]
    assert all(isinstance(error, BadInput) for error in errors)
    (folder / "model.safetensors").write_bytes(whole)
    assert local.describe(make_clip(2), "").lines
