"""A factor of a schools formula as answers: what it counts, and what each phase is paid for it."""

from collections.abc import Iterator, Mapping

from engine.columns import PUPIL_COLUMNS
from engine.lab.atlas.entries import (
    NOT_SAID,
    Answered,
    Asked,
    Cell,
    Entry,
    Part,
    Unit,
    held,
    worked,
)
from engine.lab.atlas.words import spoken
from engine.money import PERCENT_TO_MILLIONTHS, is_digits, number, pounds
from engine.rules.compiled import CompiledFormula, CompiledLine
from engine.rules.formula import PHASE_WORDS, Blend, Counts, Factor, LinePhase, Sparsity
from engine.rules.values import DatedValue
from engine.vocabulary import factor_order, weakest

GIVEN_AS_AMOUNT = Cell(None, "given as an amount")
NO_PERCENTAGE = Cell(None, "no percentage named")
ALL_PHASES = "all phases"
COUNTED = {
    Counts.school: "the school itself",
    Counts.units: "units given for each school",
    Counts.sparsity: "a share, by how small and how remote the school is",
    Counts.amount: "an amount given for each school",
}
_PHASES = tuple(LinePhase)


def factor_rank(factor: str) -> tuple[int | str, ...]:
    """Return a factor's place: the order of statements, then the alphabet."""
    order = factor_order()
    return order.get(factor, len(order)), factor


def factor_answers(line: CompiledLine, formula: CompiledFormula) -> Iterator[Answered]:
    """Yield what holds for a factor in every phase; how it is treated, where the formula treats any so."""
    factor = line.factor
    above = held(line.only_above, Cell(None, "all of them"))
    cells: list[Asked] = [("counts", Unit.text, Cell(_counts(factor)))]
    if factor.counts is Counts.pupils:
        cells.append(("only pupils above", Unit.percent, above))
    treated = (
        ("area cost adjustment", formula.area is not None, factor.area_adjusted),
        ("minimum per-pupil level", formula.levels is not None, factor.in_minimum_base),
        ("London fringe multiplier", formula.fringe, factor.in_fringe),
    )
    cells += [
        (f"counts for the {name}", Unit.text, _yes(counts)) for name, has, counts in treated if has
    ]
    if formula.guarantee is not None or formula.cap is not None:
        removed = _yes(counts=factor.removed_from_prior)
        cells += [
            ("counts for the minimum funding guarantee", Unit.text, _yes(factor.in_guarantee)),
            ("taken off last year's budget before comparing", Unit.text, removed),
        ]
    yield from _answered(line, "", -1, cells)


def line_answers(line: CompiledLine, formula: CompiledFormula) -> Iterator[Answered]:
    """Yield what a factor pays in one phase, and how much of it is notional SEN."""
    rate = GIVEN_AS_AMOUNT
    if line.rate is not None:
        area = formula.area if line.factor.area_adjusted else None
        rate = worked(pounds(line.rate), line.unit_value, area)
    elif line.counts is not Counts.amount:
        rate = Cell(None, "no unit value named")
    percent = NO_PERCENTAGE
    if line.percent is not None:
        share = number(line.percent, PERCENT_TO_MILLIONTHS)
        percent = worked(share, line.notional_percent)
    found = weakest((line.unit_value, line.notional_percent))
    cells: list[Asked] = [
        ("unit value", Unit.pounds, rate),
        ("notional percentage", Unit.percent, percent),
        ("standing", Unit.text, NOT_SAID if found is None else Cell(found.value)),
    ]
    if line.line.year_weights:
        weights = _year_weights(line.year_weights)
        cells.append(("weights of year groups", Unit.text, weights))
    if line.line.blend is not None:
        cells.append(
            ("counted from two profiles", Unit.text, _blend(line.line.blend, line.blend_weight))
        )
    if line.line.sparsity is not None:
        cells += _sparsity(line.line.sparsity)
    phase = line.key.phase
    yield from _answered(line, PHASE_WORDS[phase] or ALL_PHASES, _PHASES.index(phase), cells)


def _answered(line: CompiledLine, of: str, place: int, cells: list[Asked]) -> Iterator[Answered]:
    rank = (*factor_rank(line.key.factor), place)
    for at, (measure, unit, cell) in enumerate(cells):
        entry = Entry(Part.factor, line.key.factor, of, measure, unit)
        yield Answered(entry, (*rank, at), line.factor.label, cell)


def _yes(counts: bool) -> Cell:  # noqa: FBT001 - the flag of the document, said in words
    return Cell("yes" if counts else "no")


def _counts(factor: Factor) -> str:
    if factor.counts is not Counts.pupils:
        return COUNTED[factor.counts]
    where = {} if factor.where is None else factor.where.model_dump(exclude_none=True)
    if not where:
        return "all pupils of the phase"
    return f"pupils: {', '.join(_condition(name, value) for name, value in where.items())}"


def _condition(name: str, value: bool | str) -> str:  # noqa: FBT001 - a value of the document
    meaning = PUPIL_COLUMNS[name].meaning
    if isinstance(value, str):
        return f"{meaning} {value}"
    return meaning if value else f"not {meaning}"


def _year_weights(weights: Mapping[str, DatedValue]) -> Cell:
    said = ", ".join(
        f"{spoken(name)} {one.value}" for name, one in sorted(weights.items(), key=_year)
    )
    return worked(said, *weights.values()) if said else NOT_SAID


def _year(weight: tuple[str, object]) -> int:
    year = weight[0].rpartition("_")[2]
    return int(year) if is_digits(year) else 0


def _blend(blend: Blend, weight: DatedValue | None) -> Cell:
    if weight is None:
        return NOT_SAID
    assessed = " + ".join(map(spoken, blend.assessed))
    said = f"({weight.value} × {spoken(blend.new)} + {spoken(blend.old)}) ÷ ({assessed})"
    return worked(said, weight)


def _sparsity(rule: Sparsity) -> list[Asked]:
    """Return the thresholds of sparsity; they carry no standing of their own."""
    far = Cell(None, "by size alone") if rule.miles is None else Cell(rule.miles)
    tapers = rule.tapers_from_miles
    return [
        ("pupils a year group: fewer than", Unit.number, Cell(rule.pupils_per_year)),
        ("pupils a year group: the whole up to", Unit.number, Cell(rule.full_below)),
        ("miles to the next school: the whole from", Unit.number, far),
        (
            "miles to the next school: some from",
            Unit.number,
            far if tapers is None else Cell(tapers),
        ),
    ]
