"""Pupils and schools drawn as a caller sends them: every record fits the rules that it is drawn for."""

from datetime import date
from decimal import Decimal
from random import Random

import numpy as np
from hypothesis import strategies as st

from engine.columns import (
    AMOUNT_PREFIX,
    PROPORTION_PREFIX,
    PUPIL_COLUMNS,
    SCHOOL_COLUMNS,
    UNITS_PREFIX,
    Column,
    Kind,
    line_column,
    pupil_column,
)
from engine.rules.compile import pupil_columns
from engine.rules.compiled import CompiledFormula, CompiledLine, CompiledRules, CompiledTopUps
from engine.rules.formula import Counts
from engine.rules.grid import Grid, domain
from engine.vocabulary import KEY_STAGE_YEARS, Need, PupilPhase, SenProvision
from tests.builders import spoken

AUTHORITIES = ["202", "203", "330", "894", "929", "938"]
STAY = ("start", "end")
YEARS_OF = {
    PupilPhase.early_years: range(-2, 0),
    **KEY_STAGE_YEARS,
    PupilPhase.post_16: range(12, 15),
}
HIGHEST = {
    Kind.hours: 40_00,
    Kind.pounds: 60_000_00,
    Kind.millionths: 40_000_000,
    Kind.whole: 60,
}
"""What is likely to be given: half of all that a column takes would be too much money to add."""


def cell_of(column: Column, number: int | None, labels: tuple[str, ...] = ()) -> object:
    """Return the cell of a whole number that a column holds; None for nothing given."""
    held = None if number is None else spoken(column, number, labels)
    if isinstance(held, Decimal):
        return format(held, "f")
    return held.isoformat() if isinstance(held, date) else held


def numbers(column: Column) -> st.SearchStrategy[int]:
    """Draw a whole number that a column may hold."""
    return st.sampled_from(sorted(column.codes)) if column.codes else st.integers(*likely(column))


def likely(column: Column) -> tuple[int, int]:
    """Return the lowest and the highest whole number that is likely in a column."""
    highest = min(column.highest, HIGHEST.get(column.kind, column.highest))
    return column.lowest, max(column.lowest, highest)


def authorities_of(rules: CompiledRules) -> st.SearchStrategy[str]:
    """Draw the authority whose rules they are, or one of several where they are of none."""
    authority = rules.document.authority
    return st.sampled_from(AUTHORITIES) if authority is None else st.just(authority.code)


@st.composite
def pupil_records(draw, rules: CompiledRules) -> list[dict[str, object]]:
    """Draw a few pupils with the columns that a rule set reads, anything else of whom may be blank."""
    top_ups, wanted = rules.top_ups, pupil_columns(rules, counting=False)
    names = sorted(wanted.required - {"pupil_key", "la"})
    if top_ups.calendar.dated:
        names += [name for name in STAY if name not in names and draw(st.booleans())]
    elif draw(st.booleans()):
        names = [name for name in names if name != "urn"] + ["urn"]
    drawn = []
    for at in range(draw(st.integers(1, 4))):
        held = draw(pupil_numbers(top_ups, names))
        record = {
            name: cell_of(pupil_column(name), held.get(name), wanted.labels) for name in names
        }
        drawn.append({"pupil_key": f"pupil-{at + 1}", "la": draw(authorities_of(rules)), **record})
    return drawn


@st.composite
def pupil_numbers(draw, top_ups: CompiledTopUps, names: list[str]) -> dict[str, int | None]:
    """Draw the whole numbers of a pupil whose band the rules find; one cell may be blank."""
    held: dict[str, int | None] = {}
    highest = {name: most for name, _, most in top_ups.dimensions}
    for name in names:
        if name in highest:
            held[name] = draw(st.integers(0, highest[name]))
        elif name == "parts_on_roll":
            held[name] = draw(st.integers(0, top_ups.calendar.parts))
        elif PUPIL_COLUMNS[name].kind is Kind.date:
            first = top_ups.calendar.first
            held[name] = first + draw(st.integers(-200, 500))
        elif PUPIL_COLUMNS[name].kind is not Kind.label:
            held[name] = draw(numbers(PUPIL_COLUMNS[name]))
    if held.get("start") is not None and held.get("end") is not None:
        held["start"], held["end"] = sorted((held["start"], held["end"]))
    if draw(st.sampled_from([True, True, True, False])):
        held |= draw(grid_row(top_ups.tariff, top_ups)) | draw(grid_row(top_ups.funded, top_ups))
    held |= draw(grid_row(top_ups.assignment, top_ups))
    step = max(price.step for price in top_ups.prices)
    if step and held.get("level"):
        held["level"] -= held["level"] % step
    for need in ("primary_need", "secondary_need"):
        if held.get(need) == Need.NSA and held.get("sen_provision") != SenProvision.K:
            held[need] = int(Need.ASD)
    if names and draw(st.sampled_from([False, False, False, True])):
        held[draw(st.sampled_from(names))] = None
    return {name: held.get(name) for name in names}


