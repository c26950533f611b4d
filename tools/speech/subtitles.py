"""Words that come with a video: subtitle files beside it, and text tracks inside it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from memory_store.records import Line, digest
from tools.errors import BadInput
from tools.speech.base import Piece, SpeechError
from tools.speech.cues import LONGEST, bounded, plain
from tools.speech.languages import language
from tools.video.container import open_container, rebased_by, require_file

SUFFIXES = (".srt", ".vtt", ".ass", ".ssa")
_LARGEST = 16 << 20
"""Bytes."""
_MOST_ROWS = 1_000_000
_LONGEST_ROW = 2 * LONGEST
_FORMATS = ("vtt", "ass", "srt")
"""What the content of a file may be, whatever its suffix; the second is ASS or SSA."""
_LARGEST_EVENT = 64 << 10
"""Bytes of one cue of a track."""
_FORCED = {"forced", "foreign"}
"""Such subtitles translate signs and foreign words only; what else is said they leave out."""
_ASS_FIELDS = 8
"""Commas before the text of an event as Matroska and FFmpeg keep it."""
_LONG_ROWS = re.compile(rf"([^\n]{{{_LONGEST_ROW}}})[^\n]+")
_BLANK_ROWS = re.compile(r"(?:\r?\n){3,}")


@dataclass(frozen=True)
class SubtitleFile:
    """A subtitle file beside a video."""

    path: Path
    language: str
    name: str
    """By its content: a corrected file is another source."""

    @classmethod
    def at(cls, path: Path, tags: Iterable[str]) -> SubtitleFile:
        """Return the file at `path`, whose name carries `tags`."""
        try:
            name = f"subtitles-{digest(_bytes(path))[:8]}"
        except SpeechError:
            name = "subtitles-unreadable"  # told when its words are wanted
        return cls(path, next((code for tag in tags if (code := language(tag))), ""), name)

    def pieces(self, start: float = 0.0) -> Iterator[Piece]:
        """Yield all its words as one piece. Raises `SpeechError` where it is no subtitle file."""
        yield Piece(None, tuple(rolled_up(bounded(_parse(self.path)))), self.language)


@dataclass(frozen=True)
class SubtitleTrack:
    """A text track inside a video. `index` counts the file's subtitle tracks from 0."""

    path: str
    index: int
    language: str

    @property
    def name(self) -> str:
        return f"subtitle-track-{self.index}"

    def pieces(self, start: float = 0.0) -> Iterator[Piece]:
        """Yield all its words as one piece; the whole file is read for them. Raises `SpeechError`."""
        yield Piece(None, tuple(rolled_up(bounded(_events(self.path, self.index)))), self.language)


_Written = TypeVar("_Written", SubtitleFile, SubtitleTrack)


def beside(path: str, wanted: str) -> SubtitleFile | None:
    """Return the subtitle file of a video: `talk.srt`, `talk.en.vtt` … beside `talk.mp4`; None if there is none.

    With a language `wanted`, one that names it goes before one that names none, and one that names another
    does not count. Otherwise one that names none goes first.
    """
    video = Path(path)
    try:
        entries = sorted(entry for entry in video.parent.iterdir() if entry.suffix.lower() in SUFFIXES)
    except OSError:
        return None
    found = [
        SubtitleFile.at(entry, tags)
        for entry in entries
        if (tags := _tags_of(entry.name, video.stem)) is not None and entry.is_file()
    ]
    return next(iter(_ranked(found, wanted)), None)


def inside(path: str, wanted: str) -> SubtitleTrack | None:
    """Return the text track of a file, chosen like `beside`; pictures of text are none. Raises `BadInput`."""
    from av.stream import Disposition

    with open_container(path) as container:
        found = [
            SubtitleTrack(path, index, language(stream.language))
            for index, stream in enumerate(container.streams.subtitles)
            if stream.codec_context is not None
            and stream.codec_context.name not in _PICTURES
            and not stream.disposition & Disposition.forced
        ]
    return next(iter(_ranked(found, wanted)), None)


