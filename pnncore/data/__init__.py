"""Datasets: fetch, verify and prepare them, and map them from disk."""
