"""Years ahead: the reference's answer with unit values and pupils changed by hand, and nothing else."""

from decimal import Decimal
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.rules.compile import compile_rules
from engine.years_ahead import Assumption, years_ahead
from tests.builders import rule_set
from tests.engine.test_clause_effects import formula, numbers
from tests.engine.test_pupil_changes import DRAWN, record, reference, valued
from tests.storm_size import draws

PERCENT = st.decimals(-20, 20, places=2)


def to_the(value: Fraction, digits: str) -> Decimal:
    """Return a fraction to some decimals, halves away from zero."""
    scale = Fraction(Decimal(digits))
    return Decimal(int(value / scale + Fraction(1, 2))) * Decimal(digits)


def without_protection(drawn: dict):
    """Return the rules of a formula without a guarantee."""
    content = formula(drawn).model_dump(mode="json", by_alias=True, exclude_none=True)
    del content["schools_formula"]["protection"]
    return rule_set(schools_formula=content["schools_formula"])


@settings(max_examples=draws(6))
@given(numbers(), st.lists(st.builds(Assumption, PERCENT, PERCENT), min_size=1, max_size=3))
def test_each_year_is_the_reference_with_amounts_and_pupils_changed_by_hand(drawn, assumptions):
    sent = record()
    found = years_ahead(valued(formula(drawn), sent), 0, assumptions)
    amount, pupils = Fraction(1), Fraction(1)
    for year, one in zip(found.years, assumptions, strict=True):
        amount *= 1 + Fraction(one.uprating) / 100
        pupils *= 1 + Fraction(one.pupils) / 100
        later = {
            name: part | {key: str(to_the(Fraction(part[key]) * amount, "0.01"))}
            for name, key in (("basic", "unit_value"), ("fsm6", "unit_value"), ("minimum_per_pupil", "primary"))
            for part in [drawn[name]]
        }  # fmt: skip
        changed = {
            name: Fraction(to_the(Fraction(value) * pupils, "0.000001"))
            for name, value in sent.items()
            if name.startswith("units_")
        }
        budget, whole = reference(without_protection(drawn | later), sent | changed)
        assert (year.statement.budget, year.statement.formula) == (budget, whole)
        assert year.change == budget - found.now.budget


def test_nothing_assumed_is_this_year_without_its_guarantee():
    outcome = valued(formula(DRAWN), record())
    [year] = years_ahead(outcome, 0, [Assumption(Decimal(0), Decimal(0))]).years
    assert year.statement.lines == years_ahead(outcome, 0, []).now.lines
    assert not [one for one in year.statement.adjustments if one.amount]


def test_what_is_not_known_this_year_is_in_no_year():
    outcome = valued(formula(DRAWN), record() | {"units_fsm6_primary": None})
    [year] = years_ahead(outcome, 0, [Assumption(Decimal(1), Decimal(1))]).years
    assert year.statement.budget is None
    assert year.change is None


def test_the_rules_of_this_year_are_left_as_they_were():
    document = formula(DRAWN)
    outcome = valued(document, record())
    years_ahead(outcome, 0, [Assumption(Decimal(9), Decimal(9))])
    assert outcome.rules.digest == compile_rules(document).digest
    assert not outcome.rules.trials
