"""Whether the names in a paper's exhibits, claims, cross-checks and findings lead somewhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pnncore.properties.registry import MODULES as PROPERTIES
from pnncore.strategies.registry import MODULES as STRATEGIES
from records.errors import InputError, nearest

Json = Mapping[str, Any]

TIMING_METRICS = frozenset(
    {
        "seconds",
        "speedup",
        "efficiency",
        "time_reduction",
        "forward_share",
        "backward_share",
        "other_share",
    }
)
"""What is measured of timings; every other metric is measured of experiments."""

AXES = {
    "accuracy_by_epoch": "epoch",
    "accuracy_of_children": "epoch",
    "accuracy_and_confidence": "epoch",
    "accuracy_by_hidden": "hidden",
    "accuracy_by_workers": "workers",
    "time_by_workers": "workers",
    "time_by_epoch": "epoch",
    "saving_by_workers": "workers",
    "accuracy_of_strategies": "epoch",
    "time_to_accuracy": "workers",
    "accuracy_lost": "speedup",
}
"""What runs along the axis of a chart, as its name says."""

ALIKE = ("strategy", "options", "network", "samples")
"""What an epoch of a timing and of an experiment must have in common, for one to say how long the other takes."""

COMBINED = frozenset({"difference", "ratio", "product"})
"""What a test makes of two others."""

READING = "reading"
"""What a test writes for the variant of the reading that is being judged."""


def check_references(paper: Json) -> None:
    """Follow every name in a paper's exhibits, claims, cross-checks and findings.

    Parameters
    ----------
    paper
        The paper's configuration, its edition known, its experiments and timings resolved.

    Raises
    ------
    InputError
        If a name leads nowhere: its key, and what it may have meant.
    """
    for name, exhibit in paper["exhibits"].items():
        _check_exhibit(exhibit, paper, f"exhibits.{name}")
    if "model" in paper:
        _check_model(paper["model"], paper)
    for claim in paper["claims"]:
        _check_claim(claim, paper, f"claims.{claim['id']}")
    claims = [claim["id"] for claim in paper["claims"]]
    for part in ("cross_checks", "findings"):
        for entry in paper[part]:
            where = f"{part}.{entry['id']}"
            _check_key(entry, paper, where)
            _check_all(entry.get("claims", ()), claims, f"{where}.claims")
            _check_all(entry.get("exhibits", ()), paper["exhibits"], f"{where}.exhibits")
    for finding in paper["findings"]:
        _check_tests(finding, "numbers", paper, f"findings.{finding['id']}")


def _check_exhibit(exhibit: Json, paper: Json, where: str) -> None:
    if "dataset" in exhibit:
        _check_all([exhibit["dataset"]], paper["edition"]["datasets"], f"{where}.dataset")
    if "property" in exhibit:
        _check_all([exhibit["property"]], PROPERTIES, f"{where}.property")
    if "facts" in exhibit:
        return
    if "metrics" in exhibit:
        _check_chart(exhibit, paper, where)
    else:
        _check_drawing(exhibit, paper, where)


def _check_drawing(exhibit: Json, paper: Json, where: str) -> None:
    if "strategy" in exhibit:
        _check_all([exhibit["strategy"]], STRATEGIES, f"{where}.strategy")
    experiments = paper["experiments"]
    name = exhibit.get("experiment", next(iter(experiments)))
    _check_all([name], experiments, f"{where}.experiment")
    if "variant" in exhibit:
        _check_all([exhibit["variant"]], experiments[name]["variants"], f"{where}.variant")
    for place, entry in enumerate(exhibit.get("settings", ())):
        variants = experiments[name]["variants"]
        variant = variants[exhibit.get("variant", next(iter(variants)))]
        _check_way(variant, entry["setting"], f"{where}.settings.{place}.setting")


def _check_way(settings: Json, way: str, where: str) -> None:
    """Follow the way to a setting through the objects that it lies in."""
    found: Any = settings
    for key in way.split("."):
        known = found if isinstance(found, Mapping) else {}
        _check_all([key], known, where)
        found = known[key]


def _check_chart(exhibit: Json, paper: Json, where: str) -> None:
    chart, x = exhibit["chart"], exhibit.get("x")
    if AXES.get(chart, x) != x:
        raise InputError(f"{where}.x: must be {AXES[chart]!r} in a chart {chart!r}, not {x!r}")
    published = exhibit.get("published", [])
    shown = [*exhibit["metrics"], *(point["metric"] for point in published if "metric" in point)]
    first = shown[0]
    for metric in shown:
        if _stage(metric) != _stage(first):
            raise InputError(
                f"{where}.metrics: {metric!r} is measured of {_stage(metric)} and {first!r} of {_stage(first)}; "
                "an exhibit shows one of the two"
            )
    variants = _shown_variants(exhibit, first, paper, where)
    _check_all(exhibit.get("variants", ()), variants, f"{where}.variants")
    _check_all(exhibit.get("in_every_panel", ()), variants, f"{where}.in_every_panel")
    for place, point in enumerate(published):
        if "variant" in point:
            _check_all([point["variant"]], variants, f"{where}.published.{place}.variant")
    if "against" in exhibit:
        _check_all([exhibit["against"]], variants, f"{where}.against")
    if "timing" in exhibit:
        _check_timing(exhibit, variants, paper, where)


def _check_timing(exhibit: Json, variants: Json, paper: Json, where: str) -> None:
    """See to it that the epochs of an exhibit's timing are those of its runs."""
    name = exhibit["timing"]
    _check_all([name], paper["timings"], f"{where}.timing")
    timing, experiment = paper["timings"][name], paper["experiments"][exhibit["experiment"]]
    _check_all(exhibit.get("variants", variants), timing["variants"], f"{where}.timing")
    for variant in exhibit.get("variants", variants):
        timed, run = timing["variants"][variant], variants[variant]
        differing = [key for key in ALIKE if timed[key] != run[key]]
        if {**timed["training"], "epochs": 0} != {**run["training"], "epochs": 0}:
            differing.append("training")
        if timing["dataset"] != experiment["dataset"]:
            differing.append("dataset")
        if differing:
            raise InputError(
                f"{where}.timing: {variant!r} differs in {differing[0]} between timings.{name} and "
                f"experiments.{exhibit['experiment']}; its epochs must be alike, only their number may differ"
            )


