# Configuration, checked before anything runs, and what the other rule files share.

import os
import sys
from contextlib import contextmanager
from pathlib import Path

import msgspec
from msgspec import UNSET, structs

from pnncore.data.dataset import VERSION as PREPARED_VERSION
from records.errors import InputError
from pnncore.supervision import VARIABLE
from pnncore.strategies.registry import STRATEGIES
from workflow.configuration import study_files
from workflow.edition import choose, load
from workflow.folders import check_writable
from workflow.plan import essence
from workflow.reporting import TABLES, get_code
from workflow.stages import count_jobs, jobs


def as_json(content):
    """Return content as JSON in a fixed order, so that no param changes without a reason."""
    return msgspec.json.encode(content, order="deterministic").decode()


@contextmanager
def in_a_sentence():
    """End with what is wrong and nothing else; of an error, Snakemake would tell the lines of these files, too."""
    try:
        yield
    except InputError as error:
        sys.exit(str(error))


# Read here and not by `configfile:`, which says less of a mistake and mixes the default edition with one that is named.
with in_a_sentence():
    LOADED = load(*choose(config), Path())
    SETTINGS, STUDIES, MANIFEST, MACHINES, PLAN = LOADED
    EDITION = PLAN.edition
    check_writable(
        Path(name)
        for name in (
            ".snakemake",
            "logs",
            "resources",
            "results",
            f"results/{EDITION}",
        )
    )

# For Snakemake's own report.
config.update(msgspec.to_builtins(SETTINGS))

# Jobs run in the interpreter that runs Snakemake, activated or not, and end with it.
os.environ["PATH"] = os.pathsep.join(
    [str(Path(sys.executable).parent), os.environ["PATH"]]
)
os.environ[VARIABLE] = str(os.getpid())
# Where archives come from says nothing about results: so it is no param, which would rerun jobs.
os.environ["PNN_MIRROR"] = SETTINGS.mirror or ""


envvars:
    "PATH",
    "PNN_MIRROR",


BATCHES = PLAN.batches
STUDY_FILES = study_files(SETTINGS, Path("config"))
PAPERS, COMPARISONS = SETTINGS.papers, SETTINGS.comparisons
EDITION_JSON = as_json(structs.replace(SETTINGS, mirror=UNSET))

# Jobs of the whole DAG by rule, less those of targets.
STAGES = count_jobs(jobs(PLAN))


wildcard_constraints:
    edition=EDITION,
    paper="|".join(STUDIES),
    dataset="|".join(MANIFEST),
    experiment=r"[a-z][a-z0-9-]*",
    variant=r"[a-z][a-z0-9-]*",
    property="|".join(PLAN.properties),
    digest="[0-9a-f]{12}",


def get_spec(pattern):
    """Return a params function: what the command that makes a file is told, as JSON.

    It asks for nothing but wildcards: Snakemake overlooks a change of a param that is made from inputs or outputs.
    """
    return lambda wildcards: as_json(BATCHES[pattern.format(**wildcards)].spec)


def get_dataset(pattern):
    """Return an input function: the description of the prepared dataset that a file is made of.

    It is not `ancient`, though what it holds has a checksum in the file's name: Snakemake overlooks that a file is
    missing where all that it is made of is ancient, and is made in the same run.
    """
    return (
        lambda wildcards: f"resources/datasets/{BATCHES[pattern.format(**wildcards)].spec.dataset}/dataset.json"
    )


def get_threads(pattern):
    """Return a threads function: one, but one a worker for a variant whose workers race."""

    def count(wildcards):
        spec = BATCHES[pattern.format(**wildcards)].spec
        strategy = STRATEGIES.named(spec.strategy)
        return max(spec.workers) if strategy.races(strategy.complete(spec.options)) else 1

    return count


def get_document(kind):
    """Return an input function: a study's document of a kind."""
    return lambda wildcards: PLAN.studies[wildcards.paper].documents[kind].path


def get_files(kind):
    """Return an input function: the files that a study's list of records names."""

    def find(wildcards):
        found = PLAN.studies[wildcards.paper].documents["records"].content[kind]
        return list(found.values()) if isinstance(found, dict) else found

    return find


def list_documents(kind, studies=STUDIES):
    """List the documents of a kind of studies, in their order."""
    return [PLAN.studies[study].documents[kind].path for study in studies]


def list_files(study):
    """List all that is made for a study, from its data on."""
    plan = PLAN.studies[study]
    root = f"results/{EDITION}"
    return [
        *plan.documents["records"].content["datasets"],
        *(batch.path for batch in plan.batches),
        *(document.path for document in plan.documents.values()),
        *(f"{root}/tables/{study}/{table}.csv" for table in TABLES),
        f"{root}/figures/{study}",
    ]


def verbatim(text):
    """Return a params function: a text in which braces are no wildcards."""
    return lambda wildcards: text


def without_braces(text):
    """Put parentheses in the place of braces."""
    return text.replace("{", "(").replace("}", ")")


def get_name(wildcards):
    """Return what a paper is called, for Snakemake's report, which would take braces for wildcards."""
    return without_braces(STUDIES[wildcards.paper].name)


def get_figure_labels(wildcards):
    """Return what Snakemake's report says of a panel."""
    exhibit = STUDIES[wildcards.paper].exhibits[wildcards.exhibit]
    return {
        "exhibit": without_braces(exhibit.get("label", wildcards.exhibit)),
        "title": without_braces(exhibit["title"]),
        "panel": wildcards.panel,
    }
