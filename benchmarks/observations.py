"""What the embedded captioner finds, and how long it takes: frames at exact times against frames chosen by change.

    python -m benchmarks.observations [screens|samples|levels|decode]

`screens` compares the two ways on drawn videos and on the examples: texts found by how long they are shown, texts told
that are not there, pictures read, seconds. `samples` gives precision and recall of what is trusted, at several
thresholds. `levels` reads small print at each level. `decode` tells what glancing costs. Numbers of different machines
cannot be compared; those of one run can.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

from benchmarks.drawn import LENGTHS, SIZE, Shown, film, font, names, samples, screens, scroll
from examples.lecture import FACTS, make_lecture
from memory_store.records import Line, Part, Recording
from memory_store.segments import Plan
from tools.captioners import text_on_screen
from tools.captioners.observations import Observations
from tools.captioners.text_on_screen import MIN_HEIGHT, MIN_SCORE
from tools.settings import Settings
from tools.video.clip import Clip, Sampling
from tools.video.glances import HELD
from tools.video.probe import probe
from tools.video.pyav_reader import PyAVReader
from tools.video.readers import read
from tools.video.watching import Stretch, watch

TRAILER = Path(__file__).parent.parent / "examples" / "big-buck-bunny-trailer.mp4"
TITLES = [
    Shown("Peach Project", 3.5, 8.75),
    Shown("An unlucky bird", 10.25, 14.0),
    Shown("overweight) bunny", 16.25, 23.0),
    Shown("three rodent pests", 32.25, 36.0),
    Shown("Revenge is coming", 47.25, 51.25),
    Shown("MoviePy", 52.25, 55.1),
]


@dataclass
class Told:
    """What was told of a video at one level, and what it took."""

    lines: list[Line] = field(default_factory=list)
    frames: int = 0
    read: int = 0
    seconds: float = 0.0

    def finds(self, shown: Shown) -> bool:
        words = _folded(shown.text)
        return any(words in _folded(line.text) for line in self.lines)

    def off(self, shown: Shown) -> float:
        """Return by how many seconds the line's times miss the truth, start and end together."""
        words = _folded(shown.text)
        found = [line for line in self.lines if words in _folded(line.text)]
        return abs(min(line.start for line in found) - shown.start) + abs(max(line.end for line in found) - shown.end)

    def invented(self, shown: Iterable[Shown]) -> int:
        """Return how many texts were told that are, or hold, no text shown."""
        known = [_folded(one.text) for one in shown]
        told = [_folded(line.text.removeprefix("Text on screen:")) for line in self.lines if line.text.startswith("Te")]
        return sum(not any(one in text or text in one for one in known) for text in told)


def _folded(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalnum())


def tell(path: Path, depth: int, fps: float, seconds: float, scan: bool) -> Told:
    """Describe a whole video in segments of `seconds` as the captioner would at `depth`, or at exact times."""
    seen = probe(str(path))
    part = Part("part", str(path), 0.0, seen.duration, seen.width, seen.height)
    scopes = replace(Settings().scopes(seen.duration), seconds=(seconds,) * 3, fps=(fps,) * 3)
    plan, looks, eyes = Plan(Recording("drawn", path.name, (part,), scopes), scopes), Observations.looks, Observations()
    sampling = Sampling(fps, looks.pixels[depth], eyes.multiple, max(fps, looks.scan[depth]) if scan else 0.0)
    text_on_screen._remembered._kept.clear()
    calls, recognise = Counter[str](), text_on_screen._recognise

    def counted(image: object) -> object:
        calls["read"] += 1
        return recognise(image)  # type: ignore[arg-type]

    told = Told()
    text_on_screen._recognise = counted  # type: ignore[assignment]
    began = time.perf_counter()
    try:
        for segment in plan.coarse():
            if scan:
                ((_, frames),) = watch(plan.recording, [Stretch(segment.start, segment.end, sampling)])
            else:
                frames = tuple(read(plan.recording, segment.start, segment.end, sampling, PyAVReader()))
            told.lines += eyes.describe(Clip(segment, frames, sampling=sampling)).lines
            told.frames += len({id(frame.image) for frame in frames})
    finally:
        text_on_screen._recognise = recognise
    told.read, told.seconds = calls["read"], time.perf_counter() - began
    return told


