"""In a real browser: a page of elsewhere changes nothing in the service on this machine; a page of the service does."""

import json
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import Page

from tests.clients.served import served

pytestmark = pytest.mark.browser

TOKEN = "a-token-of-this-test"  # noqa: S105 - of this test alone
SEND = """async ([address, mode, kind]) => {
    try {
        const answer = await fetch(address, {
            method: "POST", mode, headers: {"Content-Type": kind}, body: '{"name": "planted"}'
        })
        return answer.status
    } catch (error) { return -1 }
}"""
SUBMIT = """(address) => {
    const form = Object.assign(document.createElement("form"), {
        method: "post", enctype: "text/plain", action: address
    })
    form.append(Object.assign(document.createElement("input"), {name: '{"name":"planted"', value: '"}'}))
    document.body.append(form)
    form.submit()
}"""


class Quiet(SimpleHTTPRequestHandler):
    """A server of files that prints nothing."""

    def log_message(self, *_: object) -> None:
        """Print nothing."""


@pytest.fixture(scope="module")
def own(tmp_path_factory) -> Iterator[str]:
    """Give the address of a service that this test may change."""
    with served(tmp_path_factory.mktemp("own"), EVENBAND_START_TOKEN=TOKEN) as service:
        yield service.address


@pytest.fixture(scope="module")
def foreign_port(tmp_path_factory) -> Iterator[int]:
    """Give the port of another program of this machine, which serves a page."""
    folder = tmp_path_factory.mktemp("foreign")
    (folder / "index.html").write_text("<!doctype html><title>Foreign</title><body>")
    handler = partial(Quiet, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port
        server.shutdown()


def names(own: str) -> list[str]:
    with urlopen(f"{own}/v1/keys", timeout=10) as answer:  # noqa: S310 - the service's own address
        return [one["name"] for one in json.load(answer)["items"]]


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_a_page_of_another_port_or_site_changes_nothing(page: Page, own, foreign_port, host):
    page.goto(f"http://{host}:{foreign_port}/")
    for mode, kind in (
        ("cors", "application/json"), ("no-cors", "text/plain"),
        ("no-cors", "application/x-www-form-urlencoded"),
    ):  # fmt: skip
        assert page.evaluate(SEND, [f"{own}/v1/keys", mode, kind]) in {-1, 0}
    with page.expect_navigation():
        page.evaluate(SUBMIT, f"{own}/v1/keys")
    assert "planted" not in names(own)


def test_a_page_of_the_service_and_a_program_with_its_token_change_it(page: Page, own):
    page.goto(f"{own}/")
    assert page.evaluate(SEND, [f"{own}/v1/keys", "same-origin", "application/json"]) == 201
    assert names(own) == ["planted"]
    headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}
    sent = Request(f"{own}/v1/keys", b'{"name": "by a program"}', headers)  # noqa: S310
    with urlopen(sent, timeout=10) as answer:  # noqa: S310 - the service's own address
        assert answer.status == 201
    assert names(own) == ["planted", "by a program"]
