"""A figure that a source does not print is not nothing: what depends on it is not known, and nothing else."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import PairRefused, RuleRefused
from engine.explain import explain_pupil, explain_school
from engine.rules.compile import compile_rules
from engine.rules.load import load_rule_set, plain, rule_set_from
from engine.run import evaluate
from engine.statement import (
    ReasonCount,
    Statements,
    pupil_reasons,
    school_reasons,
    school_warnings,
)
from engine.vocabulary import NOT_KNOWN, NOT_PRINTED, Missing, Reason
from tests.builders import banded, pupil, pupil_table, rule_set, school, school_table
from tests.storm_size import draws
from tests.strategies import LABELS, banded_rule_sets, pupils

HOURLY = {"each": "support_hours", "pounds_each": NOT_PRINTED}
BY_HOURS = {"part_time": {"full_time_hours": "25"}}
FIRST = {"pounds": NOT_PRINTED, "inside": True, "settings": ["mainstream"]}
LEFT = {"end": date(2024, 7, 31)}
KEEPS = {"until": "2026-03-31", "pupil_percent": NOT_PRINTED}
SALARY = {"adults": [{"role": "Teacher", "salary": NOT_PRINTED, "number": "1"}], "pupils": "6"}


def outcome_of(price, record, *, tariff=None, **rule):
    parts = banded([price], ["A"], **rule)
    parts["band_profile"]["tariff"] |= tariff or {}
    document = rule_set(**parts)
    held = {"band": "A", "sen_provision": "E", "setting": "mainstream"} | record
    return evaluate(compile_rules(document), pupils=pupil_table([pupil(**held)], ["A"])).top_ups


def paid(price, record, **rule):
    """Return the reason of a pupil's top-up, and its pounds or None."""
    outcome = outcome_of(price, record, **rule)
    amount = int(outcome.amount[0]) / 100 if outcome.known[0] else None
    return Reason(int(outcome.reason[0])).name, amount


PLAIN = {"pounds": "900"}
UNKNOWN = [
    pytest.param({"pounds": NOT_PRINTED}, {}, {}, id="a price"),
    pytest.param(HOURLY, {"support_hours": "0.01"}, {}, id="a rate of some hours"),
    pytest.param(HOURLY | {"pounds": "5"}, {"support_hours": 9}, {}, id="a sum and a rate"),
    pytest.param({"units": "2"}, {}, {"tariff": {"unit_value": NOT_PRINTED}}, id="a unit value"),
    pytest.param({"staffing": SALARY}, {}, {}, id="a salary"),
    pytest.param(PLAIN, {}, {"tariff": {"uprating_percent": NOT_PRINTED}}, id="an uprating"),
    pytest.param(PLAIN, {}, {"tariff": {"area_cost_adjustment": NOT_PRINTED}}, id="an area"),
    pytest.param(PLAIN, {}, {"threshold": FIRST}, id="a first part"),
    pytest.param(PLAIN, {}, {"floor": NOT_PRINTED}, id="a floor"),
    pytest.param(PLAIN, {}, {"cap": NOT_PRINTED}, id="a cap"),
    pytest.param(PLAIN, {"hours": 0}, BY_HOURS | {"floor": "149", "cap": NOT_PRINTED}, id="a cap on a floor that lifts no cost"),
    pytest.param(PLAIN, {}, {"floor": NOT_PRINTED, "cap": "900.01"}, id="a floor under a cap above the price"),
    pytest.param(PLAIN, {}, {"threshold": FIRST, "floor": "899.99"}, id="a first part of a price above the floor"),
    pytest.param(PLAIN, {"top_up": "1000"}, {"protection": KEEPS}, id="a protected share"),
    pytest.param(PLAIN, {}, {"tariff": {"modifiers": [{"label": "More", "percent": NOT_PRINTED}]}}, id="a percentage on top"),
]  # fmt: skip
KNOWN = [
    pytest.param({"pounds": NOT_PRINTED}, {"hours": 0}, BY_HOURS, ("rate", 0), id="no hours of any price"),
    pytest.param({"pounds": NOT_PRINTED}, LEFT, {}, ("not_on_roll", 0), id="no days of any price"),
    pytest.param(HOURLY, {"support_hours": 0}, {}, ("rate", 0), id="no hours at any rate"),
    pytest.param(HOURLY | {"pounds": "5"}, {"support_hours": 0}, {}, ("rate", 5), id="a sum and no hours at any rate"),
    pytest.param({"units": "0"}, {}, {"tariff": {"unit_value": NOT_PRINTED}}, ("rate", 0), id="no units of any value"),
    pytest.param({"pounds": "0"}, {}, {"tariff": {"uprating_percent": NOT_PRINTED}}, ("rate", 0), id="nothing uprated"),
    pytest.param(PLAIN, {"setting": "special"}, {"threshold": FIRST}, ("rate", 900), id="a first part of other settings"),
    pytest.param(PLAIN, {"hours": 0}, BY_HOURS | {"threshold": FIRST}, ("within_threshold", 0), id="a first part of no cost"),
    pytest.param(PLAIN, {"hours": 0}, BY_HOURS | {"cap": NOT_PRINTED}, ("rate", 0), id="a cap on no cost"),
    pytest.param(PLAIN, {"top_up": 0}, {"protection": KEEPS}, ("rate", 900), id="any share of nothing"),
    pytest.param(PLAIN, {}, {"floor": NOT_PRINTED, "cap": "500"}, ("cap", 500), id="a floor under a cap that the price reaches"),
    pytest.param(PLAIN, {}, {"floor": NOT_PRINTED, "cap": "900"}, ("rate", 900), id="a floor under a cap that is the price"),
    pytest.param(PLAIN, {}, {"threshold": FIRST, "floor": "900"}, ("floor", 900), id="a first part of a price that the floor covers"),
    pytest.param(PLAIN, {}, {"threshold": FIRST, "floor": "950", "cap": "920"}, ("cap", 920), id="a first part above which floor and cap decide"),
    pytest.param(PLAIN, {}, {"threshold": FIRST, "floor": "500", "cap": "500"}, ("floor", 500), id="a first part where floor and cap are the same"),
    pytest.param(PLAIN, LEFT, {"floor": NOT_PRINTED}, ("not_on_roll", 0), id="no days of any floor"),
]  # fmt: skip


