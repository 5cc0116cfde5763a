"""Measure speed against peers and this machine's limit; each result is written as soon as it is there.

Results of parts that are not measured now stay in the file.
"""

from __future__ import annotations

import argparse
import sys
import traceback
from importlib import import_module
from pathlib import Path

from benchmarks.facts import Fact, as_text
from benchmarks.results import Results
from benchmarks.size import EPOCH, Size

QUIET = 0.5
"""The largest load average of the last minute at which a machine counts as idle."""

PARTS = {
    "minibatch": "an epoch in batches of 50",
    "plain": "an epoch with an update per sample, as programs in C do it",
    "online": "the same with ELU and an elastic net",
    "layers": "the same with two hidden layers and tanh",
    "convolution": "an epoch of a convolutional network, at three batch sizes",
    "optimisers": "an epoch in batches of 50 with each optimiser",
    "merges": "a merge of thirty networks by each rule",
    "workers": "efficiency of two workers on two cores, of four on four …",
    "race": "loss of an unprotected sum of gradients, and scatter of its runs",
    "memory": "peak memory of a run of sixteen workers",
    "growth": "how cost grows with samples, neurons, workers and jobs",
}


def main() -> int:
    """Run the command; return 1 if a part failed."""
    options = _parser().parse_args()
    # Imported late, so that help is there at once.
    from pnncore.timing.environment import load

    size, busy = Size(options.repeats, options.samples), load()
    results, facts, failed = Results(options.output), [], []
    for part in dict.fromkeys(options.parts or PARTS):
        print(f"measuring {part}", file=sys.stderr, flush=True)
        try:
            facts += _measure(part, size, results)
        except Exception:
            traceback.print_exc()
            failed.append(part)
    print(as_text(facts))
    print(f"\n{_about(size, busy)}\nWritten to {options.output}")
    if failed:
        print(f"Failed, as told above: {', '.join(failed)}", file=sys.stderr)
    return int(bool(failed))


def _measure(part: str, size: Size, results: Results) -> list[Fact]:
    """Measure a part, and write each fact as soon as it is there."""
    facts = []
    for fact in import_module(f"benchmarks.{part}").facts(size):
        results.add(part, fact)
        facts.append(fact)
    return facts


def _about(size: Size, busy: float | None) -> str:
    told = (
        f"Seconds are for an epoch of {EPOCH:,} samples: medians of {size.repeats} interleaved repeats on one thread. "
        "Workers have a core each. A ratio is the peer's seconds over ours."
    )
    if size.is_toy:
        told += f"\nOnly {size.samples:,} samples were trained on: these numbers say nothing."
    if busy is not None and busy > QUIET:
        told += f"\nThe machine was busy at the start (load {busy}): do not trust these numbers."
    return told


def _parser() -> argparse.ArgumentParser:
    parts = "\n".join(f"  {name:<12}  {what}" for name, what in PARTS.items())
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description=__doc__,
        epilog=f"parts:\n{parts}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "parts", nargs="*", type=_part, metavar="PART", help="what to measure (default: everything)"
    )
    parser.add_argument(
        "--repeats",
        type=_positive,
        default=7,
        metavar="N",
        help="timed repeats per candidate (default: %(default)s)",
    )
    parser.add_argument(
        "--samples",
        type=_positive,
        default=EPOCH,
        metavar="N",
        help="samples to train on; fewer than %(default)s only try whether everything runs",
    )
    parser.add_argument(
        "--output",
        type=Path,
        default=Path("results/benchmarks.csv"),
        metavar="FILE",
        help="file of the results (default: %(default)s)",
    )
    return parser


def _part(name: str) -> str:
    if name not in PARTS:
        raise argparse.ArgumentTypeError(f"unknown part {name!r}; valid values: {', '.join(PARTS)}")
    return name


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"expected a whole number of 1 or more, got {text!r}")
    return int(text)


if __name__ == "__main__":
    sys.exit(main())
