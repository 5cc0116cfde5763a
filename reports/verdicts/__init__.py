"""Verdicts on claims, and findings, made of tables."""
