"""What a what-if takes, answers and refuses."""

import json

import pytest

from app.admission import Gate, Place
from app.what_ifs.examples import NOTIONAL_SEN, TOP_UPS

NOTIONAL, PUPILS, COMPARISON = (
    f"/v1/what-ifs/{name}" for name in ("notional-sen", "top-ups", "comparison")
)
NORTHUMBERLAND, TELFORD = "northumberland-2025-26", "telford-and-wrekin-2025-26"
SCHOOL = NOTIONAL_SEN["one_school"]["value"]["schools"][0]
PUPIL = TOP_UPS["autumn_term"]["value"]["pupils"][0]
CANARY = "canary-key-77"


def schools(**changes):
    asked = {"rule_set": NORTHUMBERLAND, "schools": [SCHOOL], "absent_lines": "zero"}
    return {**asked, **changes}


def pupils(*changes, **asked):
    return {"rule_set": TELFORD, "pupils": [{**PUPIL, **one} for one in changes or ({},)], **asked}


def answered(client, path, body):
    answer = client.post(path, json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()


def refused(client, path, body, status=422):
    answer = client.post(path, json=body)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    return answer.json()


def test_an_answer_names_its_rules_its_engine_and_the_values_tried(client):
    place = "schools_formula.factors.low_prior_attainment.primary.notional_percent"
    body = schools(overrides=[{"place": place, "value": "60"}])
    answer = answered(client, NOTIONAL, body)
    rules = answer["rules"]
    assert (rules["rule_set"], rules["version"], rules["on"]) == (NORTHUMBERLAND, 1, None)
    assert rules["values"] == "each value from its own day"
    of_a_day = answered(client, NOTIONAL, schools(on="2025-04-01"))["rules"]
    assert (of_a_day["on"], of_a_day["values"]) == (
        "2025-04-01", "values of 2025-04-01 for the whole year",
    )  # fmt: skip
    assert rules["overrides"] == [{"place": place, "value": "60"}]
    assert rules["standing"] == "proposed"
    assert rules["digest"] != answered(client, NOTIONAL, schools())["rules"]["digest"]
    assert answer["engine"] == {"version": "0.1.0", "semantics": 2}


def test_an_override_moves_the_line_that_it_names_and_no_other(client):
    place = "schools_formula.factors.low_prior_attainment.primary.notional_percent"
    body = schools(overrides=[{"place": place, "value": "60"}])
    before, after = (answered(client, NOTIONAL, one)["schools"][0] for one in (schools(), body))
    moved = [
        one["line"]
        for one, other in zip(before["lines"], after["lines"], strict=True)
        if one != other
    ]
    assert moved == ["low_prior_attainment_primary"]


def test_schools_are_answered_in_the_order_sent(client):
    body = schools(schools=[{**SCHOOL, "urn": urn} for urn in ("900009", "900001", "900005")])
    answer = answered(client, NOTIONAL, body)
    assert [one["urn"] for one in answer["schools"]] == ["900009", "900001", "900005"]
    assert [one["row"] for one in answer["schools"]] == [1, 2, 3]


def test_expected_calls_are_met_from_the_budget_or_fall_short(client):
    [school] = answered(client, NOTIONAL, schools(sen_support_cost="1500.00"))["schools"]
    calls = school["expected_calls"]
    assert (calls["sen_support"], calls["plans"]) == ("45000.00", "24000.00")
    assert calls["total"] == "69000.00"
    assert float(calls["left"]) == pytest.approx(float(school["notional_sen"]) - 69000)


def test_only_those_calls_are_not_known_that_depend_on_what_is_missing(client):
    without_plans = {name: value for name, value in SCHOOL.items() if name != "ehc_plans"}
    for body, known, why in (
        (schools(), "plans", "the assumed cost of a pupil on SEN support is not given"),
        (
            schools(schools=[without_plans], sen_support_cost="1500"),
            "sen_support",
            "the number of EHC plans is not given",
        ),
    ):
        calls = answered(client, NOTIONAL, body)["schools"][0]["expected_calls"]
        assert calls[known] is not None
        assert (calls["total"], calls["left"]) == (None, None)
        assert why in calls["not_known"]


def test_a_school_that_says_nothing_of_its_needs_has_no_calls(client):
    counts = {"sen_support_pupils", "sen_support_figure", "ehc_plans"}
    without = {name: value for name, value in SCHOOL.items() if name not in counts}
    body = schools(schools=[without], sen_support_cost="1500")
    assert answered(client, NOTIONAL, body)["schools"][0]["expected_calls"] is None


def test_nobody_on_sen_support_costs_nothing_whatever_one_would(client):
    nobody = {**SCHOOL, "sen_support_pupils": "0", "ehc_plans": "3"}
    nobody.pop("sen_support_figure", None)
    calls = answered(client, NOTIONAL, schools(schools=[nobody]))["schools"][0]["expected_calls"]
    assert (calls["sen_support"], calls["plans"], calls["total"]) == (
        "0.00",
        "18000.00",
        "18000.00",
    )


def test_what_is_not_known_is_counted_and_no_share_is_stated(client):
    body = schools(absent_lines="not_supplied", sen_support_cost="1500")
    [school] = answered(client, NOTIONAL, body)["schools"]
    absent = [line for line in school["lines"] if line["not_known"]]
    assert absent
    assert all(line["amount"] is None and line["notional_sen"] is None for line in absent)
    assert school["minimum_per_pupil"] == {
        "amount": None,
        "notional_sen": None,
        "why_not_known": "it depends on a part that is not known",
        "last_year_without": [],
    }
    assert len(school["missing"]) == len(absent) + 1
    assert school["not_known"] == len(absent) + 1
    assert school["notional_percent_of_formula"] is None
    assert school["expected_calls"]["left"] is None


def test_lines_that_are_not_sent_are_refused_by_name_unless_declared(client):
    problem = refused(client, NOTIONAL, schools(absent_lines="refused"))
    assert "units_idaci_a_primary" in {one["column"] for one in problem["problems"]}


def test_a_formula_without_percentages_has_no_notional_budget_rather_than_nothing(client):
    [school] = answered(client, NOTIONAL, schools(rule_set="nff-2025-26"))["schools"]
    assert school["formula_total"] != "0.00"
    assert school["notional_sen"] is None
    assert all(line["notional_sen"] is None for line in school["lines"])


def test_a_working_is_answered_on_request(client):
    [school] = answered(client, NOTIONAL, schools(explain=True))["schools"]
    working = next(
        one for one in school["explanation"]["workings"] if one["name"] == "fsm6_primary"
    )
    operators = [row["operator"] for row in working["rows"]]
    assert operators == ["start", "times", "equals", "times", "equals"]
    [pupil] = answered(client, PUPILS, pupils(explain=True))["pupils"]
    assert pupil["explanation"]["sentence"] == pupil["sentence"]


def test_pupils_are_answered_in_the_order_sent_with_their_reason(client):
    body = pupils(
        {"pupil_key": "z"}, {"pupil_key": "a", "band": "8"}, {"pupil_key": "m", "band": ""}
    )
    answer = answered(client, PUPILS, body)
    assert [(one["row"], one["pupil_key"], one["band"]) for one in answer["pupils"]] == [
        (1, "z", "12"),
        (2, "a", "8"),
        (3, "m", None),
    ]
    assert [one["top_up"] for one in answer["pupils"]] == ["1259.55", "0.00", None]
    assert [one["reason"] for one in answer["pupils"]] == ["rate", "rate", "not_supplied"]
    total = answer["total"]
    assert (total["top_up"], total["pupils"], total["not_known"]) == ("1259.55", 3, 1)
    assert total["school_protection"] is None
    assert [one["by"] for one in answer["sums"]] == ["school", "la", "need", "setting"]


def test_a_comparison_says_who_gains_and_who_loses(client):
    body = {
        "baseline": {"rule_set": TELFORD},
        "candidate": {
            "rule_set": TELFORD,
            "overrides": [{"place": "band_profile.tariff.prices.row:11.pounds", "value": "5000"}],
        },
        "pupils": [
            {**PUPIL, "start": None, "end": None},
            {**PUPIL, "pupil_key": "b", "band": "9", "start": None, "end": None},
            {**PUPIL, "pupil_key": "c", "band": None, "start": None, "end": None},
        ],
        "schools": None,
    }
    answer = answered(client, COMPARISON, body)
    total = answer["pupils"]["total"]
    counts = {name: total[name] for name in ("winners", "losers", "unchanged", "not_known")}
    assert counts == {"winners": 1, "losers": 0, "unchanged": 1, "not_known": 1}
    assert total["change"] == "820.60"
    assert [one["change"] for one in answer["pupils"]["each"]] == ["820.60", "0.00", None]
    assert answer["pupils"]["deciles"][-1] == "820.60"
    assert answer["schools"] is None


def test_nothing_to_compare_is_refused(client):
    body = {"baseline": {"rule_set": TELFORD}, "candidate": {"rule_set": TELFORD}}
    assert refused(client, COMPARISON, body)["problems"][0]["rule"] == "nothing-to-compare"


def test_no_pupil_stands_in_a_refusal(client):
    wrong = {"pupil_key": CANARY, "primary_need": "CANARY", "band": "CANARY", "la": "CANARY"}
    answer = client.post(PUPILS, json=pupils(wrong, {"pupil_key": CANARY}))
    assert answer.status_code == 422
    assert "canary" not in answer.text.lower()
    assert {one["column"] for one in answer.json()["problems"]} >= {"primary_need", "band", "la"}


def test_every_problem_is_said_at_once(client):
    body = pupils({"la": "1"}, {"pupil_key": "b", "setting": "home"}, surprise=1, version="one")
    places = {one["place"] for one in refused(client, PUPILS, body)["problems"]}
    assert places == {"body.surprise", "body.version"}
    body = pupils({"la": "1"}, {"pupil_key": "b", "setting": "home"})
    found = [(one["row"], one["column"]) for one in refused(client, PUPILS, body)["problems"]]
    assert found == [(1, "la"), (2, "setting")]


@pytest.mark.parametrize("value", [10**14, [1], {"a": 1}, "x" * 201, "\ud800"])
def test_a_cell_is_text_a_number_or_a_flag(client, value):
    body = schools(schools=[{**SCHOOL, "units_fsm_primary": value}])
    content = json.dumps(body)
    answer = client.post(NOTIONAL, content=content, headers={"Content-Type": "application/json"})
    assert answer.status_code == 422
    [problem] = answer.json()["problems"]
    assert problem["place"] == "body.schools.0.units_fsm_primary"
    assert problem["sentence"].startswith("must be text of at most 200 characters, a whole number")


@pytest.mark.parametrize(
    ("body", "rule"),
    [
        (schools(rule_set=TELFORD), "no-formula"),
        (schools(on="2020-01-01"), "outside-effective"),
        (
            schools(overrides=[{"place": "schools_formula.nothing", "value": "1"}]),
            "extra_forbidden",
        ),
        (schools(schools=[{**SCHOOL, "units_fsm_primry": "1"}]), "unknown-column"),
    ],
)
def test_rules_and_records_that_do_not_fit_are_refused(client, body, rule):
    assert rule in {one["rule"] for one in refused(client, NOTIONAL, body)["problems"]}


def test_a_rule_set_that_is_not_published_is_not_found(client):
    assert refused(client, PUPILS, pupils(rule_set="nobody-2025-26"), 404)
    assert refused(client, PUPILS, pupils(version=9), 404)


def test_more_records_than_a_body_may_hold_are_refused(client):
    many = [{**PUPIL, "pupil_key": str(row)} for row in range(1001)]
    assert refused(client, PUPILS, {"rule_set": TELFORD, "pupils": many})
    assert client.post(PUPILS, content=b" " * (5 << 20)).status_code == 413


def test_an_answer_about_pupils_is_kept_by_nobody(client):
    answer = client.post(PUPILS, json=pupils())
    assert answer.headers["cache-control"] == "no-store"


def test_a_caller_too_many_is_told_when_to_ask_again(client, service):
    service.state.settings = service.state.settings.model_copy(
        update={"calculation_wait_seconds": 0}
    )
    gate = service.state.gate = Gate(service.state.settings)
    places = [Place(gate, 0.01) for _ in range(gate.light.slots)]
    answer = client.post(PUPILS, json=pupils())
    assert answer.status_code == 503
    assert int(answer.headers["retry-after"]) >= 1
    assert answer.json()["type"] == "/problems/busy"
    for place in places:
        place.leave()
    for _ in range(3):
        assert client.post(PUPILS, json=pupils()).status_code == 200
    assert (gate.light.joined, gate.light.running) == (0, 0)


def test_what_is_not_known_of_all_schools_is_counted_by_part_and_reason(client):
    without = {name: one for name, one in SCHOOL.items() if name != "units_fsm6_primary"}
    body = schools(schools=[SCHOOL, {**without, "urn": "900009", "units_fsm6_primary": ""}])
    for working in ("none", "lines"):
        counted = answered(client, NOTIONAL, {**body, "working": working})["missing"]
        fsm6 = [one for one in counted if one["why"] == "the figure is not given"]
        assert fsm6 == [
            {
                "part": "Free school meals, last six years (primary)",
                "why": "the figure is not given",
                "number": 1,
            }
        ]
    assert answered(client, NOTIONAL, schools())["missing"] == []


def test_what_was_not_supplied_of_pupils_is_counted_by_column(client):
    two = pupils({"pupil_key": "p-1"}, {"pupil_key": "p-2", "band": ""})
    answer = answered(client, PUPILS, two)
    assert answer["total"]["not_known"] == 1
    assert answer["missing"] == [{"part": "band", "why": "not supplied", "number": 1}]


def test_the_rows_of_a_pupil_have_one_total(client):
    spells = [
        {"start": "2025-04-01", "end": "2025-08-31"},
        {"start": "2025-09-01", "end": "2026-03-31", "urn": "900009"},
    ]
    answer = answered(client, PUPILS, {**pupils(*spells), "working": "whole"})
    first, second = answer["pupils"]
    assert first["pupil_total"] == second["pupil_total"]
    assert round(float(first["top_up"]) + float(second["top_up"]), 2) == float(first["pupil_total"])
    assert first["explanation"]["totals"][-1]["value"] == first["pupil_total"]