def _shown_variants(exhibit: Json, metric: str, paper: Json, where: str) -> dict[str, Any]:
    variants = dict(_variants(exhibit["experiment"], metric, paper, where))
    _check_all(exhibit.get("beside", ()), paper[_stage(metric)], f"{where}.beside")
    for name in exhibit.get("beside", ()):
        others = _variants(name, metric, paper, where)
        for variant in others:
            if variant in variants:
                raise InputError(
                    f"{where}.beside: {name!r} has a variant {variant!r} as another experiment has; a chart could not "
                    "tell them apart"
                )
        variants.update(others)
    return variants


def _check_model(model: Json, paper: Json) -> None:
    _check_all([model["timing"]], paper["timings"], "model.timing")
    variants = paper["timings"][model["timing"]]["variants"]
    _check_all([model["variant"]], variants, "model.variant")
    printed = [entry["hardware"] for entry in model["one_worker"]]
    for place, point in enumerate(model["points"]):
        if "seconds" in point:
            # Seconds become a speed-up by those of one worker.
            _check_all([point["hardware"]], printed, f"model.points.{place}.hardware")


def _check_claim(claim: Json, paper: Json, where: str) -> None:
    _check_key(claim, paper, where)
    if "exhibit" in claim:
        _check_all([claim["exhibit"]], paper["exhibits"], f"{where}.exhibit")
    _check_all(claim.get("readings", ()), _all_variants(paper), f"{where}.readings")
    for part in ("checks", "trend"):
        _check_tests(claim, part, paper, where)


