"""A composed video: its shots, the needles among them, and how it is written to disk."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, Any

import examples
from evaluation.needle.pictures import HEIGHT, SCENES, WIDTH, Draw, Footage, Paper, slide
from evaluation.needle.words import LABELS, SORTS, Sort, Words
from evaluation.records import Question, Stretch
from tools.errors import BadInput

if TYPE_CHECKING:
    from av import VideoFrame

RATE = 16_000
"""Samples a second of what voices say."""
FPS = 12
"""The grid that frames lie on; a shot is drawn as often as it needs."""
STILL = 1
"""Frames a second of a picture that stands still."""
_SLIDE_EVERY = 75.0
"""Seconds to a slide that no question is about."""
_FILLER = (7, 22)
"""Seconds of a shot that holds no needle, at least and at most."""
_EPSILON = 1e-6
_FILM = "big-buck-bunny-trailer.mp4"


def within(since: float, stretch: Stretch) -> bool:
    """Tell whether a moment of the grid lies in a stretch whose ends lie on the grid, too."""
    return stretch[0] - _EPSILON <= since < stretch[1] - _EPSILON


@dataclass(frozen=True)
class Shot:
    """A stretch of the video, whole seconds long."""

    seconds: int
    draw: Draw
    fps: int = STILL
    flash: Stretch = (0.0, 0.0)
    """Where a still shot looks different, seconds since its start."""
    fact: Stretch | None = None
    """Where it shows what a question asks for, seconds since its start; none: nowhere."""
    said: str = ""
    """What a voice says during it."""

    def flashes(self, since: float) -> bool:
        return within(since, self.flash)


@dataclass(frozen=True)
class Needle:
    """A question and the shots that answer it, in the order in which they must come."""

    kind: str
    question: str
    options: tuple[str, ...]
    right: str
    shots: tuple[Shot, ...]


@dataclass(frozen=True)
class Placed:
    """A shot and when it begins, seconds."""

    start: int
    shot: Shot


class Stack:
    """What a video is composed of: a source of words, of chance, and of values that are shown anyway."""

    def __init__(self, seed: int, minutes: float) -> None:
        self.rng = random.Random(f"haystack {seed}")
        self.words = Words(seed)
        self.shown: dict[Sort, list[str]] = {sort: [] for sort in SORTS}
        self._film = _film()
        self._slides = [self._slide() for _ in range(max(4, round(minutes * 60 / _SLIDE_EVERY)))]

    def _slide(self) -> Draw:
        sorts = self.rng.sample(SORTS, 3)
        rows = [(self.rng.choice(LABELS[sort]), self.words.value(sort)) for sort in sorts]
        for sort, (_, value) in zip(sorts, rows, strict=True):
            self.shown[sort].append(value)
        place, paper = self.words.place(), Paper.any(self.rng)
        return lambda since: slide(place, rows, paper)

    def decoys(self, sort: Sort, count: int = 3) -> list[str]:
        """Return values of a sort that slides of the video show."""
        while len(self.shown[sort]) < count:
            self.shown[sort].append(self.words.value(sort))
        return self.rng.sample(self.shown[sort], count)

    def filler(self, seconds: int) -> Iterator[Shot]:
        """Yield shots without needles that last `seconds` together."""
        while seconds > 0:
            length = min(seconds, self.rng.randint(*_FILLER))
            if 0 < seconds - length < 3:
                length = seconds
            seconds -= length
            kind = self.rng.random()
            if self._slides and (kind < 0.2 or length < 5):
                yield Shot(length, self._slides.pop())
            elif kind < 0.45:
                yield Shot(length, self._film.shot(self.rng, length), Footage.FPS)
            else:
                yield Shot(length, self.rng.choice(SCENES)(self.rng), 4)


@cache
def _film() -> Footage:
    return Footage(Path(examples.__file__).parent / _FILM)


def compose(stack: Stack, needles: Sequence[Needle], seconds: int) -> list[Placed]:
    """Return the shots of a video of `seconds`, the needles at random places. Raises `BadInput` if they do not fit."""
    rng = stack.rng
    drawn = [(key, shot) for needle in needles for key, shot in zip(_keys(rng, needle), needle.shots, strict=True)]
    shots = [shot for _, shot in sorted(drawn, key=lambda pair: pair[0])]
    spare = seconds - sum(shot.seconds for shot in shots) - 3 * (len(shots) + 1)
    if spare < 0:
        least = -(-(seconds - spare) // 60)
        raise BadInput(f"--minutes: {len(needles)} questions take at least {least} minutes; ask fewer, or take more")
    edges = sorted(rng.randint(0, spare) for _ in shots)
    gaps = [after - before + 3 for before, after in zip([0, *edges], [*edges, spare], strict=True)]
    row: list[Shot] = []
    for gap, shot in zip(gaps, [*shots, None], strict=True):
        row += stack.filler(gap)
        row += [shot] if shot else []
    starts = accumulate((shot.seconds for shot in row), initial=0)
    return [Placed(start, shot) for start, shot in zip(starts, row, strict=False)]


def _keys(rng: random.Random, needle: Needle) -> list[float]:
    return sorted(rng.random() for _ in needle.shots)


def questions(video: str, needles: Sequence[Needle], placed: Sequence[Placed]) -> list[Question]:
    """Return the needles as questions, with the stretches that show their facts."""
    starts = {id(one.shot): one.start for one in placed}
    length = float(placed[-1].start + placed[-1].shot.seconds)
    return [
        Question(
            id=f"{number:03d}-{needle.kind}",
            video=video,
            question=needle.question,
            options=needle.options,
            answer=needle.options.index(needle.right),
            categories={"kind": (needle.kind,)},
            evidence=tuple(
                (starts[id(shot)] + shot.fact[0], starts[id(shot)] + shot.fact[1]) for shot in needle.shots if shot.fact
            ),
            duration=length,
        )
        for number, needle in enumerate(needles, 1)
    ]


def write(path: Path, placed: Sequence[Placed], voices: Path | None = None) -> None:
    """Write a video (mp4, 1280 x 720), frame by frame; with `voices` the sound of that WAV file goes with it."""
    import av

    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=FPS)
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        stream.time_base = Fraction(1, FPS)
        stream.options = {"preset": "superfast", "crf": "23", "g": str(FPS * 10)}
        sound: Any = container.add_stream("aac", rate=RATE, layout="mono") if voices else None
        for place, frame in _frames(placed):
            frame.pts = place
            frame.time_base = Fraction(1, FPS)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
        if voices:
            with av.open(str(voices)) as spoken:
                for heard in spoken.decode(audio=0):
                    container.mux(sound.encode(heard))
                container.mux(sound.encode(None))


def _frames(placed: Sequence[Placed]) -> Iterator[tuple[int, VideoFrame]]:
    """Yield the frames with their places on the grid. A still picture is drawn again only where it flashes."""
    import av

    for start, shot in ((one.start, one.shot) for one in placed):
        kept: tuple[bool, VideoFrame] | None = None
        for index in range(shot.seconds * FPS):
            since = index / FPS
            flashing = shot.flashes(since)
            changes = kept is None or kept[0] != flashing
            # A decoder shows a frame until the next: the last of a shot is written, so that its length is kept.
            if not (index % (FPS // shot.fps) == 0 or changes or index == shot.seconds * FPS - 1):
                continue
            if kept is None or changes or shot.fps != STILL:
                kept = flashing, av.VideoFrame.from_image(shot.draw(since)).reformat(format="yuv420p")
            yield start * FPS + index, kept[1]
