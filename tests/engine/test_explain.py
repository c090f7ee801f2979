"""An explanation leads from the inputs to each figure, and names the place of every value."""

from decimal import Decimal

import pytest

from engine.explain import Operator, explain_pupil, explain_school
from engine.rules.compile import compile_rules
from engine.run import evaluate
from tests.builders import a_year, banded, pupil, pupil_table, rule_set, school, school_table

FORMULA = {
    "schools_formula": {
        "area_cost_adjustment": "1.1",
        "pupils_counted_by": "basic",
        "factors": {
            "basic": {
                "label": "Basic entitlement",
                "counts": "pupils",
                "primary": {"unit_value": "1000", "notional_percent": "5"},
            },
            "rates": {
                "label": "Rates",
                "counts": "amount",
                "area_adjusted": False,
                "in_minimum_base": False,
                "all": {},
            },
        },
        "minimum_per_pupil": {"primary": "1200", "notional_percent": "10"},
    }
}


def rows_of(explanation, name):
    return {
        row.label: row
        for working in explanation.workings
        if working.name == name
        for row in working.rows
    }


@pytest.fixture
def school_explained():
    rules = compile_rules(rule_set(**FORMULA))
    table = school_table([school(units_basic_primary="10.5", amount_rates=None)])
    return explain_school(evaluate(rules, table).notional, 100_001)


def test_a_line_reads_unit_value_times_area_times_pupils_times_percentage(school_explained):
    working = next(one for one in school_explained.workings if one.name == "basic_primary")
    assert [(row.operator, row.value) for row in working.rows] == [
        (Operator.start, "1000.00"),
        (Operator.times, "1.1"),
        (Operator.equals, "1100.00"),
        (Operator.times, "10.5"),
        (Operator.equals, "11550.00"),
        (Operator.times, "5"),
        (Operator.equals, "577.50"),
    ]


def test_every_value_of_the_rules_names_its_place_source_and_standing(school_explained):
    row = rows_of(school_explained, "basic_primary")["Unit value"]
    assert row.place == "schools_formula.factors.basic.primary.unit_value"
    assert (row.source, row.standing) == ("Invented for tests", "proposed")


def test_a_value_not_supplied_is_said_and_the_total_is_called_incomplete(school_explained):
    assert rows_of(school_explained, "rates")["Not supplied"].value is None
    assert school_explained.absent == 1
    assert "not complete" in school_explained.sentence


def test_the_minimum_level_shows_the_base_that_is_not_rounded(school_explained):
    rows = rows_of(school_explained, "minimum_per_pupil")
    assert rows["Pupil-led funding, lump sum and sparsity (not rounded)"].value == "11550.00"
    assert rows["Uplift (none if the level is already reached)"].value == "1050.00"


def test_the_lines_explained_add_to_the_notional_budget(school_explained):
    parts = [
        Decimal(row.value)
        for working in school_explained.workings
        for row in working.rows
        if row.label == "Notional SEN"
    ]
    assert sum(parts) == Decimal(school_explained.totals[-1].value)


def explained_pupil(record, **rule):
    prices = [{"band": "A", "pounds": "1000"}, {"band": "B", "pounds": "12000"}]
    document = rule_set(**banded(prices, ["A", "B"], **rule))
    rules = compile_rules(document)
    table = pupil_table([record], ["A", "B"])
    return explain_pupil(evaluate(rules, None, table).top_ups, record["pupil_key"])


def test_a_top_up_reads_price_less_first_part_times_part_of_the_year():
    record = pupil(band="B", setting="mainstream", sen_provision="E", parts_on_roll=73)
    threshold = {"pounds": "6000", "inside": True, "settings": ["mainstream"]}
    rows = rows_of(explained_pupil(record, threshold=threshold), "top_up")
    assert rows["Price a year"].value == "12000.00"
    assert rows["First part, paid by the school"].operator is Operator.minus
    assert rows["Part of the year on roll"].value == "73 of 365"
    assert rows["Top-up for the year"].value == "1200.00"


def test_a_price_paid_once_is_told_whole_whatever_part_of_the_year_the_pupil_stays():
    prices = [{"band": "A", "pounds": "1000", "once": True}]
    rules = compile_rules(rule_set(**banded(prices, ["A"])))
    record = pupil(band="A", sen_provision="E", parts_on_roll=73)
    outcome = evaluate(rules, pupils=pupil_table([record], ["A"])).top_ups
    working = explain_pupil(outcome, record["pupil_key"]).workings[-1]
    (part,) = [row for row in working.rows if row.value == "73 of 365"]
    assert part.operator is Operator.decides
    assert part.place == "band_profile.tariff.prices.0.once"
    assert working.rows[-1].value == "1000.00"


def test_a_floor_that_decides_is_named():
    rows = rows_of(explained_pupil(pupil(band="A"), floor="2500"), "top_up")
    assert rows["Floor"].value == "2500.00"
    assert rows["Top-up for the year"].note == "The floor applies: the price alone would pay less."


def test_an_amount_not_known_is_explained_without_a_figure():
    explanation = explained_pupil(pupil(band=None))
    assert explanation.totals[0].value is None
    assert explanation.absent == 1


def test_a_pupil_who_is_not_there_is_refused_without_the_key():
    rules = compile_rules(
        rule_set(**banded([{"band": "A", "pounds": "1"}], ["A"], calendar=a_year()))
    )
    outcome = evaluate(rules, None, pupil_table([pupil(band="A")], ["A"])).top_ups
    with pytest.raises(KeyError) as refused:
        explain_pupil(outcome, "secret-key")
    assert "secret-key" not in str(refused.value)


def test_a_school_open_for_part_of_the_year_is_told_its_days():
    formula = {"schools_formula": {**FORMULA["schools_formula"], "year_days": 365}}
    rules = compile_rules(rule_set(**formula))
    table = school_table([school(units_basic_primary="10.5", amount_rates="0", days_open=73)])
    rows = rows_of(explain_school(evaluate(rules, table).notional, 100_001), "basic_primary")
    assert rows["Days of the year open"].value == "73 of 365"
    assert rows["Amount"].value == "2310.00"


@pytest.mark.parametrize("column", ["setting", "sen_provision"])
def test_an_amount_that_is_not_known_names_the_columns_that_were_not_supplied(column):
    choice = {"setting": "mainstream", "sen_provision": "E"}[column]
    prices = [{"band": "A", "pounds": "1000", "when": {column: [choice]}}]
    rules = compile_rules(rule_set(**banded(prices, ["A"])))
    record = pupil(band="A", **{column: None})
    outcome = evaluate(rules, pupils=pupil_table([record], ["A"])).top_ups
    explained = explain_pupil(outcome, record["pupil_key"])
    assert explained.sentence == f"The amount is not known. Not supplied: {column}."
