"""The audit: every event follows the one before it, no earlier one can be changed, and what changes past the guards is found."""

import json
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import make_url, text
from sqlalchemy.exc import IntegrityError

from app.access import OWNER, Asker
from app.audit.anchors import file_of, read_anchor
from app.audit.service import (
    NOTHING_BEFORE,
    Action,
    Anchor,
    ChainCheck,
    anchor,
    check_chain,
    hash_of,
    newest,
    record,
)
from app.database import Database, open_database
from app.models import AuditEvent
from app.register.reading import read_register
from app.register.service import import_register, remove_register
from app.rule_sets.publish import publish
from app.settings import Settings
from engine.data import FIXTURES
from engine.errors import FileRefused
from engine.rules import load_rule_file, rule_files

INVENTED = FIXTURES / "register" / "invented.csv"
COLUMNS = ("at", "actor", "tenant", "action", "subject", "detail", "previous", "hash")


def record_some(database: Database, number: int) -> None:
    for at in range(number):
        with database.writing() as session:
            record(OWNER, session, Action.rule_set_published, f"set-{at} version 1", {"at": at})


def checked(database: Database, *anchors: Anchor) -> ChainCheck:
    with database.reading() as session:
        return check_chain(OWNER, session, anchors)


def kept(database: Database) -> list[AuditEvent]:
    with database.reading() as session:
        found = newest(OWNER, session, 100)
        session.expunge_all()
        return found[::-1]


def test_no_event_at_all_fits(database):
    assert checked(database) == ChainCheck(0, None)
    with database.reading() as session:
        assert anchor(OWNER, session, date(2026, 12, 1)) is None


def test_each_event_follows_the_one_before_it(database):
    record_some(database, 5)
    events = kept(database)
    assert [one.seq for one in events] == [1, 2, 3, 4, 5]
    assert [one.previous for one in events] == [NOTHING_BEFORE, *(one.hash for one in events[:-1])]
    assert all(one.hash == hash_of(one) for one in events)
    assert checked(database) == ChainCheck(5, None)


def test_a_published_rule_set_is_an_event_of_who_published_it(database):
    document = load_rule_file(next(iter(rule_files(Settings().rules_folder))))
    with database.writing() as session:
        publish(Asker("A. Author", "Kent"), session, document)
        publish(Asker("A. Author", "Kent"), session, document)
    (event,) = kept(database)
    assert (event.actor, event.tenant, event.action) == ("A. Author", "Kent", "rule set published")
    assert event.subject == f"{document.identifier} version {document.version}"
    assert len(json.loads(event.detail)["digest"]) == 64


def test_a_register_that_is_imported_and_removed_is_two_events(database):
    with database.writing() as session:
        import_register(OWNER, session, read_register(INVENTED))
    for _ in range(2):
        with database.writing() as session:
            remove_register(OWNER, session)
    assert [one.action for one in kept(database)] == ["register imported", "register removed"]


def record_and_fail(database: Database) -> None:
    with database.writing() as session:
        record(OWNER, session, Action.register_removed, "x")
        raise ZeroDivisionError


def test_what_is_not_kept_leaves_no_event(database):
    with pytest.raises(ZeroDivisionError):
        record_and_fail(database)
    assert checked(database) == ChainCheck(0, None)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE audit_event SET actor = 'another'",
        "UPDATE audit_event SET hash = previous WHERE seq = 2",
        "DELETE FROM audit_event WHERE seq = 3",
        "DELETE FROM audit_event",
    ],
)
def test_the_database_itself_refuses_to_change_an_event(database, change):
    record_some(database, 3)
    with pytest.raises(IntegrityError), database.writing() as session:
        session.execute(text(change))
    assert checked(database) == ChainCheck(3, None)


def test_events_cannot_be_emptied_or_replaced_at_a_stroke(database):
    record_some(database, 2)
    statement = {
        "postgresql": "TRUNCATE audit_event",
        "sqlite": "INSERT OR REPLACE INTO audit_event SELECT seq, at, 'another', tenant, action, subject, detail, previous, hash"
        " FROM audit_event",
    }[database.engine.dialect.name]
    with pytest.raises(IntegrityError), database.writing() as session:
        session.execute(text(statement))
    assert checked(database) == ChainCheck(2, None)


