"""Plain cases beside properties whose draws may miss a law, and of laws that nothing else names."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from engine.compare import compare
from engine.errors import PairRefused, RuleRefused
from engine.export import payment_rows, payment_totals
from engine.export.rule_differences import difference_rows
from engine.lab.imports.ehc_margins import POINTS, _point
from engine.modules.top_ups.group_sums import outcome_sums
from engine.modules.top_ups.pupil_groups import SETTING
from engine.rules.compile import check_day, compile_rules
from engine.rules.compiled import CompiledTopUps
from engine.rules.load import digest
from engine.run import evaluate
from engine.schedule import Divided, payment_schedule
from tests.builders import banded, pupil, pupil_table, rule_set

TENS = [f"B{number}" for number in range(1, 11)]
TEN_PUPILS = [pupil(pupil_key=f"p{at}", band=band) for at, band in enumerate(TENS)]


def paying(pounds):
    prices = [{"band": band, "pounds": str(one)} for band, one in zip(TENS, pounds, strict=True)]
    return compile_rules(rule_set(**banded(prices, TENS)))


def test_deciles_of_a_comparison_are_those_of_the_changes():
    table = pupil_table(TEN_PUPILS, TENS)
    # Of ten changes from -40 to 50 pounds, the first decile is the least and the ninth the last but one.
    before = [500, 100, 900, 300, 700, 200, 800, 400, 600, 1000]
    changes = [50, -40, 20, -10, 40, -30, 10, 30, -20, 0]
    after = [one + change for one, change in zip(before, changes, strict=True)]
    sides = (evaluate(paying(pounds), None, table) for pounds in (before, after))
    assert [one / 100 for one in compare(*sides).pupils.deciles] == sorted(changes)[:9]


def test_payments_have_the_same_numbers_from_1_in_totals_and_by_pupil():
    outcome = evaluate(paying(range(100, 1100, 100)), None, pupil_table(TEN_PUPILS, TENS)).top_ups
    schedule = payment_schedule(outcome, Divided.months)
    numbers = list(range(1, 13))
    assert payment_totals(outcome, schedule).frame["payment"].to_list() == numbers
    by_pupil = payment_rows(outcome, schedule).frame
    assert sorted(set(by_pupil["payment"].to_list())) == numbers


def test_two_rule_sets_differ_as_of_the_day_that_is_asked_and_not_as_of_the_first():
    dated = [{"from": "2025-04-01", "value": "100"}, {"from": "2025-09-01", "value": "200"}]
    before, after = (
        rule_set(**banded([{"band": "A", "pounds": pounds}], ["A"])) for pounds in ("100", dated)
    )
    place = "band_profile.tariff.prices.A.pounds"
    assert place not in difference_rows(before, after, date(2025, 4, 1)).frame["place"].to_list()
    rows = difference_rows(before, after, date(2025, 9, 1)).frame.filter(place=place)
    assert rows.select("before", "after").row(0) == ("100", "200")


def test_a_rule_set_may_be_in_force_for_a_single_day():
    day = {"first": "2025-04-01", "last": "2025-04-01"}
    parts = banded([{"band": "A", "pounds": "1"}], ["A"])
    document = rule_set(effective=day, **parts)
    assert document.effective.first == document.effective.last
    with pytest.raises(RuleRefused):
        rule_set(effective={**day, "last": "2025-03-31"}, **parts)


def test_a_condition_of_one_word_is_a_condition_of_a_list_of_one_word():
    documents = [
        rule_set(**banded([{"band": "A", "pounds": "1", "when": {"phase": choice}}], ["A"]))
        for choice in ("primary", ["primary"])
    ]
    assert digest(documents[0]) == digest(documents[1])
    others = rule_set(**banded([{"band": "A", "pounds": "1", "when": {"phase": "ks3"}}], ["A"]))
    assert digest(others) != digest(documents[0])


def test_a_table_that_was_read_for_other_rules_is_refused_by_each_column_that_it_lacks():
    price = {"pounds_each": "1", "each": "support_hours", "shared_in_group": True}
    assignment = {
        "table": {
            "hit_policy": "first",
            "inputs": ["score", "setting"],
            "rows": [{"when": {}, "band": "A"}],
        }
    }
    rule = {"part_time": {"full_time_hours": "25"}}
    rules = compile_rules(rule_set(**banded([price], ["A"], assignment, **rule)))
    table = pupil_table([pupil(sen_provision="E", setting="special")])
    with pytest.raises(PairRefused) as refused:
        evaluate(rules, pupils=table)
    problems = refused.value.problems
    assert {one.rule for one in problems} == {"missing-column"}
    assert [one.column for one in problems] == ["group_size", "hours", "score", "support_hours"]


LEVELS = {"learning": {"weight": 3, "highest": 4}, "physical": {"weight": 5, "highest": 3}}


@pytest.mark.parametrize(("combine", "band"), [("sum", "B"), ("highest", "A")])
def test_levels_are_added_or_the_highest_is_taken_on_combinations_too(combine, band):
    steps = [{"band": "A", "from": 0, "to": 15}, {"band": "B", "from": 16, "to": 30}]
    points = {"dimensions": LEVELS, "combine": combine, "steps": steps}
    prices = [{"band": "A", "pounds": "100"}, {"band": "B", "pounds": "200"}]
    rules = compile_rules(rule_set(**banded(prices, ["A", "B"], {"points": points})))
    # 4 × 3 and 2 × 5: 22 added, 12 at the highest.
    table = pupil_table([pupil(level_learning=4, level_physical=2)])
    whole = replace(rules, parts={CompiledTopUps: replace(rules.top_ups, classes=None)})
    for one in (rules, whole):
        outcome = evaluate(one, pupils=table).top_ups
        assert outcome.top_ups.bands[outcome.pupil_bands()[0]] == band
        assert int(outcome.amount[0]) == {"A": 100_00, "B": 200_00}[band]


def test_shares_of_five_authorities_stand_at_their_known_percentiles():
    shares = [Fraction(share) for share in (10, 20, 30, 40, 100)]
    points = {point: _point(shares, percent) for point, percent in POINTS.items()}
    assert points == {"p10": "14.0", "p25": "20.0", "p50": "30.0", "p75": "40.0", "p90": "76.0"}


@pytest.mark.parametrize(
    ("day", "applies"),
    [
        (date(2025, 3, 31), False),
        (date(2025, 4, 1), True),
        (date(2026, 3, 31), True),
        (date(2026, 4, 1), False),
    ],
)
def test_a_day_on_which_rules_do_not_apply_is_refused_and_the_first_and_last_are_not(day, applies):
    document = rule_set(**banded([{"band": "A", "pounds": "1"}], ["A"]))
    if applies:
        check_day(document, day)
        check_day(document, None)
        return
    with pytest.raises(PairRefused) as refused:
        check_day(document, day)
    [problem] = refused.value.problems
    assert (problem.rule, problem.place) == ("outside-effective", "on")
    assert problem.sentence == "must be a day of the rule set, from 2025-04-01 to 2026-03-31"


def test_top_ups_are_summed_by_codes_and_a_code_that_is_not_supplied_is_a_group():
    table = pupil_table([pupil(band="B1", setting="special"), pupil(band="B2", setting=None)], TENS)
    outcome = evaluate(paying(range(100, 1100, 100)), None, table).top_ups
    sums = outcome_sums(outcome)[SETTING]
    assert list(zip(sums.names, sums.before.tolist(), strict=True)) == [
        ("not supplied", 200_00),
        ("special", 100_00),
    ]
