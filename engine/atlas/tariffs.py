"""What holds for every price of a tariff: its uprating, its area adjustment, what is added to it."""

from collections.abc import Iterator
from datetime import date

from engine.atlas.entries import (
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
from engine.atlas.words import Conditions, condition_words
from engine.rules.compiled import CompiledRules
from engine.rules.dated import in_force
from engine.rules.inputs import Input
from engine.rules.prices import Modifier, Tariff


def tariff_answers(rules: CompiledRules) -> Iterator[Answered]:
    """Yield what changes prices; prices of bands are shown after uprating and area adjustment."""
    profile = rules.document.band_profile
    if profile is None or rules.top_ups is None:
        return
    tariff = profile.tariff
    cells: list[Asked] = [
        ("uprating", Unit.text, _uprating(tariff, rules.day)),
        ("an uprated price is rounded to", Unit.pounds, _nearest(tariff)),
        (
            "area cost adjustment",
            Unit.number,
            held(in_force(tariff.area_cost_adjustment, rules.day)),
        ),
        ("value of a unit", Unit.pounds, money(in_force(tariff.unit_value, rules.day))),
    ]
    for at, (measure, unit, cell) in enumerate(cells):
        yield Answered(Entry(Part.tariff, "tariff", "", measure, unit), (0, at), "All prices", cell)
    for label in dict.fromkeys(one.label for one in tariff.modifiers):
        cell = _modifier([one for one in tariff.modifiers if one.label == label], rules.day)
        entry = Entry(Part.tariff, "modifier", label, "added to prices", Unit.text)
        yield Answered(entry, (1, label), label, cell)


def _uprating(tariff: Tariff, day: date) -> Cell:
    """Return each uprating with the day from which it is added, those yet to come too."""
    series = tariff.uprating_percent
    if not series:
        return NOT_SAID
    said = "; ".join(
        f"{one.value}% from {one.from_.isoformat()}{'' if one.from_ <= day else ', not yet in force'}"
        for one in series
    )
    return worked(said, *series)


def _nearest(tariff: Tariff) -> Cell:
    return Cell(tariff.uprated_to_nearest) if tariff.uprating_percent else NOT_SAID


def _modifier(modifiers: list[Modifier], day: date) -> Cell:
    given = [in_force(one.percent or one.pounds, day) for one in modifiers]
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
