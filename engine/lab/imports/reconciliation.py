"""An imported formula compared with the totals printed beside it, and a note where they differ."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from engine.lab.imports.proforma import Proforma, ProformaLine, ProformaRules
from engine.lab.imports.proforma_document import percent_of as percent_of_share
from engine.lab.imports.proforma_lines import (
    TWO_PHASES,
    FactorLines,
    factor_lines,
    fringe_uplift,
    is_raised,
    line_money,
    mean_multiplier,
)
from engine.modules.school_formula.outcome import NotionalOutcome
from engine.money import HUNDREDTHS, MILLION, PENCE, half_away, number, percent_of, pounds, scaled


class Verdict(StrEnum):
    """The differences between an authority's lines and its printed totals."""

    holds = "holds"
    """equal within what the printed digits hold"""
    not_split = "not_split"
    """an amount is printed for both phases together, whose shares differ"""
    fringe = "fringe"
    """more is printed than the lines give, and a fringe uplift has no line of its own"""
    left_out = "left_out"
    """less is printed than the lines give, by the whole of one factor"""
    differs = "differs"
    """they differ, and the table does not say why"""
    not_printed = "not_printed"
    """the table of totals does not name the authority"""


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """An authority's verdict: sums of its lines and printed totals in pence, and a sentence."""

    code: int
    name: str
    verdict: Verdict
    formula: int
    formula_printed: int | None
    notional: int
    notional_printed: int | None
    sentence: str


@dataclass(frozen=True, slots=True)
class _Unsplit:
    """An amount that is not divided by phase, pence."""

    paid: FactorLines
    amount: int

    @property
    def range(self) -> tuple[int, int]:
        """Return the least and the most of it that can be notional, pence."""
        parts = [_of(self.amount, share) for share in self.paid.shares]
        return min(parts), max(parts)


@dataclass(frozen=True, slots=True)
class _Fringe:
    """A fringe uplift, pence: as printed, as valued, and what of that is notional."""

    printed: int
    valued: int
    notional: int


def reconcile(proforma: Proforma, rules: ProformaRules, outcome: NotionalOutcome) -> Reconciliation:
    """Return an authority's valued records beside its printed totals; differences stay.

    Printed totals leave protection out, so the lines alone are compared, with the fringe
    uplift in the formula. Its notional part has no line, so the lines are without it.
    """
    unsplit = [
        _Unsplit(paid, half_away(*paid.money.as_integer_ratio()))
        for paid in factor_lines(proforma, rules)
        if not paid.is_divided and paid.together
    ]
    names = {one.paid.name for one in unsplit}
    divided = [at for at, line in enumerate(outcome.lines) if line.key.factor not in names]
    fringe = _fringe(proforma, rules, outcome, unsplit)
    formula = int(outcome.amount[:, divided].sum()) + sum(one.amount for one in unsplit)
    formula += fringe.valued
    notional = int(outcome.notional[:, divided].sum())
    printed = [proforma.total(rules.totals[name]) for name in ("formula", "notional")]
    pence = [None if one is None else scaled(one, PENCE) for one in printed]
    if pence[0] is None or pence[1] is None:
        sentence = "No totals are printed for this authority."
        verdict = Verdict.not_printed
    else:
        rests = (pence[0] - formula, pence[1] - notional)
        bounds = _bounds(proforma, rules)
        verdict, sentence = _judged(outcome, unsplit, fringe, rests, bounds)
    return Reconciliation(
        proforma.code, proforma.name, verdict, formula, pence[0], notional, pence[1], sentence
    )


def _fringe(
    proforma: Proforma, rules: ProformaRules, outcome: NotionalOutcome, unsplit: Sequence[_Unsplit]
) -> _Fringe:
    """Return the fringe uplift; what is not divided by phase is not supplied, and raised too."""
    printed = scaled(fringe_uplift(proforma) or Decimal(0), PENCE)
    multiplier = mean_multiplier(proforma, rules)
    if multiplier is None:
        return _Fringe(printed, printed, 0)
    beside = sum(one.amount for one in unsplit if is_raised(one.paid, rules))
    valued = int(outcome.fringe.sum()) + half_away(beside * (multiplier - MILLION), MILLION)
    return _Fringe(printed, valued, int(outcome.fringe_notional.sum()))


def _judged(
    outcome: NotionalOutcome,
    unsplit: Sequence[_Unsplit],
    fringe: _Fringe,
    rests: tuple[int, int],
    bounds: tuple[int, int],
) -> tuple[Verdict, str]:
    (rest_formula, rest), (bound_formula, bound) = rests, bounds
    if abs(rest_formula) > bound_formula:
        return Verdict.differs, (
            f"The printed formula total differs from its lines by {pounds(rest_formula)} pounds."
        )
    if unsplit:
        return Verdict.not_split, _not_split(unsplit, rest, fringe.printed)
    if abs(rest) <= bound:
        return Verdict.holds, "Its lines reproduce both totals within what the printed digits hold."
    if fringe.printed and 0 < rest <= fringe.printed:
        return Verdict.fringe, (
            f"{pounds(rest)} pounds more notional SEN are printed than the lines give: "
            f"{percent_of(rest, fringe.printed)}% of the fringe uplift, whose notional part has no "
            f"line. At the mean multiplier of its schools it is {pounds(fringe.notional)} pounds."
        )
    if named := _left_out(outcome, -rest, bound):
        return Verdict.left_out, (
            f"{pounds(-rest)} pounds less notional SEN are printed than the lines give: as much as "
            f"{named}, which the table gives a share and the printed total leaves out."
        )
    return (
        Verdict.differs,
        f"The printed notional SEN differs from its lines by {pounds(rest)} pounds.",
    )


