"""Keys stay where they are, addresses lead where they may, and what is read is data."""

from __future__ import annotations

import base64
import json
import pickle
import socket
import sqlite3
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from app import open_graph
from graph.saver import serializer
from memory_store.errors import StoreError
from tests.fake_server import FakeReply, FakeServer, Request, asked_for, scripted
from tests.media import make_video
from tests.test_cli import remote, run
from tests.web import Served, Web
from tools import clients
from tools.clients import allowed_folders, check_paths, check_settings
from tools.errors import BadInput
from tools.settings import MODELS, OF_THE_OPERATOR, Settings
from tools.video.download import hosts
from tools.video.download.downloads import Downloads
from tools.video.download.errors import Refused

KEYS = {
    f"{role}_PLANTED_KEY": f"sk-{role.lower()}-planted-0123456789abcdef"
    for role in ("CAPTIONER", "REASONER", "EMBEDDER")
}


def forms(key: str) -> list[bytes]:
    """Return a key as it might be left behind."""
    return [key.encode(), base64.b64encode(key.encode()), quote(key, safe="").encode(), key[::-1].encode()]


# Keys.


def planted(server: FakeServer) -> dict[str, str]:
    named = {f"VIDEOLUCY_{name.split('_')[0]}_KEY_ENV": name for name in KEYS}
    models = {"VIDEOLUCY_EMBEDDER": "compatible:fake", "VIDEOLUCY_EMBEDDER_URL": server.url}
    return remote(server) | models | named | KEYS


def echoes(request: Request) -> Any:
    """A server that answers, and repeats the key in the errors it makes of every third caption."""
    said = request["headers"].get("authorization", "")
    if asked_for(request) == "caption" and len(json.dumps(request["messages"])) % 3 == 0:
        return FakeReply(status=400, body=json.dumps({"error": {"message": f"bad request with {said}"}}).encode())
    return scripted()(request)


@pytest.mark.parametrize("script", [scripted(), echoes], ids=["well", "echoing"])
def test_no_key_is_left_anywhere(tmp_path: Path, script: Any) -> None:
    video = make_video(tmp_path / "talk.mp4", seconds=12)
    home = tmp_path / "home"
    said = ""
    with FakeServer(script) as server:
        env = planted(server)
        for arguments in (
            ("doctor", "--try", "--json"),
            ("ingest", video),
            ("ask", video, "What is it?", "--json"),
            ("ask", video, "What is it called?"),
            ("estimate", video, "What?"),
            ("sessions", "--json"),
            ("memory", "show", "talk.mp4", "--json"),
            ("resume", "nothing"),
            ("ask", str(tmp_path / "none.mp4"), "What?"),
        ):
            done = run(*arguments, home=home, cwd=tmp_path, **env)
            said += done.stdout + done.stderr
        session = json.loads(run("sessions", "--json", home=home, cwd=tmp_path, **env).stdout.splitlines()[0])
        for more in ((), ("--json",)):
            said += run("sessions", "show", session["thread_id"], *more, home=home, cwd=tmp_path, **env).stdout
        used = " ".join(request["headers"].get("authorization", "") for request in server.requests)
    left = said.encode() + b"".join(file.read_bytes() for file in home.rglob("*") if file.is_file())
    for name, key in KEYS.items():
        assert key in used, f"{name} was used"
        assert not [form for form in forms(key) if form in left], name


def test_a_key_given_as_a_setting_is_refused_without_repeating_it(tmp_path: Path) -> None:
    """Settings hold the variable's name; somebody will put the key there."""
    key = "sk-proj-0123456789abcdefghij"
    env = {"VIDEOLUCY_REASONER": "openai:gpt", "VIDEOLUCY_REASONER_KEY_ENV": key}
    done = run("ask", make_video(tmp_path / "v.mp4", seconds=2), "What?", home=tmp_path / "home", cwd=tmp_path, **env)
    assert done.returncode == 2 and len(done.stderr.splitlines()) == 1 and key not in done.stderr


# Addresses.


