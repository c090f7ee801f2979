"""What became of a version: one is published for a day, a later one supersedes it, and the database refuses every other step."""

# ruff: noqa: S608 - raw SQL, of numbers and words of these tests, is what they try

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from itertools import product

import pytest
from alembic import command
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import event, make_url, text
from sqlalchemy.exc import IntegrityError

from app.access import OWNER
from app.audit.service import check_chain, newest
from app.database import Database, open_database
from app.models import RuleChange, RuleSetName, RuleText, RuleVersion, State
from app.rule_sets import repository
from app.rule_sets import service as rule_sets
from app.rule_sets.publish import NotThere, publish, publish_folder, withdraw
from engine.rules import RuleSet, load_rule_set
from engine.vocabulary import FIXTURES

TOY = (FIXTURES / "rules" / "toy" / "toy-2025-26.yaml").read_text(encoding="utf-8")
IDENTIFIER = "toy-2025-26"
EVENTS = "rule set published", "rule set superseded", "rule set withdrawn"
ALLOWED = {
    ("draft", "review"), ("review", "draft"), ("review", "published"),
    ("published", "superseded"), ("published", "withdrawn"),
}  # fmt: skip
DRAFTED = {"draft", "review"}


def toy(number: int) -> RuleSet:
    """Return the toy rules under another number of their version."""
    return load_rule_set(TOY.replace("version: 1", f"version: {number}", 1))


def publish_version(database: Database, number: int) -> None:
    with database.writing() as session:
        publish(OWNER, session, toy(number))


def states(database: Database) -> dict[int, str]:
    with database.reading() as session:
        found = session.execute(text("SELECT number, state FROM rule_version"))
        return dict(tuple(row) for row in found)


def known(database: Database, on: date | None, at: date | None) -> int | None:
    with database.reading() as session:
        try:
            return rule_sets.version_known(OWNER, session, IDENTIFIER, on, at).number
        except rule_sets.RuleSetUnknown:
            return None


def add_raw(session, **changes) -> RuleVersion:
    """Add a version past the service, as raw SQL would."""
    given_fields = {
        "rule_set_id": 1, "number": 1, "state": "published", "digest": "0" * 64, "title": "Toy",
        "funding_year": "2025-26", "year_kind": "financial", "effective_first": date(2025, 4, 1),
        "effective_last": date(2026, 3, 31), "standing": "verified", "has_formula": True,
        "has_bands": False, "author": "owner", "published_at": datetime(2025, 1, 1, tzinfo=UTC),
    }  # fmt: skip
    row = RuleVersion(**given_fields | changes)
    session.add(row)
    session.flush()
    if row.state in DRAFTED:
        begun = datetime(2025, 1, 1, tzinfo=UTC)
        change = {"actor": "owner", "at": begun, "digest": row.digest}
        session.add(RuleChange(version_id=row.id, seq=1, **change))
        session.flush()
    return row


def with_text(session) -> None:
    session.add_all(
        [RuleText(digest="0" * 64, canonical="{}"), RuleSetName(id=1, identifier="raw")]
    )
    session.flush()


def test_a_later_version_supersedes_the_one_before_and_both_answer(database):
    for number in (1, 2):
        publish_version(database, number)
    assert states(database) == {1: "superseded", 2: "published"}
    with database.reading() as session:
        assert rule_sets.published(OWNER, session, IDENTIFIER).version == 2
        first = rule_sets.published(OWNER, session, IDENTIFIER, 1)
        second = rule_sets.published(OWNER, session, IDENTIFIER, 2)
        assert (first.state, first.ended_at) == (State.superseded, second.published_at)
        assert (second.state, second.ended_at) == (State.published, None)
        assert rule_sets.versions_of(OWNER, session, IDENTIFIER) == [1, 2]
        assert [one.action for one in newest(OWNER, session, 3)[::-1]] == [
            EVENTS[0], EVENTS[1], EVENTS[0]
        ]  # fmt: skip


def test_an_earlier_number_that_comes_later_is_superseded_at_once(database):
    for number in (2, 1):
        publish_version(database, number)
    assert states(database) == {1: "superseded", 2: "published"}
    with database.reading() as session:
        assert rule_sets.published(OWNER, session, IDENTIFIER).version == 2


def test_a_withdrawn_version_is_in_no_list_and_answers_by_its_number(database):
    publish_version(database, 1)
    with database.writing() as session:
        assert withdraw(OWNER, session, IDENTIFIER, 1, "a wrong price")
    with database.writing() as session:
        assert not withdraw(OWNER, session, IDENTIFIER, 1, "again")
        with pytest.raises(NotThere, match="version 2 of toy-2025-26 was never published"):
            withdraw(OWNER, session, IDENTIFIER, 2, "x")
    with database.reading() as session:
        assert not list(rule_sets.every_published(OWNER, session))
        with pytest.raises(rule_sets.RuleSetUnknown):
            rule_sets.published(OWNER, session, IDENTIFIER)
        assert rule_sets.published(OWNER, session, IDENTIFIER, 1).state is State.withdrawn
        assert Counter(one.action for one in newest(OWNER, session, 9)) == Counter(EVENTS[::2])


