"""Steps of a draft are whole: of two at once one is taken, and whichever call of the database fails, nothing is half done."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import event, text

from app.access import OWNER
from app.audit.service import check_chain
from app.database import Database
from app.errors import Refused
from app.reviews import service
from app.reviews.schemas import ApprovalRequest
from app.reviews.service import Named
from app.rule_sets.publish import publish as publish_document
from engine.rules import load_rule_set
from tests.app.reviews.conftest import IDENTIFIER, TOY, person

ANNA, BEN = person("anna"), person("ben")
CHANGED = TOY.replace('notional_percent: "', 'notional_percent: "1', 1)
DRAFT = Named(IDENTIFIER, 2)
TABLES = (
    "rule_version", "rule_text", "rule_change", "rule_comment", "rule_approval", "audit_event"
)  # fmt: skip


def with_draft(database: Database) -> None:
    with database.writing() as session:
        publish_document(OWNER, session, load_rule_set(TOY))
    with database.writing() as session:
        service.begin_as_successor(ANNA, session, IDENTIFIER, None)


def save(database: Database, words: str = CHANGED) -> None:
    with database.writing() as session:
        service.save(ANNA, session, DRAFT, words)


def submit(database: Database) -> None:
    with database.writing() as session:
        service.submit(ANNA, session, DRAFT)


def approve(database: Database) -> None:
    with database.reading() as reading, database.writing() as session:
        digest = service.draft(BEN, reading, DRAFT).version.digest
        request = ApprovalRequest(digest=digest)
        service.approve(BEN, session, reading, DRAFT, request, (Path("none"),))


def publish(database: Database) -> None:
    with database.writing() as session:
        service.publish(BEN, session, DRAFT)


def send_back(database: Database) -> None:
    with database.writing() as session:
        service.send_back(BEN, session, DRAFT, "words")


def delete(database: Database) -> None:
    with database.writing() as session:
        service.delete(ANNA, session, DRAFT)


STEPS: dict[str, tuple[tuple[Callable[[Database], None], ...], Callable[[Database], None]]] = {
    "save": ((), save),
    "submit": ((), submit),
    "approve": ((submit,), approve),
    "send back": ((submit, approve), send_back),
    "publish": ((save, submit, approve), publish),
    "delete": ((save, submit, approve, send_back), delete),
}
"""Each step, after those that lead to it."""


def whole(database: Database) -> dict[str, list[tuple[object, ...]]]:
    """Return every row of the register; the chain of the audit fits."""
    with database.reading() as session:
        assert check_chain(OWNER, session).fault is None
        return {
            one: sorted(map(tuple, session.execute(text(f"SELECT * FROM {one}"))), key=str)  # noqa: S608
            for one in TABLES
        }


@pytest.mark.parametrize("name", STEPS)
def test_whichever_call_of_the_database_fails_a_step_is_not_taken_at_all(database, name):
    before, step = STEPS[name]
    with_draft(database)
    for one in before:
        one(database)
    was, calls, failing = whole(database), 0, 0

    def fail(*_: object) -> None:
        nonlocal calls
        calls += 1
        if calls == failing:
            message = "the database is gone"
            raise ConnectionError(message)

    for failing in range(1, 80):
        calls = 0
        event.listen(database.engine, "before_cursor_execute", fail)
        try:
            step(database)
        except ConnectionError:
            pass
        else:
            assert calls < failing
            break
        finally:
            event.remove(database.engine, "before_cursor_execute", fail)
        assert whole(database) == was, f"call {failing}"
    assert failing > 5
    now = whole(database)
    assert now != was
    assert len(now["audit_event"]) > len(was["audit_event"])


def attempts(database: Database, step: Callable[[Database], None], times: int) -> Counter[str]:
    """Take one step from several threads at once, and count what became of each."""

    def attempt(_: int) -> str:
        try:
            step(database)
        except Refused as refused:
            return refused.kind
        return "taken"

    with ThreadPoolExecutor(times) as threads:
        return Counter(threads.map(attempt, range(times)))


def test_of_publishers_of_one_draft_at_once_one_publishes(database):
    with_draft(database)
    for one in (save, submit, approve):
        one(database)
    assert attempts(database, publish, 4) == {"taken": 1, "draft-unknown": 3}
    with database.reading() as session:
        states = session.execute(text("SELECT number, state FROM rule_version ORDER BY number"))
        assert [tuple(one) for one in states] == [(1, "superseded"), (2, "published")]
        assert check_chain(OWNER, session).fault is None


def test_of_authors_who_save_what_they_read_at_once_one_saves(database):
    with_draft(database)
    with database.reading() as session:
        tag = service.tag_of(service.draft(ANNA, session, DRAFT).version)

    def save_as_read(database: Database) -> None:
        with database.writing() as session:
            service.save(ANNA, session, Named(IDENTIFIER, 2, tag), CHANGED)

    assert attempts(database, save_as_read, 4) == {"taken": 1, "match-stale": 3}


def test_an_approval_and_a_return_at_once_leave_no_approval_of_a_draft(database):
    with_draft(database)
    submit(database)

    def either(step: Callable[[Database], None]) -> str:
        try:
            step(database)
        except Refused as refused:
            return refused.kind
        return "taken"

    with ThreadPoolExecutor(2) as threads:
        approved, returned = threads.map(either, (approve, send_back))
    assert returned == "taken"
    assert approved in {"taken", "draft-step"}
    submit(database)
    with pytest.raises(Refused):
        publish(database)
