"""Trying the models in force: something small asked of each, and what came back. Nothing is stored."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tools.errors import BadInput
from tools.settings import Settings
from tools.usage import Usage

if TYPE_CHECKING:
    from memory_store.embedders.base import Embedder
    from tools.reasoners.base import Passage, Task, Verdict
    from tools.video.clip import Clip

LONGEST = 300
"""Characters shown of what a model said."""
QUESTION = "What colour is the bicycle?"
_SCENES = (
    "A woman in a red coat opens the door of a bakery.",
    "A man leans a blue bicycle against the window of the bakery.",
)
_SECONDS = 4
_PATIENCE = 5.0
"""Seconds for which a call that fails is tried again: somebody is waiting to hear that it does."""
_SIZE = (448, 252)


@dataclass(frozen=True)
class Tried:
    """What one model made of its task: its words, or the one line that says why there are none."""

    role: str
    model: str
    said: str
    problem: str
    seconds: float
    usage: Usage

    def to_dict(self) -> dict[str, Any]:
        """Return what `--json` shows."""
        spent = {
            "prompt_tokens": self.usage.prompt_tokens,
            "completion_tokens": self.usage.completion_tokens,
            "estimated": self.usage.tokens_estimated > 0,
            "cost": round(self.usage.cost, 6),
        }
        words = {"ok": not self.problem, "said": self.said, "problem": self.problem}
        return {"model": self.model, **words, "seconds": round(self.seconds, 3), **spent}


def try_models(settings: Settings) -> Iterator[Tried]:
    """Ask each model in force something small, in turn, whatever became of the one before.

    A clip of the captioner, two sentences and a question of the reasoner, a sentence of the embedder.
    No memory is opened, so no lock is taken. Raises `BadInput` for settings that name no usable model.
    """
    from tools.models import build_captioner, build_embedder, build_reasoner, check_models, choose_reasoner

    check_models(settings)
    settings = settings.model_copy(update={"retry_seconds": min(settings.retry_seconds, _PATIENCE)})
    captioner, embedder = build_captioner(settings), build_embedder(settings)
    reasoner = build_reasoner(settings, embedder)

    def look() -> tuple[str, Usage]:
        seen = captioner.describe(clip(captioner.multiple), "")
        return " ".join(line.text for line in seen.lines), seen.usage

    def reason() -> tuple[str, Usage]:
        verdict, usage = reasoner.reply(task())
        return f"{verdict.support}: {verdict.answer or verdict.missing}", usage

    yield _try("captioner", captioner.name, look, settings)
    yield _try("reasoner", choose_reasoner(settings).name, reason, settings)
    yield _try("embedder", embedder.name, lambda: (_embed(embedder), Usage()), settings)


def _embed(embedder: Embedder) -> str:
    vectors = embedder.embed([_SCENES[1]])
    return f"a vector of {vectors.shape[1]} numbers"


def _try(role: str, model: str, ask: Callable[[], tuple[str, Usage]], settings: Settings) -> Tried:
    from memory_store.errors import StoreError
    from tools.captioners.base import CaptionError
    from tools.reasoners.base import ReasonerError

    began = time.monotonic()
    said = problem = ""
    try:
        said, usage = ask()
    except (CaptionError, ReasonerError) as error:
        problem, usage = str(error), error.usage
    except (StoreError, BadInput) as error:
        problem, usage = str(error), Usage()
    except Exception as error:
        # Whatever is wrong with one model, the others are still to be tried.
        problem, usage = f"{type(error).__name__}: {error}", Usage()
    seconds = time.monotonic() - began
    spent = usage.priced(settings.price_prompt, settings.price_completion)
    return Tried(role, model, _shortened(said), _shortened(problem), seconds, spent)


def _shortened(text: str) -> str:
    from commands.terminal import clean

    line = " ".join(clean(text).split())
    return line if len(line) <= LONGEST else line[: LONGEST - 1] + "…"


def clip(multiple: int) -> Clip:
    """Return four seconds, a picture each: a red ball that crosses a green lawn under a written line.

    Sides are multiples of `multiple` pixels.
    """
    import numpy as np
    from PIL import Image, ImageDraw, ImageFont

    from memory_store.records import Segment
    from tools.video.clip import Clip, Frame, Sampling

    wide, high = Sampling(1, _SIZE[0] * _SIZE[1], multiple).size(*_SIZE)
    frames = []
    for second in range(_SECONDS):
        picture = Image.new("RGB", (wide, high), (46, 125, 50))
        draw = ImageDraw.Draw(picture)
        draw.text((wide // 20, high // 12), "PLATFORM 7", fill="white", font=ImageFont.load_default(size=high / 6))
        left, radius = wide * (second + 1) // (_SECONDS + 1), high // 8
        draw.ellipse((left - radius, high // 2, left + radius, high // 2 + 2 * radius), fill=(211, 47, 47))
        frames.append(Frame(float(second), np.asarray(picture, dtype=np.uint8)))
    return Clip(Segment("trial", "c0", 0.0, float(_SECONDS)), tuple(frames))


def task() -> Task[Verdict]:
    """Return a question that the second of two captions answers."""
    from nodes.prompts import assess
    from tools.reasoners.base import Task, Verdict

    passages = tuple(_passage(index, scene) for index, scene in enumerate(_SCENES))
    return Task(Verdict, assess(passages, QUESTION, (), graded=True), QUESTION, passages=passages)


def _passage(index: int, scene: str) -> Passage:
    from memory_store.records import LEVELS, Line, digest
    from tools.reasoners.base import Passage

    start, end = 10.0 * index, 10.0 * (index + 1)
    return Passage(digest(scene), "trial", f"c{index}", LEVELS[0], start, end, (Line(start, end, scene),))
