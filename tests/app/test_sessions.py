"""A session commits before its endpoint answers, or the answer says that nothing was kept."""

import os
import subprocess
import sys
import threading

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import event, make_url, text
from sqlalchemy.exc import DBAPIError, OperationalError

from app.database import ReadSessionDep, SessionDep, open_database
from app.main import create_app
from app.models import RuleSetName
from app.settings import Settings
from engine.vocabulary import FIXTURES
from tests.house.sources import ROOT


@pytest.fixture
def service(database_url, tmp_path):
    nothing = tmp_path / "no_rules"
    nothing.mkdir()
    chosen = Settings(database_url=database_url, warm_at_start=False, rules_folder=nothing)
    app = create_app(chosen)

    @app.post("/names/{identifier}", status_code=201)
    def add(identifier: str, session: SessionDep) -> str:
        session.add(RuleSetName(identifier=identifier))
        return identifier

    @app.get("/names")
    def read(session: ReadSessionDep) -> int:
        return session.scalars(text("SELECT count(*) FROM rule_set")).one()

    @app.post("/names-read-only/{identifier}")
    def add_while_reading(identifier: str, session: ReadSessionDep) -> str:
        session.add(RuleSetName(identifier=identifier))
        return identifier

    return app


@pytest.fixture
def client(service):
    with TestClient(service, headers={"Sec-Fetch-Site": "same-origin"}) as caller:
        yield caller


def test_a_write_is_kept_when_it_is_answered(client):
    assert client.post("/names/toy").status_code == 201
    assert client.get("/names").json() == 1


def test_a_write_that_cannot_commit_is_never_answered_as_done(client, service):
    def fail(connection):
        raise OperationalError("COMMIT", {}, Exception("disk full"))

    event.listen(service.state.database.engine, "commit", fail)
    answer = client.post("/names/toy")
    event.remove(service.state.database.engine, "commit", fail)
    assert answer.status_code == 503
    assert answer.json()["type"] == "/problems/unavailable"
    assert answer.headers["Retry-After"] == "5"
    assert client.get("/names").json() == 0


def test_a_write_that_the_database_refuses_is_a_conflict(client):
    client.post("/names/toy")
    answer = client.post("/names/toy")
    assert answer.status_code == 409
    assert "toy" not in answer.text
    assert client.get("/names").json() == 1


def test_a_reading_session_keeps_nothing(client):
    client.post("/names-read-only/toy")
    assert client.get("/names").json() == 0


def test_a_failure_in_an_endpoint_keeps_nothing(client, service):
    @service.post("/failing/{identifier}")
    def fail(identifier: str, session: SessionDep) -> str:
        session.add(RuleSetName(identifier=identifier))
        session.flush()
        raise RuntimeError(identifier)

    answer = client.post("/failing/toy")
    assert (answer.status_code, answer.json()["type"]) == (500, "/problems/unexpected")
    assert client.get("/names").json() == 0


def test_a_reader_does_not_wait_for_a_writer(database):
    with database.writing() as writer:
        writer.add(RuleSetName(identifier="toy"))
        writer.flush()
        with database.reading() as reader:
            assert reader.scalars(text("SELECT count(*) FROM rule_set")).one() == 0


def test_two_writers_do_not_overlook_each_other(database):
    def add_if_absent():
        with database.writing() as session:
            if database.engine.dialect.name == "postgresql":
                session.execute(text("LOCK TABLE rule_set IN EXCLUSIVE MODE"))
            if not session.scalars(text("SELECT count(*) FROM rule_set")).one():
                session.add(RuleSetName(identifier="toy"))

    writers = [threading.Thread(target=add_if_absent) for _ in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    with database.reading() as session:
        assert session.scalars(text("SELECT count(*) FROM rule_set")).one() == 1


def test_what_was_sent_stands_in_no_error_of_the_database(database):
    with pytest.raises(DBAPIError) as caught, database.writing() as session:
        session.execute(text("SELECT :pupil FROM nowhere"), {"pupil": "canary-4711"})
    assert "canary-4711" not in str(caught.value)


STARTING = """
from fastapi.testclient import TestClient
from app.main import application
with TestClient(application()) as caller:
    assert caller.get("/v1/rule-sets").json()["items"]
"""


def test_two_starting_services_make_one_schema(database_url):
    surroundings = {
        **os.environ,
        "EVENBAND_DATABASE_URL": database_url,
        "EVENBAND_WARM_AT_START": "false",
        "EVENBAND_RULES_FOLDER": str(FIXTURES / "rules" / "toy"),
    }
    starting = [
        subprocess.Popen([sys.executable, "-c", STARTING], cwd=ROOT, env=surroundings)
        for _ in range(2)
    ]
    assert [one.wait(timeout=120) for one in starting] == [0, 0]
    opened = open_database(make_url(database_url))
    assert opened.is_at_head()
    opened.close()
