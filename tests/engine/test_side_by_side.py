"""Two answers side by side: every figure of both, and differences that add up."""

from hypothesis import given, settings

from engine.statement import Statements, side_by_side
from tests.engine.test_clause_effects import formula, numbers
from tests.engine.test_pupil_changes import DRAWN, record, reference, valued
from tests.storm_size import draws


def whole(document, sent):
    """Return the whole answer of a school."""
    return Statements(valued(document, sent)).whole(0)


@settings(max_examples=draws(6))
@given(numbers(), numbers())
def test_differences_of_parts_add_to_that_of_the_budgets_as_the_reference_has_it(one, other):
    documents, sides = (formula(one), formula(other)), (record(), record(meals="31.5"))
    answers = [whole(*pair) for pair in zip(documents, sides, strict=True)]
    found = side_by_side(*answers)
    exact = [reference(*pair)[0] for pair in zip(documents, sides, strict=True)]
    assert found.budget.difference == exact[1] - exact[0]
    assert sum(one.difference for one in found.parts) == found.budget.difference
    back = side_by_side(*reversed(answers))
    assert back.budget.difference == -found.budget.difference


def test_a_part_that_one_answer_lacks_brings_nothing_there_and_one_that_is_not_known_is_not_known():
    document = formula(DRAWN)
    known, unknown = (
        whole(document, sent) for sent in (record(), record() | {"units_fsm6_primary": None})
    )
    parts = {one.name: one for one in side_by_side(known, unknown).parts}
    assert parts["fsm6_primary"].second is None
    assert parts["fsm6_primary"].difference is None
    other = DRAWN | {"guarantee": "0.5"}
    assert all(
        one.in_first and one.in_second
        for one in side_by_side(known, whole(formula(other), record())).parts
    )


def test_costs_are_among_the_figures_where_a_result_says_any():
    document = formula(DRAWN)
    plain, costed = whole(document, record()), whole(document, record(ehc_plans=3))
    assert [one.name for one in side_by_side(plain, plain).totals] == ["budget", "formula"]
    named = {one.name: one for one in side_by_side(plain, costed).totals}
    assert named.keys() == {"budget", "formula", "expected", "left"}
    assert named["expected"].first is None
