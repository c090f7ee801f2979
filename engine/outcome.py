"""What an evaluation yields: parts for each school and pupil that add to the penny."""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.calendars import backdated
from engine.columns import Int
from engine.kernels.notional import NOT_KNOWN
from engine.kernels.sums import fill_placement_sums
from engine.kernels.top_ups import SHARED
from engine.money import MILLION, half_away, parts_of_product
from engine.row_chunks import ONE_THREAD, Blocks
from engine.rules.compiled import (
    CompiledLine,
    CompiledModifier,
    CompiledPrice,
    CompiledRules,
    CompiledTopUps,
)
from engine.steps import Steps
from engine.tables import Combinations, Pupils, PupilTable, SchoolTable
from engine.vocabulary import Reason

SEMANTICS = 1
"""Version of the arithmetic; a change that alters any penny raises it and keeps the old."""

WITHOUT_RATE = (Reason.not_funded, Reason.not_supplied, Reason.no_price, Reason.no_band)
"""Reasons of pupils for whom there is no annual rate."""

UNEQUAL_SUMS = "the placements do not add to the pupils"
UNEQUAL_COUNTS = "the pupils not known do not add to the placements'"


class NotReconciled(AssertionError):
    """Parts do not add to their total: a fault of the engine, never of the data."""


class PriceForm(NamedTuple):
    """A price of the tariff, or none, with the modifiers that apply, in the document's order."""

    price: CompiledPrice | None
    modifiers: tuple[CompiledModifier, ...]

    @property
    def steps(self) -> Steps:
        """Return its steps to the annual rate; none where there is no price."""
        return () if self.price is None else self.price.modified(self.modifiers)


class Priced(NamedTuple):
    """Prices by combination, and quantity and group by pupil where one counts.

    ``each`` is for ``divisor`` units of the quantity; ``alike`` is a combination's place among ``forms``.
    """

    base: Int
    each: Int
    manner: NDArray[np.int8]
    divisor: Int
    quantity: Int
    group: NDArray[np.int16]
    alike: Int
    forms: tuple[PriceForm, ...]


class Decided(NamedTuple):
    """Bands, prices and conditions of pupils, before the amount of a year.

    combinations     each pupil's combination of what decides
    verdict    (combinations) ``PRICED``, or the reason why there is no price
    band       (combinations) position in the profile's bands, -1 where there is none
    row        (combinations) deciding row of the assignment, -1 where none
    price      (combinations) deciding price of the tariff, -1 where none
    priced     the prices by combination, and the quantities they are multiplied by
    threshold  (combinations) first part that the school meets and the price includes, pence
    """

    combinations: Combinations
    verdict: NDArray[np.int8]
    band: NDArray[np.int32]
    row: NDArray[np.int32]
    price: NDArray[np.int32]
    priced: Priced
    threshold: Int


@dataclass(frozen=True, slots=True, repr=False)
class NotionalOutcome:
    """The schools formula and notional SEN of each school, pence unless named otherwise.

    compare     gives the exact numbers by which a school is compared with last year; None without guarantee and cap
    form        (schools, lines) units priced, amount given, or not known
    units       (schools, lines) millionths
    absent      (schools, lines) parts not known: pupils, or 1 for a value not supplied
    amount, notional           (schools, lines)
    pupils      (schools) millionths
    uplift, protection         (schools) minimum per-pupil level; guarantee, cap and scaling
    uplift_notional, protection_notional, formula_total, notional_total  (schools)
    fringe, fringe_notional    (schools) what a London fringe multiplier adds
    fringe_absent, minimum_absent, protection_absent  (schools) 1 where one cannot be known
    absent_total (schools) parts not known in all, of lines and of protection
    """

    rules: CompiledRules
    schools: SchoolTable
    lines: tuple[CompiledLine, ...]
    compare: Callable[[int], dict[str, Fraction]] | None
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
    absent_total: Int

    @property
    def years(self) -> Int:
        """Return the year groups of each key stage (schools, 3)."""
        return self.schools.years.T

    def known(self) -> NDArray[np.bool_]:
        """Return which lines of which schools are known at all."""
        return np.not_equal(self.form, NOT_KNOWN)

    def reconcile(self) -> None:
        """Raise ``NotReconciled`` unless the lines add to each school's totals."""
        formula = np.einsum("sl->s", self.amount) + self.fringe + self.uplift + self.protection
        lifts = self.fringe_notional + self.uplift_notional + self.protection_notional
        notional = np.einsum("sl->s", self.notional) + lifts
        if not np.array_equal(formula, self.formula_total):
            message = "the lines of a school do not add to its formula total"
            raise NotReconciled(message)
        if not np.array_equal(notional, self.notional_total):
            message = "the notional lines of a school do not add to its notional SEN"
            raise NotReconciled(message)


