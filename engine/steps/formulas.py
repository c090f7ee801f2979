"""Steps as rows of a spreadsheet whose results are formulas over the rows above them.

A formula comes to what the steps come to, for any count in its cells: pence and millionths of a pupil are whole
numbers, and a result is rounded where its step rounds. What a rule's form says (months, the bounds of a share) is a
number within the formula; what a document values and what a school counts are cells.
"""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from engine.money import MILLION, PENCE, is_number
from engine.steps.quotients import Quotient
from engine.steps.rows import Operator, exact_text, of_row, operator_of, source_of
from engine.steps.step import PENNY, DocumentValue, Earlier, Of, Op, Own, Plain, Step, Unit, Value
from engine.steps.work import PartlyKnown, run

COLUMN = "D"
"""Where the numbers of a sheet are."""

DECIMALS = {Unit.pounds: 2, Unit.percent: 4}
"""Decimals that count in a cell of a document's value, at the least; six of others."""

COUNTS = frozenset({"units", "amount"})
"""The school's own numbers that may be changed in their cells: pupils or units, and an amount given in pounds."""


class NoFormula(TypeError):
    """Steps that no formula is written for, as something of them is not known or not a number."""


class SheetRow(NamedTuple):
    """A row of a sheet: its value, and the formula that comes to it where it has one.

    value     a number as it is stored: pounds, pupils, percent; or a text
    is_count  whether it is a figure of the school's own that may be changed
    """

    operator: Operator
    label: str
    value: Fraction | str | None
    unit: Unit
    formula: str | None = None
    is_count: bool = False
    source: str | None = None
    standing: str | None = None
    note: str | None = None


class StepFormula(NamedTuple):
    """A step with its row, where it has one, and its value and what is held after it in formulas."""

    step: Step
    row: SheetRow | None
    value: Quotient
    held: Quotient