@st.composite
def grid_row(draw, grid: Grid, top_ups: CompiledTopUps) -> dict[str, int | None]:
    """Draw values for which a grid has a row: one of its cells, and a number within it."""
    cells: tuple = ()
    if grid.inputs:
        cell = draw(st.sampled_from(np.flatnonzero(grid.answers >= 0).tolist()))
        cells = tuple(int(one) for one in np.unravel_index(cell, grid.shape))
    held: dict[str, int | None] = {}
    for at, (name, cell) in enumerate(zip(grid.inputs, cells, strict=True)):
        edges, (_, highest) = grid.edges_of(at), domain(name, len(top_ups.labels))
        number = None
        if cell:
            last = edges[cell] - 1 if cell < len(edges) else min(highest, edges[cell - 1] + 40)
            number = draw(st.integers(edges[cell - 1], last))
        if name == "phase" and number is not None:
            number = draw(st.sampled_from(YEARS_OF[PupilPhase(number)]))
        held["year_group" if name == "phase" else name] = number
    return held


MAINSTREAM = ("primary", "secondary", "all_through", "middle")
OTHERS = ("special", "nursery")
BLANKS = ("", None)
ABSENT = ("", "x", "z", "c")
"""Words that a cell of the register, and of a line, may hold instead of a number."""


@st.composite
def school_records(draw, rules: CompiledRules, *, whole: bool) -> list[dict[str, object]]:
    """Draw a few schools with a column for every line of the formula, or for some of them.

    A seed fills the cells: a table has more of them than can be drawn one by one in good time.
    """
    random = Random(draw(st.integers(0, 2**32 - 1)))
    names = school_columns(rules.formula, random, whole=whole)
    gaps = draw(st.lists(st.booleans(), min_size=1, max_size=3))
    return [
        {
            "urn": str(900_001 + at),
            "phase": random.choice(MAINSTREAM * 4 + OTHERS),
            **{name: school_cell(name, random, gap=gap) for name in names},
        }
        for at, gap in enumerate(gaps)
    ]


def school_cell(name: str, random: Random, *, gap: bool) -> object:
    """Return the content of a school's cell: one in five of a school with gaps holds no number."""
    if gap and random.random() < 1 / 5:
        return random.choice(BLANKS if name in SCHOOL_COLUMNS else ABSENT)
    column = SCHOOL_COLUMNS.get(name) or line_column(name)
    return cell_of(column, random.randint(*likely(column)))


def school_columns(formula: CompiledFormula, random: Random, *, whole: bool) -> list[str]:
    """Return columns of a table of schools: each line in one of its forms, and what else is read."""
    lines = [line for line in formula.lines if whole or random.random() < 1 / 2]
    names = [random.choice(forms(line)) for line in lines]
    protected = formula.guarantee is not None or formula.cap is not None
    for name, used in (
        ("prior_budget", protected),
        ("prior_pupils", protected),
        ("london_fringe", formula.fringe),
        ("reception_difference", formula.reception_uplift),
        ("days_open", bool(formula.year_days)),
        ("sen_support_pupils", True),
        ("ehc_plans", True),
    ):
        names += [name] if used and random.random() < 1 / 2 else []
    return list(dict.fromkeys(name for name in names if name))


def forms(line: CompiledLine) -> list[str]:
    """Return the columns that may give a line; empty where the school itself does."""
    amount, units = f"{AMOUNT_PREFIX}{line.name}", f"{UNITS_PREFIX}{line.name}"
    if line.counts is Counts.sparsity:
        return ["sparsity_distance", amount]
    if line.rate is None or line.counts is Counts.amount:
        return [amount]
    if line.counts is Counts.school:
        return ["", units, amount]
    shares = [f"{PROPORTION_PREFIX}{line.name}"] if line.counts is Counts.pupils else []
    return [units, units, amount, *shares]
