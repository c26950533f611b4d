"""What the rows about local and embedded models count: not how fast this machine is."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.rows import embedded, local_batches
from tests.media import make_video
from tests.tiny_checkpoints import MISSING_REASON, missing


@pytest.mark.skipif(bool(missing()), reason=MISSING_REASON.format(missing()))
def test_batches_and_overlap_are_measured_on_a_real_checkpoint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"CLIPS": 4, "FRAMES": 2, "TOKENS": 2, "AT_ONCE": 2, "SECONDS": 40.0}.items():
        monkeypatch.setattr(local_batches, name, value)
    found = list(local_batches.measure(tmp_path))
    assert [result.row for result in found] == [12, 12]
    ratio, share = (result.value for result in found)
    assert ratio is not None
    assert ratio > 0
    assert share is not None
    assert 0 <= share <= 1


def test_a_clip_counts_as_decoded_beside_only_while_the_model_writes(monkeypatch: pytest.MonkeyPatch) -> None:
    from tools.captioners.local.model import LocalModel
    from tools.video.sweep import Sweep

    monkeypatch.setattr(Sweep, "frames", lambda self, segment: ())
    monkeypatch.setattr(LocalModel, "write", lambda self: Sweep.frames(None, None))
    with local_batches.beside() as clips:
        Sweep.frames(None, None)
        LocalModel.write(None)
        Sweep.frames(None, None)
    assert clips == [False, True, False]


def test_a_question_that_needs_a_look_is_not_measured_as_one_on_known_memory(tmp_path: Path) -> None:
    video = Path(make_video(tmp_path / "lecture.mp4", seconds=2))
    with pytest.raises(RuntimeError, match="memory should have sufficed"):
        embedded._asked(video, embedded._environment(tmp_path / "own"), "--captioner", "basic", "--phraser", "none")
