"""One history of the schema for SQLite and PostgreSQL, and guards that outlive it."""

from datetime import UTC, date, datetime, timedelta

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, make_url, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from app.database import migrations_of, open_database
from app.guards import GUARDS, RETIRED, install
from app.models import Base, RuleSetName, RuleText, RuleVersion

DIGEST = "0" * 64
MOMENT = datetime(2025, 1, 1, tzinfo=UTC)


def version(**changes) -> RuleVersion:
    given = {
        "rule_set": RuleSetName(identifier="toy-2025-26"),
        "number": 1,
        "state": "published",
        "digest": DIGEST,
        "title": "Toy",
        "funding_year": "2025-26",
        "year_kind": "financial",
        "effective_first": date(2025, 4, 1),
        "effective_last": date(2026, 3, 31),
        "standing": "verified",
        "has_formula": True,
        "has_bands": False,
        "author": "A",
        "published_at": MOMENT,
    }
    return RuleVersion(**{**given, **changes})


def keep(database, **changes) -> None:
    with database.writing() as session:
        session.add(RuleText(digest=DIGEST, canonical="{}"))
        session.flush()
        session.add(version(**changes))


def names_of_guards(connection) -> set[str]:
    query = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
    }
    return set(connection.scalars(text(query[connection.dialect.name])))


def guards(database) -> set[str]:
    with database.engine.connect() as connection:
        return names_of_guards(connection)


def expected_guards(database) -> set[str]:
    dialect = database.engine.dialect.name
    held = GUARDS.keys() - RETIRED
    return {name for name in held if dialect in GUARDS[name].dialects}


def test_the_models_and_the_migrations_describe_one_schema(database):
    with database.engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": True}
        )
        assert not compare_metadata(context, Base.metadata)


def test_every_step_can_be_taken_back_and_taken_again(database):
    revisions = list(ScriptDirectory.from_config(database.migrations).walk_revisions())
    for _ in revisions:
        command.downgrade(database.migrations, "-1")
    assert set(inspect(database.engine).get_table_names()) == {"alembic_version"}
    assert not database.is_at_head()
    for _ in revisions:
        command.upgrade(database.migrations, "+1")
    assert database.is_at_head()
    assert guards(database) == expected_guards(database)


def test_an_upgrade_at_head_changes_nothing(database):
    keep(database)
    database.migrate()
    with database.reading() as session:
        assert session.get(RuleText, DIGEST).canonical == "{}"


def test_the_guards_stand_after_the_migrations(database):
    assert guards(database) == expected_guards(database)


def test_a_rebuilt_table_loses_its_guards_and_its_migration_puts_them_back(tmp_path):
    database = open_database(make_url(f"sqlite:///{tmp_path / 'evenband.db'}"))
    database.migrate()
    held = {name for name in expected_guards(database) if name.startswith("rule_text")}
    with (
        database.engine.begin() as connection,
        Operations.context(MigrationContext.configure(connection)) as op,
    ):
        with op.batch_alter_table("rule_text", recreate="always"):
            pass
        lost = expected_guards(database) - names_of_guards(connection)
        install(*held)
        assert (lost, names_of_guards(connection)) == (held, expected_guards(database))
    database.close()


def test_a_failing_migration_leaves_nothing_behind(database, monkeypatch):
    command.downgrade(database.migrations, "base")
    monkeypatch.setattr("app.guards.FUNCTION", "THIS IS NOT SQL")
    monkeypatch.setattr("app.guards.statement", lambda *_: "NOR IS THIS")
    with pytest.raises(DBAPIError):
        database.migrate()
    assert not set(inspect(database.engine).get_table_names()) - {"alembic_version"}
    monkeypatch.undo()
    database.migrate()
    assert database.is_at_head()


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE rule_version SET title = 'Another'",
        "UPDATE rule_version SET state = 'draft'",
        "UPDATE rule_version SET number = 2",
        "DELETE FROM rule_version",
        "UPDATE rule_text SET canonical = '[]'",
        "DELETE FROM rule_text",
        "UPDATE rule_set SET identifier = 'another'",
        "DELETE FROM rule_set",
    ],
)
def test_the_database_itself_refuses_to_change_what_is_published(database, change):
    keep(database)
    with pytest.raises(IntegrityError), database.writing() as session:
        session.execute(text(change))
    with database.reading() as session:
        kept = session.get(RuleVersion, 1)
        assert (kept.title, kept.state, kept.number) == ("Toy", "published", 1)


@pytest.mark.parametrize("table", ["rule_version", "rule_text", "rule_set"])
def test_no_table_of_rules_can_be_emptied_or_replaced_at_a_stroke(database, table):
    keep(database)
    statement = {
        "sqlite": "INSERT OR REPLACE INTO {0} SELECT * FROM {0}",
        "postgresql": "TRUNCATE {0} CASCADE",
    }[database.engine.dialect.name]
    with pytest.raises(IntegrityError), database.writing() as session:
        session.execute(text(statement.format(table)))


def test_a_draft_may_change_and_go_but_is_not_published_without_review(database):
    keep(database, state="draft", published_at=None)
    step = "UPDATE rule_version SET lock_version = lock_version + 1"
    with database.writing() as session:
        session.execute(text(f"{step}, title = 'Another'"))
    publish = f"{step}, state = 'published', published_at = '2025-01-01'"
    with pytest.raises(IntegrityError), database.writing() as session:
        session.execute(text(publish))
    with database.writing() as session:
        session.execute(text(f"{step}, state = 'review'"))
    with pytest.raises(IntegrityError), database.writing() as session:
        session.execute(text(publish))
    with pytest.raises(IntegrityError), database.writing() as session:
        session.execute(text("DELETE FROM rule_version"))


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"state": "lost"}, id="an unknown state"),
        pytest.param({"state": "withdrawn"}, id="withdrawn at no moment"),
        pytest.param({"ended_at": MOMENT}, id="ended and published"),
        pytest.param(
            {"state": "superseded", "ended_at": MOMENT - timedelta(1)},
            id="ended before it was published",
        ),
        pytest.param({"published_at": None}, id="published at no moment"),
        pytest.param({"reviewer": "A"}, id="reviewed by its author"),
        pytest.param({"reviewer": "B"}, id="reviewed without an approval"),
        pytest.param({"lock_version": 0}, id="before its first step"),
        pytest.param({"number": 0}, id="numbered below one"),
        pytest.param({"effective_last": date(2024, 1, 1)}, id="ending before it starts"),
        pytest.param({"digest": "1" * 64}, id="without its text"),
    ],
)
def test_the_database_refuses_a_version(database, changes):
    with pytest.raises(IntegrityError):
        keep(database, **changes)


def test_a_moment_comes_back_in_utc(database):
    keep(database)
    with database.reading() as session:
        moment = session.get(RuleVersion, 1).published_at
        assert moment == datetime(2025, 1, 1, tzinfo=UTC)
        assert moment.tzinfo is not None


def test_foreign_keys_are_off_while_migrating_and_checked_before_the_end(tmp_path):
    address = make_url(f"sqlite:///{tmp_path / 'evenband.db'}")
    database = open_database(address)
    database.migrate()
    with database.engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar_one() == 1
    keep(database)
    raw = database.engine.raw_connection()
    raw.execute("PRAGMA foreign_keys = OFF")
    raw.execute("DROP TRIGGER rule_text_kept")
    raw.execute("DELETE FROM rule_text")
    raw.invalidate()
    with pytest.raises(Exception, match="rows refer to nothing in \\['rule_version'\\]"):
        command.upgrade(migrations_of(address), "head")
    database.close()
