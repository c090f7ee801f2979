"""A pupil's sentence names what was not supplied, in requests as in a working."""

import pytest

from engine.rules.compile import pupil_columns
from tests.rule_library import compiled, document, naming

DAYS = {"parts_on_roll", "start", "end"}
"""Columns of time, which a record cannot leave empty."""


def asked(client, name, record, **options):
    body = {"rule_set": document(name).identifier, "pupils": [record], **options}
    answer = client.post("/v1/what-ifs/top-ups", json=body)
    assert answer.status_code == 200, answer.text
    [pupil] = answer.json()["pupils"]
    return pupil


def record_of(name):
    """Return a record with every column that a rule set needs, all but its key and the days empty."""
    needed = pupil_columns(compiled(name), counting=False).required
    record = dict.fromkeys(sorted(needed)) | {"pupil_key": "secret-key", "la": "940"}
    days = {"parts_on_roll": 1, "start": "2025-09-01", "end": ""}
    return record | {column: days[column] for column in needed & DAYS}


@pytest.mark.parametrize("name", naming("band_profile"))
def test_of_a_pupil_of_whom_nothing_is_known_some_column_is_named(name, client):
    pupil = asked(client, name, record_of(name), working="whole", other_authorities="valued")
    if pupil["reason"] != "not_supplied":
        assert pupil["top_up"] is not None
        return
    start, named = pupil["sentence"].split(" Not supplied: ")
    assert start == "The amount is not known."
    columns = named.removesuffix(".").split(", ")
    assert set(columns) <= set(record_of(name)) - {"pupil_key", "la"}
    assert pupil["sentence"] == pupil["explanation"]["sentence"]
    assert "secret-key" not in pupil["sentence"]


def test_the_same_sentence_is_said_without_a_working(client):
    name = "telford-and-wrekin-2025-26"
    record = {
        "pupil_key": "a",
        "la": "894",
        "band": None,
        "setting": "mainstream",
        "sen_provision": "E",
    }
    for working in ("none", "whole"):
        pupil = asked(client, name, record, working=working)
        assert pupil["sentence"] == "The amount is not known. Not supplied: band."
