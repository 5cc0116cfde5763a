"""Train small neural networks in parallel on CPUs, the way five papers did."""