@pytest.mark.parametrize(
    "address",
    [
        *(
            "127.0.0.1",
            "127.9.9.9",
            "0.0.0.0",
            "10.0.0.1",
            "172.16.3.4",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
        ),
        *("224.0.0.1", "255.255.255.255", "198.18.0.1", "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "ff02::1"),
        *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a00:1", "2002:7f00:1::", "2002:a00:1::1"),
        *("2001:0:0:0:0:0:80ff:fffe", "2001:db8::1", "nonsense", ""),
    ],
)
def test_what_is_not_public(address: str) -> None:
    assert not hosts.is_public(address)


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "93.184.215.14", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"]
)
def test_what_is_public(address: str) -> None:
    assert hosts.is_public(address)


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    """Names and the addresses they have, in turn; loopback counts as public, so that something answers."""
    known: dict[str, list[str]] = {}
    resolve = socket.getaddrinfo

    def found(host: Any, port: Any, *more: Any, **named: Any) -> Any:
        if host in known:
            host = known[host].pop(0) if len(known[host]) > 1 else known[host][0]
        return resolve(host, port, *more, **named)

    public = hosts.is_public
    monkeypatch.setattr(socket, "getaddrinfo", found)
    monkeypatch.setattr(hosts, "is_public", lambda address: address == "127.0.0.1" or public(address))
    monkeypatch.setattr(hosts, "_proxied", lambda: False)
    return known


@pytest.fixture
def clip(tmp_path: Path) -> bytes:
    return Path(make_video(tmp_path / "clip.mp4", seconds=1)).read_bytes()


def named(web: Web, host: str, path: str) -> str:
    return web.url(path).replace("127.0.0.1", host)


def test_a_private_host_is_refused_unless_it_is_allowed(tmp_path: Path, clip: bytes) -> None:
    with Web(**{"talk.mp4": Served(clip)}) as web:
        with pytest.raises(BadInput, match="this machine or its network"):
            Downloads(tmp_path / "downloads", 100, print).get(web.url("talk.mp4"))
        for odd in ("localhost", "2130706433", "0x7f000001", "127.1", "[::ffff:127.0.0.1]"):
            with pytest.raises(BadInput):
                Downloads(tmp_path / "downloads", 100, print).get(named(web, odd, "talk.mp4"))
        assert not web.seen
        assert Downloads(tmp_path / "downloads", 100, print, private=True).get(web.url("talk.mp4")).path.exists()


def test_a_redirect_to_a_private_host_is_refused(tmp_path: Path, clip: bytes, names: dict[str, list[str]]) -> None:
    names |= {"public.example": ["127.0.0.1"], "private.example": ["10.0.0.7"]}
    with Web(**{"talk.mp4": Served(clip)}) as web:
        web.things["a"] = Served(status=302, location=named(web, "private.example", "talk.mp4"))
        web.things["b"] = Served(status=302, location="file:///etc/passwd")
        web.things["c"] = Served(status=302, location=named(web, "public.example", "talk.mp4"))
        fetch = Downloads(tmp_path / "downloads", 100, print)
        with pytest.raises(BadInput, match="this machine or its network"):
            fetch.get(named(web, "public.example", "a"))
        with pytest.raises(BadInput, match="not http or https"):
            fetch.get(named(web, "public.example", "b"))
        assert fetch.get(named(web, "public.example", "c")).path.read_bytes() == clip


def test_the_connection_goes_to_the_address_that_was_checked(
    tmp_path: Path, clip: bytes, names: dict[str, list[str]]
) -> None:
    names["rebinding.example"] = ["127.0.0.1", "10.0.0.7"]
    with Web(**{"talk.mp4": Served(clip)}) as web:
        found = Downloads(tmp_path / "downloads", 100, print).get(named(web, "rebinding.example", "talk.mp4"))
        assert found.path.read_bytes() == clip
        assert web.seen[0].headers["host"].startswith("rebinding.example")


def test_every_request_of_a_page_is_checked(names: dict[str, list[str]]) -> None:
    yt_dlp = pytest.importorskip("yt_dlp")
    from tools.video.download.page import Pages

    names |= {"private.example": ["10.0.0.7"]}
    refused = pytest.raises((Refused, yt_dlp.utils.YoutubeDLError), match="this machine or its network")
    with refused, Pages(10**6, print)._open() as ydl:
        ydl.urlopen("http://private.example/video.m3u8")


# Clients of a server.