class Formulas:
    """Writes the steps of one calculation into rows of a sheet, from a row on."""

    def __init__(
        self, row: int, own: PartlyKnown, live: Mapping[str, Quotient], titles: Mapping[str, str]
    ) -> None:
        """Keep where to write. ``live`` are the own numbers that follow from other cells: pence where they are pounds."""
        self.row, self.own, self.live, self.titles = row, own, live, titles
        self.named: dict[str, Quotient] = {}

    def write(self, steps: Sequence[Step]) -> Iterator[StepFormula]:
        """Yield each step with its row; raises ``NoFormula``."""
        held = Quotient(0)
        following = [*steps[1:], None]
        for (step, exact, done), follower in zip(run(steps, self.own), following, strict=True):
            value, row = Quotient(0), None
            if done is None or step.up or step.op is Op.whole_part:
                raise NoFormula(step.label)
            if step.op is Op.note:
                row = _note(step)
            elif step.value is not None:
                value, row = self._value(step, step.value, exact or Fraction(0))
                held = _joined(step.op, held, value)
            else:
                is_said = bool(step.name) or follower is None or follower.op is not Op.result
                held, row = self._result(step, held, done, is_said=is_said)
            if step.name:
                self.named[step.name] = held
            yield StepFormula(step, row, value, held)
            self.row += row is not None

    @property
    def cell(self) -> str:
        """Return the cell of the row that is written next."""
        return f"{COLUMN}{self.row}"

    def _result(
        self, step: Step, held: Quotient, done: Fraction, *, is_said: bool
    ) -> tuple[Quotient, SheetRow | None]:
        """Return what is held after a result, and its row."""
        money = PENCE if step.unit.is_money else 1
        shown = SheetRow(Operator.equals, step.label, done / money, step.unit)
        if step.nearest is None:
            if not is_said:
                return held, None
            return held.in_cell(self.cell, money), shown._replace(
                formula=_displayed(held, step.unit)
            )
        if step.nearest != PENNY:
            raise NoFormula(step.label)
        if not is_said:
            return Quotient(held.rounded), None
        return self._pence, shown._replace(formula=f"{held.rounded}/{PENCE}")

    @property
    def _pence(self) -> Quotient:
        return Quotient(f"ROUND({self.cell}*{PENCE},0)")

    def _value(self, step: Step, value: Value, exact: Fraction) -> tuple[Quotient, SheetRow]:
        """Return a step's value as ``held`` takes it, pence where it is money, and its row."""
        operator = operator_of(step.op)
        source, standing, note = source_of(value, self.titles)
        money = PENCE if value.unit.is_money and step.op is not Op.times else 1
        row = SheetRow(
            operator, f"{step.label}{of_row(value)}", exact / money, value.unit,
            source=source, standing=standing, note=note,
        )  # fmt: skip
        match value:
            case DocumentValue():
                # A document's pounds count pence whatever they are joined by.
                number = self._document(value)
                return number, row._replace(value=Fraction(value.dated.value))
            case Plain(text, unit, _):
                if not is_number(text):
                    raise NoFormula(step.label)
                return Quotient.of(exact), row._replace(
                    value=exact / (PENCE if unit.is_money else 1)
                )
            case Own(name, _, unit, _) if name in self.live:
                number = self.live[name]
                scale = PENCE if unit.is_money else 1
                return number.in_cell(self.cell, scale), row._replace(
                    formula=_displayed(number, unit)
                )
            case Own():
                return self._own(value, exact, row)
            case Earlier(name, unit):
                number = self.named[name]
                by_pounds = unit is Unit.pounds and step.op is Op.times
                return (
                    number.per(Quotient(PENCE)) if by_pounds else number,
                    row._replace(formula=_displayed(number, unit)),
                )

    def _document(self, value: DocumentValue) -> Quotient:
        text = value.dated.value
        if not is_number(text):
            raise NoFormula(value.path)
        decimals = max(len(text.partition(".")[2]), DECIMALS.get(value.unit, 6))
        top, bottom = f"ROUND({self.cell}*{10**decimals},0)", 10**decimals
        return Quotient(top, bottom // PENCE if value.unit is Unit.pounds else bottom)

    def _own(self, value: Own, exact: Fraction, row: SheetRow) -> tuple[Quotient, SheetRow]:
        """Return a number of the school's own: its cell where it may be changed, else the number itself."""
        found = self.own[value.name]
        if isinstance(found, Of):
            return Quotient.of(exact), row._replace(value=str(found), unit=Unit.text)
        if value.name not in COUNTS:
            return Quotient.of(exact), row
        counted = row._replace(is_count=True)
        if value.unit is Unit.pounds:
            return self._pence, counted
        return Quotient(f"ROUND({self.cell}*{MILLION},0)", MILLION), counted


def _note(step: Step) -> SheetRow:
    text = step.value.text if isinstance(step.value, Plain) else None
    return SheetRow(Operator.decides, step.label, text, Unit.text)


def _displayed(number: Quotient, unit: Unit) -> str:
    """Return the formula of a number as a cell shows it: pounds where it is money."""
    return number.per(Quotient(PENCE)).text if unit.is_money else number.text


def _joined(op: Op, held: Quotient, value: Quotient) -> Quotient:  # noqa: C901 - one branch an operation
    """Return what is held after a step with a value, as ``combine`` does."""
    hundred = Quotient(100)
    match op:
        case Op.start:
            return value
        case Op.plus:
            return held.plus(value)
        case Op.minus:
            return held.plus(value, -1)
        case Op.times:
            return held.times(value)
        case Op.per:
            return held.per(value)
        case Op.percent_of:
            return held.times(value).per(hundred)
        case Op.add_percent:
            return held.times(hundred.plus(value)).per(hundred)
        case Op.at_least:
            return held.bounded(value, "MAX")
        case Op.at_most:
            return held.bounded(value, "MIN")
        case Op.one_from:
            return held.one_where(value, ">=")
        case Op.one_to:
            return held.one_where(value, "<=")
        case _:
            raise NoFormula(op.value)


def text_of(row: SheetRow) -> str | None:
    """Return a row's value as text, with every decimal."""
    return exact_text(row.value) if isinstance(row.value, Fraction) else row.value
