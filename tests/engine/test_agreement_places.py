"""Places against the reference implementation: rates, sums, and rounding up to a pound."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import polars as pl
import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from engine.errors import Refusal, RuleRefused
from engine.modules.places import PLACES, place_rates, value_places
from engine.money import PENCE
from engine.rules.compile import compile_rules
from engine.rules.in_force import InForce
from engine.rules.places import CompiledPlaces
from engine.steps import rows, work
from tests.block_strategies import DAYS, place_kinds, place_rules
from tests.builders import rule_set
from tests.reference.numbers import is_known
from tests.reference.places import deduction, rate_by_months

DAY = date(2025, 4, 1)
COUNTS = (
    st.integers(0, 400).map(Decimal)
    | st.decimals(0, 400, places=1)
    | st.decimals(0, 40, places=6)
    | st.sampled_from([Decimal("142.8"), Decimal("0.000001")])
)
MAYBE = st.none() | COUNTS


def counted(kind) -> int:
    return max(len(kind.periods), 1)


def several(one, kind):
    return st.lists(one, min_size=counted(kind), max_size=counted(kind))


def seldom_missing(kind):
    """Draw the places of each period, sometimes with some not supplied."""
    return st.sampled_from([COUNTS, COUNTS, MAYBE]).flatmap(lambda one: several(one, kind))


def spelled(counts) -> list[str]:
    return ["" if one is None else format(one, "f") for one in counts]


def of_drawn(rules, day, counts):
    """Value places of the kind that was drawn."""
    return value_places(
        rules.compile(InForce(day, day)).types["drawn"], list(map(Fraction, counts))
    )


def in_pence(one):
    """Return pence of pounds in the reference implementation; None of what is not known."""
    return one * PENCE if is_known(one) or isinstance(one, Decimal) else None


@given(st.data(), place_rules(unprinted=True), DAYS)
def test_every_deduction_is_its_places_at_each_period_s_rate_up_to_a_pound(data, rules, day):
    kind = rules.types["drawn"]
    counts = data.draw(several(COUNTS, kind))
    expected = deduction(kind, counts, day)
    event("not begun" if expected is None else "known" if is_known(expected.exact) else "not known")
    if expected is None:
        with pytest.raises(Refusal):
            of_drawn(rules, day, counts)
        return
    value = of_drawn(rules, day, counts)
    assert value.rates == tuple(map(in_pence, expected.rates))
    assert value.exact == in_pence(expected.exact)
    assert value.amount == in_pence(expected.pounds)


@given(st.data(), place_rules(), DAYS)
def test_a_deduction_is_never_below_its_sum_and_less_than_a_pound_above_it(data, rules, day):
    kind = rules.types["drawn"]
    counts = data.draw(several(COUNTS, kind))
    if deduction(kind, counts, day) is None:
        return
    value = of_drawn(rules, day, counts)
    assert value.amount % PENCE == 0
    assert 0 <= value.amount - value.exact < PENCE


@given(st.data(), place_rules(), DAYS)
def test_one_more_place_never_lowers_a_deduction(data, rules, day):
    kind = rules.types["drawn"]
    counts = data.draw(several(COUNTS, kind))
    if deduction(kind, counts, day) is None:
        return
    more = [counts[0] + 1, *counts[1:]]
    fewer = of_drawn(rules, day, counts).amount
    assert fewer <= of_drawn(rules, day, more).amount


@given(st.integers(1, 500_000), st.integers(-1, 1))
def test_a_whole_pound_stays_and_a_part_of_a_penny_more_is_the_next_pound(whole, millionths):
    sums = {"label": "Sums", "periods": [{"name": "All", "months": 12}]}
    rules = rule_set(places={"types": {"sums": sums}}).places
    money = Decimal(whole) + Decimal(millionths) / 1_000_000
    amount = value_places(rules.compile(InForce(DAY, DAY)).types["sums"], [Fraction(money)]).amount
    assert amount == (whole + (millionths > 0)) * PENCE


@given(st.data(), st.lists(place_kinds(unprinted=True), min_size=1, max_size=3), DAYS)
def test_every_row_of_a_table_of_places_comes_to_what_its_kind_says(data, kinds, day):
    named = {f"kind_{at}": kind for at, kind in enumerate(kinds)}
    document = rule_set(places={"types": named})
    types = document.places.types
    rows = data.draw(
        st.lists(
            st.tuples(st.integers(201, 204), st.sampled_from(sorted(types))),
            min_size=1, max_size=6, unique=True,
        )
    )  # fmt: skip
    counts = [data.draw(seldom_missing(types[name])) for _, name in rows]
    expected = [
        deduction(types[name], own, day) for (_, name), own in zip(rows, counts, strict=True)
    ]
    frame = framed(rows, counts, max(counted(kind) for kind in types.values()))
    begun = all(deduction(kind, [Decimal(0)] * counted(kind), day) for kind in types.values())
    if None in expected or not begun:
        with pytest.raises(Refusal):
            PLACES.allocate(compile_rules(document, day), frame)
        return
    valued = PLACES.allocate(compile_rules(document, day), frame).valued
    assert [work(*PLACES.steps(one)) for one in valued if one.missing is None] == [
        one.pence for one in valued if one.missing is None
    ]
    assert [one.amount.amount for one in valued] == [in_pence(one.pounds) for one in expected]


def framed(rows, counts, periods: int) -> pl.DataFrame:
    """Return a table of text as a file holds it, blank where a kind has fewer periods."""
    cells = [spelled(own) + [""] * (periods - len(own)) for own in counts]
    columns = {f"places_{at + 1}": [own[at] for own in cells] for at in range(periods)}
    words = {"la": [str(la) for la, _ in rows], "place_type": [name for _, name in rows]}
    return pl.DataFrame(words | columns, schema_overrides=dict.fromkeys(columns, pl.String))


def test_a_rate_that_has_not_begun_does_not_turn_places_into_pounds():
    autumn = [{"from": "2025-09-01", "value": "10000"}]
    year = [{"name": "Year", "months": 12}]
    kind = {"label": "Places", "annual": autumn, "periods": year}
    rules = rule_set(places={"types": {"special": kind}}).places
    with pytest.raises(Refusal, match=r"types\.special\.annual: has no value on"):
        value_places(rules.compile(InForce(DAY, DAY)).types["special"], [Fraction(3)])


def test_half_a_penny_of_a_period_s_rate_is_a_penny():
    year = [{"name": "Spring", "months": 6}, {"name": "Autumn", "months": 6}]
    kind = {"label": "Places", "annual": "0.01", "periods": year}
    rules = rule_set(places={"types": {"special": kind}}).places
    assert place_rates(rules.compile(InForce(DAY, DAY)).types["special"]) == (1, 1)
    value = value_places(rules.compile(InForce(DAY, DAY)).types["special"], [Fraction(50)] * 2)
    assert (value.exact, value.amount) == (100, 100)


@given(place_rules())
def test_a_rate_that_changes_within_the_year_counts_by_its_whole_months(rules):
    drawn = rules.types["drawn"]
    year = InForce(DAY, date(2026, 3, 31))
    kind = rules.compile(year).types["drawn"]
    if drawn.annual is None or kind.later:
        return
    event(f"{len(kind.annuals)} rates")
    expected = [rate_by_months(drawn, at, DAY) for at in range(len(drawn.periods))]
    assert [Decimal(rate) / PENCE for rate in place_rates(kind)] == expected
    counts = [Fraction(1)] * counted(drawn)
    paid = value_places(kind, counts)
    assert work(paid.steps, paid.own) == paid.amount


CHANGES = [
    {"from": "2025-04-01", "value": "10000"},
    {"from": "2025-09-01", "value": "12000"},
]


def places_of(*months, annual=CHANGES):
    """Return rules for places that are counted in periods of some months."""
    periods = [{"name": f"Period {at}", "months": one} for at, one in enumerate(months)]
    kind = {"label": "Places", "annual": annual, "periods": periods}
    return compile_rules(rule_set(places={"types": {"ap": kind}})).part(CompiledPlaces).types["ap"]


def test_places_are_paid_five_months_of_one_rate_and_seven_of_another():
    paid = value_places(places_of(5, 7), [Fraction(1), Fraction(1)])
    assert (paid.rates, paid.amount) == ((4_166_67, 7_000_00), 11_167_00)


def test_a_period_in_which_the_rate_changes_has_a_part_for_each_to_the_penny():
    kind = places_of(4, 8)
    assert place_rates(kind) == (3_333_33, 7_833_33)
    printed = [
        (row.label, row.value)
        for row in rows(
            value_places(kind, [Fraction(1)] * 2).steps,
            {"places_1": Fraction(1), "places_2": Fraction(1)},
            {"example": "Example"},
        )
    ]
    assert ("A place, Period 1, to the penny, for 1 month", "833.33") in printed
    assert ("A place, Period 1, to the penny", "7833.33") in printed


def test_a_rate_of_places_that_changes_within_a_month_is_refused():
    late = [CHANGES[0], CHANGES[1] | {"from": "2025-09-02"}]
    with pytest.raises(
        RuleRefused,
        match=r"places.types.ap.annual: changes on 2025-09-02: it counts by whole months",
    ):
        places_of(5, 7, annual=late)
