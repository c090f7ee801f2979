"""What valuing schools yields: lines and adjustments that add to each school's totals."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.columns import Int
from engine.errors import NotReconciled
from engine.kernels.notional import NOT_KNOWN
from engine.modules.school_formula.guarantee import Compared
from engine.notices import Notice
from engine.rules.compiled import CompiledLine, CompiledRules
from engine.tables import SchoolTable


@dataclass(frozen=True, slots=True, repr=False)
class NotionalOutcome:
    """The schools formula and notional SEN of each school, pence unless named otherwise.

    compare     the exact numbers by which schools are compared with last year; None without guarantee and cap
    form        (schools, lines) units priced, amount given, or not known
    units       (schools, lines) millionths
    absent      (schools, lines) parts not known: pupils, or 1 for a value not supplied
    amount, notional           (schools, lines)
    pupils      (schools) millionths
    uplift, protection         (schools) minimum per-pupil level; guarantee, cap and scaling
    uplift_notional, protection_notional, formula_total, notional_total  (schools)
    fringe, fringe_notional    (schools) what a London fringe multiplier adds
    fringe_absent, minimum_absent, protection_absent  (schools) 1 where one cannot be known
    minimum_unprinted, protection_unprinted  (schools) where it is only that a value of the rules is not printed
    absent_total (schools) parts not known in all, of lines and of protection
    """

    rules: CompiledRules
    schools: SchoolTable
    lines: tuple[CompiledLine, ...]
    compare: Compared | None
    form: NDArray[np.int8]
    units: Int
    absent: Int
    amount: Int
    notional: Int
    minimum_base: Int
    pupils: Int
    fringe: Int
    fringe_notional: Int
    uplift: Int
    protection: Int
    uplift_notional: Int
    protection_notional: Int
    formula_total: Int
    notional_total: Int
    fringe_absent: Int
    minimum_absent: Int
    protection_absent: Int
    minimum_unprinted: NDArray[np.bool_]
    protection_unprinted: NDArray[np.bool_]
    absent_total: Int

    @property
    def notices(self) -> tuple[Notice, ...]:
        """Return the notes on the table of schools."""
        return self.schools.notices

    @property
    def years(self) -> Int:
        """Return the year groups of each key stage (schools, 3)."""
        return self.schools.years.T

    def known(self) -> NDArray[np.bool_]:
        """Return which lines of which schools are known at all."""
        return np.not_equal(self.form, NOT_KNOWN)

    def unprinted_notional(self, at: int) -> NDArray[np.bool_]:
        """Return the schools whose amount of a line is known and not its notional part, which is not printed."""
        if self.lines[at].percent_is_printed:
            return np.zeros(len(self.amount), np.bool_)
        unprinted: NDArray[np.bool_] = (self.amount[:, at] != 0) & (self.absent[:, at] == 0)
        return unprinted

    def reconcile(self) -> None:
        """Raise ``NotReconciled`` unless the lines add to each school's totals, and schools to the rows read."""
        self.schools.row_counts.reconcile()
        formula = np.einsum("sl->s", self.amount) + self.fringe + self.uplift + self.protection
        lifts = self.fringe_notional + self.uplift_notional + self.protection_notional
        notional = np.einsum("sl->s", self.notional) + lifts
        if not np.array_equal(formula, self.formula_total):
            message = "the lines of a school do not add to its formula total"
            raise NotReconciled(message)
        if not np.array_equal(notional, self.notional_total):
            message = "the notional lines of a school do not add to its notional SEN"
            raise NotReconciled(message)