def _check_tests(entry: Json, part: str, paper: Json, where: str) -> None:
    """Follow the names in the tests of a claim or a finding."""
    for place, check in enumerate(entry.get(part, ())):
        for test, key in _leaves(check["test"], f"{where}.{part}.{place}.test"):
            _check_test(test, entry, paper, key)


def _check_test(test: Json, claim: Json, paper: Json, where: str) -> None:
    if "property" in test:
        _check_all([test["property"]], PROPERTIES, f"{where}.property")
        return
    if "fact" in test:
        _check_all([test["dataset"]], paper["edition"]["datasets"], f"{where}.dataset")
        return
    for key in ("of", "minus"):
        if key in test:
            _check_curve({**test["of"], **test[key]}, claim, paper, f"{where}.{key}")
    timed = test["of"]["metric"] in TIMING_METRICS
    for key in ("from", "to", "at"):
        point = test.get(key)
        if point == "cores" and not timed:
            raise InputError(f"{where}.{key}: 'cores' is a point of timings alone, not of runs")
        if isinstance(point, str) and point not in ("cores", "last"):
            variants = _variants(test["of"]["experiment"], test["of"]["metric"], paper, where)
            _check_all([point], variants, f"{where}.{key}")


def _check_curve(curve: Json, claim: Json, paper: Json, where: str) -> None:
    variants = _variants(curve["experiment"], curve["metric"], paper, where)
    across = "workers" if curve["metric"] in TIMING_METRICS else curve.get("across", "epochs")
    if across == "variants":
        chosen = list(variants)
    elif curve.get("variant") == READING:
        chosen = claim.get("readings", [])
        if not chosen:
            raise InputError(f"{where}.variant: 'reading' needs the key 'readings' in its claim")
    else:
        chosen = [curve["variant"]] if "variant" in curve else list(variants)
        if len(chosen) > 1:
            raise InputError(f"{where}.variant: is missing; it must be one of {', '.join(chosen)}")
    _check_all(chosen, variants, f"{where}.variant")
    counts = {count for name in chosen for count in variants[name]["workers"]}
    if across != "workers" and "workers" not in curve and len(counts) > 1:
        named = ", ".join(map(str, sorted(counts)))
        raise InputError(f"{where}.workers: is missing; it must be one of {named}")


def _check_key(entry: Json, paper: Json, where: str) -> None:
    if not entry["id"].startswith(f"{paper['key']}-"):
        raise InputError(f"{where}.id: must begin with the paper's key, {paper['key']!r}")


def _check_all(names: Iterable[str], known: Iterable[str], where: str) -> None:
    known = list(known)
    for name in names:
        if name not in known:
            raise InputError(f"{where}: there is no {name!r}; {nearest(name, known)}")


def _variants(name: str, metric: str, paper: Json, where: str) -> Json:
    """Return the variants of the experiment, or of the timing, that a metric is measured of."""
    stage = _stage(metric)
    stages = {**paper["experiments"], **paper["timings"]}
    _check_all([name], stages, f"{where}.experiment")
    if name not in paper[stage]:
        raise InputError(
            f"{where}.metric: {metric!r} is measured of {stage}, which {name!r} is none of; "
            f"valid are: {', '.join(paper[stage]) or 'none'}"
        )
    variants: Json = paper[stage][name]["variants"]
    return variants


def _stage(metric: str) -> str:
    return "timings" if metric in TIMING_METRICS else "experiments"


def _leaves(test: Json, where: str) -> Iterator[tuple[Json, str]]:
    """Go through the tests that a test is made of, each with its key."""
    for kind in COMBINED:
        for place, inner in enumerate(test.get(kind, ())):
            yield from _leaves(inner, f"{where}.{kind}.{place}")
    if not test.keys() & COMBINED:
        yield test, where


def _stages(paper: Json) -> list[Json]:
    return [*paper["experiments"].values(), *paper["timings"].values()]


def _all_variants(paper: Json) -> list[str]:
    return list(dict.fromkeys(name for stage in _stages(paper) for name in stage["variants"]))
