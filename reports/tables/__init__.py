"""Tidy tables from records."""
