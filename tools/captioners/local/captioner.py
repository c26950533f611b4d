"""A captioner on this machine: a vision model through transformers, many clips at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tools.captioners.base import DEAF, CaptionError, Description
from tools.captioners.local.batching import Batcher
from tools.captioners.local.checkpoint import Checkpoint, one_line
from tools.captioners.local.inputs import build_inputs, estimate_tokens, thin
from tools.captioners.local.model import LocalModel, Written, free_memory, ran_out
from tools.captioners.sentences import split_lines
from tools.reasoners.unwrap import strip_reasoning
from tools.usage import Usage
from tools.video.clip import Clip

BATCH = {"cuda": 8}
"""Clips described at once, by kind of device."""
_SMALL_BATCH = 2
TOKENS = 48_000
"""Most prompt tokens of a batch, padding included; a longer clip goes alone."""
RECOVERY = 8
"""Full batches that must go well before a batch that was made smaller grows by one clip."""
_HALVINGS = 2
"""How often a single clip that does not fit loses half of its frames."""


@dataclass(frozen=True)
class _Job:
    clip: Clip
    instruction: str


@dataclass(frozen=True)
class _Told:
    """What was written for a job, the length of its prompt's text, and the frames it had to do without."""

    written: Written
    chars: int
    dropped: int


class LocalCaptioner:
    """Describes clips through a model in this process. Safe to share between threads.

    One thread owns the model. It is loaded when the first clip comes, and describes as many of the
    clips that wait as fit into a batch. Implements `tools.captioners.base.Captioner`.
    """

    blind_to: Sequence[str] = DEAF
    takes_instructions = True

    def __init__(
        self,
        checkpoint: Checkpoint,
        *,
        device: str = "auto",
        temperature: float = 0.0,
        max_tokens: int = 1024,
        at_once: int = 0,
    ) -> None:
        """Load nothing yet. `at_once` is the largest batch; 0: what suits the device."""
        self._checkpoint, self._device = checkpoint, device
        self._temperature, self._max_tokens, self._at_once = temperature, max_tokens, at_once
        self._model: LocalModel | None = None
        self._most = self.batch = 1
        self._went_well = 0
        self._describe = Batcher(self._work, self._choose, self._load, name="local captioner")

    @property
    def name(self) -> str:
        return self._checkpoint.name

    @property
    def multiple(self) -> int:
        """Read from the checkpoint's config. Raises `BadInput` where there is none."""
        return self._checkpoint.multiple

    def describe(self, clip: Clip, instruction: str) -> Description:
        """Describe `clip` under `instruction`; without one, as any question may need it.

        Raises `CaptionError` for a clip that cannot be described, `BadInput` for a model that cannot be loaded.
        """
        if not clip.frames:
            raise CaptionError(f"segment {clip.segment.id} has no frames")
        told = self._describe(_Job(clip, instruction))
        written, segment = told.written, clip.segment
        usage = Usage(
            prompt_tokens=written.prompt_tokens, completion_tokens=written.completion_tokens, prompt_chars=told.chars
        )
        lines = split_lines(strip_reasoning(written.text, keep_unfinished=False), segment.start, segment.end)
        if not lines:
            raise CaptionError(f"{self.name} gave a blank caption", usage)
        return Description(tuple(lines), usage, {"frames_dropped": told.dropped} if told.dropped else {})

    def _load(self) -> LocalModel:
        if self._model is None:
            self._model = LocalModel(self._checkpoint, self._device)
            self._most = self.batch = self._at_once or BATCH.get(self._model.device.partition(":")[0], _SMALL_BATCH)
        return self._model

    def _choose(self, waiting: list[_Job]) -> list[int]:
        """Return the first job and those that may share a batch with it."""
        family, multiple = self._checkpoint.family, self._checkpoint.multiple
        chosen: list[int] = []
        frames, longest = len(waiting[0].clip.frames), 0
        for index, job in enumerate(waiting):
            tokens = max(longest, estimate_tokens(job.clip, family, multiple))
            alike = family.mixes or len(job.clip.frames) == frames
            if index == 0 or (alike and len(chosen) < self.batch and tokens * (len(chosen) + 1) <= TOKENS):
                chosen.append(index)
                longest = tokens
        return chosen

    def _work(self, jobs: list[_Job]) -> list[_Told | Exception]:
        """Describe jobs, fewer at a time where memory runs out, each alone where one may be at fault."""
        try:
            told = self._attempt(jobs)
        except Exception as error:
            # Only its words are kept: its frames hold the tensors that memory ran out over.
            problem, no_memory = one_line(error), ran_out(error)
        else:
            self._recover(len(jobs))
            return list(told)
        if no_memory:
            free_memory()
        if len(jobs) == 1:
            return [self._alone(jobs[0], problem, no_memory)]
        if no_memory:
            self.batch, self._went_well = len(jobs) // 2, 0
        outcomes: list[_Told | Exception] = []
        while len(outcomes) < len(jobs):
            part = jobs[len(outcomes) :][: self.batch if no_memory else 1]
            outcomes += self._work(part)
        return outcomes

    def _alone(self, job: _Job, problem: str, no_memory: bool) -> _Told | Exception:
        """Return the outcome of a job that failed alone: with fewer frames, if that is what it takes."""
        clip, halvings = job.clip, 0
        while no_memory and halvings < _HALVINGS and len(clip.frames) > 1:
            clip, halvings = thin(clip), halvings + 1
            try:
                told = self._attempt([_Job(clip, job.instruction)])[0]
            except Exception as error:
                problem, no_memory = one_line(error), ran_out(error)
            else:
                return _Told(told.written, told.chars, len(job.clip.frames) - len(clip.frames))
            free_memory()
        if no_memory:
            return CaptionError(
                f"{self.name}: a clip does not fit into memory, not even with {len(clip.frames)} frames"
            )
        return CaptionError(f"{self.name} failed: {problem}")

    def _attempt(self, jobs: list[_Job]) -> list[_Told]:
        family, multiple = self._checkpoint.family, self._checkpoint.multiple
        inputs = [build_inputs(job.clip, job.instruction, family, multiple) for job in jobs]
        written = self._load().write(
            inputs, resize=not family.patch, max_tokens=self._max_tokens, temperature=self._temperature
        )
        return [_Told(text, given.chars, 0) for text, given in zip(written, inputs, strict=True)]

    def _recover(self, count: int) -> None:
        """Count a batch that went well; let batches grow again after enough of them."""
        if count < self.batch or self.batch == self._most:
            return
        self._went_well += 1
        if self._went_well >= RECOVERY:
            self.batch, self._went_well = self.batch + 1, 0
