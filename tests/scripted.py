"""What tests of the loop share: settings for the scripted server, and a citation out of a prompt."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from tests.fake_server import FakeServer, text_of
from tools.settings import Settings

SCOPES = {"coarse_seconds": 4, "fine_seconds": 2, "ultra_seconds": 1, "coarse_fps": 1, "fine_fps": 2, "ultra_fps": 4}

Make = Callable[..., Settings]


def settings_for(server: FakeServer, **more: Any) -> Settings:
    """Return settings under which captioner and reasoner are the scripted server (key in `FAKE_KEY`)."""
    roles = {
        f"{role}{suffix}": value
        for role in ("captioner", "reasoner")
        for suffix, value in (("", "compatible:fake"), ("_url", server.url), ("_key_env", "FAKE_KEY"))
    }
    return Settings.load(**{**roles, "embedder": "lexical", "text_sweep": "off", **SCOPES, **more})


def cite(request: dict[str, Any]) -> dict[str, str]:
    """Return a citation of the last caption shown in a prompt, with its first words."""
    block = re.findall(r"\[caption (\w{8})\][^\n]*\n([^\n]+)", text_of(request))[-1]
    return {"caption": block[0], "quote": block[1]}
