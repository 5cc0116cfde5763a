"""Measure speed against peers and this machine's limit in one run; print the results and write them as CSV."""

from __future__ import annotations

import argparse
import sys
from importlib import import_module
from pathlib import Path

from benchmarks.facts import Fact, as_text, write_csv
from pnncore.timing.environment import load

QUIET = 0.5
"""The largest load average of the last minute at which a machine counts as idle."""

CASES = {
    "minibatch": "an epoch in batches of 50",
    "online": "an epoch with an update per sample",
    "layers": "the same with two hidden layers",
    "convolution": "an epoch of a convolutional network, at three batch sizes",
    "workers": "efficiency of two workers on two cores",
    "race": "loss of an unprotected sum of gradients, and scatter of its runs",
    "memory": "peak memory of a run of sixteen workers",
}


def main() -> None:
    """Run the command."""
    options = _parser().parse_args()
    busy = load()
    facts: list[Fact] = []
    for case in dict.fromkeys(options.cases or CASES):
        print(f"measuring {case}", file=sys.stderr, flush=True)
        facts += import_module(f"benchmarks.{case}").facts(options.repeats)
    write_csv(facts, options.output)
    print(as_text(facts))
    print(
        "\nSeconds are for an epoch of 60,000 samples: medians of "
        f"{options.repeats} interleaved repeats on one thread. Workers have a core each. "
        "A ratio is the peer's seconds over ours."
    )
    if busy is not None and busy > QUIET:
        print(f"The machine was busy at the start (load {busy}): do not trust these numbers.")
    print(f"Written to {options.output}")


def _parser() -> argparse.ArgumentParser:
    cases = "\n".join(f"  {name:<12}  {what}" for name, what in CASES.items())
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description=__doc__,
        epilog=f"cases:\n{cases}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "cases", nargs="*", type=_case, metavar="CASE", help="what to measure (default: everything)"
    )
    parser.add_argument(
        "--repeats",
        type=_positive,
        default=7,
        metavar="N",
        help="timed repeats per candidate (default: %(default)s)",
    )
    parser.add_argument(
        "--output",
        type=Path,
        default=Path("results/benchmarks.csv"),
        metavar="FILE",
        help="file to write the results to (default: %(default)s)",
    )
    return parser


def _case(name: str) -> str:
    if name not in CASES:
        raise argparse.ArgumentTypeError(f"unknown case {name!r}; valid values: {', '.join(CASES)}")
    return name


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"expected a whole number of 1 or more, got {text!r}")
    return int(text)


if __name__ == "__main__":
    main()
