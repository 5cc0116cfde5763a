"""Times of unequal work on one axis: the time of a sample."""

from __future__ import annotations

import math
from collections.abc import Iterator

import pandas as pd

from records.study import Study
from reports.exhibits.figure import MEASURED, MODELLED
from reports.tables.metrics import CLOCKS

MICRO = 1e6


def samples_trained(table: pd.DataFrame, study: Study) -> list[float]:
    """Return how many samples each time of an exhibit is for, those of every epoch; NaN where it is not known.

    Parameters
    ----------
    table
        Rows of ``exhibits.csv`` of one exhibit of a timing.
    study
        Its study's resolved configuration.
    """
    own = dict(_of_variants(study, str(table["exhibit"].iloc[0])))
    model = study.model
    theirs = float(model.scale.samples * model.scale.epochs) if model else math.nan
    machines = {machine for machine, _ in model.printed} if model else set()

    def is_ours(source: str, variant: str, hardware: str) -> bool:
        if source == MODELLED and model:
            return variant != model.variant or hardware not in machines
        return source in (MEASURED, MODELLED)

    factors = table[["source", "variant", "hardware"]].to_numpy()
    return [own.get(row[1], math.nan) if is_ours(*row) else theirs for row in factors]


def _of_variants(study: Study, exhibit: str) -> Iterator[tuple[str, float]]:
    """Yield the samples that each variant of an exhibit's timing trains on."""
    # An exhibit of several timings has another key, and is not about seconds.
    timing = study.timings.get(study.exhibits[exhibit].get("experiment", ""))
    if timing is None:
        return
    whole = study.edition.samples.get(timing.dataset, math.nan)
    for name, variant in timing.variants.items():
        yield name, float(variant.samples.train or whole) * variant.training.epochs


def per_sample(table: pd.DataFrame) -> tuple[pd.DataFrame, str]:
    """Divide an exhibit's times by the samples that they are for, if these differ and are known.

    Parameters
    ----------
    table
        The exhibit's rows, completed, each with its ``work`` of `samples_trained`.

    Returns
    -------
    tuple
        The rows, and a sentence that says so; empty if they are as they were.
    """
    timed = table["y_name"].isin(CLOCKS) & table["y"].notna()
    work = table.loc[timed, "work"]
    if work.isna().any() or work.nunique() < 2:
        return table, ""
    found = table.copy()
    for column in ("y", "lower", "upper"):
        found.loc[timed, column] = table.loc[timed, column] * MICRO / work
    found.loc[timed, "unit"] = "µs"
    found.loc[timed, "y_label"] = table.loc[timed, "y_label"] + " per sample"
    counts = " and ".join(f"{count:,.0f}" for count in sorted(work.unique()))
    return found, f"Each time is divided by the samples that it is for, of all epochs: {counts}."
