"""The rows about the graph round scripted models, on tiny inputs: they count the work they are to count."""

from __future__ import annotations

from pathlib import Path

from benchmarks.rows import checkpoint_size, ingest, second_question
from benchmarks.rows.rounds import Rounds
from benchmarks.scripted import Deciding, Describing, scripted
from tests.media import make_video

TINY = (160, 120)
SHORT = {"coarse_seconds": 4, "fine_seconds": 2, "ultra_seconds": 1, "captions_at_once": 3}


def test_serial_calls_are_the_same_calls_about_the_same_pictures(tmp_path: Path) -> None:
    video = make_video(tmp_path / "v.mp4", seconds=12, fps=8, size=TINY)
    with Rounds.opened(tmp_path / "home", video, **SHORT, max_rounds=3) as rounds:
        seen = []
        for ask in (rounds.ours, rounds.serial):
            ask()
            # A judge, a check, a locator and a check in each round, an answer.
            assert rounds.reasoning == 3 + 2 * 3
            assert rounds.captions == 3 * 3, "of each segment and its two parts"
            seen.append(sorted(rounds._captioner.described))
        assert seen[0] == seen[1] and all(pictures for *_, pictures in seen[0])
        rounds.ours()
        assert rounds.captions == 3 * 3, "a question in other words makes its own captions"


def test_ingest_makes_each_caption_once_and_decodes_a_bounded_number_ahead(tmp_path: Path) -> None:
    video = make_video(tmp_path / "v.mp4", seconds=60, fps=4, size=TINY)
    captioner = Describing()
    with scripted(tmp_path / "home", captioner, Deciding(), **ingest.SETTINGS) as asking, ingest.ahead() as clips:
        asking.ingest(video)
    assert sorted(segment for segment, *_ in captioner.described) == sorted(f"c{number}" for number in range(12))
    assert len(clips) == 12 and max(clips) <= ingest.AHEAD


def test_checkpoints_are_weighed_after_five_rounds_from_nothing(tmp_path: Path) -> None:
    size, captions, rounds = checkpoint_size.kept(tmp_path / "home", 300)
    assert rounds == 5 and captions > 300 / 30 and 10_000 < size < 1_000_000


def test_a_second_question_looks_at_nothing_where_memory_suffices(tmp_path: Path) -> None:
    video = make_video(tmp_path / "v.mp4", seconds=12, fps=4, size=TINY)
    (first, decoded), second = second_question.counted(tmp_path / "home", video)
    assert first == 3 and decoded == 1 and second == (0, 0)
