"""The files that are made for an edition."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import msgspec

from pnncore import code
from pnncore.made_of import name
from pnncore.strategies.registry import STRATEGIES
from records.authors import Authors, Collection
from records.dataset import Dataset, Manifest
from records.edition import Edition
from records.job import Examination, Gallery, HostCalibration
from records.study import Study
from workflow.batch import Batch, Document, Json, make_batch
from workflow.pack import Pack
from workflow.study_plan import Profiles, StudyPlan, plan_study, repeat_calibration
from workflow.uses import galleries, loops, properties

GATHERED = ("format", "runs")
"""Keys of the authors' measurements on which the passes in their files depend."""

WORDS = ("title", "licence", "citation", "homepage", "labels", "mirrors", "ink")
"""Keys of a dataset's entry on which the prepared arrays do not depend."""

LOOPS = tuple(f"pnncore.kernels.{each}" for each in ("probes", "shared_gradient", "shared_layers"))
"""Modules that, with all that they import, hold the loops of all editions."""

SPECIAL = {
    "repeats": ("pnncore.kernels.repeats", "sequential"),
    "optimised": ("pnncore.kernels.optimised", "sequential"),
    "team": ("pnncore.kernels.child_rounds", "spmd"),
}
"""Modules that, with all that they import, hold the loops that not all editions need, and a strategy that uses them."""

MNIST = "mnist"
"""Dataset, by the papers' name, whose replacement properties are examined with."""


@dataclass(frozen=True)
class Plan:
    """What is made for an edition.

    Attributes
    ----------
    edition
        Its name.
    studies
        The plan of each paper and comparison.
    host
        The repeats of the calibration of the host.
    properties
        The examination of each property that is needed.
    galleries
        The pictures of each dataset that is shown.
    datasets
        The datasets that are used, as the manifest has them.
    compiled
        What `pnncore compile` is told to compile before anything is trained: names of strategies, and options; by the
        file that tells that it is done. Each file is by a process of its own.
    gathered
        Papers whose authors' files are fetched.
    """

    edition: str
    studies: dict[str, StudyPlan]
    host: list[Batch]
    properties: dict[str, Batch]
    galleries: dict[str, Batch]
    datasets: Manifest
    compiled: dict[str, list[str]]
    gathered: tuple[str, ...] = ()

    @property
    def batches(self) -> dict[str, Batch]:
        """Return all batches by their files."""
        of_studies = [batch for study in self.studies.values() for batch in study.batches]
        shared = [*self.host, *self.properties.values(), *self.galleries.values()]
        return {batch.path: batch for batch in (*shared, *of_studies)}

    def packs(self, stage: str) -> list[Pack]:
        """Return what each process of a stage makes; see `StudyPlan`."""
        return [pack for study in self.studies.values() for pack in study.packs[stage]]

    @property
    def documents(self) -> dict[str, Document]:
        """Return all documents by their files."""
        found = (each for study in self.studies.values() for each in study.documents.values())
        return {document.path: document for document in found}


def make_plan(
    edition: Edition,
    studies: Mapping[str, Study],
    manifest: Manifest,
    machines: Profiles,
    authors: Collection | None = None,
) -> Plan:
    """Plan an edition.

    Parameters
    ----------
    edition
        The edition, checked.
    studies
        Its papers and comparisons, resolved, by id.
    manifest
        The datasets.
    machines
        The machines' profiles by id.
    authors
        What papers' authors measured, by paper.
    """
    root = f"results/{edition.edition}"
    host = list(repeat_calibration(f"{root}/calibrations/host", HostCalibration(repeat=1)))
    used = sorted({each for study in studies.values() for each in properties(study)})
    # Any dataset would do: properties say what functions do, whatever the images. The edition's names of datasets have
    # another order where it is passed on as JSON, so it is not the first that is taken.
    examined = edition.datasets.get(MNIST) or min(edition.datasets.values())
    examinations = {
        each: make_batch(
            "property",
            f"{root}/properties/{each}-{{}}.json",
            Examination(property=each, dataset=examined, data=manifest[examined].content),
        )
        for each in used
    }
    shown = sorted({each for study in studies.values() for each in galleries(study)})
    pictures = {
        each: make_batch(
            "gallery",
            f"{root}/gallery/{each}-{{}}.json",
            Gallery(dataset=each, data=manifest[each].content, names=manifest[each].labels or ()),
        )
        for each in shown
    }
    planned = {
        each: plan_study(study, root, host, examinations, manifest, machines)
        for each, study in studies.items()
    }
    needed = {each for study in planned.values() for each in study.datasets}
    needed |= {examined} if used else set()
    return Plan(
        edition=edition.edition,
        studies=planned,
        host=host,
        properties=examinations,
        galleries=pictures,
        datasets={each: manifest[each] for each in sorted(needed)},
        compiled=_compiled(set[str]().union(*map(loops, studies.values()))),
        gathered=tuple(each for each in studies if edition.authors and each in (authors or {})),
    )


def _compiled(special: set[str]) -> dict[str, list[str]]:
    """Return the strategies whose workers train networks of their own, by the same loops, and those that share one.

    Strategies that repeat updates on a sample, or train with an optimiser, do so by the same loop, which one of them
    compiles. The files are of the loops alone: another strategy compiles what it needs when it is used.
    """
    digest = name(code.digest(*LOOPS))
    found: dict[str, list[str]] = {}
    for strategy in STRATEGIES.entries.values():
        networks = "one-network" if strategy.shares_network else "networks"
        found.setdefault(f"resources/compiled/{networks}-{digest}.txt", []).append(strategy.name)
    for group in sorted(special):
        module, user = SPECIAL[group]
        digest = name(code.digest(module))
        found[f"resources/compiled/{group}-{digest}.txt"] = [user, "--loops", group]
    return found


def essence(entry: Dataset | Authors) -> Json:
    """Return the keys of a dataset's entry, or of authors' measurements, that decide what is made of the files."""
    content: Json = msgspec.to_builtins(entry)
    if isinstance(entry, Authors):
        return {key: content[key] for key in GATHERED}
    return {key: value for key, value in content.items() if key not in WORDS}
