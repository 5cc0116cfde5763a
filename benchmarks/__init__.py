"""Speed of our kernels against peers and against this machine's limit, always within one run."""
