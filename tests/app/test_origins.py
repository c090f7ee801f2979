"""Browsers let pages of other origins read the API only where the operator lists the origin."""

import pytest
from fastapi.testclient import TestClient
from pydantic import ValidationError

from app.main import create_app
from app.settings import Settings

LISTED, OTHER = "https://sheets.example.org", "https://elsewhere.example.org"
ASKED = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type"}


@pytest.fixture
def caller(settings):
    listing = settings.model_copy(update={"cors_origins": f"{LISTED}, https://two.example.org"})
    with TestClient(create_app(listing)) as caller:
        yield caller


def cors(answer):
    return {name for name in answer.headers if name.startswith("access-control-")}


def test_no_origin_is_listed_unless_the_operator_lists_it(client):
    answer = client.get("/v1/rule-sets", headers={"Origin": LISTED})
    assert cors(answer) == set()
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"
    assert cors(client.options("/v1/rule-sets", headers={"Origin": LISTED, **ASKED})) == set()


@pytest.mark.parametrize(
    ("path", "status"), [("/v1/rule-sets", 200), ("/v1/rule-sets/none-such", 404)]
)
def test_a_listed_origin_reads_answers_and_refusals(caller, path, status):
    answer = caller.get(path, headers={"Origin": LISTED})
    assert answer.status_code == status
    assert answer.headers["access-control-allow-origin"] == LISTED
    assert "X-Request-Id" in answer.headers["access-control-expose-headers"]
    assert "access-control-allow-credentials" not in answer.headers
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    assert "Origin" in answer.headers["vary"]


def test_a_listed_origin_reads_a_refusal_of_the_front_door(caller):
    headers = {"Origin": LISTED, "Content-Encoding": "gzip"}
    answer = caller.post("/v1/what-ifs/top-ups", content=b"x", headers=headers)
    assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (415, LISTED)


def test_a_listed_origin_may_ask_before_it_posts(caller):
    answer = caller.options("/v1/what-ifs/top-ups", headers={"Origin": LISTED, **ASKED})
    assert answer.status_code == 200
    assert "POST" in answer.headers["access-control-allow-methods"]
    assert answer.headers["access-control-allow-origin"] == LISTED


@pytest.mark.parametrize("origin", [OTHER, "null", f"{LISTED}.evil.example", LISTED.upper()])
def test_an_origin_that_is_not_listed_gets_no_header(caller, origin):
    answer = caller.get("/v1/rule-sets", headers={"Origin": origin})
    assert (answer.status_code, cors(answer)) == (200, set())
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"
    assert "Origin" in answer.headers["vary"]
    asked = caller.options("/v1/what-ifs/top-ups", headers={"Origin": origin, **ASKED})
    assert (asked.status_code, cors(asked)) == (405, set())


@pytest.mark.parametrize("written", ["*", "https://a.example.org/", "a.example.org", "null"])
def test_a_setting_that_is_no_origin_is_refused(written):
    with pytest.raises(ValidationError, match="must be origins such as"):
        Settings(cors_origins=written)
