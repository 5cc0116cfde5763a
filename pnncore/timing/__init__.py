"""Measured timings and the machine that they are measured on."""
