"""The form of a budget that the school knows: whether it covers what it is expected to pay for."""

from dataclasses import replace

from app.pages.answers import Answers, Mistake, mistake, pounds_in, read_school
from app.pages.fields import NOTIONAL, PUPILS, Asks, Field, Part, calls_fields
from app.pages.forms import AnswerWarning, BudgetCheck, Form
from engine.columns import SCHOOL_COLUMNS, ColumnSelection
from engine.expected_calls import PlanThreshold, calls_statement, needs_of, threshold_of
from engine.modules import targeted_statement
from engine.reading import millionths_in
from engine.rules import CompiledRules, Pattern, TargetedFunding
from engine.statement import KnownBudget, budget_warnings

HIGHEST_BUDGET = 10_000_000_000
ANY_COLUMN = ColumnSelection(frozenset(), frozenset(SCHOOL_COLUMNS))
NO_BUDGET = Mistake("Enter the notional SEN budget, or a cost that it is expected to pay for")
HIGHEST_PUPILS = 10**12
"""Millionths of a pupil."""


def check_form(
    rules: CompiledRules, rule: TargetedFunding, answers: Answers, *, sent: bool
) -> Form:
    """Return the form of a known budget with its result or every mistake; ``sent`` for one without answers too."""
    threshold = threshold_of(rules)
    form = Form(rules, answers, _fields(rule, threshold))
    if not answers.entries:
        return form.with_mistakes(NO_BUDGET) if sent else form
    mistakes: list[Mistake] = []
    school = read_school(answers, form.fields, ANY_COLUMN, mistakes)
    by_name = {field.name: field for field in form.fields}
    budget = pounds_in(answers, by_name[NOTIONAL], HIGHEST_BUDGET, mistakes, -HIGHEST_BUDGET)
    pupils = _pupils(answers, by_name.get(PUPILS), mistakes)
    if school is None or mistakes:
        return form.with_mistakes(*mistakes)
    needs = needs_of(school.table, 0, school.sen_support_cost)
    calls = calls_statement(budget, needs, threshold)
    targeted = targeted_statement(rules, calls, pupils)
    warnings = budget_warnings(rules, KnownBudget(needs, budget, pupils))
    check = BudgetCheck(
        rules=rules,
        calls=calls,
        targeted=targeted,
        warnings=tuple(AnswerWarning(one.sentence) for one in warnings),
        assistant_hour=school.assistant_hour,
    )
    return replace(form, result=check)


def _fields(rule: TargetedFunding, threshold: PlanThreshold) -> tuple[Field, ...]:
    own = ("From your authority's budget statement.",)
    budget = Field(NOTIONAL, "Notional SEN budget", Asks.pounds, Part.budget, own)
    pupils = Field(PUPILS, "Pupils of the school", Asks.pupils, Part.budget)
    by_rate = rule.pattern is Pattern.plans_above_rate
    return (budget, *((pupils,) if by_rate else ()), *calls_fields(threshold))


def _pupils(answers: Answers, field: Field | None, mistakes: list[Mistake]) -> int | None:
    """Return pupils in millionths, None where they are not given or not asked for."""
    text = answers.entries.get(PUPILS)
    if text is None or field is None:
        return None
    pupils = millionths_in(text)
    if pupils is not None and 0 <= pupils < HIGHEST_PUPILS:
        return pupils
    mistakes.append(mistake(field, "unreadable", ""))
    return None
