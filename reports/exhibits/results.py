"""What an exhibit's points are made of: a study and its tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, overload

from records.study import Experiment, Study, Timing
from records.variants import RunVariant, TimingVariant
from reports.exhibits.keys import ChartKeys
from reports.tables.facts import Facts
from reports.tables.metrics import resolve

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Results:
    """The results of a study.

    Attributes
    ----------
    study
        Its resolved configuration.
    epochs, timings
        Its tables ``epochs.csv`` and ``timings.csv``.
    properties
        Facts by the name of the property.
    authors
        Its table ``authors.csv``.
    """

    study: Study
    epochs: pd.DataFrame
    timings: pd.DataFrame
    properties: Mapping[str, Facts]
    authors: pd.DataFrame

    def metrics(self, exhibit: ChartKeys) -> list[str]:
        """List the metrics that an exhibit shows, as the tables name them."""
        return [resolve(metric, self.study.confidence) for metric in exhibit.metrics]


@overload
def shown_variants(
    exhibit: ChartKeys, entries: Mapping[str, Experiment]
) -> dict[str, RunVariant]: ...


@overload
def shown_variants(
    exhibit: ChartKeys, entries: Mapping[str, Timing]
) -> dict[str, TimingVariant]: ...


def shown_variants(exhibit: ChartKeys, entries: Mapping[str, Any]) -> dict[str, Any]:
    """Return the variants that an exhibit shows, by name.

    Parameters
    ----------
    exhibit
        The exhibit.
    entries
        The experiments, or the timings, of its study.
    """
    return {
        variant: settings
        for name in exhibit.experiments
        if name in entries
        for variant, settings in entries[name].variants.items()
    }


def shown_rows(rows: pd.DataFrame, exhibit: ChartKeys) -> pd.DataFrame:
    """Return the rows of a table that are of an exhibit's experiments and variants, without runs that diverged.

    A diverged run ends before its last epoch.
    """
    own: Sequence[str] = exhibit.experiments
    rows = rows[rows["experiment"].isin(own) & (rows["status"] == "completed")]
    return rows[rows["variant"].isin(exhibit.variants)] if exhibit.variants else rows
