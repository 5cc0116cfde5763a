"""Benchmarks: speed against peers and against this machine's limit, measured in one run."""
