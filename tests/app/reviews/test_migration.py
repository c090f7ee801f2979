"""The step of the schema that keeps drafts: what a database has before it and after it is the same."""

import pytest
from alembic import command
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from app.access import OWNER
from app.database import Database
from app.reviews import service
from app.reviews.service import Named
from app.rule_sets.publish import publish
from engine.rules import load_rule_set
from tests.app.reviews.conftest import IDENTIFIER, TOY, person

ANNA = person("anna")
FIRST = "SELECT id, number, state, digest, title, author FROM rule_version ORDER BY id"


def rows(database: Database, query: str) -> list[tuple[object, ...]]:
    with database.reading() as session:
        return [tuple(one) for one in session.execute(text(query))]


def seeded(database: Database) -> None:
    """Keep a published version, a draft and a draft in review."""
    with database.writing() as session:
        publish(OWNER, session, load_rule_set(TOY))
    for _ in range(2):
        with database.writing() as session:
            service.begin_as_successor(ANNA, session, IDENTIFIER, None)
    with database.writing() as session:
        service.submit(ANNA, session, Named(IDENTIFIER, 3))


def test_versions_are_the_same_on_the_way_down_and_up_and_drafts_begin_their_history_again(
    database,
):
    seeded(database)
    before = rows(database, FIRST)
    command.downgrade(database.migrations, "lifecycle")
    assert rows(database, FIRST) == before
    database.migrate()
    assert rows(database, FIRST) == before
    assert rows(database, "SELECT version_id, seq, actor FROM rule_change ORDER BY 1") == [
        (2, 1, "anna"), (3, 1, "anna")
    ]  # fmt: skip
    assert set(rows(database, "SELECT lock_version FROM rule_version")) == {(1,)}
    with database.writing() as session:
        service.submit(ANNA, session, Named(IDENTIFIER, 2))
    with database.reading() as session:
        assert len(service.draft(ANNA, session, Named(IDENTIFIER, 3)).changes) == 1


@pytest.mark.parametrize("revision", ["lifecycle", "reviews"])
def test_after_any_step_the_guards_of_that_step_refuse(database, revision):
    seeded(database)
    command.downgrade(database.migrations, revision)
    for one in (
        "UPDATE rule_version SET state = 'published', published_at = '2026-01-01' WHERE number = 2",
        "UPDATE rule_version SET title = 'Another' WHERE number = 1",
        "DELETE FROM rule_version WHERE number = 3",
    ):
        with pytest.raises(IntegrityError), database.writing() as session:
            session.execute(text(one))
