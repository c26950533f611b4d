"""The published demo's order of calls, as a stand-in: `demo_infer` of VideoLucy, everything one after the other.

An answer from coarse memory, the question's type, then for each round the next period with its instruction, a new
caption of the period, one of each of its parts, and an answer; at last the answer that must be given. What is left to
its advantage: one caption is one call of the same models, pictures are read as the product reads them (once a period,
nothing is encoded again), and nothing is kept, searched or put into a prompt.
"""

from __future__ import annotations

from collections.abc import Iterable

from memory_store.records import Recording, Segment
from tools import recaption
from tools.live import Live
from tools.looking import closer
from tools.reasoners.base import FinalAnswer, Judgement, Looks, Task, Verdict
from tools.video.clip import Clip


def ask(live: Live, recording: Recording, periods: Iterable[Segment], question: str) -> None:
    """Make the calls of a question whose rounds look at these periods, and which nothing satisfies."""
    for kind in (Verdict, Judgement):
        live.reasoner.reply(Task(reply=kind, prompt="", question=question))
    for period in periods:
        live.reasoner.reply(Task(reply=Looks, prompt="", question=question))
        for wanted, frames in recaption.clips(live, recording, period, closer(live, recording, period, question)):
            clip = Clip(wanted.segment, tuple(frames), wanted.words, wanted.sampling)
            live.captioner.describe(clip, wanted.instruction)
        live.reasoner.reply(Task(reply=Verdict, prompt="", question=question))
    live.reasoner.reply(Task(reply=FinalAnswer, prompt="", question=question))