def compare(name: str, path: Path, shown: list[Shown], fps: float, seconds: float) -> None:
    """Print what both ways find of `shown`, by length where the lengths are those of drawn screens."""
    both = [tell(path, 0, fps, seconds, scan) for scan in (False, True)]
    groups = [
        (f"{length:g} s", [one for one in shown if abs(one.end - one.start - length) < 0.01]) for length in LENGTHS
    ]
    groups = [group for group in groups if group[1]] if name.startswith("screens") else [("texts", shown)]
    for way, told in zip(("exact ", "chosen"), both, strict=True):
        found = "  ".join(f"{label} {sum(map(told.finds, of)):2}/{len(of)}" for label, of in groups)
        off = sorted(told.off(one) for one in shown if told.finds(one))
        middle = f"{off[len(off) // 2]:.2f}" if off else "-"
        print(f"{name:24} {fps:4g} fps {way}  {found}  wrong {told.invented(shown):2}  times off {middle} s  ", end="")
        print(f"frames {told.frames:3}  read {told.read:3}  {told.seconds:5.1f} s")
    old, new = both
    print(
        f"{'':24} ratio chosen/exact: frames {new.frames / old.frames:.2f}  read {new.read / max(1, old.read):.2f}",
        end="",
    )
    print(f"  seconds {new.seconds / old.seconds:.2f}")


def measure_screens(folder: Path) -> None:
    """Compare both ways on everything there is."""
    compare("trailer", TRAILER, TITLES, 2, 5)
    make_lecture(folder / "lecture.mp4")
    shown = [Shown(fact.answer, fact.start, fact.end) for fact in FACTS if fact.where == "coarse"]
    compare("lecture", folder / "lecture.mp4", shown, 1, 30)
    for kind in ("still", "fade", "inset", "moving"):
        path = folder / f"{kind}.mp4"
        shown = screens(path, kind)
        compare(f"screens, {kind}", path, shown, 1, 60)
        compare(f"screens, {kind}", path, shown, 0.25, 800)
    compare("scroll", folder / "scroll.mp4", scroll(folder / "scroll.mp4"), 1, 60)


def measure_samples(folder: Path) -> None:
    """Print precision and recall of trusted texts: drawn pages by height of the box, and footage without text."""
    for label, size, letters in (
        ("430x240", (430, 240), (8, 9, 10, 11, 12, 14, 18)),
        ("1280x720", SIZE, (8, 9, 10, 11, 12, 14, 20)),
    ):
        found: list[tuple[float, float, bool]] = []
        total = 0
        for sample in samples(size, letters):
            wanted = {_folded(row) for row in sample.rows}
            total += len(wanted)
            words, scale = text_on_screen._recognise(sample.image)
            joined = text_on_screen.rows([word for word in words if word.text.strip()])
            for row in joined:
                text = _folded("".join(word.text for word in row))
                found.append(
                    (min(word.score for word in row), min(word.box.height for word in row) / scale, text in wanted)
                )
        print(f"{label}: {total} rows drawn, {len(found)} found, {sum(right for *_, right in found)} right")
        table(found, total)
    found = []
    for path, scale in ((TRAILER, 0), (TRAILER, 2)):
        for score, high in negatives(path, scale):
            found.append((score, high, False))
    print(f"film without text: {len(found)} texts found")
    for score in (0.6, 0.8, 0.85, 0.9, 0.93, 0.95, 0.97):
        print(f"  score {score:.2f}: trusted {sum(s >= score and h >= MIN_HEIGHT for s, h, _ in found)}")


