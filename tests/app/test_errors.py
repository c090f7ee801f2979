"""Every refusal is one problem with a stable type, and repeats nothing of what was sent."""

import logging
from http import HTTPStatus

import pytest
from fastapi.testclient import TestClient
from starlette.exceptions import HTTPException

from app import errors
from app.database import ReadSessionDep
from app.main import create_app
from app.problems.responses import path_part
from app.schemas import Day, Payload
from engine.errors import PairRefused, Problem, TableRefused

CANARY = "A123456789012"


class Child(Payload):
    day: Day
    hours: int
    plan: bool


class Asked(Payload):
    children: list[Child]
    levels: dict[str, int] | None = None


@pytest.fixture
def service(service):
    @service.post("/v1/asked")
    def ask(asked: Asked) -> int:
        return len(asked.children)

    @service.get("/v1/fail")
    def fail(session: ReadSessionDep) -> int:
        raise RuntimeError(CANARY)

    @service.get("/v1/table")
    def table() -> int:
        problem = Problem("lies outside 0 to 1", "range", column="fsm6", row=7)
        raise TableRefused([problem], total=400)

    @service.get("/v1/pair")
    def pair() -> int:
        raise PairRefused([Problem("names no place", "place", place="a.b", line=3)])

    @service.get("/v1/gone")
    def gone() -> int:
        raise HTTPException(410, detail=CANARY)

    return service


def problem(answer, status, kind):
    assert answer.status_code == status
    assert answer.headers["content-type"] == errors.MEDIA_TYPE
    body = answer.json()
    assert (body["status"], body["type"]) == (status, f"/problems/{kind}")
    assert body["instance"] == f"urn:uuid:{answer.headers['X-Request-Id']}"
    assert CANARY not in answer.text
    return body


def test_an_address_that_is_not_there(client):
    problem(client.get(f"/v1/{CANARY}"), 404, "not-found")


def test_a_method_that_an_address_does_not_take(client):
    answer = client.post("/v1/rule-sets")
    problem(answer, 405, "method-unknown")
    assert answer.headers["Allow"] == "GET, HEAD"


@pytest.mark.parametrize(
    ("body", "place", "sentence"),
    [
        ({"children": [{"day": CANARY, "hours": 1, "plan": True}]}, "body.children.0.day", "date"),
        ({"children": [{"day": 20250401, "hours": 1, "plan": True}]}, "body.children.0.day", "date"),
        ({"children": [{"day": "2025-04-01", "hours": "1", "plan": True}]}, "body.children.0.hours", "whole"),
        ({"children": [{"day": "2025-04-01", "hours": False, "plan": True}]}, "body.children.0.hours", "whole"),
        ({"children": [{"day": "2025-04-01", "hours": 1, "plan": 1}]}, "body.children.0.plan", "true or false"),
        ({"children": CANARY}, "body.children", "array"),
        ({"children": [], "name": CANARY}, "body.name", "unknown field"),
        ({"children": [], CANARY: 1}, "body.(not shown)", "unknown field"),
        ({"children": [], "levels": {CANARY: CANARY}}, "body.levels.(not shown)", "whole"),
        ({}, "body.children", "missing"),
        (None, "body", "missing"),
    ],
)  # fmt: skip
def test_input_is_refused_by_place_and_rule_and_never_repeated(client, body, place, sentence):
    answer = client.post("/v1/asked", json=body) if body is not None else client.post("/v1/asked")
    [only] = problem(answer, 422, "input-refused")["problems"]
    assert only["place"] == place
    assert sentence in only["sentence"]


def test_all_problems_are_answered_at_once(client):
    answer = client.post("/v1/asked", json={"children": [{}, {}]})
    assert problem(answer, 422, "input-refused")["total"] == 6


def test_a_body_that_is_not_json(client):
    answer = client.post(
        "/v1/asked", content=f"{{{CANARY}", headers={"Content-Type": "application/json"}
    )
    problem(answer, 422, "input-refused")


def test_a_body_that_is_not_text(client):
    answer = client.post(
        "/v1/asked", content=b'{"a": "\xff\xfe"}', headers={"Content-Type": "application/json"}
    )
    problem(answer, 400, "unreadable")


@pytest.mark.parametrize("media", ["text/csv", "text/plain; charset=utf-8", None])
def test_a_body_of_another_type(client, media):
    headers = {"Content-Type": media} if media else {}
    problem(client.post("/v1/asked", content=b"{}", headers=headers), 415, "media-unknown")


def test_a_compressed_body_is_not_read(client):
    answer = client.post("/v1/asked", content=b"\x1f\x8b", headers={"Content-Encoding": "gzip"})
    problem(answer, 415, "media-unknown")


