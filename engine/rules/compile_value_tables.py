"""Tables of values of bands and top-ups, each with the grid of which row of it fits a pupil."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from engine.rules.bands import BandProfile, HitPolicy
from engine.rules.clause_steps import RULE
from engine.rules.grid import Grid, build
from engine.rules.in_force import Fitting, InForce
from engine.rules.price_steps import MONEY, TARIFF
from engine.rules.prices import Modifier, Price, Tariff
from engine.rules.top_up_rule import TopUpRule
from engine.rules.value_tables import ROWS, SeriesOrTable, ValueTable, series_of
from engine.rules.yaml_source import first_of

AREA, UPRATING, UNIT = (
    f"{TARIFF}.{name}" for name in ("area_cost_adjustment", "uprating_percent", "unit_value")
)
THRESHOLD, FLOOR, CAP = f"{RULE}.threshold.pounds", f"{RULE}.floor", f"{RULE}.cap"
CLAUSES = (THRESHOLD, FLOOR, CAP)
"""The values of a top-up rule that may be tables."""


class CompiledValueTable(NamedTuple):
    """A table of values: where it is, and which of its rows fits whom.

    rows    how many it has
    needed  whether the amount of a pupil whom no row fits is not known
    """

    path: str
    grid: Grid
    rows: int
    needed: bool


def value_fields(
    profile: BandProfile, rule: TopUpRule
) -> Iterator[tuple[str, SeriesOrTable | None]]:
    """Yield each value of bands and top-ups that may be a table, with its path."""
    yield from tariff_fields(profile.tariff)
    yield from clause_fields(rule)


def tariff_fields(tariff: Tariff) -> Iterator[tuple[str, SeriesOrTable | None]]:
    """Yield each value of a tariff that may be a table, with its path."""
    yield from ((UNIT, tariff.unit_value), (AREA, tariff.area_cost_adjustment))
    yield UPRATING, tariff.uprating_percent
    for at, price in enumerate(tariff.prices):
        yield f"{TARIFF}.prices.{at}.pounds", price.pounds
        yield f"{TARIFF}.prices.{at}.pounds_each", price.pounds_each
    for at, one in enumerate(tariff.modifiers):
        yield from ((f"{TARIFF}.modifiers.{at}.{name}", held) for name, held in _added(one))


def _added(one: Modifier) -> Iterator[tuple[str, SeriesOrTable]]:
    """Yield what a modifier adds, with its name; both where it has both, which is refused."""
    for name, held in (("percent", one.percent), ("pounds", one.pounds)):
        if held is not None:
            yield name, held


def clause_fields(rule: TopUpRule) -> Iterator[tuple[str, SeriesOrTable | None]]:
    """Yield each value of a top-up rule that may be a table, with its path."""
    yield THRESHOLD, None if rule.threshold is None else rule.threshold.pounds
    yield from ((FLOOR, rule.floor), (CAP, rule.cap))


def modifier_path(one: Modifier, at: int) -> str:
    """Return the path of what a modifier adds."""
    return f"{TARIFF}.modifiers.{at}.{'percent' if one.percent else 'pounds'}"


def value_tables(profile: BandProfile, rule: TopUpRule) -> Mapping[str, ValueTable]:
    """Return the tables of values of bands and top-ups by their paths."""
    return {
        path: held for path, held in value_fields(profile, rule) if isinstance(held, ValueTable)
    }


def compile_value_tables(profile: BandProfile, rule: TopUpRule) -> tuple[CompiledValueTable, ...]:
    """Return each table of values with its grid; raises ``RuleRefused`` as ``build`` does."""
    return tuple(
        CompiledValueTable(path, table_grid(table, path, profile.bands), len(table.rows), table.otherwise is None)
        for path, table in value_tables(profile, rule).items()
    )  # fmt: skip


def table_grid(table: ValueTable, path: str, bands: Sequence[str]) -> Grid:
    """Return which row of a table of values fits: the first."""
    return build([row.when for row in table.rows], bands, HitPolicy.first, f"{path}.{ROWS}")


def first_rows(tables: Mapping[str, ValueTable]) -> Fitting:
    """Return the first row of every table: what is the same for all rows is read off it."""
    return tuple((path, 0) for path in tables)


def price_values(price: Price, at: int) -> tuple[str, ...]:
    """Return the paths of the values that a price at a place of a tariff depends on, and that may be tables."""
    place = f"{TARIFF}.prices.{at}"
    found = []
    if price.pounds is not None:
        found.append(f"{place}.pounds")
    if price.pounds_each is not None:
        found.append(f"{place}.pounds_each")
    if price.units is not None:
        found.append(UNIT)
    plain = price.pounds is not None or price.units is not None
    uprated = plain or (price.each is not None and price.each not in MONEY)
    if uprated:
        found.append(UPRATING)
    if uprated or price.staffing is not None:
        found.append(AREA)
    return tuple(found)


def refuse_rows_not_begun(tables: Mapping[str, ValueTable], now: InForce) -> None:
    """Raise ``RuleRefused`` for each row of prices and first parts that has no value in force yet."""
    problems = [
        problem
        for path, table in tables.items()
        if path in (UNIT, THRESHOLD) or ".prices." in path
        for at, series in enumerate(series_of(table))
        for problem in now.not_begun(series, table.place(path, at))
    ]
    if problems:
        raise first_of(problems)
