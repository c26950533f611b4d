"""How many tokens text and pictures are, where no server has counted them."""

from __future__ import annotations

_CHARS_PER_TOKEN = 4
_PIXELS_PER_TOKEN = 28 * 28
"""Of a picture: the rate of the Qwen-VL families."""


def of_text(chars: int) -> int:
    """Return the tokens of `chars` characters."""
    return -(-chars // _CHARS_PER_TOKEN)


def of_pictures(pixels: int) -> int:
    """Return the tokens of pictures whose areas sum to `pixels`."""
    return pixels // _PIXELS_PER_TOKEN


def text_of(tokens: int) -> int:
    """Return the characters that `tokens` tokens are."""
    return tokens * _CHARS_PER_TOKEN
