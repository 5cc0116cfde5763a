"""Pools of joblib workers, with one BLAS thread each."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from threading import Semaphore
from time import sleep
from typing import Any, TypeVar

from joblib import Parallel, delayed, parallel_config
from joblib.externals.loky.process_executor import TerminatedWorkerError
from threadpoolctl import threadpool_info, threadpool_limits

from records.errors import KilledWorkerError

Result = TypeVar("Result")

THREAD_VARIABLES = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "BLIS_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
)
"""Environment variables from which BLAS and OpenMP libraries read their number of threads when loaded."""


NOTED = 0.0005
"""Seconds in which joblib notes that a task has ended."""


class Pool:
    """A pool of workers; opened with `pool`."""

    def __init__(self, parallel: Parallel, backend: str, jobs: int) -> None:
        self._parallel = parallel
        self.backend = backend
        self.jobs = jobs

    def map(
        self, function: Callable[..., Result], arguments: Iterable[tuple[Any, ...]]
    ) -> list[Result]:
        """Call `function` with each tuple of arguments, in parallel; return the results in the arguments' order.

        Raises
        ------
        KilledWorkerError
            If a worker process was killed; the others are ended.
        """
        calls = [(function, each) for each in arguments]
        if self.backend == "threading" and self.jobs > 1:
            return _run_in_threads(self._parallel, calls)
        try:
            return list(self._parallel(delayed(call)(*each) for call, each in calls))
        except TerminatedWorkerError as error:
            raise KilledWorkerError(
                f"jobs: one of {self.jobs} worker processes died, most likely killed or out of memory; "
                "nothing was written; run again, with fewer jobs if memory was short"
            ) from error

    def team(
        self, function: Callable[..., Result], arguments: Iterable[tuple[Any, ...]]
    ) -> list[Result]:
        """Call `function` with each tuple of arguments in its own thread, all at the same time.

        For functions that wait for each other and share arrays: they are threads of this process, whatever the pool's
        backend. Pass at most `jobs` tuples.
        """
        calls = [(function, each) for each in arguments]
        # One call per task: calls in the same task would run one after another and deadlock.
        threads = Parallel(
            n_jobs=len(calls), backend="threading", batch_size=1, return_as="generator"
        )
        return _run_in_threads(threads, calls)

    def inner_threads(self) -> dict[str, list[int]]:
        """Return the thread counts of the ``blas`` and ``openmp`` libraries in a worker."""
        (found,) = self.map(_inner_threads, [()])
        return found


def _run_in_threads(
    threads: Parallel, calls: Sequence[tuple[Callable[..., Result], tuple[Any, ...]]]
) -> list[Result]:
    """Make calls in threads, which return a generator, and return their results in order.

    Joblib looks every 10 ms whether a task has ended, a twentieth of a short epoch. So tasks tell when they end, and
    joblib is asked for the results then.
    """
    ended = Semaphore(0)
    results = threads(delayed(_telling)(ended, len(calls), *call) for call in calls)
    if len(calls) > 1:  # a single one may not run before its result is asked for
        for _ in calls:
            ended.acquire()
        sleep(NOTED)
    return list(results)


def _telling(
    ended: Semaphore, calls: int, function: Callable[..., Result], arguments: tuple[Any, ...]
) -> Result:
    """Call a function, and tell when it has ended; an error ends all calls, since joblib makes no more."""
    try:
        result = function(*arguments)
    except BaseException:
        ended.release(calls)
        raise
    ended.release()
    return result


def _inner_threads() -> dict[str, list[int]]:
    found: dict[str, list[int]] = {"blas": [], "openmp": []}
    for library in threadpool_info():
        found[library["user_api"]].append(library["num_threads"])
    return found


@contextmanager
def _environment_of_one_thread() -> Iterator[None]:
    """Limit libraries loaded in the block to one thread; Numba, for example, loads a BLAS when it compiles."""
    before = {name: os.environ.get(name) for name in THREAD_VARIABLES}
    os.environ.update(dict.fromkeys(THREAD_VARIABLES, "1"))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


@contextmanager
def pool(backend: str, jobs: int) -> Iterator[Pool]:
    """Open a pool whose workers use one BLAS thread each.

    With more threads, results would depend on the machine's core count, and workers would compete for the cores.

    Parameters
    ----------
    backend
        ``threading`` (workers are threads on shared arrays, like goroutines and OpenMP threads) or ``loky`` (workers
        are processes).
    jobs
        Number of workers that run at the same time; 1 runs them one after another in this thread.

    Yields
    ------
    Pool
        The open pool. Its threads end with the context. Its processes are reused by this process' next pool; they end
        with this process or after five minutes without work.
    """
    inner = {"inner_max_num_threads": 1} if backend == "loky" else {}
    results = "generator" if backend == "threading" and jobs > 1 else "list"
    with (
        threadpool_limits(limits=1),
        _environment_of_one_thread(),
        parallel_config(backend=backend, n_jobs=jobs, **inner),
        Parallel(return_as=results) as parallel,
    ):
        yield Pool(parallel, backend, jobs)
