"""Every address says which methods it accepts, and accepts those that it names and no others."""

import re

import pytest
from starlette.routing import Mount

from app.main import create_app
from app.settings import Settings

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND")
HELD = {
    "rule_set": "toy-2025-26",
    "identifier": "bedford-2022-23",
    "prefix": "aaaaaaaaaa",
    "number": "1",
    "version": "1",
    "digest": "e" * 64,
    "other": "f" * 64,
    "day": "2025-04-01",
    "kind": "not-found",
}


def contexts(routes):
    """Yield every route of an application, with its whole path, and its mounts."""
    for route in routes:
        inner = getattr(route, "effective_route_contexts", None)
        if inner is not None:
            yield from inner()
        else:
            yield route


def addresses():
    """Return every address of the service, with a name in place of each part that varies."""
    paths = set()
    for route in contexts(create_app(Settings()).routes):
        if isinstance(route, Mount):
            paths.add(f"{route.path}/evenband.css")
        else:
            paths.add(re.sub(r"\{(\w+)(?::\w+)?\}", lambda one: HELD[one[1]], route.path))
    return sorted(paths)


ADDRESSES = addresses()


def test_every_kind_of_address_is_walked():
    assert len(ADDRESSES) > 25
    for some in (
        "/",
        "/health/live",
        "/v1/what-ifs/top-ups",
        "/openapi.json",
        "/rules/bedford-2022-23",
    ):
        assert some in ADDRESSES


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_address_accepts_what_it_names_and_nothing_else(client, address):
    accepted, named = set(), set()
    for method in METHODS:
        answer = client.request(method, address, follow_redirects=False)
        assert answer.status_code != 500, (method, answer.text)
        if answer.status_code == 405:
            named.add(answer.headers["Allow"])
        else:
            accepted.add(method)
    (said,) = named
    assert said.split(", ") == [method for method in METHODS if method in accepted]
    assert ("HEAD" in accepted) == ("GET" in accepted)


@pytest.mark.parametrize(
    "address", ["/v1/cells/toy-2025-26/tariff", "/v1/cells/toy-2025-26/factor"]
)
def test_a_cell_names_the_same_methods_to_who_asks_and_to_who_errs(client, address):
    asked = client.options(address)
    assert asked.status_code == 204
    assert asked.headers["Allow"] == client.post(address).headers["Allow"] == "GET, HEAD, OPTIONS"


def test_a_browser_is_told_the_same(client):
    answer = client.put("/notional-sen/bedford-2022-23", headers={"Accept": "text/html"})
    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, HEAD, POST")
