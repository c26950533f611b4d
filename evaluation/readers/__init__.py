"""One reader a benchmark: its released files in, a `Benchmark` out."""
