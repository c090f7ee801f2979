"""An imported formula held to the totals printed beside it, and what is said where they differ."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from engine.imports.proforma import TOGETHER, Proforma, ProformaLine
from engine.imports.proforma_document import percent_of as percent_of_share
from engine.imports.proforma_document import used_lines
from engine.imports.proforma_rules import ProformaRules
from engine.money import HUNDREDTHS, PENCE, half_away, number, percent_of, pounds, scaled
from engine.outcome import NotionalOutcome


class Verdict(StrEnum):
    """How an authority's lines stand to its printed totals."""

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
    """An amount that is not split by phase: pence, and the share and unit value of each phase."""

    label: str
    amount: int
    lines: dict[str, ProformaLine]

    @property
    def range(self) -> tuple[int, int]:
        """Return the least and the most of it that can be notional, pence."""
        parts = [_of(self.amount, line.share or Decimal(0)) for line in self.lines.values()]
        return min(parts), max(parts)


def reconcile(proforma: Proforma, rules: ProformaRules, outcome: NotionalOutcome) -> Reconciliation:
    """Return how an authority's valued records stand to its printed totals; nothing is forced.

    Printed totals leave protection out, so the lines alone are compared.
    """
    unsplit = list(_unsplit(proforma, rules))
    formula = int(outcome.amount.sum()) + sum(one.amount for one in unsplit)
    notional = int(outcome.notional.sum())
    printed = [proforma.total(rules.totals[name]) for name in ("formula", "notional")]
    pence = [None if one is None else scaled(one, PENCE) for one in printed]
    if pence[0] is None or pence[1] is None:
        sentence = "No totals are printed for this authority."
        verdict = Verdict.not_printed
    else:
        rests = (pence[0] - formula, pence[1] - notional)
        verdict, sentence = _judged(proforma, outcome, unsplit, rests, _bounds(proforma, rules))
    return Reconciliation(
        proforma.code, proforma.name, verdict, formula, pence[0], notional, pence[1], sentence
    )


def _judged(
    proforma: Proforma,
    outcome: NotionalOutcome,
    unsplit: Sequence[_Unsplit],
    rests: tuple[int, int],
    bounds: tuple[int, int],
) -> tuple[Verdict, str]:
    (rest_formula, rest), (bound_formula, bound) = rests, bounds
    if abs(rest_formula) > bound_formula:
        return Verdict.differs, (
            f"The printed formula total differs from its lines by {pounds(rest_formula)} pounds."
        )
    fringe = proforma.of("london_fringe").get("all")
    uplift = 0 if fringe is None or fringe.subtotal is None else scaled(fringe.subtotal, PENCE)
    if unsplit:
        return Verdict.not_split, _not_split(unsplit, rest, uplift)
    if abs(rest) <= bound:
        return Verdict.holds, "Its lines reproduce both totals within what the printed digits hold."
    if uplift and 0 < rest <= uplift:
        return Verdict.fringe, (
            f"{pounds(rest)} pounds more notional SEN are printed than the lines give: "
            f"{percent_of(rest, uplift)}% of the fringe uplift, whose notional part has no line."
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
    labels = " and ".join(one.label for one in unsplit)
    low, high = (sum(one.range[at] for one in unsplit) for at in range(2))
    said = (
        f"{labels}: printed for both phases together, with different notional shares, so that "
        f"{pounds(low)} to {pounds(high)} pounds of it are notional; the printed total leaves "
        f"{pounds(rest)} for it"
    )
    if uplift:
        beyond = [percent_of(max(rest - one, 0), uplift) for one in (high, low)]
        return f"{said}, of which {beyond[0]}% to {beyond[1]}% of the fringe uplift may be part."
    if len(unsplit) == 1 and (schools := _schools(unsplit[0], rest)):
        return f"{said}, which would be {schools}."
    return f"{said}."


def _schools(one: _Unsplit, rest: int) -> str | None:
    """Return how many lump sums of each phase would give the printed total."""
    (first, line), (last, other) = one.lines.items()
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


def _unsplit(proforma: Proforma, rules: ProformaRules) -> Iterator[_Unsplit]:
    for name, words in rules.factors.items():
        lines = used_lines(proforma, name, words["counts"])
        together = next((one for one in proforma.of(name).values() if one.role == TOGETHER), None)
        if words["counts"] == "pupils" or together is None or not together.subtotal:
            continue
        if len({line.share or Decimal(0) for line in lines.values()}) > 1:
            yield _Unsplit(words["label"], scaled(together.subtotal, PENCE), lines)


def _bounds(proforma: Proforma, rules: ProformaRules) -> tuple[int, int]:
    """Return how far lines and totals may lie apart because of their digits, pence."""
    formula = notional = Fraction(0)
    for name, words in rules.factors.items():
        for line in used_lines(proforma, name, words["counts"]).values():
            money, slack = _slack(line, rules.digits)
            share = line.share or Decimal(0)
            formula += slack
            # A document holds a share to the millionth.
            open_by = _half(share, rules.digits) + abs(
                Fraction(percent_of_share(share)) / 100 - Fraction(share)
            )
            notional += slack * Fraction(share) + money * open_by
    printed = [proforma.total(rules.totals[name]) or Decimal(0) for name in ("formula", "notional")]
    ends = [_half(one, rules.digits) * PENCE for one in printed]
    return int(formula + ends[0]) + 1, int(notional + ends[1]) + 1


def _slack(line: ProformaLine, digits: int) -> tuple[Fraction, Fraction]:
    """Return a line's money, and how far its digits leave it open, pence."""
    if line.units is not None and line.unit_value is not None:
        units, value = Fraction(line.units), Fraction(line.unit_value)
        open_by = units * _half(line.unit_value, digits) + value * _half(line.units, digits)
        return units * value * PENCE, open_by * PENCE
    amount = line.subtotal or Decimal(0)
    return Fraction(amount) * PENCE, _half(amount, digits) * PENCE


def _half(value: Decimal, digits: int) -> Fraction:
    """Return half of the last digit that a figure of so many significant digits shows."""
    return Fraction(10) ** (value.adjusted() - digits + 1) / 2 if value else Fraction(0)


def _of(pence: int, share: Decimal) -> int:
    return half_away(*(pence * Fraction(share)).as_integer_ratio())
