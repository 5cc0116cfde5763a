# What a person sees of a run: progress while it lasts, and what came of it in the end.

import logging
import os
import re
import signal
import subprocess
from tempfile import TemporaryDirectory

from snakemake.logging import logger

from pnncore import orphan
from pnncore.atomic import write_text
from reports.errors import ReportError
from reports.records import damaged
from workflow.leftovers import remove_others, sweep
from workflow.lock import hold, is_held
from workflow.missing import explain
from workflow.origins import forget, mark_unknown
from workflow.progress import Progress, Step, work

# On a full disk, Snakemake's log file is no more; what it says on the terminal is.
logging.raiseExceptions = False

# What is flagged `update`: it stays until another takes its place.
PAGES = expand([SITE, BUNDLE, f"{WEB}/index.html", f"{WEB}.zip"], edition=EDITION)
LOCK = Path(f"results/{EDITION}/.lock")
HELD = []
DAY = 86_400


def lock_results():
    """Keep other runs out of this edition's results until this one ends, in whatever way; tidy up after them."""
    with in_a_sentence():
        HELD.append(hold(LOCK))
        write_text(
            Path(f"results/{EDITION}/missing.json"), json.dumps(MISSING, indent=1)
        )
    forget_pages(workflow.dag.needrun_jobs())
    sweep(Path(f"results/{EDITION}"))
    remove_others(Path(f"results/{EDITION}"), STUDY_FILES)
    # Other editions may be at work on the same datasets.
    sweep(Path("resources"), idle=DAY)


def forget_pages(jobs):
    """Leave no record of pages that are not made yet: where that fails, Snakemake takes the old ones for the new."""
    outputs = {str(path) for job in jobs for path in job.output}
    forget(outputs & set(PAGES))


def get_step(job):
    """Return what progress needs to know of a job."""
    trained = ""
    if job.rule.name == "train_network":
        trained = str(job.output[0])
    elif job.rule.name.startswith("time_repeat_"):
        trained = f"{Path(job.output[0]).parent}.json"
    study = STUDIES.get(job.wildcards_dict.get("paper"), {"name": ""})
    return Step(
        study["name"],
        work(SPECS.get(trained), MANIFEST, job.threads, workflow.cores),
    )


def makes_data_alone():
    """Tell whether nothing but datasets was asked for."""
    return all(job.rule.name in DATA_RULES for job in workflow.dag.jobs)


def print_verdicts():
    """Print how many claims of each paper hold."""
    # Imported in the end: it takes half a second.
    from reports.summary import summary

    try:
        print(
            summary(
                {name: STUDIES[name]["name"] for name in PAPERS},
                Path(f"results/{EDITION}/tables"),
            )
        )
    except ReportError as error:
        print(f"There is no count of the verdicts: {error}")


def puts_together(job):
    """Tell whether a job makes no record and no data, but something of those."""
    return job.rule.name in (*STUDY_RULES, *END_RULES)


def get_records_of(job):
    """Return the records that a job reads."""
    return [
        Path(path)
        for source, paths in workflow.dag.dependencies[job].items()
        if not puts_together(source) and source.rule.name not in DATA_RULES
        for path in paths
    ]


def waits_for_data(job):
    """Tell whether a job would run only because data is gone; what it made before holds, since data has checksums.

    Snakemake does not look whether a job that is forced, or waits for one with a reason of its own, has other reasons.
    """
    reason = workflow.dag.reason(job)
    return (
        reason.derived
        and not reason.forced
        and (is_there(job) or job.rule.name in DATA_RULES)
        and all(
            waits_for_data(source)
            for source in workflow.dag.dependencies[job]
            if workflow.dag.needrun(source)
        )
    )


def is_there(job):
    """Tell whether all that a job makes is there."""
    return all(Path(path).exists() for path in job.output)


def get_results():
    """Return all files that this edition's rules make of data."""
    jobs = [*RECORDS.values(), *PREDICTIONS.values(), *MODELS.values()]
    return [
        *(record for listed in jobs for record in listed),
        *ALL_CALIBRATIONS,
        *ALL_PROPERTIES,
        *GALLERIES,
        *(
            f"results/{EDITION}/config/{study}{end}.json"
            for study in STUDIES
            for end in ("", "-exhibits")
        ),
        *expand(
            "results/{edition}/tables/{paper}/{table}.csv",
            edition=EDITION,
            paper=STUDIES,
            table=TABLES,
        ),
        *expand("results/{edition}/tables/{table}.csv", edition=EDITION, table=TABLES),
        *expand("results/{edition}/figures/{paper}", edition=EDITION, paper=STUDIES),
        f"results/{EDITION}/provenance.json",
    ]


def find_missing():
    """Return what jobs that failed did not make and why, and the files that can be made without it."""
    # Files that are put together of others can do with less, unless making one of them failed for another reason than
    # a damaged record.
    failed = workflow.scheduler.failed
    unfinished = [job for job in workflow.dag.needrun_jobs() if job.output]
    tables = [job for job in unfinished if job.rule.name in STUDY_RULES]
    spoilt = {job: damaged(get_records_of(job)) for job in failed if puts_together(job)}
    broken = [job for job in tables if job in failed and not spoilt[job]]
    studies = {job.wildcards_dict["paper"] for job in broken}
    whole = [job for job in tables if job.wildcards_dict["paper"] not in studies]
    ends = [job for job in unfinished if job.rule.name in END_RULES]
    records = [
        job
        for job in unfinished
        if not puts_together(job) and not (is_there(job) and waits_for_data(job))
    ]
    missing = explain([*records, *broken], failed, workflow.dag.dependencies)
    for sentences in spoilt.values():
        missing |= sentences
    rest = [str(path) for job in (*whole, *ends) for path in job.output]
    return missing, rest if set(PAPERS) - studies else []


