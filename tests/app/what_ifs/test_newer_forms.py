"""The newer parts of an outcome over HTTP: fringe, sparsity, units, schedules, schools' protection."""

import pytest

from tests.app.invented import SCHOOL, served

NOTIONAL, PUPILS = "/v1/what-ifs/notional-sen", "/v1/what-ifs/top-ups"
TELFORD = {
    "pupil_key": "pupil-1",
    "la": "894",
    "sen_provision": "E",
    "setting": "mainstream",
    "band": "12",
}


@pytest.fixture
def caller(settings):
    with served(settings) as one:
        yield one


def answered(client, path, body):
    answer = client.post(path, json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()


def school_of(client, changes=None, **asked):
    record = {**SCHOOL, **(changes or {})}
    record = {name: value for name, value in record.items() if value is not None}
    body = {"rule_set": "invented-fringed", "schools": [record], "explain": True, **asked}
    return answered(client, NOTIONAL, body)["schools"][0]


def test_a_fringe_multiplier_is_told_apart_from_what_it_raises(caller):
    school = school_of(caller)
    # 5% of 210,000 + 28,500; notional: 5% of 5% of 210,000, and of 10% of 28,500.
    assert school["fringe"] == {
        "amount": "11925.00",
        "notional_sen": "667.50",
        "why_not_known": None,
        "last_year_without": [],
    }
    amounts = {line["line"]: line["amount"] for line in school["lines"]}
    assert amounts["sparsity_primary"] == "28500.00"
    assert amounts["split_sites"] == "50000.00"
    assert school["formula_total"] == "300425.00"
    assert school["notional_sen"] == "14017.50"
    assert school["not_known"] == 0


def test_a_fringe_multiplier_that_is_not_supplied_is_null_and_counted(caller):
    school = school_of(caller, {"london_fringe": None})
    assert school["fringe"] == {
        "amount": None,
        "notional_sen": None,
        "why_not_known": "the London fringe multiplier is not given",
        "last_year_without": [],
    }
    assert school["missing"] == ["London fringe: the London fringe multiplier is not given"]
    assert school["not_known"] == 1


def test_sparsity_is_not_known_without_a_distance_unless_it_is_declared_to_be_nothing(caller):
    gone = {"sparsity_distance": None}
    for meaning, absent in (("not_supplied", 1), ("zero", 0)):
        school = school_of(caller, gone, absent_lines=meaning)
        [line] = [one for one in school["lines"] if one["line"] == "sparsity_primary"]
        assert (school["not_known"], line["not_known"]) == (absent, absent)


def test_a_distance_is_heeded_where_other_lines_are_declared_to_be_nothing(caller):
    school = school_of(caller, {"units_split_sites": None}, absent_lines="zero")
    amounts = {line["line"]: line["amount"] for line in school["lines"]}
    assert (amounts["sparsity_primary"], amounts["split_sites"]) == ("28500.00", "0.00")


def test_the_working_says_what_is_counted_and_what_is_earned(caller):
    workings = {one["name"]: one["rows"] for one in school_of(caller)["explanation"]["workings"]}
    assert workings["split_sites"][0]["unit"] == "units"
    values = {one["label"]: one["value"] for one in workings["sparsity_primary"]}
    assert values["Most that is paid"] == "57000.00"
    assert "28500.00" in values.values()


def test_a_year_is_scheduled_by_month_to_the_penny(client):
    body = {"rule_set": "telford-and-wrekin-2025-26", "pupils": [TELFORD, {**TELFORD, "pupil_key": "b", "band": None}]}  # fmt: skip
    answer = answered(client, PUPILS, {**body, "schedule": "months"})
    first, second = answer["pupils"]
    names = [one["name"] for one in answer["schedule"]]
    assert (len(names), names[0]) == (12, "April 2025")
    paid = [int(one.replace(".", "")) for one in first["payments"]]
    assert sum(paid) == int(first["top_up"].replace(".", ""))
    assert second["payments"] == [None] * 12
    assert [one["amount"] for one in answer["schedule"]] == first["payments"]
    assert {one["not_known"] for one in answer["schedule"]} == {1}
    without = answered(client, PUPILS, body)
    assert (without["schedule"], without["pupils"][0]["payments"]) == (None, None)


def test_a_schedule_is_divided_by_months_or_periods_alone(client):
    body = {"rule_set": "telford-and-wrekin-2025-26", "pupils": [TELFORD], "schedule": "weeks"}
    assert client.post(PUPILS, json=body).status_code == 422


def test_schools_are_protected_on_top_of_their_pupils_and_by_authority(caller):
    pupils = [
        {"pupil_key": "p1", "la": "201", "urn": "1", "band": "A", "top_up": "3000"},
        {"pupil_key": "p2", "la": "201", "urn": "1", "band": "A", "top_up": "500"},
        {"pupil_key": "p3", "la": "202", "urn": "1", "band": "A", "top_up": "900"},
        {"pupil_key": "p4", "la": "202", "urn": "2", "band": "A", "top_up": None},
    ]
    answer = answered(caller, PUPILS, {"rule_set": "invented-protected", "pupils": pupils})

    def told(group):
        return group["name"], group["school_protection"], group["protection_not_known"]

    assert told(answer["total"]) == ("total", "800.00", 1)
    sums = {one["by"]: [told(group) for group in one["groups"]] for one in answer["sums"]}
    assert sums["school"] == [("1", "800.00", 0), ("2", None, 1)]
    assert sums["la"] == [("201", "800.00", 0), ("202", "0.00", 1)]
    assert sums["setting"] == [("not supplied", None, 0)]


PROTECTED = "invented-protected"
CHEAPER = {"place": "band_profile.tariff.prices.0.pounds", "value": "500"}
PLACED = [
    {"pupil_key": "p1", "la": "201", "urn": "1", "band": "A", "top_up": "3000"},
    {"pupil_key": "p2", "la": "201", "urn": "1", "band": "A", "top_up": "500"},
    {"pupil_key": "p3", "la": "202", "urn": "1", "band": "A", "top_up": "900"},
    {"pupil_key": "p4", "la": "202", "urn": "2", "band": "A", "top_up": None},
]


def compared(caller, *overrides, candidate=PROTECTED, sent=PLACED):
    body = {
        "baseline": {"rule_set": PROTECTED},
        "candidate": {"rule_set": candidate, "overrides": list(overrides)},
        "pupils": sent,
    }
    return answered(caller, "/v1/what-ifs/comparison", body)


def test_schools_are_compared_with_what_protects_them(caller):
    paid = compared(caller, CHEAPER)["schools_paid"]
    first, second = paid["each"]
    assert first == {
        "name": "1",
        "top_up": {"before": "3000.00", "after": "1500.00", "change": "-1500.00"},
        "school_protection": {"before": "800.00", "after": "2020.00", "change": "1220.00"},
        "paid": {"before": "3800.00", "after": "3520.00", "change": "-280.00"},
    }
    unknown = {"before": None, "after": None, "change": None}
    assert (second["name"], second["paid"], second["school_protection"]) == ("2", unknown, unknown)
    total = paid["total"]
    assert total["paid"] == first["paid"]
    counts = {name: total[name] for name in ("schools", "winners", "losers", "not_known")}
    assert counts == {"schools": 2, "winners": 0, "losers": 1, "not_known": 1}


def test_an_authority_s_part_of_protection_is_its_own(caller):
    paid = compared(caller, CHEAPER)["schools_paid"]
    parts = {one["name"]: one["school_protection"]["after"] for one in paid["authorities"]}
    assert parts == {"201": "1800.00", "202": "220.00"}


def test_pupils_name_what_is_not_in_their_figures(caller):
    assert compared(caller)["pupils"]["not_included"].startswith("protection of schools")


def test_where_no_rules_protect_schools_there_is_nothing_of_them(client):
    rules = {"rule_set": "telford-and-wrekin-2025-26"}
    body = {"baseline": rules, "candidate": rules, "pupils": [TELFORD]}
    answer = answered(client, "/v1/what-ifs/comparison", body)
    assert (answer["schools_paid"], answer["pupils"]["not_included"]) == (None, None)


def test_a_group_of_which_nothing_is_known_has_no_sums_and_no_nought(caller):
    pupils = compared(caller, sent=[{**PLACED[0], "band": None}])["pupils"]
    total = pupils["total"]
    assert (total["before"], total["after"], total["change"]) == (None, None, None)


NORTHUMBERLAND_2025 = {
    "urn": "900001",
    "phase": "primary",
    "units_basic_entitlement_primary": "210",
    "units_fsm6_primary": "10",
    "units_low_prior_attainment_primary": "20",
    "ehc_plans": 5,
}


def checked(client, school, **asked):
    body = {"rule_set": "northumberland-2025-26", "schools": [school], "absent_lines": "zero"}
    return answered(client, "/v1/what-ifs/notional-sen", body | asked)["schools"][0]


def test_a_school_is_told_what_it_would_be_due_for_its_plans(client):
    school = checked(
        client, {**NORTHUMBERLAND_2025, "sen_support_pupils": 10}, sen_support_cost="1500"
    )
    assert school["expected_calls"]["left"] == "-10900.00"
    assert school["targeted_funding"] == {
        "label": "Additional funding for schools with many plans",
        "due": "18000.00",
        "not_known": None,
        "left_after": "7100.00",
    }


def test_a_school_s_own_figure_decides_over_the_assumed_cost(client):
    school = {**NORTHUMBERLAND_2025, "sen_support_pupils": 10, "sen_support_figure": "4321.50"}
    for asked in ({}, {"sen_support_cost": "1500"}):
        calls = checked(client, school, **asked)["expected_calls"]
        assert (calls["sen_support"], calls["total"]) == ("4321.50", "34321.50")


def test_a_school_of_unknown_plans_is_told_why_nothing_is_said(client):
    unknown = checked(client, {**NORTHUMBERLAND_2025, "ehc_plans": None})["targeted_funding"]
    assert (unknown["due"], unknown["left_after"]) == (None, None)
    assert unknown["not_known"] == "the number of EHC plans is not given"


def test_rules_without_targeted_funding_answer_none(client):
    body = {
        "rule_set": "bedford-2022-23",
        "schools": [{"urn": "900001", "phase": "primary", "units_fsm_primary": "3"}],
        "absent_lines": "zero",
    }
    school = answered(client, "/v1/what-ifs/notional-sen", body)["schools"][0]
    assert school["targeted_funding"] is None
