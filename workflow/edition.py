"""An edition with all that it names, read and checked, and what is made for it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

from records.dataset import Dataset
from records.edition import Edition as Settings
from records.errors import InputError, nearest
from records.profile import Profile
from records.study import Study
from workflow.configuration import Json, load_edition, load_manifest, load_studies, study_files
from workflow.documents import read_yaml
from workflow.machines import check_machines, load_machines
from workflow.plan import Plan, make_plan

DEFAULT: Final = Path("config/config.yaml")

RULE: Final = re.compile(r"^(?:rule|use rule \w+ as) (\w+)", re.MULTILINE)
"""A rule's name, in a file of rules."""

ROOT: Final = Path(__file__).parents[1]
"""The folder that the Snakefile is in."""


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

    settings: Settings
    studies: dict[str, Study]
    manifest: dict[str, Dataset]
    machines: dict[str, Profile]
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
    settings = load_edition(content, source, manifest, taken_names())
    files = study_files(settings, root / "config")
    if only is not None:
        if only not in files:
            raise InputError(f"{source}: there is no {only!r}; {nearest(only, files)}")
        files = {only: files[only]}
    studies = load_studies(files, settings, manifest)
    machines = load_machines(root / "config/hardware")
    for name, study in studies.items():
        check_machines(study, machines, files[name])
    plan = make_plan(settings, studies, manifest, machines)
    return Edition(settings, studies, manifest, machines, plan)


def taken_names() -> set[str]:
    """Return the names that no study can have: those of rules, of pages, and of folders of the site."""
    texts = [ROOT / "Snakefile", *(ROOT / "workflow/rules").glob("*.smk")]
    rules = {name for path in texts for name in RULE.findall(path.read_text(encoding="utf-8"))}
    templates = (ROOT / "reports/templates").glob("*.html.j2")
    pages = {path.name.partition(".")[0] for path in templates}
    return rules | pages | {"assets", "data"}
