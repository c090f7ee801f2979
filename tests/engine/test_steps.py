"""Steps of a price are worked as a person would, fold to what kernels take, and print as rows."""

import itertools
from datetime import date
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import PairRefused, RuleRefused
from engine.explain import explain_pupil
from engine.money import MILLION, PENCE, half_away
from engine.rules.compile import compile_rules
from engine.rules.in_force import InForce
from engine.rules.price_steps import price_steps
from engine.run import evaluate
from engine.steps import (
    UNPRINTED,
    Earlier,
    NotFoldable,
    Of,
    Op,
    Operator,
    Own,
    Plain,
    Step,
    Unit,
    counted_part,
    fold,
    result,
    results,
    rows,
    start,
    work,
    work_known,
)
from engine.steps.fold import NO_LIMIT
from engine.steps.rows import Row, operator_of
from engine.steps.work import combine
from tests.builders import banded, pupil, pupil_table, rule_set
from tests.reference.numbers import NOT_PRINTED
from tests.reference.prices import annual_rate
from tests.rule_library import document as document_of
from tests.rule_library import naming
from tests.storm_size import draws
from tests.strategies import banded_rule_sets

HOURS = Own("support_hours", MILLION)
COST = Own("assessed_cost", PENCE, Unit.pounds)
RATE = Plain("15.35", Unit.pounds)
QUANTITIES = (Fraction(0), Fraction("12.25"), Fraction(1000))


def by_kernel(folded, quantity, group):
    """Return pence a year as the kernels work them out of what a price folds to."""
    if folded.quantity is None:
        return None if folded.base == UNPRINTED else folded.base
    money = folded.quantity in ("assessed_cost", "exceptional_amount")
    held = np.asarray([quantity * (PENCE if money else MILLION)], np.int64)
    least, most, above = counted_part(folded.counts)
    part = min(max(int(held[0]), least), most) - above
    share = MILLION * folded.divisor * (group if folded.shared else 1)
    if UNPRINTED in (folded.base, part and folded.each):
        return None
    return folded.base + half_away(folded.each * part, share)


def check_prices(document, day):
    """Hold every price with every subset of modifiers to the kernels' numbers and to the reference."""
    tariff, now = document.band_profile.tariff, InForce(day, day)
    modifiers = compile_rules(document, day).top_ups.segments[0].modifiers
    for at, price in enumerate(tariff.prices):
        for chosen in itertools.product((False, True), repeat=len(modifiers)):
            applying = list(itertools.compress(modifiers, chosen))
            steps = price_steps(price, tariff, at, now, applying)
            folded = fold(steps)
            for quantity, group in zip(QUANTITIES, (1, 3, 7), strict=True):
                column = folded.quantity or "support_hours"
                own = {column: quantity, "group_size": Fraction(group)}
                record = {column: quantity, "group_size": group}
                worked = work_known(steps, own)
                assert worked == by_kernel(folded, quantity, group)
                rules = list(itertools.compress(tariff.modifiers, chosen))
                if len(modifiers) == len(tariff.modifiers):
                    expected = annual_rate(tariff, day, price, rules, record)
                    assert worked == (None if expected == NOT_PRINTED else expected)


@pytest.mark.parametrize("name", naming("band_profile"))
def test_published_prices_fold_to_what_their_steps_come_to(name):
    document = document_of(name)
    for day in {document.effective.first, document.effective.last}:
        check_prices(document, day)


@settings(max_examples=draws(25))
@given(banded_rule_sets(), st.sampled_from([date(2025, 4, 1), date(2025, 9, 1)]))
def test_prices_fold_to_what_their_steps_come_to(document, day):
    try:
        compile_rules(document, day)
    except RuleRefused:
        return
    check_prices(document, day)


NOT_FOLDABLE = {
    "a quantity that is never rounded": (start("Hours", HOURS), Step(Op.times, "Rate", RATE)),
    "two quantities": (start("Cost", COST), Step(Op.times, "Hours", HOURS), result("Sum")),
    "a bound after the price": (
        start("Rate", RATE), Step(Op.times, "Hours", HOURS), Step(Op.at_most, "Most", RATE), result("Sum"),
    ),
    "a bound on a quantity that no result names": (
        start("Cost", COST), Step(Op.at_most, "Most", RATE), result("Sum"),
    ),
    "a sum that no result rounds": (start("Rate", RATE), Step(Op.per, "Parts", Plain("7"))),
    "a multiple after the rounding": (
        start("Cost", COST), result("Sum"), Step(Op.times, "Times", Plain("3")),
    ),
    "a rounding to pounds": (start("Cost", COST), result("Sum", Fraction(PENCE))),
    "a sharing after the rounding": (
        start("Cost", COST), result("Sum"), Step(Op.per, "Pupils", Own("group_size")),
    ),
}  # fmt: skip


