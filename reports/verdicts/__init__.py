"""Verdicts on claims, and findings, from tables."""