@pytest.mark.parametrize(("price", "record", "rule"), UNKNOWN)
def test_a_top_up_that_depends_on_a_figure_not_printed_is_not_known(price, record, rule):
    assert paid(price, record, **rule) == ("not_printed", None)
    explanation = explain_pupil(outcome_of(price, record, **rule), "pupil-1")
    rows = [row for row in explanation.workings[-1].rows if row.value == NOT_PRINTED]
    assert [(row.text, row.source) for row in rows] == [(NOT_PRINTED, "Invented for tests")]
    assert (explanation.absent, explanation.totals[-1].value) == (1, None)


@pytest.mark.parametrize(("price", "record", "rule", "expected"), KNOWN)
def test_none_of_what_has_no_printed_figure_is_nothing(price, record, rule, expected):
    assert paid(price, record, **rule) == expected
    explanation = explain_pupil(outcome_of(price, record, **rule), "pupil-1")
    assert (explanation.absent, explanation.totals[-1].value) == (0, f"{expected[1]:.2f}")


PRINTED_LATER = [
    {"from": "2025-04-01", "value": NOT_PRINTED},
    {"from": "2025-09-01", "value": "3650"},
]


def test_a_price_printed_from_a_day_on_is_known_for_those_who_are_on_roll_from_then():
    rules = compile_rules(rule_set(**banded([{"pounds": PRINTED_LATER}], ["A"])))
    stays = [
        {},
        {"start": date(2025, 9, 1)},
        {"start": date(2025, 8, 31)},
        {"end": date(2025, 6, 1)},
    ]
    table = [pupil(**one, pupil_key=f"pupil-{at}", band="A") for at, one in enumerate(stays)]
    outcome = evaluate(rules, pupils=pupil_table(table, ["A"])).top_ups
    assert outcome.known.tolist() == [False, True, False, False]
    assert outcome.amount.tolist() == [0, 2120_00, 0, 0]


def test_bands_whose_price_is_not_known_are_counted_by_reason():
    prices = [{"band": "A", "pounds": NOT_PRINTED}, {"band": "B", "pounds": "1"}]
    rules = compile_rules(rule_set(**banded(prices, ["A", "B", "C"])))
    table = [pupil(band=band, pupil_key=f"pupil-{at}") for at, band in enumerate("AABCC")]
    outcome = evaluate(rules, pupils=pupil_table(table, ["A", "B", "C"])).top_ups
    assert pupil_reasons(outcome) == (
        ReasonCount("band C", Missing.no_price, 2),
        ReasonCount("band A", Missing.not_printed, 2),
    )
    assert outcome.absent == 4


@pytest.mark.parametrize("written", ["", "null", "~"])
def test_an_empty_price_is_refused_with_both_ways_out(written):
    text = f"band_profile:\n  tariff:\n    prices:\n      - pounds: {written}\n"
    with pytest.raises(RuleRefused, match=r"leave the field out .* or write not printed"):
        load_rule_set(text)


@pytest.mark.parametrize("written", ["Not printed", "n/a", "tbc"])
def test_other_words_for_a_price_are_refused_with_the_word_for_it(written):
    with pytest.raises(RuleRefused, match="or not printed, where the source gives no figure"):
        rule_set(**banded([{"pounds": written}], ["A"]))


