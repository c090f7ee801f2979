"""A wrong word in one field of a body hides no wrong cell of its records, and makes none."""

import pytest

RULES = "toy-2025-26"
PUPIL = {
    "pupil_key": "a",
    "la": "301",
    "sen_provision": "F",
    "setting": "moon",
    "hours": "x",
    "band": "A",
}
SCHOOL = {"urn": "9", "phase": "middling", "units_basic_entitlement_primary": "-1"}
WRONG = {"other_authorities": "elsewhere", "blank_means_none": 1, "on": "soon", "overrides": "none",
         "dates": "moon"}  # fmt: skip
BODIES = {
    "top-ups": {"rule_set": RULES, "pupils": [PUPIL]},
    "notional-sen": {"rule_set": "northumberland-2025-26", "schools": [SCHOOL], "absent_lines": "zero"},
}  # fmt: skip


def said(client, kind, **more):
    answer = client.post(f"/v1/what-ifs/{kind}", json={**BODIES[kind], **more})
    assert answer.status_code == 422, answer.text
    body = answer.json()
    assert body["total"] == len(body["problems"])
    return [
        (one.get("place"), one.get("row"), one.get("column"), one["sentence"])
        for one in body["problems"]
    ]


@pytest.mark.parametrize("field", WRONG)
@pytest.mark.parametrize("kind", BODIES)
def test_a_wrong_field_is_named_beside_every_wrong_cell(client, kind, field):
    cells = said(client, kind)
    together = said(client, kind, **{field: WRONG[field]})
    assert len(cells) > 1
    assert together[-len(cells) :] == cells
    (alone,) = [one for one in together if one not in cells]
    assert alone[0] == f"body.{field}"


def test_what_is_read_by_the_wrong_field_itself_is_not_called_wrong(client):
    body = {
        "rule_set": RULES,
        "pupils": [
            {**PUPIL, "sen_provision": "E", "setting": "special", "hours": "5", "la": "909"}
        ],
    }
    answer = client.post("/v1/what-ifs/top-ups", json={**body, "la_map": {"909": "x"}}).json()
    (alone,) = answer["problems"]
    assert alone["place"].startswith("body.la_map.")


def test_of_days_that_a_wrong_field_reads_nothing_is_said(client):
    """The order of days was refused alone, as days may be right by it, and spells of one pupil with them."""
    own = {**PUPIL, "sen_provision": "E", "setting": "moon", "hours": "5"}
    rows = [
        {**own, "start": "01/09/2025", "end": "31/12/2025"},
        {**own, "pupil_key": "b", "start": "13/13/2025"},
        {**own, "start": "01/01/2026"},
    ]
    told = [one[:3] for one in said(client, "top-ups", pupils=rows, dates="moon")]
    assert told == [("body.dates", None, None), *((None, row, "setting") for row in (1, 2, 3))]
