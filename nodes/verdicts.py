"""The verdict carried from round to round, as other steps need it."""

from __future__ import annotations

from nodes.state import State
from tools.reasoners.base import Citation, Verdict


def as_verdict(state: State) -> Verdict | None:
    """Return the state's best verdict as the reasoner's own type."""
    best = state.get("verdict")
    if not best:
        return None
    cited = [Citation(caption=item["caption_id"], quote=item["quote"]) for item in best["evidence"]]
    kept = {key: best[key] for key in ("support", "confidence", "answer", "option", "missing")}
    return Verdict(**kept, evidence=cited)


def missing_of(state: State) -> str:
    """Return what the best verdict so far says is missing."""
    best = state.get("verdict")
    return best["missing"] if best else ""
