"""Merge rules, one a file: how networks become one."""
