"""The strategies, one module each: see `registry` for the list and `contract` for their interface."""
