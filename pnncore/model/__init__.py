"""Modelled timings: unit costs, replay of schedules on machines, and fits to published speed-ups."""