def began_of(top_ups: CompiledTopUps, pupils: Pupils) -> NDArray[np.int32]:
    """Return the first day paid of each pupil, a late plan's as it was due; negative where open."""
    columns, days = pupils.columns, top_ups.backdated_days
    if "start" not in columns:
        return np.full(len(pupils), -1, np.int32)
    start: NDArray[np.int32] = columns["start"]
    return backdated(start, columns["requested"], days) if days else start


def mass_of(top_ups: CompiledTopUps, pupils: PupilTable) -> Int:
    """Return the part of the year that each pupil earns, of the calendar's denominator."""
    calendar, columns = top_ups.calendar, pupils.columns
    whole = np.full(len(pupils), calendar.denominator, np.int64)
    open_start, open_end = calendar.first, calendar.first + len(calendar.cumulative)
    if calendar.dated:
        began = began_of(top_ups, pupils)
        end = columns.get("end", whole * 0 - 1)
        start = np.where(began < 0, open_start, began)
        whole = calendar.mass(start, np.where(end < 0, open_end, end))
    parts = columns.get("parts_on_roll", np.full(len(pupils), -1, np.int16)).astype(np.int64)
    each = calendar.denominator // calendar.parts if calendar.parts else 0
    mass: Int = np.where(parts < 0, whole, parts * each)
    return mass


class PlacementSums(NamedTuple):
    """Pence of each placement, and its pupils whose amount is not known, or who have no band."""

    amount: Int
    absent: Int
    gaps: Int


def placement_sums(
    offsets: Int, amount: Int, reason: NDArray[np.int8], blocks: Blocks = ONE_THREAD
) -> PlacementSums:
    """Return what pupils' amounts and reasons come to by placement; ``offsets`` bound each one's pupils."""
    placements = len(offsets) - 1
    total, absent, gaps = (np.empty(placements, np.int64) for _ in range(3))
    blocks.of_groups(placements, len(amount)).run(
        fill_placement_sums, placements, offsets, amount, reason, int(Reason.not_supplied),
        int(Reason.no_band), total, absent, gaps,
    )  # fmt: skip
    return PlacementSums(total, absent, gaps)


def reconcile_placements(held: PlacementSums, amount: Int, absent: Int) -> None:
    """Raise ``NotReconciled`` unless placements have the sums, and the pupils not known, of their pupils."""
    if not np.array_equal(held.amount, amount):
        raise NotReconciled(UNEQUAL_SUMS)
    if not np.array_equal(held.absent, absent):
        raise NotReconciled(UNEQUAL_COUNTS)


