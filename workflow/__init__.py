"""Helpers of the Snakemake rules: configuration, plan and code digests."""
