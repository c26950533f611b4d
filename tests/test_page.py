"""The page's server: who may use it, what it tells, and questions that run, stop and go on."""

from __future__ import annotations

import io
import os
import stat
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from starlette.testclient import TestClient

from face.page.access import key_of
from face.page.runs import Run
from face.page.server import application
from tests.fake_server import FakeServer, Request, asked_for, scripted
from tests.media import make_video
from tests.page_client import KEY, PORT, Gate, ask, events, opened, page
from tests.scripted import cite, settings_for
from tools import clients
from tools.errors import BadInput

SUPPORTED = {"support": "supported", "confidence": 0.9, "answer": "three"}


def supported(request: Request) -> dict:
    return SUPPORTED | {"evidence": [cite(request)]}


@pytest.fixture(autouse=True)
def a_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAKE_KEY", "sk-planted-0123456789")


@pytest.fixture
def fake() -> Iterator[FakeServer]:
    with FakeServer(
        scripted(Verdict=supported, FinalAnswer=lambda r: {"answer": "three", "confidence": 0.9})
    ) as server:
        yield server


@pytest.fixture
def video(tmp_path: Path) -> str:
    return make_video(tmp_path / "talk.mp4", seconds=8, fps=5, size=(160, 120))


@pytest.fixture
def client(fake: FakeServer) -> Iterator[TestClient]:
    with page(settings_for(fake)) as made:
        yield made


def test_nothing_is_told_without_the_key(fake: FakeServer) -> None:
    with TestClient(application(settings_for(fake), KEY, PORT)) as stranger:
        for path in ("/", "/api/about", "/api/videos", "/api/sessions", "/static/main.js", "/?key=wrong"):
            answer = stranger.get(path)
            assert answer.status_code == 403, path
            assert KEY not in answer.text
        assert stranger.post("/api/ask?key=" + KEY, json={}).status_code == 403
        stranger.cookies.set(f"videolucy-{PORT}", "wrong")
        assert stranger.get("/").status_code == 403


def test_the_key_becomes_a_cookie_other_sites_cannot_use(client: TestClient) -> None:
    answer = client.get("/", params={"key": KEY}, follow_redirects=False)
    assert answer.status_code == 303
    assert answer.headers["location"] == "/"
    assert {"httponly", "samesite=strict"} <= {part.strip().lower() for part in answer.headers["set-cookie"].split(";")}
    assert "default-src 'self'" in client.get("/").headers["content-security-policy"]


def test_the_key_is_kept_for_its_owner_alone(tmp_path: Path) -> None:
    key = key_of(tmp_path / "new")
    assert len(key) >= 30
    assert key_of(tmp_path / "new") == key
    assert stat.S_IMODE(os.stat(tmp_path / "new" / "page.key").st_mode) == 0o600


def test_the_page_needs_nothing_from_elsewhere(client: TestClient) -> None:
    text = client.get("/").text
    assert "//" not in text.replace("<!doctype", "")
    for name in ("page.css", "main.js", "ask.js", "icon.svg"):
        answer = client.get(f"/static/{name}")
        assert answer.status_code == 200
        assert "http" not in answer.text.replace("http://www.w3.org/2000/svg", ""), name


def test_a_video_is_opened_played_and_shown(client: TestClient, video: str) -> None:
    told = opened(client, video)
    assert told["name"] == "talk.mp4"
    assert told["here"] is True
    assert told["duration"] == pytest.approx(8, abs=0.3)
    part = client.get(f"/media/{told['id']}/0", headers={"range": "bytes=4-11"})
    assert part.status_code == 206
    assert part.content == Path(video).read_bytes()[4:12]
    shown = client.get(f"/still/{told['id']}", params={"time": 3.05, "height": 60})
    assert Image.open(io.BytesIO(shown.content)).size == (80, 60)
    assert float(shown.headers["x-time"]) == pytest.approx(3.0, abs=0.21)
    assert client.get(f"/media/{told['id']}/1").json() == {"error": "the video has no such part"}


