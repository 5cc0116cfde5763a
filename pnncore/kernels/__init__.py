"""Compiled loops of training."""
