"""Bodies state how their records are written as options do: the order of days, blanks that mean none, rounding to pence."""

import pytest

from tests.app.invented import served
from tests.builders import banded, rule_set

TOP_UPS, COMPARISON, CASES, PLACES, BLOCK, TARGETED, SCHOOLS = (
    f"/v1/what-ifs/{name}"
    for name in (
        *("top-ups", "comparison", "cases", "places", "high-needs-block"),
        *("targeted-funding", "notional-sen"),
    )
)
GRANT = "dedicated-schools-grant-2023-24"
RULES = rule_set(
    identifier="invented-second-need",
    **banded(
        [
            {"band": "A", "when": {"secondary_need": ["HI", "VI"]}, "pounds": "7000"},
            {"band": "A", "pounds": "5000"},
            {"band": "B", "assessed_cost": True},
        ],
        ["A", "B"],
    ),
)
PUPILS = [
    {"pupil_key": "p1", "la": "201", "band": "A", "secondary_need": "HI", "start": "01/09/2025"},
    {"pupil_key": "p2", "la": "201", "band": "A", "secondary_need": None, "end": "31/08/2025"},
    {"pupil_key": "p3", "la": "201", "band": "B", "assessed_cost": "9876.543218"},
]
STATED = {
    "dates": "day_first",
    "blank_means_none": ["secondary_need"],
    "round_to_pence": ["assessed_cost"],
}


@pytest.fixture
def caller(settings):
    with served(settings, [RULES]) as opened:
        yield opened


def answered(caller, path, body):
    answer = caller.post(path, json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()


def refused(caller, path, body):
    answer = caller.post(path, json=body)
    assert answer.status_code == 422, answer.text
    return answer.json()["problems"]


def test_pupils_are_read_as_a_body_states_and_refused_with_the_way_to_state_it(caller):
    body = {"rule_set": RULES.identifier, "pupils": PUPILS}
    answer = answered(caller, TOP_UPS, body | STATED)
    # 7,000 for 212 of 365 days, 5,000 for 153, and the whole cost to the penny.
    assert [one["top_up"] for one in answer["pupils"]] == ["4065.75", "2095.89", "9876.54"]
    assert {one["rule"] for one in answer["notices"]} == {"blank-means-none", "rounded-to-pence"}
    sentences = [one["sentence"] for one in refused(caller, TOP_UPS, body)]
    assert sum('state their order: "dates": "day_first"' in one for one in sentences) == 2
    assert any(one.endswith('state "round_to_pence": ["assessed_cost"]') for one in sentences)


def test_a_comparison_and_cases_are_read_as_their_bodies_state(caller):
    side = {"rule_set": RULES.identifier}
    compared = answered(
        caller, COMPARISON, {"baseline": side, "candidate": side, "pupils": PUPILS, **STATED}
    )
    assert compared["pupils"]["total"]["before"] == "16038.18"
    cases = [one | {"paid": paid} for one, paid in zip(PUPILS, ("4065.75", "2095.89", "9876.54"), strict=True)]  # fmt: skip
    tried = answered(caller, CASES, side | {"cases": cases} | STATED)
    assert tried["tables"][0]["as_expected"] == 3


def test_a_column_that_is_unknown_or_has_no_such_meaning_is_refused_at_its_statement(caller):
    wrong = {"blank_means_none": ["canary", "band"], "round_to_pence": ["secondary_need"]}
    body = {"rule_set": RULES.identifier, "pupils": PUPILS, **wrong}
    problems = refused(caller, TOP_UPS, body)
    assert [one["place"] for one in problems[:3]] == [
        "body.blank_means_none", "body.blank_means_none", "body.round_to_pence"
    ]  # fmt: skip
    cells = [(one["column"], one["row"]) for one in problems[3:]]
    assert sorted(cells) == [("assessed_cost", 3), ("end", 2), ("start", 1)]
    assert problems[0]["sentence"].startswith("canary is an unknown column; the columns are ")
    assert problems[1]["sentence"].startswith("band has no word for none; the columns are ")
    assert problems[2]["sentence"].startswith("secondary_need has no pounds; the columns are ")
    order = refused(caller, TOP_UPS, body | {"blank_means_none": [], "round_to_pence": [], "dates": "middle"})  # fmt: skip
    assert [(one["place"], one["column"], one["row"]) for one in order] == [
        ("body.dates", None, None), (None, "assessed_cost", 3)
    ]  # fmt: skip


def test_a_statement_of_a_column_that_no_record_has_is_said(caller):
    body = {"rule_set": RULES.identifier, "pupils": PUPILS, **STATED}
    stated = {"blank_means_none": ["secondary_need", "prior_budget"]}
    notices = answered(caller, TOP_UPS, body | stated)["notices"]
    (unused,) = [one for one in notices if one["rule"] == "statement-unused"]
    assert unused["sentence"] == (
        "blank_means_none prior_budget changes nothing: no table has this column"
    )
