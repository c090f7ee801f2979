"""Reads of pupil data are events: who, by which address, how many rows, and never a row; what-ifs do not wait for them."""

import asyncio
import json
import threading
import time
from datetime import UTC, datetime

import pytest
from fastapi.testclient import TestClient
from sqlalchemy.exc import OperationalError

from app.access import OWNER, Asker
from app.audit.reads import AuditWriter, PupilReads
from app.audit.service import check_chain, newest
from app.bodies.route import BodyRoute
from app.bodies.row_counts import OF_OTHERS, OF_PUPILS, ONE_SCHOOL, row_counts
from app.main import create_app
from app.observability.facts import RequestFacts
from app.settings import Settings
from app.warm_up import ask_first_questions
from app.what_ifs.examples import COMPARISON, NOTIONAL_SEN, TOP_UPS
from tests.app.test_methods import contexts

ROUTE = "/v1/what-ifs/top-ups"
ANNA = Asker("Anna", "Kent")
(BODY, *_) = (one["value"] for one in TOP_UPS.values())


def facts(route=ROUTE):
    return RequestFacts("a", route, "POST", 200, 0.1, "Kent", "person", 3, "")


def state(rows, asker=ANNA):
    return {"pupil_rows": rows, "asker": asker}


def events(database):
    with database.reading() as session:
        found = newest(OWNER, session, 100)
        session.expunge_all()
    return found[::-1]


def test_what_one_asker_reads_by_one_address_is_one_event_with_its_rows(database):
    reads = PupilReads()
    for rows in (3, 30, 1):
        reads.observe(facts(), state(rows))
    reads.observe(facts("/v1/what-ifs/comparison"), state(7))
    reads.observe(facts(), state(2, Asker("Ben", "Essex")))
    reads.record(database)
    reads.record(database)
    said = {
        (one.actor, one.tenant, one.subject): json.loads(one.detail) for one in events(database)
    }
    assert len(events(database)) == 3
    first = said["Anna", "Kent", ROUTE]
    assert (first["requests"], first["rows"]) == (3, 34)
    assert datetime.fromisoformat(first["first"]) <= datetime.now(UTC)
    assert said["Ben", "Essex", ROUTE]["rows"] == 2
    assert {one.action for one in events(database)} == {"pupil data read"}
    with database.reading() as session:
        assert check_chain(OWNER, session).fault is None


def test_what_has_no_pupils_or_no_asker_is_no_read_of_them(database):
    reads = PupilReads()
    reads.observe(facts(), state(0))
    reads.observe(facts(), {"pupil_rows": 3})
    reads.observe(facts(), {})
    reads.record(database)
    assert not events(database)


def test_reads_that_cannot_be_recorded_stay_counted_until_they_can(database, monkeypatch):
    reads = PupilReads()
    reads.observe(facts(), state(3))

    def failing(*_):
        raise OperationalError("x", None, RuntimeError())

    with monkeypatch.context() as broken:
        broken.setattr("app.audit.service.record", failing)
        with pytest.raises(OperationalError):
            reads.record(database)
    reads.observe(facts(), state(4))
    reads.record(database)
    (only,) = events(database)
    assert json.loads(only.detail)["rows"] == 7


def test_reads_of_many_threads_are_all_counted(database):
    reads = PupilReads()
    threads = [
        threading.Thread(target=lambda: [reads.observe(facts(), state(2)) for _ in range(500)])
        for _ in range(4)
    ]
    for one in threads:
        one.start()
    while any(one.is_alive() for one in threads):
        reads.record(database)
    reads.record(database)
    assert sum(json.loads(one.detail)["rows"] for one in events(database)) == 4_000


def test_a_service_records_who_read_how_many_rows_at_the_latest_when_it_stops(settings):
    with TestClient(create_app(settings)) as caller:
        for path, examples in (
            ("top-ups", TOP_UPS),
            ("comparison", COMPARISON),
            ("notional-sen", NOTIONAL_SEN),
        ):
            (body, *_) = (one["value"] for one in examples.values())
            assert caller.post(f"/v1/what-ifs/{path}", json=body).status_code == 200
        database = caller.app.state.database
    said = [one for one in events(database) if one.action == "pupil data read"]
    (read,) = [one for one in said if one.subject == ROUTE]
    assert json.loads(read.detail)["rows"] == len(BODY["pupils"])
    assert (read.actor, read.tenant) == ("owner", "local")
    assert not any(one.subject.endswith("notional-sen") for one in said)
    keys = {str(one["pupil_key"]) for one in BODY["pupils"]}
    assert not any(key in one.detail + one.subject for key in keys for one in said)


def test_a_read_is_recorded_while_the_service_runs(database):
    reads = PupilReads()
    reads.observe(facts(), state(3))
    with AuditWriter(database, reads, None).running(0.01):
        until = time.monotonic() + 30
        while not events(database) and time.monotonic() < until:
            time.sleep(0.01)
        assert len(events(database)) == 1


def test_the_first_event_of_a_day_has_an_anchor_and_so_has_the_last_before_the_stop(
    database, tmp_path
):
    folder = tmp_path / "anchors"
    folder.mkdir()
    reads = PupilReads()
    writer = AuditWriter(database, reads, folder)
    writer.write()
    assert not list(folder.iterdir())
    reads.observe(facts(), state(3))
    writer.write()
    reads.observe(facts(), state(4))
    writer.write()
    day = events(database)[0].at.date().isoformat()
    assert [one.name for one in folder.iterdir()] == [f"audit-{day}.json"]
    with writer.running():
        pass
    assert {one.name for one in folder.iterdir()} == {f"audit-{day}.json", f"audit-{day}-2.json"}
    assert json.loads((folder / f"audit-{day}-2.json").read_text())["seq"] == 2
    writer.write(is_end=True)
    assert len(list(folder.iterdir())) == 2


def test_an_anchor_that_cannot_be_written_stops_no_service(database, tmp_path, caplog):
    reads = PupilReads()
    reads.observe(facts(), state(3))
    AuditWriter(database, reads, tmp_path / "nowhere").write()
    assert "the audit could not be written: FileNotFoundError" in caplog.text
    assert len(events(database)) == 1


def test_every_field_of_records_is_counted():
    known = OF_PUPILS | OF_OTHERS | {ONE_SCHOOL}
    bodies = [
        one.body_field.field_info.annotation
        for one in contexts(create_app(Settings()).routes)
        if isinstance(getattr(one, "original_route", None), BodyRoute)
        and getattr(one, "body_field", None) is not None
    ]
    assert len(bodies) > 5
    for body in bodies:
        records = {
            name
            for name, field in body.model_fields.items()
            if "Cell" in repr(field.annotation) or "object" in str(field.annotation)
        }
        assert records <= known, body
        assert records or not hasattr(body, "pupils"), body


def test_rows_are_counted_without_looking_into_them():
    class Body:
        pupils = (1, 2)
        schools = None
        school = None

    assert row_counts(Body()) == (2, 2)
    assert row_counts(object()) == (0, 0)


def test_what_a_service_asks_itself_at_its_start_is_no_read_and_uses_no_limit(settings):
    service = create_app(settings)
    with TestClient(service):
        assert 200 in asyncio.run(ask_first_questions(service))
        service.state.reads.record(service.state.database)
        assert not [
            one for one in events(service.state.database) if one.action == "pupil data read"
        ]
        assert not service.state.limits._levels
