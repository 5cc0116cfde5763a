"""A copy of the project in a folder of its own, with one tiny paper, to run and to break."""

import fcntl
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
PLUGIN = "snakemake_logger_plugin_pnn"
PARTS = ("Snakefile", "config", "profiles", "workflow", "pnncore", "records", "reports", PLUGIN)
DIGEST = re.compile(r"[-/][0-9a-f]{12}(?=\.json$)")
"""What a file's name has of what it is made of."""

TINY_PAPER: dict[str, Any] = {
    "id": "tiny",
    "name": "Tiny & Small",
    "key": "TS",
    "citation": {"title": "A tiny paper", "authors": ["Ada Tiny", "Bob Small"]},
    "method": "Two child networks, averaged.",
    "primary": {"text": {"title": "Main", "variants": ["broadcast"], "why": "It is the text's."}},
    "experiments": {
        "fig1": {
            "title": "Accuracy",
            "dataset": "mnist",
            "network": {"hidden": [8]},
            "training": {"epochs": 3},
            "seeds": [1, 2],
            "workers": [1, 2],
            "variants": {
                "broadcast": {"title": "broadcast", "strategy": "spmd"},
                "shadow": {
                    "title": "shadow",
                    "strategy": "spmd",
                    "options": {"after_merge": "shadow"},
                },
            },
        },
        "fig2": {
            "title": "Alone",
            "dataset": "mnist",
            "network": {"hidden": [8]},
            "training": {"epochs": 3},
            "variants": {"sequential": {"title": "sequential", "strategy": "sequential"}},
        },
    },
    "exhibits": {
        "fig0": {"label": "Fig. 0", "title": "Design", "chart": "diagram"},
        "fig1": {
            "label": "Fig. 1",
            "title": "Accuracy by epoch",
            "chart": "accuracy_by_epoch",
            "experiment": "fig1",
            "metrics": ["test_accuracy"],
            "x": "epoch",
            "series": ["workers"],
            "panel": ["variant"],
            "published": [{"workers": 2, "epoch": 3, "value": 0.9, "where": "Section 1"}],
        },
        "fig3": {
            "label": "Fig. 3",
            "title": "Time",
            "chart": "time_by_workers",
            "experiment": "fig3",
            "metrics": ["seconds"],
            "x": "workers",
            "series": ["hardware"],
        },
    },
    "claims": [
        {
            "id": "TS-C01",
            "kind": "accuracy",
            "strength": "quantitative",
            "where": "Section 1",
            "exhibit": "fig1",
            "statement": "Accuracy cannot pass one.",
            "published": {"value": 1, "unit": "fraction"},
            "readings": ["broadcast", "shadow"],
            "checks": [
                {
                    "name": "accuracy in the end",
                    "test": {
                        "measure": "value",
                        "of": {
                            "experiment": "fig1",
                            "metric": "test_accuracy",
                            "variant": "reading",
                            "workers": 2,
                        },
                        "at": "last",
                    },
                    "expect": {"at_most": 1},
                }
            ],
        }
    ],
    "findings": [
        {
            "id": "TS-F01",
            "question": "How much can be wrong?",
            "answer": "No more than all.",
            "claims": ["TS-C01"],
            "numbers": [
                {
                    "name": "accuracy in the end",
                    "test": {
                        "measure": "value",
                        "of": {
                            "experiment": "fig1",
                            "metric": "test_accuracy",
                            "variant": "broadcast",
                            "workers": 2,
                        },
                        "at": "last",
                    },
                    "expect": {"at_least": 0},
                }
            ],
        }
    ],
    "timings": {
        "fig3": {
            "title": "Time",
            "dataset": "mnist",
            "network": {"hidden": [8]},
            "training": {"epochs": 1},
            "workers": [1, 2, 3],
            "repeats": 2,
            "variants": {
                "once": {"title": "once", "strategy": "spmd", "options": {"merge": "once"}}
            },
        }
    },
}


