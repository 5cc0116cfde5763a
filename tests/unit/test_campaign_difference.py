"""What is said of the difference of authors' campaigns, and what is refused."""

from pathlib import Path
from typing import Any

import pytest
import synthetic_authors
import yaml

from records.errors import InputError
from workflow.authors import load_authors
from workflow.machines import load_machines

ROOT = Path(__file__).parents[2]
MACHINES = load_machines(ROOT / "config/hardware")
BOARD = {"machine": "banana-pi-m3", "least": 0.07, "most": 0.15, "source": "an earlier campaign"}


def refused(tmp_path: Path, **changes: Any) -> str:
    """Return why a file with one entry is refused, whose runs are of the board."""
    entry = synthetic_authors.entry(campaign_difference=[BOARD | changes])
    entry["runs"] = [run | {"machine": "banana-pi-m3"} for run in entry["runs"]]
    (tmp_path / "papers").mkdir()
    (tmp_path / "papers/made_up.yaml").touch()
    path = tmp_path / "authors.yaml"
    path.write_text(yaml.safe_dump({"made_up": entry}), encoding="utf-8")
    with pytest.raises(InputError) as error:
        load_authors(path, MACHINES)
    return str(error.value)


def test_a_machine_without_runs_has_no_campaigns(tmp_path: Path) -> None:
    why = refused(tmp_path, machine="lenovo-yoga-2-pro")
    assert "made_up.campaign_difference[0].machine" in why
    assert why.endswith("valid values: banana-pi-m3")


def test_the_least_difference_is_not_above_the_most(tmp_path: Path) -> None:
    assert "made_up.campaign_difference[0].least" in refused(tmp_path, least=0.2)


def test_each_machine_of_the_configuration_has_its_difference() -> None:
    authors = load_authors(ROOT / "config/authors.yaml", MACHINES)
    differences = authors["wiesinger_schikuta"].campaign_differences
    assert differences == {"banana-pi-m3": 0.07, "lenovo-yoga-2-pro": 0.21}
    assert authors["olsen_west_thomasma"].campaign_differences == {}