def _left_out(outcome: NotionalOutcome, gap: int, bound: int) -> str | None:
    """Return the factor whose whole notional part is the gap, or None."""
    parts: dict[str, int] = {}
    for at, line in enumerate(outcome.lines):
        label = line.factor.label
        parts[label] = parts.get(label, 0) + int(outcome.notional[:, at].sum())
    return next((label for label, part in parts.items() if part and abs(part - gap) <= bound), None)


def _not_split(unsplit: Sequence[_Unsplit], rest: int, uplift: int) -> str:
    labels = " and ".join(one.paid.label for one in unsplit)
    low, high = (sum(one.range[at] for one in unsplit) for at in range(2))
    said = (
        f"{labels}: printed for both phases together, with different notional shares, so that "
        f"{pounds(low)} to {pounds(high)} pounds of it are notional; the printed total leaves "
        f"{pounds(rest)} for it"
    )
    if uplift:
        least, most = (percent_of(max(rest - one, 0), uplift) for one in (high, low))
        return (
            f"{said}. {least}% to {most}% of the fringe uplift may be in that, as its notional part has "
            "no line."
        )
    if len(unsplit) == 1 and (schools := _schools(unsplit[0], rest)):
        return f"{said}, which would be {schools}."
    return f"{said}."


def _schools(one: _Unsplit, rest: int) -> str | None:
    """Return how many lump sums of each phase would give the printed total."""
    if set(one.paid.lines) != set(TWO_PHASES):
        return None
    (first, line), (last, other) = one.paid.lines.items()
    if not (line.unit_value and other.unit_value):
        return None
    shares = [Fraction(each.share or 0) for each in (line, other)]
    part = (Fraction(rest) - one.amount * shares[1]) / (shares[0] - shares[1])
    counts = [
        half_away(
            *(money * HUNDREDTHS / (Fraction(each.unit_value or 1) * PENCE)).as_integer_ratio()
        )
        for money, each in ((part, line), (one.amount - part, other))
    ]
    said = [number(count, HUNDREDTHS) for count in counts]
    return f"{said[0]} {first} and {said[1]} {last} schools"


def _bounds(proforma: Proforma, rules: ProformaRules) -> tuple[int, int]:
    """Return how far lines and totals may lie apart because of their digits, pence."""
    formula = notional = raised = Fraction(0)
    for paid in factor_lines(proforma, rules):
        raised += paid.money if is_raised(paid, rules) else 0
        for share, money, slack in _parts(paid, rules.digits):
            # A line is rounded to the penny, in each record of a large authority.
            formula, notional = formula + 1, notional + 1
            formula += slack
            # A document holds a share to the millionth.
            open_by = _half(share, rules.digits) + abs(
                Fraction(percent_of_share(share)) / 100 - Fraction(share)
            )
            notional += slack * Fraction(share) + money * open_by
    if (uplift := fringe_uplift(proforma)) is not None:
        # A record holds the mean multiplier to the millionth.
        formula += _half(uplift, rules.digits) * PENCE + raised / (2 * MILLION)
    printed = [proforma.total(rules.totals[name]) or Decimal(0) for name in ("formula", "notional")]
    ends = [_half(one, rules.digits) * PENCE for one in printed]
    return int(formula + ends[0]) + 1, int(notional + ends[1]) + 1


def _parts(paid: FactorLines, digits: int) -> Iterator[tuple[Decimal, Fraction, Fraction]]:
    """Yield each share with its money, and how far the digits leave that open, pence."""
    if paid.together is not None:
        yield max(paid.shares), paid.money, _half(paid.together, digits) * PENCE
        return
    for line in paid.lines.values():
        yield line.share or Decimal(0), line_money(line), _slack(line, digits)


def _slack(line: ProformaLine, digits: int) -> Fraction:
    """Return how far the digits of a line leave its money open, pence."""
    if line.units is not None and line.unit_value is not None:
        units, value = Fraction(line.units), Fraction(line.unit_value)
        open_by = units * _half(line.unit_value, digits) + value * _half(line.units, digits)
        return open_by * PENCE
    return _half(line.subtotal or Decimal(0), digits) * PENCE


def _half(value: Decimal, digits: int) -> Fraction:
    """Return half of the last digit that a figure of so many significant digits shows."""
    return Fraction(10) ** (value.adjusted() - digits + 1) / 2 if value else Fraction(0)


def _of(pence: int, share: Decimal) -> int:
    return half_away(*(pence * Fraction(share)).as_integer_ratio())
