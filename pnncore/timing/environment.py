"""The machine and the software that a run happened on."""

from __future__ import annotations

import hashlib
import json
import platform
import sys
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

import joblib
import psutil
from threadpoolctl import threadpool_info

from pnncore.timing import hardware

PACKAGES: tuple[str, ...] = ("numpy", "numba", "joblib", "threadpoolctl", "pnn-reproduction")
"""Packages whose versions a run's numbers can depend on."""


def host() -> dict[str, Any]:
    """Describe this machine, or the part of it that this process may use.

    Returns
    -------
    dict
        ``cpu`` (model), ``physical_cores``, ``logical_cores``, ``memory_gb`` and ``system``.
    """
    return {
        "cpu": _cpu_model(),
        "physical_cores": hardware.host().cores,
        "logical_cores": joblib.cpu_count(),
        "memory_gb": round(psutil.virtual_memory().total / 2**30, 1),
        "system": f"{platform.system()} {platform.machine()}",
    }


def environment(
    inner_threads: Mapping[str, Sequence[int]], machine: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Describe machine and software.

    Parameters
    ----------
    inner_threads
        Thread counts that a worker's BLAS and OpenMP libraries reported: see `pnncore.pool.Pool.inner_threads`.
    machine
        What `host` said of the machine, for a process that is confined to a part of it since; None to ask now.

    Returns
    -------
    dict
        ``python``, ``packages``, ``blas`` (library, version, threads), ``openmp`` (threads, None where there is no
        such library), ``host`` and ``fingerprint``, a digest of the rest.
    """
    described = {
        "python": platform.python_version(),
        "packages": {package: version(package) for package in PACKAGES},
        "blas": {**_blas(), "threads": max(inner_threads["blas"], default=None)},
        "openmp": {"threads": max(inner_threads["openmp"], default=None)},
        "host": host() if machine is None else dict(machine),
    }
    return {**described, "fingerprint": digest(described)}


def digest(content: object) -> str:
    """First 12 hexadecimal digits of the SHA-256 of some JSON content."""
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:12]


def peak_memory() -> float | None:
    """Return the most memory that this process and its ended children had at once, in MB; None if it is unknown."""
    try:
        import resource
    except ModuleNotFoundError:
        return None
    used = max(
        resource.getrusage(who).ru_maxrss
        for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    # Linux counts in KB, macOS in bytes.
    return round(used / (2**20 if sys.platform == "darwin" else 2**10), 1)


def load() -> float:
    """Return the processes at work or waiting, a mean over the last minute."""
    minute, *_ = psutil.getloadavg()
    return round(float(minute), 2)


def _blas() -> dict[str, str | None]:
    found = [library for library in threadpool_info() if library["user_api"] == "blas"]
    # SciPy brings a BLAS of its own, and numba loads it; what multiplies our matrices is NumPy's.
    first: dict[str, Any] = min(
        found, key=lambda library: "numpy" not in library["filepath"], default={}
    )
    return {"library": first.get("internal_api"), "version": first.get("version")}


def _cpu_model() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        for line in cpuinfo.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
