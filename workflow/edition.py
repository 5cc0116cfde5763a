"""An edition with all that it names, read and checked, and what is made for it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

from records.errors import InputError, nearest
from workflow.configuration import Json, load_edition, load_manifest, load_studies, study_files
from workflow.documents import read_yaml
from workflow.machines import check_machines, load_machines
from workflow.plan import Plan, make_plan
from workflow.samples import check_samples

DEFAULT: Final = Path("config/config.yaml")


class Edition(NamedTuple):
    """An edition, ready to be run.

    Attributes
    ----------
    settings
        Its configuration, with all defaults.
    studies
        Its papers and comparisons, resolved, by id. Both take the same way.
    manifest
        The datasets.
    machines
        The machines' profiles by id.
    plan
        What is made for it.
    """

    settings: Json
    studies: dict[str, Json]
    manifest: Json
    machines: dict[str, Json]
    plan: Plan


def choose(given: Mapping[str, Any]) -> tuple[Json, str]:
    """Return an edition's content and where it comes from: the one that is given, or the default one.

    Parameters
    ----------
    given
        What Snakemake was given: a whole edition (``--configfile``), or nothing but keys that go before those of the
        default edition (``--config``).
    """
    if "edition" in given:
        return dict(given), "--configfile"
    source = f"{DEFAULT}{' and --config' if given else ''}"
    return {**read_yaml(DEFAULT), **given}, source


def load(content: Any, source: str, root: Path, only: str | None = None) -> Edition:
    """Check an edition and all that it names, and plan it.

    Parameters
    ----------
    content
        Its configuration, as it was read.
    source
        Where it comes from, for errors.
    root
        The folder that ``config/`` is in.
    only
        The id of a study, to read and plan that alone.

    Raises
    ------
    InputError
        If anything is wrong: file, key and what would be right.
    """
    manifest = load_manifest(root / "config/datasets.yaml")
    settings = load_edition(content, source, manifest)
    files = study_files(settings, root / "config")
    if only is not None:
        if only not in files:
            raise InputError(f"{source}: there is no {only!r}; {nearest(only, files)}")
        files = {only: files[only]}
    studies = load_studies(files, settings)
    machines = load_machines(root / "config/hardware")
    for name, study in studies.items():
        check_machines(study, machines, files[name])
        check_samples(study, manifest, files[name])
    plan = make_plan(settings, studies, manifest, machines)
    return Edition(settings, studies, manifest, machines, plan)
