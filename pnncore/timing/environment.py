"""The environment of a run: machine and software."""

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
import msgspec
import psutil
from msgspec import structs
from threadpoolctl import threadpool_info

from pnncore.timing import hardware
from records.environment import Blas, Environment, Host, OpenMp

PACKAGES: tuple[str, ...] = ("numpy", "numba", "joblib", "threadpoolctl", "pnn-reproduction")
"""Packages whose versions a run's numbers can depend on."""


def host() -> Host:
    """Describe this machine, limited to what this process may use."""
    return Host(
        cpu=_cpu_model(),
        physical_cores=hardware.host().cores,
        logical_cores=joblib.cpu_count(),
        memory_gb=round(psutil.virtual_memory().total / 2**30, 1),
        system=f"{platform.system()} {platform.machine()}",
    )


def environment(
    inner_threads: Mapping[str, Sequence[int]], machine: Host | None = None
) -> Environment:
    """Describe machine and software.

    Parameters
    ----------
    inner_threads
        Thread counts of a worker's BLAS and OpenMP libraries: see `pnncore.pool.Pool.inner_threads`.
    machine
        Earlier result of `host`, for a process that has been confined since; None to call it now.
    """
    described = Environment(
        python=platform.python_version(),
        packages={package: version(package) for package in PACKAGES},
        blas=_blas(max(inner_threads["blas"], default=None)),
        openmp=OpenMp(threads=max(inner_threads["openmp"], default=None)),
        host=host() if machine is None else machine,
        fingerprint="",
    )
    content = msgspec.to_builtins(described)
    del content["fingerprint"]
    return structs.replace(described, fingerprint=digest(content))


def digest(content: object) -> str:
    """Return the first 12 hexadecimal digits of the SHA-256 of some JSON content."""
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:12]


def peak_memory() -> float | None:
    """Return the peak memory, in MB, of this process or of one of its ended children; None if it is unknown."""
    try:
        import resource
    except ModuleNotFoundError:
        return None
    used = max(
        resource.getrusage(who).ru_maxrss
        for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    # Linux reports KB, macOS bytes.
    return round(used / (2**20 if sys.platform == "darwin" else 2**10), 1)


def load() -> float:
    """Return the load: runnable and waiting processes, averaged over the last minute."""
    minute, *_ = psutil.getloadavg()
    return round(float(minute), 2)


def _blas(threads: int | None) -> Blas:
    found = [library for library in threadpool_info() if library["user_api"] == "blas"]
    # SciPy bundles another BLAS, which Numba loads; NumPy's multiplies our matrices.
    first: dict[str, Any] = min(
        found, key=lambda library: "numpy" not in library["filepath"], default={}
    )
    return Blas(library=first.get("internal_api"), version=first.get("version"), threads=threads)


def _cpu_model() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        for line in cpuinfo.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
