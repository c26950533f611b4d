"""Composed haystacks: what is hidden where, that it can be seen there, and the run that asks for it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest

from evaluation.needle import kinds, make, trial, voices
from evaluation.needle.haystack import FPS, Placed, Shot, Stack, compose, questions, write
from evaluation.needle.pictures import HEIGHT, WIDTH
from evaluation.needle.words import SORTS, Words
from evaluation.records import Record
from evaluation.results import Outcome
from tools.errors import BadInput
from tools.settings import Settings
from tools.video.sources import find_parts

SIGHTS = ("text", "colour", "motion", "order", "count")


def needles(seed: int, count: int = 15) -> tuple[Stack, list]:
    stack = Stack(seed, 10)
    return stack, [kinds.KINDS[SIGHTS[number % len(SIGHTS)]](stack) for number in range(count)]


def test_a_seed_gives_the_same_haystack_and_another_one_another() -> None:
    def told(seed: int) -> list[tuple]:
        stack, made = needles(seed)
        placed = compose(stack, made, 600)
        return [(q.question, q.options, q.answer, q.evidence) for q in questions("v.mp4", made, placed)]

    assert told(4) == told(4) and told(4) != told(5)


def test_needles_stand_apart_in_their_order_and_fill_the_length() -> None:
    stack, made = needles(6)
    placed = compose(stack, made, 600)
    assert [one.start + one.shot.seconds for one in placed] == [*[one.start for one in placed[1:]], 600]
    starts = {id(one.shot): one.start for one in placed}
    for needle in made:
        assert all(a < b for a, b in pairwise(starts[id(shot)] for shot in needle.shots))
    hidden = {id(shot) for needle in made for shot in needle.shots}
    assert not any(id(a.shot) in hidden and id(b.shot) in hidden for a, b in pairwise(placed))
    with pytest.raises(BadInput, match="at least"):
        compose(stack, made, 60)


def test_questions_have_four_options_one_of_them_right_and_decoys_from_the_video() -> None:
    stack, made = needles(7, 60)
    for needle in made:
        assert len(set(needle.options)) == 4 and needle.right in needle.options, needle
        if needle.kind == "text":
            decoys = set(needle.options) - {needle.right}
            assert any(decoys <= set(stack.shown[sort]) for sort in SORTS), needle
        if needle.kind == "count":
            times = sum(shot.fact is not None for shot in needle.shots)
            assert needle.right == ("once", "twice", "three times", "four times", "five times", "six times")[times - 1]
    letters = Counter(needle.options.index(needle.right) for needle in made)
    assert min(letters[place] for place in range(4)) >= 4, letters


def test_words_and_values_are_given_once() -> None:
    words = Words(3)
    places = [words.place() for _ in range(150)]
    values = [words.value(sort) for sort in SORTS for _ in range(40)]
    assert len(set(places)) == 150 and len(set(values)) == len(values)


def pictures(video: Path, times: list[float]) -> list[np.ndarray]:
    """Return the pictures on screen at these times."""
    found: list[np.ndarray] = []
    wanted = sorted(times)
    with av.open(str(video)) as container:
        last = None
        for frame in container.decode(video=0):
            while wanted and frame.time > wanted[0] + 1e-6:
                found.append(last)
                wanted.pop(0)
            last = frame.to_ndarray(format="rgb24")
    return found + [last] * len(wanted)


def test_a_fact_is_in_the_video_where_it_is_said_to_be_and_only_there(tmp_path: Path) -> None:
    """Frame by frame: what flashes up is there in its stretch and in no frame before or after it."""
    stack = Stack(11, 2)
    flashing = []
    while len(flashing) < 3:
        needle = kinds.colour(stack)
        if needle.shots[0].flash[1]:
            flashing.append(needle)
    placed = compose(stack, flashing, 90)
    path = tmp_path / "hay.mp4"
    write(path, placed)
    assert find_parts(str(path))[1][-1].end == pytest.approx(90, abs=0.2)
    for question, needle in zip(questions("hay.mp4", flashing, placed), flashing, strict=True):
        start, end = question.evidence[0]
        shot_start = next(one.start for one in placed if one.shot is needle.shots[0])
        still, before, first, last, after = pictures(
            path, [shot_start + 0.5, start - 0.5 / FPS, start + 0.5 / FPS, end - 0.5 / FPS, end + 0.5 / FPS]
        )
        differ = [float(np.abs(still.astype(int) - one).max()) for one in (before, first, last, after)]
        assert max(differ[0], differ[3]) < 60 < min(differ[1], differ[2]), (question.question, differ)
        # The paper's coarse rate looks at whole seconds: none of them lies in a flash.
        assert int(start) == int(end) and start > int(start)


def test_small_print_cannot_be_read_in_a_coarse_frame_but_in_a_fine_one() -> None:
    from tools.captioners.text_on_screen import available, read
    from tools.video.clip import Sampling

    if not available():
        pytest.skip("rapidocr is not installed")
    from PIL import Image

    stack, found = Stack(2, 10), 0
    while found < 3:
        needle = kinds._small_print(stack)
        found += 1
        picture = needle.shots[0].draw(1.0)
        coarse = picture.resize(Sampling(1, 100_352).size(WIDTH, HEIGHT), Image.Resampling.BILINEAR)
        heading = needle.question.split('"')[1] if '"' in needle.question else ""
        texts = [word.text for word in read(np.asarray(coarse)).texts]
        assert not any(needle.right in text for text in texts)
        assert not heading or heading.split()[0] in " ".join(texts) or heading.startswith(tuple("ABCDEFGH"))
        assert any(needle.right in word.text for word in read(np.asarray(picture)).texts), needle


def test_voices_are_heard_where_they_are_said_to_be(tmp_path: Path) -> None:
    if not voices.can_speak():
        pytest.skip("espeak-ng is not installed")
    shots = [
        Shot(2, lambda since: None),
        Shot(8, lambda since: None, said="The cloakroom is Room 214."),
        Shot(2, lambda since: None),
    ]  # type: ignore[arg-type,return-value]
    voices.write_voices(tmp_path / "v.wav", [Placed(0, shots[0]), Placed(2, shots[1]), Placed(10, shots[2])])
    with av.open(str(tmp_path / "v.wav")) as container:
        sound = np.concatenate([frame.to_ndarray().ravel() for frame in container.decode(audio=0)])
    loud = np.flatnonzero(np.abs(sound.astype(int)) > 500) / voices.RATE
    assert len(sound) == 12 * voices.RATE and 2.5 < loud.min() < 3.2 and 4 < loud.max() < 10


def test_ways_to_look_differ_in_what_they_may_see() -> None:
    mine = Settings.load(reasoner="extractive", embedder="lexical", home="/tmp/needle-home")
    loop, coarse, uniform, matched = (trial.settings_of(way, mine, 1800, 40) for way in trial.WAYS)
    assert loop.reuse and loop.max_rounds == 5 and loop.glances and loop.reasoner == "extractive"
    for blind in (coarse, uniform, matched):
        assert (blind.max_rounds, blind.glances, blind.speech, blind.forced_answer) == (0, False, "none", True)
        assert blind.reasoner == "extractive"
    assert (coarse.coarse_fps, coarse.coarse_pixels) == (1, 128 * 28 * 28)
    assert uniform.coarse_fps * 1800 == pytest.approx(64) and uniform.coarse_pixels == 128 * 28 * 28
    assert matched.coarse_fps * 1800 == pytest.approx(40) and matched.coarse_pixels == 512 * 28 * 28
    assert len({one.store_path for one in (loop, coarse, uniform, matched)}) == 4


def outcome(right: bool, cited: list[tuple[float, float]], kind: str = "text") -> Outcome:
    stack, made = Stack(1, 5), [kinds.text(Stack(1, 5))]
    asked = questions("v.mp4", made, compose(stack, made, 60))[0]
    asked = replace(asked, evidence=((10.0, 14.0),), categories={"kind": (kind,)})
    record: Record = {"evidence": [{"start": a, "end": b} for a, b in cited], "status": "answered", "usage": {}}  # type: ignore[typeddict-item,typeddict-unknown-key]
    return Outcome(asked, record, right, 0)


def test_figures_are_pooled_over_haystacks() -> None:
    def of(*found: Outcome) -> trial.Trial:
        return trial.Trial({"loop": list(found), "uniform": [replace(one, right=False) for one in found]}, 5.0, 8.0, 30)

    told = trial.report(
        [
            of(outcome(True, [(9, 11)]), outcome(True, [(50, 51)], "colour")),
            of(outcome(True, [(13, 20)]), outcome(False, [(11, 12)])),
        ]
    )
    assert (told["questions"], told["accuracy"], told["uniform"], told["coarse_only"]) == (4, 0.75, 0.0, None)
    assert told["grounding_hit_rate"] == pytest.approx(2 / 3)
    assert told["by_kind"] == {"text": pytest.approx(2 / 3), "colour": 1.0}
    assert told["by_kind_counts"]["text"]["right"] == 2 and told["by_kind_counts"]["text"]["of"] == 3
    assert told["accuracy_interval"][0] < 0.75 < told["accuracy_interval"][1]
    assert (told["seconds_per_question"], told["frames_per_question"], told["chance"]) == (4.0, 15.0, 0.25)


def test_kinds_are_chosen_by_name() -> None:
    assert make.chosen_kinds("colour, text,colour") == ["colour", "text"]
    with pytest.raises(BadInput, match="there is no kind 'sound'"):
        make.chosen_kinds("sound")


def videolucy(*argv: str, home: Path) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "VIDEOLUCY_HOME": str(home), "HF_HUB_OFFLINE": "1"}
    return subprocess.run(
        [sys.executable, "-m", "app", "eval", "needle", *argv], capture_output=True, text=True, env=env
    )


def test_the_command_prints_the_figures_and_goes_on_where_it_stopped(tmp_path: Path) -> None:
    """Without models that must be fetched: extractive reasoner, lexical vectors, no text is read."""
    argv = [
        "--minutes",
        "1.5",
        "--questions",
        "2",
        "--kinds",
        "colour,motion",
        "--out",
        str(tmp_path / "run"),
        "--json",
    ]
    argv += ["--captioner", "basic", "--reasoner", "extractive", "--embedder", "lexical", "--speech", "none"]
    first = videolucy(*argv, home=tmp_path / "home")
    assert first.returncode == 0, first.stderr
    told = json.loads(first.stdout)
    wanted = "accuracy by_kind coarse_only uniform uniform_matched chance grounding_hit_rate seconds_per_question"
    assert {*wanted.split(), "frames_per_question"} <= told.keys() and told["questions"] == 2
    assert set(told["by_kind"]) == {"colour", "motion"} and told["seeds"] == [1]
    records = next((tmp_path / "run").glob("*/loop/records.jsonl"))
    before = records.read_bytes()
    again = videolucy(*argv, home=tmp_path / "home")
    assert again.returncode == 0 and json.loads(again.stdout) == told
    assert records.read_bytes() == before and "composing" not in again.stderr


@pytest.mark.parametrize(
    ("argv", "told"),
    [
        (["--minutes", "0.5"], "--minutes"),
        (["--minutes", "1", "--questions", "50", "--kinds", "text"], "take at least"),
        (["--kinds", "smell"], "there is no kind"),
        (["--seed", "-1"], "--seed is 0 or more"),
    ],
)
def test_wrong_arguments_are_told_in_one_line(argv: list[str], told: str, tmp_path: Path) -> None:
    ran = videolucy(
        *argv, "--out", str(tmp_path / "run"), "--reasoner", "extractive", "--embedder", "lexical", home=tmp_path
    )
    assert ran.returncode == 2 and told in ran.stderr and "Traceback" not in ran.stderr