def publish_the_rest():
    """Make the report of what there is, after jobs failed and all others ended.

    It is another run of Snakemake, whose configuration names what is missing.
    """
    scheduler = workflow.scheduler
    stopped = scheduler.running or scheduler.open_jobs or scheduler._user_kill
    if not scheduler.failed or stopped or makes_data_alone():
        return
    missing, rest = find_missing()
    if not missing or not rest:
        print(
            "\nNo report can be made without what failed; one that is there is older.\n"
        )
        return
    what = "1 result" if len(missing) == 1 else f"{len(missing):,} results"
    print(f"\n{what} could not be made; the report is made without.\n")
    missing = {path: hide_mirror(why) for path, why in missing.items()}
    HELD.pop().close()
    try:
        content = {**config, "without": {**MISSING, **missing}}
        run_another(rest, (*STUDY_RULES, *END_RULES), content)
    except OSError as error:
        print(f"The report is not made: {error}")


def hide_mirror(text):
    """Leave out of a text for everybody where this user takes archives from."""
    # Imported when needed: with it come the libraries for downloads.
    from pnncore.fetch import shown

    mirror = SETTINGS.get("mirror", "").rstrip("/")
    if not mirror:
        return text
    for place in (mirror, shown(mirror), os.path.expanduser(mirror)):
        # Whole, and not within a longer path.
        text = re.sub(rf"(?<![\w./-]){re.escape(place)}(?=[/\s;:]|$)", "<mirror>", text)
    return text


def restore_data():
    """Make prepared data that was deleted or spoilt by a run of its own, and start this one over.

    Snakemake runs again whatever reads a file that it makes again, also if the file comes out as it was; what was there
    when it starts, it compares.
    """
    deleted = {
        str(path)
        for job in workflow.dag.needrun_jobs()
        if job.rule.name == "prepare_dataset"
        for path in job.output
        if not Path(path).exists()
    }
    described = (Path(f"resources/datasets/{name}/dataset.json") for name in DATASETS)
    spoilt = damaged(path for path in described if path.exists())
    lost = deleted | set(spoilt)
    used = any(
        Path(record).exists() for records in RECORDS.values() for record in records
    )
    touched = workflow.executor_plugin.common_settings.touch_exec
    if not lost or not used or touched or makes_data_alone():
        return
    for path in spoilt:
        try:
            Path(path).unlink(missing_ok=True)
        except OSError as error:
            sys.exit(f"{path}: {spoilt[path]}; it cannot be deleted: {error.strerror}")
    print(
        "\nPrepared data is missing: it is made first, and what was made of it stays.\n"
    )
    try:
        stopped = run_another(sorted(lost), DATA_RULES, config)
    except OSError:
        return
    if stopped:
        sys.exit(1)
    if all(Path(path).exists() for path in lost):
        sys.stdout.flush()
        os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])
    if spoilt:
        # Jobs would be run to find that it is not there, and their results be deleted first.
        sys.exit(f"{min(spoilt)} was spoilt and could not be made again; see above why")


def run_another(targets, rules, content):
    """Run Snakemake with another configuration on some targets and by some rules; tell whether it was stopped."""
    stopped = []
    with TemporaryDirectory() as folder:
        configuration = Path(folder, "config.json")
        configuration.write_text(json.dumps(content), encoding="utf-8")
        run = subprocess.Popen(
            [sys.executable, "-m", "snakemake", *targets]
            + ["--snakefile", workflow.main_snakefile, "--nolock"]
            + ["--cores", str(workflow.cores), "--configfile", str(configuration)]
            + ["--allowed-rules", *rules],
            env={**os.environ, orphan.VARIABLE: str(os.getpid())},
        )

        def stop(*_):
            stopped.append(True)
            run.terminate()

        before = signal.signal(signal.SIGTERM, stop)
        try:
            run.wait()
        except KeyboardInterrupt:
            # The terminal has told the other run, too.
            stopped.append(True)
            run.wait()
        finally:
            signal.signal(signal.SIGTERM, before)
    return bool(stopped)


# Snakemake would take what it knows nothing of for unchanged. While another run is at work, results are there that it has
# not noted yet.
with in_a_sentence():
    UNKNOWN = [] if is_held(LOCK) else mark_unknown([*get_results(), *PAGES])
if set(UNKNOWN) - set(PAGES):
    print(
        f"Nothing is known of how {len(UNKNOWN):,} results were made, such as {UNKNOWN[0]}: they are made again. "
        "To take them as they are, run the same with --touch first.",
        file=sys.stderr,
    )

# If this is such a run, it ends with the one that started it.
orphan.end_with_parent()


onstart:
    restore_data()
    lock_results()
    # Snakemake looks for jobs again one second after it has looked, to keep to a limit of jobs a second, and once more
    # whenever a job has ended: after some hundred jobs it does little else. Jobs on this machine need no such limit.
    if workflow.local_exec:
        workflow.scheduler.job_rate_limiter = None
    Progress(
        {job.jobid: get_step(job) for job in workflow.dag.needrun_jobs()}
    ).attach(logger)


onsuccess:
    print()
    if not makes_data_alone():
        print_verdicts()
        if Path(SITE).exists():
            print(f"\nThe report is {Path(SITE).resolve()}")
    for job in workflow.dag.finished_jobs:
        if job.rule.name == "publish_web":
            archive = Path(job.output.archive).resolve()
            print(
                f"For a web host: {archive.with_suffix('')}, or in one file {archive}"
            )
        if job.rule.name == "pack_bundle":
            print(f"The bundle is {Path(job.output[0]).resolve()}")
    print()


onerror:
    forget_pages(workflow.scheduler.failed)
    publish_the_rest()
