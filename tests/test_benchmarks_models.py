"""What the rows about local and embedded models count: not how fast this machine is."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import growth
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


def test_growth_is_measured_told_and_drawn(tmp_path: Path) -> None:
    found = growth.measure(tmp_path, 200.0)
    assert {cost.key for cost in growth.COSTS} == set(found)
    assert found["prompt"] > 10_000
    assert found["summaries"] == 0
    longer = [{key: value * factor for key, value in found.items()} for factor in (1, 2, 4)]
    table = growth.table(longer).splitlines()
    assert len(table) == 2 + len(growth.COSTS)
    assert table[2].split("|")[-2].strip() == "2"
    drawn = growth.plot(longer)
    assert drawn.count("search of memory, 4 ×") == 1
    assert "summaries," not in drawn.split("</desc>")[1]
