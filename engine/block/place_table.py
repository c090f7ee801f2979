"""Places by authority and kind, calculated row by row and written as rows."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import polars as pl

from engine.block.asked import places_of, too_large
from engine.block.columns import LA, chosen, number, words
from engine.block.places import PlaceAmount, value_places
from engine.columns import Column, Kind
from engine.errors import PairRefused, Problem
from engine.export.rows import Rows, Shape
from engine.money import number as written
from engine.reading.listed import listed
from engine.rules.block import Places
from engine.rules.compiled import CompiledRules

GROUP, TYPE = "institution_group", "place_type"


@dataclass(frozen=True, slots=True)
class PlacesValued:
    """One row of places: authority, kind, count in each period (millionths), and the amount."""

    row: int
    la: int
    group: str
    label: str
    counts: tuple[int, ...]
    amount: PlaceAmount

    @property
    def pence(self) -> int:
        """Return what the row comes to."""
        return self.amount.amount


def periods_of(places: Places) -> int:
    """Return the most periods that any kind of place is counted in."""
    return max(max(len(kind.periods), 1) for kind in places.types.values())


def place_columns(places: Places) -> list[Column]:
    """Return the columns of a table of places, those of its periods last."""
    return [
        LA,
        words(GROUP, "kind of institution"),
        chosen(TYPE, "kind of place"),
        *(
            number(
                f"places_{period}",
                "places, or pounds where sums are given",
                required=period == 1,
            )
            for period in range(1, periods_of(places) + 1)
        ),
    ]


def place_amounts(
    rules: CompiledRules, frame: pl.DataFrame, *, first_row: int = 2
) -> tuple[PlacesValued, ...]:
    """Return the money for each row's places in the order given, in pence.

    Raises ``TableRefused`` for cells that cannot be read, ``PairRefused`` for what the rules
    cannot work with, each with every problem by row (the first is ``first_row``).
    """
    compiled = places_of(rules)
    places = compiled.rule
    columns = place_columns(places)
    names = [column.name for column in columns if column.kind is Kind.millionths]
    cells = listed(
        frame,
        columns,
        required=frozenset({LA.name, TYPE, *names}),
        key=(LA.name, GROUP, TYPE),
        labels=tuple(places.types),
        first_row=first_row,
    )
    valued: list[PlacesValued] = []
    problems: list[Problem] = []
    for at, row in enumerate(cells.rows):
        kind = cells.text(TYPE, at)
        periods = max(len(places.types[kind].periods), 1)
        counts = [cells.number(name, at) for name in names]
        wrong = _misfits(names, counts, periods)
        given = tuple(count for count in counts[:periods] if count is not None)
        if not wrong:
            amount = value_places(compiled, kind, [written(one) for one in given])
            wrong = too_large(amount.amount)
            label = places.types[kind].label
            la = cells.number(LA.name, at) or 0
            valued.append(PlacesValued(row, la, cells.text(GROUP, at), label, given, amount))
        problems += [replace(one, row=row) for one in wrong]
    if problems:
        raise PairRefused(problems)
    return tuple(valued)


def _misfits(names: Sequence[str], counts: Sequence[int | None], periods: int) -> list[Problem]:
    """Return a problem for each period without places, and each count without a period."""
    absent = "is missing; give the places of this period (0 if there are none)"
    over = f"must be blank: this kind of place has {periods} period{'s' if periods > 1 else ''}"
    return [
        Problem(absent if at < periods else over, "place-periods", column=name)
        for at, (name, count) in enumerate(zip(names, counts, strict=True))
        if (count is None) is (at < periods)
    ]


def place_rows(valued: Sequence[PlacesValued]) -> Rows:
    """Return one row for each authority, group and kind of place, in that order."""
    periods = max((len(one.counts) for one in valued), default=0)
    numbered = range(1, periods + 1)
    shapes = {
        "la": Shape.whole, GROUP: Shape.text, TYPE: Shape.text, "label": Shape.text,
        **{f"places_{period}": Shape.units for period in numbered},
        **{f"rate_{period}": Shape.pounds for period in numbered},
        "amount": Shape.pounds,
    }  # fmt: skip
    records: list[dict[str, str | int | None]] = [
        {
            "la": one.la, GROUP: one.group or None, TYPE: one.amount.place_type, "label": one.label,
            **{f"places_{at}": count for at, count in enumerate(one.counts, start=1)},
            **{f"rate_{at}": rate for at, rate in enumerate(one.amount.rates, start=1)},
            "amount": one.amount.amount,
        }
        for one in sorted(valued, key=lambda one: (one.la, one.group, one.amount.place_type))
    ]  # fmt: skip
    return Rows.listed("places", shapes, records)
