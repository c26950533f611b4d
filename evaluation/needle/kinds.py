"""The kinds of needles: each leaves a coarse cue (a board with a large heading, a change of scene), not its fact.

Facts are small (letters of 13 to 17 pixels, shapes of 16 to 24 in a picture of 1280 x 720) or brief (over before a
second has passed, between two frames of the coarse rate).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PIL import Image, ImageDraw

from evaluation.needle.haystack import FPS, Needle, Shot, Stack, within
from evaluation.needle.pictures import COLOURS, HEIGHT, SCENES, SHAPES, WIDTH, Paper, board, font, shape
from evaluation.needle.shots import flashing, naming, standing
from evaluation.needle.words import LABELS, SORTS, Sort

_WAYS = {
    "from left to right": (1, 0),
    "from right to left": (-1, 0),
    "upwards": (0, -1),
    "downwards": (0, 1),
}
_SAYABLE: tuple[Sort, ...] = ("price", "room")
_TIMES = ("once", "twice", "three times", "four times", "five times", "six times")


def text(stack: Stack) -> Needle:
    """Ask for a value in small print, on a ticker, or one that flashes up."""
    return stack.rng.choice((_small_print, _small_print, _ticker, _flashing_value, _shop_sign))(stack)


def _small_print(stack: Stack) -> Needle:
    rng = stack.rng
    heading, sorts = stack.words.place(), rng.sample(SORTS, 3)
    rows = [(rng.choice(LABELS[sort]), stack.words.value(sort)) for sort in sorts]
    at = rng.randrange(3)
    picture = partial(board, heading, Paper.any(rng), rows, rng.randint(13, 17))
    seconds = rng.randint(4, 8)
    label, value = rows[at]
    question = rng.choice(
        (
            f'What does the board headed "{heading}" give for "{label}"?',
            f'On the sheet titled "{heading}", what is written beside "{label}"?',
            f"Which entry does the {heading} have under {label.lower()}?",
        )
    )
    return _asked(stack, "text", question, value, stack.decoys(sorts[at]), [standing(seconds, picture)])


def _ticker(stack: Stack) -> Needle:
    rng = stack.rng
    place, sort = stack.words.place(), rng.choice(SORTS)
    label, value = rng.choice(LABELS[sort]), stack.words.value(sort)
    scene, seconds, size = rng.choice(SCENES)(rng), rng.randint(5, 8), rng.randint(16, 20)
    line = f"{place} +++ {label}: {value} +++"

    def draw(since: float) -> Image.Image:
        picture = scene(since)
        pen = ImageDraw.Draw(picture)
        pen.rectangle((40, 40, 430, 130), (150, 20, 30))
        pen.text((60, 50), "NEWS FLASH", (255, 255, 255), font(56))
        pen.rectangle((0, HEIGHT - 46, WIDTH, HEIGHT), (18, 20, 28))
        pen.text((WIDTH * 0.55 - since * 70, HEIGHT - 38), line, (250, 250, 250), font(size))
        return picture

    question = rng.choice(
        (
            f'The ticker under the news flash tells of the {place}: what does it say about "{label}"?',
            f"What {label.lower()} does the running text give for the {place}?",
        )
    )
    return _asked(stack, "text", question, value, stack.decoys(sort), [Shot(seconds, draw, 6, fact=(0, seconds))])


def _flashing_value(stack: Stack) -> Needle:
    rng = stack.rng
    heading, sort = stack.words.place(), rng.choice(SORTS)
    label, value, paper = rng.choice(LABELS[sort]), stack.words.value(sort), Paper.any(rng)
    still = partial(board, heading, paper)

    def lit() -> Image.Image:
        picture = still()
        ImageDraw.Draw(picture).text((140, 380), f"{label}: {value}", paper.ink, font(48))
        return picture

    question = rng.choice(
        (
            f'For a moment the "{heading}" board shows its {label.lower()}. What is it?',
            f'Which {label.lower()} flashes up under the heading "{heading}"?',
        )
    )
    return _asked(stack, "text", question, value, stack.decoys(sort), [flashing(rng, rng.randint(4, 7), still, lit)])


def _shop_sign(stack: Stack) -> Needle:
    rng = stack.rng
    place, sort = stack.words.place(), rng.choice(SORTS)
    label, value = rng.choice(LABELS[sort]), stack.words.value(sort)
    scene, seconds, size = rng.choice(SCENES)(rng), rng.randint(4, 7), rng.randint(15, 18)

    def draw(since: float) -> Image.Image:
        picture = scene(since)
        pen = ImageDraw.Draw(picture)
        pen.rectangle((260, 330, 1020, 640), (92, 60, 40))
        pen.rectangle((290, 350, 990, 440), (240, 230, 200))
        pen.text((310, 366), place, (60, 30, 20), font(48))
        pen.rectangle((520, 480, 800, 530), (250, 250, 246))
        pen.text((534, 494), f"{label}: {value}", (30, 30, 30), font(size))
        return picture

    question = f'A small notice hangs below the sign "{place}". What does it say for "{label}"?'
    return _asked(stack, "text", question, value, stack.decoys(sort), [Shot(seconds, draw, 4, fact=(0, seconds))])


def colour(stack: Stack) -> Needle:
    """Ask for the colour of a shape, or for the shape of a colour."""
    rng = stack.rng
    heading, paper = stack.words.place(), Paper.any(rng)
    kinds, names = rng.sample(SHAPES, 3), rng.sample(sorted(COLOURS), 3)
    brief = rng.random() < 0.5
    still = partial(board, heading, paper)
    size = rng.randint(80, 150) if brief else rng.randint(16, 24)
    shown = 1 if brief else 3
    spots = [(rng.randint(160, 300) + number * 330, rng.randint(330, 560)) for number in range(shown)]

    def lit() -> Image.Image:
        picture = still()
        for kind, name, spot in zip(kinds, names, spots, strict=False):
            shape(picture, kind, COLOURS[name], spot, size)
        return picture

    shots = [flashing(rng, rng.randint(4, 7), still, lit) if brief else standing(rng.randint(4, 8), lit)]
    if rng.random() < 0.6:
        question = rng.choice(
            (
                f'What colour is the {kinds[0]} on the board headed "{heading}"?',
                f'Under the heading "{heading}" there is a {kinds[0]}. Which colour does it have?',
            )
        )
        others = [name for name in sorted(COLOURS) if name != names[0]]
        decoys = (names[1:shown] + [name for name in rng.sample(others, 5) if name not in names[1:shown]])[:3]
        return _asked(stack, "colour", question, names[0], decoys, shots)
    question = rng.choice(
        (
            f'Which shape on the board headed "{heading}" is {names[0]}?',
            f'What is the {names[0]} thing drawn under "{heading}"?',
        )
    )
    others = [f"a {kind}" for kind in SHAPES if kind != kinds[0]]
    own = [f"a {kind}" for kind in kinds[1:shown]]
    decoys = (own + [kind for kind in rng.sample(others, 4) if kind not in own])[:3]
    return _asked(stack, "colour", question, f"a {kinds[0]}", decoys, shots)


def motion(stack: Stack) -> Needle:
    """Ask which way a shape moves."""
    rng = stack.rng
    heading, paper, way = stack.words.place(), Paper.any(rng), rng.choice(sorted(_WAYS))
    kind, name = rng.choice(SHAPES), rng.choice(sorted(COLOURS))
    brief = rng.random() < 0.5
    seconds = rng.randint(4, 7)
    size, took = (rng.randint(60, 110), 9 / FPS) if brief else (rng.randint(16, 24), seconds - 1.5)
    begins = rng.randint(1, seconds - 2) + 2 / FPS if brief else 0.5
    across, down = _WAYS[way]
    middle, reach = (640, 430), (430 * across, 180 * down)

    def draw(since: float) -> Image.Image:
        picture = board(heading, paper)
        if not within(since, (begins, begins + took)):
            return picture
        part = 2 * (since - begins) / took - 1
        shape(picture, kind, COLOURS[name], (middle[0] + reach[0] * part, middle[1] + reach[1] * part), size)
        return picture

    question = rng.choice(
        (
            f'In which direction does the {name} {kind} move on the board headed "{heading}"?',
            f'Which way does the {kind} travel under the heading "{heading}"?',
        )
    )
    shots = [Shot(seconds, draw, FPS, fact=(begins, begins + took))]
    return _asked(stack, "motion", question, way, [other for other in sorted(_WAYS) if other != way], shots)


def order(stack: Stack) -> Needle:
    """Ask which of four names came first, last, or right after another; each is on a board of its own."""
    rng = stack.rng
    heading, paper = stack.words.place(), Paper.any(rng)
    names = [stack.words.value("person") for _ in range(4)]
    brief = rng.random() < 0.5
    shots = [naming(rng, heading, paper, name, brief) for name in names]
    way = rng.choice(("first", "last", "after"))
    if way == "after":
        at = rng.randrange(3)
        question = f'On the boards headed "{heading}", who is named next after {names[at]}?'
        spare = [name for name in names if name not in (names[at], names[at + 1])]
        return _asked(stack, "order", question, names[at + 1], [*spare, *stack.decoys("person", 1)], shots)
    right = names[0 if way == "first" else -1]
    question = rng.choice(
        (
            f'Who is the {way} person named on the boards headed "{heading}"?',
            f'Several boards are headed "{heading}". Which of these names comes {way} in the video?',
        )
    )
    return _asked(stack, "order", question, right, [name for name in names if name != right], shots)


def count(stack: Stack) -> Needle:
    """Ask how often a word flashes up; other words do, too."""
    rng = stack.rng
    heading, paper, word = stack.words.place(), Paper.any(rng), stack.words.signal()
    times = rng.randint(2, 5)
    shots = [naming(rng, heading, paper, word, True) for _ in range(times)]
    others = [naming(rng, heading, paper, stack.words.signal(), True, fact=False) for _ in range(2)]
    question = rng.choice(
        (
            f'How many times does the word "{word}" flash up on the boards headed "{heading}"?',
            f'How often is "{word}" shown in the video?',
        )
    )
    right = _TIMES[times - 1]
    decoys = rng.sample([one for one in _TIMES[:6] if one != right], 3)
    mixed = [*shots, *others]
    rng.shuffle(mixed)
    return _asked(stack, "count", question, right, decoys, mixed)


def speech(stack: Stack) -> Needle:
    """Ask for a value that a voice says while a microphone is shown."""
    rng = stack.rng
    place, sort = stack.words.place(), rng.choice(_SAYABLE)
    label, value = rng.choice(LABELS[sort]), stack.words.value(sort)
    seconds = 10
    paper = Paper.any(rng)
    said = f"And now the {place}. The {label.lower()} is {value}."
    question = rng.choice(
        (
            f"What does the speaker give as the {label.lower()} of the {place}?",
            f"A voice talks about the {place}. What {label.lower()} does it name?",
        )
    )
    shots = [Shot(seconds, lambda since: board("On air", paper), fact=(0, seconds), said=said)]
    return _asked(stack, "speech", question, value, stack.decoys(sort), shots)


KINDS: dict[str, Callable[[Stack], Needle]] = {
    "text": text,
    "colour": colour,
    "motion": motion,
    "order": order,
    "count": count,
    "speech": speech,
}


def _asked(stack: Stack, kind: str, question: str, right: str, decoys: list[str], shots: list[Shot]) -> Needle:
    options = [right, *decoys[:3]]
    stack.rng.shuffle(options)
    return Needle(kind, question, tuple(options), right, tuple(shots))