FACTORS = {
    "basic_entitlement": {"label": "Basic", "counts": "pupils", "primary": {"unit_value": "4000", "notional_percent": NOT_PRINTED}},
    "fsm6": {"label": "Meals", "counts": "pupils", "where": {"fsm6": True}, "primary": {"unit_value": NOT_PRINTED, "notional_percent": "50"}},
    "eal3": {"label": "English", "counts": "pupils", "where": {"eal3": True}, "primary": {"unit_value": "500", "notional_percent": "50"}},
}  # fmt: skip


def schools_of(*rows):
    formula = {"factors": FACTORS, "pupils_counted_by": "basic_entitlement"}
    rules = compile_rules(rule_set(schools_formula=formula))
    names = [f"units_{name}_primary" for name in FACTORS]
    schools = [
        school(urn=at, **dict(zip(names, row, strict=True))) for at, row in enumerate(rows, start=1)
    ]
    outcome = evaluate(rules, school_table(schools)).notional
    statements = Statements(outcome)
    return outcome, statements.whole(0), statements.whole(1)


def test_an_amount_whose_notional_percentage_is_not_printed_is_known_and_its_notional_part_is_not():
    outcome, first, second = schools_of(["100", "0", "4"], ["0", "0", "4"])
    assert (first.formula, first.notional, first.not_known, first.budget_not_known) == (
        402_000_00, None, 0, 1,
    )  # fmt: skip
    basic = first.lines[0]
    assert (basic.amount, basic.notional, basic.percent) == (400_000_00, None, None)
    assert basic.missing is Missing.not_printed
    assert (second.formula, second.notional, second.budget_not_known) == (2_000_00, 1_000_00, 0)
    explanation = explain_school(outcome, 1)
    assert [(row.label, row.value) for row in explanation.workings[0].rows[-2:]] == [
        ("Notional SEN percentage", NOT_PRINTED), ("Notional SEN", None),
    ]  # fmt: skip
    assert explanation.totals[-1].value is None
    assert [str(one.kind) for one in school_warnings(outcome)] == ["share_of_formula"]
    """The second school's half of its formula alone: what is not known is no share of anything."""


def test_units_of_a_value_that_is_not_printed_are_not_known_and_none_of_it_is_nothing():
    outcome, first, second = schools_of(["0", "3", "4"], ["0", "0", "4"])
    meals = first.lines[1]
    assert (meals.amount, meals.unit_value, meals.not_known) == (None, None, 1)
    assert (meals.missing, first.not_known) == (Missing.not_printed, 1)
    assert (second.lines[1].amount, second.not_known, second.formula) == (0, 0, 2_000_00)
    rows = explain_school(outcome, 1).workings[1].rows
    assert [(row.value, row.source) for row in rows] == [
        (NOT_PRINTED, "Invented for tests"), (None, None),
    ]  # fmt: skip
    assert ReasonCount("Meals (primary)", Missing.not_printed, 1) in school_reasons(outcome)


def test_what_pupils_are_counted_by_cannot_be_not_printed():
    with pytest.raises(RuleRefused, match="cannot be not printed: pupils are counted by it"):
        rule_set(schools_formula={
            "factors": {**FACTORS, "mobility": {"label": "Mobility", "counts": "pupils", "where": {"mobility": True},
            "only_above_percent": NOT_PRINTED, "primary": {"unit_value": "1", "notional_percent": "5"}}},
            "pupils_counted_by": "basic_entitlement",
        })  # fmt: skip


@settings(max_examples=draws(12))
@given(st.data(), banded_rule_sets())
def test_a_price_that_is_not_known_is_not_nothing_and_leaves_known_what_no_price_changes(
    data, document
):
    priced = [
        (at, name)
        for at, price in enumerate(document.band_profile.tariff.prices)
        for name in ("pounds", "pounds_each")
        if getattr(price, name)
    ]
    records = data.draw(pupils(0))
    if not priced:
        return
    at, name = data.draw(st.sampled_from(priced))
    outcomes = []
    for value in (NOT_PRINTED, "0", "123.45", "9876.54"):
        written = plain(document)
        given_long_ago = {"from": "2020-04-01", "source": "example", "standing": "proposed"}
        written["band_profile"]["tariff"]["prices"][at][name] = [{**given_long_ago, "value": value}]
        try:
            rules = compile_rules(rule_set_from(written), date(2025, 4, 1))
            outcomes.append(evaluate(rules, pupils=pupil_table(records, LABELS)).top_ups)
        except (PairRefused, RuleRefused):
            return
    unknown, *tried = outcomes
    for pupil_at in range(len(unknown.pupils)):
        found = {(bool(one.known[pupil_at]), int(one.amount[pupil_at])) for one in tried}
        if unknown.known[pupil_at]:
            assert found == {(True, int(unknown.amount[pupil_at]))}
        else:
            assert int(unknown.amount[pupil_at]) == 0
            assert Reason(int(unknown.reason[pupil_at])) in NOT_KNOWN
