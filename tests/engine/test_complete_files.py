"""Files are all there or none is, and nothing of them is left anywhere else."""

import errno
import os
import resource
import signal
import subprocess
import sys

import polars as pl
import pytest

from engine.export import complete_files, disk_errors_about, folder_of_parts, write_whole

KEY = b"CANARY"


@pytest.fixture(params=["a file without a name", "a hidden name"])
def disk(request, monkeypatch, tmp_path):
    """Give a folder on a disk that knows files without a name, and as on one that does not."""
    if request.param == "a hidden name":
        monkeypatch.setattr(complete_files, "_WITHOUT_NAME", 0)
    return tmp_path


def fails(file):
    file.write(KEY)
    file.flush()
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_files_are_all_there_or_none_is(disk):
    first, second = disk / "first.csv", disk / "second.csv"
    first.write_bytes(b"before")
    with pytest.raises(OSError, match="No space left") as caught:
        write_whole([(first, lambda file: file.write(KEY)), (second, fails)])
    assert caught.value.filename == str(second)
    assert first.read_bytes() == b"before"
    assert names(disk) == ["first.csv"]


def test_files_that_are_refused_at_the_end_are_not_put_in_place(disk):
    def refuse():
        raise KeyError

    with pytest.raises(KeyError):
        write_whole([(disk / "a.csv", lambda file: file.write(KEY))], before_place=refuse)
    assert names(disk) == []


@pytest.mark.parametrize("mode", [0o640, 0o751, 0o407])
def test_a_file_that_is_replaced_keeps_its_permissions(disk, mode):
    target = disk / "one.csv"
    target.write_bytes(b"before")
    target.chmod(mode)
    write_whole([(target, lambda file: file.write(b"after"))])
    assert target.read_bytes() == b"after"
    assert target.stat().st_mode & 0o777 == mode
    assert names(disk) == ["one.csv"]


def test_a_new_file_has_the_permissions_of_any_new_file(disk):
    write_whole([(disk / "one.csv", lambda file: file.write(b"after"))])
    (disk / "two.csv").touch()
    assert (disk / "one.csv").stat().st_mode == (disk / "two.csv").stat().st_mode


def test_a_name_as_long_as_a_disk_allows_is_written(disk):
    target = disk / ("n" * 251 + ".csv")
    for content in (b"one", b"two"):
        write_whole([(target, lambda file, content=content: file.write(content))])
        assert target.read_bytes() == content


def test_what_a_killed_run_left_is_removed_at_the_next(tmp_path):
    left = complete_files._hidden(tmp_path)
    left.write_bytes(KEY)
    write_whole([(tmp_path / "a.csv", lambda file: file.write(b"after"))])
    assert names(tmp_path) == ["a.csv"]


def test_what_is_not_ours_is_left_alone(tmp_path):
    others = [".evenband-notes.partial", ".evenband-" + "0" * 32 + ".partial.csv", ".a.partial"]
    for name in others:
        (tmp_path / name).write_bytes(b"somebody's")
    link = complete_files._hidden(tmp_path)
    link.symlink_to(tmp_path / others[0])
    write_whole([(tmp_path / "a.csv", lambda file: file.write(b"after"))])
    assert names(tmp_path) == sorted(["a.csv", link.name, *others])


def test_a_folder_or_a_pipe_of_a_hidden_name_is_left_alone(tmp_path):
    folder, pipe = (complete_files._hidden(tmp_path) for _ in range(2))
    folder.mkdir()
    os.mkfifo(pipe)
    write_whole([(tmp_path / "a.csv", lambda file: file.write(b"after"))])
    assert names(tmp_path) == sorted(["a.csv", folder.name, pipe.name])


def test_a_file_is_private_until_it_is_in_place_and_written_where_no_file_was(disk):
    seen = []
    target = disk / "one.csv"

    def writing(file):
        seen.append((os.fstat(file.fileno()).st_mode & 0o777, target.exists()))

    write_whole([(target, writing)])
    assert seen == [(0o600, False)]
    assert target.read_bytes() == b""


def test_the_file_of_a_run_that_goes_on_is_left_alone(tmp_path, monkeypatch):
    monkeypatch.setattr(complete_files, "_WITHOUT_NAME", 0)

    def another_run(file):
        file.write(b"first")
        write_whole([(tmp_path / "b.csv", lambda other: other.write(b"second"))])

    write_whole([(tmp_path / "a.csv", another_run)])
    assert (tmp_path / "a.csv").read_bytes() == b"first"
    assert names(tmp_path) == ["a.csv", "b.csv"]


