"""Values that reach a target in Python, compared with the engine's own evaluation of every value round about."""

from decimal import Decimal
from fractions import Fraction

import polars as pl
import pytest

import evenband as eb
from engine.candidates.seek_share import sums_of
from engine.money import number
from engine.rules.compile_trials import compile_what_if
from engine.run import evaluate
from engine.vocabulary import FIXTURES

FSM = "schools_formula.factors.fsm.primary"
PERCENT, UNIT_VALUE = f"{FSM}.notional_percent", f"{FSM}.unit_value"
SECONDARY = "schools_formula.factors.fsm.secondary.notional_percent"
PRICE = "band_profile.tariff.prices.B.pounds"


@pytest.fixture(scope="module")
def rules():
    return eb.read_rules("northumberland-2015-16")


@pytest.fixture(scope="module")
def schools(rules):
    return eb.read_schools(FIXTURES / "tables" / "northumberland_2015_16_schools.csv", rules)


def share_at(rules, schools, *tried):
    """Return the share of the formula under some values, by the engine's own evaluation."""
    compiled = compile_what_if(rules.compiled.document, tried, None, rules.compiled)
    sums = sums_of(evaluate(compiled, schools=schools.under(rules)).notional)
    return Fraction(sums.notional, sums.formula)


def nearest(shares, target):
    """Return the values of the greatest share below a target, of those equal to it, and of the least above it."""
    below = max((one for one in shares.values() if one < target), default=None)
    above = min((one for one in shares.values() if one > target), default=None)
    return {
        word: [value for value, share in shares.items() if share == wanted]
        for word, wanted in (("exact", target), ("nearest below", below), ("nearest above", above))
        if wanted in shares.values()
    }


def found_in(frame):
    return {row["is"]: [row["from"], row["to"]] for row in frame.iter_rows(named=True)}


@pytest.mark.parametrize("place", [PERCENT, UNIT_VALUE])
@pytest.mark.parametrize(
    "offset", [Fraction(0), Fraction(1, 10**9), Fraction(-1, 10**7), Fraction(1, 50)]
)
def test_no_value_between_the_bounds_comes_nearer_to_a_share(place, offset, rules, schools):
    scale, low, high = (10_000, 600_000, 600_060) if place == PERCENT else (1, 210, 260)
    shares = {
        number(one, scale): share_at(rules, schools, (place, number(one, scale)))
        for one in range(low, high + 1)
    }
    middle = list(shares.values())[len(shares) // 2]
    target = middle + offset
    digits = Decimal(target.numerator * 10**14 // target.denominator).scaleb(-12)
    stated = Fraction(digits) / 100
    bounds = (number(low, scale), number(high, scale))
    frame = eb.seek(rules, place, share=digits, schools=schools, between=bounds)
    expected = {word: [of[0], of[-1]] for word, of in nearest(shares, stated).items()}
    assert found_in(frame) == expected


def test_an_exact_share_is_found_where_one_value_has_it(rules, schools):
    frame = eb.seek(
        rules, PERCENT, share=0, schools=schools, between=(0, 1), second=(SECONDARY, 0, 10, 5)
    )
    assert frame["second"].unique().sort().to_list() == ["0", "10", "5"]
    sums = {
        value: share_at(rules, schools, (PERCENT, "0"), (SECONDARY, value))
        for value in ("0", "5", "10")
    }
    least = frame.filter(pl.col("from") == "0")
    for row in least.iter_rows(named=True):
        share = sums[row["second"]] * 100
        assert abs(Fraction(row["share"]) - share) <= Fraction(1, 10**4)


def test_every_value_that_is_found_gives_the_total_when_it_is_tried():
    rules = eb.read_rules("toy-2025-26")
    pupils = eb.read_pupils(FIXTURES / "tables" / "toy_pupils.csv", rules)
    frame = eb.seek(rules, PRICE, total="90000", pupils=pupils)
    assert frame.height
    for row in frame.iter_rows(named=True):
        for value in (row["from"], row["to"]):
            tried = eb.read_rules("toy-2025-26", override={PRICE: value})
            assert eb.value(tried, pupils=pupils).top_up == row["total"]


@pytest.mark.parametrize(
    ("options", "kind", "says"),
    [
        ({}, ValueError, "give total with pupils, or share with schools"),
        ({"share": "12"}, TypeError, "share is of the schools"),
        ({"total": "12"}, TypeError, "total is of the pupils"),
        ({"share": 1.5, "schools": True}, TypeError, "share has numbers"),
        ({"share": "100.1", "schools": True}, ValueError, "a percentage from 0 to 100"),
        ({"share": "-5", "schools": True}, ValueError, "a percentage from 0 to 100"),
        ({"total": "12", "schools": True}, ValueError, "total is of pupils alone"),
        (
            {"share": "12", "pupils": "a file", "schools": True},
            ValueError,
            "share of schools alone",
        ),
        (
            {"share": "1", "schools": True, "second": (PERCENT, 1, 2, 1)},
            eb.RuleRefused,
            "is another",
        ),
    ],
)
def test_what_cannot_be_sought_is_refused_with_what_would_be_right(
    options, kind, says, rules, schools
):
    given = {**options, "schools": schools} if options.get("schools") else options
    with pytest.raises(kind, match=says):
        eb.seek(rules, PERCENT, **given)
