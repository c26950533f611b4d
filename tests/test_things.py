"""What stands out by its colour: shapes in pictures, and where they go from picture to picture."""

from __future__ import annotations

import math
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image, ImageDraw

import examples
from memory_store.records import Recording, Segment
from memory_store.segments import scopes_for
from tools.captioners.boxes import Box, Word
from tools.captioners.observations import Observations
from tools.captioners.screens import Screen, screen
from tools.captioners.text_on_screen import Reading, available
from tools.captioners.things import Thing, things
from tools.captioners.tracks import View, lines
from tools.video.clip import Clip, Frame, Sampling
from tools.video.sources import find_parts
from tools.video.sweep import Sweep

SIZE = (960, 540)
INK = {"red": (200, 30, 30), "blue": (30, 60, 200), "green": (20, 140, 60), "yellow": (240, 210, 40)}
SHEETS = ((240, 240, 235), (30, 40, 52), (120, 120, 124))


def drawn(shape: str, ink: tuple[int, int, int], sheet: tuple[int, int, int], size: float, at=(400.4, 300.7)):
    picture = Image.new("RGB", SIZE, sheet)
    pen, (x, y), half = ImageDraw.Draw(picture), at, size / 2
    corners = {
        "square": [(-1, -1), (1, -1), (1, 1), (-1, 1)],
        "rectangle": [(-1, -0.4), (1, -0.4), (1, 0.4), (-1, 0.4)],
        "triangle": [(0, -1), (1, 1), (-1, 1)],
        "diamond": [(0, -1), (0.8, 0), (0, 1), (-0.8, 0)],
        "star": [
            (math.sin(step * math.pi / 5) * r, -math.cos(step * math.pi / 5) * r)
            for step in range(10)
            for r in [1.0 if step % 2 == 0 else 0.42]
        ],
    }
    if shape == "circle":
        pen.ellipse((x - half, y - half, x + half, y + half), ink)
    elif shape == "oval":
        pen.ellipse((x - half, y - half * 0.55, x + half, y + half * 0.55), ink)
    else:
        pen.polygon([(x + across * half, y + down * half) for across, down in corners[shape]], ink)
    return picture


def filmed(picture: Image.Image) -> np.ndarray:
    """Return a picture as a video holds it: with half the colour's resolution."""
    return av.VideoFrame.from_image(picture).reformat(format="yuv420p").to_ndarray(format="rgb24")


@pytest.mark.parametrize("shape", ["circle", "oval", "square", "rectangle", "triangle", "diamond", "star"])
@pytest.mark.parametrize("size", [18, 40, 140])
def test_colour_and_shape_are_named(shape: str, size: int) -> None:
    for name, ink in INK.items():
        for sheet in SHEETS:
            found = things(filmed(drawn(shape, ink, sheet, size)))
            assert [(one.colour, one.shape) for one in found] == [(name, shape)], (name, sheet, found)
            assert found[0].x == pytest.approx(400 / 960, abs=0.01) and found[0].y == pytest.approx(300 / 540, abs=0.02)


def test_a_thing_before_paper_of_nearly_its_colour_stands_out_and_one_that_blends_in_does_not() -> None:
    assert [one.colour for one in things(filmed(drawn("square", (30, 80, 210), (28, 40, 58), 60)))] == ["blue"]
    assert things(filmed(drawn("square", (200, 200, 196), (222, 222, 220), 60))) == []


def test_letters_and_patterns_are_no_things() -> None:
    picture = Image.new("RGB", SIZE, (245, 245, 240))
    pen = ImageDraw.Draw(picture)
    pen.rectangle((100, 100, 140, 140), (200, 30, 30))
    assert len(things(filmed(picture))) == 1
    assert things(filmed(picture), [Box(90, 90, 300, 150)]) == []
    for column in range(5):
        for row in range(4):
            pen.rectangle((300 + column * 90, 60 + row * 90, 340 + column * 90, 100 + row * 90), (200, 30, 30))
    assert things(filmed(picture)) == []


def test_textured_and_cut_off_patches_have_no_shape() -> None:
    noise = np.random.default_rng(3).integers(0, 255, (540, 960, 3), np.uint8)
    assert things(noise) == []
    cut = drawn("circle", INK["red"], SHEETS[0], 120, at=(0, 300))
    assert [one.shape for one in things(filmed(cut))] == [""]


def test_a_shape_of_no_name_that_is_heavier_at_one_end_is_no_diamond() -> None:
    picture = Image.new("RGB", SIZE, SHEETS[0])
    ImageDraw.Draw(picture).polygon([(394, 240), (460, 354), (388, 360), (352, 312)], INK["red"])
    assert [(one.colour, one.shape) for one in things(filmed(picture))] == [("red", "")]


def test_films_hold_few_plain_things() -> None:
    """Faces, fur, leaves and a webcam: whatever is told of them would be a guess."""
    told, frames = 0, 0
    for name in ("big-buck-bunny-trailer.mp4", "movie-hello.mp4"):
        with av.open(str(Path(examples.__file__).parent / name)) as container:
            for index, frame in enumerate(container.decode(video=0)):
                if index % 24 == 0:
                    frames += 1
                    told += sum(bool(thing.shape) for thing in things(frame.to_ndarray(format="rgb24")))
    assert frames > 50 and told / frames < 0.5


def view(second: float, *seen: Thing, moving: bool = False, shown: Screen | None = None) -> View:
    return View(second, second + 0.5, seen, moving, shown or Screen((), None), SIZE)


def thing(x: float, y: float, colour: str = "red", shape: str = "circle") -> Thing:
    return Thing(colour, shape, x, y, 0.1, 0.15)


