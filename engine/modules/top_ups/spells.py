"""Several spells of one pupil in a year: rounded on the running total, so that they add to what the year is due.

The spells of a pupil are at different schools, and may be paid by different authorities: a pupil is a
key. Every row of such a pupil is dated, so that only those rows are looked at.
"""

from typing import NamedTuple

import numpy as np
import polars as pl

from engine.columns import Int
from engine.errors import PairRefused
from engine.kernels.top_ups import Paid
from engine.modules.top_ups.amounts import exact_of_some, penny_parts
from engine.modules.top_ups.earlier_due import Again, EarlierDue
from engine.modules.top_ups.price_once import PupilRows, before_rules
from engine.modules.top_ups.pupil_prices import PupilPrices
from engine.modules.top_ups.refusals import LARGEST, TOO_LARGE
from engine.money import half_away
from engine.rules.compiled import CompiledTopUps
from engine.tables import Pupils, PupilTable, frozen
from engine.tables.chosen_pupils import ChosenPupils

NEVER = np.iinfo(np.int32).max


class Spells(NamedTuple):
    """The rows of pupils who have several, in the order of their days: places in a table.

    pupil  (rows) number of the pupil, ascending; ``where`` (rows) the place of the row
    """

    pupil: Int
    where: Int


def spells_of(pupils: PupilTable) -> Spells:
    """Return the rows of pupils who have several; cached for each table."""
    return pupils.cache.get("spells", _spells, pupils)


def _spells(pupils: PupilTable) -> Spells:
    dated, members = pupils.dated, pupils.members
    if members is None:
        return Spells(dated[:0], dated[:0])
    pupil = members.take(dated)
    again = pl.Series(pupil).is_duplicated().to_numpy()
    where = dated[again]
    blank = np.full(len(where), -1, np.int32)
    start, end, urn = (
        pupils.columns[name][where] if name in pupils.columns else blank
        for name in ("start", "end", "urn")
    )
    frame = pl.DataFrame(
        {
            "pupil": pupil[again],
            "start": start,
            "end": np.where(end < 0, NEVER, end),
            "urn": urn,
            "where": where,
        }
    ).sort("pupil", "start", "end", "urn")
    return Spells(
        frozen(frame["pupil"].rle_id().to_numpy().astype(np.int64)),
        frozen(frame["where"].to_numpy().astype(np.int64)),
    )


def _rows_of(top_ups: CompiledTopUps, pupils: PupilTable, funded: Pupils) -> PupilRows:
    """Return the rows of pupils who have several; all rows where a part of the year comes before the rules."""
    pupil, where = spells_of(pupils)
    rows = PupilRows(pupil, where, _places(funded, where))
    rows = rows.some(rows.place >= 0)
    if top_ups.continues is None:
        return rows
    alone = np.ones(len(funded), bool)
    alone[rows.place] = False
    place = np.flatnonzero(alone).astype(np.int64)
    whole = funded.where[place] if isinstance(funded, ChosenPupils) else place
    return PupilRows(
        np.concatenate([rows.pupil, len(pupils) + place]),
        np.concatenate([rows.where, whole.astype(np.int64)]),
        np.concatenate([rows.place, place]),
    )


def add_spells(
    top_ups: CompiledTopUps, pupils: PupilTable, funded: Pupils, prices: PupilPrices, paid: Paid
) -> tuple[Paid, EarlierDue]:
    """Return what is paid with each pupil's spells rounded on their running total, and what came before each.

    ``paid`` are the funded pupils', each row rounded alone. The running total begins with what a pupil's rows
    come to before the rules, where these begin within their year. A price that is paid once is paid with the
    first of a pupil's spells. A spell whose amount is not known adds nothing to the others.
    """
    rows = _rows_of(top_ups, pupils, funded)
    pupil, where, place = rows
    if not len(place):
        none = frozen(place)
        return paid, EarlierDue(none, none, none, none, frozen(place.astype(np.int8)))
    order = np.argsort(place)
    exact = np.empty(len(place), np.int64)
    exact[order] = exact_of_some(top_ups, funded, prices, frozen(place[order]))
    part, again = before_rules(top_ups, funded, prices, rows, exact, paid.reason)
    exact[again != Again.no] = 0
    _check_totals(pupil, part + exact)
    of_part = _total(pupil, part)
    before, parts = of_part + _running(pupil, exact) - exact, penny_parts(top_ups)
    amount = paid.amount.copy()
    amount[place] = half_away(before + exact, parts) - half_away(before, parts)
    kept = np.flatnonzero((before != 0) | (again != Again.no))
    kept = kept[np.argsort(where[kept])]
    where, before, exact, of_part = (frozen(one[kept]) for one in (where, before, exact, of_part))
    earlier = EarlierDue(where, before, exact, of_part, frozen(again[kept]))
    return Paid(frozen(amount), paid.reason), earlier


def _places(funded: Pupils, where: Int) -> Int:
    """Return the places of rows of a table among the funded pupils; -1 of one who is none of them."""
    if not isinstance(funded, ChosenPupils) or not len(where):
        return where
    if not len(funded.where):
        return np.full(len(where), -1, np.int64)
    place = np.minimum(np.searchsorted(funded.where, where), len(funded.where) - 1)
    return np.where(funded.where[place] == where, place, -1)


def _starts(pupil: Int) -> tuple[Int, Int]:
    """Return where each pupil's rows start, and how many there are."""
    starts = np.flatnonzero(np.r_[True, pupil[1:] != pupil[:-1]])
    return starts, np.diff(np.r_[starts, len(pupil)])


def _check_totals(pupil: Int, exact: Int) -> None:
    """Raise ``PairRefused`` where what a pupil's rows come to has no place in 63 bits."""
    starts, lengths = _starts(pupil)
    if 2 * int(lengths.max()) * int(exact.max()) >= LARGEST:
        totals = np.add.reduceat(exact.astype(object), starts)
        if 2 * max(totals) >= LARGEST:
            raise PairRefused([TOO_LARGE])


def _running(pupil: Int, exact: Int) -> Int:
    """Return the running total of each pupil's rows."""
    starts, lengths = _starts(pupil)
    running = np.cumsum(exact)
    base = (running - exact)[starts]
    # Sums over all pupils may wrap around; the difference within one pupil's does not.
    total: Int = running - np.repeat(base, lengths)
    return total


def _total(pupil: Int, exact: Int) -> Int:
    """Return what all of a pupil's rows come to, for each of them."""
    starts, lengths = _starts(pupil)
    total: Int = np.repeat(np.add.reduceat(exact, starts), lengths)
    return total
