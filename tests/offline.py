"""The environment of programs that tests start: no network but loopback, no keys, no settings of the developer."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

_GUARD = Path(__file__).resolve().parent / "sitecustomize_offline"
_SECRET = ("_KEY", "_TOKEN", "_SECRET", "_PASSWORD")
_OURS = ("VIDEOLUCY_", "LANGCHAIN_", "LANGSMITH_", "OPENAI_", "CHROMA_", "PYTEST_")
_PROXIES = {name: "http://127.0.0.1:9" for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")}
"""Nothing listens there: what does not use Python's sockets (uvloop, Rust clients) gets no further."""


def offline_env(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return an environment for `subprocess`: the guard first on PYTHONPATH, then `extra`.

    Inherits what a program needs to run (PATH, HOME, locale), but no key, no setting and no proxy but a dead one.
    A PYTHONPATH in `extra` is put behind the guard.
    """
    extra = dict(extra or {})
    inherited = {
        name: value
        for name, value in os.environ.items()
        if not name.upper().endswith(_SECRET)
        and not name.startswith(_OURS)
        and name.upper() not in (*_PROXIES, "NO_PROXY")
    }
    path = extra.pop("PYTHONPATH", inherited.get("PYTHONPATH", ""))
    return {
        **inherited,
        "HF_HUB_OFFLINE": "1",
        "TRANSFORMERS_OFFLINE": "1",
        "LANGSMITH_TRACING": "false",
        "LANGGRAPH_CLI_NO_ANALYTICS": "1",
        "ANONYMIZED_TELEMETRY": "False",
        "PYTHONDONTWRITEBYTECODE": "1",
        **_PROXIES,
        "NO_PROXY": "127.0.0.1,localhost,::1",
        **extra,
        "PYTHONPATH": os.pathsep.join([str(_GUARD), *filter(None, [path])]),
    }