def test_a_question_is_answered_with_the_moment_it_rests_on(client: TestClient, video: str) -> None:
    told = opened(client, video)
    assert client.get(f"/api/timeline/{told['id']}").json()["remembered"]["coarse"] == []
    happened = events(client, ask(client, video))
    assert happened[0]["event"] == "thread"
    assert happened[-1]["event"] == "finished"
    result = happened[-1]["result"]
    assert (result["answer"], result["status"]) == ("three", "answered")
    moment = result["evidence"][0]
    assert moment["recording"] == told["id"]
    assert moment["quote"] in moment["caption"]
    assert client.get(f"/api/timeline/{told['id']}").json()["remembered"]["coarse"] == [[0.0, told["duration"]]]


def test_an_earlier_session_is_told_again(client: TestClient, video: str) -> None:
    thread = events(client, ask(client, video, options=["two", "three"]))[0]["thread"]
    listed = client.get("/api/sessions").json()
    assert [one["thread_id"] for one in listed["sessions"]] == [thread]
    assert listed["runs"] == {}
    told = client.get(f"/api/sessions/{thread}").json()
    assert (told["question"], told["options"], told["status"]) == ("Which number?", ["two", "three"], "answered")
    assert told["recordings"][0]["name"] == "talk.mp4"
    assert told["evidence"][0]["recording"] == told["recordings"][0]["id"]
    assert told["rounds"][0]["verdict"]["support"] == "supported"
    assert "settings" in told
    assert client.get("/api/sessions/q-nothing").status_code == 400


def test_memory_is_listed_shown_and_searched(client: TestClient, video: str) -> None:
    events(client, ask(client, video))
    known = client.get("/api/videos").json()
    assert known[0]["captions"]["coarse"] == 2
    rows = client.get(f"/api/captions/{known[0]['id']}", params={"level": "coarse", "start": 4}).json()
    assert [row["start"] for row in rows] == [4.0]
    hits = client.get("/api/search", params={"query": "quiet scene", "recording": known[0]["id"]}).json()
    assert hits
    assert "quiet" in hits[0]["text"]
    assert client.get("/api/search", params={"query": " "}).json() == []


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"videos": [], "question": "What?"}, "open a video first"),
        ({"videos": ["nowhere.mp4"], "question": " "}, "ask something"),
        ({"videos": "nowhere.mp4", "question": "What?"}, "videos is a list of texts"),
        ({"videos": ["a"], "question": 3}, "question is a text"),
        ({"videos": ["a"], "question": "What?", "settings": {"max_rounds": "many"}}, "setting max_rounds"),
        ({"videos": ["a"], "question": "What?", "settings": {"max_round": 1}}, "unknown setting 'max_round'"),
        ({"videos": ["a"], "question": "What?", "settings": []}, "settings are names with values"),
    ],
)
def test_what_is_wrong_with_a_question_is_a_sentence(client: TestClient, body: dict, said: str) -> None:
    answer = client.post("/api/ask", json=body)
    assert answer.status_code == 400
    assert answer.json()["error"].startswith(said)


def test_wrong_requests_are_sentences(client: TestClient) -> None:
    assert client.post("/api/ask", content=b"[1").json() == {"error": "the request is no JSON"}
    assert client.post("/api/ask", content=b"[1]").json() == {"error": "the request is no JSON object"}
    assert client.post("/api/ask", content=b" " * 2_000_000).json() == {"error": "the request is too large"}
    assert "not known here" in client.get("/still/nobody").json()["error"]
    assert "not under way here" in client.get("/api/runs/nobody/events").json()["error"]
    missing = client.post("/api/videos", json={"source": "nowhere.mp4"})
    assert missing.status_code == 400
    assert "nowhere.mp4" in missing.json()["error"]


def test_a_video_that_cannot_be_read_ends_the_run_with_a_sentence(client: TestClient, tmp_path: Path) -> None:
    (tmp_path / "text.mp4").write_text("this is no video\n" * 50)
    last = events(client, ask(client, str(tmp_path / "text.mp4")))[-1]
    assert last["event"] == "failed"
    assert "text.mp4" in last["text"]


