"""The embedded file is copied whole while the service writes, and put back only where it proves whole."""

import shutil
import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import make_url
from typer.testing import CliRunner

from app.access import OWNER
from app.audit.service import Action, check_chain, record
from app.cli import app
from app.database import open_database


@pytest.fixture
def place(tmp_path, published_file, monkeypatch):
    """Give the service's own file, with the published rule sets."""
    path = tmp_path / "service" / "evenband.db"
    path.parent.mkdir()
    shutil.copyfile(published_file, path)
    monkeypatch.setenv("EVENBAND_DATABASE_URL", f"sqlite:///{path}")
    return path


def asked(*arguments):
    return CliRunner().invoke(app, [str(one) for one in arguments])


def add_events(place, number):
    with closing(open_database(make_url(f"sqlite:///{place}"))) as database:
        for at in range(number):
            with database.writing() as session:
                record(OWNER, session, Action.register_removed, f"{at}")


def events_of(path):
    with (
        closing(open_database(make_url(f"sqlite:///{path}"))) as database,
        database.reading() as session,
    ):
        found = check_chain(OWNER, session)
    assert found.fault is None
    return found.events


def test_what_was_saved_comes_back_and_the_file_before_is_kept(place, tmp_path):
    saved = tmp_path / "saved.db"
    before = events_of(place)
    result = asked("backup", saved)
    assert result.exit_code == 0, result.output
    assert f"{before:,} events, all of which fit" in result.output
    add_events(place, 3)
    result = asked("restore", saved)
    assert result.exit_code == 0, result.output
    assert events_of(place) == before
    (kept,) = [one for one in place.parent.iterdir() if one.name.startswith("evenband.db.2")]
    assert str(kept) in result.output
    assert events_of(kept) == before + 3
    assert not [one for one in place.parent.iterdir() if one.name.startswith(".")]


def test_a_copy_made_while_the_service_writes_is_of_one_moment(place, tmp_path):
    stop = threading.Event()
    before = events_of(place)
    with closing(open_database(make_url(f"sqlite:///{place}"))) as database:
        database.prepare()

        def write():
            while not stop.is_set():
                with database.writing() as session:
                    record(OWNER, session, Action.register_removed, "x")

        writer = threading.Thread(target=write)
        writer.start()
        try:
            for at in range(3):
                result = asked("backup", tmp_path / f"{at}.db")
                assert result.exit_code == 0, result.output
        finally:
            stop.set()
            writer.join()
    numbers = [events_of(tmp_path / f"{at}.db") for at in range(3)]
    assert before <= numbers[0] <= numbers[1] <= numbers[2] <= events_of(place)


def test_a_running_service_keeps_its_file(place, tmp_path):
    saved = tmp_path / "saved.db"
    asked("backup", saved)
    with closing(open_database(make_url(f"sqlite:///{place}"))) as database:
        database.prepare()
        with database.reading() as session:
            check_chain(OWNER, session)
        result = asked("restore", saved)
    assert result.exit_code == 1
    assert "stop it first" in result.output
    assert [one.name for one in place.parent.glob("*.db*") if "2" in one.suffix] == []
    assert events_of(place)


def cut(path):
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def overwritten(path):
    content = bytearray(path.read_bytes())
    content[4_096:40_960] = b"\xff" * 36_864
    path.write_bytes(content)


def no_database(path):
    path.write_bytes(b"no database" * 1_000)


def nothing(path):
    path.write_bytes(b"")


def of_another_program(path):
    path.unlink()
    with closing(sqlite3.connect(path)) as opened:
        opened.execute("CREATE TABLE notes (id INTEGER)")
        opened.commit()


def of_a_later_release(path):
    with closing(sqlite3.connect(path)) as opened:
        opened.execute("UPDATE alembic_version SET version_num = 'from_the_future'")
        opened.commit()


def with_a_changed_event(path):
    with closing(sqlite3.connect(path)) as opened:
        names = opened.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for (name,) in names:
            opened.execute(f"DROP TRIGGER {name}")
        opened.execute("UPDATE audit_event SET actor = 'another' WHERE seq = 2")
        opened.commit()


def without_a_guard(path):
    with closing(sqlite3.connect(path)) as opened:
        opened.execute("DROP TRIGGER audit_event_kept")
        opened.commit()


def gone(path):
    path.unlink()


SPOILT = (
    *(cut, overwritten, no_database, nothing, of_another_program),
    *(of_a_later_release, with_a_changed_event, without_a_guard, gone),
)


@pytest.mark.parametrize("spoil", SPOILT, ids=lambda one: one.__name__)
def test_what_is_no_whole_database_of_the_service_changes_nothing(place, tmp_path, spoil):
    saved = tmp_path / "saved.db"
    asked("backup", saved)
    spoil(saved)
    before = place.read_bytes()
    result = asked("restore", saved)
    assert result.exit_code == 1, result.output
    assert len(result.output.splitlines()) == 1
    assert "sqlite" not in result.output.lower()
    assert place.read_bytes() == before
    assert {one.name for one in place.parent.iterdir()} <= {
        "evenband.db",
        "evenband.db-wal",
        "evenband.db-shm",
    }


def test_a_service_that_is_damaged_is_put_right(place, tmp_path):
    saved = tmp_path / "saved.db"
    asked("backup", saved)
    no_database(place)
    result = asked("restore", saved)
    assert result.exit_code == 0, result.output
    assert events_of(place)


def test_a_backup_takes_the_place_of_no_file(place, tmp_path):
    other = tmp_path / "notes.txt"
    other.write_text("mine")
    assert asked("backup", other).exit_code == 2
    assert other.read_text() == "mine"


def test_a_damaged_file_gives_no_backup(place, tmp_path):
    overwritten(place)
    result = asked("backup", tmp_path / "saved.db")
    assert result.exit_code != 0
    assert [one for one in tmp_path.iterdir() if one.is_file()] == []


@pytest.mark.parametrize("command", ["backup", "restore"])
def test_a_database_elsewhere_is_for_its_own_tools(monkeypatch, tmp_path, command):
    monkeypatch.setenv("EVENBAND_DATABASE_URL", "postgresql://nowhere/x")
    result = asked(command, tmp_path / "x.db")
    assert result.exit_code == 2
    assert "pg_dump" in result.output


def test_a_new_place_may_have_no_file_yet(place, tmp_path, monkeypatch):
    saved = tmp_path / "saved.db"
    asked("backup", saved)
    new = Path(tmp_path / "new" / "evenband.db")
    monkeypatch.setenv("EVENBAND_DATABASE_URL", f"sqlite:///{new}")
    assert asked("restore", saved).exit_code == 0
    assert events_of(new) == events_of(place)
