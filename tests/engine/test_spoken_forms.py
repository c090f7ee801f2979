"""Ways of speaking of bands and prices that few authorities share: exact, explained, refused where unclear."""

import pytest

from engine.errors import PairRefused, RuleRefused
from engine.explain import explain_pupil
from engine.money import pounds
from engine.rules.compile import compile_rules
from engine.run import evaluate
from engine.vocabulary import Reason
from tests.builders import banded, pupil, pupil_table, rule_set

BANDS = ("A", "B", "C")
FLAT = [{"band": name, "pounds": price} for name, price in zip(BANDS, ("1", "2", "3"), strict=True)]
AREAS = {"talk": {"highest": 5}, "learning": {"highest": 5, "weight": 2}}
STEPS = [{"band": "A", "from": 0, "to": 4}, {"band": "B", "from": 5, "to": 10}]


def valued(document, **record):
    return evaluate(compile_rules(document), pupils=pupil_table([pupil(**record)], BANDS)).top_ups


def paid(price, **record):
    """Return what a price pays a pupil in band A."""
    tariff = {"unit_value": price.pop("unit_value")} if "unit_value" in price else {}
    parts = banded([price], BANDS)
    parts["band_profile"]["tariff"] |= tariff
    return pounds(int(valued(rule_set(**parts), band="A", **record).amount[0]))