class Project:
    """A copy of the project, with its caches: to compile the loops takes longer than to run them.

    Attributes
    ----------
    folder : Path
        Where it is.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for part in PARTS:
            source, target = ROOT / part, folder / part
            if source.is_dir():
                shutil.copytree(source, target)
            else:
                shutil.copy(source, target)

    @staticmethod
    def at(folder: Path) -> "Project":
        """Return the copy that is in a folder."""
        project = object.__new__(Project)
        project.folder = folder
        return project

    def use_tiny_paper(self) -> None:
        """Put the tiny paper in the place of the others, in both editions."""
        self.write("config/papers/tiny.yaml", TINY_PAPER)
        for edition in ("config/config.yaml", "config/paper.yaml"):
            self.change(edition, lambda content: content.update(papers=["tiny"], comparisons=[]))

    def copy(self, folder: Path) -> "Project":
        """Return a copy with all that was run, which may be changed."""
        shutil.copytree(self.folder, folder, dirs_exist_ok=True)
        return Project.at(folder)

    def path(self, name: str) -> Path:
        return self.folder / name

    def write(self, name: str, content: Any) -> None:
        self.path(name).write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")

    def change(self, name: str, change: Any) -> None:
        """Rewrite a YAML file after a function changed its content."""
        content = yaml.safe_load(self.path(name).read_text(encoding="utf-8"))
        change(content)
        self.write(name, content)

    def python(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a module on the copy, with the copy's own code."""
        return subprocess.run(
            [sys.executable, "-m", *arguments],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )

    @property
    def environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "PYTHONPATH": os.pathsep.join([str(self.folder), os.environ.get("PYTHONPATH", "")]),
        }

    def snakemake(self, *arguments: str, cores: int = 2) -> subprocess.CompletedProcess[str]:
        """Run Snakemake on the copy, with the copy's own code."""
        return self.python("snakemake", "--cores", str(cores), *arguments)

    def run(self, *arguments: str) -> str:
        """Run Snakemake on the copy, which must end well; return what it said."""
        done = self.snakemake(*arguments)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout + done.stderr

    def sweep(self) -> str:
        """Remove what does not count, as `make report` does first; return what was said."""
        done = self.python("workflow", "sweep")
        assert done.returncode == 0, done.stderr
        return done.stdout

    def only(self, pattern: str) -> Path:
        """Return the one file that a pattern finds."""
        (found,) = self.folder.glob(pattern)
        return found

    def stored(self) -> set[str]:
        """Return the names of the records in the store."""
        return {path.stem for path in self.path("results/store").glob("*/*.json")}

    def touch(self, *arguments: str) -> None:
        """Make every result of an edition an empty file, and have Snakemake take it for what the jobs would make."""
        summary = self.snakemake("--summary", *arguments)
        assert summary.returncode == 0, summary.stderr
        for line in summary.stdout.splitlines()[1:]:
            path = self.path(line.split("\t")[0])
            path.parent.mkdir(parents=True, exist_ok=True)
            if path.parent.name == "figures":  # a folder
                path.mkdir(exist_ok=True)
            elif not path.exists():
                path.touch()
        planned = self.snakemake("--dry-run", "--forceall", *arguments)
        benchmarks = re.findall(
            r"^ +benchmark: (\S+)$", planned.stdout + planned.stderr, re.MULTILINE
        )
        for path in map(self.path, benchmarks):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch()
        done = self.snakemake("--touch", "--forceall", *arguments)
        assert done.returncode == 0, done.stderr
        for name in benchmarks:  # which Snakemake does not touch
            self.path(name).touch()

    def pending(self, cores: int = 2) -> set[str]:
        """Return the files that a run would make, without the digests in their names."""
        done = self.snakemake("--summary", cores=cores)
        assert done.returncode == 0, done.stderr
        rows = (line.split("\t") for line in done.stdout.splitlines()[1:])
        return {DIGEST.sub("", row[0]) for row in rows if row[-1] == "update pending"}

    def planned(self, *arguments: str) -> dict[str, int]:
        """Return the jobs that a dry run plans, by rule."""
        done = self.snakemake(*arguments, "--dry-run", "--quiet", "rules")
        assert done.returncode == 0, done.stderr
        rows = re.findall(r"^([\w-]+) +(\d+)$", done.stdout + done.stderr, flags=re.MULTILINE)
        return {rule: int(count) for rule, count in rows}


STAGES = {
    "prepare_dataset": "prepare",
    "compile_loops": "compile",
    **{f"calibrate_host_{number}": "calibrate" for number in (1, 2, 3)},
    "fit_model": "fit",
    "gather_authors": "gather",
    "predict_timings": "predict",
    "examine_property": "examine",
    "pick_gallery": "publish",
    "record_provenance": "publish",
    "publish_site": "publish",
    "check_complete": "publish",
}
"""The stages of rules; packs have theirs in their names, and all others tabulate."""

PACKED = ("train", "time", "calibrate")


def by_stage(planned: Mapping[str, int]) -> dict[str, int]:
    """Sum jobs by stage."""
    found: Counter[str] = Counter()
    for rule, count in planned.items():
        stage = rule.partition("-")[0]
        found[stage if stage in PACKED else STAGES.get(rule, "tabulate")] += count
    return dict(found)


def trainings(project: Project, *arguments: str) -> set[str]:
    """Return the jobs that train in a dry run."""
    return {rule for rule in project.planned(*arguments) if rule.startswith("train-")}


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Return a fresh copy with the real papers."""
    return Project(tmp_path)


@pytest.fixture
def tiny(project: Project) -> Project:
    """Return a fresh copy with the tiny paper."""
    project.use_tiny_paper()
    return project


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Return a copy in which the tiny paper has been run to the page; tests must leave it as it is.

    Processes that share the tests share the run: the first that needs it makes it, and the others wait for it.
    """
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    made = shared / "finished"
    with (shared / "finished.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            project = Project(tmp_path_factory.mktemp("unfinished"))
            project.use_tiny_paper()
            project.run()
            project.folder.rename(made)
    # What Snakemake notes in one of them, even on a dry run, others cannot copy at the same time.
    return Project.at(made).copy(tmp_path_factory.mktemp("own"))


@pytest.fixture
def prepared(finished: Project, tiny: Project) -> Project:
    """Return a fresh copy with the tiny paper, its data and its compiled loops, in which nothing is trained."""
    shutil.copytree(finished.path("resources"), tiny.path("resources"))
    return tiny
