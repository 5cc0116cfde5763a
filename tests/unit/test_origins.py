"""Results of unknown origin are marked, and no others."""

from __future__ import annotations

from pathlib import Path

import pytest
from snakemake.persistence.file import FilePersistence

from workflow.origins import mark_unknown

LONG = "results/" + "x" * 200 + "/" + "y" * 200 + ".json"


def place(folder: Path, kind: str, result: str) -> Path:
    """Return where Snakemake itself would keep something of a result."""
    persistence = object.__new__(FilePersistence)
    persistence._max_len = 255
    return Path(persistence._record_path(str(folder / kind), result))


@pytest.mark.parametrize("result", ["results/a.json", LONG])
@pytest.mark.parametrize(
    ("record", "known"), [('{"params": []}', True), ('{"par', False), ("", False), (None, False)]
)
def test_what_has_no_whole_record_is_marked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, result: str, record: str | None, known: bool
) -> None:
    monkeypatch.chdir(tmp_path)
    Path(result).parent.mkdir(parents=True)
    Path(result).touch()
    folder = tmp_path / ".snakemake"
    if record is not None:
        kept = place(folder, "metadata", result)
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_text(record, encoding="utf-8")
    marked = mark_unknown([result, "results/none.json"], folder)
    assert marked == ([] if known else [result])
    assert place(folder, "incomplete", result).exists() is not known
    assert not place(folder, "incomplete", "results/none.json").exists()
