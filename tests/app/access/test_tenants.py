"""An organisation sees its own rule sets and everybody's, and no other organisation's."""

from typing import Annotated

import pytest
from alembic import command
from fastapi.testclient import TestClient
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from app.access import OWNER, RIGHTS, SHARED, Asker, Right, Role, asker_of
from app.access.permission import require
from app.audit.service import newest
from app.models import RuleSetName
from app.rule_sets import service as rule_sets
from app.rule_sets.publish import IdentifierShared, NotThere, publish, withdraw
from engine.rules import RuleSet, load_rule_set
from engine.vocabulary import FIXTURES

TOY = (FIXTURES / "rules" / "toy" / "toy-2025-26.yaml").read_text(encoding="utf-8")
IDENTIFIER = "toy-2025-26"
ONE = Asker("one", "929", frozenset({Role.publisher}))
OTHER = Asker("other", "208", frozenset(Role))


def toy(version: int = 1, identifier: str = IDENTIFIER) -> RuleSet:
    """Return the toy rules as another version or under another identifier."""
    changed = TOY.replace("version: 1", f"version: {version}", 1)
    return load_rule_set(changed.replace(IDENTIFIER, identifier))


def publish_as(database, asker: Asker, document: RuleSet) -> None:
    with database.writing() as session:
        publish(asker, session, document)


def seen(database, asker: Asker) -> list[tuple[str, int]]:
    """Return what an asker's list shows: identifiers and versions."""
    with database.reading() as session:
        rows = rule_sets.latest_versions(asker, session)
        return [(row.identifier, row.number) for row in rows]


def answered(database, asker: Asker, version: int | None = None) -> int | None:
    """Return the version that answers under the identifier, None where it is not found."""
    with database.reading() as session:
        try:
            found = rule_sets.published(asker, session, IDENTIFIER, version).version
        except rule_sets.RuleSetUnknown:
            return None
        row = rule_sets.version_of(asker, session, IDENTIFIER, version)
        known = rule_sets.version_known(asker, session, IDENTIFIER, None, None)
        assert row.number == found
        assert version is not None or known.number == found
        assert found in rule_sets.versions_of(asker, session, IDENTIFIER)
        return found


def test_another_organisations_rule_set_is_not_found(database):
    publish_as(database, ONE, toy())
    assert [answered(database, one) for one in (ONE, OTHER, OWNER)] == [1, None, None]
    assert answered(database, OTHER, 1) is None
    assert [seen(database, one) for one in (ONE, OTHER, OWNER)] == [[(IDENTIFIER, 1)], [], []]


def test_what_is_everybodys_is_seen_by_every_organisation(database):
    publish_as(database, OWNER, toy())
    assert [answered(database, one) for one in (ONE, OTHER, OWNER)] == [1, 1, 1]
    assert seen(database, ONE) == seen(database, OWNER) == [(IDENTIFIER, 1)]


def test_an_organisations_own_rule_set_wins_over_everybodys(database):
    publish_as(database, ONE, toy(3))
    publish_as(database, OWNER, toy(1))
    assert [answered(database, one) for one in (ONE, OTHER, OWNER)] == [3, 1, 1]
    assert [answered(database, one, 1) for one in (ONE, OTHER)] == [None, 1]
    assert [seen(database, one) for one in (ONE, OTHER)] == [[(IDENTIFIER, 3)], [(IDENTIFIER, 1)]]


def test_a_name_without_a_published_version_hides_nothing(database):
    with database.writing() as session:
        session.add(RuleSetName(tenant=ONE.tenant, identifier=IDENTIFIER))
    publish_as(database, OWNER, toy())
    assert answered(database, ONE) == 1
    assert seen(database, ONE) == [(IDENTIFIER, 1)]


def test_an_organisation_may_not_take_an_identifier_that_is_everybodys(database):
    publish_as(database, OWNER, toy())
    with pytest.raises(IdentifierShared):
        publish_as(database, ONE, toy(2))
    publish_as(database, ONE, toy(1, "mine-2025-26"))
    assert seen(database, ONE) == [("mine-2025-26", 1), (IDENTIFIER, 1)]


def test_an_organisation_withdraws_nothing_but_its_own(database):
    publish_as(database, OWNER, toy())
    with database.writing() as session, pytest.raises(NotThere):
        withdraw(ONE, session, IDENTIFIER, 1, "not theirs")
    assert answered(database, OTHER) == 1


def test_two_organisations_publish_the_same_identifier_and_version_side_by_side(database):
    publish_as(database, ONE, toy())
    publish_as(database, OTHER, toy())
    with pytest.raises(IntegrityError), database.writing() as session:
        session.add(RuleSetName(tenant=ONE.tenant, identifier=IDENTIFIER))
    assert [answered(database, one) for one in (ONE, OTHER)] == [1, 1]


def test_rule_sets_from_before_there_were_organisations_are_everybodys(database):
    command.downgrade(database.migrations, "reviews")
    with database.engine.begin() as connection:
        connection.execute(text("INSERT INTO rule_set (identifier) VALUES ('old')"))
    command.upgrade(database.migrations, "tenants")
    with database.engine.begin() as connection:
        found = connection.execute(text("SELECT identifier, tenant FROM rule_set")).one()
        assert tuple(found) == ("old", SHARED)
    command.downgrade(database.migrations, "reviews")
    with database.engine.begin() as connection:
        assert connection.execute(text("SELECT identifier FROM rule_set")).scalar_one() == "old"


def test_going_back_is_refused_where_two_organisations_use_one_identifier(database):
    with database.writing() as session:
        for tenant in (ONE.tenant, OTHER.tenant):
            session.add(RuleSetName(tenant=tenant, identifier=IDENTIFIER))
    with pytest.raises(IntegrityError):
        command.downgrade(database.migrations, "reviews")
    with database.reading() as session:
        assert session.query(RuleSetName).count() == 2


def test_the_owner_may_do_everything_and_nobody_anything_that_no_role_allows():
    assert all(OWNER.may(right) for right in Right)
    assert not any(Asker("none", "929").may(right) for right in Right)
    assert RIGHTS.keys() == set(Role)
    assert not ONE.may(Right.draft)
    assert ONE.may(Right.publish)


def test_a_right_that_is_lacking_is_refused_and_recorded_without_what_was_asked(service):
    @service.post("/tried/{word}")
    def try_it(word: str, asker: Annotated[Asker, require(Right.draft)]) -> str:
        return asker.actor

    with TestClient(service) as client:
        assert client.post("/tried/secret").json() == OWNER.actor
        service.dependency_overrides[asker_of] = lambda: ONE
        answer = client.post("/tried/secret")
        assert (answer.status_code, answer.json()["type"]) == (403, "/problems/not-allowed")
        with service.state.database.reading() as session:
            [event] = newest(OWNER, session, 1)
    said = (event.actor, event.tenant, event.action, event.subject, event.detail)
    assert said == ("one", "929", "access denied", "POST /tried/{word}", '{"needs":"draft"}')
