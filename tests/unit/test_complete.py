"""Whether all could be made, and what is said of what could not."""

from pathlib import Path

import pytest

from records.errors import InputError
from workflow.complete import read_missing, tell


def test_what_failed_by_itself_is_told_before_what_needs_it() -> None:
    lines = tell(
        {
            "predictions/ott/fig7/once/host": "needs calibrations/host",
            "runs/ott/fig2/mean/w2/seed1": "was killed twice",
            "runs/ott/fig2/mean/w2/seed2": "was killed twice",
        }
    ).splitlines()
    head, failed, needing = lines
    assert head.startswith("3 results")
    assert "runs/ott/fig2/mean/w2/seed1 and 1 more" in failed
    assert "was killed twice" in failed
    assert "predictions/ott/fig7/once/host" in needing


def test_one_result_is_one() -> None:
    assert tell({"runs/a": "why"}).startswith("1 result ")


@pytest.mark.parametrize("text", [None, "", "{", "[]", "{}"])
def test_a_provenance_that_is_none_is_named(tmp_path: Path, text: str | None) -> None:
    path = tmp_path / "provenance.json"
    if text is not None:
        path.write_text(text)
    with pytest.raises(InputError, match=f"^{path}: "):
        read_missing(path)
