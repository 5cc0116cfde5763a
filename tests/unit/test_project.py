"""House rules: what the project says of itself is true, and every room imports only what it may."""

import ast
import re
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS = PROJECT["optional-dependencies"]
LOCKS = ["build", "run", "dev"]

# Declared, yet imported nowhere in our code.
COMMANDS = {"mypy", "pytest", "pytest-timeout", "pytest-xdist", "ruff", "snakefmt", "snakemake"}
IMPORTED_FOR_US = {
    "tqdm",
    "pygments",
}  # by pooch, for its progress bar; by Snakemake, for its report

# What each room may import beside the standard library and itself, and which modules may more.
ROOMS = {
    "records": {"msgspec"},
    "pnncore": {
        "joblib",
        "llvmlite",
        "msgspec",
        "numba",
        "numpy",
        "psutil",
        "records",
        "threadpoolctl",
    },
    "reports": {
        "altair",
        "jinja2",
        "markupsafe",
        "msgspec",
        "numpy",
        "pandas",
        "records",
        "scipy",
        "vl_convert",
    },
    "snakemake_logger_plugin_pnn": {"snakemake_interface_logger_plugins", "tqdm"},
    "workflow": {
        "filelock",
        "jsonschema",
        "msgspec",
        "pnncore",
        "records",
        "reports",
        "snakemake_logger_plugin_pnn",
        "yaml",
    },
}
MODULES = {
    "pnncore/combining/aligned.py": {"scipy"},
    "pnncore/model/costs.py": {"scipy"},
    "pnncore/data/formats/digits.py": {"sklearn"},
    "pnncore/data/fetch.py": {"pooch", "requests"},
    "pnncore/model/fit.py": {"scipy"},
}


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def names(requirements: list[str]) -> set[str]:
    return {normal(re.match(r"[\w.-]+", requirement)[0]) for requirement in requirements}


def locked(lock: str) -> dict[str, str]:
    return dict(re.findall(r"^(\S+)==(\S+)", read(f"requirements/{lock}.txt"), re.MULTILINE))


