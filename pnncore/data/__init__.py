"""Datasets: fetched, verified, prepared, and loaded as memory maps."""
