"""Tables that every part of a rule set values, so that a change of any number of it can be seen."""

from functools import cache

import polars as pl

from engine.explain import explain, explain_allocation
from engine.modules.allocation import Allocation
from engine.modules.high_needs_block import HIGH_NEEDS_BLOCK
from engine.modules.module import Options
from engine.modules.places import PLACES
from engine.modules.targeted import TARGETED_FUNDING
from engine.rules.compiled import CompiledRules
from engine.run import Outcome, evaluate
from engine.statement import Statements
from engine.tables import PupilTable, SchoolTable
from tests.builders import school_table
from tests.digests import digest_of
from tests.engine.test_determinism import payable
from tests.rule_library import compiled

PHASES = ("primary", "secondary", "middle", "all_through", "primary")
URNS = range(900_001, 900_001 + len(PHASES))
COST = 150_000
"""Pence that a pupil on SEN support is assumed to cost."""


@cache
def pupils_of(name: str) -> PupilTable:
    """Return pupils whom a published rule set tells apart."""
    return payable(compiled(name))


@cache
def schools_of(name: str) -> SchoolTable | None:
    """Return schools of every phase with something in every line of a published formula, or None."""
    formula = compiled(name).formula
    if formula is None:
        return None
    rows = []
    for at, phase in enumerate(PHASES):
        years = {"primary_years": 7, "ks3_years": 3, "ks4_years": 2}
        units = {
            f"{'amount' if line.rate is None else 'units'}_{line.name}": 40_000 + 1_000 * at
            if line.rate is None
            else 3 + 7 * at + 2 * number
            for number, line in enumerate(formula.lines)
        }
        last = {"prior_budget": 300_000 + 90_000 * at, "prior_pupils": 60 + 9 * at}
        needs = {"sen_support_pupils": 20 + at, "ehc_plans": 4 + at}
        rows.append({"urn": URNS[at], "phase": phase, **years, **units, **last, **needs})
    return school_table(rows)


def budgets(_: CompiledRules) -> pl.DataFrame:
    """Return schools with plans, for targeted funding."""
    return pl.DataFrame(
        {
            "urn": ["900001", "900002", "900003"],
            "notional_sen": ["60000.00", "90000.00", "31000.00"],
            "ehc_plans": ["12", "3", "19"],
            "pupils": ["210", "400", "180"],
            "expected_calls": ["72000.00", "18000.00", "60000.00"],
        }
    )


def places_of(rules: CompiledRules) -> pl.DataFrame:
    """Return some places of every kind that the rules pay for."""
    kinds = rules.document.places.types
    counted = [len(kind.periods) for kind in kinds.values()]
    return pl.DataFrame(
        {
            "la": ["202"] * len(kinds),
            "place_type": list(kinds),
            "places_1": [str(7 + at) for at in range(len(kinds))],
            "places_2": [str(5 + at) if many > 1 else None for at, many in enumerate(counted)],
        }
    )


def terms_of(rules: CompiledRules) -> pl.DataFrame:
    """Return an authority with every term of its block but the one that the rules work out."""
    block = rules.document.high_needs_block
    names = {*block.terms, *(one.times for one in block.terms.values() if one.times)}
    named = sorted({*names, *filter(None, [block.additional_base])} - {block.additional})
    return pl.DataFrame(
        {"la": ["202"], **{one: [str(1_001 + 7 * at)] for at, one in enumerate(named)}}
    )


ALLOCATED = {
    "places": (PLACES, places_of),
    "high_needs_block": (HIGH_NEEDS_BLOCK, terms_of),
    "targeted_funding": (TARGETED_FUNDING, budgets),
}


def valued(name: str, rules: CompiledRules) -> list[object]:
    """Return all that a rule set comes to for the tables of the published one of that name."""
    found: list[object] = []
    if rules.formula is not None or rules.top_ups is not None:
        run = outcome(name, rules)
        found += [digest_of(run), calls_of(run)]
    return found + [[one.total, one.rows.frame.rows()] for one in allocations(rules)]


def outcome(name: str, rules: CompiledRules) -> Outcome:
    """Return the schools and pupils of a published rule set valued by these rules."""
    return evaluate(rules, schools_of(name), pupils_of(name) if rules.top_ups else None)


def allocations(rules: CompiledRules) -> list[Allocation]:
    """Return every table of an authority's own, valued."""
    return [
        module.allocate(rules, frame(rules), Options(None))
        for part, (module, frame) in ALLOCATED.items()
        if getattr(rules.document, part) is not None
    ]


def calls_of(run: Outcome) -> list[object]:
    """Return what the budget of each school is expected to pay for."""
    if run.notional is None:
        return []
    statements = Statements(run.notional, COST)
    return [statements.whole(at).calls.expected for at in range(len(PHASES))]


def figures(name: str, rules: CompiledRules) -> list[object]:
    """Return the working of some schools, pupils and authorities, without what marks a value."""
    explained = [
        explain_allocation(one, str(one.rows.frame.row(0)[0])) for one in allocations(rules)
    ]
    if rules.formula is not None or rules.top_ups is not None:
        run = outcome(name, rules)
        schools = [] if run.notional is None else [str(one) for one in URNS]
        keys = [] if run.top_ups is None else pupils_of(name).keys.to_list()[::40]
        explained += [explain(run, one) for one in (*schools, *keys)]
    return [
        (row.operator, row.label, row.value, row.unit, row.place)
        for one in explained
        for rows in (*(working.rows for working in one.workings), one.totals)
        for row in rows
    ]
