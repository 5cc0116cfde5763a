"""Compiled loops: where the seconds of training go."""
