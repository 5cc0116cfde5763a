import stat
from pathlib import Path

import pytest
from listing import names

from records import atomic
from records.errors import InputError


def test_writes_the_whole_text_and_makes_the_folder(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b.json"
    atomic.write_text(path, "é\n")
    assert path.read_bytes() == "é\n".encode()
    assert names(path.parent) == ["b.json"]


def test_replaces_a_file_only_when_the_block_ends(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("old")
    with atomic.writing(path) as stream:
        stream.write(b"new")
        stream.flush()
        assert path.read_text() == "old"
    assert path.read_text() == "new"


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit])
def test_leaves_everything_as_it_was_on_any_error(
    tmp_path: Path, error: type[BaseException]
) -> None:
    path = tmp_path / "file"
    path.write_text("old")
    with pytest.raises(error), atomic.writing(path) as stream:  # noqa: PT012 (the block is tested)
        stream.write(b"half")
        raise error
    assert path.read_text() == "old"
    assert names(tmp_path) == ["file"]


def test_a_full_disk_is_told_in_one_line(tmp_path: Path) -> None:
    path = tmp_path / "file"
    with (
        pytest.raises(InputError, match="No space left on device") as caught,
        atomic.writing(path),
    ):
        raise OSError(28, "No space left on device")
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)
    assert names(tmp_path) == []


def test_a_folder_that_is_a_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match=str(tmp_path / "file")):
        atomic.write_text(tmp_path / "file" / "below", "text")


def test_others_may_read_the_file(tmp_path: Path) -> None:
    (tmp_path / "plain").touch()
    atomic.write_text(tmp_path / "atomic", "text")
    modes = {stat.S_IMODE((tmp_path / name).stat().st_mode) for name in ("plain", "atomic")}
    assert len(modes) == 1
