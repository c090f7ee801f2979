"""Which rows of tables of values fit combinations of pupils' attributes, and which of them count."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.columns import Int
from engine.modules.top_ups.bands import answers_of
from engine.rules.compile_value_tables import CLAUSES, THRESHOLD, CompiledValueTable, price_values
from engine.rules.compiled import CompiledTopUps
from engine.rules.grid import NONE, UNSURE
from engine.rules.in_force import NO_ROW, Fitting

Rows = NDArray[np.int32]


class Alike(NamedTuple):
    """Combinations that come to the same: the number of each, and a combination of each number."""

    number: Int
    first: Int

    def compact(self) -> "Alike":
        """Return the same with a combination of each number."""
        _, first, number = np.unique(self.number, return_index=True, return_inverse=True)
        return Alike(number, first)

    def apart_by(self, code: NDArray[np.signedinteger]) -> "Alike":
        """Return the same, told apart by one more number, which is not below 0."""
        if not len(code) or (code == code[0]).all():
            return self
        wide = self.number * (int(code.max()) + 1) + code
        return Alike(wide, self.first).compact()


class FittingRows(NamedTuple):
    """The row of each table that fits each combination.

    rows      (tables, combinations) the row, ``NONE`` or ``UNSURE``
    of_price  (prices, slots) the tables that each price depends on, -1 for none
    """

    tables: tuple[CompiledValueTable, ...]
    rows: Rows
    of_price: NDArray[np.int64]

    @classmethod
    def of(
        cls, top_ups: CompiledTopUps, attributes: Mapping[str, NDArray[np.int32]], length: int
    ) -> "FittingRows":
        """Return the rows of a profile's tables for some combinations; ``attributes`` have their bands."""
        rows = np.full((len(top_ups.tables), length), NONE, np.int32)
        for at, table in enumerate(top_ups.tables):
            rows[at] = answers_of(table.grid, dict(attributes))
        places = {one.path: at for at, one in enumerate(top_ups.tables)}
        named = [
            [places[path] for path in price_values(one.rule, one.at) if path in places]
            for one in top_ups.prices
        ]
        slots = np.full((len(named), max(map(len, named))), -1, np.int64)
        for at, held in enumerate(named):
            slots[at, : len(held)] = held
        return cls(top_ups.tables, rows, slots)

    def of_prices(self, price: NDArray[np.signedinteger]) -> Iterator[Rows]:
        """Yield for each slot the row of the table that each combination's price depends on; ``NONE`` for no table."""
        every = np.arange(len(price))
        for slot in self.of_price.T:
            table = np.where(price == NONE, -1, slot[np.maximum(price, 0)])
            yield np.where(table < 0, NONE, self.rows[np.maximum(table, 0), every]).astype(np.int32)

    def unsure_price(self, price: NDArray[np.signedinteger]) -> NDArray[np.bool_]:
        """Return the combinations for whose price a column is not supplied that decides a row."""
        found = np.zeros(len(price), np.bool_)
        for rows in self.of_prices(price):
            found |= rows == UNSURE
        return found

    def place(self, path: str | None) -> int | None:
        """Return the place of the table at a path; None for none."""
        return next((at for at, one in enumerate(self.tables) if one.path == path), None)

    def price_fitting(self, price: int, at: int) -> Fitting:
        """Return the rows that a price depends on, for a combination."""
        return self._fitting(self.of_price[price].tolist(), at)

    def clauses(self) -> list[int]:
        """Return the places of the tables of first part, floor and cap."""
        return [at for at, one in enumerate(self.tables) if one.path in CLAUSES]

    def _fitting(self, tables: Sequence[int], at: int) -> Fitting:
        found = []
        for place in tables:
            if place >= 0:
                row, one = int(self.rows[place, at]), self.tables[place]
                if row > NONE or one.needed:
                    found.append((one.path, row if row > NONE else NO_ROW))
        return tuple(found)

    def table_fitting(self, place: int, at: int) -> Fitting:
        """Return the row of one table, for a combination."""
        return self._fitting([place], at)

    def limited(self) -> tuple[Int, tuple[Fitting, ...]]:
        """Return which rows of first part, floor and cap fit each combination, and all that are different."""
        places = self.clauses()
        alike = Alike(np.zeros(self.rows.shape[1], np.int64), np.zeros(1, np.int64))
        for place in places:
            alike = alike.apart_by(self.rows[place] - UNSURE)
        return alike.number, tuple(self._fitting(places, int(at)) for at in alike.first)

    def unsure_clause(self, threshold: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Return the combinations for which a column is not supplied that decides a row of a clause.

        ``threshold`` are those for whom a first part is taken off.
        """
        found = np.zeros(self.rows.shape[1], np.bool_)
        for place in self.clauses():
            counts = threshold if self.tables[place].path == THRESHOLD else True
            found |= (self.rows[place] == UNSURE) & counts
        return found
