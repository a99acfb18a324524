"""Benchmarks: each measures a ratio to a floor in the same run, or counts something."""
