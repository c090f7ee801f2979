"""A band profile as answers: who is in each band, in words, and its price by setting."""

from collections.abc import Iterator, Mapping, Sequence

from engine.atlas.entries import Answered, Cell, Entry, Part, Unit
from engine.atlas.formula import NOT_SAID
from engine.atlas.prices import price_cell, settings_named
from engine.atlas.words import condition_words
from engine.money import HUNDREDTHS, number
from engine.rules.bands import Assignment, HitPolicy
from engine.rules.compiled import CompiledRules, CompiledTopUps
from engine.rules.document import RuleSet

NO_ROW = Cell(None, "no row leads to this band")


def band_answers(
    rules: CompiledRules, settings: Mapping[str, Sequence[str]], side: int
) -> Iterator[Answered]:
    """Yield what a profile says of each band; ``settings`` are those by which a band is priced."""
    profile, top_ups = rules.document.band_profile, rules.top_ups
    if profile is None or top_ups is None:
        return
    for at, band in enumerate(profile.bands):
        named = settings[band]
        place = Cell(f"{at + 1} of {len(profile.bands)}")
        cells = [
            ("", "place, from the lowest", Unit.text, place),
            ("", "assignment", Unit.text, _assignment(profile.assignment, band)),
            *(
                (of, "price a year", Unit.pounds, price_cell(profile, top_ups, band, of, named))
                for of in _settings(named)
            ),
        ]
        for order, (of, measure, unit, cell) in enumerate(cells):
            yield Answered(Entry(Part.band, band, of, measure, unit), (side, at, order), band, cell)
    yield from _rule(rules.document, top_ups)


def band_settings(documents: Sequence[RuleSet]) -> dict[str, tuple[str, ...]]:
    """Return, for each band, the settings that the prices of profiles with such a band name."""
    profiles = [one.band_profile for one in documents if one.band_profile is not None]
    bands = dict.fromkeys(band for profile in profiles for band in profile.bands)
    return {
        band: settings_named([profile for profile in profiles if band in profile.bands])
        for band in bands
    }


def _settings(settings: Sequence[str]) -> tuple[str, ...]:
    return (*settings, "other settings" if settings else "any setting")


def _assignment(form: Assignment, band: str) -> Cell:
    """Return how pupils come into a band, in words."""
    if form.label_given:
        return Cell("as decided for the pupil (column band)")
    if form.conversion is not None:
        held = [old for old, new in form.conversion.items() if new == band]
        return Cell(f"present band {' or '.join(held)}") if held else NO_ROW
    if form.points is not None:
        summed = ", summed over dimensions" if form.points.dimensions else ""
        steps = [f"{one.least} to {one.most}" for one in form.points.steps if one.band == band]
        return Cell(f"{' or '.join(steps)} points{summed}") if steps else NO_ROW
    return _rows(form, band)


def _rows(form: Assignment, band: str) -> Cell:
    table = form.table
    rows = [] if table is None else [
        (number, condition_words(row.when) or "any pupil")
        for number, row in enumerate(table.rows, start=1)
        if row.band == band
    ]  # fmt: skip
    if table is None or not rows:
        return NO_ROW
    if table.hit_policy is HitPolicy.first:
        return Cell("; or ".join(f"{words} (row {number})" for number, words in rows))
    return Cell("; or ".join(words for _, words in rows))


def _rule(document: RuleSet, top_ups: CompiledTopUps) -> Iterator[Answered]:
    rule = document.top_up_rule
    if rule is None:
        return
    threshold = rule.threshold
    where = NOT_SAID
    if threshold is not None:
        inside = "inside the price" if threshold.inside else "outside the price"
        named = " or ".join(threshold.settings).replace("_", " ") or "every setting"
        where = Cell(f"{inside}, in {named}")
    paid = condition_words(rule.pays_when)
    hours = number(top_ups.full_time, HUNDREDTHS) if top_ups.full_time else None
    cells = (
        ("paid when", Unit.text, Cell(paid) if paid else Cell("every pupil with a price")),
        ("threshold", Unit.pounds, _value(top_ups.threshold_given)),
        ("threshold lies", Unit.text, where),
        ("floor", Unit.pounds, _value(top_ups.floor_given)),
        ("cap", Unit.pounds, _value(top_ups.cap_given)),
        ("added to prices", Unit.text, _modifiers(document)),
        ("hours of a full-time week", Unit.number, NOT_SAID if hours is None else Cell(hours)),
    )
    for at, (measure, unit, cell) in enumerate(cells):
        entry = Entry(Part.top_up_rule, "top_up_rule", "", measure, unit)
        yield Answered(entry, (at,), "Top-up rule", cell)


def _modifiers(document: RuleSet) -> Cell:
    """Return what is added to prices, in words."""
    held = () if document.band_profile is None else document.band_profile.tariff.modifiers
    return Cell("; ".join(one.label for one in held)) if held else NOT_SAID


def _value(given: object) -> Cell:
    value = getattr(given, "value", None)
    return NOT_SAID if value is None else Cell(str(value))
