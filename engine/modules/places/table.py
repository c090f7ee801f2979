"""Places by authority and kind: the columns of a table, each row valued, and the rows of a file."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from engine.columns import Column
from engine.errors import PairRefused, Problem
from engine.modules.allocation import WHY, Allocation, AllocationModule, Record, why_column
from engine.modules.module import Options
from engine.modules.places.valuation import PlaceAmount, amount_of, place_steps
from engine.modules.table_columns import LA, chosen, number, words
from engine.money import MILLION
from engine.reading.short_table import ShortTable
from engine.rows import Shape
from engine.rules.compiled import CompiledRules
from engine.rules.measures import LATER, Cell, Measured, Topic, Unit, money, values_over_days
from engine.rules.measures import words as cell_words
from engine.rules.places import CompiledPlaces, Places
from engine.steps import OwnNumbers, Steps
from engine.vocabulary import Missing

GROUP, TYPE = "institution_group", "place_type"
AS_SUMS = Cell(None, "given as sums of money")
BLANK_PERIOD = "refused, unless the kind of place has fewer periods; write 0 for none"


@dataclass(frozen=True, slots=True)
class PlacesValued:
    """One row of places: authority, kind, count in each period (millionths), and the amount."""

    row: int
    la: int
    group: str
    place_type: str
    label: str
    counts: tuple[int, ...]
    amount: PlaceAmount

    @property
    def pence(self) -> int:
        """Return what the row comes to, 0 where it is not known."""
        return self.amount.amount or 0

    @property
    def missing(self) -> Missing | None:
        """Return why what it comes to is not known, None where it is."""
        return Missing.not_printed if self.amount.amount is None else None


def period_columns(places: Places) -> tuple[str, ...]:
    """Return the columns of places, one for each period in which any kind of place is counted."""
    most = max(max(len(kind.periods), 1) for kind in places.types.values())
    return tuple(f"places_{period}" for period in range(1, most + 1))


class PlacesModule(AllocationModule[CompiledPlaces, PlacesValued]):
    """Money for places."""

    name = "places"
    compiled = CompiledPlaces
    label = "place funding"
    table = "places"
    title = "Places"
    about = "One row for each authority, group of institutions and kind of place; `evenband places` reads it."
    numbers = "places"
    key = (LA.name, GROUP, TYPE)
    money = ("amount",)
    groupings = (LA.name, TYPE)

    def columns(self, part: CompiledPlaces) -> Sequence[Column]:
        """Return the columns of a table of places, those of its periods last."""
        meaning = "places, or pounds where sums are given"
        return [
            LA,
            words(GROUP, "kind of institution", "no group"),
            chosen(TYPE, "kind of place", tuple(part.types)),
            *(
                number(name, meaning, BLANK_PERIOD, required=name == "places_1")
                for name in period_columns(part.rule)
            ),
        ]

    def may_lack(self, part: CompiledPlaces) -> frozenset[str]:  # noqa: ARG002
        """Return the group of institutions."""
        return frozenset({GROUP})

    def topics(self, part: CompiledPlaces) -> Iterator[Topic]:
        """Yield the rate of each kind of place, and what it is counted for."""
        for name, kind in part.types.items():
            rates = [one.dated for one in kind.annuals]
            annual = values_over_days(rates, money) if rates else LATER
            annual = AS_SUMS if kind.rule.annual is None else annual
            periods = ", ".join(f"{one.name} {one.months}/12" for one in kind.rule.periods)
            measures: list[Measured] = [
                ("rate a place a year", Unit.pounds, annual),
                ("places are counted for", Unit.text, cell_words(periods)),
            ]
            yield Topic(name, kind.rule.label, measures, (name,))

    def values(
        self,
        rules: CompiledRules,
        cells: ShortTable,
        options: Options,  # noqa: ARG002 - none is for these
    ) -> Callable[[int], PlacesValued]:
        """Return how a row of places is valued."""
        part = self.required(rules)
        names = period_columns(part.rule)
        steps = {name: place_steps(kind) for name, kind in part.types.items()}

        def value(at: int) -> PlacesValued:
            kind, counts = cells.text(TYPE, at), [cells.number(name, at) for name in names]
            rule = part.types[kind].rule
            _refuse_misfits(names, counts, max(len(rule.periods), 1))
            counted = tuple(count for count in counts if count is not None)
            amount = amount_of(steps[kind], [Fraction(one, MILLION) for one in counted])
            la = cells.number(LA.name, at) or 0
            return PlacesValued(
                cells.rows[at], la, cells.text(GROUP, at), kind, rule.label, counted, amount
            )

        return value

    def steps(self, one: PlacesValued) -> tuple[Steps, OwnNumbers]:
        """Return the steps to the amount."""
        return one.amount.steps, one.amount.own

    def shapes(self, outcome: Allocation[CompiledPlaces, PlacesValued]) -> dict[str, Shape]:
        """Return the columns of rows: as many periods as any row has."""
        periods = range(1, max((len(one.counts) for one in outcome.valued), default=0) + 1)
        return {
            LA.name: Shape.whole, GROUP: Shape.text, TYPE: Shape.text, "label": Shape.text,
            **{f"places_{period}": Shape.units for period in periods},
            **{f"rate_{period}": Shape.pounds for period in periods},
            "amount": Shape.pounds,
            **why_column(outcome.valued),
        }  # fmt: skip

    def record(self, one: PlacesValued) -> Record:
        """Return one row for each authority, group and kind of place."""
        return {
            LA.name: one.la, GROUP: one.group or None, TYPE: one.place_type, "label": one.label,
            **{f"places_{at}": count for at, count in enumerate(one.counts, start=1)},
            **{f"rate_{at}": rate for at, rate in enumerate(one.amount.rates, start=1)},
            "amount": one.amount.amount, WHY: one.missing and str(one.missing),
        }  # fmt: skip


def _refuse_misfits(names: Sequence[str], counts: Sequence[int | None], periods: int) -> None:
    """Refuse each period without places, and each count without a period."""
    absent = "is missing; give the places of this period (0 if there are none)"
    over = f"must be blank: this kind of place has {periods} period{'s' if periods > 1 else ''}"
    problems = [
        Problem(absent if at < periods else over, "place-periods", column=name)
        for at, (name, count) in enumerate(zip(names, counts, strict=True))
        if (count is None) is (at < periods)
    ]
    if problems:
        raise PairRefused(problems)
