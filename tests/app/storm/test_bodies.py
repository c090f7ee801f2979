"""The service answers any body with a refusal, and soon."""

import json

import pytest

from tests.app.storm.test_forms_and_cells import Slowest
from tests.storm_size import some

ROUTES = ("/v1/what-ifs/notional-sen", "/v1/what-ifs/top-ups", "/v1/what-ifs/comparison")
JSON = "application/json"


def wide(rows: int, names: int) -> bytes:
    """Return rows of which no two share a name."""
    return json.dumps(
        {
            "rule_set": "toy-2025-26",
            "pupils": [{f"name_{row}_{name}": 1 for name in range(names)} for row in range(rows)],
        }
    ).encode()


def pupils(rows: int, **cells: object) -> bytes:
    listed = [{"pupil_key": f"p{row}", "la": "940", **cells} for row in range(rows)]
    return json.dumps({"rule_set": "toy-2025-26", "pupils": listed}).encode()


BODIES: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", JSON),
    "no JSON": (b"{", JSON),
    "a number": (b"1", JSON),
    "a list": (b"[]", JSON),
    "null": (b"null", JSON),
    "text": (b'"text"', JSON),
    "an empty object": (b"{}", JSON),
    "not a number": (b'{"rule_set": NaN}', JSON),
    "infinity": (b'{"pupils": [{"hours": Infinity}]}', JSON),
    "a number beyond all": (b'{"pupils": [{"hours": 1e999}]}', JSON),
    "a number of many digits": (b'{"pupils": [{"hours": ' + b"9" * 100_000 + b"}]}", JSON),
    "a decimal of many digits": (b'{"pupils": [{"hours": 0.' + b"1" * 100_000 + b"}]}", JSON),
    "a long text": (json.dumps({"rule_set": "x" * 1_000_000}).encode(), JSON),
    "a long key": (json.dumps({"x" * 1_000_000: 1}).encode(), JSON),
    "brackets without end": (b"[" * 200_000, JSON),
    "objects without end": (b'{"a":' * 100_000, JSON),
    "nested and closed": (b"[" * 50_000 + b"]" * 50_000, JSON),
    "a key twice": (b'{"rule_set": "a", "rule_set": "toy-2025-26", "pupils": []}', JSON),
    "no UTF-8": (b'{"rule_set": "\xff\xfe"}', JSON),
    "half a surrogate": (b'{"rule_set": "\\ud800"}', JSON),
    "a NUL": (b'{"rule_set": "\\u0000"}', JSON),
    "a byte order mark": (b"\xef\xbb\xbf{}", JSON),
    "UTF-16": ('{"rule_set": "toy-2025-26"}'.encode("utf-16"), JSON),
    "said to be UTF-16": (b"{}", "application/json; charset=utf-16"),
    "said to be text": (b"{}", "text/plain"),
    "a form": (b"rule_set=toy-2025-26", "application/x-www-form-urlencoded"),
    "parts without an end": (b"--a\r\n", "multipart/form-data; boundary=a"),
    "rows of other names": (wide(1_000, 99), JSON),
    "many unknown keys": (wide(1, 50_000), JSON),
    "many empty rows": (b'{"rule_set":"toy-2025-26","pupils":[' + b"{}," * 300_000 + b"{}]}", JSON),
    "more rows than are read": (pupils(30_000), JSON),
    "rows of objects": (pupils(1_000, hours={"a": 1}), JSON),
    "rows of lists": (pupils(1_000, hours=[1] * 50), JSON),
    "digits of another script": (pupils(1_000, hours="٣"), JSON),
    "one key for all": (
        json.dumps({"rule_set": "toy-2025-26", "pupils": [{"pupil_key": "a"}] * 1_000}).encode(),
        JSON,
    ),
    "many overrides": (
        json.dumps(
            {
                "rule_set": "toy-2025-26",
                "overrides": [{"place": f"a.{one}", "value": "1"} for one in range(20_000)],
            }
        ).encode(),
        JSON,
    ),
}


@pytest.mark.parametrize("route", ROUTES)
def test_no_odd_body_fails_or_stalls(client, route):
    assert len(BODIES) >= 36
    slowest = Slowest()
    client.post(route, json={})
    for name, (body, media) in some(list(BODIES.items()), 36):
        answer = slowest.ask(client.post, route, content=body, headers={"Content-Type": media})
        assert 400 <= answer.status_code < 500, name
        assert len(answer.content) < 200_000, name
    slowest.tell(f"bodies to {route}")
