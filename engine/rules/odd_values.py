"""Values of a rule document that its author may not have meant: a share typed for a percentage, pence for pounds."""

from collections.abc import Iterator
from statistics import median_low

from engine.limits import limits
from engine.money import decimal_of
from engine.rules.document import RuleSet
from engine.rules.formula import Counts
from engine.rules.odd_prices import PRICES, far_from_the_middle
from engine.rules.place_names import PlaceNames
from engine.rules.values import DatedValue, dated_values
from engine.rules.yaml_source import Path

PARTS = {
    "pupil_percent", "school_percent", "on_costs_percent", "scaling_percent", "only_above_percent"
}  # fmt: skip
"""Percentages of something that are rarely as low as 1."""

UPRATING, NOTIONAL = "uprating_percent", "notional_percent"
CHANGES = {UPRATING, "guarantee_percent", "cap_percent"}
"""Percentages of a change from one year to the next."""
MODIFIERS, PERCENT, POUNDS = "modifiers", "percent", "pounds"
CAP, FLOOR = ("top_up_rule", "cap"), ("top_up_rule", "floor")
FEW = 3

_FIRST_PART = (
    "pounds_of_a_first_part",
    "£{} is far from any first part of a plan that a school meets: pounds or pence?",
)
_ANY_PLACE = (
    "pounds_of_a_price",
    "£{} a year is more than any place is known to cost: pounds or pence?",
)
_GUARANTEE = ("guarantee_percent", "{}% is a change a pupil far from any guaranteed or capped")
_AREA = ("area_multiplier", "{} is a multiplier far from any of an area: 5.84% more is 1.0584")
USUAL = {
    "threshold": _FIRST_PART,
    "high_needs_threshold": _FIRST_PART,
    "guarantee_percent": _GUARANTEE,
    "cap_percent": _GUARANTEE,
    "area_cost_adjustment": _AREA,
    "floor": _ANY_PLACE,
    "cap": _ANY_PLACE,
}
"""The limit of a value that is no price, and what is said of one outside it, by a field on its path."""


LEVELS = {"primary", "ks3", "ks4"}
OF_A_PUPIL, OF_SOME, OF_A_SCHOOL = (
    "pounds_of_every_pupil", "pounds_of_some_pupils", "pounds_of_a_school"
)  # fmt: skip
FORMULA = {
    OF_A_PUPIL: "what any formula pays for each pupil",
    OF_SOME: "what any formula pays for a pupil of a factor",
    OF_A_SCHOOL: "what any formula pays for a school",
}
"""The limits of unit values of a schools formula, and of what it is far that is outside one."""

BY_COUNTS = {
    Counts.pupils: OF_SOME, Counts.school: OF_A_SCHOOL, Counts.sparsity: OF_A_SCHOOL
}  # fmt: skip


def odd_values(document: RuleSet) -> list[str]:
    """Return a sentence for the percentages that look like shares, and those for prices and other values that look like pence."""
    values = [(path[:-1], given) for path, given in dated_values(document) if given.is_printed]
    usual = [(path, given) for path, given in values if not _is_above_any(path, given)]
    names = PlaceNames(document)
    return [
        *_shares(document, values, names),
        *_pence(values, names),
        *_unusual(values, names),
        *_unit_values(document, values, names),
        *_full_time(document),
        *_far_from_prices(document, values, names),
        *far_from_the_middle(document, usual, names),
    ]


def _shares(
    document: RuleSet, values: list[tuple[Path, DatedValue]], names: PlaceNames
) -> Iterator[str]:
    """Yield what is noted on percentages between 0 and the least that is usual."""
    odd = [
        (path, given)
        for path, given in values
        if (name := _limit_of(document, path)) is not None
        and 0 < abs(given.decimal) < limits()[name].lower
    ]
    if odd:
        example = odd[0][1]
        meant = (example.decimal * 100).normalize()
        yield (
            f"{_named(odd, names)}: {example.value} is in percent: {example.value}%. If a share is meant, write {meant:f}"
        )


def _limit_of(document: RuleSet, path: Path) -> str | None:
    """Return the name of the limit that a percentage at a path has, None where it has none."""
    field = path[-1]
    if field in PARTS or (field == PERCENT and MODIFIERS in path):
        return "part_percent"
    if field in CHANGES:
        return UPRATING
    if field != NOTIONAL:
        return None
    formula = document.schools_formula
    counts_all = formula is not None and formula.pupils_counted_by in path
    return "notional_percent_of_pupils" if counts_all else NOTIONAL


def _pence(values: list[tuple[Path, DatedValue]], names: PlaceNames) -> Iterator[str]:
    """Yield what is noted on prices of bands beyond what a place costs anywhere."""
    odd = [one for one in values if _is_above_any(*one)]
    if odd:
        yield f"{_named(odd, names)}: £{odd[0][1].value} a year is more than any place is known to cost: pounds or pence?"


