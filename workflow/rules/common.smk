# Configuration, checked before anything runs, and functions for the other rule files.

import os
import sys
from contextlib import contextmanager
from pathlib import Path

import msgspec
from msgspec import UNSET, structs

from records.kinds.dataset import DatasetRecord
from records.errors import InputError
from pnncore.properties.registry import PROPERTIES
from pnncore.supervision import VARIABLE
from workflow.configuration import study_files
from workflow.edition import choose, load
from workflow.folders import check_writable
from workflow.plan import essence
from workflow.rule_functions import RuleFunctions, as_json, get_specs, verbatim
from workflow.reporting import TABLES, get_code
from workflow.stages import count_jobs
from workflow.study_plan import CALIBRATIONS


@contextmanager
def in_a_sentence():
    """Exit with the error's sentence alone, without the traceback that Snakemake would print."""
    try:
        yield
    except InputError as error:
        sys.exit(str(error))


# Not read by `configfile:`, which reports mistakes less clearly and would merge a named edition with the default one.
with in_a_sentence():
    LOADED = load(*choose(config), Path())
    SETTINGS, STUDIES, MANIFEST, MACHINES, PLAN, AUTHORS = LOADED
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

# Jobs use the interpreter that runs Snakemake, activated or not, and end with it.
os.environ["PATH"] = os.pathsep.join(
    [str(Path(sys.executable).parent), os.environ["PATH"]]
)
os.environ[VARIABLE] = str(os.getpid())
# The mirror does not change results. As a param, it would rerun jobs.
os.environ["PNN_MIRROR"] = SETTINGS.mirror or ""


envvars:
    "PATH",
    "PNN_MIRROR",


BATCHES = PLAN.batches
STUDY_FILES = study_files(SETTINGS, Path("config"))
PAPERS, COMPARISONS = SETTINGS.papers, SETTINGS.comparisons
EDITION_JSON = as_json(structs.replace(SETTINGS, mirror=UNSET))

# Jobs of the whole DAG by stage, without targets.
STAGES = count_jobs(PLAN)


wildcard_constraints:
    edition=EDITION,
    paper="|".join(STUDIES),
    dataset="|".join(MANIFEST),
    property="|".join(PLAN.properties),
    digest="[0-9a-f]{12}",


LOOK = RuleFunctions(PLAN)
get_spec, get_dataset = LOOK.get_spec, LOOK.get_dataset
get_document, get_files = LOOK.get_document, LOOK.get_files


def list_documents(kind, studies=STUDIES):
    """List a document of each study, in their order."""
    return [PLAN.studies[study].documents[kind].path for study in studies]


def list_costs(study):
    """List the benchmarks of the jobs that make a study's documents, tables and figures."""
    names = ("epochs", "timings", "authors", "models", "exhibits", "claims")
    documents = PLAN.studies[study].documents.values()
    ends = (
        Path(document.path).stem.removeprefix(f"{study}-") for document in documents
    )
    stages = [*(f"tabulate-{end}" for end in (*ends, *names)), "draw-figures"]
    return [f"results/{EDITION}/costs/{study}/{stage}.tsv" for stage in stages]


def list_gathered(study):
    """List the table of what a paper's authors measured, if the edition fetches it."""
    return [f"resources/authors/{study}.csv"] if study in PLAN.gathered else []


def list_absent():
    """List the files that say which files of papers' authors could not be had."""
    return [f"resources/authors/{study}.absent.txt" for study in PLAN.gathered]


def list_files(study):
    """List all files of a study, from its data on."""
    plan = PLAN.studies[study]
    root = f"results/{EDITION}"
    return [
        *plan.documents["records"].content["datasets"],
        *list_gathered(study),
        *(batch.path for batch in plan.batches),
        *(document.path for document in plan.documents.values()),
        *(f"{root}/tables/{study}/{table}.csv" for table in TABLES),
        f"{root}/figures/{study}",
    ]


def get_study_files(study):
    """Return an input function: all files of a study."""
    return lambda wildcards: list_files(study)


def get_report(wildcards):
    """Return all files of the report and all that it is made of, each once."""
    studies = [path for study in STUDIES for path in list_files(study)]
    tables = [f"results/{EDITION}/tables/{table}.csv" for table in TABLES]
    return [*dict.fromkeys([*studies, *BATCHES, *tables, PROVENANCE, COST, PUBLISHED])]


def without_braces(text):
    """Replace braces by parentheses."""
    return text.replace("{", "(").replace("}", ")")


def get_name(wildcards):
    """Return a study's name for Snakemake's report, which would take braces for wildcards."""
    return without_braces(STUDIES[wildcards.paper].name)


def get_figure_labels(wildcards):
    """Return the labels of a panel in Snakemake's report."""
    exhibit = STUDIES[wildcards.paper].exhibits[wildcards.exhibit]
    return {
        "exhibit": without_braces(exhibit.get("label", wildcards.exhibit)),
        "title": without_braces(exhibit["title"]),
        "panel": wildcards.panel,
    }


def show(path, caption, subcategory=None, category="Provenance", **labels):
    """Mark an output for Snakemake's report."""
    return report(
        path,
        caption=f"../captions/{caption}.rst",
        category=category,
        subcategory=subcategory,
        labels=labels,
    )


def show_table(table, category):
    """Return a study's table, marked for Snakemake's report."""
    path = f"results/{{edition}}/tables/{{paper}}/{table}.csv"
    return show(path, table, get_name, category, table=table)
