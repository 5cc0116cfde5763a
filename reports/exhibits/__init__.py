"""Exhibits: points from tables, and charts from points."""
