"""Configuration files: read, checked, and resolved for an edition."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import msgspec
from msgspec import UNSET, structs

from records.dataset import Manifest
from records.edition import Edition
from records.errors import InputError, nearest
from records.program import NONE_FOUND
from records.study import Comparison, Experiment, Paper, Study, StudyEdition, Timing, WrittenStudy
from reports.exhibits.keys import DrawingKeys
from reports.exhibits.registry import KINDS
from workflow.documents import read_yaml
from workflow.editions import edition_faults
from workflow.references import reference_faults
from workflow.registration import FOLDER, load_registration
from workflow.resolution import completed, resolved
from workflow.schemas import convert, faults, refuse
from workflow.search import load_chosen
from workflow.strategies import metrics, presented, with_strategies
from workflow.variants import sample_faults, setting_faults

Json = dict[str, Any]

PAPERS: Final = "papers"
COMPARISONS: Final = "comparisons"
"""Keys of an edition, and folders of the files, that are papers and comparisons."""


def load_edition(content: Any, source: str, manifest: Manifest, taken: Iterable[str]) -> Edition:
    """Check an edition.

    Parameters
    ----------
    content
        The edition's configuration as it was read.
    source
        The file it came from, for errors.
    manifest
        The datasets there are, by name.
    taken
        Names that a study cannot have.

    Raises
    ------
    InputError
        If the content has mistakes: it tells all of them.
    """
    edition: Edition = convert(content, Edition, source)
    refuse(_edition_faults(edition, manifest, frozenset(taken)), source)
    return edition


def study_files(edition: Edition, folder: Path) -> dict[str, Path]:
    """Return the file of each paper and comparison of an edition, by id.

    Parameters
    ----------
    edition
        The edition.
    folder
        The folder of the configuration.
    """
    papers = {name: folder / PAPERS / f"{name}.yaml" for name in edition.papers}
    return papers | {name: folder / COMPARISONS / f"{name}.yaml" for name in edition.comparisons}


def find_study(name: str, folder: Path) -> Path:
    """Return the file of the paper or the comparison with an id, whatever edition has it.

    Parameters
    ----------
    name
        The id.
    folder
        The folder of the configuration.

    Raises
    ------
    InputError
        If there is none.
    """
    files = {
        path.stem: path for kind in (COMPARISONS, PAPERS) for path in folder.glob(f"{kind}/*.yaml")
    }
    if name not in files:
        raise InputError(
            f"{folder}: there is no paper or comparison {name!r}; {nearest(name, files)}"
        )
    return files[name]


def load_studies(
    files: Mapping[str, Path], edition: Edition, manifest: Manifest, editions: Mapping[str, str]
) -> dict[str, Study]:
    """Read all papers and comparisons of an edition, and resolve them for it.

    Parameters
    ----------
    files
        The file of each, by id: see `study_files`.
    edition, manifest, editions
        As `load_study`.

    Raises
    ------
    InputError
        As `load_study`, or if two of them have the same name or key.
    """
    studies = {name: load_study(path, edition, manifest, editions) for name, path in files.items()}
    for key in ("name", "key"):
        holders: dict[str, str] = {}
        for name, study in studies.items():
            value = getattr(study, key)
            holder = holders.setdefault(value, name) if value is not UNSET else name
            if holder != name:
                raise InputError(
                    f"{files[name]}: {key}: {value!r} is that of {files[holder]}, too; give it another"
                )
    return studies


def load_study(
    path: Path, edition: Edition, manifest: Manifest, editions: Mapping[str, str]
) -> Study:
    """Read a paper's or a comparison's file, and resolve it for an edition.

    Every variant comes out complete: defaults, under the experiment's settings, under the edition's, under the
    variant's own.

    Parameters
    ----------
    path
        ``config/papers/<id>.yaml`` or ``config/comparisons/<id>.yaml``.
    edition, manifest
        The edition, and the datasets by name.
    editions
        The file of each edition that there is, by its name.

    Raises
    ------
    InputError
        If the file has mistakes: it tells all that are found at the same stage (keys and values; variants; names).
    """
    content = read_yaml(path)
    source = str(path)
    written: WrittenStudy = convert(
        content, Comparison if path.parent.name == COMPARISONS else Paper, source
    )
    refuse(_written_faults(written, path, edition, editions), source)
    chosen = load_chosen(path.parent.parent)
    experiments = {
        name: msgspec.convert(resolved(each, edition.edition, written.id, chosen), Experiment)
        for name, each in content["experiments"].items()
    }
    timings = {
        name: msgspec.convert(resolved(each, edition.edition, written.id, chosen), Timing)
        for name, each in content.get("timings", {}).items()
    }
    refuse(
        setting_faults({"experiments": experiments, "timings": timings}, edition, manifest), source
    )
    study = Study(
        **{
            key: getattr(written, key)
            for key in written.__struct_fields__
            if key in Study.__struct_fields__ and key not in ("experiments", "timings", "exhibits")
        },
        edition=StudyEdition(
            name=edition.edition,
            title=edition.title,
            notice=edition.notice,
            datasets=dict(edition.datasets),
            samples={
                named: manifest[used].splits.train.samples
                for named, used in edition.datasets.items()
            },
        ),
        experiments=completed(experiments),
        timings=completed(timings),
        exhibits=written.exhibits,
        left_out={},
        metrics=metrics(experiments.values()),
        strategies=presented(),
        registered=load_registration(
            path.parent.parent / FOLDER, written.id, content, edition.edition
        ),
        searched={name: chosen[name] for name in _searches(written) if name in chosen},
    )
    refuse(reference_faults(study), source)
    shown = _leave_out(study, written, source)
    refuse(sample_faults(shown, manifest), source)
    return with_strategies(shown, manifest)


def _searches(written: WrittenStudy) -> set[str]:
    """Return the comparisons whose search an exhibit shows."""
    return {entry["search"] for entry in written.exhibits.values() if "search" in entry}


def unjudged(study: Study) -> Study:
    """Return a study without ambiguities, claims, cross-checks and findings, which decide nothing that is drawn."""
    return structs.replace(
        study,
        program=NONE_FOUND,
        ambiguities=(),
        primary={},
        claims=(),
        cross_checks=(),
        findings=(),
        registered={},
    )


def _edition_faults(edition: Edition, manifest: Manifest, taken: frozenset[str]) -> Iterator[str]:
    for named_by_papers, used in edition.datasets.items():
        if used not in manifest:
            yield f"datasets.{named_by_papers}: there is no dataset {used!r}; {nearest(used, manifest)}"
    if not edition.papers and not edition.comparisons:
        yield f"{PAPERS}: name at least one, or a comparison; without them there is nothing to run"
    for kind, names in ((PAPERS, edition.papers), (COMPARISONS, edition.comparisons)):
        for name in names:
            if name in taken:
                yield (
                    f"{kind}: the name {name!r} is taken by a page or a rule; "
                    "give the file, its id and this entry another"
                )
    for name in edition.comparisons:
        if name in edition.papers:
            yield f"{COMPARISONS}: {name!r} is the name of a paper, too; results need one each"


def _written_faults(
    study: WrittenStudy, path: Path, edition: Edition, editions: Mapping[str, str]
) -> Iterator[str]:
    """Find what types cannot: the file's name, exhibits by their kinds, ids given twice, editions, datasets."""
    yield from edition_faults(study, editions)
    for name, entry in study.exhibits.items():
        yield from _exhibit_faults(name, entry)
    if study.id != path.stem:
        yield f"id: expected the file's own name, {path.stem!r}, got {study.id!r}"
    for name, each in study.experiments.items():
        if each.survivors is not UNSET and each.survivors not in study.experiments:
            yield (
                f"experiments.{name}.survivors: there is no experiment {each.survivors!r}; "
                f"{nearest(each.survivors, study.experiments)}"
            )
    for part in ("ambiguities", "claims", "cross_checks", "findings"):
        ids = [entry.id for entry in getattr(study, part, ())]
        for name in dict.fromkeys(name for name in ids if ids.count(name) > 1):
            yield f"{part}: the id {name!r} is given twice; each must be its own"
    for stage in ("experiments", "timings"):
        for name, each in getattr(study, stage).items():
            if each.dataset not in edition.datasets:
                yield (
                    f"{stage}.{name}.dataset: {editions[edition.edition]} names no dataset for {each.dataset!r}; add "
                    f"it under datasets there, or change it here: {nearest(each.dataset, edition.datasets)}"
                )


