# Configuration, checked before anything runs, and what the other rule files share.

import json
import shlex
import sys
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path

from snakemake.utils import update_config

from pnncore import affinity
from pnncore.environment import host as describe_host
from pnncore.errors import KilledWorkerError, PnncoreError
from pnncore.hardware import Machine, host
from pnncore.datasets import VERSION as PREPARED_VERSION
from pnncore.properties.registry import MODULES as PROPERTY_MODULES
from pnncore.strategies.registry import MODULES, named
from workflow import plan, sources
from workflow.configuration import (
    load_edition,
    load_manifest,
    load_studies,
    study_files,
    unjudged,
)
from workflow.digest import digest, digest_study, fingerprint
from workflow.documents import read_settings
from workflow.folders import check_writable
from workflow.machines import (
    check_machines,
    load_machines,
    measurable,
)
from workflow.missing import is_of_study
from workflow.samples import check_samples
from workflow.stages import count_jobs

MANIFEST_FILE = "config/datasets.yaml"
TABLES = (
    "epochs",
    "timings",
    "exhibits",
    "claims",
    "findings",
    "model_error",
    "scaling",
    "parameters",
)


@contextmanager
def in_a_sentence():
    """End with what is wrong and nothing else; of an error, Snakemake would tell the lines of these files, too."""
    try:
        yield
    except PnncoreError as error:
        sys.exit(str(error))


# Before anything is read that a job may find edited.
SOURCES = sources.state()

# An edition named on the command line takes the default one's place: the two are not mixed.
EDITION_FILES = list(map(str, workflow.overwrite_configfiles or ["config/config.yaml"]))
OVERRIDES = dict(workflow.config_settings.config)

# Read here and not by Snakemake, which says less of a mistake, takes a key that is given twice, and runs code that a file
# has in it; one that is named with --configfile it has read before, but nothing comes of that.
config = {}
with in_a_sentence():
    for path in EDITION_FILES:
        update_config(config, read_settings(Path(path)))
    update_config(config, OVERRIDES)
    MANIFEST = load_manifest(Path(MANIFEST_FILE))
    SETTINGS = load_edition(
        config,
        ", ".join(EDITION_FILES) + (" and --config" if OVERRIDES else ""),
        MANIFEST,
    )
    # Papers and comparisons take the same way; `{paper}` in a path is either's name.
    STUDY_FILES = study_files(SETTINGS, Path("config"))
    STUDIES = load_studies(STUDY_FILES, SETTINGS)
    MACHINES = load_machines(Path("config/hardware"))
    check_writable(
        Path(name)
        for name in (
            ".snakemake",
            "logs",
            "resources",
            "results",
            f"results/{SETTINGS['edition']}",
        )
    )
    for name, study in STUDIES.items():
        check_machines(study, MACHINES, STUDY_FILES[name])
        check_samples(study, MANIFEST, STUDY_FILES[name])

EDITION = SETTINGS["edition"]

# Paths of what an earlier try could not make, and why; empty unless jobs failed: see watch.smk.
MISSING = SETTINGS["without"]

# Rules that datasets come by.
DATA_RULES = ("fetch_archive", "prepare_dataset")
# Rules that a study's tables are made by. Where one fails, the study has no page.
STUDY_RULES = (
    "resolve_paper",
    "resolve_exhibits",
    "tabulate_epochs",
    "tabulate_timings",
    "tabulate_models",
    "draw_exhibits",
    "draw_figures",
    "judge_claims",
)
# Rules that put together what is there.
END_RULES = (
    "join_tables",
    "record_provenance",
    "publish_site",
    "pack_bundle",
    "publish_web",
)

STUDIES = {
    name: study
    for name, study in STUDIES.items()
    if not any(is_of_study(path, EDITION, name) for path in MISSING)
}
PAPERS, COMPARISONS = (
    [name for name in SETTINGS[kind] if name in STUDIES]
    for kind in ("papers", "comparisons")
)
SITE = f"results/{EDITION}/site/index.html"

EDITION_JSON = json.dumps(
    {key: value for key, value in SETTINGS.items() if key not in ("mirror", "without")},
    sort_keys=True,
)

