"""The senses by which segments are found: meaning, words, speech and text on screen, fused by rank."""
