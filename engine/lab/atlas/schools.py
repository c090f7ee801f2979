"""The results of a method for chosen schools: the notional share of the formula, and £ a pupil."""

from collections.abc import Iterator
from typing import NamedTuple

from engine.lab.atlas.entries import Answered, Cell, Entry, Part, Unit
from engine.lab.atlas.factors import NO_PERCENTAGE, factor_rank
from engine.modules.school_formula.outcome import NotionalOutcome
from engine.money import MILLION, half_away, number, percent_of, pounds
from engine.vocabulary import marked

TOTAL = "total"
_LIFTS = ("minimum_per_pupil", "protection")


class _Sums:
    """The schools' sums that shares and amounts a pupil are taken of."""

    def __init__(self, outcome: NotionalOutcome) -> None:
        """Add up all schools."""
        formula = outcome.rules.formula
        known = bool(((outcome.pupils > 0) | (outcome.formula_total == 0)).all())
        self.pupils = int(outcome.pupils.sum()) if known else 0
        self.formula = int(outcome.formula_total.sum())
        self.absent = int(outcome.absent_total.sum())
        self.is_notional = formula is not None and formula.is_notional

    def cells(
        self, notional: int, absent: int, *, named: bool = True
    ) -> tuple[tuple[str, Unit, Cell], ...]:
        """Return a part of notional SEN as pounds, as a share of the formula, and a pupil.

        ``named`` is whether the rules name a percentage for the part.
        """
        if not (self.is_notional and named):
            cells = [NO_PERCENTAGE] * 3
        elif absent:
            cells = [_wanting(absent)] * 3
        else:
            share = percent_of(notional, self.formula)
            whole = Cell(share) if share is not None else Cell(None, "there is no formula funding")
            cells = [
                Cell(pounds(notional)),
                _wanting(self.absent) if self.absent else whole,
                self.each(notional),
            ]
        measures = (
            ("notional SEN", Unit.pounds),
            ("notional SEN in percent of the formula", Unit.percent),
            ("notional SEN a pupil", Unit.pounds),
        )
        return tuple((*one, cell) for one, cell in zip(measures, cells, strict=True))

    def each(self, pence: int) -> Cell:
        """Return pounds a pupil, to the penny."""
        if not self.pupils:
            return Cell(None, "pupils are not known")
        return Cell(pounds(half_away(pence * MILLION, self.pupils)))


def school_answers(outcome: NotionalOutcome) -> Iterator[Answered]:
    """Yield the results of a method for schools: by factor, then in total."""
    sums = _Sums(outcome)
    for name, one in _factors(outcome).items():
        rank = (1, 0, name) if name in _LIFTS else (0, *factor_rank(name))
        cells = sums.cells(one.notional, one.absent, named=one.named)
        for at, (measure, unit, cell) in enumerate(cells):
            entry = Entry(Part.schools, name, "", measure, unit)
            yield Answered(entry, (*rank, at), one.label, _standing(outcome, unit, cell))
    for at, (measure, unit, cell) in enumerate(_totals(outcome, sums)):
        entry = Entry(Part.schools, TOTAL, "", measure, unit)
        yield Answered(entry, (2, 0, TOTAL, at), "All factors", _standing(outcome, unit, cell))


def _standing(outcome: NotionalOutcome, unit: Unit, cell: Cell) -> Cell:
    """Return a result with the standing of its rule set, which is that of its least sure value."""
    if cell.value is None or unit is Unit.number:
        return cell
    return cell._replace(standing=marked(outcome.rules.document.standing))


class _Factor(NamedTuple):
    """A factor's notional SEN over all schools, pence; parts not known; whether it has a percentage."""

    label: str
    notional: int
    absent: int
    named: bool


def _factors(outcome: NotionalOutcome) -> dict[str, _Factor]:
    parts: dict[str, _Factor] = {}
    for at, line in enumerate(outcome.lines):
        label, notional, absent, named = parts.get(
            line.key.factor, _Factor(line.factor.label, 0, 0, named=False)
        )
        notional += int(outcome.notional[:, at].sum())
        absent += int(outcome.absent[:, at].sum())
        parts[line.key.factor] = _Factor(
            label, notional, absent, named or line.notional_percent is not None
        )
    lifts = (
        ("Minimum per-pupil level", outcome.uplift_notional),
        ("Minimum funding guarantee, cap and scaling", outcome.protection_notional),
    )
    for name, (label, pence) in zip(_LIFTS, lifts, strict=True):
        if pence.any():
            parts[name] = _Factor(label, int(pence.sum()), 0, named=True)
    return parts


def _totals(outcome: NotionalOutcome, sums: _Sums) -> Iterator[tuple[str, Unit, Cell]]:
    yield "schools", Unit.number, Cell(str(len(outcome.schools)))
    yield (
        "pupils",
        Unit.number,
        (Cell(number(sums.pupils)) if sums.pupils else Cell(None, "pupils are not known")),
    )
    wanting = _wanting(sums.absent) if sums.absent else None
    yield "formula", Unit.pounds, wanting or Cell(pounds(sums.formula))
    yield "formula a pupil", Unit.pounds, wanting or sums.each(sums.formula)
    yield from sums.cells(int(outcome.notional_total.sum()), sums.absent)
    yield "parts not known", Unit.number, Cell(str(sums.absent))


def _wanting(absent: int) -> Cell:
    return Cell(None, f"not known: {absent} part{'s are' if absent > 1 else ' is'} wanting")
