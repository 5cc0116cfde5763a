"""Params, inputs and threads of rules, as functions of wildcards."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from workflow.pack import Pack
from workflow.plan import Plan

Wildcards = Any
"""Snakemake's wildcards of a job: the parts of its output's path, by name."""


def as_json(content: Any) -> str:
    """Return content as JSON with sorted keys, so that params change only with their content."""
    return msgspec.json.encode(content, order="deterministic").decode()


def verbatim(text: str) -> Callable[[Wildcards], str]:
    """Return a params function: a text whose braces are not wildcards."""
    return lambda wildcards: text


def get_specs(pack: Pack) -> Callable[[Wildcards], list[str]]:
    """Return a params function: the specifications of a pack's files, as JSON."""
    return lambda wildcards: [as_json(batch.spec) for batch in pack.batches]


class RuleFunctions:
    """Functions of rules that look files up in a plan.

    Parameters
    ----------
    plan
        The edition's plan.
    """

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.batches = plan.batches

    def get_spec(self, pattern: str) -> Callable[[Wildcards], str]:
        """Return a params function: the specification of the command that makes a file, as JSON.

        It takes only wildcards, because Snakemake overlooks changes of a param that is made from inputs or outputs.
        """
        return lambda wildcards: as_json(self._spec(pattern, wildcards))

    def get_dataset(self, pattern: str) -> Callable[[Wildcards], str]:
        """Return an input function: the description of the prepared dataset of a file.

        It is not `ancient`, although the file's name has a checksum of the data: Snakemake overlooks a missing file if
        all of its inputs are ancient and made in the same run.
        """
        return lambda wildcards: (
            f"resources/datasets/{self._spec(pattern, wildcards).dataset}/dataset.json"
        )

    def get_document(self, kind: str) -> Callable[[Wildcards], str]:
        """Return an input function: a document of a study."""
        return lambda wildcards: self.plan.studies[wildcards.paper].documents[kind].path

    def get_files(self, kind: str) -> Callable[[Wildcards], list[str]]:
        """Return an input function: the files of a kind in a study's list of records."""

        def find(wildcards: Wildcards) -> list[str]:
            files: list[str] = self.plan.studies[wildcards.paper].documents["records"].content[kind]
            return files

        return find

    def _spec(self, pattern: str, wildcards: Wildcards) -> Any:
        return self.batches[pattern.format(**wildcards)].spec
