"""Another haystack, drawn and worded unlike the product's own: other pictures, other letters, other questions.

    python -m tests.other_haystack OUT --minutes 6 --seed 1 --questions 20

writes `OUT/street.mp4` and `OUT/questions.jsonl` in the plain format of `videolucy eval plain`.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np

import examples

WIDE, HIGH, FPS = 854, 480, 8
INKS = {
    "red": (200, 40, 40),
    "blue": (40, 70, 190),
    "green": (30, 140, 70),
    "yellow": (236, 200, 40),
    "purple": (120, 50, 150),
}
# fmt: off
STREETS = [
    "Ash Lane", "Mill Road", "Canal Street", "Bishop Row", "Elm Court", "Tower Hill", "Quay Side", "Well Street",
    "Fox Alley", "Park View",
]
TRADES = [
    "Plumber", "Florist", "Optician", "Tailor", "Butcher", "Jeweller", "Barber", "Grocer", "Chemist", "Saddler",
    "Cobbler", "Draper",
]
DISHES = [
    "Leek pie", "Pea soup", "Fish stew", "Plum tart", "Rice bowl", "Egg curry", "Bean salad", "Lamb roast",
    "Corn bread", "Nut cake",
]
TOWNS = [
    "Brackford", "Ellesby", "Thornley", "Wexcombe", "Marsden", "Oakridge", "Penrith", "Stowell", "Harlow", "Kelby",
]
# fmt: on

Paint = Callable[[np.ndarray, float], None]
"""Paints over a picture (H, W, 3), at seconds since the needle came on."""


@dataclass
class Event:
    """Something shown for a while."""

    seconds: float
    paint: Paint
    plain: bool = False
    """Before a plain ground, not before what goes on anyway."""
    start: float = 0.0


@dataclass
class Asked:
    kind: str
    question: str
    right: str
    wrong: list[str]
    events: list[Event] = field(default_factory=list)


def write_on(image: np.ndarray, text: str, at: tuple[int, int], size: float, ink=(20, 20, 20), bold: int = 1) -> None:
    cv2.putText(image, text, at, cv2.FONT_HERSHEY_DUPLEX, size, ink, bold, cv2.LINE_AA)


def sign(lines: list[str], size: float, at: tuple[int, int], back=(250, 250, 250), ink=(20, 20, 20)) -> Paint:
    """Return a board with rows of letters `size` times 22 pixels high."""

    def paint(image: np.ndarray, since: float) -> None:
        wide = max(cv2.getTextSize(line, cv2.FONT_HERSHEY_DUPLEX, size, 1)[0][0] for line in lines) + 24
        high = int(len(lines) * 40 * size + 20)
        cv2.rectangle(image, at, (at[0] + wide, at[1] + high), back, -1)
        cv2.rectangle(image, at, (at[0] + wide, at[1] + high), ink, 2)
        for row, line in enumerate(lines):
            write_on(image, line, (at[0] + 12, at[1] + int((row + 0.8) * 40 * size + 4)), size, ink)

    return paint


def thing(name: str, ink: tuple[int, int, int], way: tuple[float, float], size: int, seconds: float) -> Paint:
    """Return a ball, flag, kite or van that stands in the middle or crosses it."""

    def paint(image: np.ndarray, since: float) -> None:
        part = since / seconds - 0.5
        x, y = int(WIDE / 2 + way[0] * part * (WIDE - 200)), int(HIGH / 2 + way[1] * part * (HIGH - 160))
        if name == "ball":
            cv2.circle(image, (x, y), size, ink, -1, cv2.LINE_AA)
        elif name == "flag":
            cv2.line(image, (x - size, y - size), (x - size, y + 2 * size), (90, 90, 90), 3)
            cv2.rectangle(image, (x - size, y - size), (x + size, y + size // 4), ink, -1)
        elif name == "kite":
            corners = np.array([(x, y - size), (x + size * 2 // 3, y), (x, y + size), (x - size * 2 // 3, y)])
            cv2.fillPoly(image, [corners], ink, cv2.LINE_AA)
        else:
            cv2.rectangle(image, (x - size * 3 // 2, y - size // 2), (x + size * 3 // 2, y + size // 2), ink, -1)
            for wheel in (-size, size):
                cv2.circle(image, (x + wheel, y + size // 2 + 6), size // 3, (30, 30, 30), -1, cv2.LINE_AA)

    return paint


class Street:
    """Makes questions by a seed, each word once."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(f"street {seed}")
        self.pool = {
            name: self.rng.sample(words, len(words))
            for name, words in (("street", STREETS), ("trade", TRADES), ("dish", DISHES), ("town", TOWNS))
        }
        self.prices = self.rng.sample(range(3, 60), 40)
        self.named: dict[str, list[str]] = {}

    def word(self, kind: str) -> str:
        return self.pool[kind].pop()

    def spot(self) -> tuple[int, int]:
        return self.rng.randint(20, 380), self.rng.randint(20, 250)

    def text(self) -> Asked:
        rng = self.rng
        if rng.random() < 0.5:
            dishes = [self.word("dish") for _ in range(2)] if len(self.pool["dish"]) > 1 else ["Tea", "Toast"]
            prices = [f"${self.prices.pop()}.{rng.choice((25, 50, 75))}" for _ in range(2)]
            size = rng.uniform(0.45, 0.9)
            rows = [f"{dish}  {price}" for dish, price in zip(dishes, prices, strict=True)]
            question = rng.choice(
                (f"How much is the {dishes[0].lower()}?", f"What would I pay for {dishes[0].lower()}?")
            )
            wrong = [prices[1], *(f"${self.prices.pop()}.50" for _ in range(2))]
            return Asked("text", question, prices[0], wrong, [Event(rng.uniform(3, 6), sign(rows, size, self.spot()))])
        trade, street, number = self.word("trade"), rng.choice(STREETS), rng.randint(2, 98)
        question = rng.choice((f"Where can one find the {trade.lower()}?", f"What is the {trade.lower()}'s address?"))
        wrong = [f"{rng.randint(2, 98)} {other}" for other in rng.sample([s for s in STREETS if s != street], 3)]
        rows = [trade.upper(), f"{number} {street}"]
        painted = sign(rows, rng.uniform(0.45, 0.8), self.spot(), (30, 40, 60), (240, 230, 200))
        return Asked("text", question, f"{number} {street}", wrong, [Event(rng.uniform(3, 6), painted)])

    def seen(self, name: str, way: tuple[float, float], seconds: float) -> tuple[str, Event]:
        ink = self.rng.choice(sorted(INKS))
        return ink, Event(seconds, thing(name, INKS[ink], way, self.rng.randint(26, 60), seconds), plain=True)

    def colour(self) -> Asked:
        name, board = self.rng.choice(("ball", "flag", "kite", "van")), self.word("town")
        ink, event = self.seen(name, (0, 0), self.rng.uniform(2, 5))
        painted, shown = event.paint, sign([f"Welcome to {board}"], 0.9, (40, 20))
        event.paint = lambda image, since: (shown(image, since), painted(image, since))[0]
        question = self.rng.choice(
            (
                f"At the sign welcoming us to {board} there is a {name}. What colour is it?",
                f"What's the colour of the {name} next to the {board} sign?",
            )
        )
        return Asked("colour", question, ink, self.rng.sample([other for other in INKS if other != ink], 3), [event])

    def motion(self) -> Asked:
        ways = {"to the left": (-1, 0), "to the right": (1, 0), "up": (0, -1), "down": (0, 1)}
        name, board, way = self.rng.choice(("ball", "kite", "van")), self.word("town"), self.rng.choice(sorted(ways))
        ink, event = self.seen(name, ways[way], self.rng.uniform(1.2, 4))
        painted, shown = event.paint, sign([f"{board} station"], 0.8, (30, 20))
        event.paint = lambda image, since: (shown(image, since), painted(image, since))[0]
        question = self.rng.choice(
            (
                f"Near {board} station something {ink} goes by. Which way is it heading?",
                f"Where is the {ink} {name} going at {board} station?",
            )
        )
        return Asked("motion", question, way, [other for other in ways if other != way], [event])

    def order(self) -> Asked:
        trades = (
            [self.word("trade") for _ in range(3)] if len(self.pool["trade"]) > 3 else ["Baker", "Potter", "Glazier"]
        )
        events = [
            Event(self.rng.uniform(2, 5), sign([f"{trade} wanted"], self.rng.uniform(0.6, 1), self.spot()))
            for trade in trades
        ]
        asked = [f"{trade} wanted" for trade in trades]
        if self.rng.random() < 0.5:
            return Asked(
                "order",
                "Which of these job notices do we get to see before the others?",
                asked[0],
                asked[1:] + ["Miller wanted"],
                events,
            )
        return Asked(
            "order",
            f'Which notice follows the one that says "{asked[0]}"?',
            asked[1],
            [asked[2], asked[0], "Miller wanted"],
            events,
        )

    def count(self) -> Asked:
        word, times = self.rng.choice(("DETOUR", "SLOW", "YIELD", "NO ENTRY", "ONE WAY")), self.rng.randint(2, 4)
        while word in self.named:
            word = f"{word} {len(self.named)}"
        self.named[word] = []
        events = [Event(self.rng.uniform(1.5, 3), sign([word], 1.1, self.spot(), (240, 200, 40))) for _ in range(times)]
        question = self.rng.choice(
            (f"How often do we pass a {word} sign?", f'The sign "{word}" turns up how many times?')
        )
        return Asked("count", question, str(times), [str(n) for n in (1, 2, 3, 4, 5) if n != times][:3], events)


