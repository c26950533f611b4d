"""What is remembered: recordings, segments, captions and their vectors, in Chroma."""
