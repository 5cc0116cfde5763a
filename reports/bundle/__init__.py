"""Bundles: packed, compared, and made into a site again."""
