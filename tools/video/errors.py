"""What can go wrong with a video after it was accepted."""


class VideoError(Exception):
    """The pictures of a recording cannot be read now (a file that vanished, a decoder that failed)."""
