"""Run every benchmark on one thread; print the results and write them as CSV."""

from __future__ import annotations

import argparse
from pathlib import Path

import pandas as pd
from threadpoolctl import threadpool_limits

from benchmarks import minibatch

BENCHMARKS = (minibatch,)


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "--repeats", type=int, default=7, help="timed repeats of each (default: %(default)s)"
    )
    parser.add_argument(
        "--output",
        type=Path,
        default=Path("results/benchmarks.csv"),
        metavar="FILE",
        help="where to write them (default: %(default)s)",
    )
    options = parser.parse_args()
    with threadpool_limits(limits=1):
        rows = [row for benchmark in BENCHMARKS for row in benchmark.rows(options.repeats)]
    table = pd.DataFrame(rows, columns=["case", "ours_s", "peer", "peer_s", "ratio"])
    options.output.parent.mkdir(parents=True, exist_ok=True)
    table.to_csv(options.output, index=False)
    print(table.to_string(index=False, float_format="{:.3f}".format))
    print(
        f"\nSeconds are medians of {options.repeats} interleaved repeats; ratio = peer_s / ours_s."
    )
    print(f"Written to {options.output}")


if __name__ == "__main__":
    main()
