"""Videos of the web: fetched once, resumed, capped, never shown with their secrets."""

from __future__ import annotations

import json
import threading
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from app import graph
from tests.fake_server import FakeServer
from tests.media import make_video
from tests.test_cli import remote, run
from tests.web import Served, Web
from tools.errors import BadInput
from tools.settings import Settings
from tools.video.download import direct
from tools.video.download.address import Address, redacted, shown
from tools.video.download.downloads import Downloads
from tools.video.download.page import installed
from tools.video.identity import part_id
from tools.video.sources import find_parts

HTML = b"<!DOCTYPE html><html><head><title>Sorry</title></head><body><p>No such thing.</p></body></html>"


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    folder = tmp_path_factory.mktemp("clip")
    return Path(make_video(folder / "clip.mp4", seconds=2, size=(320, 240), audio=True)).read_bytes()


@pytest.fixture
def told() -> list[str]:
    return []


@pytest.fixture
def downloads(tmp_path: Path, told: list[str], monkeypatch: pytest.MonkeyPatch) -> Downloads:
    monkeypatch.setattr(direct, "_PAUSE", 0.01)
    return Downloads(tmp_path / "downloads", 100, told.append, private=True)


def left(tmp_path: Path) -> set[str]:
    """Return what lies in the downloads folder, but for locks and the index."""
    return {file.name for file in (tmp_path / "downloads").iterdir() if file.suffix != ".lock" and file.is_file()}


def test_a_file_is_named_by_its_content_and_fetched_once(
    clip: bytes, tmp_path: Path, downloads: Downloads, told: list[str]
) -> None:
    with Web(**{"a/talk.mp4": Served(clip, etag='"1"'), "other": Served(clip)}) as web:
        first = downloads.get(web.url("a/talk.mp4"))
        assert first.path.read_bytes() == clip and first.name == "talk.mp4"
        assert first.path.name == part_id(str(first.path)) and left(tmp_path) == {first.path.name}
        assert downloads.get(web.url("a/talk.mp4")) == first and web.sent() == len(clip)
        assert web.seen[1].status == 304
        # Another address with the same bytes is the same file.
        again = downloads.get(web.url("other"))
        assert again.path == first.path and again.name == "other" and left(tmp_path) == {first.path.name}
        # A server that sends the file whatever it is asked: the version it tells is believed, and nothing is read.
        web.things["deaf"] = Served(clip, modified="Mon, 01 Jan 2024 00:00:00 GMT")
        assert downloads.get(web.url("deaf")).path == first.path
        web.things["deaf"].body = bytes(len(clip))
        assert downloads.get(web.url("deaf")).path == first.path and told == []
        address = web.url("a/talk.mp4")
    assert downloads.get(address) == first, "offline"
    assert "used" in told[-1]


def test_what_changed_is_fetched_anew(clip: bytes, tmp_path: Path, downloads: Downloads) -> None:
    later = Path(make_video(tmp_path / "later.mp4", seconds=1)).read_bytes()
    with Web(talk=Served(clip, etag='"1"', modified="Mon, 01 Jan 2024 00:00:00 GMT")) as web:
        first = downloads.get(web.url("talk"))
        web.things["talk"] = Served(later, etag='"2"')
        second = downloads.get(web.url("talk"))
        assert second.path.read_bytes() == later and first.path.read_bytes() == clip
        # Once it is gone, or wants a password, the copy serves.
        for status in (404, 403, 500):
            web.things["talk"] = Served(b"gone", status=status)
            assert downloads.get(web.url("talk")) == second
        second.path.unlink()
        with pytest.raises(BadInput, match="HTTP 500"):
            downloads.get(web.url("talk"))


@pytest.mark.parametrize("ranges", [True, False], ids=["ranges", "no ranges"])
def test_a_connection_that_breaks_off_is_gone_on_with(
    ranges: bool, clip: bytes, downloads: Downloads, told: list[str]
) -> None:
    with Web(talk=Served(clip, etag='"1"', ranges=ranges, cuts=deque([5000, 3000]))) as web:
        assert downloads.get(web.url("talk")).path.read_bytes() == clip
        assert [seen.status for seen in web.seen] == ([200, 206, 206] if ranges else [200, 200, 200])
        if ranges:
            assert web.sent() == len(clip) and web.seen[1].headers["range"] == "bytes=5000-"
            assert web.seen[1].headers["if-range"] == '"1"'
    assert any("broke off" in text for text in told)


