"""What becomes of a run when the system kills one of its worker processes, for lack of memory or at all."""

import multiprocessing
import os

import pytest
from dying import die_if

from pnncore.pool import pool
from records.errors import KilledWorkerError

pytestmark = pytest.mark.skipif(os.name == "nt", reason="kills as POSIX systems do")


def test_no_worker_outlives_the_pool_and_the_next_pool_works() -> None:
    with pool("loky", 2) as workers:
        assert workers.map(die_if, [(False,)] * 4) == [False] * 4
        processes = multiprocessing.active_children()
        assert len(processes) >= 2
        with pytest.raises(KilledWorkerError, match=r"^jobs: .*2"):
            workers.map(die_if, [(False,), (True,), (False,)])
    for process in processes:
        process.join(timeout=60)  # one that lives on fails rather than hangs
    assert not any(process.is_alive() for process in processes)
    with pool("loky", 2) as workers:
        assert workers.map(die_if, [(False,)] * 4) == [False] * 4