def test_writers_at_the_same_time_make_one_chain(database):
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda _: record_some(database, 5), range(4)))
    assert checked(database) == ChainCheck(20, None)


def without_guards(path) -> sqlite3.Connection:
    """Open a file as its owner may: without what the database refuses."""
    raw = sqlite3.connect(path)
    for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        raw.execute(f"DROP TRIGGER {name}")
    return raw


@pytest.mark.parametrize("column", COLUMNS)
def test_whatever_column_of_an_event_is_changed_past_the_guards_it_is_found(tmp_path, column):
    database = open_database(make_url(f"sqlite:///{tmp_path / 'a.db'}"))
    database.migrate()
    record_some(database, 4)
    other = {"at": "2020-01-01 00:00:00.000000", "hash": "f" * 64, "previous": "e" * 64}
    with closing(without_guards(tmp_path / "a.db")) as raw:
        value = other.get(column, "another")
        statement = f"UPDATE audit_event SET {column} = ? WHERE seq = 3"  # noqa: S608 - a column of the list above
        raw.execute(statement, (value,))
        raw.commit()
    found = checked(database)
    assert found.events == 2
    assert "event 3" in found.fault
    database.close()


@given(number=st.integers(1, 8), data=st.data())
def test_an_event_that_is_removed_or_a_chain_that_is_written_anew_is_found(
    tmp_path_factory, number, data
):
    path = tmp_path_factory.mktemp("audit") / "a.db"
    database = open_database(make_url(f"sqlite:///{path}"))
    database.migrate()
    record_some(database, number)
    with database.reading() as session:
        elsewhere = anchor(OWNER, session, date(2026, 12, 1))
    gone = data.draw(st.integers(1, number))
    with closing(without_guards(path)) as raw:
        raw.execute("DELETE FROM audit_event WHERE seq = ?", (gone,))
        raw.commit()
        left = checked(database)
        if gone < number:
            assert left == ChainCheck(gone - 1, f"event {gone} is not there")
        assert checked(database, elsewhere).fault is not None
        raw.execute("DELETE FROM audit_event")
        raw.commit()
    # The owner of the database can write a whole new chain, which fits itself: an anchor says so.
    record_some(database, number)
    assert checked(database) == ChainCheck(number, None)
    assert checked(database, elsewhere).fault == (
        f"event {number} is not the one that was kept in an anchor"
    )
    database.close()


def test_each_of_several_anchors_of_one_event_is_proved(database):
    record_some(database, 1)
    with database.reading() as session:
        right = anchor(OWNER, session, date(2026, 12, 1))
    wrong = Anchor(date(2026, 12, 2), 1, "a" * 64)
    assert checked(database, right, right).fault is None
    for both in ((right, wrong), (wrong, right)):
        assert checked(database, *both).fault == "event 1 is not the one that was kept in an anchor"


def test_an_anchor_comes_back_from_its_file(tmp_path):
    kept_anchor = Anchor(date(2026, 12, 1), 7, "a" * 64)
    name, content = file_of(kept_anchor)
    assert name == "audit-2026-12-01.json"
    (tmp_path / name).write_bytes(content)
    assert read_anchor(tmp_path / name) == kept_anchor


@pytest.mark.parametrize(
    "content",
    [
        "", "[]", "{", "\x00", '{"day": "2026-12-01", "seq": 1}',
        '{"day": "2026-12-01", "seq": true, "hash": "a"}',
        '{"day": "2026-12-01", "seq": 1, "hash": 2}', '{"day": 1, "seq": 1, "hash": "a"}',
        '{"day": "2026-13-01", "seq": 1, "hash": "a"}',
        '{"day": "2026-12-01", "seq": 1, "hash": "a", "more": 1}',
    ],
)  # fmt: skip
def test_what_is_no_anchor_is_refused_in_one_sentence(tmp_path, content):
    path = tmp_path / "x.json"
    path.write_text(content)
    with pytest.raises(FileRefused, match="is no anchor of the audit"):
        read_anchor(path)


def test_an_event_says_its_moment_to_the_microsecond_on_both_databases(database):
    before = datetime.now(UTC)
    record_some(database, 1)
    (event,) = kept(database)
    assert before <= event.at <= datetime.now(UTC)
    assert event.at.tzinfo is not None
