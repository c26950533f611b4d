"""Embedders: texts to vectors of unit length, by a small model, an endpoint, or letters alone."""
