"""The resolved configuration of a study, as the workflow writes it."""

from __future__ import annotations

from pathlib import Path

from records.convert import convert
from records.errors import InputError
from records.study import Study
from reports.files import read_json


def read_study(path: Path) -> Study:
    """Read the resolved configuration of a paper or a comparison.

    Raises
    ------
    InputError
        If the file is not a resolved configuration.
    """
    content = read_json(path)
    try:
        return convert(content, Study, str(path))
    except InputError as error:
        remedy = "name a study's resolved configuration, as in results/<edition>/config/"
        raise InputError(error.fault, remedy) from None
