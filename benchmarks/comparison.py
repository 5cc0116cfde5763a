"""One case: our epoch beside the peers' and beside what this machine could do, all timed in turns."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np

from benchmarks.data import SAMPLES, Samples
from benchmarks.facts import Fact, Target
from benchmarks.machine import Work, limit, probes
from benchmarks.timing import medians
from pnncore.network.network import Architecture, Network
from pnncore.network.sgd import train_epoch
from records.settings import Initialisation, Training

INITIALISATION = Initialisation(weights="he-normal")


@dataclass(frozen=True)
class Candidate:
    """Something to time.

    Attributes
    ----------
    run
        Trains on some samples once.
    samples
        How many. Where an epoch takes long, fewer than an epoch are timed.
    note
        How it trains.
    """

    run: Callable[[], object]
    samples: int = SAMPLES
    note: str = ""


def ours(architecture: Architecture, training: Training, samples: Samples) -> Candidate:
    """Return an epoch of our own training, from grey values in memory to updated weights."""
    network = Network.random(architecture, INITIALISATION, np.random.default_rng(0))

    def run() -> None:
        loss = train_epoch(network, samples.pixels, samples.labels, samples.order, training)
        # Infinities and their like can take another time than numbers: such a timing would say nothing.
        if not np.isfinite(loss):
            raise ArithmeticError(
                f"training diverged at a learning rate of {training.learning_rate}"
            )

    return Candidate(run)


def compare(
    case: str,
    samples: Samples,
    own: Candidate,
    peers: Mapping[str, Candidate],
    work: Work,
    *,
    target: float,
    repeats: int,
    note: str,
) -> list[Fact]:
    """Time a case.

    Parameters
    ----------
    case
        Its name.
    samples
        What everyone trains on.
    own, peers
        Who is timed. Our ratio to PyTorch, if that is among the peers, has a target.
    work
        What an epoch asks of this machine.
    target
        How many times faster than PyTorch we want to be.
    repeats
        Timed repeats of each.
    note
        What the case is.
    """
    probed = probes(work)
    candidates = {"ours": own, **peers}
    runs = {name: each.run for name, each in candidates.items()}
    seconds = medians({**runs, **{name: probe.run for name, probe in probed.items()}}, repeats)
    epoch = {name: seconds[name] * SAMPLES / each.samples for name, each in candidates.items()}
    least = limit(work, probed, seconds)

    fact = partial(Fact, case, data=samples.name)
    facts = [fact("seconds", "ours", epoch["ours"], unit="s", samples=SAMPLES, note=note)]
    for name, each in peers.items():
        aim = Target(">=", target) if name == "PyTorch" else None
        timed = fact("seconds", name, epoch[name], unit="s", samples=each.samples, note=each.note)
        facts.append(timed)
        facts.append(fact("ratio", name, epoch[name] / epoch["ours"], target=aim))
    return [
        *facts,
        fact("share_of_limit", least.bound, least.seconds / epoch["ours"], note=least.rates),
        fact(
            "dense_share_of_limit",
            "sgemm",
            least.dense_seconds / epoch["ours"],
            note="a product that skips no zeros would reach 1 at most",
        ),
    ]
