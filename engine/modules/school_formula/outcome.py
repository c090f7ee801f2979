"""What valuing schools yields: lines and adjustments that add to each school's totals."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.columns import Int
from engine.errors import NotReconciled
from engine.kernels.notional import NOT_KNOWN
from engine.modules.school_formula.guarantee import Compared
from engine.notices import Notice
from engine.rules.compiled import CompiledLine, CompiledRules
from engine.tables import SchoolTable, frozen

Array = NDArray[Any]


class SchoolGroup(NamedTuple):
    """Schools that the same rows of tables of values fit: their positions, and their outcome by the rules with those rows."""

    schools: NDArray[np.intp]
    outcome: "NotionalOutcome"


@dataclass(frozen=True, slots=True, repr=False)
class NotionalOutcome:
    """The schools formula and notional SEN of each school, pence unless named otherwise.

    groups      where values differ from school to school, the outcome of those with the same rows of tables: what
                depends on values, as ``lines``, ``compare`` and ``minimum_base`` do, is theirs; otherwise nothing
    places      (schools, 2) the group of each school, and its position in it, where there are groups
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
    groups: tuple[SchoolGroup, ...] = ()
    places: NDArray[np.intp] | None = None

    def of(self, school: int) -> tuple["NotionalOutcome", int]:
        """Return the outcome that has the values of a school's own rules, and the school's position in it."""
        if self.places is None:
            return self, school
        group, at = self.places[school].tolist()
        return self.groups[group].outcome, at

    def by_group(self, of: Callable[["NotionalOutcome"], Array]) -> Array:
        """Return what is said of each school (schools), asked of each outcome that has its values."""
        if not self.groups:
            return of(self)
        parts = [(group.schools, of(group.outcome)) for group in self.groups]
        whole = np.empty((len(self.schools), *parts[0][1].shape[1:]), parts[0][1].dtype)
        for schools, part in parts:
            whole[schools] = part
        return whole

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
        if self.groups:
            return self.by_group(lambda one: one.unprinted_notional(at))
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


OF_SCHOOLS = (
    "form", "units", "absent", "amount", "notional", "minimum_base", "pupils", "fringe", "fringe_notional",
    "uplift", "protection", "uplift_notional", "protection_notional", "formula_total", "notional_total",
    "fringe_absent", "minimum_absent", "protection_absent", "minimum_unprinted", "protection_unprinted",
    "absent_total",
)  # fmt: skip
"""What an outcome has of each school."""


def merged(
    rules: CompiledRules, schools: SchoolTable, groups: Sequence[SchoolGroup]
) -> NotionalOutcome:
    """Return one outcome of all schools, of groups that together are all of them; at least one."""
    first = groups[0].outcome
    held: dict[str, Array] = {}
    for name in OF_SCHOOLS:
        of = attrgetter(name)
        whole = np.empty((len(schools), *of(first).shape[1:]), of(first).dtype)
        for group in groups:
            whole[group.schools] = of(group.outcome)
        held[name] = frozen(whole)
    places = np.empty((len(schools), 2), np.intp)
    for at, group in enumerate(groups):
        places[group.schools, 0], places[group.schools, 1] = at, np.arange(len(group.schools))
    return NotionalOutcome(
        rules=rules, schools=schools, lines=first.lines, compare=None, groups=tuple(groups),
        places=frozen(places), **held,
    )  # fmt: skip
