"""What a band pays a year in a setting, and what holds for every price of the tariff."""

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet

from engine.lab.atlas.entries import Answer, Conditions, Part, answers, condition_words
from engine.lab.atlas.spreads import price_by_pupil, spread
from engine.money import MILLION, PENCE, number, pounds
from engine.rules.bands import BandProfile
from engine.rules.compile_value_tables import price_values
from engine.rules.compiled import CompiledRules, CompiledTopUps
from engine.rules.in_force import InForce, begins_after
from engine.rules.inputs import Input
from engine.rules.measures import (
    LATER,
    NO_ANSWER,
    Cell,
    Measured,
    Unit,
    derived,
    money,
    over_days,
)
from engine.rules.price_steps import MONEY, SUM, bounds_of
from engine.rules.prices import Modifier, Price, Tariff
from engine.rules.segments import CompiledPrice, Segment
from engine.rules.value_tables import SeriesOrTable, ValueTable, series_of
from engine.rules.values import DatedValue
from engine.steps import UNPRINTED, Folded, Steps, document_values, words_of
from engine.vocabulary import NOT_PRINTED, Setting, marked, weakest

NO_PRICE = Cell(None, "no price")
Row = tuple[CompiledPrice, Steps, Folded]


def settings_named(profiles: Sequence[BandProfile]) -> tuple[str, ...]:
    """Return the settings that prices name, in the order of their codes."""
    named = {
        choice
        for profile in profiles
        for price in profile.tariff.prices
        for choice in price.when.get(Input.setting, ())
    }
    return tuple(one.name for one in Setting if one.name in named)


def price_cell(
    top_ups: CompiledTopUps,
    band: str,
    of: str,
    named: Sequence[str],
) -> Cell:
    """Return the price of a band in a setting, or in all those that ``named`` leaves out; each with its day where it changes.

    Its standing is that of the least checked value from which it was worked out.
    """
    return over_days(
        (one.now.first, _price_cell(top_ups, one, band, of, named)) for one in top_ups.segments
    )


def _price_cell(
    top_ups: CompiledTopUps, segment: Segment, band: str, of: str, named: Sequence[str]
) -> Cell:
    settings = [of] if of in named else [one.name for one in Setting if one.name not in named]
    rows: list[Row] = []
    for price, values in zip(top_ups.prices, segment.prices, strict=True):
        if price.rule.band not in {None, band} or not _applies(price.rule, settings):
            continue
        rows.append((price, *values))
        if not set(price.rule.when) - {Input.setting}:
            break
    if not rows:
        return NO_PRICE
    tables = {one.path for one in top_ups.tables}
    parts = [_phrase(*row, segment.now, tables) for row in rows]
    last = rows[-1][0].rule
    if set(last.when) - {Input.setting}:
        parts.append("otherwise no price")
    elif len(parts) > 1:
        parts[-1] += " otherwise"
    used = [given for _, steps, _ in rows for given in document_values(steps)]
    return Cell("; ".join(parts), standing=marked(weakest(used)))


def staffing_words(profile: BandProfile, band: str) -> tuple[str, ...]:
    """Return the staffing that a band is costed from, in one phrase; nothing where it is not."""
    costed = [
        (price.staffing, condition_words(price.when))
        for price in profile.tariff.prices
        if price.staffing is not None and price.band in {None, band}
    ]
    said = "; ".join(
        f"{' and '.join(f'{one.number} {one.role}' for one in staffing.adults)}"
        f" for {staffing.pupils} pupils{f' where {where}' if where else ''}"
        for staffing, where in costed
    )
    return (said,) if said else ()


def _applies(price: Price, settings: Sequence[str]) -> bool:
    choices = price.when.get(Input.setting)
    return choices is None or bool(set(choices) & set(settings))


def _phrase(
    price: CompiledPrice, steps: Steps, folded: Folded, now: InForce, tables: AbstractSet[str]
) -> str:
    differs = not tables.isdisjoint(price_values(price.rule, price.at))
    amount = price_by_pupil(price, now) if differs else _amount(price, steps, folded)
    words = condition_words(price.rule.when, leave_out=(Input.setting,))
    return f"{amount} where {words}" if words else amount


