"""What holds for every price of a tariff: its uprating, its area adjustment, what is added to it."""

from collections.abc import Iterator

from engine.lab.atlas.entries import (
    NOT_SAID,
    Answered,
    Asked,
    Cell,
    Entry,
    Part,
    Unit,
    held,
    money,
    worked,
)
from engine.lab.atlas.words import Conditions, condition_words
from engine.rules.compiled import CompiledRules
from engine.rules.in_force import InForce
from engine.rules.inputs import Input
from engine.rules.prices import Modifier, Tariff


def tariff_answers(rules: CompiledRules) -> Iterator[Answered]:
    """Yield what changes prices; prices of bands are shown after uprating and area adjustment."""
    profile = rules.document.band_profile
    if profile is None or rules.top_ups is None:
        return
    tariff, now = profile.tariff, rules.now
    cells: list[Asked] = [
        ("uprating", Unit.text, _uprating(tariff, now)),
        ("an uprated price is rounded to", Unit.pounds, _nearest(tariff)),
        (
            "area cost adjustment",
            Unit.number,
            held(now.latest(tariff.area_cost_adjustment)),
        ),
        ("value of a unit", Unit.pounds, money(now.latest(tariff.unit_value))),
    ]
    for at, (measure, unit, cell) in enumerate(cells):
        yield Answered(Entry(Part.tariff, "tariff", "", measure, unit), (0, at), "All prices", cell)
    for label in dict.fromkeys(one.label for one in tariff.modifiers):
        cell = _modifier([one for one in tariff.modifiers if one.label == label], now)
        entry = Entry(Part.tariff, "modifier", label, "added to prices", Unit.text)
        yield Answered(entry, (1, label), label, cell)


def _uprating(tariff: Tariff, now: InForce) -> Cell:
    """Return each uprating with the day from which it is added, those yet to come too."""
    series = tariff.uprating_percent
    if not series:
        return NOT_SAID
    said = "; ".join(
        f"{one.value}% from {one.from_.isoformat()}{'' if now.has_begun(one) else ', not yet in force'}"
        for one in series
    )
    return worked(said, *series)


def _nearest(tariff: Tariff) -> Cell:
    return Cell(tariff.uprated_to_nearest) if tariff.uprating_percent else NOT_SAID


def _modifier(modifiers: list[Modifier], now: InForce) -> Cell:
    given = [now.latest(one.percent or one.pounds) for one in modifiers]
    said = "; ".join(
        _added(one, value.value)
        for one, value in zip(modifiers, given, strict=True)
        if value is not None
    )
    return worked(said, *given) if said else Cell(None, "not in force on this day")


def _added(modifier: Modifier, value: str) -> str:
    """Return what a modifier adds, and where."""
    amount = f"{value}%" if modifier.percent else f"{value} pounds a year"
    named: Conditions = {} if modifier.band is None else {Input.band: (modifier.band,)}
    where = ", ".join(filter(None, map(condition_words, (named, modifier.when))))
    return f"{amount} where {where}" if where else amount