def table(found: list[tuple[float, float, bool]], total: int) -> None:
    """Print precision and recall by threshold."""
    for score in (0.8, 0.85, 0.9, 0.93, 0.95, 0.97):
        cells = []
        for high in (0, 8, 9, 10, 11, 12, 13, 14):
            trusted = [right for s, h, right in found if s >= score and h >= high]
            cells.append(f"{sum(trusted) / max(1, len(trusted)):.3f}/{sum(trusted) / total:.2f}")
        print(f"  score {score:.2f}  precision/recall at height 0, 8 ... 14: " + "  ".join(cells))
    for low in range(6, 20):
        here = [right for _, h, right in found if low <= h < low + 1]
        if here:
            print(f"  boxes of {low}-{low + 1} px: {sum(here)} of {len(here)} right")


def negatives(path: Path, depth: int) -> Iterable[tuple[float, float]]:
    """Yield score and height of every text found in the stretches of the trailer without any."""
    seen = probe(str(path))
    part = Part("part", str(path), 0.0, seen.duration, seen.width, seen.height)
    recording = Recording("film", path.name, (part,), Settings().scopes(seen.duration))
    for start, end in ((24, 31), (37, 46)):
        for frame in read(recording, start, end, Sampling(2, Observations.looks.pixels[depth]), PyAVReader()):
            words, scale = text_on_screen._recognise(frame.image)
            yield from ((w.score, w.box.height / scale) for w in words if len(w.text) >= text_on_screen.MIN_LENGTH)


def measure_levels(folder: Path) -> None:
    """Print how much of small print is read at each level, with the seconds of a reading."""
    from PIL import Image, ImageDraw

    for size in ((1280, 720), (1920, 1080), (3840, 2160)):
        rows = [f"{text} {1000 + 37 * number}" for number, text in enumerate(names(24))]
        page = Image.new("RGB", size, (250, 250, 250))
        pen = ImageDraw.Draw(page)
        pen.text((size[0] // 20, size[1] // 20), "Ledger of the harbour", "black", font(size[1] // 12))
        for number, row in enumerate(rows):
            place = size[0] // 12 + (number % 2) * size[0] // 2, size[1] // 4 + number // 2 * size[1] // 18
            pen.text(place, row, "black", font(12))
        path = folder / f"{size[1]}.mp4"
        film(path, 2, lambda _, page=page: page, size)  # type: ignore[misc]
        for depth, level in enumerate(("coarse", "fine", "ultra-fine")):
            told = tell(path, depth, 2, 2, scan=True)
            right = sum(told.finds(Shown(row, 0, 2)) for row in rows)
            cue = any("cannot be read" in line.text for line in told.lines)
            print(f"{size[0]}x{size[1]} {level:10} {right:2}/{len(rows)} rows, cue {cue}, {told.seconds:.1f} s")
    print(f"frames held of a segment at most: {HELD // (3840 * 2160)} of 4K, {HELD // (1920 * 1080)} of 1080p")


def measure_decode(folder: Path) -> None:
    """Print what glancing at a long recording costs beside frames at exact times alone, without reading."""
    make_lecture(folder / "lecture.mp4")
    for path in (TRAILER, folder / "lecture.mp4"):
        seen = probe(str(path))
        part = Part("part", str(path), 0.0, seen.duration, seen.width, seen.height)
        recording = Recording("film", path.name, (part,), Settings().scopes(seen.duration))
        for fps in (1.0, 0.25):
            taken = []
            for scan in (0.0, Observations.looks.scan[0]):
                sampling = Sampling(fps, Observations.looks.pixels[0], 2, scan)
                began = time.perf_counter()
                if scan:
                    list(watch(recording, [Stretch(0, seen.duration, sampling)]))
                else:
                    read(recording, 0, seen.duration, sampling, PyAVReader())
                taken.append((time.perf_counter() - began) * 60 / seen.duration)
            print(f"{path.name:28} {fps:4g} fps: exact {taken[0]:.2f} s, chosen {taken[1]:.2f} s a minute of video")


PARTS: dict[str, Callable[[Path], None]] = {
    "screens": measure_screens,
    "samples": measure_samples,
    "levels": measure_levels,
    "decode": measure_decode,
}

if __name__ == "__main__":
    print(f"thresholds: score {MIN_SCORE}, height {MIN_HEIGHT} pixels")
    with tempfile.TemporaryDirectory() as kept:
        for chosen in sys.argv[1:] or PARTS:
            PARTS[chosen](Path(kept))
