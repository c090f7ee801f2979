"""A what-if on a page: a form under rules with numbers tried, and what that changes for the school."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from app.pages.forms import BudgetCheck, Form, SchoolBudget
from app.pages.trials import Trials, choices_of
from app.pages.tried_changes import Change, WhatIf
from engine.errors import OverrideRefused

FormUnder = Callable[[Sequence[tuple[str, str]]], Form]
"""Returns a form under the rules with numbers tried: each a path and a value; with none, as published."""


def what_if(trials: Trials, form_under: FormUnder) -> Form:
    """Return the form with its numbers tried, beside the published result; or what is wrong, each at its box."""
    form = published = form_under(())
    own = published.percentages
    every = choices_of(published.rules)
    choices = tuple(one for one in every if not own.is_place(one.path))
    mistakes = trials.mistakes
    if trials.sent:
        try:
            form = form_under(trials.pairs)
        except OverrideRefused as refusal:
            mistakes = (*trials.refused(refusal, choices), *mistakes)
    if mistakes:
        form = replace(form, result=None, mistakes=(*form.mistakes, *mistakes))
    is_compared = trials.sent and form.result is not None and published.result is not None
    changes = tuple(_changes(published.result, form.result)) if is_compared else ()
    return replace(form, what_if=WhatIf(trials, choices, changes))


def _changes(published: BudgetCheck | None, tried: BudgetCheck | None) -> Iterator[Change]:
    """Yield the figures of both results, of which either may be not known."""
    if isinstance(published, SchoolBudget) and isinstance(tried, SchoolBudget):
        before, after = published.school, tried.school
        if None in {before.budget, after.budget}:
            yield Change("Notional SEN budget, partial result", before.notional, after.notional)
        else:
            yield Change("Notional SEN budget", before.budget, after.budget)
        yield Change("Formula funding", before.formula, after.formula)
    if published is None or tried is None:
        return
    expected, expected_after = published.calls.expected, tried.calls.expected
    if published.calls.school.says_anything:
        yield Change("All expected costs", expected.total, expected_after.total)
        yield Change("Headroom (a shortfall is below 0)", expected.left, expected_after.left)
    if published.targeted is not None and tried.targeted is not None:
        yield Change(tried.targeted.rule.label, published.targeted.due, tried.targeted.due)
