"""The table that says which schema a database has is checked at the start, which changes nothing then."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import MetaData, inspect, make_url, select, text

from app.database import SchemaUnknown, open_database
from app.main import create_app
from app.settings import Settings
from app.start import StartRefused

ROOT = Path(__file__).resolve().parents[2]

SPOILT = {
    "an unknown revision": ["UPDATE alembic_version SET version_num = 'not_ours'"],
    "a later release": [
        "UPDATE alembic_version SET version_num = 'from_the_future'",
        "CREATE TABLE something_new (id INTEGER PRIMARY KEY)",
    ],
    "no row": ["DELETE FROM alembic_version"],
    "two revisions, both known": ["INSERT INTO alembic_version VALUES ('rule_sets')"],
    "two revisions, one unknown": ["INSERT INTO alembic_version VALUES ('not_ours')"],
    "no table beside ours": ["DROP TABLE alembic_version"],
    "a table of another form": [
        "DROP TABLE alembic_version",
        "CREATE TABLE alembic_version (revision VARCHAR(32) PRIMARY KEY)",
    ],
    "the newest, without one of our tables": ["DROP TABLE rule_file"],
}
SAID = {
    "no row": "of no revision",
    "two revisions, both known": "2 revisions at once",
    "no table beside ours": "of no revision",
    "the newest, without one of our tables": "no table rule_file",
}
NOT_KNOWN = "not one that this release knows"


def everything(address: str) -> dict[str, object]:
    """Return every table of a database with its columns and rows, and the bytes of a file."""
    database = open_database(make_url(address))
    found, metadata = {}, MetaData()
    with database.engine.connect() as connection:
        metadata.reflect(connection)
        for name, table in metadata.tables.items():
            columns = [
                (one["name"], str(one["type"])) for one in inspect(connection).get_columns(name)
            ]
            found[name] = (columns, sorted(map(repr, connection.execute(select(table)))))
    database.close()
    file = make_url(address).database
    return found | ({"bytes": Path(file).read_bytes()} if address.startswith("sqlite") else {})


@pytest.fixture
def refused(migrated_url, tmp_path):
    """Return what spoils a database at the newest schema, and the settings that name it."""

    def spoil(statements: list[str]) -> Settings:
        database = open_database(make_url(migrated_url))
        with database.engine.begin() as connection:
            for statement in statements:
                connection.execute(text(statement))
        database.close()
        return Settings(database_url=migrated_url, warm_at_start=False, rules_folder=tmp_path)

    return spoil


@pytest.mark.parametrize("name", SPOILT)
@pytest.mark.parametrize("migrates", [True, False], ids=["migrating", "not migrating"])
def test_a_start_refuses_it_in_one_sentence_and_changes_nothing(refused, name, migrates):
    settings = refused(SPOILT[name]).model_copy(update={"migrate_at_start": migrates})
    before = everything(settings.database_url)
    with pytest.raises(StartRefused) as caught, TestClient(create_app(settings)):
        pass
    sentence = str(caught.value)
    assert SAID.get(name, NOT_KNOWN) in sentence
    assert "\n" not in sentence
    assert not any(word in sentence for word in ("Error", "alembic", "SELECT", "psycopg"))
    if settings.address.get_backend_name() == "sqlite":
        assert settings.address.database in sentence
    assert everything(settings.database_url) == before


def test_a_file_of_another_program_keeps_every_byte(tmp_path):
    address = f"sqlite:///{tmp_path / 'other.db'}"
    database = open_database(make_url(address))
    with database.engine.begin() as connection:
        connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32))"))
        connection.execute(text("INSERT INTO alembic_version VALUES ('theirs')"))
    database.close()
    before = (tmp_path / "other.db").read_bytes()
    with pytest.raises(SchemaUnknown):
        database.migrate()
    database.close()
    assert (tmp_path / "other.db").read_bytes() == before
    assert [one.name for one in tmp_path.iterdir()] == ["other.db"]


def test_a_database_without_any_table_is_brought_up_to_date(database_url):
    database = open_database(make_url(database_url))
    with database.engine.begin() as connection:
        connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32))"))
    database.migrate()
    assert database.is_at_head()
    database.close()


def test_every_earlier_revision_is_brought_up_to_date(database_url):
    database = open_database(make_url(database_url))
    for revision in ("rule_sets", "rule_set_parts"):
        database.migrate(revision)
        assert not database.is_at_head()
    database.migrate()
    assert database.is_at_head()
    database.close()


def test_an_sqlite_file_that_is_used_can_be_read_while_it_is_written(tmp_path):
    database = open_database(make_url(f"sqlite:///{tmp_path / 'evenband.db'}"))
    database.migrate()
    with database.engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar_one() == "wal"
    database.close()


def test_a_server_ends_with_one_sentence_and_a_code_of_its_own(refused):
    settings = refused(SPOILT["two revisions, both known"])
    environment = os.environ | {
        "EVENBAND_DATABASE_URL": settings.database_url,
        "EVENBAND_WARM_AT_START": "false",
    }
    program = Path(sys.executable).with_name("evenband")
    ran = subprocess.run(
        [program, "serve", "--port", "65000"],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert ran.returncode == 3
    said = ran.stdout + ran.stderr
    assert said.count("2 revisions at once") == 1
    assert not any(word in said for word in ("Traceback", "alembic", "sqlalchemy"))


def test_rows_that_refer_to_nothing_are_one_sentence(tmp_path):
    address = f"sqlite:///{tmp_path / 'evenband.db'}"
    database = open_database(make_url(address))
    database.migrate("rule_set_parts")
    raw = database.engine.raw_connection()
    raw.execute("PRAGMA foreign_keys = OFF")
    raw.execute(
        "INSERT INTO rule_version (rule_set_id, number, state, digest, title, funding_year, "
        "year_kind, effective_first, effective_last, standing, has_formula, has_bands, author, "
        "published_at) VALUES (99, 1, 'published', 'none', 'Toy', '2025-26', 'financial', "
        "'2025-04-01', '2026-03-31', 'verified', 1, 0, 'A', '2025-01-01')"
    )
    raw.invalidate()
    database.close()
    settings = Settings(database_url=address, warm_at_start=False, rules_folder=tmp_path)
    with (
        pytest.raises(StartRefused, match="is damaged; put back a copy"),
        TestClient(create_app(settings)),
    ):
        pass
