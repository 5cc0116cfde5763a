"""Whether the names in a study lead somewhere: in its exhibits, claims, cross-checks, findings and its model."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from msgspec import UNSET

from pnncore.properties.registry import PROPERTIES
from records.check import COMBINED, Check, Curve, TestEntry
from records.claims import ClaimEntry, Finding
from records.errors import nearest
from records.model import PaperModel
from records.overview import OverviewLine
from records.program import NONE_FOUND
from records.study import Experiment, Study, Timing
from records.variants import RunVariant, TimingVariant
from reports.exhibits.at_work import at_work
from reports.exhibits.registry import KINDS
from reports.tables.metrics import TIMING_METRICS, claim_metrics, stage_of

READING = "reading"
"""What a test writes for the variant of the reading that is being judged."""


def reference_faults(study: Study) -> Iterator[str]:
    """Yield every name in a study that leads nowhere: its key, and what it may have meant.

    Parameters
    ----------
    study
        The study, its experiments and timings resolved.
    """
    yield from _exhibit_faults(study)
    if study.model is not UNSET:
        yield from _model_faults(study.model, study)
    for ambiguity in study.ambiguities:
        where = f"ambiguities.{ambiguity.id}"
        yield from _key_faults(ambiguity.id, study, where)
        if ambiguity.settled is not UNSET and study.program == NONE_FOUND:
            yield f"{where}.settled: there is no program to settle it; describe it under program, or leave this out"
    for name, primary in study.primary.items():
        yield from _unknown(primary.variants, _all_variants(study), f"primary.{name}.variants")
    for claim in study.claims:
        where = f"claims.{claim.id}"
        yield from _key_faults(claim.id, study, where)
        yield from _unknown([claim.exhibit or None], study.exhibits, f"{where}.exhibit")
        yield from _unknown(claim.readings or (), _all_variants(study), f"{where}.readings")
        yield from _primary_faults(claim, study, f"{where}.readings")
        parts = {"checks": claim.checks, "trend": claim.trend}
        if claim.authors is not UNSET:
            parts["authors.checks"] = claim.authors.checks
        for part, checks in parts.items():
            yield from _check_faults(checks or (), claim, study, f"{where}.{part}")
    for place, line in enumerate(study.overview):
        yield from _line_faults(line, study, f"overview[{place}]")
    claims = [claim.id for claim in study.claims]
    for part in ("cross_checks", "findings"):
        for entry in getattr(study, part):
            where = f"{part}.{entry.id}"
            yield from _key_faults(entry.id, study, where)
            yield from _unknown(entry.claims or (), claims, f"{where}.claims")
            yield from _unknown(entry.exhibits or (), study.exhibits, f"{where}.exhibits")
    for finding in study.findings:
        where = f"findings.{finding.id}.numbers"
        yield from _check_faults(finding.numbers, finding, study, where)


def _line_faults(line: OverviewLine, study: Study, where: str) -> Iterator[str]:
    """Follow the names in a line of the overview."""
    named: list[tuple[str, str, Mapping[str, Experiment | Timing], str]] = [
        ("experiment", line.experiment, study.experiments, "variant"),
        ("timing", line.timing, study.timings, "timed"),
        ("timing", line.timing, study.timings, "faster_than"),
        ("beside", line.beside or line.experiment, study.experiments, "against"),
    ]
    for key, name, known, variant_key in named:
        variant = (
            getattr(line, variant_key) or (line.timed if key == "timing" else UNSET) or line.variant
        )
        yield from _unknown([name], known, f"{where}.{key}")
        if name in known:
            yield from _unknown([variant], known[name].variants, f"{where}.{variant_key}")


def _primary_faults(claim: ClaimEntry, study: Study, where: str) -> Iterator[str]:
    """Find out whether the reading that decides is one of a primary reading's."""
    primary = [variant for each in study.primary.values() for variant in each.variants]
    if claim.readings and claim.readings[0] not in primary:
        known = ", ".join(dict.fromkeys(primary)) or "none is given"
        yield f"{where}: the first one decides and must be a variant of the key 'primary': {known}"


def leaves(test: TestEntry, where: str) -> Iterator[tuple[TestEntry, str]]:
    """Yield the tests that a test combines, each with its key; a test that combines none by itself."""
    inner = [(kind, pair) for kind in COMBINED if (pair := getattr(test, kind))]
    for kind, pair in inner:
        for place, part in enumerate(pair):
            yield from leaves(part, f"{where}.{kind}[{place}]")
    if not inner:
        yield test, where


def _exhibit_faults(study: Study) -> Iterator[str]:
    for name, entry in study.exhibits.items():
        kind = KINDS.named(entry["chart"])
        where = f"exhibits.{name}"
        with at_work(study.id, name, kind.name):
            for key, fault in kind.faults(kind.read(entry, where), study, PROPERTIES.entries):
                yield f"{where}.{key}: {fault}"


