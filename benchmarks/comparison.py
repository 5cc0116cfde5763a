"""Comparison of one case: our epoch, the peers' and this machine's limit, timed in turns."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np

from benchmarks.data import Samples
from benchmarks.facts import Fact, Target
from benchmarks.machine import Work, limit, probes
from benchmarks.size import EPOCH
from benchmarks.timing import medians
from pnncore.kernels.listed import list_pixels
from pnncore.network.architecture import Architecture
from pnncore.network.network import Network
from pnncore.strategies.child import Child, train_in_order
from pnncore.task import optimiser_of
from records.settings import Initialisation, Training

INITIALISATION = Initialisation(weights="he-normal")


@dataclass(frozen=True)
class Candidate:
    """A training to time.

    Attributes
    ----------
    run
        Trains once on the samples.
    samples
        The number of samples; fewer than an epoch where an epoch takes long.
    note
        How the candidate trains.
    """

    run: Callable[[], object]
    samples: int
    note: str = ""


def ours(architecture: Architecture, training: Training, samples: Samples) -> Candidate:
    """Return our training of an epoch, from listed pixels in memory to updated weights."""
    network = Network.random(architecture, INITIALISATION, np.random.default_rng(0))
    optimiser = optimiser_of(training)
    state = optimiser.start(training, network.parameters) if optimiser else None
    child, listed = Child(network, state), list_pixels(samples.pixels, training.inputs)
    updates = -(-len(samples) // training.batch_size)

    def run() -> None:
        nonlocal child
        child, trained = train_in_order(
            child, optimiser, listed, samples.labels, [samples.order], training, updates
        )
        # Arithmetic on infinities and NaN may take another time, so such a timing would be meaningless.
        if not np.isfinite(trained.loss):
            raise ArithmeticError(
                f"training diverged at a learning rate of {training.learning_rate}"
            )

    return Candidate(run, len(samples))


def compare(
    case: str,
    samples: Samples,
    own: Candidate,
    peers: Mapping[str, Candidate],
    work: Work,
    *,
    targets: Mapping[str, float],
    share: float = 0.5,
    repeats: int,
    note: str,
) -> list[Fact]:
    """Time a case, and return its facts.

    Parameters
    ----------
    case
        The name of the case.
    samples
        The samples that all candidates train on.
    own, peers
        The candidates.
    work
        The work of an epoch.
    targets
        The least ratio of a peer's seconds to ours, for some peers.
    share
        The least share of this machine's limit.
    repeats
        Timed repeats per candidate.
    note
        A description of the case.
    """
    probed = probes(work)
    candidates = {"ours": own, **peers}
    runs = {name: each.run for name, each in candidates.items()}
    seconds = medians({**runs, **{name: probe.run for name, probe in probed.items()}}, repeats)
    epoch = {name: seconds[name] * EPOCH / each.samples for name, each in candidates.items()}
    least = limit(work, probed, seconds)

    fact = partial(Fact, case, data=samples.name)
    facts = [fact("seconds", "ours", epoch["ours"], unit="s", samples=own.samples, note=note)]
    for name, each in peers.items():
        aim = Target(">=", targets[name]) if name in targets else None
        timed = fact("seconds", name, epoch[name], unit="s", samples=each.samples, note=each.note)
        facts.append(timed)
        facts.append(fact("ratio", name, epoch[name] / epoch["ours"], target=aim))
    return [
        *facts,
        fact(
            "share_of_limit",
            least.bound,
            least.seconds / seconds["ours"],
            target=Target(">=", share),
            note=least.rates,
        ),
        fact(
            "dense_share_of_limit",
            "sgemm",
            least.dense_seconds / seconds["ours"],
            note="at most 1 for a product that skips no zeros",
        ),
    ]
