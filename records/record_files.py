"""The files that hold the records of a study, as the pipeline lists them."""

from __future__ import annotations

from typing import Annotated, TypeAlias

from msgspec import Meta

from records.metric import Metric
from records.values import Entry, Title

Paths: TypeAlias = tuple[Title, ...]


class RecordFiles(Entry, frozen=True, kw_only=True):
    """The files that hold the records of a study, in the order of the rows of its tables."""

    study: Annotated[Title, Meta(description="Name of the study.")]
    metrics: Annotated[dict[str, Metric], Meta(description="Metrics that its runs can have.")]
    runs: Annotated[Paths, Meta(description="Collections of runs.")]
    timings: Annotated[Paths, Meta(description="Collections of repeats.")]
    calibrations: Annotated[Paths, Meta(description="Collections of calibrations of variants.")]
    predictions: Annotated[Paths, Meta(description="Collections of predictions.")]
    models: Annotated[Paths, Meta(description="Collections of models.")]
    properties: Annotated[Paths, Meta(description="Collections of properties.")]
    datasets: Annotated[Paths, Meta(description="Datasets: `<dataset>/dataset.json`.")]
    host: Annotated[Paths, Meta(description="Collections of calibrations of this machine.")]
