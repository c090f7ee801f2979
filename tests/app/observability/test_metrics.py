"""Metrics are off unless they are set, and every label of them is of a closed set."""

import pytest
from fastapi.testclient import TestClient
from prometheus_client.parser import text_string_to_metric_families

from app.main import create_app
from app.observability.facts import NO_ROUTE, STATIC, route_of
from app.observability.metrics import LABELS
from app.problems.responses import METHODS, titles
from app.what_ifs.examples import TOP_UPS
from tests.app.test_methods import contexts

CANARY = "canarypupil"
STATUSES = {"1xx", "2xx", "3xx", "4xx", "5xx"}


@pytest.fixture
def measured(settings):
    with TestClient(create_app(settings.model_copy(update={"metrics": True}))) as caller:
        yield caller


def samples(caller):
    answer = caller.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    families = list(text_string_to_metric_families(answer.text))
    return [one for family in families for one in family.samples]


def value(found, name, **labels):
    return sum(
        one.value
        for one in found
        if one.name == name and all(one.labels[key] == wanted for key, wanted in labels.items())
    )


def test_there_are_none_unless_they_are_set(client):
    assert client.get("/metrics").status_code == 404


def test_requests_calculations_and_refusals_are_counted(measured):
    (body, *_) = (one["value"] for one in TOP_UPS.values())
    assert measured.post("/v1/what-ifs/top-ups", json=body).status_code == 200
    assert measured.post("/v1/what-ifs/top-ups", json={}).status_code == 422
    found = samples(measured)
    route = "/v1/what-ifs/top-ups"
    assert value(found, "evenband_requests_total", route=route, status="2xx", method="POST") == 1
    assert value(found, "evenband_requests_total", route=route, status="4xx", method="POST") == 1
    assert value(found, "evenband_refusals_total", kind="input-refused") == 1
    assert value(found, "evenband_request_seconds_count", route=route) == 2
    assert value(found, "evenband_calculations_total") >= 1
    for name in ("running", "waiting", "refused_total"):
        assert value(found, f"evenband_calculations_{name}") == 0


def test_calculations_that_are_refused_for_want_of_capacity_are_counted(measured, monkeypatch):
    gate = measured.app.state.gate
    monkeypatch.setattr(gate.light, "slots", 0)
    monkeypatch.setattr(gate.light, "wait", 0)
    monkeypatch.setattr(gate.light, "expected", 60)
    (body, *_) = (one["value"] for one in TOP_UPS.values())
    assert measured.post("/v1/what-ifs/top-ups", json=body).status_code == 503
    found = samples(measured)
    assert value(found, "evenband_calculations_refused_total", queue="light") == 1
    assert value(found, "evenband_refusals_total", kind="busy") == 1


def test_every_label_is_of_a_closed_set_whatever_is_sent(measured):
    for method in ("GET", "POST", CANARY.upper()):
        for address in (
            "/",
            "/static/x",
            f"/{CANARY}",
            f"/rules/{CANARY}",
            f"/v1/cells/{CANARY}/tariff?need={CANARY}",
        ):
            measured.request(
                method, address, headers={"X-Request-Id": CANARY, "User-Agent": CANARY}
            )
    found = samples(measured)
    routes = {one.path for one in contexts(measured.app.routes) if hasattr(one, "path")}
    known = {
        "route": routes | {NO_ROUTE, STATIC},
        "method": {*METHODS, "HEAD", "other"},
        "status": STATUSES,
        "kind": {*titles(), "refused"},
        "queue": {"light", "heavy"},
    }
    assert len(found) > 50
    for one in found:
        assert one.labels.keys() <= LABELS
        assert all(one.labels[name] in known[name] for name in one.labels if name != "le")
    assert CANARY not in measured.get("/metrics").text.lower()


def test_each_service_counts_its_own(settings):
    chosen = settings.model_copy(update={"metrics": True})
    for _ in range(2):
        with TestClient(create_app(chosen)) as caller:
            caller.get("/health/live")
            assert value(samples(caller), "evenband_requests_total", route="/health/live") == 1


def test_a_request_that_no_router_saw_has_no_route():
    assert route_of({"type": "http"}) == NO_ROUTE
