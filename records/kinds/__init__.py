"""Kinds of records: the fields of each, its version, and what it is about."""
