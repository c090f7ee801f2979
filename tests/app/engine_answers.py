"""What the engine itself says of a body: the sums that an answer of the service must repeat."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from engine.modules.high_needs_block import HIGH_NEEDS_BLOCK
from engine.modules.module import Options
from engine.modules.places import PLACES
from engine.modules.school_formula.missing_lines import AbsentLines, declare_absent
from engine.modules.school_formula.outcome import NotionalOutcome
from engine.modules.school_formula.parts import funded as funded_schools
from engine.modules.targeted import TARGETED_FUNDING
from engine.modules.top_ups.outcome import TopUpOutcome
from engine.money import pence, pounds
from engine.reading import pupil_table, records, school_table
from engine.rules.compile import compile_rules, pupil_columns
from engine.rules.compiled import CompiledRules
from engine.rules.document import RuleSet
from engine.rules.override import override
from engine.run import evaluate
from engine.schedule import Divided, payment_schedule
from engine.vocabulary import Reason

Row = tuple[object, ...]
WITHOUT_AMOUNT = {Reason.not_supplied, Reason.no_price, Reason.not_printed, Reason.no_value}
"""Reasons of a top-up that is not known."""


def rules_for(document: RuleSet, asked: Mapping[str, Any]) -> CompiledRules:
    """Return the rules that a caller asks for."""
    tried = [(one["place"], one["value"]) for one in asked.get("overrides", [])]
    day = asked.get("on")
    return compile_rules(override(document, tried), date.fromisoformat(day) if day else None)


def pupils_of(rules: CompiledRules, sent: list[dict[str, Any]]) -> TopUpOutcome:
    """Return pupils valued."""
    table = pupil_table(records(sent), pupil_columns(rules, counting=False), first_row=1)
    return evaluate(rules, pupils=table).top_ups


def schools_of(rules: CompiledRules, sent: list[dict[str, Any]], meaning: str) -> NotionalOutcome:
    """Return schools valued."""
    table = school_table(records(sent), rules.wanted, first_row=1)
    declared = declare_absent(rules.formula, table, AbsentLines(meaning))
    return evaluate(rules, declared).notional


def pupils(rules: CompiledRules, body: Mapping[str, Any]) -> list[Row]:
    """Return each pupil's band, clause and pounds, and what its payments come to."""
    outcome = pupils_of(rules, body["pupils"])
    if body.get("schedule"):
        payment_schedule(outcome, Divided(body["schedule"]))
    names = outcome.top_ups.bands
    rows = []
    for at in range(len(outcome.pupils)):
        band, reason = int(outcome.pupil_bands()[at]), Reason(int(outcome.reason[at]))
        paid = None if reason in WITHOUT_AMOUNT else pounds(int(outcome.amount[at]))
        label = names[band] if band >= 0 else None
        rows.append((int(outcome.pupils.rows[at]), label, reason.name, paid, paid))
    known = outcome.absent < len(rows)
    total = ("total", pounds(outcome.total) if known else None, len(rows), outcome.absent)
    return [*sorted(rows), total]


def pupils_answered(answer: Mapping[str, Any]) -> list[Row]:
    """Return the same of an answer; a pupil's payments are added up."""
    total = answer["total"]
    return [
        *(
            (one["row"], one["band"], one["reason"], one["top_up"], _added(one))
            for one in answer["pupils"]
        ),
        ("total", total["top_up"], total["pupils"], total["not_known"]),
    ]


def _added(one: Mapping[str, Any]) -> str | None:
    payments = one["payments"]
    if payments is None or None in payments:
        return one["top_up"]
    return pounds(sum(pence(payment) for payment in payments))


def schools(rules: CompiledRules, body: Mapping[str, Any]) -> list[Row]:
    """Return each school's totals, pounds, and how many of their parts are not known."""
    outcome = schools_of(rules, body["schools"], body["absent_lines"])
    formula = rules.formula
    lifts = (formula.minimum_percent, formula.protection_percent)
    is_notional = any(lifts) or any(line.percent is not None for line in formula.lines)
    # What is known of a budget with a percentage that is not printed is no budget.
    is_notional &= all(line.percent_is_printed for line in formula.lines)
    return sorted(
        (
            int(outcome.schools.rows[at]),
            pounds(int(outcome.formula_total[at])) if funded else None,
            pounds(int(outcome.notional_total[at])) if is_notional and funded else None,
            int(outcome.absent_total[at]),
        )
        for at, funded in enumerate(funded_schools(outcome).tolist())
    )


def schools_answered(answer: Mapping[str, Any]) -> list[Row]:
    """Return the same of an answer."""
    return [
        (one["row"], one["formula_total"], one["notional_sen"], one["not_known"])
        for one in answer["schools"]
    ]


def places(rules: CompiledRules, body: Mapping[str, Any]) -> list[Row]:
    """Return each row's amount, pounds."""
    paid = PLACES.allocate(rules, records(body["places"]), first_row=1).valued
    total = pounds(sum(one.amount.amount for one in paid))
    return [*((one.row, pounds(one.amount.amount)) for one in paid), ("total", total)]


def places_answered(answer: Mapping[str, Any]) -> list[Row]:
    """Return the same of an answer."""
    return [*((one["row"], one["amount"]) for one in answer["places"]), ("total", answer["total"])]


def blocks(rules: CompiledRules, body: Mapping[str, Any]) -> list[Row]:
    """Return each authority's total, pounds."""
    paid = HIGH_NEEDS_BLOCK.allocate(rules, records(body["authorities"]), first_row=1).valued
    total = pounds(sum(one.amount.total for one in paid))
    return [*((one.row, pounds(one.amount.total)) for one in paid), ("total", total)]


def blocks_answered(answer: Mapping[str, Any]) -> list[Row]:
    """Return the same of an answer."""
    rows = [(one["row"], one["total"]) for one in answer["authorities"]]
    return [*rows, ("total", answer["total"])]


def targeted(rules: CompiledRules, body: Mapping[str, Any]) -> list[Row]:
    """Return what each school is paid, pounds, and what is left of its budget."""
    cost = body.get("sen_support_cost")
    options = Options(pence(cost) if cost else None)
    paid = TARGETED_FUNDING.allocate(rules, records(body["schools"]), options, first_row=1).valued
    total = pounds(sum(one.paid.amount for one in paid))
    return [
        *(
            (one.row, pounds(one.paid.amount), _pounds(one.left), _pounds(one.left_after))
            for one in paid
        ),
        ("total", total),
    ]


def _pounds(held: int | None) -> str | None:
    return None if held is None else pounds(held)


def _left(calls: Mapping[str, Any] | None) -> tuple[str | None, str | None]:
    return (calls["left"], calls["left_after"]) if calls else (None, None)


def targeted_answered(answer: Mapping[str, Any]) -> list[Row]:
    """Return the same of an answer."""
    rows = [(one["row"], one["amount"], *_left(one["expected_calls"])) for one in answer["schools"]]
    return [*rows, ("total", answer["total"])]


ENGINE_ANSWERS = {
    "pupils": (pupils, pupils_answered),
    "whole schools": (schools, schools_answered),
    "schools in part": (schools, schools_answered),
    "places": (places, places_answered),
    "blocks": (blocks, blocks_answered),
    "targeted funding": (targeted, targeted_answered),
}
"""How each what-if is worked out by the engine, and how the same is read from an answer."""
