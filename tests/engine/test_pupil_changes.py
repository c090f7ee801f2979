"""What more or fewer pupils bring: as the reference values the school with them, and adding up to the penny."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.attribution import pupil_changes
from engine.errors import PairRefused
from engine.money import MILLION
from engine.rules.compile import compile_rules
from engine.run import evaluate
from tests.builders import school, school_table
from tests.engine.test_clause_effects import formula, numbers
from tests.reference.notional import value_school
from tests.storm_size import draws

LINES = ("basic_primary", "fsm6_primary")
MORE = st.integers(-80, 200).filter(bool)


def record(pupils="210", meals="90", **given):
    """Return a school of so many pupils."""
    return school(
        units_basic_primary=Fraction(pupils), units_fsm6_primary=Fraction(meals),
        prior_budget=Fraction(700_000), prior_pupils=Fraction(200), **given,
    )  # fmt: skip


def valued(document, *records):
    """Return the outcome of some schools."""
    return evaluate(compile_rules(document), school_table(records)).notional


def reference(document, sent):
    """Return pence of notional SEN and of formula funding, by the reference."""
    found = value_school(document, compile_rules(document).now.first, sent)
    return found.notional_total, found.formula_total


@settings(max_examples=draws(8))
@given(numbers(), st.dictionaries(st.sampled_from(LINES), MORE, min_size=1))
def test_pupils_bring_what_the_reference_says_and_all_adds_to_the_change(drawn, more):
    document, sent = formula(drawn), record()
    found = pupil_changes(
        valued(document, sent), 0, {line: change * MILLION for line, change in more.items()}
    )

    def after(changes):
        changed = {f"units_{line}": sent[f"units_{line}"] + n for line, n in changes.items()}
        return reference(document, sent | changed)

    before = reference(document, sent)
    assert (found.before.budget, found.before.formula) == before
    assert (found.after.budget, found.after.formula) == after(more)
    for one in found.changes:
        alone = after({one.kind.line: more[one.kind.line]})
        assert (one.alone.budget, one.alone.formula) == tuple(
            a - b for a, b in zip(alone, before, strict=True)
        )
    for kind in found.kinds:
        assert kind.one_more.budget == after({kind.line: 1})[0] - before[0]
    for name in ("budget", "formula"):
        parts = [getattr(one.alone, name) for one in found.changes]
        assert sum(parts) + getattr(found.interaction, name) == getattr(found.change, name)
    if len(found.changes) == 1:
        assert (found.interaction.budget, found.interaction.formula) == (0, 0)


DRAWN = {
    "basic": {"unit_value": "4000", "notional_percent": "5"},
    "fsm6": {"unit_value": "1000", "notional_percent": "50"},
    "minimum_per_pupil": {"primary": "0", "notional_percent": "0"},
    "guarantee": "-0.5",
}


def test_one_school_of_several_is_changed_and_the_others_are_left():
    outcome = valued(formula(DRAWN), record(), record(pupils="100", urn=100_002))
    found = pupil_changes(outcome, 1, {"basic_primary": 2 * MILLION})
    pupils = {one.line: one.pupils for one in found.kinds}
    assert pupils == {"basic_primary": 100 * MILLION, "fsm6_primary": 90 * MILLION}
    assert len(outcome.schools) == 2


@pytest.mark.parametrize(
    ("more", "column", "said"),
    [
        ({"fsm6_primary": -91 * MILLION}, "units_fsm6_primary", "there are 90"),
        ({"no_such": MILLION}, "units_no_such", "not counted"),
    ],
)
def test_fewer_than_none_and_pupils_that_nothing_counts_are_refused_at_their_column(
    more, column, said
):
    with pytest.raises(PairRefused) as refused:
        pupil_changes(valued(formula(DRAWN), record()), 0, more)
    [problem] = refused.value.problems
    assert problem.column == column
    assert said in problem.sentence


def test_what_a_budget_lacks_makes_what_pupils_bring_not_known():
    outcome = valued(formula(DRAWN), record() | {"units_fsm6_primary": None})
    found = pupil_changes(outcome, 0, {"basic_primary": MILLION})
    assert [one.line for one in found.kinds] == ["basic_primary"]
    assert found.change.budget is None
    assert found.interaction.budget is None
