# What a person sees of a run: progress while it lasts, and what came of it in the end.

from snakemake.logging import logger

from reports.errors import ReportError
from workflow.lock import hold
from workflow.progress import Progress, Step, work

HELD = []


def lock_results():
    """Keep other runs out of this edition's results until this one ends, in whatever way."""
    try:
        HELD.append(hold(Path(f"results/{EDITION}/.lock")))
    except PnncoreError as error:
        raise WorkflowError(str(error)) from None


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


def print_verdicts():
    """Print how many claims of each paper hold."""
    # Imported in the end: it takes half a second.
    from reports.summary import summary

    try:
        print(
            summary(
                {name: STUDIES[name]["name"] for name in SETTINGS["papers"]},
                Path(f"results/{EDITION}/tables"),
            )
        )
    except ReportError as error:
        print(f"There is no count of the verdicts: {error}")


onstart:
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