def test_a_run_is_stopped_and_goes_on_without_making_anything_twice(tmp_path: Path) -> None:
    gate = Gate()
    script = scripted(Verdict=supported)

    def held(request: Request) -> object:
        if asked_for(request) == "Judgement":
            gate.wait()
        return script(request)

    video = make_video(tmp_path / "talk.mp4", seconds=8, fps=5, size=(160, 120))
    with FakeServer(held) as fake, page(settings_for(fake)) as client:
        run = ask(client, video)
        assert gate.reached.wait(60)
        assert client.get("/api/sessions").json()["runs"]
        assert client.post(f"/api/runs/{run}/stop").status_code == 200
        gate.opened.set()
        happened = events(client, run)
        assert happened[-1]["event"] == "stopped"
        made = fake.count("caption")
        assert made == 2
        thread = happened[0]["thread"]
        assert client.get(f"/api/sessions/{thread}").json()["status"] == "unfinished"
        again = client.post(f"/api/sessions/{thread}/resume").json()["run"]
        assert events(client, again)[-1]["event"] == "finished"
        assert fake.count("caption") == made
        refused = events(client, client.post(f"/api/sessions/{thread}/resume").json()["run"])[-1]
        assert refused["event"] == "failed"
        assert "is finished" in refused["text"]


def test_stopped_while_captions_are_made_nothing_new_begins(tmp_path: Path) -> None:
    gate = Gate()
    script = scripted(Verdict=supported)

    def held(request: Request) -> object:
        if asked_for(request) == "caption":
            gate.wait()
        return script(request)

    video = make_video(tmp_path / "talk.mp4", seconds=40, fps=5, size=(160, 120))
    with FakeServer(held) as fake, page(settings_for(fake, captions_at_once=2)) as client:
        run = ask(client, video)
        assert gate.reached.wait(60)
        client.post(f"/api/runs/{run}/stop")
        gate.opened.set()
        happened = events(client, run)
        assert happened[-1]["event"] == "stopped"
        assert fake.count("caption") <= 2
        again = client.post(f"/api/sessions/{happened[0]['thread']}/resume").json()["run"]
        assert events(client, again)[-1]["event"] == "finished"
        assert fake.count("caption") == 10


def test_several_ask_at_once_and_nothing_is_made_twice(tmp_path: Path) -> None:
    gate = Gate()
    script = scripted(Verdict=supported)

    def held(request: Request) -> object:
        if asked_for(request) == "Judgement":
            gate.wait()
        return script(request)

    video = make_video(tmp_path / "talk.mp4", seconds=8, fps=5, size=(160, 120))
    with FakeServer(held) as fake, page(settings_for(fake)) as client:
        first = ask(client, video, "Which number?")
        assert gate.reached.wait(60)
        twin = ask(client, video, "Which number?")
        other = ask(client, video, "Which colour?")
        gate.opened.set()
        ended = [events(client, run) for run in (first, twin, other)]
        assert {happened[-1]["event"] for happened in ended} == {"finished"}
        assert len({happened[0]["thread"] for happened in ended}) == 3
        assert fake.count("caption") == 2


def test_events_are_taken_up_where_the_connection_broke(client: TestClient, video: str) -> None:
    run = ask(client, video)
    whole = events(client, run)
    assert events(client, run, after=2) == whole[3:]


def test_a_conversation_keeps_its_thread(client: TestClient, video: str) -> None:
    first = events(client, ask(client, video, "Which number?", thread="talk-1"))
    second = events(client, ask(client, video, "And after that?", thread="talk-1"))
    assert first[0]["thread"] == second[0]["thread"] == "talk-1"
    told = client.get("/api/sessions/talk-1").json()
    assert [turn["question"] for turn in told["earlier"]] == ["Which number?"]


