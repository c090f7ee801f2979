"""A pupil's key and need that are sent through every route are in no log, refusal, metric, temporary file or database."""

import io
import json
import logging
import logging.config
import re
import tempfile
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import inspect, text

from app.access import OWNER
from app.audit.service import Action, record
from app.main import create_app
from app.observability import log
from app.settings import Settings
from tests.app.test_methods import HELD, contexts
from tests.app.test_no_temporary_files import FORMS

KEY, NEED = "CANARYPUPIL7", "CANARYNEED7"
MARK = "canary"
ROW = f"{KEY},940,{NEED},E,mainstream,25,A\n".encode() * 200
REFUSED = 400
HEADERS = {
    "User-Agent": KEY,
    "X-Request-Id": KEY,
    "Cookie": f"pupil={KEY}",
    "Referer": f"http://127.0.0.1/?pupil={KEY}",
    "X-Forwarded-For": KEY,
    "Sec-Fetch-Site": "same-origin",
}


@pytest.fixture
def surroundings(monkeypatch, tmp_path):
    """Give the folder of temporary files and what is logged, both as a served service has them."""
    folder, stream = tmp_path / "temporary", io.StringIO()
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    settings = log.configuration("json")
    settings["handlers"]["stderr"]["stream"] = stream
    root = logging.getLogger()
    before = root.handlers[:], root.level
    logging.config.dictConfig(settings)
    yield folder, stream
    root.handlers[:], root.level = before[0], before[1]
    logging.getLogger(log.REQUESTS).setLevel(logging.NOTSET)


def filled(path, names):
    return re.sub(r"\{(\w+)(?::\w+)?\}", lambda one: names(one[1]), path)


def with_canary(value):
    """Return an example of a body with the key and the need of the canary in each record."""
    if isinstance(value, list):
        return [with_canary(one) for one in value]
    if not isinstance(value, dict):
        return value
    found = {name: with_canary(one) for name, one in value.items()}
    if "pupil_key" in found:
        found["pupil_key"] = KEY
    return found


def bodies(operation):
    """Yield bodies of an operation: its examples with the key of the canary, and with its need where none is read."""
    content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    pupil = {"pupil_key": KEY, "primary_need": NEED, NEED: NEED}
    for example in content.get("examples", {}).values():
        body = with_canary(example["value"])
        yield body
        records = {name: [pupil] for name, one in body.items() if isinstance(one, list)}
        yield {**body, **records, "pupils": [pupil]}
    yield {"pupils": [pupil], KEY: NEED}
    yield [pupil]


def through_the_api(caller):
    """Yield the answer of every operation of the description, asked in many ways with the canary."""
    described = caller.app.openapi()
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            names = [one["name"] for one in operation.get("parameters", []) if one["in"] == "query"]
            for name in (*names, "pupil"):
                address = filled(path, lambda part: HELD.get(part, "1"))
                yield caller.request(method, address, params={name: f"{KEY} {NEED}"})
            yield caller.request(method, filled(path, lambda _: KEY.lower()), params={"need": NEED})
            if method != "get":
                for body in bodies(operation):
                    yield caller.request(method, address, json=body)


def through_the_pages(caller):
    """Yield the answer of every other route, with the canary in its address, its query and its forms."""
    for route in contexts(caller.app.routes):
        methods = getattr(route, "methods", None) or ()
        for names in (lambda part: HELD.get(part, "1"), lambda _: KEY.lower()):
            address = filled(route.path, names)
            if "GET" in methods:
                yield caller.get(address, params={"pupils": KEY, "need": NEED, "band_1": KEY})
                yield caller.get(f"{address}/{KEY}", headers={"Accept": "text/html"})
            if "POST" in methods:
                for form in FORMS.values():
                    yield caller.post(address, **form(ROW), follow_redirects=False)


def everything_stored(database):
    """Yield every row of every table as text."""
    with database.engine.connect() as connection:
        for table in inspect(connection).get_table_names():
            for row in connection.execute(text(f'SELECT * FROM "{table}"')):  # noqa: S608 - a table of ours
                yield f"{table}: {row!s}"


def test_a_pupil_sent_through_every_route_is_kept_nowhere(migrated_url, surroundings, tmp_path):
    folder, stream = surroundings
    service = create_app(Settings(database_url=migrated_url, warm_at_start=False, metrics=True))
    statuses, refusals = set(), []
    with TestClient(service, raise_server_exceptions=False, headers=HEADERS) as caller:
        for walk in (through_the_api, through_the_pages):
            for answer in walk(caller):
                statuses.add(answer.status_code)
                if answer.status_code >= REFUSED:
                    refusals.append(answer.text + str(dict(answer.headers)))
        metrics = caller.get("/metrics").text
        service.state.reads.record(service.state.database)
        stored = [one for one in everything_stored(service.state.database) if MARK in one.lower()]
    assert {200, 404, 422} <= statuses
    assert 500 not in statuses
    assert not [one for one in refusals if MARK in one.lower()]
    lines = stream.getvalue()
    assert len(lines.splitlines()) > 300
    assert any(json.loads(one).get("rows") for one in lines.splitlines())
    assert MARK not in lines.lower()
    assert MARK not in metrics.lower()
    assert not stored
    files = [one for one in (*folder.rglob("*"), *tmp_path.rglob("*")) if one.is_file()]
    assert not [one for one in files if MARK.encode() in Path(one).read_bytes().lower()]


def test_a_leak_into_log_or_database_would_be_seen(database, surroundings):
    _, stream = surroundings
    logging.getLogger("evenband").warning("%s", KEY)
    with database.writing() as session:
        record(OWNER, session, Action.register_removed, KEY)
    assert MARK in stream.getvalue().lower()
    assert [one for one in everything_stored(database) if MARK in one.lower()]


def test_nothing_is_traced(service):
    assert {service._telemetry[name] for name in ("tracing", "metrics", "logs")} == {False}
