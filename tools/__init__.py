"""Hands and eyes: video access, captioners, reasoners, settings, and the recaption tool."""