def test_a_correction_gives_two_answers_for_two_days_of_knowing(database):
    publish_version(database, 1)
    publish_version(database, 2)
    moments = {1: datetime(2025, 3, 1, 12, tzinfo=UTC), 2: datetime(2025, 6, 1, 12, tzinfo=UTC)}
    on = date(2025, 9, 1)
    with move_past_guards(database) as session:
        for row in session.query(RuleVersion):
            row.published_at = moments[row.number]
            row.ended_at = moments[2] if row.number == 1 else None
    days = [(2025, 2, 28), (2025, 3, 1), (2025, 5, 31), (2025, 6, 1)]
    assert [known(database, on, date(*day)) for day in days] == [None, 1, 1, 2]
    assert known(database, on, None) == 2
    assert known(database, None, date(2025, 3, 1)) == 1
    assert known(database, date(2024, 9, 1), None) is None


def move_past_guards(database: Database):
    """Give a session in which the moments of versions can be set, as no service can."""
    with database.engine.begin() as connection:
        on = " ON rule_version" if connection.dialect.name == "postgresql" else ""
        for name in ("rule_version_final", "rule_version_ended"):
            connection.execute(text(f"DROP TRIGGER {name}{on}"))
    return database.writing()


@pytest.mark.parametrize(("before", "after"), list(product(State, State)))
def test_the_database_takes_the_steps_of_a_version_and_no_other(database, before, after):
    ended = {
        "superseded": datetime(2026, 1, 1, tzinfo=UTC),
        "withdrawn": datetime(2026, 1, 1, tzinfo=UTC),
    }
    with database.writing() as session:
        with_text(session)
        add_raw(session, state=before.value, ended_at=ended.get(before.value))
    moment = "'2026-01-01 00:00:00'" if after.value in ended else "NULL"
    counted = ", lock_version = lock_version + 1" if before.value in DRAFTED else ""
    step = f"UPDATE rule_version SET state = '{after.value}', ended_at = {moment}{counted}"

    def take() -> None:
        with database.writing() as session:
            session.execute(text(step))

    is_final = before.value in ended
    if (before.value, after.value) in ALLOWED or (before == after and not is_final):
        take()
        return
    with pytest.raises(IntegrityError):
        take()
    assert states(database) == {1: before.value}


@pytest.mark.parametrize("state", ["published", "superseded", "withdrawn"])
@pytest.mark.parametrize(
    "change",
    [
        "title = 'Another'", "number = 9", "author = 'B'", "reviewer = 'B'", "has_bands = NOT has_bands",
        "authority_code = '929'", "authority_name = 'Kent'", "effective_last = '2027-03-31'",
        "published_at = '2024-01-01'", "published_at = NULL", "standing = 'proposed'",
    ],
)  # fmt: skip
def test_nothing_of_a_version_that_was_published_can_be_changed(database, state, change):
    ended = None if state == "published" else datetime(2026, 1, 1, tzinfo=UTC)
    with database.writing() as session:
        with_text(session)
        add_raw(session, state=state, ended_at=ended)
    with pytest.raises(IntegrityError), database.writing() as session:
        session.execute(text(f"UPDATE rule_version SET {change}"))


@pytest.mark.parametrize("state", State)
def test_a_draft_alone_can_be_deleted(database, state):
    ended = (
        None
        if state.value in {"draft", "review", "published"}
        else datetime(2026, 1, 1, tzinfo=UTC)
    )
    with database.writing() as session:
        with_text(session)
        add_raw(session, state=state.value, ended_at=ended)

    def delete() -> None:
        with database.writing() as session:
            session.execute(text("DELETE FROM rule_version"))

    if state is State.draft:
        delete()
        return
    with pytest.raises(IntegrityError):
        delete()