def band(assignment, **record):
    """Return the band of a pupil, by what it pays; None where it is not known."""
    outcome = valued(rule_set(**banded(FLAT, BANDS, assignment)), **record)
    known = Reason(outcome.reason[0]) is not Reason.not_supplied
    return BANDS[int(outcome.amount[0]) // 100 - 1] if known else None


def refusal(parts):
    with pytest.raises(RuleRefused) as refused:
        rule_set(**parts)
    return str(refused.value)


@pytest.mark.parametrize(
    ("price", "record", "expected"),
    [
        pytest.param(
            {"assessed_cost": True, "fraction": "1/3"}, {"assessed_cost": "30000"}, "10000.00",
            id="a third of a cost is a third of it, not of a rounded share",
        ),
        pytest.param(
            {"pounds_each": "23.33", "each": "support_hours", "times_a_year": "38.5"},
            {"support_hours": "10"}, "8982.05",
            id="weeks with decimals are multiplied before anything is rounded",
        ),
        pytest.param(
            {"pounds": "100.01", "fraction": "1/2", "times_a_year": 3}, {}, "150.02",
            id="a sum is rounded once, when all that multiplies it is known",
        ),
        pytest.param(
            {"pounds_each": "10", "each": "exceptional_amount", "each_above": "5000"},
            {"exceptional_amount": "5000.01"}, "0.10",
            id="an amount above a sum counts by the penny",
        ),
        pytest.param(
            {"pounds_each": "500", "each": "hours", "each_up_to": "25"}, {"hours": "32.5"}, "12500.00",
            id="hours beyond the last that counts are paid no more",
        ),
        pytest.param(
            {"pounds_each": "300", "each": "support_hours", "each_above": "13", "shared_in_group": True},
            {"support_hours": "15", "group_size": 2}, "300.00",
            id="a group shares what lies above the first hours",
        ),
        pytest.param(
            {"units": "2.5", "unit_value": "333.33"}, {}, "833.33",
            id="units are multiplied by the value of one, to the penny",
        ),
        pytest.param(
            {"pounds_each": "7.5", "each": "score"}, {"score": 31}, "232.50", id="a point of a score",
        ),
    ],
)  # fmt: skip
def test_a_price_is_exact(price, record, expected):
    assert paid(dict(price), **record) == expected


def test_a_quantity_that_is_not_supplied_is_not_one_below_the_first_hours():
    price = {"pounds_each": "300", "each": "support_hours", "each_above": "13"}
    outcome = valued(rule_set(**banded([price], BANDS)), band="A", support_hours=None)
    assert Reason(outcome.reason[0]) is Reason.not_supplied


def test_points_of_areas_can_be_what_a_price_is_multiplied_by():
    points = {"points": {"dimensions": AREAS, "steps": [{"band": "A", "from": 0, "to": 15}]}}
    parts = banded([{"pounds_each": "10", "each": "points"}], BANDS, points)
    outcome = valued(rule_set(**parts), level_talk=3, level_learning=5)
    assert pounds(int(outcome.amount[0])) == "130.00"


@pytest.mark.parametrize(("combine", "expected"), [("sum", "B"), ("highest", "A")])
def test_areas_are_added_or_the_greatest_need_decides(combine, expected):
    form = {"points": {"dimensions": AREAS, "steps": STEPS, "combine": combine, "gaps": True}}
    assert band(form, level_talk=4, level_learning=2) == expected


@pytest.mark.parametrize(
    ("combine", "talk", "expected"), [("sum", 4, "8"), ("highest", 1, "4"), ("sum", None, None)]
)
def test_what_levels_come_to_stands_in_the_explanation(combine, talk, expected):
    form = {"points": {"dimensions": AREAS, "steps": STEPS, "combine": combine, "gaps": True}}
    document = rule_set(**banded(FLAT, BANDS, form))
    outcome = valued(document, pupil_key="one", level_talk=talk, level_learning=2)
    rows = [row for one in explain_pupil(outcome, "one").workings for row in one.rows]
    assert [row.value for row in rows if row.label.startswith("Points:")] == [expected]


@pytest.mark.parametrize(
    ("given", "points", "expected"),
    [("C", 7, "C"), ("C", None, "C"), (None, 7, "B"), (None, None, None)],
)
def test_a_band_that_a_panel_gave_stands_and_points_decide_the_others(given, points, expected):
    form = {"points": {"steps": STEPS}, "panel_may_decide": True}
    assert band(form, band=given, points=points) == expected


def test_a_panel_s_band_closes_no_gap_of_the_points():
    form = {"points": {"steps": [*STEPS, {"band": "C", "from": 12, "to": 15}]}}
    form["panel_may_decide"] = True
    assert "no row covers points 11" in refusal(banded(FLAT, BANDS, form))


def test_a_band_is_a_panel_s_or_a_row_s_and_the_explanation_says_which():
    document = rule_set(
        **banded(FLAT, BANDS, {"points": {"steps": STEPS}, "panel_may_decide": True})
    )
    places = []
    for given in ("C", None):
        explained = explain_pupil(valued(document, pupil_key="one", band=given, points=7), "one")
        rows = [row for working in explained.workings for row in working.rows]
        places += [row.place for row in rows if row.label == "Band" and row.place]
    assert places == [
        "band_profile.assignment.panel_may_decide",
        "band_profile.assignment.points.steps.1",
    ]


def test_steps_may_differ_by_setting_and_two_of_one_setting_may_not_overlap():
    here, there = {"setting": ["mainstream"]}, {"setting": ["special"]}
    steps = [{**STEPS[0], "when": here}, {**STEPS[0], "band": "C", "when": there}]
    form = {"points": {"steps": steps, "gaps": True}}
    assert [band(form, points=2, setting=one) for one in ("mainstream", "special")] == ["A", "C"]
    assert band(form, points=2, setting=None) is None
    clash = {"points": {"steps": [steps[0], {**steps[1], "when": here}], "gaps": True}}
    with pytest.raises(RuleRefused, match="both fit"):
        compile_rules(rule_set(**banded(FLAT, BANDS, clash)))


@pytest.mark.parametrize("setting", ["mainstream", "special"])
def test_a_table_may_read_costs_levels_and_groups(setting):
    rows = [
        {"when": {"assessed_cost": ["0-6000"]}, "band": "A"},
        {"when": {"group_size": ["2+"], "level_talk": ["0-3"]}, "band": "B"},
        {"band": "C"},
    ]
    inputs = ["assessed_cost", "group_size", "level_talk"]
    form = {"table": {"hit_policy": "first", "inputs": inputs, "rows": rows}}
    held = {"setting": setting, "group_size": 2, "level_talk": 3}
    assert band(form, assessed_cost="6000", **held) == "A"
    assert band(form, assessed_cost="6000.01", **held) == "B"
    assert band(form, assessed_cost="99999999.99", **held | {"level_talk": 4}) == "C"


@pytest.mark.parametrize(
    ("price", "said"),
    [
        ({"units": "2"}, "unit_value is needed where a price has units, and only there"),
        ({"pounds": "1", "units": "2"}, "give one price only"),
        ({"pounds": "1", "each_above": "2"}, "need 'each'"),
        ({"pounds_each": "1", "each": "hours", "each_above": "9", "each_up_to": "9"}, "more than"),
        ({"pounds": "1", "fraction": "0/3"}, "fraction"),
        ({"pounds": "1", "times_a_year": "0.0"}, "1 to 366"),
        ({"pounds": "1", "times_a_year": "400.5"}, "1 to 366"),
        ({"pounds": "1", "times_a_year": True}, "1 to 366"),
        ({"assessed_cost": True, "times_a_year": "1.5"}, "times_a_year must be left out"),
    ],
)
def test_a_price_that_says_two_things_or_half_of_one_is_refused(price, said):
    assert said in refusal(banded([price], BANDS))


@pytest.mark.parametrize(
    ("assignment", "said"),
    [
        ({"label_given": True, "panel_may_decide": True}, "needs points or a table"),
        (
            {"table": {"hit_policy": "first", "inputs": ["band"], "rows": [{"band": "A"}]},
             "panel_may_decide": True},
            "a table that uses the column",
        ),
        (
            {"table": {"hit_policy": "first", "inputs": ["score"], "rows": [{"band": "A"}],
                       "covers": {"score": ["0.25"]}}},
            "assignment.table.covers.score: '0.25' has too many decimal places",
        ),
        (
            {"table": {"hit_policy": "first", "inputs": ["score"], "rows": [{"band": "A"}],
                       "covers": {"points": ["1"]}}},
            "'covers' has points",
        ),
        ({"points": {"steps": STEPS, "covers": ["0-2000"]}}, "points.covers: '0-2000'"),
        (
            {"table": {"hit_policy": "first", "inputs": ["level_"], "rows": [{"band": "A"}]}},
            "inputs",
        ),
    ],
)  # fmt: skip
def test_an_assignment_that_cannot_be_meant_is_refused_by_its_place(assignment, said):
    assert said in refusal(banded(FLAT, BANDS, assignment))


def test_a_step_of_a_quantity_is_asked_of_the_whole_quantity_and_not_of_what_counts():
    price = {"pounds_each": "100", "each": "level", "each_step": "0.5", "each_above": "0.25"}
    assert paid(dict(price), level="1.5") == "125.00"
    with pytest.raises(PairRefused, match="whole steps"):
        paid(dict(price), level="1.25")


def test_what_a_price_is_multiplied_by_stands_in_its_explanation():
    price = {"pounds_each": "15.35", "each": "support_hours", "each_above": "2", "fraction": "2/3"}
    document = rule_set(**banded([price | {"times_a_year": "38.5"}], BANDS))
    outcome = valued(document, pupil_key="one", band="A", support_hours="12.25")
    rows = {
        row.label: row.value
        for working in explain_pupil(outcome, "one").workings
        for row in working.rows
    }
    assert rows["For each of the pupil's support hours above 2"] == "15.35"
    assert rows["Support hours that count"] == "10.25"
    assert (rows["Times a year"], rows["Part of it that is paid"]) == ("38.5", "2/3")
    assert rows["Annual rate, to the penny"] == rows["Top-up for the year"] == "4038.33"
