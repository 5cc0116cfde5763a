"""Bundles: packing them, comparing two, and building a site from one."""