def background(rng: random.Random, film: list[np.ndarray]) -> Callable[[float], np.ndarray]:
    kind, shift = rng.randrange(3), rng.randrange(len(film))
    low, high = (np.array([rng.randint(60, 200) for _ in range(3)]) for _ in range(2))

    def draw(since: float) -> np.ndarray:
        if kind == 0:
            return cv2.flip(film[(shift + int(since * 4)) % len(film)], 1).copy()
        ramp = np.linspace(0, 1, WIDE)[None, :, None]
        image = np.repeat(low * (1 - ramp) + high * ramp, HIGH, axis=0).astype(np.uint8)
        if kind == 1:
            for bar in range(0, WIDE, 60):
                x = int((bar + since * 25) % WIDE)
                cv2.line(image, (x, 0), (x - 80, HIGH), tuple(int(v) for v in (low + high) // 2), 9)
        return image

    return draw


def make(out: Path, minutes: float, seed: int, questions: int) -> Path:
    """Write video and questions; return the questions' file."""
    street, rng = Street(seed), random.Random(f"streets {seed}")
    kinds = [street.text, street.colour, street.motion, street.order, street.count]
    asked = [kinds[number % len(kinds)]() for number in range(questions)]
    events = [event for one in asked for event in one.events]
    total, slots = minutes * 60, []
    gap = (total - sum(event.seconds for event in events)) / (len(events) + 1)
    assert gap > 2, "too many needles for this length"
    order = sorted(
        (key, id(event), event)
        for one in asked
        for key, event in zip(sorted(rng.random() for _ in one.events), one.events, strict=True)
    )
    now = 0.0
    for _, _, event in order:
        now += gap * rng.uniform(0.5, 1.0)
        event.start = round(now * FPS) / FPS
        now += event.seconds
        slots.append(event)
    film = []
    with av.open(str(Path(examples.__file__).parent / "big-buck-bunny-trailer.mp4")) as container:
        for index, frame in enumerate(container.decode(video=0)):
            if index % 6 == 0:
                film.append(frame.to_ndarray(format="rgb24", width=WIDE, height=HIGH))
    video = out / "street.mp4"
    with av.open(str(video), "w") as container:
        stream = container.add_stream("libx264", rate=FPS)
        stream.width, stream.height, stream.pix_fmt, stream.time_base = WIDE, HIGH, "yuv420p", Fraction(1, FPS)
        stream.options = {"preset": "ultrafast", "crf": "22", "g": "64"}
        draw, until, began = background(rng, film), 0.0, 0.0
        for index in range(round(total * FPS)):
            now = index / FPS
            if now >= until:
                draw, began, until = background(rng, film), now, now + rng.uniform(8, 20)
            event = next((one for one in slots if one.start <= now < one.start + one.seconds), None)
            image = np.full((HIGH, WIDE, 3), (205, 214, 220), np.uint8) if event and event.plain else draw(now - began)
            if event:
                event.paint(image, now - event.start)
            frame = av.VideoFrame.from_ndarray(image, "rgb24")
            frame.pts = index
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    lines = []
    for number, one in enumerate(asked, 1):
        options = [one.right, *one.wrong]
        rng.shuffle(options)
        evidence = [[event.start, event.start + event.seconds] for event in one.events]
        lines.append(
            json.dumps(
                {
                    "id": f"{number:02d}-{one.kind}",
                    "video": video.name,
                    "question": one.question,
                    "options": options,
                    "answer": options.index(one.right),
                    "categories": {"kind": one.kind},
                    "evidence": evidence,
                }
            )
        )
    file = out / "questions.jsonl"
    file.write_text("\n".join(lines) + "\n")
    return file


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--minutes", type=float, default=6)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--questions", type=int, default=20)
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    print(make(given.out, given.minutes, given.seed, given.questions))