@pytest.fixture
def serving(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(clients, "under_server", lambda: True)
    yield


@pytest.mark.parametrize("name", sorted(OF_THE_OPERATOR))
def test_a_client_may_not_set_what_is_the_operators(serving: None, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    field = Settings.model_fields[name]
    other: Any = True if field.annotation is bool else 7 if field.annotation in (int, float) else "elsewhere"
    with pytest.raises(BadInput, match=rf"setting {name} belongs to whoever runs this server"):
        check_settings(Settings.load(**{name: other}))
    monkeypatch.setenv(f"VIDEOLUCY_{name.upper()}", str(other))
    check_settings(Settings.load())
    monkeypatch.delenv(f"VIDEOLUCY_{name.upper()}")
    monkeypatch.setenv(clients.TRUST, "1")
    check_settings(Settings.load(**{name: other}))


def test_a_client_may_choose_models_of_this_package_and_budgets(serving: None) -> None:
    check_settings(Settings.load(captioner="basic", reasoner="extractive", embedder="lexical", max_rounds=2))
    for name, value in (("captioner", "openai:gpt"), ("captioner", "local:/any"), ("embedder", "gguf:/a.gguf")):
        assert name in MODELS
        with pytest.raises(BadInput, match="whoever runs this server"):
            check_settings(Settings.load(**{name: value}))


def test_paths_are_confined_links_followed(serving: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    inside, outside = tmp_path / "in", tmp_path / "out"
    inside.mkdir()
    outside.mkdir()
    (inside / "link").symlink_to(outside)
    monkeypatch.setenv(clients.FOLDERS, str(inside))
    folders = allowed_folders(Settings.load())
    check_paths([inside / "a.mp4", inside], folders)
    for path in (outside / "a.mp4", inside / ".." / "out" / "a.mp4", inside / "link" / "a.mp4", "~/a.mp4", "/dev/zero"):
        with pytest.raises(BadInput, match="outside the folders"):
            check_paths([path], folders)


def test_without_a_server_nothing_is_confined_unless_it_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "langgraph_api" not in sys.modules
    assert allowed_folders(Settings.load()) is None
    check_settings(Settings.load(reasoner_url="http://elsewhere.example/v1", home=str(tmp_path)))
    video = make_video(tmp_path / "v.mp4", seconds=2)
    env = {"VIDEOLUCY_ALLOWED_FOLDERS": str(tmp_path / "other"), "VIDEOLUCY_CAPTIONER": "basic"}
    done = run("ask", video, "What?", home=tmp_path / "home", cwd=tmp_path, **env)
    assert done.returncode == 2 and "outside the folders" in done.stderr and len(done.stderr.splitlines()) == 1


# What is read is data.


class Bomb:
    def __reduce__(self) -> Any:
        return (print, ("the pickle was run",))


BOMB = pickle.dumps(Bomb())
"""Written as an attacker would, to show that it is never loaded."""


def test_a_pickle_in_the_checkpoint_file_is_not_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FAKE_KEY", "k")
    file = tmp_path / "checkpoints.sqlite"
    with pytest.raises(NotImplementedError, match="pickle"):
        serializer().loads_typed(("pickle", BOMB))
    video = make_video(tmp_path / "v.mp4", seconds=4)
    config: Any = {"configurable": {"thread_id": "t"}}
    with open_graph(file) as graph:
        graph.invoke({"video": video, "question": "What?"}, config, context=Settings.load(captioner="basic"))
    with sqlite3.connect(file) as database:
        database.execute("UPDATE checkpoints SET type = 'pickle', checkpoint = ?", (BOMB,))
    with open_graph(file) as graph, pytest.raises(StoreError, match="pickle"):
        graph.get_state(config)
    assert "the pickle was run" not in capsys.readouterr().out


def test_what_a_video_and_a_model_say_does_not_drive_the_terminal(tmp_path: Path) -> None:
    escapes = "\x1b[2J\x1b]0;owned\x07\x9b31m A sign.\r\nvideolucy: stopped\x08\x08"
    video = make_video(tmp_path / "talk.mp4", seconds=4)
    with FakeServer(
        scripted(caption=f"A {escapes} scene.", FinalAnswer={"answer": escapes, "confidence": 0.5})
    ) as server:
        done = run("ask", video, "What?", home=tmp_path / "home", cwd=tmp_path, **remote(server))
        shown = run("memory", "show", "talk.mp4", home=tmp_path / "home", cwd=tmp_path, **remote(server))
    for text in (done.stdout, done.stderr, shown.stdout):
        assert not [letter for letter in text if letter < " " and letter != "\n" or "\x7f" <= letter <= "\x9f"]
