"""The sheet of schools: one row a school, and its notional SEN budget."""

from itertools import cycle

from app.pages.fields import (
    DAYS_OPEN,
    FRINGE,
    LA,
    PRIOR,
    RECEPTION,
    SCHOOL_DISTANCE,
    Asks,
    Field,
    Part,
    fields_of,
    fields_of_any,
    formula_of,
)
from app.pages.words import PHASES
from app.workbooks.questions import Cell, Input, Question, Sheet, Takes
from engine.columns import UNITS_PREFIX
from engine.modules import example_authority, phases_counted, prior_lines
from engine.rules import CompiledFormula, CompiledRules, LinePhase, PriorAmount
from engine.vocabulary import YEARS_OF_PHASE, SchoolPhase

PHASE = "phase"
EXAMPLES = 2
ON_ROLL = {LinePhase.primary: 210, LinePhase.ks3: 330, LinePhase.ks4: 220}
"""Invented pupils of a school, by the phase of the line that counts them all."""

PART_OF_ROLL = (38, 41, 12, 9.5, 7, 5, 4, 2, 55, 6, 3)
"""Invented pupils who count in a line besides, one after another."""

INVENTED: dict[str, Cell] = {PRIOR[0]: 1_500_000, SCHOOL_DISTANCE: 0.5, FRINGE: 1}
LEFT_EMPTY = {DAYS_OPEN, RECEPTION}


def school_sheet(rules: CompiledRules) -> Sheet | None:
    """Return the sheet of schools, or None where no part of the formula is notional SEN, or what part is not printed."""
    formula = formula_of(rules)
    if formula is None or not _is_printed(formula):
        return None
    phases = phases_counted(formula)
    optional = {name for phase in phases for name in _optional(formula, phase)}
    fields = [
        field
        for field in fields_of_any(formula)
        if field.part is not Part.calls and field.name not in optional
    ]
    names = {phase.name: PHASES[phase] for phase in phases}
    inputs = (
        Input(PHASE, "Phase of the school", Takes.code, tuple(names)),
        *(_input(field) for field in fields),
    )
    return Sheet(
        name="Schools",
        title="Notional SEN budget of each school",
        guidance=(
            "One row a school. Leave the columns of other phases empty. Numbers of pupils may have "
            "decimals; write shares as pupils."
        ),
        note="School (your own note, not sent)",
        inputs=inputs,
        questions=(
            Question(
                "Notional SEN budget, pounds", "notional-sen", tuple(one.name for one in inputs)
            ),
        ),
        optional=True,
        examples=tuple(
            _example(formula, phase, example_authority(rules, phase)) for phase in phases[:EXAMPLES]
        ),
    )


def _is_printed(formula: CompiledFormula) -> bool:
    """Return whether every percentage is printed, without which a cell has no budget to answer."""
    lines = (one.notional_percent for line in formula.lines for one in line.segments)
    shares = (formula.minimum_percent, formula.protection_percent, *lines)
    # What a table of values has for other schools alone has no source, and is not asked for.
    return all(one is None or one.is_printed or not one.source for one in shares)


def _fields(formula: CompiledFormula, phase: SchoolPhase) -> tuple[Field, ...]:
    """Return what a school of a phase is asked that its budget depends on."""
    optional = _optional(formula, phase)
    fields = fields_of(formula, phase)
    return tuple(one for one in fields if one.part is not Part.calls and one.name not in optional)


def _optional(formula: CompiledFormula, phase: SchoolPhase) -> set[str]:
    """Return last year's amounts that need not be given: the address of a cell holds no more than it must."""
    return {
        column
        for column, line in prior_lines(formula, phase).items()
        if line.factor.prior_amount is not PriorAmount.last_year
    }


def _input(field: Field) -> Input:
    takes = Takes.whole if field.asks is Asks.whole else Takes.number
    pounds = ", pounds" if field.asks is Asks.pounds else ""
    return Input(field.name, f"{field.label}{pounds}", takes, hint=" ".join(field.hints))


def _example(formula: CompiledFormula, phase: SchoolPhase, example: int) -> dict[str, Cell]:
    """Return an invented school of an authority and phase, with every figure that its budget needs."""
    whole = {
        f"{UNITS_PREFIX}{line.name}": ON_ROLL.get(line.key.phase, sum(ON_ROLL.values()))
        for line in formula.lines
        if line.name in formula.pupil_lines
    }
    parts = cycle(PART_OF_ROLL)
    row: dict[str, Cell] = {PHASE: phase.name}
    usual = YEARS_OF_PHASE.get(phase)
    for field in _fields(formula, phase):
        if field.name in LEFT_EMPTY or (field.part is Part.years and usual is not None):
            continue
        if field.name in whole:
            row[field.name] = whole[field.name]
        elif field.asks is Asks.pupils and field.part is Part.pupils:
            row[field.name] = next(parts)
        elif field.name == LA:
            row[LA] = example
        else:
            row[field.name] = INVENTED.get(field.name, 0)
    if PRIOR[1] in row:
        row[PRIOR[1]] = sum(count for name, count in whole.items() if name in row)
    return row