def test_the_next_run_goes_on_where_one_stopped_unless_the_file_changed(
    clip: bytes, tmp_path: Path, downloads: Downloads
) -> None:
    later = Path(make_video(tmp_path / "later.mp4", seconds=3)).read_bytes()
    never = [0] * 20
    with Web(talk=Served(clip, etag='"1"', cuts=deque([5000, *never]))) as web:
        with pytest.raises(BadInput, match="goes on from there"):
            downloads.get(web.url("talk"))
        assert any(name.endswith(".part") for name in left(tmp_path))
        web.things["talk"] = Served(clip, etag='"1"')
        assert downloads.get(web.url("talk")).path.read_bytes() == clip
        assert web.seen[-1].sent == len(clip) - 5000
        web.things["next"] = Served(clip, etag='"1"', cuts=deque([5000, *never]))
        with pytest.raises(BadInput):
            downloads.get(web.url("next"))
        web.things["next"] = Served(later, etag='"2"')
        assert downloads.get(web.url("next")).path.read_bytes() == later
        # A server that says nothing of versions but the size.
        web.things["bare"] = Served(clip, cuts=deque([5000, *never]))
        with pytest.raises(BadInput):
            downloads.get(web.url("bare"))
        web.things["bare"] = Served(later)
        assert downloads.get(web.url("bare")).path.read_bytes() == later


def test_a_server_that_lies_about_the_length_is_not_believed(clip: bytes, tmp_path: Path, downloads: Downloads) -> None:
    with Web(long=Served(clip, etag='"1"', length=len(clip) + 999), bare=Served(clip, length=-1)) as web:
        with pytest.raises(BadInput, match=r"^http://127.0.0.1:\d+/long: "):
            downloads.get(web.url("long"))
        assert downloads.get(web.url("bare")).path.read_bytes() == clip, "no length at all is no lie"


def test_too_large_is_refused_at_once_or_in_the_middle_and_nothing_stays(tmp_path: Path, clip: bytes) -> None:
    small = Downloads(tmp_path / "downloads", len(clip) / 2e6, lambda text: None, private=True)
    with Web(told=Served(clip), silent=Served(clip * 100, length=-1)) as web:
        with pytest.raises(BadInput, match=r"it is .* MB, and at most .*--download-limit"):
            small.get(web.url("told"))
        with pytest.raises(BadInput, match=r"--download-limit"):
            small.get(web.url("silent"))
    assert left(tmp_path) == set()


def test_redirects_are_followed_over_http_only(clip: bytes, downloads: Downloads, tmp_path: Path) -> None:
    things = {
        "old": Served(status=302, location="/talk.mp4"),
        "talk.mp4": Served(clip),
        "file": Served(status=302, location="file:///etc/passwd"),
        "ftp": Served(status=301, location="ftp://127.0.0.1/x.mp4"),
        "round": Served(status=302, location="/round"),
    }
    with Web(**things) as web:
        assert downloads.get(web.url("old")).path.read_bytes() == clip
        for name, words in {"file": "not http", "ftp": "not http", "round": "without end"}.items():
            with pytest.raises(BadInput, match=words):
                downloads.get(web.url(name))


def test_what_is_no_video_says_what_it_is(downloads: Downloads, tmp_path: Path) -> None:
    things = {
        "page": Served(HTML, "text/html; charset=utf-8"),
        "sly.mp4": Served(HTML, "video/mp4"),
        "data.mp4": Served(b"\x00\x01\x02" * 5000),
        "late": Served(b"", status=503),
    }
    with Web(**things) as web:
        cases = {"gone.mp4": "HTTP 404", "page": "web page", "sly.mp4": "web page", "data.mp4": "not a video"}
        for name, words in (cases | {"late": "HTTP 503"}).items():
            with pytest.raises(BadInput, match=words) as caught:
                downloads.get(web.url(name))
            assert "\n" not in str(caught.value) and str(caught.value).startswith(web.url(name))
        nobody = web.url("talk.mp4")
    with pytest.raises(BadInput, match="cannot be reached"):
        downloads.get(nobody)
    assert left(tmp_path) == set()