def chunks():
    for _ in range(1100):
        yield b" " * 1024


@pytest.mark.parametrize("content", [b" " * 1100 * 1024, chunks], ids=["measured", "in chunks"])
def test_a_body_that_is_too_large(settings, content):
    small = create_app(settings.model_copy(update={"max_body_bytes": 1024 * 1024}))

    @small.post("/v1/asked")
    def ask(asked: Asked) -> int:
        return len(asked.children)

    with TestClient(small) as caller:
        sent = content() if callable(content) else content
        answer = caller.post(
            "/v1/asked", content=sent, headers={"Content-Type": "application/json"}
        )
        problem(answer, 413, "too-large")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_failure_is_answered_and_logged_without_its_words(client, caplog):
    with caplog.at_level(logging.ERROR, "evenband"):
        answer = client.get("/v1/fail")
    problem(answer, 500, "unexpected")
    [record] = caplog.records
    logged = record.getMessage()
    assert "RuntimeError" in logged
    assert "test_errors.py" in logged
    assert answer.headers["X-Request-Id"] in logged
    assert CANARY not in caplog.text


def test_a_refusal_of_the_engine_is_answered_with_its_problems(client):
    body = problem(client.get("/v1/table"), 422, "table-refused")
    assert body["total"] == 400
    assert body["problems"] == [
        {"sentence": "lies outside 0 to 1", "rule": "range", "column": "fsm6", "row": 7, "place": None, "line": None}
    ]  # fmt: skip
    [only] = problem(client.get("/v1/pair"), 422, "pair-refused")["problems"]
    assert (only["place"], only["line"]) == ("a.b", 3)


def test_the_framework_s_words_are_not_passed_on(client):
    answer = client.get("/v1/gone")
    assert (answer.status_code, answer.json()["type"]) == (410, "about:blank")
    assert CANARY not in answer.text


def kinds(root=errors.Refused):
    return [root, *(one for below in root.__subclasses__() for one in kinds(below))]


def test_every_refusal_has_its_own_kind_and_a_status():
    # A class that has no kind of its own is refused by those below it.
    found = [one for one in kinds() if one is not errors.Refused and "kind" in vars(one)]
    assert len(found) > 10
    assert len({one.kind for one in found}) == len(found)
    assert all(HTTPStatus(one.status) >= HTTPStatus.BAD_REQUEST for one in found)
    assert all(one.kind == one.kind.lower().replace("_", "-") for one in found)


@pytest.mark.parametrize(
    ("part", "seen"),
    [
        ("primary_need", "primary_need"),
        ("fsm6", "fsm6"),
        (3, "3"),
        (CANARY, "(not shown)"),
        ("h820200293015", "(not shown)"),
        ("Ann Other", "(not shown)"),
    ],
)
def test_a_place_shows_the_names_of_fields_alone(part, seen):
    assert path_part(part) == seen


@pytest.mark.parametrize("path", ["/v1/rule-sets", "/v1/nothing", "/v1/fail", "/health/live"])
def test_every_answer_carries_the_headers_of_the_front_door(client, path):
    headers = client.get(path).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cache-Control"] == "no-store"


def test_each_request_has_its_own_name_and_nonce(client):
    first, second = (client.get("/health/live").headers for _ in range(2))
    assert first["X-Request-Id"] != second["X-Request-Id"]
    assert first["Content-Security-Policy"] != second["Content-Security-Policy"]


@pytest.mark.parametrize("path", ["/v1/rule-sets", "/v1/rule-sets/absent-set", "/v1/fail"])
def test_head_answers_as_get_does_without_a_body(client, path):
    got, head = client.get(path), client.head(path)
    assert head.status_code == got.status_code
    assert head.content == b""
    assert head.headers["content-length"] == got.headers["content-length"]


def test_every_operation_describes_its_refusals_in_their_one_form(client):
    described = client.get("/openapi.json").json()
    assert {"Problems", "ProblemLine"} <= set(described["components"]["schemas"])
    assert "HTTPValidationError" not in described["components"]["schemas"]
    for path in described["paths"].values():
        for operation in path.values():
            assert {"413", "415", "422", "500", "503"} <= set(operation["responses"])
            refused = [one for code, one in operation["responses"].items() if code >= "400"]
            assert all(list(one["content"]) == [errors.MEDIA_TYPE] for one in refused)


def test_the_description_can_be_left_out(settings):
    with TestClient(create_app(settings.model_copy(update={"documentation": False}))) as caller:
        problem(caller.get("/openapi.json"), 404, "not-found")