def _unusual(values: list[tuple[Path, DatedValue]], names: PlaceNames) -> Iterator[str]:
    """Yield what is noted on first parts, multipliers of areas, floors and caps outside what is usual; none of 0 is."""
    for field, (name, said) in USUAL.items():
        limit = limits()[name]
        odd = [
            (path, given)
            for path, given in values
            if field in path and given.decimal and not limit.lower <= given.decimal <= limit.upper
        ]
        if odd:
            yield f"{_named(odd, names)}: {said.format(odd[0][1].value)}"


def _unit_values(
    document: RuleSet, values: list[tuple[Path, DatedValue]], names: PlaceNames
) -> Iterator[str]:
    """Yield what is noted on unit values and minimum levels of a schools formula far from any; none of 0 is."""
    for name, what in FORMULA.items():
        limit = limits()[name]
        odd = [
            (path, given)
            for path, given in values
            if _of_formula(document, path) == name
            and given.decimal
            and not limit.lower <= given.decimal <= limit.upper
        ]
        if odd:
            yield f"{_named(odd, names)}: £{odd[0][1].value} is far from {what}: pounds or pence?"


def _of_formula(document: RuleSet, path: Path) -> str | None:
    """Return the name of the limit of a unit value or a minimum level at a path, None of another value."""
    formula = document.schools_formula
    if formula is None or path[:1] != ("schools_formula",):
        return None
    if path[1] == "minimum_per_pupil" and path[-1] in LEVELS:
        return OF_A_PUPIL
    if path[1] != "factors" or path[-1] != "unit_value":
        return None
    name = str(path[2])
    if name == formula.pupils_counted_by:
        return OF_A_PUPIL
    return BY_COUNTS.get(formula.factors[name].counts)


def _full_time(document: RuleSet) -> Iterator[str]:
    """Yield what is noted on a full-time week that is far from any; one of 0 hours is none."""
    rule, limit = document.top_up_rule, limits()["hours_of_a_full_time_week"]
    if rule is None or rule.part_time is None:
        return
    hours = decimal_of(rule.part_time.full_time_hours)
    if hours and not limit.lower <= hours <= limit.upper:
        yield (
            f"top_up_rule.part_time.full_time_hours: {rule.part_time.full_time_hours} is far from the hours of any"
            " full-time week: hours a week, or a full-time equivalent?"
        )


def _far_from_prices(
    document: RuleSet, values: list[tuple[Path, DatedValue]], names: PlaceNames
) -> Iterator[str]:
    """Yield what is noted on sums that go with prices and are far from them: caps and floors below, floors and additions above.

    A cap is compared with the lowest price too, where prices are sums and no first part is taken off them.
    """
    prices = [given.decimal for path, given in values if _is_price(path) and given.decimal > 0]
    if not prices:
        return
    middle, lowest, limit = median_low(prices), min(prices), limits()["times_the_middle_price"]
    low, high = limit.lower * middle, limit.upper * middle
    whole = limits()["of_the_lowest_price"].lower * lowest if _are_whole(document) else low
    for path, given in values:
        is_floor = path[:2] == FLOOR
        is_low = (path[:2] == CAP and 0 < given.decimal < max(low, whole)) or (
            is_floor and 0 < given.decimal < limit.lower * lowest
        )
        is_high = (is_floor or (path[-1] == POUNDS and MODIFIERS in path)) and given.decimal > high
        if is_low or is_high:
            side = "below" if is_low else "above"
            yield f"{names.of(path)}: £{given.value} is far {side} the middle price of the rule set, £{middle}: pounds or pence?"


def _are_whole(document: RuleSet) -> bool:
    """Return whether all prices are sums, of which no first part is taken off."""
    profile, rule = document.band_profile, document.top_up_rule
    inside = rule is not None and rule.threshold is not None and rule.threshold.inside
    return profile is not None and not inside and all(one.pounds for one in profile.tariff.prices)


def _is_price(path: Path) -> bool:
    return path[:3] == PRICES and path[-1] == POUNDS


def _is_above_any(path: Path, given: DatedValue) -> bool:
    """Return whether a price of a band is more than a place costs anywhere."""
    is_price = "tariff" in path and path[-1] == "pounds"
    return is_price and given.decimal > limits()["pounds_of_a_price"].upper


def _named(odd: list[tuple[Path, DatedValue]], names: PlaceNames) -> str:
    """Return the first places of values, and how many more there are."""
    more = len(odd) - FEW
    first = ", ".join(names.of(path) for path, _ in odd[:FEW])
    return f"{first} and {more} more" if more > 0 else first
