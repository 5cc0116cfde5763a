"""How what Snakemake logs is worded."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Collection, Mapping
from logging import LogRecord
from typing import Any

from snakemake_logger_plugin_pnn.plan import Job

NOISE = (
    "Assuming unrestricted shared filesystem",
    "host: ",
    "Using shell: ",
    "Select jobs to execute",
    "Job rate limit reached",
    "Removing temporary output",
    "Write-protecting output",
    "Touching output",
    "Storing output",
    "Exiting because a job execution failed",
    "Reasons:\n",
    "Elapsed time: ",
)
"""How messages open that come with every run or every job."""

TAIL = 10
"""Lines of a failed job's log that are shown."""

WIDTH = 120
"""Characters of a reason that are shown."""


def is_noise(record: LogRecord) -> bool:
    """Tell whether a message is of no use to a person.

    Parameters
    ----------
    record
        What Snakemake logs; what it says to those who debug is never noise.
    """
    message = record.getMessage()
    if record.levelno <= logging.DEBUG:
        return False
    # A command that fails is told of twice: by the exception, and by the job.
    failed = getattr(record, "exception", "") == "RuleException" and "CalledProcessError" in message
    return failed or message in ("", "None") or message.startswith(NOISE)


def planned_job(record: LogRecord, quiet: Collection[object] | None) -> str:
    """Word what a dry run says of a job, in a line.

    Parameters
    ----------
    record
        Snakemake's JOB_INFO.
    quiet
        What Snakemake is asked not to show.
    """
    job: Any = record
    wildcards = ", ".join(f"{name}={value}" for name, value in job.wildcards.items())
    reason = "" if "reason" in map(str, quiet or ()) else " ".join(job.reason.split())
    if len(reason) > WIDTH:
        reason = f"{reason[: WIDTH - 1]}…"
    return f"{job.rule_name}{wildcards and f' {wildcards}'}{reason and f' ({reason})'}"


def counts(stats: Mapping[str, int]) -> str:
    """Word how many jobs there are of each rule.

    Parameters
    ----------
    stats
        Numbers by rule.
    """
    width = max(map(len, stats))
    return "\n" + "\n".join(f"{rule:{width}}  {count}" for rule, count in stats.items())


def shell_command(record: LogRecord) -> str:
    """Return the command that Snakemake's SHELLCMD tells of; empty if there is none.

    Parameters
    ----------
    record
        What Snakemake logs.
    """
    return getattr(record, "shellcmd", None) or getattr(record, "cmd", None) or ""


def trouble(record: LogRecord, job: Job) -> str:
    """Word what is known of a job that failed.

    Parameters
    ----------
    record
        Snakemake's JOB_ERROR.
    job
        The job.
    """
    error: Any = record
    lines = [f"Error in job {error.jobid}: {job.name}"]
    lines += [f"    {error.rule_msg}"] * bool(error.rule_msg)
    lines += [f"    {name}: {value}" for name, value in error.aux.items()]
    for path in error.log:
        lines += [f"    log: {path}", *(f"    | {line}" for line in tail(path))]
    if not error.log and error.shellcmd:
        lines.append(f"    command: {error.shellcmd}")
    return "\n".join(lines)


def tail(path: str) -> list[str]:
    """Return the last lines of a file.

    Parameters
    ----------
    path
        The file; it need not be there.
    """
    try:
        with open(path, encoding="utf-8", errors="replace") as file:  # noqa: PTH123
            return [line.rstrip() for line in deque(file, TAIL)] or ["(empty)"]
    except OSError as error:
        return [f"({error.strerror})"]
