"""Measured timings, and the machine that they are made on."""
