# Actions before and after the jobs of a run.

from time import time

import snakemake_logger_plugin_pnn as progress
from records.errors import InputError
from workflow import future_dates as clock
from workflow.estimate import expected
from workflow.leftovers import remove_others, sweep
from workflow.lock import hold

STARTED = time()
DAY = 86_400


def begin():
    """Lock this edition's results until the run ends, and remove leftovers of killed runs."""
    results = Path(f"results/{EDITION}")
    with in_a_sentence():
        hold(results / ".lock")
    sweep(results)
    remove_others(results, STUDIES)
    # Runs of other editions may use the same data and records.
    for shared in ("resources", "results/store"):
        sweep(Path(shared), idle=DAY)
    clock.heal([results, Path("resources")])
    progress.expect(expected(LOADED, workflow.cores))


def end(finished):
    """Print the verdicts of each paper, and the places of the report and the bundle."""
    progress.finish()
    told = []
    if not finished:
        told.append("The run is incomplete. The same command continues it.")
        if Path(SITE, "index.html").exists() and not is_new(PUBLISHED):
            told.append(f"{SITE} is still that of an earlier run.")
    if is_new(PUBLISHED) or (finished and Path(PUBLISHED).exists()):
        told += [count_verdicts(), *filter(None, map(read_sentence, list_absent()))]
        told.append(f"The report is {Path(SITE).resolve()}/index.html")
    if is_new(BUNDLE):
        told.append(f"The bundle is {Path(BUNDLE).resolve()}")
    if is_new(PUT_UP):
        web = Path(WEB).resolve()
        told.append(f"For a web host: {web}, or in one file {web}.zip")
    if told:
        print("", *told, "", sep="\n\n")


def is_new(path):
    """Whether a file was made in this run."""
    return Path(path).exists() and Path(path).stat().st_mtime >= STARTED


def read_sentence(path):
    """Return what a file says; nothing if it is not there."""
    return Path(path).read_text(encoding="utf-8") if Path(path).exists() else ""


def count_verdicts():
    """Return the verdicts of each paper as text."""
    # Imported late, because the import takes half a second.
    from reports.verdicts.summary import summary

    names = {name: STUDIES[name].name for name in PAPERS}
    try:
        return summary(names, Path(f"results/{EDITION}/tables"))
    except InputError as error:
        return f"The verdicts cannot be counted: {error}"


onstart:
    begin()


onsuccess:
    end(finished=True)


onerror:
    end(finished=False)
