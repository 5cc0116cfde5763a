"""Properties, datasets and images that a study uses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from records.check import TestEntry
from records.study import Study
from workflow.references import leaves


def properties(study: Study) -> list[str]:
    """List the properties that a study's claims and findings test, or its exhibits show."""
    shown = {each["property"] for each in study.exhibits.values() if "property" in each}
    return sorted(shown | {test.property for test in _tests(study) if test.property})


def galleries(study: Study) -> list[str]:
    """List the datasets whose images a study's exhibits show."""
    named_by_paper = (each["dataset"] for each in study.exhibits.values() if "dataset" in each)
    return sorted({study.edition.datasets[each] for each in named_by_paper})


def datasets(study: Study) -> list[str]:
    """List the datasets that a study's jobs train on, its claims test, or its exhibits show."""
    stages = [entry.dataset for entries in study.stages.values() for entry in entries.values()]
    tested = [test.dataset for test in _tests(study) if test.dataset]
    used = {study.edition.datasets[name] for name in (*stages, *tested)}
    return sorted({*used, *galleries(study)})


def loops(study: Study) -> set[str]:
    """Return the groups of loops that a study's runs and timings use besides the usual ones."""
    entries = [each for stage in study.stages.values() for each in stage.values()]
    variants = [each for entry in entries for each in entry.variants.values()]
    used = {
        "repeats": any(each.training.repeats > 1 for each in variants),
        "optimised": any(each.training.optimiser is not None for each in variants),
        "team": any(isinstance(each.options.get("every"), Mapping) for each in variants),
    }
    return {group for group, needed in used.items() if needed}


def _tests(study: Study) -> Iterator[TestEntry]:
    """Yield the tests of a study's claims and findings, and those that they combine."""
    checks = [
        *(check for claim in study.claims for check in (claim.checks or ()) + (claim.trend or ())),
        *(number for finding in study.findings for number in finding.numbers),
    ]
    for check in checks:
        yield from (test for test, _ in leaves(check.test, ""))