def _amount(price: CompiledPrice, steps: Steps, folded: Folded) -> str:
    """Return a price a year after uprating and area adjustment, for a full-time pupil.

    It is read off the steps of the price, as they fold and as they are printed.
    """
    if price.rule.assessed_cost:
        return "the assessed cost"
    parts = []
    if folded.quantity is None or any(step.name == SUM for step in steps):
        parts.append(NOT_PRINTED if folded.base == UNPRINTED else pounds(folded.base))
    if folded.quantity is not None:
        shared = ", shared in a group" if folded.shared else ""
        parts.append(f"{_each(folded)} × {words_of(folded.quantity)}{_bounds(price)}{shared}")
    words = " + ".join(parts)
    return f"{words}, once" if price.once else words


def _each(folded: Folded) -> str:
    each, divisor = folded.each, folded.divisor
    if each == UNPRINTED:
        return NOT_PRINTED
    words = number(each, MILLION) if folded.quantity in MONEY else pounds(each)
    return words if divisor == 1 else f"{words} ÷ {divisor}"


def _bounds(price: CompiledPrice) -> str:
    """Return which part of a quantity counts, and in which steps."""
    scale = PENCE if price.quantity in MONEY else MILLION
    bounds = "".join(f" {words} {bound.text}" for words, bound in bounds_of(price.rule))
    return f"{bounds} in steps of {number(price.step, scale)}" if price.step else bounds


def tariff_answers(rules: CompiledRules) -> Iterator[Answer]:
    """Yield what changes prices; prices of bands are shown after uprating and area adjustment."""
    profile = rules.document.band_profile
    if profile is None or rules.top_ups is None:
        return
    tariff, now = profile.tariff, rules.now
    area, unit = tariff.area_cost_adjustment, tariff.unit_value
    cells: list[Measured] = [
        ("uprating", Unit.text, _uprating(tariff.uprating_percent, now)),
        ("an uprated price is rounded to", Unit.pounds, _nearest(tariff)),
        ("area cost adjustment", Unit.number, spread(area, now)),
        ("value of a unit", Unit.pounds, spread(unit, now, money)),
    ]
    yield from answers(Part.tariff, "tariff", "All prices", cells, rank=(0,))
    for label in dict.fromkeys(one.label for one in tariff.modifiers):
        cell = _modifier([one for one in tariff.modifiers if one.label == label], now)
        added = [("added to prices", Unit.text, cell)]
        yield from answers(Part.tariff, "modifier", label, added, of=label, rank=(1, label))


def _uprating(held: SeriesOrTable | None, now: InForce) -> Cell:
    """Return each uprating with the day from which it is added, those yet to come too."""
    if isinstance(held, ValueTable):
        return spread(held, now)
    if not held:
        return NO_ANSWER
    said = "; ".join(
        f"{_percent(one)} from {one.from_.isoformat()}{', not yet in force' if begins_after(one, now.last) else ''}"
        for one in held
    )
    return derived(said, *held)


def _percent(given: DatedValue) -> str:
    return f"{given.value}%" if given.is_printed else given.value


def _nearest(tariff: Tariff) -> Cell:
    return Cell(tariff.uprated_to_nearest) if tariff.uprating_percent else NO_ANSWER


def _modifier(modifiers: list[Modifier], now: InForce) -> Cell:
    said, used = [], []
    for one in modifiers:
        held = one.percent or one.pounds
        if isinstance(held, ValueTable):
            cell = spread(held, now)
            said.append(_words(one, cell.value or "", percent=one.percent is not None))
            used += [given for series in series_of(held) for given in series]
            continue
        for at, given in enumerate(now.values(held)):
            said.append(
                _added(one, given) + ("" if at == 0 else f" from {given.from_.isoformat()}")
            )
            used.append(given)
    return derived("; ".join(said), *used) if said else LATER


def _added(modifier: Modifier, given: DatedValue) -> str:
    """Return what a modifier adds, and where."""
    if not given.is_printed:
        return _where(modifier, given.value)
    return _words(modifier, given.value, percent=modifier.percent is not None)


def _words(modifier: Modifier, amount: str, *, percent: bool) -> str:
    return _where(modifier, f"{amount}%" if percent else f"{amount} pounds a year")


def _where(modifier: Modifier, amount: str) -> str:
    named: Conditions = {} if modifier.band is None else {Input.band: (modifier.band,)}
    where = ", ".join(filter(None, map(condition_words, (named, modifier.when))))
    return f"{amount} where {where}" if where else amount
