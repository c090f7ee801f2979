"""What compiled rules have in common with another document: parts that are the same in both are compiled once.

A what-if changes a number or two of a document, and everything else in it stays the same object.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import NamedTuple

from engine.cache import Cache
from engine.calendars import Calendar
from engine.rules.assignment import Assigned
from engine.rules.bands import BandProfile
from engine.rules.compile_value_tables import CompiledValueTable, value_tables
from engine.rules.compiled import CompiledFormula, CompiledRules, CompiledTopUps
from engine.rules.document import RuleSet
from engine.rules.equivalence_classes import EquivalenceClasses
from engine.rules.grid import Grid
from engine.rules.price_steps import CompiledModifier
from engine.rules.prices import Modifier, Price, Tariff
from engine.rules.top_up_rule import TopUpRule
from engine.rules.value_tables import ValueTable
from engine.steps import Folded, Steps

Priced = tuple[Steps, Folded]
ROWS = {"prices", "modifiers"}
"""The parts of a tariff that are rows; what else it has is part of every price."""


class SharedTopUps(NamedTuple):
    """The parts of compiled top-ups that hold for another document; None of what has to be compiled.

    ``prices`` are those of each segment by its first day, None for each that differs. ``of`` are the
    top-ups that all are part of.
    """

    assigned: Assigned | None = None
    funded: Grid | None = None
    tariff: Grid | None = None
    tables: tuple[CompiledValueTable, ...] | None = None
    modifiers: tuple[CompiledModifier, ...] | None = None
    calendar: Calendar | None = None
    prices: Mapping[date, Sequence[Priced | None]] = MappingProxyType({})

    of: CompiledTopUps | None = None

    def classes(self, codes: Sequence[int]) -> EquivalenceClasses | None:
        """Return the classes of all conditions, where none of them differs."""
        grids = (self.assigned, self.funded, self.tariff, self.tables, self.modifiers)
        same = self.of is not None and self.of.threshold_settings == tuple(codes)
        return self.of.classes if self.of is not None and same and None not in grids else None

    @property
    def covered(self) -> Cache:
        """Return the cache of what conditions alone decide: that of the other top-ups, where none of them differs."""
        grids = (self.assigned, self.funded, self.tariff, self.modifiers)
        return Cache() if self.of is None or None in grids else self.of.covered


NOTHING_SHARED = SharedTopUps()


def shared_formula(
    published: CompiledRules | None, document: RuleSet, day: date | None
) -> CompiledFormula | None:
    """Return the compiled formula that holds for a document too, None where it has another."""
    if published is None or not _is_of_same_days(published, document, day):
        return None
    same = published.document.schools_formula is document.schools_formula
    return published.formula if same else None


def shared_top_ups(
    published: CompiledRules | None, document: RuleSet, day: date | None
) -> SharedTopUps:
    """Return what of compiled top-ups holds for another document of the same days."""
    if published is None or not _is_of_same_days(published, document, day):
        return NOTHING_SHARED
    top_ups, old, rule = published.top_ups, *_parts(published.document)
    new, new_rule = _parts(document)
    if top_ups is None or not (old and rule and new and new_rule) or old.bands != new.bands:
        return NOTHING_SHARED
    assigned = Assigned(top_ups.band_of_row, top_ups.assignment, top_ups.panel_from)
    every = len(top_ups.modifiers) == len(old.tariff.modifiers)
    same_modifiers = every and _same_conditions(old.tariff.modifiers, new.tariff.modifiers)
    return SharedTopUps(
        assigned if old.assignment is new.assignment else None,
        top_ups.funded if rule.pays_when == new_rule.pays_when else None,
        top_ups.tariff if _same_conditions(old.tariff.prices, new.tariff.prices) else None,
        top_ups.tables if _same_tables(old, rule, new, new_rule) else None,
        top_ups.modifiers if same_modifiers else None,
        top_ups.calendar if rule.calendar is new_rule.calendar else None,
        _same_prices(top_ups, old.tariff, new.tariff),
        top_ups,
    )


def _parts(document: RuleSet) -> tuple[BandProfile | None, TopUpRule | None]:
    return document.band_profile, document.top_up_rule


def _is_of_same_days(published: CompiledRules, document: RuleSet, day: date | None) -> bool:
    old = published.document
    return published.day == day and (old.effective, old.year) == (document.effective, document.year)


def _same_conditions(old: Sequence[Price | Modifier], new: Sequence[Price | Modifier]) -> bool:
    """Return whether rows hold for the same pupils, one by one."""
    return len(old) == len(new) and all(
        one is other or (one.band, one.when) == (other.band, other.when)
        for one, other in zip(old, new, strict=True)
    )


def _same_tables(old: BandProfile, rule: TopUpRule, new: BandProfile, new_rule: TopUpRule) -> bool:
    """Return whether tables of values have the same rows for the same pupils."""
    tables, others = value_tables(old, rule), value_tables(new, new_rule)
    return tables.keys() == others.keys() and all(
        one is other or (_conditions(one) == _conditions(other))
        for one, other in zip(tables.values(), others.values(), strict=True)
    )


def _conditions(table: ValueTable) -> tuple[object, ...]:
    return table.otherwise, *(row.when for row in table.rows)


def _same_prices(
    top_ups: CompiledTopUps, old: Tariff, new: Tariff
) -> dict[date, Sequence[Priced | None]]:
    """Return the prices of each segment that are the same in another tariff."""
    beside = [name for name in Tariff.model_fields if name not in ROWS]
    if any(getattr(old, name) != getattr(new, name) for name in beside):
        return {}
    same = [one is other for one, other in zip(old.prices, new.prices, strict=False)]
    return {
        segment.now.first: [
            priced if is_same else None
            for priced, is_same in zip(segment.prices, same, strict=False)
        ]
        for segment in top_ups.segments
    }