def test_a_dropped_video_is_kept_and_opened(client: TestClient, video: str, own_home: Path) -> None:
    data = Path(video).read_bytes()
    told = client.post("/api/dropped", params={"name": "../../evil/..name.mp4"}, content=data).json()
    kept = list((own_home / "dropped").iterdir())
    assert [file.read_bytes() for file in kept] == [data]
    assert told["source"] == str(kept[0])
    assert told["id"] == opened(client, video)["id"]
    wrong = client.post("/api/dropped", params={"name": "notes.txt"}, content=b"x")
    assert wrong.status_code == 400
    assert len(list((own_home / "dropped").iterdir())) == 1


def test_a_dropped_video_has_a_limit(fake: FakeServer, own_home: Path) -> None:
    with page(settings_for(fake, download_limit=0.001)) as client:
        answer = client.post("/api/dropped", params={"name": "long.mp4"}, content=b"x" * 2_000)
        assert "larger than 0.001 MB" in answer.json()["error"]
    assert list((own_home / "dropped").iterdir()) == []


def test_folders_are_listed(client: TestClient, video: str, tmp_path: Path) -> None:
    (tmp_path / "clips").mkdir()
    (tmp_path / "notes.md").touch()
    told = client.get("/api/folder", params={"path": str(tmp_path)}).json()
    assert "clips" in told["folders"]
    assert told["files"] == ["talk.mp4"]
    assert client.get("/api/folder", params={"path": str(tmp_path / "none")}).status_code == 400


def test_others_reach_only_the_folders_they_may(
    fake: FakeServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clients, "_serving", True)
    (tmp_path / "open").mkdir()
    monkeypatch.setenv(clients.FOLDERS, str(tmp_path / "open"))
    hidden = make_video(tmp_path / "hidden.mp4", seconds=2)
    shared = make_video(tmp_path / "open" / "shared.mp4", seconds=3)
    roles = {f"VIDEOLUCY_{role}": "compatible:fake" for role in ("CAPTIONER", "REASONER")}
    for name, value in {**roles, "VIDEOLUCY_CAPTIONER_URL": fake.url, "VIDEOLUCY_REASONER_URL": fake.url}.items():
        monkeypatch.setenv(name, value)
    settings = settings_for(fake, captioner_key_env="", reasoner_key_env="")
    monkeypatch.setenv("VIDEOLUCY_EMBEDDER", "lexical")
    with page(settings) as client:
        assert "outside the folders" in client.post("/api/videos", json={"source": hidden}).json()["error"]
        assert "outside the folders" in client.get("/api/folder", params={"path": str(tmp_path)}).json()["error"]
        assert opened(client, shared)["name"] == "shared.mp4"
        run = ask(client, shared, settings={"captioner_url": "http://127.0.0.1:9/v1"})
        assert "belongs to whoever runs this server" in events(client, run)[-1]["text"]


def test_settings_are_told_with_what_they_mean(client: TestClient) -> None:
    told = client.get("/api/about").json()
    fields = {field["name"]: field for field in told["settings"]}
    assert fields["preset"]["choices"] == ["default", "paper", "published"]
    assert fields["max_rounds"]["type"] == "integer"
    assert fields["max_rounds"]["description"]
    assert "home" not in fields
    assert told["models"]["captioner"]


def test_a_run_that_waits_for_a_person_goes_on_with_the_reply() -> None:
    run = Run()
    replies: list[bool] = []
    asking = threading.Thread(target=lambda: replies.append(run.confirm({"captions": 9})))
    asking.start()
    while not run.events:
        time.sleep(0.01)
    assert run.events[-1] == {"event": "waiting", "text": "waits for a person", "asked": {"captions": 9}}
    run.answer(True)
    asking.join(30)
    assert replies == [True]
    with pytest.raises(BadInput, match="does not wait"):
        run.answer(False)


def test_an_ended_run_hands_out_what_it_told() -> None:
    run = Run()
    run.tell({"event": "open", "text": "x"})
    run.end("finished", {"text": "y"})
    assert run.ended
    assert [event["event"] for event in run.events] == ["open", "finished"]
