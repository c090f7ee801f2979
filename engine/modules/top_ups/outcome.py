"""What valuing pupils yields: each one's top-up and the reason, adding to the sums of placements."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.cache import Cache
from engine.columns import Int
from engine.errors import NotReconciled
from engine.kernels.sums import fill_placement_sums
from engine.modules.top_ups.earlier_due import Again, EarlierDue
from engine.modules.top_ups.pupil_prices import (
    AnnualRates,
    BandAndPrice,
    PupilPrices,
    has_reason,
)
from engine.modules.top_ups.year_share import began_of, year_share_of
from engine.notices import MOST_ROWS, Notice, rows_named
from engine.row_chunks import ONE_THREAD, Blocks
from engine.rules.compiled import CompiledRules, CompiledTopUps
from engine.tables import Pupils, PupilTable
from engine.tables.chosen_pupils import ChosenPupils
from engine.vocabulary import NOT_KNOWN, Reason

UNKNOWN_BITS = sum(1 << reason for reason in NOT_KNOWN)
"""The codes of the reasons for which an amount is not known, each a bit."""

UNEQUAL_SUMS = "the placements do not add to the pupils"
UNEQUAL_COUNTS = "the pupils not known do not add to the placements'"


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
        fill_placement_sums, placements, offsets, amount, reason, UNKNOWN_BITS,
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

    prices     what each pupil is paid by; worked out when first asked for
    amount     (pupils); reason (pupils) codes of ``vocabulary.Reason``
    funded     the pupils whom the rules may pay; ``funded_amount`` and ``funded_prices`` theirs, the
               others have nothing
    placement_sum, placement_absent  (placements)
    school_protection  (placements) what lifts a school to a share of today's top-ups, on top of
                       the pupils' amounts; ``school_protection_absent`` is 1 where not known
    earlier    what came before some rows: other spells of the pupil, or the year before the rules
    """

    rules: CompiledRules
    top_ups: CompiledTopUps
    pupils: PupilTable
    prices: Callable[[], PupilPrices]
    amount: Int
    reason: NDArray[np.int8]
    funded: Pupils
    funded_amount: Int
    funded_prices: PupilPrices
    placement_sum: Int
    placement_absent: Int
    school_protection: Int
    school_protection_absent: Int
    earlier: EarlierDue
    cache: Cache = field(default_factory=Cache, init=False, repr=False, compare=False)

    @property
    def notices(self) -> tuple[Notice, ...]:
        """Return the notes on the table of pupils, and of those whom the rules do not pay again what is paid once."""
        return (*self.pupils.notices, *self._paid_earlier())

    def _paid_earlier(self) -> Iterator[Notice]:
        """Yield how many rows are not paid a price that is paid once, as rules of the earlier part of the year have paid it."""
        part = self.top_ups.earlier
        where = self.earlier.where[self.earlier.again == Again.part]
        if part is None or not len(where):
            return
        rows = sorted(self.pupils.rows[where].tolist())
        one = len(rows) == 1
        sentence = (
            f"{len(rows):,} {'row is' if one else 'rows are'} not paid a price that is paid once: {'its' if one else 'their'}"
            f" stay began before {part.begins}, the first day of these rules, or has no start, and the rules of the days"
            f" before have paid it ({rows_named(rows)})"
        )
        yield Notice("paid-once-earlier", sentence, len(rows), tuple(rows[:MOST_ROWS]), "pupils")

    @property
    def decisions(self) -> BandAndPrice:
        """Return the band and price of each combination."""
        return self.prices().by_combination

    @property
    def combination(self) -> NDArray[np.int32]:
        """Return each pupil's combination of what decides, as a position in the arrays of ``decisions``."""
        return self.prices().combinations.combination

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
        return ~has_reason(self.reason, NOT_KNOWN)

    @property
    def annual_rates(self) -> AnnualRates:
        """Return what all pupils are paid a year; only those who are funded have a rate."""
        return AnnualRates(self.top_ups, self.pupils, self.prices(), self.reason)

    @property
    def funded_rates(self) -> AnnualRates:
        """Return what those are paid a year whom the rules may pay: of a large table a few."""
        where = self.funded_where
        reason = self.reason if where is None else self.reason.take(where)
        return AnnualRates(self.top_ups, self.funded, self.funded_prices, reason)

    @property
    def funded_where(self) -> Int | None:
        """Return where in the table those are whom the rules may pay, ascending; None where all are."""
        return self.funded.where if isinstance(self.funded, ChosenPupils) else None

    @property
    def rate_known(self) -> NDArray[np.bool_]:
        """Return the pupils whom the rules price at an annual rate, which is known."""
        return self.annual_rates.known

    @property
    def annual(self) -> Int:
        """Return each pupil's annual rate before any clause, pence; 0 where nothing is priced."""
        return self.annual_rates.pence

    @property
    def began(self) -> NDArray[np.int32]:
        """Return the first day paid of each pupil, a late plan's as it was due; negative where open."""
        return began_of(self.top_ups, self.pupils)

    @property
    def year_share(self) -> Int:
        """Return the part of the year that each pupil earns, of the calendar's denominator."""
        return year_share_of(self.top_ups, self.pupils)

    def pupil_bands(self) -> NDArray[np.int32]:
        """Return each pupil's band as a position in the profile's bands, -1 where none."""
        return self.decisions.band[self.combination]

    def reconcile(self) -> None:
        """Raise ``NotReconciled`` unless placements add to the pupils, absent to the reasons, and pupils to the rows read."""
        # Not by ``placement_sums``: its fault would be on both sides.
        self.pupils.row_counts.reconcile()
        if len(self.amount) != self.pupils.row_counts.valued:
            raise NotReconciled(UNEQUAL_COUNTS)
        if self.total != int(self.amount.sum()):
            raise NotReconciled(UNEQUAL_SUMS)
        if self.absent != int(np.count_nonzero(has_reason(self.reason, NOT_KNOWN))):
            raise NotReconciled(UNEQUAL_COUNTS)
