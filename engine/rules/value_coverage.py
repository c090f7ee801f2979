"""What tables of values cover: whom no row fits, authority by authority, and rows that fit no pupil.

It is worked out as gaps of prices are: on the answers that no condition of the profile tells apart, and
for every authority of the rule set's days.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.authority_codes import AuthorityCode
from engine.rules.authorities import authorities_of
from engine.rules.bands import BandProfile, HitPolicy
from engine.rules.compile_prices import conditions_of, tariff_grid
from engine.rules.compile_value_tables import (
    CLAUSES,
    THRESHOLD,
    compile_value_tables,
    modifier_path,
    price_values,
)
from engine.rules.compile_value_tables import CompiledValueTable as Table
from engine.rules.document import RuleSet
from engine.rules.gaps import boxes_of, gap_of
from engine.rules.grid import NONE, Grid, build, frozen_grid
from engine.rules.inputs import Input
from engine.rules.tariff_coverage import PupilAnswers, answers_between
from engine.rules.top_up_rule import TopUpRule
from engine.rules.value_tables import ROWS
from engine.vocabulary import Setting

LA = Input.la.value


class ValueGap(NamedTuple):
    """Pupils for whom a table has no row: of which authorities, None where it does not matter; and where, in words.

    ``others`` are the authorities that the gap is not of, ``of`` the number of all.
    """

    table: str
    authorities: tuple[AuthorityCode, ...] | None
    others: tuple[AuthorityCode, ...]
    of: int
    where: str
    example: Mapping[str, str]


class ValueCoverage(NamedTuple):
    """Every gap of tables of values, and every row that fits no pupil: its path, and whether rows before it cover it."""

    gaps: tuple[ValueGap, ...]
    unused: tuple[tuple[str, bool], ...]


def value_coverage(document: RuleSet) -> ValueCoverage:
    """Return the gaps of a document's tables of values and their rows that fit no pupil; none where it has no tables.

    Where the combinations of answers are too many to look at, none is said.
    """
    profile, rule = document.band_profile, document.top_up_rule
    if profile is None or rule is None or not (tables := compile_value_tables(profile, rule)):
        return ValueCoverage((), ())
    authorities = authorities_of(document)
    prices = tariff_grid(profile)
    modifiers = [
        build([conditions_of(one.band, one.when)], profile.bands, HitPolicy.first, "modifiers")
        for one in profile.tariff.modifiers
    ]
    grids = (prices, *modifiers, *(one.grid for one in tables))
    found = answers_between(profile, rule.pays_when, grids, [one.code for one in authorities])
    if found is None:
        return ValueCoverage((), ())
    counting = _Counting(profile, rule, found, found.rows(prices), modifiers)
    gaps: list[ValueGap] = []
    unused: list[tuple[str, bool]] = []
    for table in tables:
        counts = found.of(counting.of(table.path))
        rows = counts.rows(table.grid)
        if table.needed:
            gaps += _gaps(table, counts.of(rows == NONE), authorities, profile.bands)
        unused += _unused(table, rows)
    return ValueCoverage(tuple(gaps), tuple(unused))


class _Counting(NamedTuple):
    """For which answers each value counts."""

    profile: BandProfile
    rule: TopUpRule
    found: PupilAnswers
    price: NDArray[np.int32]
    modifiers: Sequence[Grid]

    def of(self, path: str) -> NDArray[np.bool_]:
        """Return the answers of pupils with a price whose amount depends on the value at a path."""
        tariff = self.profile.tariff
        if path in CLAUSES:
            threshold = self.rule.threshold
            settings = () if threshold is None or path != THRESHOLD else threshold.settings
            if path == THRESHOLD and threshold is not None and not threshold.inside:
                return np.zeros(len(self.price), np.bool_)
            inside = self.price > NONE
            if settings:
                codes = [int(Setting[one]) for one in settings]
                inside &= np.isin(self.found.attributes[Input.setting.value], codes)
            return inside
        for at, one in enumerate(tariff.modifiers):
            if path == modifier_path(one, at):
                return (self.price > NONE) & (self.found.rows(self.modifiers[at]) > NONE)
        using = [at for at, one in enumerate(tariff.prices) if path in price_values(one, at)]
        return np.isin(self.price, using)


def _gaps(
    table: Table, lacking: PupilAnswers, authorities: Sequence[AuthorityCode], bands: Sequence[str]
) -> Iterator[ValueGap]:
    """Yield the gaps of a table: answers with the same authorities together."""
    if not len(lacking.band):
        return
    grid, by_authority = _without_authority(table.grid)
    codes = [one.code for one in authorities]
    slots = lacking.slots(grid)
    which = (
        np.searchsorted(codes, lacking.attributes[LA]) if by_authority else np.zeros(1, np.int64)
    )
    length = len(codes) if by_authority else 1
    gaps = np.zeros((length, *grid.shape), np.bool_)
    gaps[(np.broadcast_to(which, len(lacking.band)), *slots)] = True
    for chosen, *box in boxes_of(gaps):
        gap = gap_of(grid, tuple(box), bands)
        among = tuple(authorities[at] for at in chosen) if by_authority else None
        others = tuple(one for at, one in enumerate(authorities) if at not in set(chosen))
        example = {**gap.example, **({LA: str(among[0].code)} if among else {})}
        yield ValueGap(table.path, among, others, len(codes), str(gap), example)


def _without_authority(grid: Grid) -> tuple[Grid, bool]:
    """Return the axes of a grid but for the authority, and whether it had it; what it answers is left out."""
    places = [at for at, name in enumerate(grid.inputs) if name != LA]
    names = tuple(grid.inputs[at] for at in places)
    shape = tuple(grid.shape[at] for at in places)
    edges = [grid.edges_of(at) for at in places]
    return frozen_grid(names, edges, shape, np.zeros(shape, np.int32)), LA in grid.inputs


def _unused(table: Table, rows: NDArray[np.int32]) -> Iterator[tuple[str, bool]]:
    """Yield the rows of a table that fit no pupil."""
    used = np.zeros(table.rows, np.bool_)
    used[np.unique(rows[rows > NONE])] = True
    for at in np.flatnonzero(~used).tolist():
        yield f"{table.path}.{ROWS}.{at}", not (table.grid.answers == at).any()
