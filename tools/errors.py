"""The one error a user can mend."""


class BadInput(Exception):
    """The video, the question or a setting cannot be used. The message is one clear line (exit code 2)."""
