"""The columns of schools, and which part of which rule set reads each."""

from collections.abc import Callable, Sequence

from engine.catalogue.entries import Entry, Reads, Table, read_by
from engine.catalogue.units import unit_of
from engine.columns import SCHOOL_COLUMNS, line_column
from engine.rules.compiled import CompiledFormula, CompiledRules
from engine.rules.formula import Counts

ALWAYS = {"urn", "phase"}
YEARS = {"primary_years", "ks3_years", "ks4_years"}
CALLS = {"sen_support_pupils", "sen_support_figure", "ehc_plans"}


def school_table(sets: Sequence[CompiledRules]) -> Table:
    """Return the table of schools, with a column for each form of each line of the rule sets' formulas."""
    known = set().union(*(one.wanted.known for one in sets))
    lines = sorted(known - SCHOOL_COLUMNS.keys(), key=lambda name: (_stem(name), name))
    columns = {**SCHOOL_COLUMNS, **{name: line_column(name) for name in lines}}
    return Table(
        "schools",
        "Schools",
        "One row for each school; `evenband value` and `compare` read it.",
        ("urn",),
        tuple(
            Entry(
                column,
                unit_of(column),
                column.absence,
                read_by(name, sets, SCHOOL_PARTS),
                required=name in ALWAYS,
            )
            for name, column in columns.items()
        ),
    )


def _stem(name: str) -> str:
    return name.partition("_")[2]


def _of_formula(reads: Callable[[CompiledFormula, str], bool]) -> Reads:
    return lambda one, name: one.formula is not None and reads(one.formula, name)


SCHOOL_PARTS: dict[str, Reads] = {
    "every table of schools": _of_formula(lambda _, name: name in ALWAYS),
    "groups of totals": _of_formula(lambda _, name: name in {"la", "school_name"}),
    "year groups": _of_formula(lambda formula, name: name in YEARS and _by_years(formula)),
    "lines of the formula": lambda one, name: (
        name not in SCHOOL_COLUMNS and name in one.wanted.known
    ),
    "sparsity": _of_formula(lambda formula, name: name == "sparsity_distance" and _far(formula)),
    "London fringe": _of_formula(lambda formula, name: name == "london_fringe" and formula.fringe),
    "part of the year open": _of_formula(
        lambda formula, name: name == "days_open" and formula.year_days > 0
    ),
    "reception uplift": _of_formula(
        lambda formula, name: name == "reception_difference" and formula.reception_uplift
    ),
    "minimum funding guarantee and cap": _of_formula(
        lambda formula, name: name.startswith("prior_") and _protects(formula)
    ),
    "expected calls on the budget, in the service": _of_formula(lambda _, name: name in CALLS),
}


def _by_years(formula: CompiledFormula) -> bool:
    shared = any(
        line.counts is Counts.school or line.line.sparsity is not None for line in formula.lines
    )
    return shared or formula.levels is not None


def _far(formula: CompiledFormula) -> bool:
    rules = [line.line.sparsity for line in formula.lines if line.line.sparsity is not None]
    return any(rule.miles is not None for rule in rules)


def _protects(formula: CompiledFormula) -> bool:
    return formula.guarantee is not None or formula.cap is not None
