"""How many characters of prompt a question costs, and whether what matters is among them.

`python -m benchmarks.prompts [--json] [--seeds 100] [--embedder lexical]` asks questions of videos of one and of ten
hours, 60 and 600 coarse captions of 1,800 characters, through the whole graph over HTTP. The models are scripted: they
are never satisfied, and every question takes its five rounds. Counted is what the reasoner is sent for one question
(`chars_1h`, `chars_10h`), without the summaries, which are made once a video (`chars_summary`, of the ten hours). Then
a fact is planted in one random caption of the ten hours: `planted_found` tells in how many of the seeds its words are
in the first sufficiency prompt, `planted_kept` in how many of those they are in the final prompt too (every tenth seed
takes all its rounds). At last a question is asked twice, the second time in other words, and with its focus in other
words (`captions_first`, `captions_second`). What the captioner is sent is told apart (`chars_captions_10h`).
"""

from __future__ import annotations

import argparse
import json
import os
import random
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

from benchmarks.prose import FACTS, caption, planted

SEGMENT = 60
"""Seconds of a coarse segment: the published code's."""
_STILL = 10
"""Seconds between two pictures of the videos: nobody looks at them."""
_QUESTION = "Which tool is used to open the safe?"
_SAME = (
    ("the tool that opens the safe", "Describe the tool with which the safe is opened."),
    ("which tool the safe is opened with", "Look at the safe and say which tool opens it."),
)
"""One focus in two wordings, with instructions."""


def make_video(path: Path, seconds: int) -> None:
    """Write a video of this length with next to nothing in it."""
    import av
    import numpy as np

    with av.open(str(path), "w") as out:
        stream = out.add_stream("libx264", rate=Fraction(1, _STILL))
        stream.width, stream.height, stream.pix_fmt = 64, 36, "yuv420p"
        stream.options = {"preset": "ultrafast"}
        for index in range(seconds // _STILL):
            shade = np.full((36, 64, 3), index * 7 % 256, dtype=np.uint8)
            frame = av.VideoFrame.from_ndarray(shade, "rgb24")
            frame.pts = index
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))


class Script:
    """The scripted models: prose for captions, and a reasoner that is never satisfied."""

    def __init__(self) -> None:
        self.focus = ("details", "Describe the details.")
        self.looks: list[list[str]] = []
        """Segments chosen so far, a round each; chosen again where `replay` holds them."""
        self.replay: list[list[str]] = []

    def server(self) -> Any:
        from tests.fake_server import FakeServer, scripted

        return FakeServer(scripted(caption=_described, Looks=self._look))

    def _look(self, request: dict[str, Any]) -> dict[str, Any]:
        from tests.fake_server import candidate_ids

        chosen = self.replay.pop(0) if self.replay else candidate_ids(request)[:2]
        self.looks.append(chosen)
        focus, instruction = self.focus
        return {"looks": [{"segment": id, "focus": focus, "instruction": instruction} for id in chosen]}


def _described(request: dict[str, Any]) -> str:
    """Return prose that depends on nothing but what was asked and shown."""
    from tests.fake_server import text_of

    return caption(random.Random(text_of(request)))


class Bench:
    """One home with its memory, and the scripted server."""

    def __init__(self, home: Path, embedder: str) -> None:
        self.home, self.embedder, self.script = home, embedder, Script()
        self.server = self.script.server()

    @contextmanager
    def running(self) -> Iterator[Bench]:
        from tools.live import close_all

        os.environ["BENCHMARK_KEY"] = "none"
        with self.server:
            yield self
            close_all()

    def settings(self, **more: Any) -> Any:
        from tools.settings import Settings

        roles = {
            f"{role}{suffix}": value
            for role in ("captioner", "reasoner")
            for suffix, value in (
                ("", "compatible:scripted"),
                ("_url", self.server.url),
                ("_key_env", "BENCHMARK_KEY"),
            )
        }
        scopes = {"coarse_seconds": SEGMENT, "fine_seconds": 10, "ultra_seconds": 1}
        rates = {"coarse_fps": 0.05, "fine_fps": 0.1, "ultra_fps": 1}
        given = {
            "home": str(self.home),
            "embedder": self.embedder,
            "text_sweep": "off",
            **roles,
            **scopes,
            **rates,
            **more,
        }
        return Settings.load(**given)

    def ask(self, video: Path, question: str, **more: Any) -> dict[str, Any]:
        """Ask through the graph, and return the result with the prompts of each kind it took."""
        from app import graph
        from tests.fake_server import asked_for, text_of

        before = len(self.server.chats)
        result = graph.invoke({"video": str(video), "question": question}, context=self.settings(**more))
        prompts: dict[str, list[str]] = {}
        for request in self.server.chats[before:]:
            prompts.setdefault(asked_for(request), []).append(text_of(request))
        return {**result, "prompts": prompts}