NOT_COUNTABLE = {
    "what lies above, which may be less than nothing": (Step(Op.minus, "Above", Plain("2")),),
    "what lies above more than the least": (
        Step(Op.at_least, "Some", Plain("1")), Step(Op.minus, "Above", Plain("2")),
    ),
    "a multiple": (Step(Op.times, "Times", Plain("2")),),
    "an own number": (Step(Op.minus, "Above", HOURS),),
}  # fmt: skip


@pytest.mark.parametrize("counts", NOT_COUNTABLE.values(), ids=NOT_COUNTABLE)
def test_a_part_of_a_quantity_that_is_not_of_limits_or_may_be_less_than_nothing_cannot_be_compiled(
    counts,
):
    with pytest.raises(NotFoldable):
        counted_part(counts)


@pytest.mark.parametrize("steps", NOT_FOLDABLE.values(), ids=NOT_FOLDABLE)
def test_steps_that_kernels_do_not_work_in_cannot_be_compiled(steps):
    with pytest.raises(NotFoldable):
        fold(steps)


def test_the_part_of_a_quantity_that_counts_is_folded_to_its_bounds():
    bound = Plain("2")
    steps = (
        start("Hours", HOURS), Step(Op.minus, "Above", bound), Step(Op.at_least, "None", Plain("0")),
        result("That count", None, "counted", Unit.text),
        start("Rate", RATE), Step(Op.times, "That count", Earlier("counted", Unit.text)), result("Sum"),
    )  # fmt: skip
    folded = fold(steps)
    assert (folded.each, folded.divisor, folded.quantity) == (1535, 1, "support_hours")
    assert counted_part(folded.counts) == (2_000_000, NO_LIMIT, 2_000_000)
    assert work(steps, {"support_hours": Fraction("12.25")}) == 15734


LIMITS = st.tuples(st.sampled_from([Op.at_least, Op.at_most, Op.minus]), st.integers(0, 9).map(str))


@given(st.lists(LIMITS, max_size=5), st.integers(0, 20))
def test_limits_and_what_lies_above_fold_to_what_their_steps_count_in_any_order(limits, quantity):
    counts = [Step(op, op, Plain(bound)) for op, bound in limits]
    counts.append(Step(Op.at_least, "None", Plain("0")))
    least, most, above = counted_part(counts)
    part = min(max(quantity * MILLION, least), most) - above
    worked = work((start("Hours", HOURS), *counts), {"support_hours": Fraction(quantity)})
    assert part == worked * MILLION


def test_every_operation_has_a_sign_and_is_worked():
    signs = {op: operator_of(op) for op in Op}
    assert set(signs.values()) == set(Operator)
    held = {op: combine(op, Fraction(-3), Fraction(2)) for op in Op}
    assert held == {
        Op.start: 2, Op.plus: -1, Op.minus: -5, Op.times: -6, Op.per: Fraction(-3, 2),
        Op.add_percent: Fraction(-306, 100), Op.percent_of: Fraction(-6, 100), Op.at_least: 2,
        Op.at_most: -3, Op.one_from: 0, Op.one_to: 1, Op.note: -3, Op.result: -3,
        Op.whole_part: -3,
    }  # fmt: skip


def printed(steps, own):
    return [(row.operator.value, row.label, row.value) for row in rows(steps, own, {})]


def test_a_bound_has_a_row_where_it_decides_and_a_repeated_result_has_one():
    floor = Step(Op.at_least, "Floor", Plain("10.00", Unit.pounds))
    steps = (
        start("Cost", COST),
        floor,
        result("Sum"),
        result("Annual", name="annual"),
        result("Year"),
    )
    assert printed(steps, {"assessed_cost": Fraction(12)}) == [
        ("start", "Cost", "12.00"), ("equals", "Annual", "12.00"), ("equals", "Year", "12.00"),
    ]  # fmt: skip
    assert printed(steps, {"assessed_cost": Fraction(-3)}) == [
        ("start", "Cost", "-3.00"), ("decides", "Floor", "10.00"),
        ("equals", "Annual", "10.00"), ("equals", "Year", "10.00"),
    ]  # fmt: skip


