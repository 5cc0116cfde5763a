"""Metrics of epochs, one module each: see `registry` for the list and `contract` for their interface."""