@pytest.mark.parametrize(
    ("first", "last", "fits"),
    [
        (date(2025, 4, 1), date(2026, 3, 31), False), (date(2026, 3, 31), date(2027, 3, 31), False),
        (date(2024, 4, 1), date(2025, 4, 1), False), (date(2025, 9, 1), date(2025, 9, 1), False),
        (date(2026, 4, 1), date(2027, 3, 31), True), (date(2024, 4, 1), date(2025, 3, 31), True),
    ],
)  # fmt: skip
@pytest.mark.parametrize("way", ["added", "taken from review"])
def test_of_a_rule_set_one_version_alone_is_published_for_a_day(database, first, last, fits, way):
    with database.writing() as session:
        with_text(session)
        add_raw(session)

    def other() -> None:
        with database.writing() as session:
            added = {"number": 2, "effective_first": first, "effective_last": last}
            if way == "added":
                add_raw(session, **added)
                return
            add_raw(session, **added, state="review")
            publish = (
                "UPDATE rule_version SET state = 'published', lock_version = 2 WHERE number = 2"
            )
            session.execute(text(publish))

    if fits:
        other()
        assert states(database) == {1: "published", 2: "published"}
        return
    with pytest.raises(IntegrityError):
        other()
    assert states(database) == {1: "published"}


def test_of_publishers_at_the_same_time_each_version_is_published_once(database):
    def attempt(number: int) -> None:
        publish_version(database, number)

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(attempt, [1, 2, 3, 4, 4, 3, 2, 1]))
    assert states(database) == dict.fromkeys((1, 2, 3), "superseded") | {4: "published"}
    with database.reading() as session:
        assert check_chain(OWNER, session).fault is None


def test_whichever_call_of_the_database_fails_the_register_is_whole(database):
    publish_version(database, 1)
    calls = 0

    def fail(*_: object) -> None:
        nonlocal calls
        calls += 1
        if calls == failing:
            message = "the database is gone"
            raise ConnectionError(message)

    for failing in range(1, 60):
        calls = 0
        event.listen(database.engine, "before_cursor_execute", fail)
        try:
            publish_version(database, 2)
        except ConnectionError:
            assert states(database) == {1: "published"}
        finally:
            event.remove(database.engine, "before_cursor_execute", fail)
        if calls < failing:
            break
        with database.reading() as session:
            assert check_chain(OWNER, session).events == 1
    assert failing > 5
    assert states(database) == {1: "superseded", 2: "published"}


@given(numbers=st.permutations(range(1, 7)))
@settings(max_examples=15)
def test_versions_of_before_become_superseded_where_a_later_one_applies_on_the_same_days(
    numbers, tmp_path_factory
):
    path = tmp_path_factory.mktemp("before") / "evenband.db"
    database = open_database(make_url(f"sqlite:///{path}"))
    database.migrate("audit")
    last_day = {
        1: "2026-03-31",
        2: "2026-03-31",
        3: "2027-03-31",
        4: "2027-03-31",
        5: "2026-03-31",
        6: "2028-03-31",
    }
    with database.engine.begin() as connection:
        connection.execute(text("INSERT INTO rule_set VALUES (1, 'toy')"))
        connection.execute(text(f"INSERT INTO rule_text VALUES ('{'0' * 64}', '{{}}')"))
        for at, number in enumerate(numbers):
            last = last_day[number]
            connection.execute(
                text(
                    "INSERT INTO rule_version (rule_set_id, number, state, digest, title, funding_year, year_kind,"
                    " effective_first, effective_last, standing, has_formula, has_bands, author, published_at) VALUES"
                    f" (1, {number}, 'published', '{'0' * 64}', 'Toy', '2025-26', 'financial', '{int(last[:4]) - 1}-04-01',"
                    f" '{last}', 'verified', 1, 0, 'A', '2025-01-{at + 1:02} 00:00:00.000000')"
                )
            )
    database.migrate()
    assert states(database) == {
        1: "superseded", 2: "superseded", 3: "superseded", 4: "published", 5: "published", 6: "published",
    }  # fmt: skip
    command.downgrade(database.migrations, "audit")
    assert set(states(database).values()) == {"published"}
    database.migrate()
    with database.reading() as session:
        rows = session.query(RuleVersion).all()
    for row in rows:
        assert row.ended_at is None or row.ended_at >= row.published_at
        assert row.ended_at is None or row.ended_at - row.published_at < timedelta(6)
    database.close()


def test_versions_are_sought_by_their_number_whatever_became_of_them(database):
    publish_version(database, 1)
    publish_version(database, 2)
    with database.reading() as session:
        assert repository.version(session, OWNER.tenant, IDENTIFIER, 1).state == "superseded"
        assert repository.version(session, OWNER.tenant, IDENTIFIER, None).number == 2
        assert repository.numbers(session, OWNER.tenant, IDENTIFIER) == [1, 2]
        assert repository.count(session) == 1


def test_a_withdrawn_version_of_a_folder_stays_withdrawn_at_the_next_start(database, tmp_path):
    (tmp_path / "a.yaml").write_text(TOY, encoding="utf-8")
    for _ in range(2):
        with database.writing() as session:
            publish_folder(OWNER, session, tmp_path)
        with database.writing() as session:
            withdraw(OWNER, session, IDENTIFIER, 1, "x")
    publish_version(database, 1)
    assert states(database) == {1: "withdrawn"}
