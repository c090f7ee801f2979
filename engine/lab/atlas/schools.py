"""The results of a method for chosen schools: the notional share of the formula, and £ a pupil."""

from collections.abc import Iterator
from itertools import chain
from typing import NamedTuple

from engine.lab.atlas.entries import Answer, Part, answers
from engine.lab.atlas.formula import NO_PERCENTAGE
from engine.modules.school_formula.outcome import NotionalOutcome
from engine.modules.school_formula.parts import FRINGE, adjustments, formula_of, pupils_known
from engine.money import MILLION, half_away, number, percent_of, pounds
from engine.rules.compile_school_tables import NOTIONAL
from engine.rules.formula import factor_place
from engine.rules.measures import Cell, Measured, Rank, Unit
from engine.vocabulary import marked

TOTAL = "total"


class _Sums:
    """The schools' sums that shares and amounts a pupil are taken of."""

    def __init__(self, outcome: NotionalOutcome) -> None:
        """Add up all schools."""
        formula = outcome.rules.formula
        known = bool((pupils_known(outcome) | (outcome.formula_total == 0)).all())
        self.pupils = int(outcome.pupils.sum()) if known else 0
        self.formula = int(outcome.formula_total.sum())
        self.absent = int(outcome.absent_total.sum())
        self.is_notional = formula is not None and formula.is_notional

    def cells(self, part: "_Part") -> list[Measured]:
        """Return a part of notional SEN as pounds, as a share of the formula, and a pupil."""
        notional = part.notional
        if not (self.is_notional and part.has_percent):
            cells = [NO_PERCENTAGE] * 3
        elif part.absent:
            cells = [_wanting(part.absent)] * 3
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
        return [(*one, cell) for one, cell in zip(measures, cells, strict=True)]

    def each(self, pence: int) -> Cell:
        """Return pounds a pupil, to the penny."""
        if not self.pupils:
            return Cell(None, "pupils are not known")
        return Cell(pounds(half_away(pence * MILLION, self.pupils)))


def school_answers(outcome: NotionalOutcome) -> Iterator[Answer]:
    """Yield the results of a method for schools: by factor, then in total."""
    sums = _Sums(outcome)
    parts = [
        answers(Part.schools, one.name, one.label, sums.cells(one), rank=one.rank)
        for one in (*_factors(outcome).values(), *_adjustments(outcome))
    ]
    totals = answers(Part.schools, TOTAL, "All factors", _totals(outcome, sums), rank=(2, 0, TOTAL))
    for one in chain(*parts, totals):
        yield one._replace(cell=_with_standing(outcome, one.entry.unit, one.cell))


def _with_standing(outcome: NotionalOutcome, unit: Unit, cell: Cell) -> Cell:
    """Return a result with the standing of its rule set, which is that of its least sure value."""
    if cell.value is None or unit is Unit.number:
        return cell
    return cell._replace(standing=marked(outcome.rules.document.standing))


class _Part(NamedTuple):
    """A part's notional SEN over all schools, pence; parts not known; whether it has a percentage."""

    name: str
    label: str
    rank: Rank
    notional: int = 0
    absent: int = 0
    has_percent: bool = False


def _factors(outcome: NotionalOutcome) -> dict[str, _Part]:
    parts: dict[str, _Part] = {}
    own = [one.outcome for one in outcome.groups] or [outcome]
    for at, line in enumerate(outcome.lines):
        factor = line.key.factor
        part = parts.get(factor, _Part(factor, line.factor.label, (0, *factor_place(factor))))
        parts[factor] = part._replace(
            notional=part.notional + int(outcome.notional[:, at].sum()),
            absent=part.absent + int(outcome.absent[:, at].sum()),
            has_percent=part.has_percent or any(one.lines[at].share is not None for one in own),
        )
    return parts


def _adjustments(outcome: NotionalOutcome) -> list[_Part]:
    """Return what adjusts the whole formula, where any of it is notional SEN or not known."""
    shared = formula_of(outcome).values
    return [
        _Part(one.name, one.label, (1, 0, one.name), notional, absent, has_percent=True)
        for one in adjustments(outcome)
        for notional, absent in [(int(one.notional.sum()), int(one.absent.sum()))]
        if one.notional.any()
        or (absent and (f"{one.name}.{NOTIONAL}" in shared or one.name == FRINGE))
    ]


def _totals(outcome: NotionalOutcome, sums: _Sums) -> Iterator[Measured]:
    yield "schools", Unit.number, Cell(str(len(outcome.schools)))
    yield (
        "pupils",
        Unit.number,
        (Cell(number(sums.pupils)) if sums.pupils else Cell(None, "pupils are not known")),
    )
    wanting = _wanting(sums.absent) if sums.absent else None
    yield "formula", Unit.pounds, wanting or Cell(pounds(sums.formula))
    yield "formula a pupil", Unit.pounds, wanting or sums.each(sums.formula)
    notional = int(outcome.notional_total.sum())
    yield from sums.cells(_Part(TOTAL, "", (), notional, sums.absent, has_percent=True))
    yield "parts not known", Unit.number, Cell(str(sums.absent))


def _wanting(absent: int) -> Cell:
    return Cell(None, f"not known: {absent} part{'s are' if absent > 1 else ' is'} wanting")