# Jobs run in the interpreter that runs Snakemake, activated or not, and end with it. Where that is, and where archives
# come from, says nothing about results: so these reach the commands through the shell and not as params, which rerun
# jobs. A process that was killed (137), or one of whose workers was (75), is started once more: that may help. Whatever
# else fails would fail again.
PREFIX = f"""set -euo pipefail
attempt() {{
  {shlex.quote(sys.executable)} -m workflow.job "$@"
}}
python() {{
  local status=0
  attempt "$@" || status=$?
  case $status in
    137 | {KilledWorkerError.status}) echo "It was killed, and is tried once more." >&2 ;;
    *) return $status ;;
  esac
  status=0
  attempt "$@" || status=$?
  case $status in
    137) echo "It was killed twice, most likely for want of memory." >&2 ;;
  esac
  return $status
}}
MIRROR={shlex.quote(SETTINGS.get("mirror", ""))}
export PNNCORE_PARENT=$PPID WORKFLOW_SOURCES={shlex.quote(json.dumps(SOURCES))}
"""
shell.prefix(PREFIX.replace("{", "{{").replace("}", "}}"))

HOST = host()

# A timing holds for the machine it was made on: elsewhere it is made again.
HOST_PARAM = json.dumps({"this machine": describe_host()}, sort_keys=True)

# Machines that timings are measured on: this host, and those that it can stand for.
MEASURABLE = measurable(MACHINES, HOST, affinity.is_supported())


def there(paths):
    """Leave out what an earlier try could not make."""
    return [path for path in paths if path not in MISSING]


def jobs_there(jobs):
    """Leave out the jobs whose records an earlier try could not make."""
    return [job for job in jobs if job.record not in MISSING]


RUNS = {name: jobs_there(plan.runs(study)) for name, study in STUDIES.items()}
TIMINGS = {
    name: jobs_there(plan.timings(study, MEASURABLE)) for name, study in STUDIES.items()
}
REPEATS = {
    timing.record: plan.repeats(timing)
    for timings in TIMINGS.values()
    for timing in timings
}
JOBS = {name: [*RUNS[name], *TIMINGS[name]] for name in STUDIES}
RECORDS = {
    name: [
        record for job in jobs for record in (job.record, *REPEATS.get(job.record, ()))
    ]
    for name, jobs in JOBS.items()
}
CALIBRATIONS = {
    name: jobs_there(plan.calibrations(study)) for name, study in STUDIES.items()
}
SPECS = {
    job.record: job.spec
    for jobs in (*JOBS.values(), *CALIBRATIONS.values())
    for job in jobs
}
# Modelled timings, and the fitted model of each paper that prints something to fit it to.
PREDICTED = {
    name: {p.record: p for p in jobs_there(plan.predictions(study, MACHINES))}
    for name, study in STUDIES.items()
}
PREDICTIONS = {name: list(predicted) for name, predicted in PREDICTED.items()}
MODELS = {
    name: there([plan.model(study)]) if "model" in study else []
    for name, study in STUDIES.items()
}


# What a prepared dataset consists of.
PREPARED = (
    "train-images.npy",
    "train-labels.npy",
    "test-images.npy",
    "test-labels.npy",
    "dataset.json",
)

# The archives of each dataset: file name → which of its parts it holds.
ARCHIVES = {
    name: {
        entry["splits"][split][part]["file"]: f"{split}-{part}"
        for split in ("train", "test")
        for part in ("images", "labels")
        if "file" in entry["splits"][split].get(part, {})
    }
    for name, entry in MANIFEST.items()
}


DATASETS = sorted({name for study in STUDIES.values() for name in plan.datasets(study)})
SHOWN_DATASETS = sorted(
    {name for study in STUDIES.values() for name in plan.galleries(study)}
)

# Jobs of the whole DAG by rule, less those of targets.
STAGES = count_jobs(
    {
        "fetch_archive": sum(len(ARCHIVES[name]) for name in DATASETS),
        "prepare_dataset": len(DATASETS),
        "train_network": sum(map(len, RUNS.values())),
        "time_repeat_*": sum(map(len, REPEATS.values())),
        "assemble_timing": len(REPEATS),
        "calibrate_host": 1,
        "calibrate_variant": sum(map(len, CALIBRATIONS.values())),
        "fit_model": sum(map(len, MODELS.values())),
        "predict_timing": sum(map(len, PREDICTIONS.values())),
        "examine_property": len(
            {name for study in STUDIES.values() for name in plan.properties(study)}
        ),
        **dict.fromkeys(STUDY_RULES, len(STUDIES)),
        "join_tables": len(TABLES),
        "pick_gallery": len(SHOWN_DATASETS),
        "record_provenance": 1,
        "publish_site": 1,
    }
)