def test_pages_need_the_extra_and_say_so(downloads: Downloads, monkeypatch: pytest.MonkeyPatch, clip: bytes) -> None:
    monkeypatch.setattr("tools.video.download.page.find_spec", lambda name: None)
    with Web(page=Served(HTML, "text/html"), talk=Served(clip)) as web:
        with pytest.raises(BadInput, match=r"web page.*videolucy\[download\]"):
            downloads.get(web.url("page"))
        assert downloads.get(web.url("talk")).path.read_bytes() == clip


needs_pages = pytest.mark.skipif(not installed(), reason="yt-dlp is not installed")


def page(*sources: str) -> bytes:
    videos = "".join(f'<video src="{source}"></video>' for source in sources)
    return f"<!DOCTYPE html><html><head><title>A walk</title></head><body>{videos}</body></html>".encode()


@needs_pages
def test_the_video_of_a_page_is_found_and_not_asked_for_again(
    clip: bytes, tmp_path: Path, downloads: Downloads
) -> None:
    with Web(**{"walk": Served(page("/v/1.mp4"), "text/html"), "v/1.mp4": Served(clip)}) as web:
        found = downloads.get(web.url("walk"))
        assert found.path.read_bytes() == clip and found.name.startswith("A walk")
        asked = len(web.seen)
        assert downloads.get(web.url("walk")) == found and len(web.seen) == asked
        assert left(tmp_path) == {found.path.name}


@needs_pages
def test_pages_that_cannot_be_used_say_why(clip: bytes, tmp_path: Path) -> None:
    small = Downloads(tmp_path / "downloads", len(clip) / 2e6, lambda text: None, private=True)
    live = b"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\na.ts\n"
    things = {
        "both": Served(page("/1.mp4", "/2.mp4"), "text/html"),
        "lost": Served(page("/none.mp4"), "text/html"),
        "file": Served(page("file:///etc/passwd"), "text/html"),
        "big": Served(page("/1.mp4"), "text/html"),
        "silent": Served(page("/3.mp4"), "text/html"),
        "1.mp4": Served(clip),
        "2.mp4": Served(clip),
        "3.mp4": Served(clip * 100, length=-1),
        "live.mpd": Served(b'<?xml version="1.0"?><MPD type="dynamic"></MPD>', "application/dash+xml"),
        "live.m3u8": Served(live, "application/vnd.apple.mpegurl"),
        "plain": Served(live, "text/plain"),
    }
    cases = {
        "both": "name one video",
        "lost": "404",
        "file": "not be fetched|no video",
        "big": "--download-limit",
        "live.mpd": "live|no video",
    }
    with Web(**things) as web:
        for name, words in (
            cases | {"live.m3u8": "live", "plain": "live", "live.mpd": "live|no video", "silent": "--download-limit"}
        ).items():
            with pytest.raises(BadInput, match=words) as caught:
                small.get(web.url(name))
            assert str(caught.value).startswith(web.url(name)) and "\n" not in str(caught.value)
    assert left(tmp_path) == set()


@needs_pages
def test_separate_streams_are_put_together(tmp_path: Path, downloads: Downloads) -> None:
    picture = Path(make_video(tmp_path / "v.mp4", seconds=3, fps=10)).read_bytes()
    sound = Path(make_video(tmp_path / "a.m4a", seconds=3, picture=False, audio=True)).read_bytes()
    formats = (
        ("v.mp4", "video/mp4", "avc1.42c01e", 'width="320" height="240"'),
        ("a.m4a", "audio/mp4", "mp4a.40.2", ""),
    )
    sets = "".join(
        f'<AdaptationSet mimeType="{kind}" codecs="{codec}"><Representation id="{name}" bandwidth="1000" {more}>'
        f"<BaseURL>{name}</BaseURL></Representation></AdaptationSet>"
        for name, kind, codec, more in formats
    )
    manifest = (
        '<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static" '
        f'mediaPresentationDuration="PT3S"><Period>{sets}</Period></MPD>'
    )
    things = {
        "talk.mpd": Served(manifest.encode(), "application/dash+xml"),
        "v.mp4": Served(picture),
        "a.m4a": Served(sound),
    }
    with Web(**things) as web:
        name, (part,) = find_parts(web.url("talk.mpd"), downloads=downloads)
    import av

    with av.open(part.path) as container:
        assert [stream.type for stream in container.streams] == ["video", "audio"]
        assert sum(1 for _ in container.decode(video=0)) == 30
    assert part.duration == pytest.approx(3, abs=0.1) and name == "talk"
    assert left(tmp_path) == {Path(part.path).name}