def cost(bench: Bench, video: Path) -> tuple[int, int, dict[str, Any]]:
    """Return the characters of a question's prompts, those of the summaries apart, and the result."""
    bench.ask(video, "What happens?", max_rounds=0)
    summaries = sum(len(text_) for text_ in _prompts(bench, "Summary"))
    result = bench.ask(video, _QUESTION)
    kinds = {kind: texts for kind, texts in result["prompts"].items() if kind not in ("caption", "Summary")}
    return sum(len(text) for texts in kinds.values() for text in texts), summaries, result


def _prompts(bench: Bench, kind: str) -> list[str]:
    from tests.fake_server import text_of

    return [text_of(request) for request in bench.server.asked(kind)]


def plant(bench: Bench, video: Path, seeds: int, tell: Callable[[str], None]) -> tuple[int, int]:
    """Return in how many seeds the fact is in the first sufficiency prompt, and of those in the final one."""
    from memory_store.records import Line
    from tools.captioners.sentences import split_lines
    from tools.live import live_for

    memory = live_for(bench.settings()).memory
    recording = max(memory.recordings(), key=lambda recording: recording.duration)
    coarse = memory.captions(recording.id, level="coarse")
    found = kept = 0
    for seed in range(seeds):
        random_ = random.Random(seed)
        question, fact = FACTS[seed % len(FACTS)]
        host = random_.choice(coarse)
        lines = split_lines(planted(random_, fact), host.start, host.end)
        memory.put([replace(host, lines=tuple(Line(*line) for line in lines))])
        # Every tenth seed takes all its rounds.
        result = bench.ask(video, question, max_rounds=5 if seed % 10 == 9 else 0, reuse=False)
        memory.put([host])
        words = fact.rstrip(".")
        first, last = result["prompts"]["Verdict"][0], result["prompts"]["FinalAnswer"][-1]
        found += words in first
        kept += words in first and words in last
        if words not in first:
            tell(f"seed {seed}: not shown: {fact}")
    return found, kept


def measure(home: Path, embedder: str, seeds: int, tell: Callable[[str], None]) -> dict[str, Any]:
    """Return the numbers of this benchmark."""
    hour, day = home / "hour.mp4", home / "day.mp4"
    make_video(hour, 3_600)
    make_video(day, 36_000)
    with Bench(home, embedder).running() as bench:
        tell("one hour, 60 captions")
        chars_1h, summary_1h, first = cost(bench, hour)
        bench.script.focus, looked = _SAME[0], len(bench.script.looks)
        made = bench.ask(hour, _QUESTION.replace("Which tool", "What tool"))["usage"]["captions_made"]
        bench.script.focus, bench.script.replay = _SAME[1], bench.script.looks[looked:]
        again = bench.ask(hour, "With what tool is the safe opened?")["usage"]["captions_made"]
        tell("ten hours, 600 captions")
        chars_10h, summaries, second = cost(bench, day)
        tell(f"a fact in one of 600 captions, {seeds} seeds")
        found, kept = plant(bench, day, seeds, tell)
    return {
        "chars_1h": chars_1h,
        "chars_10h": chars_10h,
        "chars_summary": summaries - summary_1h,
        "planted_found": found,
        "planted_kept": kept,
        "planted_seeds": seeds,
        "reasoner_calls": second["usage"]["reasoner_calls"],
        "rounds": second["rounds"],
        "captions_first": made,
        "captions_second": again,
        "chars_by_prompt": {
            kind: [len(text) for text in texts]
            for kind, texts in second["prompts"].items()
            if kind not in ("caption", "Summary")
        },
        "chars_captions_10h": sum(map(len, second["prompts"].get("caption", []))),
        "rounds_1h": first["rounds"],
    }


def main() -> None:
    """Measure and print."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--json", action="store_true")
    arguments.add_argument("--seeds", type=int, default=100)
    arguments.add_argument("--embedder", default="lexical")
    given = arguments.parse_args()
    import sys

    def tell(text: str) -> None:
        print(text, file=sys.stderr, flush=True)

    with tempfile.TemporaryDirectory() as folder:
        numbers = measure(Path(folder), given.embedder, given.seeds, tell)
    if given.json:
        print(json.dumps(numbers))
        return
    for key, value in numbers.items():
        print(f"{key:20} {value}")


if __name__ == "__main__":
    main()
