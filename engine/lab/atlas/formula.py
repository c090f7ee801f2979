"""A schools formula as answers: its factors, then what holds for the whole of it."""

from collections.abc import Iterator

from engine.explain.rows import label_of
from engine.lab.atlas.entries import NOT_SAID, Answered, Cell, Entry, Part, Unit, held, money
from engine.lab.atlas.factors import factor_answers, line_answers
from engine.rules.compiled import CompiledFormula, CompiledRules
from engine.rules.formula import SchoolsFormula


def formula_answers(rules: CompiledRules) -> Iterator[Answered]:
    """Yield what a formula says of each factor and phase, and of its floors, caps and threshold."""
    document, formula = rules.document.schools_formula, rules.formula
    if document is None or formula is None:
        return
    yield from _factors(formula)
    for at, (name, of, measure, unit, cell) in enumerate(_whole(document, formula)):
        entry = Entry(Part.formula, name, of, measure, unit)
        yield Answered(entry, (at,), label_of(name), cell)


def _factors(formula: CompiledFormula) -> Iterator[Answered]:
    seen = set()
    for line in formula.lines:
        if line.key.factor not in seen:
            seen.add(line.key.factor)
            yield from factor_answers(line, formula)
        yield from line_answers(line, formula)


def _whole(
    document: SchoolsFormula, formula: CompiledFormula
) -> Iterator[tuple[str, str, str, Unit, Cell]]:
    level, phases = "minimum_per_pupil", ("primary", "key stage 3", "key stage 4")
    yield "area_cost_adjustment", "", "multiplier", Unit.number, held(formula.area)
    counted = document.factors[document.pupils_counted_by].label
    yield "pupils", "", "counted by the factor", Unit.text, Cell(counted)
    raised = Cell("each school's own multiplier") if formula.fringe else NOT_SAID
    yield "london_fringe", "", "multiplier", Unit.text, raised
    added = (
        Cell("pupils who joined after the count are added")
        if formula.reception_uplift
        else NOT_SAID
    )
    yield "reception_uplift", "primary", "pupils", Unit.text, added
    days = Cell(str(formula.year_days)) if formula.year_days else NOT_SAID
    yield "part_year", "", "days of a whole year", Unit.number, days
    for phase, given in zip(phases, formula.level_givens or (None,) * 3, strict=True):
        yield level, phase, "level", Unit.pounds, money(given)
    yield level, "", "notional percentage", Unit.percent, held(formula.minimum_percent)
    protection = "protection"
    yield protection, "", "guarantee", Unit.percent, held(formula.guarantee)
    yield protection, "", "cap", Unit.percent, held(formula.cap)
    yield protection, "", "scaling", Unit.percent, held(formula.scaling)
    yield protection, "", "notional percentage", Unit.percent, held(formula.protection_percent)
    yield "expected_calls", "", "threshold", Unit.pounds, money(formula.threshold)
