"""Every address of the service, asked with hostile queries: refused or answered, never a failure."""

import random
from urllib.parse import quote

import pytest

from tests.app.test_methods import ADDRESSES
from tests.storm_size import repetitions

SEED = 20_261_129
NAMES = (
    "rules",
    "phase",
    "version",
    "v",
    "on",
    "band",
    "units",
    "line",
    "errors",
    "rule_set",
    "year",
    "authority",
)
PIECES = (
    "%00", "%0d%0aX-Evil:%20canary", "%01%1b%7f", "%ed%a0%80", "%ff%fe", "%c0%af", "%zz", "%", "+", ";", "%F0%9F%92%A9",
    "%e2%80%ae", "%ef%bc%93", "%d9%a3", "..%2f..%2fetc", "\x00\x01", "\xed\xa0\x80", "\xff", "%3Cscript%3E", "'%22--", "%24%7B7*7%7D", "9" * 400, "a" * 3_000,
    "[]", "%5B%5D", "1e999", "-0", "NaN", "2025-02-30", "99999-01-01", "0001-01-01",
)  # fmt: skip
FIXED = (
    "&".join(f"p{at}=1" for at in range(5_000)),
    "&" * 5_000,
    "a=" + "x" * 100_000,
    "x" * 100_000,
    "&".join(f"{name}={piece}" for name in NAMES for piece in ("%00", "%ed%a0%80")),
    "=&=&==",
)
PATHS = ("%00", "%ed%a0%80", "%ff", "%2e%2e%2f", "x" * 3_000, quote("\u0663"), "%0a")


def drawn(seeds, number):
    """Yield queries made of known names and hostile pieces."""
    for _ in range(number):
        yield "&".join(
            f"{seeds.choice((*NAMES, seeds.choice(PIECES)))}={seeds.choice(PIECES)}{seeds.choice(PIECES)}"
            for _ in range(seeds.randint(1, 4))
        )


def is_refused_or_answered(status, headers, address):
    """See that an answer is no failure, and that nothing of the query became a header."""
    # The kernels of this service are cold.
    assert status < 500 or (status, address) == (503, "/health/ready"), status
    assert "x-evil" not in headers


async def asked(app, method, address, query):
    """Return the status and the names of the headers of an answer to a query as a server hands it on."""
    said = {}
    waiting = [{"type": "http.request", "body": b"", "more_body": False}]

    async def receive():
        return waiting.pop() if waiting else {"type": "http.disconnect"}

    async def send(message):
        said.update(message)

    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method,
        "scheme": "http", "path": address, "raw_path": address.encode(), "root_path": "",
        "query_string": query.encode("latin-1"), "headers": [(b"host", b"testserver")],
        "server": ("testserver", 80), "client": ("127.0.0.1", 1), "state": {},
    }  # fmt: skip
    await app(scope, receive, send)
    return said["status"], [name.decode() for name, _ in said["headers"]]


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_hostile_query_is_never_a_failure(asking, address):
    seeds = random.Random(f"{SEED} {address}")
    for query in (*FIXED, *drawn(seeds, len(repetitions(6, 25)))):
        for method in ("GET", "POST"):
            status, headers = asking.portal.call(asked, asking.app, method, address, query)
            is_refused_or_answered(status, headers, address)


@pytest.mark.parametrize(
    "page", ["/notional-sen/bedford-2022-23", "/budget-check/toy-targeted-rate-2025-26"]
)
def test_a_hostile_form_is_never_a_failure(asking, page):
    seeds = random.Random(f"{SEED} {page}")
    media = {"Content-Type": "application/x-www-form-urlencoded"}
    for query in (*FIXED, *drawn(seeds, len(repetitions(25, 100)))):
        for begin in ("", "phase=primary&"):
            answer = asking.post(page, content=begin + query, headers=media, follow_redirects=False)
            is_refused_or_answered(answer.status_code, answer.headers, page)


@pytest.mark.parametrize("part", PATHS)
def test_a_hostile_name_in_a_path_is_never_a_failure(asking, part):
    for address in ADDRESSES:
        for name in ("toy-2025-26", "bedford-2022-23", "not-found", "evenband.css"):
            if name in address:
                path = address.replace(name, part)
                answer = asking.get(path, follow_redirects=False)
                is_refused_or_answered(answer.status_code, answer.headers, address)
