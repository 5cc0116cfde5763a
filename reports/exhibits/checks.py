"""Names in an exhibit that lead nowhere. Each check yields the key of such a name, and the mistake."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, Final

from msgspec import UNSET, structs

from records.errors import nearest
from records.study import Experiment, Study, Timing
from records.variants import RunVariant, TimingVariant
from reports.exhibits.contract import Fault
from reports.exhibits.keys import ChartKeys, DrawingKeys
from reports.exhibits.results import shown_variants
from reports.tables.metrics import SHARE_METRICS, TIMING_METRICS, Stage, run_metrics

ALIKE: Final = ("strategy", "options", "network", "samples")
"""Settings that a timing and an experiment must share, for an epoch of one to take as long as of the other."""


def unknown(name: str, known: Iterable[str], key: str) -> Iterator[Fault]:
    """Yield a name that is none of the known ones."""
    known = list(known)
    if name not in known:
        yield key, f"there is no {name!r}; {nearest(name, known)}"


def unknown_items(names: Iterable[str], known: Iterable[str], key: str) -> Iterator[Fault]:
    """Yield the items of a list that are none of the known names."""
    known = list(known)
    for place, name in enumerate(names):
        yield from unknown(name, known, f"{key}[{place}]")


def check_drawing(
    exhibit: DrawingKeys, study: Study, properties: Collection[str] = ()
) -> Iterator[Fault]:
    """Check the experiment and the variant of a drawing."""
    if exhibit.experiment:
        yield from unknown(exhibit.experiment, study.experiments, "experiment")
    variants = drawn_variants(exhibit, study)
    if exhibit.variant and variants:
        yield from unknown(exhibit.variant, variants, "variant")


def drawn_variants(exhibit: DrawingKeys, study: Study) -> Mapping[str, RunVariant]:
    """Return the variants of a drawing's experiment; none if there is no such experiment."""
    found = study.experiments.get(exhibit.experiment or next(iter(study.experiments), ""))
    return found.variants if found else {}


def check_chart(
    exhibit: ChartKeys, study: Study, stage: Stage, metrics: Collection[str]
) -> Iterator[Fault]:
    """Check the names in a chart.

    Parameters
    ----------
    exhibit
        The exhibit.
    study
        The study's resolved configuration.
    stage
        Where the study defines the experiments that the chart shows.
    metrics
        The metrics that such a chart can show.
    """
    yield from _check_metrics(exhibit, stage, metrics)
    known = study.stages[stage]
    yield from unknown(exhibit.experiment, known, "experiment")
    yield from unknown_items(exhibit.beside, known, "beside")
    yield from _shared_names(exhibit, known)
    if exhibit.experiment in known:
        shown = shown_variants(exhibit, known)
        yield from _check_variants(exhibit, shown)
        yield from _check_settings(exhibit, study, shown)


def _check_metrics(exhibit: ChartKeys, stage: Stage, metrics: Collection[str]) -> Iterator[Fault]:
    for place, metric in enumerate(exhibit.metrics):
        if metric not in metrics:
            yield (
                f"metrics[{place}]",
                f"this chart of {stage} cannot show {metric!r}; {nearest(metric, metrics)}",
            )


def _check_settings(
    exhibit: ChartKeys, study: Study, variants: Mapping[str, RunVariant | TimingVariant]
) -> Iterator[Fault]:
    """Yield metrics that none of the variants measures."""
    for place, name in enumerate(exhibit.metrics):
        setting = study.metrics[name].setting if name in study.metrics else ""
        if setting and not any(getattr(each, setting, False) for each in variants.values()):
            yield (
                f"metrics[{place}]",
                f"set {setting} of {exhibit.experiment!r} to true, to measure {name!r}",
            )


def _shared_names(
    exhibit: ChartKeys, known: Mapping[str, Experiment] | Mapping[str, Timing]
) -> Iterator[Fault]:
    """Yield experiments beside that have a variant named as another experiment's."""
    seen = set(known[exhibit.experiment].variants) if exhibit.experiment in known else set()
    for place, name in enumerate(exhibit.beside):
        for variant in known[name].variants if name in known else ():
            if variant in seen:
                yield (
                    f"beside[{place}]",
                    f"{name!r} has a variant {variant!r}, and so has another experiment of this chart",
                )
            seen.add(variant)


def _check_variants(exhibit: ChartKeys, variants: Collection[str]) -> Iterator[Fault]:
    yield from unknown_items(exhibit.variants, variants, "variants")
    yield from unknown_items(exhibit.in_every_panel, variants, "in_every_panel")
    for place, point in enumerate(exhibit.published):
        if point.variant is not UNSET:
            yield from unknown(point.variant, variants, f"published[{place}].variant")
    if exhibit.authors is not UNSET and exhibit.authors.variant is not UNSET:
        yield from unknown(exhibit.authors.variant, variants, "authors.variant")


def check_timing(exhibit: ChartKeys, timing: str, study: Study) -> Iterator[Fault]:
    """Check that a timing's epochs are those of the runs that an exhibit shows; only their number may differ."""
    yield from unknown(timing, study.timings, "timing")
    if timing not in study.timings or exhibit.experiment not in study.experiments:
        return
    timed, run = study.timings[timing], study.experiments[exhibit.experiment]
    variants = shown_variants(exhibit, study.experiments)
    for variant in exhibit.variants or variants:
        yield from unknown(variant, timed.variants, "timing")
        if variant in timed.variants and variant in variants:
            differing = _differing(timed.variants[variant], variants[variant])
            if timed.dataset != run.dataset:
                differing.append("dataset")
            for setting in differing:
                yield (
                    "timing",
                    f"{variant!r} differs in {setting} between timings.{timing} and "
                    f"experiments.{exhibit.experiment}; only the number of epochs may differ",
                )


def _differing(timed: TimingVariant, run: RunVariant | TimingVariant) -> list[str]:
    """List the settings in which a timed variant differs from one that was run."""
    differing = [key for key in ALIKE if getattr(timed, key) != getattr(run, key)]
    if structs.replace(timed.training, epochs=run.training.epochs) != run.training:
        differing.append("training")
    return differing


def check_way(settings: Mapping[str, Any], way: str, key: str) -> Iterator[Fault]:
    """Check the way to a setting through the objects that hold it."""
    found: Any = settings
    for step in way.split("."):
        known = found if isinstance(found, Mapping) else {}
        if step not in known:
            yield from unknown(step, known, key)
            return
        found = known[step]


def check_runs(exhibit: ChartKeys, study: Study, properties: Collection[str]) -> Iterator[Fault]:
    """Check a chart of runs."""
    yield from check_chart(exhibit, study, "experiments", run_metrics(study))


def check_compared(
    exhibit: ChartKeys, against: str, study: Study, properties: Collection[str]
) -> Iterator[Fault]:
    """Check the names in a chart of runs, and the variant that the others are compared with."""
    yield from check_runs(exhibit, study, properties)
    if exhibit.experiment in study.experiments:
        yield from unknown(against, shown_variants(exhibit, study.experiments), "against")


def check_times(exhibit: ChartKeys, study: Study, properties: Collection[str]) -> Iterator[Fault]:
    """Check a chart of timings."""
    times = [metric for metric in TIMING_METRICS if metric not in SHARE_METRICS]
    yield from check_chart(exhibit, study, "timings", times)
