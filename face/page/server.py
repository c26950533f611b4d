"""The page's server: JSON for its scripts, the video in ranges, pictures, and the events of what is under way."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from sse_starlette import EventSourceResponse
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from face.page.access import Guard
from face.page.runs import Runs
from face.stills import still
from face.told import Told
from face.videos import Videos
from memory_store.errors import EmbedderError, StoreError
from tools.errors import BadInput
from tools.live import close_all, live_for
from tools.settings import Settings
from tools.video.errors import VideoError

STATIC = Path(__file__).parent / "static"
_LARGEST = 1 << 20
"""Bytes of a request that is no video."""
_HIGHEST = 1080
"""Pixels of a still."""
_FAULTS = (BadInput, StoreError, EmbedderError, VideoError)


def application(settings: Settings, key: str, port: int) -> Starlette:
    """Return the page's application.

    Args:
        settings: those of the server; a question may change them, but for where things lie.
        key: what a browser has to bring once.
        port: told apart by it, so that two servers of a machine do not share a cookie.
    """
    videos = Videos(settings)
    told = Told(settings, videos)
    runs = Runs(settings, told.answer)
    views = _Views(settings, videos, told, runs)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        yield
        runs.stop_all()
        await run_in_threadpool(close_all)

    routes = [
        Route("/", views.page),
        Route("/api/about", views.about),
        Route("/api/videos", views.known),
        Route("/api/videos", views.open, methods=["POST"]),
        Route("/api/folder", views.folder),
        Route("/api/dropped", views.dropped, methods=["POST"]),
        Route("/api/timeline/{id}", views.timeline),
        Route("/api/captions/{id}", views.captions),
        Route("/api/search", views.search),
        Route("/api/sessions", views.sessions),
        Route("/api/sessions/{thread}", views.session),
        Route("/api/sessions/{thread}/resume", views.resume, methods=["POST"]),
        Route("/api/ask", views.ask, methods=["POST"]),
        Route("/api/runs/{id}/events", views.events),
        Route("/api/runs/{id}/reply", views.reply, methods=["POST"]),
        Route("/api/runs/{id}/stop", views.stop, methods=["POST"]),
        Route("/media/{id}/{number:int}", views.media),
        Route("/still/{id}", views.still),
        Mount("/static", StaticFiles(directory=STATIC)),
    ]
    # What goes wrong is told in a sentence, with a status that says whose fault it is.
    faults: dict[Any, Any] = dict.fromkeys(_FAULTS, _sentence)
    guard = [Middleware(Guard, key=key, port=port)]
    return Starlette(routes=routes, middleware=guard, exception_handlers=faults, lifespan=lifespan)


async def _sentence(request: Request, problem: Exception) -> Response:
    return JSONResponse({"error": str(problem)}, 400 if isinstance(problem, BadInput) else 503)


async def _body(request: Request) -> dict[str, Any]:
    """Return the JSON object of a request. Raises `BadInput`."""
    data = b""
    async for piece in request.stream():
        data += piece
        if len(data) > _LARGEST:
            raise BadInput("the request is too large")
    try:
        found = json.loads(data or b"{}")
    except (ValueError, RecursionError):
        raise BadInput("the request is no JSON") from None
    if not isinstance(found, dict):
        raise BadInput("the request is no JSON object")
    return found


def _text(body: dict[str, Any], name: str) -> str:
    value = body.get(name, "")
    if not isinstance(value, str):
        raise BadInput(f"{name} is a text")
    return value


def _texts(body: dict[str, Any], name: str) -> list[str]:
    value = body.get(name, [])
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise BadInput(f"{name} is a list of texts")
    return value


def _number(request: Request, name: str, usual: float | None = None) -> float | None:
    given = request.query_params.get(name)
    try:
        value = usual if given in (None, "") else float(given or 0)
    except ValueError:
        raise BadInput(f"{name} is a number") from None
    if value is not None and not -1e9 < value < 1e9:
        raise BadInput(f"{name} is a number of seconds or pixels")
    return value


class _Views:
    """One method a route. What reads disks or waits for a store runs beside the loop."""

    def __init__(self, settings: Settings, videos: Videos, told: Told, runs: Runs) -> None:
        self._settings = settings
        self._videos = videos
        self._told = told
        self._runs = runs

    async def page(self, request: Request) -> Response:
        return FileResponse(STATIC / "index.html", headers={"cache-control": "no-cache"})

    async def about(self, request: Request) -> Response:
        """Tell the settings, with what they mean, and the models in force."""
        return await _json(self._about)

    def _about(self) -> dict[str, Any]:
        live = live_for(self._settings)
        models = {"captioner": live.captioner.name, "reasoner": live.reasoner.name, "embedder": live.embedder.name}
        schema = Settings.model_json_schema()["properties"]
        fields = [
            {
                "name": name,
                "value": getattr(self._settings, name),
                "description": field.get("description", ""),
                "type": field.get("type", "string"),
                "choices": field.get("enum"),
            }
            for name, field in schema.items()
            if name not in ("home", "store")
        ]
        return {"models": models, "blind_to": list(live.captioner.blind_to), "settings": fields}

    async def known(self, request: Request) -> Response:
        return await _json(self._videos.known)

    async def open(self, request: Request) -> Response:
        source = _text(await _body(request), "source").strip()
        if not source:
            raise BadInput("name a video: a path on this machine, or an address")
        return await _json(self._videos.open, source)

    async def folder(self, request: Request) -> Response:
        return await _json(self._videos.folder, request.query_params.get("path", ""))

    async def dropped(self, request: Request) -> Response:
        path = await self._videos.keep(request.query_params.get("name", ""), request.stream())
        return await _json(self._videos.open, path)

    async def timeline(self, request: Request) -> Response:
        return await _json(lambda: self._videos.timeline(request.path_params["id"]).to_dict())

    async def captions(self, request: Request) -> Response:
        level = request.query_params.get("level") or None
        start, end = _number(request, "start"), _number(request, "end")
        return await _json(self._told.captions, request.path_params["id"], level, start, end)

    async def search(self, request: Request) -> Response:
        query = request.query_params.get("query", "")[:2_000]
        return await _json(self._told.search, query, request.query_params.get("recording", ""))

    async def sessions(self, request: Request) -> Response:
        return JSONResponse({"sessions": await run_in_threadpool(self._told.sessions), "runs": self._runs.at_work()})

    async def session(self, request: Request) -> Response:
        thread = request.path_params["thread"]
        told = await run_in_threadpool(self._told.session, thread)
        return JSONResponse(told | {"run": self._runs.at_work().get(thread)})

    async def ask(self, request: Request) -> Response:
        body = await _body(request)
        videos, options = _texts(body, "videos"), [one for one in _texts(body, "options") if one.strip()]
        question, thread = _text(body, "question").strip(), _text(body, "thread").strip()
        given = body.get("settings", {})
        if not isinstance(given, dict):
            raise BadInput("settings are names with values")
        if not videos:
            raise BadInput("open a video first")
        if not question:
            raise BadInput("ask something")
        new = body.get("new") is True
        run = await run_in_threadpool(self._runs.ask, videos, question, options, given, new, thread)
        return JSONResponse({"run": run.id})

    async def resume(self, request: Request) -> Response:
        run = await run_in_threadpool(self._runs.resume, request.path_params["thread"])
        return JSONResponse({"run": run.id})

    async def reply(self, request: Request) -> Response:
        yes = (await _body(request)).get("yes")
        if not isinstance(yes, bool):
            raise BadInput("reply with yes: true or false")
        self._runs.find(request.path_params["id"]).answer(yes)
        return JSONResponse({})

    async def stop(self, request: Request) -> Response:
        self._runs.stop(request.path_params["id"])
        return JSONResponse({})

    async def events(self, request: Request) -> Response:
        run = self._runs.find(request.path_params["id"])
        last = request.headers.get("last-event-id", "")
        after = int(last) if last.isdecimal() and len(last) < 10 else -1

        async def told() -> AsyncIterator[dict[str, str]]:
            async for number, event in run.watch(after):
                yield {"id": str(number), "data": json.dumps(event, ensure_ascii=False)}

        return EventSourceResponse(told())

    async def media(self, request: Request) -> Response:
        id, number = request.path_params["id"], request.path_params["number"]
        return FileResponse(await run_in_threadpool(self._videos.file, id, number))

    async def still(self, request: Request) -> Response:
        recording = await run_in_threadpool(self._videos.recording, request.path_params["id"])
        time, height = _number(request, "time", 0.0) or 0.0, _number(request, "height", 360.0) or 360.0
        found = await run_in_threadpool(still, recording, time, max(16, min(_HIGHEST, int(height))))
        headers = {"x-time": f"{found.time:.3f}", "cache-control": "private, max-age=3600"}
        return Response(found.jpeg, media_type="image/jpeg", headers=headers)


async def _json(told: Callable[..., Any], *given: Any) -> Response:
    return JSONResponse(await run_in_threadpool(told, *given))