@pytest.mark.parametrize(
    ("to", "told"),
    [
        ((0.8, 0.5), "A red circle moves from left to right."),
        ((0.2, 0.5), "A red circle moves from right to left."),
        ((0.5, 0.2), "A red circle moves upwards."),
        ((0.5, 0.9), "A red circle moves downwards."),
        ((0.7, 0.2), "A red circle moves up and to the right."),
        ((0.3, 0.8), "A red circle moves down and to the left."),
        ((0.51, 0.5), "A red circle in the middle."),
    ],
)
def test_which_way_a_thing_moves(to: tuple[float, float], told: str) -> None:
    steps = [(0.5 + (to[0] - 0.5) * part, 0.5 + (to[1] - 0.5) * part) for part in (0, 0.3, 0.7, 1)]
    found = list(lines([view(second / 2, thing(*at)) for second, at in enumerate(steps)]))
    assert [line.text for line in found] == [told] and (found[0].start, found[0].end) == (0.0, 2.0)


def test_two_things_are_followed_apart_and_a_gap_ends_one() -> None:
    views = [view(n / 2, thing(0.1 + n / 5, 0.3), thing(0.9 - n / 5, 0.7, "blue", "square")) for n in range(4)]
    assert sorted(line.text for line in lines(views)) == [
        "A blue square moves from right to left.",
        "A red circle moves from left to right.",
    ]
    apart = [view(0, thing(0.5, 0.5)), view(1), view(2, thing(0.5, 0.5))]
    assert [(line.start, line.text) for line in lines(apart)] == [
        (0, "A red circle in the middle."),
        (2, "A red circle in the middle."),
    ]


def test_no_way_is_told_while_the_camera_moves() -> None:
    views = [view(n / 2, thing(0.2 + n / 5, 0.5), moving=True) for n in range(4)]
    assert [line.text for line in lines(views)] == ["A red circle in the middle."]


def test_a_patch_without_a_shape_is_something() -> None:
    still = list(lines([view(n, thing(0.5, 0.5, shape="")) for n in range(2)]))
    assert [line.text for line in still] == ["Something red in the middle."]
    moved = list(lines([view(n, thing(0.2 + n / 4, 0.5, shape="")) for n in range(3)]))
    assert [line.text for line in moved] == ["Something red moves from left to right."]


def test_words_it_stands_under_are_told_with_it() -> None:
    texts = (Word("Menu", 0.99, Box(50, 20, 400, 90)), Word("Exit", 0.99, Box(600, 400, 700, 430)))
    near = screen(Reading(texts[1:]))
    headed = screen(Reading((*texts, Word("Push", 0.99, Box(100, 450, 180, 480)))))
    assert [line.text for line in lines([view(0, thing(0.6, 0.6), shown=near)])] == [
        '"Exit" — a red circle in the middle.'
    ]
    assert headed.heading == 0
    assert [line.text for line in lines([view(0, thing(0.5, 0.5), shown=headed)])] == [
        '"Menu" — a red circle in the middle.'
    ]


@pytest.mark.skipif(not available(), reason="rapidocr is not installed")
def test_a_clip_is_described_with_what_moves_in_it(tmp_path: Path) -> None:
    frames = []
    for number in range(5):
        picture = drawn("star", INK["yellow"], SHEETS[1], 80, at=(150 + number * 150, 350))
        ImageDraw.Draw(picture).text((60, 40), "Arrivals", (250, 250, 250), font_size=60)
        frames.append(Frame(number / 2, filmed(picture)))
    clip = Clip(Segment("r", "c0", 0.0, 2.5), tuple(frames))
    told = [line.text for line in Observations().describe(clip).lines]
    assert '"Arrivals" — a yellow star moves from left to right.' in told


def film(path: Path, seconds: float, passes: tuple[float, float], restless: float = 0, fps: int = 16) -> None:
    """Write a board over which a thing passes, from left to right, during `passes`; a scene in motion before it."""
    noise = np.random.default_rng(1)
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=fps)
        stream.width, stream.height, stream.pix_fmt, stream.time_base = *SIZE, "yuv420p", Fraction(1, fps)
        for index in range(round(seconds * fps)):
            now = index / fps
            inside = passes[0] <= now < passes[1]
            part = (now - passes[0]) / (passes[1] - passes[0])
            shown = drawn("square", INK["red"], SHEETS[0], 70 if inside else 0, at=(100 + 760 * part, 300))
            board = shown if inside else Image.new("RGB", SIZE, SHEETS[0])
            if now < restless and now % 1 < 0.6:
                board.paste(Image.fromarray(noise.integers(0, 255, (9, 4, 3), np.uint8)).resize((240, 540)))
            frame = av.VideoFrame.from_image(board)
            frame.pts = index
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


@pytest.mark.parametrize(("restless", "rate"), [(0, 1), (6, 2)])
def test_a_thing_that_passes_between_two_regular_instants_leaves_its_way(
    restless: float, rate: float, tmp_path: Path
) -> None:
    """Regular pictures would show it once at most; what was glanced at shows which way it went.

    A scene in motion before it, which has more pictures than may be kept, does not crowd it out.
    """
    path = tmp_path / "passes.mp4"
    film(path, 9, (7.1, 7.75), restless)
    name, parts = find_parts(str(path))
    recording = Recording("r", name, parts, scopes_for(9))
    segment = Segment("r", "c0", 0.0, 9.0)
    sampling = Sampling(rate, 1280 * 720, 2, scan=8)
    frames = Sweep(recording, sampling).frames(segment)
    assert len(frames) <= 9 * rate and sum(7.1 <= frame.time < 7.75 for frame in frames) >= 2
    if available():
        told = Observations().describe(Clip(segment, frames, "", sampling)).lines
        assert any("red square moves from left to right" in line.text for line in told)
