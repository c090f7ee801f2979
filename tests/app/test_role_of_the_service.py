"""On PostgreSQL the service can be a role that owns nothing: it works, and cannot put aside what guards its tables."""

from contextlib import closing

import psycopg
import pytest
from fastapi.testclient import TestClient
from pydantic import ValidationError
from sqlalchemy import make_url, text
from sqlalchemy.exc import ProgrammingError

from app.access import OWNER
from app.audit.service import check_chain
from app.guards import rights_on
from app.main import create_app
from app.models import Base
from app.settings import Settings
from engine.vocabulary import FIXTURES

ROLE = "evenband service"
HEADERS = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def settings(postgres_server, postgres_url):
    """Give the settings of a service that is another role than the owner of the database."""
    postgres_server.run(f'CREATE ROLE "{ROLE}" LOGIN')
    served = make_url(postgres_url).set(username=ROLE)
    yield Settings(
        database_url=served.render_as_string(hide_password=False),
        migration_url=postgres_url,
        warm_at_start=False,
        rules_folder=FIXTURES / "rules" / "toy",
    )
    owner = make_url(postgres_url)
    with closing(
        psycopg.connect(
            host=owner.query["host"], user=owner.username, dbname=owner.database, autocommit=True
        )
    ) as connection:
        connection.execute(f'DROP OWNED BY "{ROLE}"')
    postgres_server.run(f'DROP ROLE "{ROLE}"')


@pytest.fixture
def caller(settings):
    with TestClient(create_app(settings), headers=HEADERS) as caller:
        yield caller


def test_the_service_publishes_drafts_and_records_as_a_role_that_owns_nothing(caller, settings):
    assert caller.get("/v1/rule-sets/toy-2025-26").status_code == 200
    begun = caller.post("/v1/drafts", json={"successor_of": "toy-2025-26"})
    assert begun.status_code == 201
    draft = f"/v1/drafts/toy-2025-26/{begun.json()['version']}"
    assert caller.delete(draft, headers={"If-Match": begun.headers["ETag"]}).status_code == 204
    made = caller.post("/v1/keys", json={"name": "x"}).json()
    assert caller.delete(f"/v1/keys/{made['prefix']}").status_code == 200
    with caller.app.state.database.reading() as session:
        assert session.scalar(text("SELECT current_user")) == ROLE
        assert not session.scalars(
            text("SELECT tablename FROM pg_tables WHERE tableowner = current_user")
        ).all()
        assert check_chain(OWNER, session).fault is None
    with TestClient(create_app(settings)) as again:
        assert again.get("/v1/rule-sets/toy-2025-26").status_code == 200


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_event SET actor = 'another'",
        "DELETE FROM audit_event",
        "TRUNCATE audit_event",
        "UPDATE rule_text SET canonical = '{}'",
        "DELETE FROM rule_set",
        "TRUNCATE rule_version CASCADE",
        "DROP TRIGGER audit_event_kept ON audit_event",
        "ALTER TABLE audit_event DISABLE TRIGGER ALL",
        "SET session_replication_role = replica",
        "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE sql AS 'SELECT NULL'",
        "DROP TABLE access_key",
        "CREATE TABLE mine (id int)",
        "UPDATE alembic_version SET version_num = 'another'",
    ],
)
def test_the_role_of_the_service_can_put_no_guard_aside(caller, statement):
    with pytest.raises(ProgrammingError), caller.app.state.database.writing() as session:
        session.execute(text(statement))


def test_a_role_has_no_right_that_a_guard_refuses_of_every_row():
    rights = {table: rights_on(table) for table in Base.metadata.tables}
    for table in ("audit_event", "rule_text", "rule_set"):
        assert rights[table] == "SELECT, INSERT"
    assert rights["rule_version"] == rights["access_key"] == "SELECT, INSERT, UPDATE, DELETE"


@pytest.mark.parametrize(
    ("served", "owner", "sentence"),
    [
        ("sqlite:////tmp/x.db", "postgresql://owner@/x", "is for PostgreSQL"),
        ("postgresql://one@/x", "sqlite:////tmp/x.db", "is for PostgreSQL"),
        ("postgresql://one@/x", "postgresql://one@/x", "need different users"),
    ],
)
def test_settings_that_name_no_two_users_are_refused(served, owner, sentence):
    with pytest.raises(ValidationError, match=sentence):
        Settings(database_url=served, migration_url=owner)
