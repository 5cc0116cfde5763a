"""Made-up editions, with which benchmarks measure how Snakemake's plans grow."""

import re

from benchmarks import editions


def test_an_edition_has_its_jobs_and_is_completed_without_them() -> None:
    with editions.edition(editions.Size(variants=2, workers=3, seeds=2)) as folder:
        planned = editions.snakemake(folder, "--dry-run", "--quiet", "rules")
        assert re.search(r"^train-growth-from-0 +1$", planned.output, re.MULTILINE)
        assert planned.seconds > 0
        assert planned.megabytes > 10
        editions.complete(folder)
        done = editions.snakemake(folder, "--dry-run")
        assert "Nothing to be done" in done.output