wildcard_constraints:
    edition=EDITION,
    paper="|".join(STUDIES),
    dataset="|".join(MANIFEST),
    experiment=r"[a-z][a-z0-9-]*",
    variant=r"[a-z][a-z0-9-]*",
    workers=r"\d+",
    seed=r"\d+",
    hardware=r"[a-z][a-z0-9-]*",
    property="|".join(PROPERTY_MODULES),


def verbatim(text):
    """Return a params function: a text in which braces are no wildcards."""
    return lambda wildcards: text


def get_records(jobs):
    """Return an input function: the records of a paper's jobs."""
    return lambda wildcards: [job.record for job in jobs[wildcards.paper]]


def get_order(jobs):
    """Return a fingerprint of the order of jobs, which rows follow; Snakemake sees only which inputs there are."""
    return fingerprint(" ".join(job.record for job in jobs))


def get_dataset(name):
    """Return the prepared files of a dataset: its description, and the arrays, whose contents that has checksums of.

    So a job depends on what the arrays hold and not on when they were written.
    """
    folder = f"resources/datasets/{name}"
    arrays = [f"{folder}/{file}" for file in PREPARED if file.endswith(".npy")]
    return [f"{folder}/dataset.json", *map(ancient, arrays)]


def get_spec(pattern, without=()):
    """Return a params function: the specification of the job that writes the record, as JSON, without some keys.

    It asks for nothing but wildcards: Snakemake overlooks a change of a param that is made from inputs or outputs.
    """
    return lambda wildcards: json.dumps(
        {
            key: value
            for key, value in SPECS[pattern.format(**wildcards)].items()
            if key not in without
        },
        sort_keys=True,
    )


def get_archive(wildcards):
    """Return the manifest's entry of an archive: its name, size and checksums."""
    split, part = ARCHIVES[wildcards.dataset][wildcards.file].split("-")
    return MANIFEST[wildcards.dataset]["splits"][split][part]


def get_content(wildcards):
    """Return what the manifest says that a prepared dataset must hold."""
    keys = ("format", "classes", "image", "splits")
    return {key: MANIFEST[wildcards.dataset][key] for key in keys}


def get_job_dataset(pattern):
    """Return an input function: the prepared dataset of the job that writes the record."""
    return lambda wildcards: get_dataset(SPECS[pattern.format(**wildcards)]["dataset"])


def get_machine(name):
    """Return what a model needs of a machine, as JSON."""
    # What this machine's program takes on it was measured; its clock scales nothing, and some systems tell another one
    # every time.
    machine = (
        replace(HOST, clock_ghz=None)
        if name == "host"
        else Machine.from_profile(MACHINES[name])
    )
    return json.dumps(asdict(machine), sort_keys=True)


def get_properties(select=lambda study: study):
    """Return an input function: the properties that a paper, or a part of it, rests on."""
    return lambda wildcards: there(
        PROPERTY_RECORD.format(edition=wildcards.edition, property=name)
        for name in plan.properties(select(STUDIES[wildcards.paper]))
    )


def get_facts(datasets):
    """Return where the facts of datasets are."""
    return there(f"resources/datasets/{name}/dataset.json" for name in datasets)


def get_prediction(pattern, wildcards):
    """Return the modelled timing whose record a job writes."""
    return PREDICTED[wildcards.paper][pattern.format(**wildcards)]


def get_threads(pattern):
    """Return a threads function: one, but one a worker for a variant whose workers race."""

    def count(wildcards):
        spec = SPECS[pattern.format(**wildcards)]
        races = named(spec["strategy"]).races(spec["options"])
        return spec["workers"] if races else 1

    return count


def get_code(command, pattern):
    """Return a params function: the digest of a command's code and of the job's own strategy."""
    return lambda wildcards: digest(
        command, MODULES[SPECS[pattern.format(**wildcards)]["strategy"]]
    )


def get_name(wildcards):
    """Return what a paper is called, for Snakemake's report, which would take braces for wildcards."""
    return without_braces(STUDIES[wildcards.paper]["name"])


def without_braces(text):
    """Put parentheses in the place of braces."""
    return text.replace("{", "(").replace("}", ")")


def get_figure_labels(wildcards):
    """Return what Snakemake's report says of a panel."""
    exhibit = STUDIES[wildcards.paper]["exhibits"][wildcards.exhibit]
    return {
        "exhibit": without_braces(exhibit.get("label", wildcards.exhibit)),
        "title": without_braces(exhibit["title"]),
        "panel": wildcards.panel,
    }
