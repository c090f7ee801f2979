"""A line a request, of a list of keys: the route and how it went, and nothing that was sent."""

import io
import json
import logging
import logging.config

import pytest
from fastapi.testclient import TestClient

from app.main import create_app
from app.observability import log
from app.observability.facts import RequestFacts
from app.what_ifs.examples import NOTIONAL_SEN, TOP_UPS

CANARY = "CANARYPUPIL"
RULES = "/v1/rule-sets/bedford-2022-23"
OF_A_REQUEST = {"at", "level", "event", "request_id", "route", "method", "status", "seconds"}


@pytest.fixture
def lines(monkeypatch):
    """Give what is logged, line by line, in the form that is set."""
    stream = io.StringIO()
    settings = log.configuration("json")
    settings["handlers"]["stderr"]["stream"] = stream
    root = logging.getLogger()
    before = root.handlers[:], root.level
    logging.config.dictConfig(settings)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    root.handlers[:], root.level = before[0], before[1]
    logging.getLogger(log.REQUESTS).setLevel(logging.NOTSET)


def test_a_request_is_one_line_with_its_route_and_never_its_address(client, lines):
    answer = client.get(f"{RULES}?version=1")
    (line,) = lines()
    assert line["route"] == "/v1/rule-sets/{identifier}"
    assert (line["method"], line["status"]) == ("GET", answer.status_code)
    assert line["request_id"] == answer.headers["X-Request-Id"]
    assert 0 < line["seconds"] < 60
    assert "bedford" not in json.dumps(line)


def test_a_what_if_says_how_many_rows_it_had_and_none_of_them(client, lines):
    for path, example in (("top-ups", TOP_UPS), ("notional-sen", NOTIONAL_SEN)):
        body = next(iter(example.values()))["value"]
        assert client.post(f"/v1/what-ifs/{path}", json=body).status_code == 200
        (line,) = lines()[-1:]
        assert line["rows"] == len(body.get("pupils", body.get("schools")))
        assert line.keys() <= log.KEYS


@pytest.mark.parametrize(
    ("method", "address", "route", "status"),
    [
        ("GET", f"/{CANARY}?need={CANARY}", "none", 404),
        ("GET", f"/v1/rule-sets/{CANARY.lower()}", "/v1/rule-sets/{identifier}", 404),
        ("GET", "/static/govuk-frontend.min.css", "/static", 200),
        ("HEAD", "/health/live", "/health/live", 200),
        (CANARY, "/health/live", "/health/live", 405),
        ("GET", f"/health/live?{CANARY}=%0a{CANARY}", "/health/live", 200),
        ("GET", f"/v1/rule-sets?{'a&' * 600}", "none", 422),
    ],
)
def test_every_request_has_a_line_whatever_became_of_it(
    client, lines, method, address, route, status
):
    assert client.request(method, address).status_code == status
    (line,) = lines()
    assert (line["route"], line["status"]) == (route, status)
    assert CANARY.lower() not in json.dumps(line).lower()
    assert line.keys() >= OF_A_REQUEST
    assert line["method"] in {"GET", "HEAD", "other"}


def test_a_failure_is_a_line_by_its_kind_and_place_that_the_request_is_found_by(service, lines):
    service.get("/v1/fail")(fail)
    with TestClient(service) as caller:
        answer = caller.get("/v1/fail")
    failure, request = lines()
    assert failure["level"] == "error"
    assert "RuntimeError at" in failure["event"]
    assert failure["request_id"] == request["request_id"] == answer.headers["X-Request-Id"]
    assert CANARY not in json.dumps([failure, request])


def fail():
    raise RuntimeError(CANARY)


def test_an_error_that_a_library_logs_loses_its_words(lines):
    with pytest.raises(RuntimeError) as found:
        fail()
    error = found.value
    logging.getLogger("uvicorn.error").error("Exception in ASGI application", exc_info=error)
    (line,) = lines()
    assert line["error"] == "RuntimeError"
    assert "test_log.py" in line["place"]
    assert CANARY not in json.dumps(line)


def test_a_key_outside_the_list_fails_in_a_test_and_is_left_out_in_service(monkeypatch, lines):
    logger = logging.getLogger("evenband")
    with pytest.raises(KeyError, match="pupil_key"):
        log.known_keys(logger, "warning", {"event": "x", "pupil_key": CANARY})
    with pytest.raises(KeyError, match="pupil_key"):
        log.log_line({"pupil_key": CANARY})
    monkeypatch.setattr(log.Strictness, "refuses_unknown", False)
    logger.warning("x", extra={"pupil_key": CANARY, "rows": 3})
    log.log_line({"pupil_key": CANARY, "status": 200})
    warning, request = lines()
    assert warning.keys() == {"at", "level", "event", "rows"}
    assert request.keys() == {"at", "level", "event", "status"}


def test_every_fact_of_a_request_is_in_the_list():
    assert set(RequestFacts.__dataclass_fields__) <= log.KEYS


@pytest.mark.parametrize("form", ["json", "plain"])
def test_a_line_break_cannot_make_another_line(form):
    record = logging.LogRecord(
        "evenband", logging.WARNING, "x", 1, "a\r\nb\u2028c %s", ("d\ne",), None
    )
    text = log.formatter(form).format(record)
    assert len(text.splitlines()) == 1
    assert "d\\" in text


def test_plain_words_have_no_line_for_a_request(capsys):
    assert log.configuration("plain")["loggers"][log.REQUESTS]["level"] == "CRITICAL"
    record = logging.LogRecord("evenband", logging.ERROR, "x", 1, "request failed", (), None)
    assert log.formatter("plain").format(record) == "ERROR: request failed"


@pytest.mark.parametrize(
    ("setting", "terminal", "form"),
    [
        (None, True, "plain"),
        (None, False, "json"),
        ("json", True, "json"),
        ("plain", False, "plain"),
    ],
)
def test_lines_are_plain_on_a_terminal_and_json_elsewhere_unless_it_is_set(
    monkeypatch, setting, terminal, form
):
    monkeypatch.setattr("sys.stderr.isatty", lambda: terminal)
    assert log.form_of(setting) == form


def test_a_service_that_is_not_configured_logs_no_request(settings, caplog):
    with TestClient(create_app(settings)) as caller:
        caller.get("/health/live")
    assert not [one for one in caplog.records if one.name == log.REQUESTS]