WRITE = """
import os, signal, sys
from pathlib import Path
from engine.export import complete_files, write_whole
if sys.argv[2] == "named":
    complete_files._WITHOUT_NAME = 0
def writing(file):
    file.write(b"CANARY" * 100_000)
    file.flush()
    os.kill(os.getpid(), signal.SIGKILL)
write_whole([(Path(sys.argv[1]) / "a.csv", writing)])
"""

REPLACE = """
import os, signal, sys
from pathlib import Path
from engine.export import write_whole
Path.replace = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
write_whole([(Path(sys.argv[1]) / "a.csv", lambda file: file.write(b"CANARY" * 100_000))])
"""


@pytest.mark.parametrize("how", ["unnamed", "named"])
def test_a_run_that_is_killed_leaves_nothing_or_what_the_next_removes(tmp_path, how):
    (tmp_path / "a.csv").write_bytes(b"before")
    ran = subprocess.run([sys.executable, "-c", WRITE, tmp_path, how], check=False)
    assert ran.returncode == -signal.SIGKILL
    assert (tmp_path / "a.csv").read_bytes() == b"before"
    assert len(names(tmp_path)) == (1 if how == "unnamed" else 2)
    write_whole([(tmp_path / "b.csv", lambda file: file.write(b"after"))])
    assert names(tmp_path) == ["a.csv", "b.csv"]


def test_a_file_too_large_for_its_disk_is_named(disk):
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000, hard))
    try:
        with pytest.raises(OSError, match="File too large") as caught:
            write_whole([(disk / "a.csv", lambda file: file.write(b"x" * 100_000))])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, before)
    assert caught.value.filename == str(disk / "a.csv")
    assert names(disk) == []


def test_an_error_of_the_disk_names_the_file_that_was_written_whoever_raises_it():
    full = errno.ENOSPC, os.strerror(errno.ENOSPC)
    raised = [
        OSError(*full), OSError(*full, "another.csv"), OSError(*full, "one.csv"),
        pl.exceptions.ComputeError(f"{full[1]} (os error {errno.ENOSPC})"),
    ]  # fmt: skip
    for error in raised:
        with pytest.raises(OSError, match=full[1]) as caught, disk_errors_about("one.csv"):
            raise error
        assert (caught.value.errno, caught.value.filename) == (errno.ENOSPC, "one.csv")
    with (
        pytest.raises(OSError, match=os.strerror(errno.EIO)) as caught,
        disk_errors_about("one.csv"),
    ):
        raise OSError("without a number")
    assert (caught.value.errno, caught.value.filename) == (errno.EIO, "one.csv")
    # What is no error of a disk is another's fault, in its own words.
    with (
        pytest.raises(pl.exceptions.ComputeError, match="of the library"),
        disk_errors_about("one.csv"),
    ):
        raise pl.exceptions.ComputeError("of the library")


def test_a_run_that_is_killed_just_before_it_replaces_a_file_leaves_what_the_next_removes(tmp_path):
    (tmp_path / "a.csv").write_bytes(b"before")
    ran = subprocess.run([sys.executable, "-c", REPLACE, tmp_path], check=False)
    assert ran.returncode == -signal.SIGKILL
    assert (tmp_path / "a.csv").read_bytes() == b"before"
    assert len(names(tmp_path)) == 2
    write_whole([(tmp_path / "b.csv", lambda file: file.write(b"after"))])
    assert names(tmp_path) == ["a.csv", "b.csv"]


def test_a_folder_of_parts_is_gone_at_the_end_and_stays_while_its_run_goes_on(tmp_path):
    target = tmp_path / "a.csv"
    with folder_of_parts(target) as folder:
        assert folder.stat().st_mode & 0o777 == 0o700
        (folder / "0").write_bytes(b"CANARY")
        # Another run beside it begins and ends.
        write_whole([(tmp_path / "b.csv", lambda file: file.write(b"second"))])
        assert (folder / "0").exists()
    assert {one.name for one in tmp_path.iterdir()} == {"b.csv"}


def test_a_folder_of_parts_of_a_run_that_was_ended_is_removed_by_the_next_beside_it(tmp_path):
    left = tmp_path / f".evenband-{'0' * 32}.parts"
    left.mkdir()
    (left / "0").write_bytes(b"CANARY")
    other = tmp_path / ".evenband-notes.parts"
    other.mkdir()
    write_whole([(tmp_path / "b.csv", lambda file: file.write(b"second"))])
    assert {one.name for one in tmp_path.iterdir()} == {"b.csv", other.name}
