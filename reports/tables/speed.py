"""Speed-up, efficiency and saved time, derived from seconds."""

from __future__ import annotations

import pandas as pd

from reports.tables.metrics import CLOCKS


def derive(seconds: pd.Series[float], metric: str) -> pd.Series[float]:
    """Convert seconds by worker count to a metric relative to one worker.

    Parameters
    ----------
    seconds
        Seconds by worker count.
    metric
        ``seconds`` or ``processor_seconds`` (unchanged), ``speedup``, ``efficiency`` (speed-up per worker) or
        ``time_reduction`` (the share of one worker's seconds that is saved).

    Returns
    -------
    Series
        The metric by worker count; empty if it needs the seconds of one worker and they are missing.
    """
    if metric in CLOCKS:
        return seconds
    if 1 not in seconds.index:
        return seconds.iloc[:0]
    speedup: pd.Series[float] = float(seconds.loc[1]) / seconds
    if metric == "speedup":
        return speedup
    if metric == "efficiency":
        return efficiency(speedup)
    return 1 - 1 / speedup


def efficiency(speedup: pd.Series[float]) -> pd.Series[float]:
    """Return the speed-up per worker."""
    found: pd.Series[float] = speedup / speedup.index.to_numpy(dtype=float)
    return found
