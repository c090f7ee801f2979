"""A school's working as a sheet with formulas: change a count, and every figure that follows from it follows.

The formulas are those of the same steps that the working prints. What no formula is written for, as a value of it is
not printed or it is not known, keeps the amount that was worked out, and says so.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import NamedTuple

from engine.kernels.notional import GIVEN_UNITS, NOT_KNOWN
from engine.modules.explanation import Explanation, Working, titles_of
from engine.modules.school_formula import parts as school_parts
from engine.modules.school_formula.guarantee import gains_of
from engine.modules.school_formula.outcome import NotionalOutcome
from engine.modules.school_formula.prior_amounts import THIS
from engine.modules.school_formula.sheet_parts import FIXED, SheetPart, as_printed, fixed_rows
from engine.modules.school_formula.steps import ADJUSTMENTS, line_steps
from engine.modules.school_formula.working import explain_school
from engine.modules.school_formula.year_formulas import units_of, whole_year
from engine.money import MILLION, PENCE
from engine.rules.adjustment_steps import BASE, CURRENT, HEADROOM, RAISED
from engine.rules.compile_school_tables import MINIMUM, PROTECTION
from engine.rules.line_steps import PUPILS, notional_steps
from engine.steps import Operator, Own, OwnNumbers, Steps, Unit
from engine.steps.formulas import COLUMN, Formulas, NoFormula, SheetRow, StepFormula
from engine.steps.quotients import Quotient

NOTHING = Quotient(0)
PERCENTAGE = "Notional SEN percentage"
"""The label of the step with which the notional part of an amount begins."""


@dataclass(slots=True)
class _Amounts:
    """What the lines of a school come to, in formulas: pence.

    exact    of a whole year and not rounded, by which schools are compared; None where no formula says it
    rounded  of a whole year, to the penny
    """

    amount: Quotient
    notional: Quotient
    exact: Quotient | None = None
    rounded: Quotient | None = None


@dataclass(slots=True)
class _Sheet:
    """A sheet that is being written."""

    outcome: NotionalOutcome
    school: int
    explanation: Explanation
    row: int
    parts: list[SheetPart] = field(default_factory=list)
    lines: dict[int, _Amounts] = field(default_factory=dict)
    adjusted: list[_Amounts] = field(default_factory=list)
    counts: dict[int, Quotient] = field(default_factory=dict)
    live: dict[str, Quotient] = field(default_factory=dict)

    def add(self, label: str, rows: Iterable[SheetRow]) -> SheetPart:
        """Add a part after those there are."""
        part = SheetPart(label, self.row, tuple(rows))
        self.parts.append(part)
        self.row += len(part.rows)
        return part

    def step_formulas(
        self, steps: Steps, own: OwnNumbers, live: Mapping[str, Quotient], at: int
    ) -> list[StepFormula]:
        """Return steps as rows, ``at`` rows below the rows there are; raises ``NoFormula``."""
        writer = Formulas(self.row + at, own, live, titles_of(self.outcome.rules))
        return [*writer.write(steps)]

    def with_notional(
        self,
        parts: tuple[Steps, Steps],
        own: OwnNumbers,
        live: Mapping[str, Quotient],
        working: Working,
    ) -> "_AmountRows":
        """Return an amount and its notional part, which keeps what is printed where its percentage is not."""
        amount, notional = parts
        try:
            written = self.step_formulas((*amount, *notional), own, live, 0)
        except NoFormula:
            written = self.step_formulas(amount, own, live, 0)
            rows = [*_rows(written), *_unprinted(working)]
            return _AmountRows(written, rows, written[-1].held, NOTHING)
        part = written[-1].held if notional else NOTHING
        return _AmountRows(written, _rows(written), written[len(amount) - 1].held, part)

    def fixed(self, working: Working, pence: tuple[int, int]) -> _Amounts:
        """Add the amounts of a part that no formula is written for, and return them."""
        self.add(working.label, fixed_rows(working.rows))
        none = None if pence[0] else NOTHING
        return _Amounts(Quotient(pence[0]), Quotient(pence[1]), none, none)


class _AmountRows(NamedTuple):
    """The steps of an amount and of its notional part as they are written, and what both come to, pence."""

    steps: list[StepFormula]
    rows: list[SheetRow]
    amount: Quotient
    notional: Quotient


def _rows(steps: Iterable[StepFormula]) -> list[SheetRow]:
    return [one.row for one in steps if one.row is not None]


def _unprinted(working: Working) -> list[SheetRow]:
    """Return the rows of a notional part of which no percentage is printed: they keep, and say so."""
    labels = [row.label for row in working.rows]
    begin = labels.index(PERCENTAGE) if PERCENTAGE in labels else len(labels)
    rows = [as_printed(row) for row in working.rows[begin:]]
    last = [row if row.value is None else row._replace(note=FIXED) for row in rows[-1:]]
    return [*rows[:-1], *last]


def school_sheet(outcome: NotionalOutcome, urn: int, first: int) -> tuple[SheetPart, ...]:
    """Return the parts of a school's working, from row ``first`` on; the sums are the last part.

    ``KeyError`` where the school is not in the table.
    """
    explanation = explain_school(outcome, urn)
    found = int((outcome.schools.urn == urn).argmax())
    outcome, school = outcome.of(found)
    sheet = _Sheet(outcome, school, explanation, first)
    workings = {one.name: one for one in explanation.workings}
    formula = school_parts.formula_of(outcome)
    order = school_parts.lines_of(outcome, school)
    counting = [at for at in order if outcome.lines[at].name in formula.pupil_lines]
    for at in counting:
        _line(sheet, at, workings[outcome.lines[at].name])
    _pupils(sheet, counting)
    for at in order:
        if at not in counting:
            _line(sheet, at, workings[outcome.lines[at].name])
    for one in school_parts.adjustments(outcome):
        if one.name in workings:
            _adjustment(sheet, one, workings[one.name])
    _totals(sheet)
    return tuple(sheet.parts)


def _line(sheet: _Sheet, at: int, working: Working) -> None:
    outcome, school = sheet.outcome, sheet.school
    line, paid = outcome.lines[at], outcome.amount[school, at]
    pence = int(paid), int(outcome.notional[school, at])
    if outcome.form[school, at] == NOT_KNOWN:
        sheet.lines[at] = sheet.fixed(working, pence)
        return
    amount, notional, own = line_steps(outcome, school, at)
    try:
        written = sheet.with_notional((amount, notional), own, sheet.live, working)
    except NoFormula:
        sheet.lines[at] = sheet.fixed(working, pence)
        return
    year = whole_year(outcome, school, at, written.steps, written.amount)
    sheet.lines[at] = _Amounts(written.amount, written.notional, *year)
    if outcome.form[school, at] == GIVEN_UNITS:
        sheet.counts[at] = units_of(written.steps)
    sheet.add(line.label, written.rows)


def _pupils(sheet: _Sheet, counting: Iterable[int]) -> None:
    """Add the row of the pupils of the school, where the lines that count them are given as numbers."""
    counts = [sheet.counts[at] for at in counting if at in sheet.counts]
    pupils = int(sheet.outcome.pupils[sheet.school])
    if not counts or not pupils:
        return
    tops = Quotient.sum_of(counts)
    row = SheetRow(
        Operator.equals, "Pupils of the school", Fraction(pupils, MILLION), Unit.pupils, tops.text
    )
    sheet.add("Pupils", [row])
    cell = f"{COLUMN}{sheet.parts[-1].row}"
    sheet.live[PUPILS] = Quotient(f"ROUND({cell}*{MILLION},0)", MILLION)


def _adjustment(sheet: _Sheet, one: school_parts.Adjustment, working: Working) -> None:
    school = sheet.school
    try:
        sheet.adjusted.append(_ADJUSTED[one.name](sheet, one, working))
    except NoFormula:
        pence = int(one.amount[school]), int(one.notional[school])
        sheet.adjusted.append(sheet.fixed(working, pence))


def _refuse_unknown(sheet: _Sheet, one: school_parts.Adjustment) -> None:
    """Raise ``NoFormula`` for an adjustment that is not known."""
    if one.absent[sheet.school]:
        raise NoFormula(one.name)


def _fringe(sheet: _Sheet, one: school_parts.Adjustment, _: Working) -> _Amounts:
    """Add what a London fringe multiplier adds: to the formula, and to notional SEN."""
    _refuse_unknown(sheet, one)
    outcome, school = sheet.outcome, sheet.school
    raised = [held for at, held in sheet.lines.items() if outcome.lines[at].factor.in_fringe]
    sums = (
        Quotient.sum_of(held.amount for held in raised),
        Quotient.sum_of(held.notional for held in raised),
    )
    rows: list[SheetRow] = []
    ends = []
    for (steps, own), held in zip(ADJUSTMENTS[one.name](outcome, school), sums, strict=True):
        worked = sheet.step_formulas(steps, own, {RAISED: held}, len(rows))
        rows += [step.row for step in worked if step.row is not None]
        ends.append(worked[-1].held)
    above = Quotient.of(ADJUSTMENTS[one.name](outcome, school)[0][1]["london_fringe"])  # type: ignore[arg-type]
    sheet.add(one.label, rows)
    return _Amounts(
        ends[0], ends[1],
        _times(above, [held.rounded for held in raised]),
        _times(above, [
            held.rounded for at, held in sheet.lines.items()
            if outcome.lines[at].factor.in_fringe and outcome.lines[at].factor.in_minimum_base
        ]),
    )  # fmt: skip


def _times(above: Quotient, amounts: Sequence[Quotient | None]) -> Quotient | None:
    """Return what a multiplier adds to amounts of a whole year, None where one is not in a formula."""
    known = [one for one in amounts if one is not None]
    return None if len(known) < len(amounts) else Quotient.sum_of(known).times(above)


def _minimum(sheet: _Sheet, one: school_parts.Adjustment, working: Working) -> _Amounts:
    _refuse_unknown(sheet, one)
    if PUPILS not in sheet.live:
        raise NoFormula(one.name)
    base = _compared(sheet, in_base=True)
    [(steps, own)] = ADJUSTMENTS[one.name](sheet.outcome, sheet.school)
    parts = steps, notional_steps(one.percent)
    written = sheet.with_notional(parts, own, sheet.live | {BASE: base}, working)
    minus = next(
        done
        for done in written.steps
        if isinstance(done.step.value, Own) and done.step.value.name == BASE
    )
    lifted = written.steps[written.steps.index(minus) + 1].held
    sheet.live[HEADROOM] = Quotient(0).plus(minus.held, -1).bounded(NOTHING, "MAX")
    sheet.live[CURRENT] = lifted
    return _added(sheet, one, written)


def _protection(sheet: _Sheet, one: school_parts.Adjustment, working: Working) -> _Amounts:
    outcome, school = sheet.outcome, sheet.school
    formula, compared = school_parts.formula_of(outcome), outcome.compare
    _refuse_unknown(sheet, one)
    parts = ADJUSTMENTS[one.name](outcome, school)
    if not parts or compared is None:
        raise NoFormula(one.name)
    [(steps, own)] = parts
    live = dict(sheet.live)
    if not compared.first_year[school]:
        if PUPILS not in live or not gains_of(formula).are_printed:
            raise NoFormula(one.name)
        has_level = formula.levels is not None
        if has_level and HEADROOM not in live:
            raise NoFormula(one.name)
        lifted = live.pop(CURRENT, NOTHING)
        live[CURRENT] = _compared(sheet, in_base=False).plus(lifted)
        if not has_level:
            live[HEADROOM] = _compared(sheet, in_base=True)
        live |= _removed(sheet)
    written = sheet.with_notional((steps, notional_steps(one.percent)), own, live, working)
    return _added(sheet, one, written)


def _added(sheet: _Sheet, one: school_parts.Adjustment, written: _AmountRows) -> _Amounts:
    """Add the rows of an adjustment, and return what it and its notional part come to."""
    sheet.add(one.label, written.rows)
    return _Amounts(written.amount, written.notional)


def _compared(sheet: _Sheet, *, in_base: bool) -> Quotient:
    """Return what a school is compared by, pence of a whole year and not rounded: under the level, or with last year."""
    found = []
    for at, held in sheet.lines.items():
        factor = sheet.outcome.lines[at].factor
        if factor.in_minimum_base if in_base else factor.in_guarantee:
            found.append(held.exact)
    if school_parts.formula_of(sheet.outcome).fringe and sheet.adjusted:
        # The fringe comes first among the adjustments: what it adds, and what of that is under the level.
        fringe = sheet.adjusted[0]
        found.append(fringe.rounded if in_base else fringe.exact)
    known = [one for one in found if one is not None]
    if len(known) < len(found):
        raise NoFormula("amounts of a whole year")
    return Quotient.sum_of(known)


def _removed(sheet: _Sheet) -> dict[str, Quotient]:
    """Return this year's amounts that are taken off last year's budget, by the names of the steps' numbers."""
    outcome, compared = sheet.outcome, sheet.outcome.compare
    if compared is None:
        return {}
    found = {}
    for name, label in compared.labels(sheet.school).items():
        if not label.endswith(f", {THIS}"):
            continue
        same = [
            held.exact
            for at, held in sheet.lines.items()
            if f"{outcome.lines[at].label}, {THIS}" == label
        ]
        if len(same) != 1 or same[0] is None:
            raise NoFormula(label)
        found[name] = same[0]
    return found


def _totals(sheet: _Sheet) -> None:
    """Add the sums: of the formula, and of notional SEN where any part of the rules is."""
    every = [*sheet.lines.values(), *sheet.adjusted]
    sums = (
        Quotient.sum_of(one.amount for one in every),
        Quotient.sum_of(one.notional for one in every),
    )
    rows = []
    for row, held in zip(sheet.explanation.totals, sums, strict=False):
        formula = None if row.value is None else held.per(Quotient(PENCE)).text
        rows.append(as_printed(row)._replace(formula=formula))
    sheet.add("Total", rows)


_ADJUSTED = {
    school_parts.FRINGE: _fringe,
    MINIMUM: _minimum,
    PROTECTION: _protection,
}
"""How each adjustment is written."""