def test_numbers_are_printed_as_they_are_said_with_the_decimals_that_they_have():
    steps = (
        start("Cost", COST), Step(Op.times, "Days", Own("days", 1, Unit.share)),
        result("Not rounded", None, "part"), Step(Op.per, "Pupils", Plain("3", Unit.pupils)),
        result("A pupil", None, "each"), start("A pupil", Earlier("each")), result("Sum"),
    )  # fmt: skip
    own = {"assessed_cost": Fraction("0.05"), "days": Of(40, 365)}
    assert printed(steps, own) == [
        ("start", "Cost", "0.05"), ("times", "Days", "40 of 365"),
        ("equals", "Not rounded", "0.0054794521"), ("divided by", "Pupils", "3"),
        ("equals", "A pupil", "0.001826484"), ("start", "A pupil", "0.001826484"), ("equals", "Sum", "0.00"),
    ]  # fmt: skip
    assert results(steps, own)["part"] == Fraction(5 * 40, 365)
    assert set(results(steps, own)) == {step.name for step in steps if step.name}


def test_an_exact_half_of_a_negative_amount_goes_away_from_zero():
    steps = (start("Cost", COST), Step(Op.per, "Pupils", Plain("2")), result("Sum"))
    assert work(steps, {"assessed_cost": Fraction("-0.05")}) == -3


def paid(price, record, modifiers):
    """Return what a price a year comes to, pence, and the rows of its working."""
    asked = banded([price], ("A",))
    asked["band_profile"]["tariff"]["modifiers"] = modifiers
    table = pupil_table([pupil(pupil_key="one", band="A", **record)], ("A",))
    outcome = evaluate(compile_rules(rule_set(**asked)), pupils=table).top_ups
    [*_, working] = explain_pupil(outcome, "one").workings
    return int(outcome.annual[0]), [
        (row.operator.value, row.label, row.value) for row in working.rows
    ]


TWO = [{"label": "One", "percent": "3.3333"}, {"label": "Two", "percent": "4.1667"}]


def test_percentages_of_an_amount_in_pounds_are_rounded_once():
    annual, working = paid({"assessed_cost": True}, {"assessed_cost": "90000"}, TWO)
    # 96,874.99974999 pounds: with the second percentage to millionths, 96,875.01 were paid.
    assert annual == 96_875_00
    assert working == [
        ("start", "Assessed cost", "90000.00"), ("plus", "One", "3.3333"), ("plus", "Two", "4.1667"),
        ("equals", "Annual rate, to the penny", "96875.00"), ("equals", "Top-up for the year", "96875.00"),
    ]  # fmt: skip
    single = {"pounds_each": "1.25", "each": "exceptional_amount"}
    assert paid(single, {"exceptional_amount": "30000"}, TWO[:1])[0] == 38_749_99


def test_percentages_that_cannot_be_worked_out_exactly_are_refused():
    with pytest.raises(PairRefused, match="too large to work out exactly"):
        paid({"assessed_cost": True}, {"assessed_cost": "9000000"}, [*TWO, *TWO])


def test_the_part_of_a_quantity_that_counts_has_rows_of_its_own():
    price = {
        "pounds_each": "15.00",
        "each": "support_hours",
        "each_above": "13",
        "each_up_to": "25",
    }
    annual, working = paid(price, {"support_hours": "30.5"}, [])
    assert annual == 12 * 15_00
    assert working[:4] == [
        ("start", "Support hours", "30.5"), ("decides", "No more than", "25"),
        ("minus", "Only what is above counts", "13"), ("equals", "Support hours that count", "12"),
    ]  # fmt: skip


def test_a_row_is_written_for_people_in_one_way():
    row = Row(Operator.equals, "Amount", "10234.505", Unit.pounds)
    assert (row.operator.sign, row.text) == ("=", "10,234.505")
    assert Row(Operator.minus, "Less", "-1000.00", Unit.pounds).text == "-1,000.00"
    assert Row(Operator.start, "Amount", None, Unit.pounds).text == "not known"
    assert [one.sign for one in Operator] == ["", "+", "−", "×", "÷", "=", ""]
