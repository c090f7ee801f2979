"""Schools that have the same of a line are one class: what each class is paid under many candidates, by the kernel of lines."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.columns import Int
from engine.kernels.notional import (
    GIVEN_UNITS,
    NOT_KNOWN,
    SHARED_AMOUNT,
    LinePrices,
    LineUnits,
    OpenPart,
    fill_notional,
)
from engine.modules.school_formula.lump_sums import shared_parts
from engine.modules.school_formula.school_inputs import SchoolInputs
from engine.money import MILLION, half_away
from engine.rules.compiled import CompiledFormula
from engine.tables import frozen


class ClassAmounts(NamedTuple):
    """What classes are paid (candidates, classes): pence, and millionths of a penny for a whole year, times all weights."""

    amount: Int
    notional: Int
    exact: Int


@dataclass(frozen=True, slots=True, eq=False)
class LineClasses:
    """The classes of one line: schools with the same form, units, amount given, share and days open.

    of             (schools) the class of each
    form, units    (classes) as ``LineUnits`` has them; ``given`` (segments, classes)
    shared, groups (classes) year groups that share the unit value, of how many
    part           the days of the year that each class is open
    months, weights (segments)
    """

    of: NDArray[np.int32]
    form: NDArray[np.int8]
    units: Int
    given: Int
    shared: Int
    groups: Int
    part: OpenPart
    months: Int
    weights: Int

    @classmethod
    def among(
        cls, inputs: SchoolInputs, at: int, formula: CompiledFormula, part: OpenPart
    ) -> "LineClasses":
        """Return the classes of a line among schools."""
        form, units, given = (
            inputs.units.form[at],
            inputs.units.units[at],
            inputs.units.given[:, at],
        )
        shared, groups = shared_parts(inputs.lines[at], inputs.schools)
        by_share = form == SHARED_AMOUNT
        days = part.days if len(part.days) else np.zeros(len(form), np.int64)
        columns = [
            form.astype(np.int64),
            np.where(form == GIVEN_UNITS, units, 0),
            *np.where(np.isin(form, (GIVEN_UNITS, SHARED_AMOUNT, NOT_KNOWN)), 0, given),
            np.where(by_share, shared, 0),
            np.where(by_share, groups, 0),
            days,
        ]
        table = np.stack(columns, axis=1)
        distinct, of = np.unique(table, axis=0, return_inverse=True)
        segments = len(given)
        own = OpenPart(
            frozen(distinct[:, -1].copy()) if len(part.days) else part.days, part.year_days
        )
        return cls(
            frozen(of.reshape(-1).astype(np.int32)),
            frozen(distinct[:, 0].astype(np.int8)),
            frozen(distinct[:, 1].copy()),
            frozen(distinct[:, 2 : 2 + segments].T.copy()),
            frozen(distinct[:, 2 + segments].copy()),
            frozen(np.maximum(distinct[:, 3 + segments], 1)),
            own,
            frozen(np.asarray(formula.months, np.int64)),
            frozen(np.asarray(formula.weights, np.int64)),
        )

    def __len__(self) -> int:
        """Return how many classes there are."""
        return len(self.form)

    def amounts(self, rates: Int, percents: Int) -> ClassAmounts:
        """Return what classes are paid at some unit values, pence, and notional parts, millionths (candidates each).

        The kernel of lines takes a candidate as a line, and a class as a school: each amount is rounded once, as a school's line is.
        """
        candidates, classes, segments = len(rates), len(self), len(self.months)
        shares = half_away(self.shared * rates[:, None], self.groups)
        given = np.where(self.form == SHARED_AMOUNT, shares, self.given[:, None, :])
        units = LineUnits(
            frozen(np.tile(self.form, (candidates, 1))),
            frozen(np.tile(self.units, (candidates, 1))),
            frozen(given),
        )
        none = np.zeros(candidates, np.int64)
        # Sums over candidates mean nothing: without weights and marks they stay 0.
        prices = LinePrices(
            frozen(np.tile(rates, (segments, 1))), frozen(np.tile(percents, (segments, 1))), frozen(none),
            self.months, frozen(np.zeros(segments, np.int64)),
        )  # fmt: skip
        amount, notional = (np.empty((classes, candidates), np.int64) for _ in range(2))
        sums = [np.empty(classes, np.int64) for _ in range(4)]
        base, exact_sum, amount_sum, notional_sum = sums
        fill_notional(
            0, classes, units, prices, self.part,
            amount, notional, base, exact_sum, amount_sum, notional_sum,
        )  # fmt: skip
        return ClassAmounts(amount.T, notional.T, self._exact(rates, given))

    def _exact(self, rates: Int, given: Int) -> Int:
        """Return amounts of a whole year that are not rounded, as ``exact_amount`` has them (candidates, classes)."""
        priced = self.units * rates[:, None] * int(self.weights.sum())
        held = np.einsum("scn,s->cn", given, self.weights) * MILLION
        known = np.where(self.form == NOT_KNOWN, 0, held)
        return np.where(self.form == GIVEN_UNITS, priced, known)
