"""Shared by all packages: input errors, atomic file writes, checksummed records and standard output."""
