"""What the page and reports are told of sessions, answers and memory: JSON values with what shows the moment."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from face.videos import Videos
from graph.checkpoints import checkpoint_file, open_graph
from graph.explanation import changed_settings, explain
from graph.threads import sessions as stored
from graph.threads import state_of
from memory_store.records import Caption
from tools.clock.clock import Clock
from tools.errors import BadInput
from tools.live import live_for
from tools.settings import Settings
from tools.video.download.address import redacted

_FACE = ("answer", "option", "status", "confidence", "reason", "stopped_by", "rounds", "models", "usage")
_SHOWN = 4_000
"""Characters of a caption that are shown beside evidence."""
_LISTED = 500
"""Sessions, captions and hits that are listed at once."""


class Told:
    """Reads sessions and memory for whoever shows them."""

    def __init__(self, settings: Settings, videos: Videos) -> None:
        self._settings = settings
        self._videos = videos

    def answer(self, thread: str) -> dict[str, Any]:
        """Return a session's answer with evidence the page can show: recording and caption of each moment beside it."""
        with open_graph(checkpoint_file(self._settings)) as graph:
            _, values = state_of(graph, thread)
        told = {key: values.get(key) for key in _FACE}
        return told | {"evidence": self._with_captions(values, values.get("evidence") or ())}

    def sessions(self) -> list[dict[str, Any]]:
        """Return the sessions, the newest first."""
        found = []
        with open_graph(checkpoint_file(self._settings)) as graph:
            for session in stored(graph):
                told = {key: value for key, value in asdict(session).items() if key != "settings"}
                videos = [session.video] if isinstance(session.video, str) else session.video
                found.append(told | {"video": [redacted(video) for video in videos]})
                if len(found) == _LISTED:
                    break
        return found

    def session(self, thread: str) -> dict[str, Any]:
        """Return how the newest answer of a session came about. Raises `BadInput`."""
        with open_graph(checkpoint_file(self._settings)) as graph:
            session, values = state_of(graph, thread)
        videos = [session.video] if isinstance(session.video, str) else session.video
        given = changed_settings(json.loads(session.settings))
        unfinished = not session.finished
        clocks = {id: clock for id in _ids(values) if (clock := self._clock(id))}
        told = explain(values, unfinished, clocks)
        return told | {
            "thread": thread,
            "updated": session.updated,
            "source": [redacted(video) for video in videos],
            "settings": {name: redacted(value) if isinstance(value, str) else value for name, value in given.items()},
            "recordings": self._recordings(values),
            "evidence": self._with_captions(values, told["evidence"] or ()),
        }

    def captions(self, id: str, level: str | None, start: float | None, end: float | None) -> list[dict[str, Any]]:
        """Return what is remembered of a stretch of a recording, in order of time. Raises `BadInput`."""
        recording, memory = self._videos.recording(id), self._videos.memory
        if all(one.id != id for one in memory.recordings()):
            return []
        found = memory.captions(recording.id, level=level, start=start, end=end)
        return [_row(caption) for caption in found if caption.lines][:_LISTED]

    def search(self, query: str, id: str = "", count: int = 30) -> list[dict[str, Any]]:
        """Return the lines of memory that fit best, of one recording or of all."""
        memory = live_for(self._settings).memory
        try:
            known = {one.id: one.name for one in memory.recordings()}
            wanted = [one for one in known if id in ("", one)]
            hits = memory.search(wanted, query, k=count) if query.strip() else []
            return [
                {
                    "recording": hit.recording,
                    "video": known[hit.recording],
                    "start": hit.line.start,
                    "end": hit.line.end,
                    "text": hit.line.text,
                    "caption_id": hit.caption,
                }
                for hit in hits
            ]
        finally:
            memory.release()

    def _recordings(self, values: Mapping[str, Any]) -> list[dict[str, Any]]:
        told = []
        for id in _ids(values):
            try:
                told.append(self._videos.describe(self._videos.recording(id)))
            except BadInput:
                continue  # forgotten since
        return told

    def _clock(self, id: str) -> Clock | None:
        try:
            return Clock.of(self._videos.recording(id))
        except BadInput:
            return None

    def _with_captions(self, values: Mapping[str, Any], evidence: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
        ids = {ref["name"]: ref["id"] for ref in values.get("recordings") or ()}
        memory = self._videos.memory
        known = {one.id for one in memory.recordings()}
        told = []
        for item in evidence:
            id = ids.get(item["video"], "")
            caption = memory.get(id, [item["caption_id"]]).get(item["caption_id"]) if id in known else None
            text = caption.text[:_SHOWN] if caption else ""
            told.append({**item, "recording": id, "caption": text})
        return told


def _ids(values: Mapping[str, Any]) -> list[str]:
    return [ref["id"] for ref in values.get("recordings") or ()]


def _row(caption: Caption) -> dict[str, Any]:
    return {
        "caption_id": caption.id,
        "segment": caption.segment,
        "level": caption.level,
        "start": caption.start,
        "end": caption.end,
        "text": caption.text[:_SHOWN],
        "question": caption.question,
        "captioner": caption.captioner,
    }