def test_two_at_once_fetch_once(clip: bytes, downloads: Downloads, tmp_path: Path, told: list[str]) -> None:
    gate = threading.Event()

    def waits(text: str) -> None:
        told.append(text)
        gate.set()

    other = Downloads(tmp_path / "downloads", 100, waits, private=True)
    with Web(talk=Served(clip, etag='"1"', gate=gate)) as web, ThreadPoolExecutor() as pool:
        first = pool.submit(downloads.get, web.url("talk"))
        assert web.arrived.wait(20)
        second = pool.submit(other.get, web.url("talk"))
        assert first.result(30) == second.result(30)
        assert [seen.status for seen in web.seen] == [200, 304]
    assert "fetched already" in told[0]


def test_addresses_are_checked_and_shown_without_secrets() -> None:
    secret = Address.of("HTTPS://user:pa%40ss@Example.org:443/a%20b.mp4?sig=s3cret#t")
    assert secret.url == "https://example.org/a%20b.mp4?sig=s3cret#t" and secret.auth == ("user", "pa@ss")
    assert str(secret) == "https://example.org/a%20b.mp4?…" and secret.name == "a b.mp4"
    assert "pa" not in repr(secret).replace("path", "").replace("pa%", "")
    assert secret.key == Address.of("https://other:word@example.org/a%20b.mp4?sig=s3cret#t").key
    assert redacted("(see https://u:p@h/x?k=1 'now')") == "(see https://h/x?… 'now')"
    for bad in (
        "ftp://h/x.mp4",
        "file:///etc/passwd",
        "http:///x",
        "http://h:99999/x",
        "http://[::1",
        "rtmp://u:pw@h/x",
    ):
        with pytest.raises(BadInput) as caught:
            Address.of(bad)
        assert "pw" not in str(caught.value)
    assert shown("https://u:pw@[oops/x?y").startswith("https://") and "pw" not in shown("https://u:pw@[oops/x?y")


def test_credentials_reach_the_server_and_nothing_else(
    clip: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    basic = "Basic dXNlcjpoNW50ZXIy"
    home = tmp_path / "home"
    with FakeServer() as models, Web(**{"talk.mp4": Served(clip, etag='"1"', auth=basic)}) as web:
        url = web.url("talk.mp4?token=t0psecret")
        named = url.replace("http://", "http://user:h5nter2@")
        allowed = remote(models) | {"VIDEOLUCY_PRIVATE_HOSTS": "1"}
        asked = run("ask", named, "What is it?", "--json", home=home, cwd=tmp_path, **allowed)
        assert asked.returncode == 0, asked.stderr
        assert json.loads(asked.stdout)["status"] == "insufficient"
        wrong = run("ask", named.replace("h5nter2", "h5nter3") + "9", "Who?", home=home, cwd=tmp_path, **allowed)
        assert wrong.returncode == 2 and "HTTP 401" in wrong.stderr and len(wrong.stderr.splitlines()) == 1
        listed = run("sessions", "--json", home=home, cwd=tmp_path)
    said = asked.stdout + asked.stderr + wrong.stderr + listed.stdout + json.dumps(models.requests)
    assert "h5nter" not in said and "t0psecret" not in said and "talk.mp4" in said
    kept = b"".join(file.read_bytes() for file in home.rglob("*") if file.is_file())
    assert b"h5nter2" not in kept and basic.encode() not in kept


def test_addresses_stand_wherever_a_video_may(clip: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    local = make_video(tmp_path / "local.mp4", seconds=1)
    with FakeServer() as models, Web(**{"talk.mp4": Served(clip, etag='"1"')}) as web:
        (tmp_path / "both.txt").write_text(f"{web.url('talk.mp4')}\n{local}\n")
        allowed = remote(models) | {"VIDEOLUCY_PRIVATE_HOSTS": "1"}
        for name, value in allowed.items():
            monkeypatch.setenv(name, value)
        result = graph.invoke({"video": web.url("talk.mp4"), "question": "What?"}, context=Settings.load())
        assert result["status"] == "insufficient"
        listed = graph.invoke({"video": str(tmp_path / "both.txt"), "question": "What?"}, context=Settings.load())
        assert listed["status"] == "insufficient" and web.sent() == len(clip)
        made = run("ingest", web.url("talk.mp4"), home=tmp_path / "home", cwd=tmp_path, **allowed)
        assert made.returncode == 0 and "known" in made.stdout, made.stderr
