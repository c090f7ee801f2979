"""A schools formula as answers: what each factor counts and pays, then what holds for the whole of it."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import accumulate

from engine.columns import PUPIL_COLUMNS
from engine.days import MONTHS
from engine.lab.atlas.entries import Answer, Entry, Part, answers
from engine.lab.atlas.spreads import Writer, spread
from engine.money import PERCENT_TO_MILLIONTHS, is_digits, number, pounds
from engine.rules.compile_school_tables import (
    AREA,
    LEVELS,
    MINIMUM,
    NOTIONAL,
    PROTECTION,
    THRESHOLD,
    school_tables,
)
from engine.rules.compiled import CompiledFormula, CompiledLine, CompiledRules
from engine.rules.formula import (
    PHASE_WORDS,
    Blend,
    Counts,
    Factor,
    LinePhase,
    PriorAmount,
    SchoolsFormula,
    Sparsity,
    factor_place,
)
from engine.rules.in_force import InForce
from engine.rules.line_steps import FORMULA
from engine.rules.measures import (
    NO_ANSWER,
    Cell,
    Measured,
    Unit,
    derived,
    document_value,
    money,
    over_days,
    values_over_days,
)
from engine.rules.value_tables import ROWS, ValueTable, series_of
from engine.rules.values import DatedValue
from engine.steps import label_of, words_of
from engine.vocabulary import NOT_PRINTED, marked, weakest

AMOUNT_INSTEAD = Cell(None, "given as an amount")
NO_PERCENTAGE = Cell(None, "no percentage named")
ALL_PHASES = "all phases"
COUNTED = {
    Counts.school: "the school itself",
    Counts.units: "units given for each school",
    Counts.sparsity: "a share, by how small and how remote the school is",
    Counts.amount: "an amount given for each school",
}
_PHASES = tuple(LinePhase)


def factor_answers(line: CompiledLine, formula: CompiledFormula) -> Iterator[Answer]:
    """Yield what holds for a factor in every phase; how it is treated, where the formula treats any so."""
    factor = line.factor
    above = document_value(line.only_above, Cell(None, "all of them"))
    cells: list[Measured] = [("counts", Unit.text, Cell(_counts(factor)))]
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
        if factor.removed_from_prior and factor.prior_amount is PriorAmount.last_year:
            removed = Cell("yes, last year's amount")
        cells += [
            ("counts for the minimum funding guarantee", Unit.text, _yes(factor.in_guarantee)),
            ("taken off last year's budget before comparing", Unit.text, removed),
        ]
    yield from _line_answers(line, "", -1, cells)


def line_answers(line: CompiledLine, starts: Sequence[date], now: InForce) -> Iterator[Answer]:
    """Yield what a factor pays in one phase, and how much of it is notional SEN.

    ``starts`` are the first days of the parts of the year in which no value of a line changes, ``now`` the days of all.
    """
    over = list(zip(starts, line.segments, strict=False))
    values, shares = line.line.unit_value, line.line.notional_percent
    rate = _spread_rate(line, now) or over_days((day, _rate(one)) for day, one in over)
    percent = (
        spread(shares, now)
        if isinstance(shares, ValueTable)
        else over_days((day, _percent(one)) for day, one in over)
    )
    used = [value for _, one in over for value in (one.unit_value, one.notional_percent)]
    rows = [
        one for held in (values, shares) if isinstance(held, ValueTable) for one in series_of(held)
    ]
    found = weakest([*used, *(one for series in rows for one in now.values(series))])
    cells: list[Measured] = [
        ("unit value", Unit.pounds, rate),
        ("notional percentage", Unit.percent, percent),
        ("standing", Unit.text, NO_ANSWER if found is None else Cell(found.value)),
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
    yield from _line_answers(line, PHASE_WORDS[phase] or ALL_PHASES, _PHASES.index(phase), cells)


def _spread_rate(line: CompiledLine, now: InForce) -> Cell | None:
    """Return the unit values of a line that differ from school to school, None where they do not."""
    by_area = line.area is not None and f".{ROWS}." in line.area.path
    values = line.line.unit_value
    if values is None or not (by_area or isinstance(values, ValueTable)):
        return None
    cell = spread(values, now, money)
    before = "" if line.area is None or cell.value is None else ", before area cost adjustment"
    return cell if not before else cell._replace(value=f"{cell.value}{before}")


def _rate(line: CompiledLine) -> Cell:
    """Return a line's unit value after area adjustment, or why there is none."""
    if line.rate is not None:
        area = None if line.area is None else line.area.dated
        if line.pays[0] == NOT_PRINTED:
            return Cell(None, NOT_PRINTED, marked(weakest((line.unit_value, area))))
        return derived(pounds(line.rate), line.unit_value, area)
    return AMOUNT_INSTEAD if line.counts is Counts.amount else Cell(None, "no unit value named")


