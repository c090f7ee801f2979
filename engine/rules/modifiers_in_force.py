"""The modifiers of a tariff with their values on some days, for everybody or by the row of a table that fits."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from engine.rules.in_force import Fitting
from engine.rules.price_steps import Modification, RowOf


class ModifiersInForce(NamedTuple):
    """Each modifier with its value, None where it has not begun; of tables by their paths and rows too.

    Of a modifier whose value is a table, ``values`` have that of a row that has begun.
    """

    values: tuple[Modification | None, ...]
    by_row: Mapping[RowOf, Modification | None]

    def applying(self, modifiers: Iterable[int], fitting: Fitting = ()) -> list[Modification]:
        """Return the modifiers at some places that are in force, in the document's order."""
        found = [one for at in modifiers if (one := self.values[at]) is not None]
        rows = dict(fitting)
        held = [
            one if one.table is None else self.by_row.get((one.table, rows.get(one.table)))
            for one in found
        ]
        return [one for one in held if one is not None]