def _model_faults(model: PaperModel, study: Study) -> Iterator[str]:
    yield from _unknown([model.timing], study.timings, "model.timing")
    if model.timing in study.timings:
        variants = study.timings[model.timing].variants
        yield from _unknown([model.variant], variants, "model.variant")
    printed = [entry.hardware for entry in model.one_worker]
    for place, point in enumerate(model.points):
        if point.seconds is not UNSET:
            # Seconds become a speed-up by those of one worker.
            yield from _unknown([point.hardware], printed, f"model.points[{place}].hardware")


def _check_faults(
    checks: Iterable[Check], entry: ClaimEntry | Finding, study: Study, where: str
) -> Iterator[str]:
    """Follow the names in the tests of a claim or a finding."""
    for place, check in enumerate(checks):
        for test, key in leaves(check.test, f"{where}[{place}].test"):
            yield from _test_faults(test, entry, study, key)


def _test_faults(
    test: TestEntry, entry: ClaimEntry | Finding, study: Study, where: str
) -> Iterator[str]:
    if test.property is not UNSET:
        yield from _unknown([test.property], PROPERTIES.entries, f"{where}.property")
    if test.dataset is not UNSET:
        yield from _unknown([test.dataset], study.edition.datasets, f"{where}.dataset")
    if test.of is UNSET:
        return
    yield from _curve_faults(test.of, entry, study, f"{where}.of")
    if test.minus is not UNSET:
        yield from _curve_faults(test.of.changed(test.minus), entry, study, f"{where}.minus")
    variants = _variants(test.of, study)
    for key, point in (("from", test.from_), ("to", test.to), ("at", test.at)):
        if point == "cores" and test.of.metric not in TIMING_METRICS:
            yield f"{where}.{key}: 'cores' is a point of timings alone, not of runs"
        elif isinstance(point, str) and point not in ("cores", "last"):
            yield from _unknown([point], variants, f"{where}.{key}")


def _curve_faults(
    curve: Curve, entry: ClaimEntry | Finding, study: Study, where: str
) -> Iterator[str]:
    unknown = [*_unknown([curve.metric], claim_metrics(study), f"{where}.metric")]
    yield from unknown
    if unknown:
        return
    stage = stage_of(curve.metric)
    if curve.experiment not in getattr(study, stage):
        everywhere = [*study.experiments, *study.timings]
        if curve.experiment not in everywhere:
            yield from _unknown([curve.experiment], everywhere, f"{where}.experiment")
        else:
            known = ", ".join(getattr(study, stage)) or "none"
            yield (
                f"{where}.metric: {curve.metric!r} is measured of {stage}, and {curve.experiment!r} is none of them; "
                f"valid values: {known}"
            )
        return
    variants = _variants(curve, study)
    across = "workers" if curve.metric in TIMING_METRICS else curve.across or "epochs"
    chosen = list(variants)
    if across != "variants" and curve.variant == READING:
        chosen = list(getattr(entry, "readings", None) or ())
        if not chosen:
            yield f"{where}.variant: 'reading' needs the key 'readings' in its claim"
    elif across != "variants":
        chosen = [curve.variant] if curve.variant else chosen
        if len(chosen) > 1:
            yield f"{where}.variant: is missing; valid values: {', '.join(chosen)}"
    yield from _unknown(chosen, variants, f"{where}.variant")
    counts = {n for name in chosen if name in variants for n in variants[name].workers}
    if across != "workers" and not curve.workers and len(counts) > 1:
        valid = ", ".join(map(str, sorted(counts)))
        yield f"{where}.workers: is missing; valid values: {valid}"


def _key_faults(name: str, study: Study, where: str) -> Iterator[str]:
    if study.key is UNSET:
        yield f"{where}.id: must begin with the study's key; give it one, two capital letters, as `key`"
    elif not name.startswith(f"{study.key}-"):
        yield f"{where}.id: must begin with the study's key, {study.key!r}"


def _unknown(names: Iterable[str | None], known: Iterable[str], where: str) -> Iterator[str]:
    known = list(known)
    for name in names:
        if name is not None and name not in known:
            yield f"{where}: there is no {name!r}; {nearest(name, known)}"


def _variants(curve: Curve, study: Study) -> Mapping[str, RunVariant | TimingVariant]:
    """Return the variants of the experiment, or of the timing, that a curve is of; none if there is none."""
    entry = study.stages[stage_of(curve.metric)].get(curve.experiment)
    return entry.variants if isinstance(entry, Experiment | Timing) else {}


def _all_variants(study: Study) -> list[str]:
    return list(dict.fromkeys(name for name, _ in study.variants))
