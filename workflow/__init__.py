"""What the Snakemake rules stand on: configuration, plan and code digests."""