def imports(path: Path) -> set[str]:
    """List the top-level packages that a file imports, anywhere in it."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            found.add(node.module)
    return {name.partition(".")[0] for name in found} - sys.stdlib_module_names


@pytest.fixture(scope="module")
def files() -> list[Path]:
    """Every file that is in the repository, or would be after `git add`."""
    if not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    output = subprocess.run(listing, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return [path for name in output.split("\0") if name and (path := ROOT / name).is_file()]


def test_no_file_names_a_package_registry(files):
    registry = re.compile(
        r"https?://[^/\s]*\b(pypi|pythonhosted|npmjs|debian)\b|--(extra-)?index[-]url|--find[-]links"
    )
    guilty = [
        f"{path.relative_to(ROOT)}: {match[0]}"
        for path in files
        for match in registry.finditer(path.read_text(encoding="utf-8", errors="replace"))
    ]
    assert not guilty


@pytest.mark.parametrize("lock", LOCKS)
def test_locks_hold_requirements_and_hashes_only(lock):
    text = read(f"requirements/{lock}.txt").replace("\\\n", "")
    requirement = re.compile(r"[a-z\d-]+==\S+( ; [^#@]+?)?(\s+--hash=sha256:[0-9a-f]{64})+")
    assert [line for line in text.splitlines() if not requirement.fullmatch(line)] == []


def test_locks_agree():
    dev = locked("dev")
    assert locked("run").items() <= dev.items()
    assert dev.items() >= {item for item in locked("build").items() if item[0] in dev}


@pytest.mark.parametrize(
    ("declared", "lock"), [(PROJECT["dependencies"], "run"), (EXTRAS["dev"], "dev")]
)
def test_every_dependency_is_locked(declared, lock):
    assert names(declared) <= locked(lock).keys()


def test_torch_is_in_no_lock():
    assert not any("torch" in locked(lock) for lock in LOCKS)


def test_every_dependency_is_explained():
    rows = re.findall(r"^\| ([\w, -]+?) \|", read("docs/dependencies.md"), re.MULTILINE)
    explained = {normal(name) for row in rows for name in row.split(", ")} - {"package"}
    declared = names([*PROJECT["dependencies"], *EXTRAS["bench"], *EXTRAS["dev"]])
    assert explained == declared | locked("build").keys() - {"packaging"}


def test_dependencies_are_those_imported():
    owners = packages_distributions() | {"torch": ["torch"]}  # torch need not be installed
    ours = {"benchmarks", *ROOMS}
    ours |= {path.stem for path in (ROOT / "tests").rglob("*.py")}

    def imported(*rooms: str) -> set[str]:
        paths = (path for room in rooms for path in (ROOT / room).rglob("*.py"))
        modules = set().union(*map(imports, paths)) - ours
        return {normal(owner) for module in modules for owner in owners.get(module, [module])}

    run, dev = names(PROJECT["dependencies"]), names(EXTRAS["dev"])
    stubs = {name for name in dev if name.startswith("types-") or name.endswith("-stubs")}
    assert (
        imported("pnncore", "records", "reports", "workflow") | {"snakemake"} | IMPORTED_FOR_US
        == run
    )
    assert imported("benchmarks") <= run | names(EXTRAS["bench"])
    assert imported("tests") <= run | dev
    assert dev - stubs - COMMANDS <= imported("tests")


@pytest.mark.parametrize("room", ROOMS)
def test_rooms_import_only_what_they_may(room):
    guilty = {}
    for path in (ROOT / room).rglob("*.py"):
        module = path.relative_to(ROOT).as_posix()
        stray = imports(path) - ROOMS[room] - {room} - MODULES.get(module, set())
        if stray:
            guilty[module] = stray
    assert guilty == {}


PRIVATE = re.compile(
    r"\bworkflow\.(_|(dag|scheduler|persistence|executor_plugin)\b)|\b(overwrite_configfiles|config_settings)\b"
    r"|\bexecv|from snakemake\.(?!utils\b)|import snakemake\b|\.snakemake/|[\"']snakemake[\"'], [\"']-"
)
"""Snakemake from within: names that its documentation does not have, its files, itself as a process."""


def test_snakemake_is_used_as_its_documentation_says(files):
    rooms = {*ROOMS, "Snakefile", "Makefile", "profiles"}
    guilty = [
        f"{path.relative_to(ROOT)}: {match[0]}"
        for path in files
        if path.relative_to(ROOT).parts[0] in rooms
        for match in PRIVATE.finditer(path.read_text(encoding="utf-8", errors="replace"))
    ]
    assert guilty == []


def test_versions_agree():
    released = re.search(r"^## (\d+\.\d+\.\d+)", read("CHANGELOG.md"), re.MULTILINE)
    assert released[1] == PROJECT["version"]
    assert yaml.safe_load(read("CITATION.cff"))["version"] == PROJECT["version"]


def test_citation_names_every_paper():
    cited = {reference["title"] for reference in yaml.safe_load(read("CITATION.cff"))["references"]}
    papers = [yaml.safe_load(path.read_text()) for path in (ROOT / "config/papers").glob("*.yaml")]
    assert {paper["citation"]["title"] for paper in papers} <= cited


def test_readme_is_true():
    readme, makefile = read("README.md"), read("Makefile")
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    assert set(re.findall(r"(?:^ {4}|`)make ([a-z]+)", readme, re.MULTILINE)) == targets - {"help"}
    links = re.findall(r"\]\((?!https?:)([^)#]+)", readme)
    assert [link for link in links if not (ROOT / link).exists()] == []
    for path in (ROOT / "config/papers").glob("*.yaml"):
        assert f"config/papers/{path.name}" in readme


def test_the_pages_workflow_runs_our_commands_and_official_actions_only():
    jobs = yaml.safe_load(read(".github/workflows/pages.yml"))["jobs"]
    steps = [step for job in jobs.values() for step in job["steps"]]
    assert [step["run"] for step in steps if "run" in step] == [
        "make demo",
        'make test ARGS="tests/browser --site results/demo"',
    ]
    actions = [step["uses"] for step in steps if "uses" in step]
    assert all(re.fullmatch(r"actions/[a-z-]+@v\d+", action) for action in actions)
    (folder,) = (step["with"]["path"] for step in steps if "path" in step.get("with", {}))
    assert folder == "results/demo"
    assert f"{folder}/index.html" in read("README.md")
