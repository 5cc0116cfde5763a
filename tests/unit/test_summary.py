"""The counts that a run ends with."""

from pathlib import Path

import pytest
import synthetic_site

from records.errors import InputError
from reports.tables.tidy import write_table
from reports.verdicts.summary import summary

NAMES = {synthetic_site.ID: "Kalwarowskyj & Schikuta", "carver": "Carver"}


def test_verdicts_are_counted_by_paper(tmp_path: Path) -> None:
    write_table(synthetic_site.tables().claims, tmp_path / synthetic_site.ID / "claims.csv")
    head, row = summary(NAMES, tmp_path).splitlines()
    assert (
        " ".join(head.split())
        == "reproduced trend only undecided contradicted does not transfer here not testable here"
    )
    # Carver's have not been judged yet.
    assert row.split("  ")[0] == "Kalwarowskyj & Schikuta"
    assert len(head) == len(row)
    assert sum(map(int, row.removeprefix("Kalwarowskyj & Schikuta").split())) == 5


def test_without_verdicts_there_is_nothing_to_say(tmp_path: Path) -> None:
    assert summary(NAMES, tmp_path) == ""


def test_what_is_no_table_of_claims_is_told(tmp_path: Path) -> None:
    (tmp_path / "carver").mkdir()
    (tmp_path / "carver" / "claims.csv").write_text("id\n1\n")
    with pytest.raises(InputError, match=str(tmp_path / "carver" / "claims.csv")):
        summary(NAMES, tmp_path)