@dataclass(frozen=True, slots=True, repr=False)
class TopUpOutcome:
    """Bands and top-ups of each pupil, pence, with the reason for each.

    decide     what was decided of each pupil's combination; worked out when first asked for
    amount     (pupils); reason (pupils) codes of ``vocabulary.Reason``
    funded     the pupils whom the rules may pay; ``funded_amount`` theirs, the others have nothing
    placement_sum, placement_absent  (placements)
    school_protection  (placements) what lifts a school to a share of today's top-ups, on top of
                       the pupils' amounts; ``school_protection_absent`` is 1 where not known
    """

    rules: CompiledRules
    top_ups: CompiledTopUps
    pupils: PupilTable
    decide: Callable[[], Decided]
    amount: Int
    reason: NDArray[np.int8]
    funded: Pupils
    funded_amount: Int
    placement_sum: Int
    placement_absent: Int
    school_protection: Int
    school_protection_absent: Int

    @property
    def combinations(self) -> Combinations:
        """Return each pupil's combination of what decides."""
        return self.decide().combinations

    @property
    def band(self) -> NDArray[np.int32]:
        """Return the band of each combination, as in ``Decided``."""
        return self.decide().band

    @property
    def row(self) -> NDArray[np.int32]:
        """Return the deciding row of each combination, as in ``Decided``."""
        return self.decide().row

    @property
    def price(self) -> NDArray[np.int32]:
        """Return the deciding price of each combination, as in ``Decided``."""
        return self.decide().price

    @property
    def priced(self) -> Priced:
        """Return the prices of combinations, and the quantities they are multiplied by."""
        return self.decide().priced

    @property
    def threshold(self) -> Int:
        """Return the first part that the school meets, of each combination, pence."""
        return self.decide().threshold

    @property
    def total(self) -> int:
        """Return the sum of all pupils' top-ups, pence."""
        return int(self.placement_sum.sum())

    @property
    def absent(self) -> int:
        """Return the number of pupils whose top-up is not known."""
        return int(self.placement_absent.sum())

    @property
    def known(self) -> NDArray[np.bool_]:
        """Return the pupils whose top-up is known."""
        known: NDArray[np.bool_] = self.reason != Reason.not_supplied
        return known

    @property
    def rate_known(self) -> NDArray[np.bool_]:
        """Return the pupils whom the rules price at an annual rate."""
        return ~np.isin(self.reason, [int(reason) for reason in WITHOUT_RATE])

    @property
    def annual(self) -> Int:
        """Return each pupil's annual rate before any clause, pence; 0 where nothing is priced."""
        combination, prices = self.combinations.combination, self.priced
        annual: Int = prices.base[combination]
        if len(prices.quantity):
            divisor, share = prices.divisor[combination], np.full(len(combination), MILLION)
            if len(prices.group):
                shared = (prices.manner[combination] & SHARED) > 0
                group = np.maximum(prices.group, 1).astype(np.int64)
                share = np.where(shared, group * share, share)
            quantity = np.maximum(prices.quantity, 0)
            whole, rest = parts_of_product(prices.each[combination], quantity, divisor, share)
            annual = annual + whole + half_away(rest, share * divisor)
        return annual

    @property
    def began(self) -> NDArray[np.int32]:
        """Return the first day paid of each pupil, a late plan's as it was due; negative where open."""
        return began_of(self.top_ups, self.pupils)

    @property
    def mass(self) -> Int:
        """Return the part of the year that each pupil earns, of the calendar's denominator."""
        return mass_of(self.top_ups, self.pupils)

    def pupil_bands(self) -> NDArray[np.int32]:
        """Return each pupil's band as a position in the profile's bands, -1 where none."""
        return self.band[self.combinations.combination]

    def reconcile(self) -> None:
        """Raise ``NotReconciled`` unless placements add to the pupils, and absent to the reasons."""
        # Not by ``placement_sums``: its fault would be on both sides.
        if self.total != int(self.amount.sum()):
            raise NotReconciled(UNEQUAL_SUMS)
        if self.absent != int(np.count_nonzero(self.reason == Reason.not_supplied)):
            raise NotReconciled(UNEQUAL_COUNTS)


@dataclass(frozen=True, slots=True)
class Outcome:
    """One evaluation of rules over tables; either part is None where rules or data lack it."""

    rules: CompiledRules
    notional: NotionalOutcome | None
    top_ups: TopUpOutcome | None

    def reconcile(self) -> None:
        """Raise ``NotReconciled`` unless every part adds to its total."""
        if self.notional is not None:
            self.notional.reconcile()
        if self.top_ups is not None:
            self.top_ups.reconcile()

    def __repr__(self) -> str:
        """Return under which rules."""
        return f"<Outcome under {self.rules!r}>"
