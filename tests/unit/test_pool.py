import threading

import pytest

from pnncore.pool import pool


def meet(barrier: threading.Barrier, number: int) -> tuple[int, int]:
    """Return the caller's number and thread once all callers are here."""
    barrier.wait(timeout=60)  # a team that does not run at once fails rather than hangs
    return number, threading.get_ident()


@pytest.mark.parametrize("backend", ["threading", "loky"])
@pytest.mark.parametrize("size", [2, 3, 16])
def test_a_team_runs_all_at_once_in_threads_of_its_own(backend: str, size: int) -> None:
    barrier = threading.Barrier(size)
    with pool(backend, size) as some:
        met = some.team(meet, [(barrier, number) for number in range(size)])
    assert [number for number, _ in met] == list(range(size))
    assert len({thread for _, thread in met}) == size


@pytest.mark.parametrize("backend", ["threading", "loky"])
def test_a_team_of_one_is_this_thread(backend: str) -> None:
    with pool(backend, 4) as some:
        assert some.team(meet, [(threading.Barrier(1), 0)]) == [(0, threading.get_ident())]


def test_results_keep_the_order_of_the_arguments() -> None:
    with pool("threading", 3) as some:
        assert some.map(divmod, [(n, 7) for n in range(50)]) == [divmod(n, 7) for n in range(50)]


@pytest.mark.parametrize("backend", ["threading", "loky"])
def test_an_error_of_a_task_ends_the_others_and_is_raised(backend: str) -> None:
    with pool(backend, 2) as some, pytest.raises(ZeroDivisionError):
        some.map(divmod, [(7, n - 5) for n in range(50)])
