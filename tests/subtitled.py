"""Videos with text tracks, and subtitle files, for tests."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

Cue = tuple[float, float, str]

_STYLES = b"""[Script Info]
ScriptType: v4.00+

[V4+ Styles]
Format: Name, Fontname, Fontsize
Style: Default,Arial,16

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
"""


def srt(cues: Sequence[Cue]) -> str:
    """Return the text of an SRT file."""
    return "\n".join(
        f"{number}\n{_clock(start)} --> {_clock(end)}\n{text}\n" for number, (start, end, text) in enumerate(cues, 1)
    )


def _clock(seconds: float) -> str:
    whole, milli = divmod(round(seconds * 1000), 1000)
    return f"{whole // 3600:02}:{whole // 60 % 60:02}:{whole % 60:02},{milli:03}"


def with_tracks(source: str, target: Path, tracks: Sequence[tuple[str, Sequence[Cue]]], forced: int = -1) -> str:
    """Copy a video and add a text track for each (language, cues): `mov_text` in mp4, else SubRip."""
    import av
    from av.stream import Disposition
    from av.subtitles.subtitle import SubtitleSet

    codec = "mov_text" if target.suffix == ".mp4" else "subrip"
    with av.open(source) as given, av.open(str(target), "w") as out:
        copies = {stream.index: out.add_stream_from_template(stream) for stream in given.streams}
        texts = []
        for number, (language, _) in enumerate(tracks):
            text = out.add_stream(codec)
            text.metadata["language"] = language
            text.codec_context.subtitle_header = _STYLES
            text.codec_context.time_base = Fraction(1, 1000)
            if number == forced:
                text.disposition = Disposition.forced
            texts.append(text)
        for packet in given.demux():
            if packet.dts is not None:
                packet.stream = copies[packet.stream.index]
                out.mux(packet)
        for text, (_, cues) in zip(texts, tracks, strict=True):
            for start, end, said in cues:
                milli = round(start * 1000)
                event = f"0,0,Default,,0,0,0,,{said}".replace("\n", "\\N").encode()
                packet = text.codec_context.encode_subtitle(
                    SubtitleSet.create(text=event, start=0, end=round((end - start) * 1000), pts=milli * 1000)
                )
                packet.stream, packet.time_base = text, Fraction(1, 1000)
                packet.pts = packet.dts = milli
                packet.duration = round((end - start) * 1000)
                out.mux(packet)
    return str(target)
