"""The senses by which segments are found: meaning, words, speech, text on screen and pictures, fused by rank."""

SENSES = ("meaning", "words", "speech", "text", "pictures")
"""Meaning and words of captions, words said, text on screen, and the visual index; `senses` may leave some out."""
