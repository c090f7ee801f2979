"""What there is to know of the records of a body is in the answer, and never a key of a pupil."""

from tests.app.what_ifs.test_endpoints import (
    COMPARISON,
    NOTIONAL,
    PUPILS,
    TELFORD,
    answered,
    pupils,
    refused,
    schools,
)


def test_keys_that_look_the_same_are_noted_in_every_answer_about_pupils(client):
    body = pupils({"pupil_key": "canary-1"}, {"pupil_key": "other"}, {"pupil_key": "CANARY-1"})
    [notice] = answered(client, PUPILS, body)["notices"]
    assert (notice["table"], notice["rule"]) == ("pupils", "near-keys")
    assert (notice["number"], notice["rows"]) == (2, [1, 3])
    assert "canary" not in notice["sentence"].lower()
    compared = {"baseline": {"rule_set": TELFORD}, "candidate": {"rule_set": TELFORD}}
    answer = answered(client, COMPARISON, {**compared, "pupils": body["pupils"]})
    assert answer["notices"] == [notice]


def test_answers_about_plain_records_have_no_notices(client):
    assert answered(client, PUPILS, pupils())["notices"] == []
    assert answered(client, NOTIONAL, schools())["notices"] == []


def test_a_key_with_a_character_that_cannot_be_seen_is_refused_by_row_and_name(client):
    body = pupils({"pupil_key": "a"}, {"pupil_key": "canary\u200b"})
    [error] = refused(client, PUPILS, body)["problems"]
    assert "row 2" in str(error) or error.get("row") == 2
    assert "zero-width space, U+200B" in str(error)
    assert "canary" not in str(error)


def test_names_of_fields_in_capitals_are_one_problem(client):
    body = pupils()
    body["pupils"] = [
        {name.title() if name in {"band", "la"} else name: value for name, value in one.items()}
        for one in body["pupils"]
    ]
    errors = refused(client, PUPILS, body)["problems"]
    assert len(errors) == 1
    assert "write" in str(errors)