_PICTURES = {"dvdsub", "dvd_subtitle", "dvbsub", "dvb_subtitle", "pgssub", "hdmv_pgs_subtitle", "xsub"}


def _ranked(found: list[_Written], wanted: str) -> list[_Written]:
    """Return what may be used, best first: of the language wanted, then of none, then (if none is wanted) of any."""
    fitting = [source for source in found if not wanted or source.language in (wanted, "")]
    return sorted(fitting, key=lambda source: source.language != wanted)


def _tags_of(name: str, stem: str) -> list[str] | None:
    """Return the tags between a video's name and the suffix (`talk.en.sdh.srt`), or None for another's file."""
    own = name.rpartition(".")[0]
    if own != stem and not own.startswith(stem + "."):
        return None
    tags = [tag for tag in own[len(stem) :].split(".") if tag]
    return None if _FORCED & {tag.casefold() for tag in tags} else tags


def rolled_up(cues: Iterable[Line]) -> list[Line]:
    """Return cues in order of time, without the words that a rolling display shows once more.

    Live captions repeat in each cue the line above the new one; that line then only lasts longer.
    """
    lines: list[Line] = []
    for cue in sorted(cues, key=lambda cue: (cue.start, cue.end)):
        shown = {line.text for line in lines[-2:] if line.end >= cue.start - 0.1}
        fresh = [row for row in cue.text.splitlines() if row.strip() and row.strip() not in shown]
        text = " ".join(" ".join(fresh).split())
        if text and cue.end > cue.start:
            lines.append(Line(cue.start, cue.end, text))
    return lines


def _parse(path: Path) -> Iterator[Line]:
    import pysubs2
    from pysubs2.formats import get_format_class

    text = _decoded(_bytes(path))
    if text.count("\n") > _MOST_ROWS:
        raise SpeechError(f"{path.name} is too large for subtitles")
    # The parser takes time with the square of a row's length, and of the blank rows put together.
    text = _BLANK_ROWS.sub("\n\n", _LONG_ROWS.sub(r"\1", text))
    try:
        written = next(found for name in _FORMATS if (found := get_format_class(name).guess_format(text)))
        events = pysubs2.SSAFile.from_string(text, written, keep_html_tags=True).events
    # A parser for many formats meets anything at all, and has no error of its own for most of it.
    except Exception as problem:
        why = "unknown format" if isinstance(problem, StopIteration) else type(problem).__name__
        raise SpeechError(f"{path.name} cannot be read as subtitles ({why})") from None
    for event in events:
        if not event.is_comment and (said := plain(event.text)):
            yield Line(event.start / 1000, event.end / 1000, said)


def _bytes(path: Path) -> bytes:
    try:
        if require_file(str(path)).st_size > _LARGEST:
            raise SpeechError(f"{path.name} is too large for subtitles")
        return path.read_bytes()
    except BadInput as problem:
        raise SpeechError(str(problem)) from None
    except OSError as problem:
        raise SpeechError(f"{path.name} cannot be read: {problem.strerror}") from None


def _decoded(data: bytes) -> str:
    """Return the text of a file that names no encoding."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _events(path: str, index: int) -> Iterator[Line]:
    import av

    try:
        with open_container(path) as container:
            stream = container.streams.subtitles[index]
            origin = rebased_by(container)
            for packet in container.demux(stream):
                if packet.pts is None or packet.time_base is None or not packet.duration:
                    continue
                if packet.size > _LARGEST_EVENT:
                    continue
                start = float(packet.pts * packet.time_base) - origin
                text = "\n".join(filter(None, map(_said, packet.decode())))
                if text:
                    yield Line(start, start + float(packet.duration * packet.time_base), text)
    except (BadInput, av.FFmpegError) as problem:
        raise SpeechError(f"the subtitles in {Path(path).name} cannot be read: {problem}") from None


def _said(event: object) -> str:
    """Return the words of one decoded event, without its styles."""
    ass = getattr(event, "ass", b"") or b""
    text = ass.decode("utf-8", "replace") if isinstance(ass, bytes) else ass
    said = text.split(",", _ASS_FIELDS)[-1] if text.count(",") >= _ASS_FIELDS else text
    return plain(said)
