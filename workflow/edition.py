"""An edition: its configuration files, read and checked, and its plan."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

from msgspec import UNSET, structs

from records.authors import Collection
from records.dataset import Manifest
from records.edition import Edition as Settings
from records.errors import InputError, nearest
from records.profile import Profile
from records.study import Study
from workflow.authors import check_authors, load_authors
from workflow.configuration import Json, load_edition, load_studies, study_files
from workflow.documents import read_yaml
from workflow.editions import DEFAULT, edition_files
from workflow.machines import check_machines, load_machines
from workflow.manifest import load_manifest
from workflow.plan import Plan, make_plan
from workflow.schemas import keep_checked

RULE: Final = re.compile(r"^(?:rule|use rule \w+ as) (\w+)", re.MULTILINE)
"""Name of a rule in a rule file."""

ROOT: Final = Path(__file__).parents[1]
"""Folder of the Snakefile."""


class Edition(NamedTuple):
    """An edition, ready to run.

    Attributes
    ----------
    settings
        Its configuration with all defaults.
    studies
        Its papers and comparisons, resolved, by id.
    manifest
        Datasets by name.
    machines
        Profiles of machines by id.
    plan
        The files to make for it.
    authors
        What the papers' authors measured, by paper.
    """

    settings: Settings
    studies: dict[str, Study]
    manifest: Manifest
    machines: dict[str, Profile]
    plan: Plan
    authors: Collection


def choose(given: Mapping[str, Any]) -> tuple[Json, str]:
    """Return the given or the default edition: its content and its source.

    Parameters
    ----------
    given
        Snakemake's configuration: a whole edition (``--configfile``), or keys that override those of the default
        edition (``--config``).
    """
    if "edition" in given:
        return dict(given), "--configfile"
    source = f"{DEFAULT}{' and --config' if given else ''}"
    return {**read_yaml(DEFAULT), **given}, source


def load(content: Any, source: str, root: Path, only: str | None = None) -> Edition:
    """Check an edition and the files that it names, and plan it.

    Parameters
    ----------
    content
        Its configuration, as read.
    source
        Its source, for errors.
    root
        Folder of ``config/``.
    only
        Id of the only study to read and plan; all unless given.

    Raises
    ------
    InputError
        If a file has mistakes.
    """
    manifest = load_manifest(root / "config/datasets.yaml")
    settings = load_edition(content, source, manifest, taken_names())
    files = study_files(settings, root / "config")
    if only is not None:
        if only not in files:
            raise InputError(f"{source}: there is no {only!r}; {nearest(only, files)}")
        files = {only: files[only]}
    editions = {settings.edition: source, **edition_files(root / "config")}
    studies = load_studies(files, settings, manifest, editions)
    machines = load_machines(root / "config/hardware")
    authors = load_authors(root / "config/authors.yaml", machines)
    studies = {
        name: structs.replace(study, authors=authors.get(name, UNSET))
        for name, study in studies.items()
    }
    for name, study in studies.items():
        check_machines(study, machines, files[name])
        check_authors(study, authors.get(name), files[name])
    plan = make_plan(settings, studies, manifest, machines, authors)
    keep_checked()
    return Edition(settings, studies, manifest, machines, plan, authors)


def taken_names() -> set[str]:
    """Return the names that a study cannot have: names of rules, of pages and of the site's folders."""
    texts = [ROOT / "Snakefile", *(ROOT / "workflow/rules").glob("*.smk")]
    rules = {name for path in texts for name in RULE.findall(path.read_text(encoding="utf-8"))}
    templates = (ROOT / "reports/templates").glob("*.html.j2")
    pages = {path.name.partition(".")[0] for path in templates}
    return rules | pages | {"assets", "data"}
