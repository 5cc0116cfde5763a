"""The order of tests: files that take long begin first, or in the end one process would be at work on them alone."""

from __future__ import annotations

import pytest

LONGEST = (
    "workflow/test_failures.py",
    "unit/test_strategies.py",
    "browser/test_every_page.py",
    "workflow/test_pipeline.py",
    "workflow/test_choose.py",
    "workflow/test_reruns.py",
    "workflow/test_edits.py",
    "unit/test_papers.py",
    "workflow/test_dag.py",
    "workflow/test_interruption.py",
    "workflow/test_extending.py",
    "workflow/test_soak.py",
    "workflow/test_places.py",
    "workflow/test_publish.py",
    "workflow/test_progress.py",
    "browser/test_site.py",
    "unit/test_strategy_template.py",
    "unit/test_sgd.py",
    "unit/test_pages.py",
    "unit/test_propagation.py",
    "unit/test_minibatch.py",
    "unit/test_neuron.py",
    "unit/test_bundle.py",
    "unit/test_golden.py",
    "unit/test_fuzz.py",
    "unit/test_benchmarks.py",
    "unit/test_compiled.py",
)
"""Files that take more than twenty seconds, the longest first; what is not here follows.

Only one of the first three needs the run that files of the workflow share, for which the others of them would wait.
"""


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    ranks = {name: rank for rank, name in enumerate(LONGEST)}

    def rank(item: pytest.Item) -> int:
        return ranks.get("/".join(item.path.parts[-2:]), len(ranks))

    items.sort(key=rank)
