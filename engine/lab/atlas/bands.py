"""A band profile as answers: how a band is found, who is in each, in words, and its price by setting."""

from collections.abc import Iterator, Mapping, Sequence

from engine.lab.atlas.entries import Answer, Part, answers, condition_words
from engine.lab.atlas.prices import price_cell, settings_named, staffing_words
from engine.rules.bands import Assignment, Combine, HitPolicy, Points, Step
from engine.rules.compiled import CompiledRules
from engine.rules.document import RuleSet
from engine.rules.measures import Cell, Measured, Unit, words
from engine.steps import words_of

PANEL = "the band that a panel gave stands, whatever the rows would give"
COMBINED = {
    Combine.sum: "summed over dimensions",
    Combine.highest: "of the dimension that has most",
}
NO_ROW = Cell(None, "no row leads to this band")


def band_answers(
    rules: CompiledRules, settings: Mapping[str, Sequence[str]], side: int
) -> Iterator[Answer]:
    """Yield a profile's answers for each band; ``settings`` are those by which a band is priced."""
    profile, top_ups = rules.document.band_profile, rules.top_ups
    if profile is None or top_ups is None:
        return
    measures = _assignment_measures(profile.assignment)
    yield from answers(Part.assignment, "assignment", "How a band is found", measures)
    for at, band in enumerate(profile.bands):
        named = settings[band]
        cells = [
            ("place, from the lowest", Unit.text, Cell(f"{at + 1} of {len(profile.bands)}")),
            ("assignment", Unit.text, _assignment(profile.assignment, band)),
        ]
        yield from answers(Part.band, band, band, cells, rank=(side, at, 0))
        for order, of in enumerate(_settings(named)):
            price = price_cell(top_ups, band, of, named)
            cells = [("price a year", Unit.pounds, price)]
            yield from answers(Part.band, band, band, cells, of=of, rank=(side, at, 1, order))
        staffed = [
            ("staffing ratio", Unit.text, Cell(one)) for one in staffing_words(profile, band)
        ]
        yield from answers(Part.band, band, band, staffed, rank=(side, at, 2))


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


def _assignment_measures(form: Assignment) -> list[Measured]:
    """Return how a band is found, what is read for it, and what no row need lead to."""
    held = form.points or form.table
    gaps = "some pupils lead to no band and are refused" if held and held.gaps else ""
    covers = ""
    if form.points is not None and form.points.covers:
        covers = f"points {' or '.join(form.points.covers)}"
    elif form.table is not None:
        covers = condition_words(form.table.covers)
    return [
        ("form", Unit.text, Cell(_form(form))),
        ("reads", Unit.text, words(_reads(form))),
        ("a panel may decide", Unit.text, words(PANEL if form.panel_may_decide else "")),
        ("gaps", Unit.text, words(gaps)),
        ("must lead to a band", Unit.text, words(covers)),
    ]


def _form(form: Assignment) -> str:
    if form.label_given:
        return "as decided for the pupil"
    if form.conversion is not None:
        return "conversion of the present band"
    if form.points is not None:
        return f"points{_combined(form.points)}, cut into steps"
    first = form.table is not None and form.table.hit_policy is HitPolicy.first
    return f"decision table: {'the first row that fits' if first else 'the one row that fits'}"


def _reads(form: Assignment) -> str:
    if form.points is not None and form.points.dimensions:
        return "; ".join(
            f"{one.label or words_of(name)}: levels 0 to {one.highest} × {one.weight}"
            for name, one in form.points.dimensions.items()
        )
    if form.points is not None:
        return "points"
    return "band" if form.table is None else ", ".join(map(words_of, form.table.inputs))


def _assignment(form: Assignment, band: str) -> Cell:
    """Return how pupils come into a band, in words."""
    if form.label_given:
        return Cell("as decided for the pupil (column band)")
    if form.conversion is not None:
        held = [old for old, new in form.conversion.items() if new == band]
        return Cell(f"present band {' or '.join(held)}") if held else NO_ROW
    if form.points is not None:
        steps = [_step(one) for one in form.points.steps if one.band == band]
        return Cell(f"{'; or '.join(steps)}{_combined(form.points)}") if steps else NO_ROW
    return _rows(form, band)


def _combined(points: Points) -> str:
    return f", {COMBINED[points.combine]}" if points.dimensions else ""


def _step(step: Step) -> str:
    where = condition_words(step.when)
    return f"{step.least} to {step.most} points{f' where {where}' if where else ''}"


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
        return Cell("; or ".join(f"{said} (row {number})" for number, said in rows))
    return Cell("; or ".join(said for _, said in rows))