def _percent(line: CompiledLine) -> Cell:
    if line.percent is None:
        return NO_PERCENTAGE
    if line.pays[1] == NOT_PRINTED:
        return document_value(line.notional_percent)
    share = number(line.percent, PERCENT_TO_MILLIONTHS)
    return derived(share, line.notional_percent)


def _starts(rules: CompiledRules, months: Sequence[int]) -> list[date]:
    """Return the first day of each part of a year, of so many months each."""
    first, before = rules.now.first, accumulate((0, *months[:-1]))
    return [
        date(first.year + at // MONTHS, at % MONTHS + 1, 1) if months_before else first
        for months_before in before
        for at in (first.month - 1 + months_before,)
    ]


def _line_answers(
    line: CompiledLine, of: str, place: int, cells: list[Measured]
) -> Iterator[Answer]:
    factor = line.key.factor
    rank = (*factor_place(factor), place)
    yield from answers(Part.factor, factor, line.factor.label, cells, of=of, rank=rank)


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
        f"{words_of(name)} {one.value}" for name, one in sorted(weights.items(), key=_year)
    )
    return derived(said, *weights.values()) if said else NO_ANSWER


def _year(weight: tuple[str, object]) -> int:
    year = weight[0].rpartition("_")[2]
    return int(year) if is_digits(year) else 0


def _blend(blend: Blend, weight: DatedValue | None) -> Cell:
    if weight is None:
        return NO_ANSWER
    assessed = " + ".join(map(words_of, blend.assessed))
    said = f"({weight.value} × {words_of(blend.new)} + {words_of(blend.old)}) ÷ ({assessed})"
    return derived(said, weight)


def _sparsity(rule: Sparsity) -> list[Measured]:
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


def formula_answers(rules: CompiledRules) -> Iterator[Answer]:
    """Yield what a formula says of each factor and phase, and of its floors, caps and threshold."""
    document, formula = rules.document.schools_formula, rules.formula
    if document is None or formula is None:
        return
    yield from _factors(formula, _starts(rules, formula.months), rules.now)
    for at, (name, of, measure, unit, cell) in enumerate(_whole(document, formula, rules.now)):
        entry = Entry(Part.formula, name, of, measure, unit)
        yield Answer(entry, (at,), label_of(name), cell)


def _factors(formula: CompiledFormula, starts: Sequence[date], now: InForce) -> Iterator[Answer]:
    seen = set()
    for line in formula.lines:
        if line.key.factor not in seen:
            seen.add(line.key.factor)
            yield from factor_answers(line, formula)
        yield from line_answers(line, starts, now)


def _whole(
    document: SchoolsFormula, formula: CompiledFormula, now: InForce
) -> Iterator[tuple[str, str, str, Unit, Cell]]:
    tables = school_tables(document)

    def of(name: str, cell: Cell, write: Writer = document_value) -> Cell:
        """Return the cell of a value, or from what to what it goes where it differs from school to school."""
        table = tables.get(f"{FORMULA}.{name}")
        return cell if table is None else spread(table, now, write)

    level, phases = MINIMUM, ("primary", "key stage 3", "key stage 4")
    yield (
        "area_cost_adjustment",
        "",
        "multiplier",
        Unit.number,
        of(AREA, document_value(formula.area)),
    )
    counted = document.factors[document.pupils_counted_by].label
    yield "pupils", "", "counted by the factor", Unit.text, Cell(counted)
    raised = Cell("each school's own multiplier") if formula.fringe else NO_ANSWER
    yield "london_fringe", "", "multiplier", Unit.text, raised
    added = (
        Cell("pupils who joined after the count are added")
        if formula.reception_uplift
        else NO_ANSWER
    )
    yield "reception_uplift", "primary", "pupils", Unit.text, added
    days = Cell(str(formula.year_days)) if formula.year_days else NO_ANSWER
    yield "part_year", "", "days of a whole year", Unit.number, days
    levels = zip(LEVELS, phases, formula.level_givens or (None,) * 3, strict=False)
    for name, phase, given in levels:
        place = f"{MINIMUM}.{name}"
        if getattr(document.minimum_per_pupil, name, None) is None:
            place = f"{MINIMUM}.{LEVELS[-1]}"
        yield level, phase, "level", Unit.pounds, of(place, money(given), money)
    shared = of(f"{MINIMUM}.{NOTIONAL}", document_value(formula.minimum_percent))
    yield level, "", "notional percentage", Unit.percent, shared
    protection = {
        "guarantee": ("guarantee_percent", formula.guarantee),
        "cap": ("cap_percent", formula.cap),
        "scaling": ("scaling_percent", formula.scaling),
        "notional percentage": (NOTIONAL, formula.protection_percent),
    }
    for measure, (name, value) in protection.items():
        cell = of(f"{PROTECTION}.{name}", document_value(value))
        yield PROTECTION, "", measure, Unit.percent, cell
    thresholds = values_over_days([one.dated for one in formula.thresholds], money)
    first = of(THRESHOLD.removeprefix(f"{FORMULA}."), thresholds, money)
    yield "expected_calls", "", "threshold", Unit.pounds, first
