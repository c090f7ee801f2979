"""A schools formula as answers: factor by factor and phase by phase, then its floors and caps."""

from collections.abc import Iterator, Sequence

from engine.atlas.entries import Answered, Cell, Entry, Part, Unit
from engine.explain.schools import PHASE_WORDS
from engine.money import PERCENT_TO_MILLIONTHS, number, pounds
from engine.rules.compiled import CompiledFormula, CompiledLine
from engine.rules.formula import LinePhase
from engine.rules.values import Given
from engine.vocabulary import Standing, factor_order

GIVEN_AS_AMOUNT = Cell(None, "given as an amount")
NO_PERCENTAGE = Cell(None, "no percentage named")
NOT_SAID = Cell(None, "not said")
_PHASES = tuple(LinePhase)
_WEAKEST = (Standing.proposed, Standing.unconfirmed, Standing.verified)


def formula_answers(formula: CompiledFormula) -> Iterator[Answered]:
    """Yield what a formula says of each factor and phase, and of its floors, caps and threshold."""
    for line in formula.lines:
        yield from _line(line)
    for at, (name, of, measure, unit, given) in enumerate(_whole(formula)):
        entry = Entry(Part.formula, name, of, measure, unit)
        yield Answered(entry, (at,), name.replace("_", " ").capitalize(), _given(given))


def weakest(givens: Sequence[Given]) -> Cell:
    """Return the standing that holds for values used together: the one least checked."""
    standings = {given.standing for given in givens}
    found = next((one.value for one in _WEAKEST if one in standings), None)
    return NOT_SAID if found is None else Cell(found)


def factor_rank(factor: str) -> tuple[int | str, ...]:
    """Return a factor's place: the order of statements, then the alphabet."""
    order = factor_order()
    return order.get(factor, len(order)), factor


def _line(line: CompiledLine) -> Iterator[Answered]:
    phase = line.key.phase
    rate = GIVEN_AS_AMOUNT if line.rate is None else Cell(pounds(line.rate))
    percent = (
        NO_PERCENTAGE if line.percent is None else Cell(number(line.percent, PERCENT_TO_MILLIONTHS))
    )
    used = [given for given in (line.unit_value, line.notional_percent) if given is not None]
    cells = (
        ("unit value", Unit.pounds, rate),
        ("notional percentage", Unit.percent, percent),
        ("standing", Unit.text, weakest(used)),
    )
    rank = (*factor_rank(line.key.factor), _PHASES.index(phase))
    for at, (measure, unit, cell) in enumerate(cells):
        entry = Entry(
            Part.factor, line.key.factor, PHASE_WORDS[phase] or "all phases", measure, unit
        )
        yield Answered(entry, (*rank, at), line.factor.label, cell)


def _whole(formula: CompiledFormula) -> Iterator[tuple[str, str, str, Unit, Given | None]]:
    level, phases = "minimum_per_pupil", ("primary", "key stage 3", "key stage 4")
    yield "area_cost_adjustment", "", "multiplier", Unit.number, formula.area
    for phase, given in zip(phases, formula.level_givens or (None,) * 3, strict=True):
        yield level, phase, "level", Unit.pounds, given
    yield level, "", "notional percentage", Unit.percent, formula.minimum_percent
    protection = "protection"
    yield protection, "", "guarantee", Unit.percent, formula.guarantee
    yield protection, "", "cap", Unit.percent, formula.cap
    yield protection, "", "scaling", Unit.percent, formula.scaling
    yield protection, "", "notional percentage", Unit.percent, formula.protection_percent
    yield "expected_calls", "", "threshold", Unit.pounds, formula.threshold


def _given(given: Given | None) -> Cell:
    return NOT_SAID if given is None else Cell(given.value)
