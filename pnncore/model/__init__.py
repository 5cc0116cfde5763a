"""Modelled timings: unit costs, schedules replayed on machines, and fits to published speed-ups."""