def _exhibit_faults(name: str, entry: Json) -> Iterator[str]:
    """Find mistakes in the keys of an exhibit, which are those of its kind."""
    where, chart = f"exhibits.{name}", str(entry.get("chart"))
    if chart not in KINDS.entries:
        yield f"{where}.chart: {KINDS.absent(chart)}"
    else:
        yield from faults(entry, KINDS.named(chart).keys, where)


def _leave_out(study: Study, written: WrittenStudy, source: str) -> Study:
    """Take out the experiments and timings that the edition leaves out, and list the exhibits that show them."""
    edition = study.edition.name
    kept = {
        stage: {
            name: entry
            for name, entry in entries.items()
            if entry.variants and getattr(written, stage)[name].editions.get(edition) is not False
        }
        for stage, entries in study.stages.items()
    }
    if study.model is not UNSET and study.model.timing not in kept["timings"]:
        raise InputError(
            f"{source}: timings.{study.model.timing}.editions.{edition}: cannot be false, since the paper's model "
            "rests on this timing"
        )
    timed = {None, *kept["timings"]}
    left_out = {
        name: exhibit
        for name, exhibit in study.exhibits.items()
        # An experiment and a timing may share a name.
        if exhibit.get("experiment") not in {*kept["experiments"], *timed}
        or exhibit.get("timing") not in timed
        # A drawing without an experiment is of the first.
        or (not kept["experiments"] and issubclass(KINDS.named(exhibit["chart"]).keys, DrawingKeys))
    }
    shown = {name: each for name, each in study.exhibits.items() if name not in left_out}
    lines = tuple(
        line
        for line in study.overview
        if line.timing in kept["timings"]
        and {line.experiment, line.beside or line.experiment} <= kept["experiments"].keys()
    )
    return structs.replace(study, **kept, exhibits=shown, left_out=left_out, overview=lines)
