"""Records read from disk, and the tidy tables made of them."""
