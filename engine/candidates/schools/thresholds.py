"""The amounts between which the guarantee and the cap leave a school as it is: whole numbers, worked out once for all candidates."""

from fractions import Fraction

import numpy as np

from engine.columns import Int
from engine.kernels.notional import OpenPart
from engine.kernels.school_candidates import LastYear
from engine.modules.school_formula.guarantee import Compared
from engine.modules.school_formula.outcome import NotionalOutcome
from engine.money import MILLION, decimal_of
from engine.rules.compiled import CompiledFormula
from engine.steps import SourcedValue
from engine.steps.ratios import Whole
from engine.tables import frozen

HUNDRED = 100
FITS = 2**62
"""What no number of a school may reach, so that sums of two fit in 63 bits."""


def last_year_of(
    formula: CompiledFormula, outcome: NotionalOutcome, part: OpenPart, largest: int
) -> LastYear | None:
    """Return what candidates that share a guarantee, cap and scaling are compared with; None where numbers do not fit in 63 bits.

    The notional part of an adjustment, which candidates may vary, is left out.

    largest  what no school earns more of in a year under any candidate, millionths of a penny, times all weights
    """
    schools, compared = len(outcome.schools), outcome.compare
    nothing = frozen(np.zeros(schools, np.int64))
    if compared is None:
        none = frozen(np.zeros(schools, np.int8))
        return LastYear(none, nothing, nothing, nothing, nothing, 1, 1, 1, nothing[:0])
    chosen = compared.mainstream & compared.comparable & (outcome.protection_absent == 0)
    days = part.days if len(part.days) else np.ones(schools, np.int64)
    taken = _share(formula.scaling, Fraction(1))
    where = np.flatnonzero(chosen)
    twice = 2 * days[where].astype(object)
    guaranteed = _parts(compared, formula.guarantee, where)
    capped = _parts(compared, formula.cap, where)
    least = reaches = most = np.zeros(len(where), object)
    if guaranteed is None:
        reaches = reaches - FITS + 1
    else:
        top, bottom = guaranteed
        least, reaches = twice * top // bottom, -(-top // bottom)
    if capped is None:
        # Nothing lies above a cap that is not there.
        taken = Fraction(0)
    else:
        top, bottom = capped
        most = -twice * taken.numerator * top // bottom
    groups = max(int(compared.groups[where].max()) if len(where) else 1, 1)
    highest = 4 * int(days.max(initial=1)) * taken.numerator * largest * groups
    wholes = 2 * taken.denominator * part.year_days * groups * formula.scale * MILLION
    numbers = (least, reaches, most)
    if max([highest, wholes, *(int(abs(one).max()) for one in numbers if len(one))]) >= FITS:
        return None
    numbers_of = {
        name: _spread(one, where, schools)
        for name, one in zip(("least", "reaches", "most"), numbers, strict=True)
    }
    return LastYear(
        compared=frozen(chosen.astype(np.int8)), **numbers_of, days=frozen(days), year_days=part.year_days,
        taken=taken.numerator, taken_of=taken.denominator, percent=nothing[:0],
    )  # fmt: skip


def _share(dated: SourcedValue | None, otherwise: Fraction) -> Fraction:
    return otherwise if dated is None else Fraction(decimal_of(dated.value)) / HUNDRED


def _parts(
    compared: Compared, change: SourcedValue | None, where: Int
) -> tuple[Whole, Whole] | None:
    """Return last year's budget for each pupil times this year's pupils with a change, in the parts of the kernel: exact ratios."""
    if change is None:
        return None
    times = 1 + _share(change, Fraction(0))
    pupils = compared.pupils[where].astype(object)
    top = compared.prior[where] * pupils * compared.groups[where] * times.numerator
    return top, compared.prior_pupils[where].astype(object) * times.denominator


def _spread(numbers: Whole, where: Int, schools: int) -> Int:
    out = np.zeros(schools, np.int64)
    out[where] = numbers.astype(np.int64)
    return frozen(out)
