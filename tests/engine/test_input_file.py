"""A file is read once, by the digest of exactly what was read, and must not change meanwhile."""

import hashlib
import io
import os
import socket
from pathlib import Path

import pytest

from engine.errors import FileRefused
from engine.input_file import STANDARD_INPUT, read_input
from engine.reading import read_table, read_table_file

CONTENT = b"la\n929\n"


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(CONTENT)
    return path


@pytest.fixture
def piped(monkeypatch):
    """Give what lets standard input hold some bytes."""

    def let(content):
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(content)))

    return let


def rules(caught) -> list[str]:
    return [one.rule for one in caught.value.problems]


def test_the_digest_is_of_the_bytes_that_were_read(table):
    content, file = read_input(table, 100)
    assert content == CONTENT
    assert (file.name, file.sha256) == ("a.csv", hashlib.sha256(CONTENT).hexdigest())
    file.refuse_change()


@pytest.mark.parametrize(
    "change",
    [
        lambda path: path.write_bytes(b"la\n928\n"),
        lambda path: path.write_bytes(CONTENT + b"928\n"),
        lambda path: path.write_bytes(CONTENT[:-2]),
        lambda path: os.truncate(path, 0),
        lambda path: path.unlink(),
        lambda path: path.rename(path.with_name("elsewhere.csv")),
    ],
    ids=["changed", "grown", "cut", "emptied", "removed", "moved"],
)
def test_a_file_that_changes_is_refused_at_the_end(table, change):
    _, file = read_input(table, 100)
    change(table)
    with pytest.raises(FileRefused, match="changed") as caught:
        file.refuse_change()
    assert rules(caught) == ["file-changed"]
    assert caught.value.__notes__ == [str(table)]


def test_a_change_under_the_old_times_is_seen(table):
    _, file = read_input(table, 100)
    before = table.stat()
    table.write_bytes(b"la\n928\n")
    os.utime(table, ns=(before.st_atime_ns, before.st_mtime_ns))
    with pytest.raises(FileRefused):
        file.refuse_change()


def test_a_file_that_is_replaced_by_its_like_is_the_same(table):
    _, file = read_input(table, 100)
    copy = table.with_name("copy.csv")
    copy.write_bytes(CONTENT)
    copy.replace(table)
    table.chmod(0o600)
    file.refuse_change()


@pytest.mark.parametrize(
    ("most", "words"),
    [
        pytest.param(2**19 + 1, "524289 bytes", id="less than a mebibyte, in bytes"),
        pytest.param(2**20, "1 MiB", id="a mebibyte"),
        pytest.param(3 * 2**20, "3 MiB", id="three mebibytes"),
    ],
)
def test_a_file_of_a_byte_too_much_is_refused_with_the_most_that_it_may_have(table, most, words):
    os.truncate(table, most)
    read_input(table, most)
    os.truncate(table, most + 1)
    with pytest.raises(FileRefused, match=f"a file may have at most {words}"):
        read_input(table, most)


def test_a_file_that_grows_while_it_is_read_is_refused(table, monkeypatch):
    status = os.fstat

    def grown(handle):
        found = status(handle)
        with table.open("ab") as file:
            file.write(b"928\n")
        return found

    monkeypatch.setattr("engine.input_file.os.fstat", grown)
    with pytest.raises(FileRefused) as caught:
        read_input(table, 1_000)
    assert rules(caught) == ["file-changed"]


def make_pipe(path):
    os.mkfifo(path)


def make_socket(path):
    with socket.socket(socket.AF_UNIX) as opened:
        opened.bind(str(path))


@pytest.mark.parametrize(
    ("make", "kind"),
    [
        (make_pipe, "a named pipe"),
        (make_socket, "a socket"),
        (Path.mkdir, "a folder"),
        (lambda path: path.symlink_to("/dev/zero"), "a device"),
        (lambda path: path.symlink_to("/dev/stdin"), "a (device|named pipe|folder)"),
    ],
    ids=["pipe", "socket", "folder", "device", "standard input by a path"],
)
def test_what_is_no_file_is_refused_and_not_waited_for(tmp_path, make, kind):
    path = tmp_path / "a.csv"
    make(path)
    if path.is_file():  # standard input of this run is a file
        return
    with pytest.raises(FileRefused, match=kind) as caught:
        read_table(path)
    assert rules(caught) == ["not-a-file"]
    assert "name it -" in str(caught.value)


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(FileNotFoundError) as caught:
        read_table(tmp_path / "a.csv")
    assert caught.value.filename == str(tmp_path / "a.csv")


def test_standard_input_is_read_once_and_bounded(piped):
    piped(CONTENT)
    text, file = read_table_file(STANDARD_INPUT)
    assert text.whole().rows() == [("929",)]
    assert (file.name, file.sha256) == ("standard input", hashlib.sha256(CONTENT).hexdigest())
    file.refuse_change()
    piped(CONTENT)
    with pytest.raises(FileRefused) as caught:
        read_input(STANDARD_INPUT, len(CONTENT) - 1)
    assert rules(caught) == ["too-large"]
    assert caught.value.__notes__ == ["standard input"]


@pytest.mark.parametrize("kind", ["csv", "parquet", "xlsx"])
def test_standard_input_is_whichever_kind_its_first_bytes_say(kind, table, tmp_path, piped):
    frame = read_table(table)
    path = tmp_path / f"b.{kind}"
    if kind == "xlsx":
        frame.write_excel(path)
    else:
        getattr(frame, f"write_{kind}")(path)
    piped(path.read_bytes())
    assert read_table(STANDARD_INPUT).rows() == [("929",)]
