"""Properties that are examined without a run: of functions, gradients, merging, data structures and files."""
