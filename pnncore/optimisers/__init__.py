"""Optimisers, one a file: how a gradient becomes a step."""
