"""What a rule document may say and its author may not have meant: gaps, what is never used, values that change."""

from collections.abc import Iterator

from engine.cache import Cache
from engine.days import MONTHS, days_of_a_year
from engine.errors import RuleRefused
from engine.rules.bands import BandProfile
from engine.rules.clause_notes import clause_notes
from engine.rules.compile import compile_rules
from engine.rules.compiled import CompiledRules
from engine.rules.document import RuleSet
from engine.rules.document_note import Note
from engine.rules.earlier_part import earlier_part_notes
from engine.rules.folded_notes import folded
from engine.rules.gaps import Gap, boxes_of, gap_of
from engine.rules.in_force import begins_within
from engine.rules.inputs import Input
from engine.rules.odd_values import odd_values
from engine.rules.place_names import PlaceNames
from engine.rules.price_steps import TARIFF
from engine.rules.tariff_coverage import Coverage, coverage_of
from engine.rules.value_notes import value_notes
from engine.rules.values import dated_values
from engine.rules.year_labels import oddities

CALENDAR = "top_up_rule.calendar"
ONE_DAY = "one-day"
"""The kind of the notes on rules that can be valued with one day's values alone."""


def notes(document: RuleSet) -> list[str]:
    """Return the sentences of all notes on a rule document; those that differ by their rows alone as one."""
    return [str(one) for one in folded(document_notes(document))]


def document_notes(document: RuleSet) -> list[Note]:
    """Return every gap of the prices, all that is never used, each value that changes, and what is odd of the year."""
    try:
        rules = compile_rules(document)
    except RuleRefused as refused:
        of_one_day = [
            Note(ONE_DAY, one.place or "", f"{one}: give --on DAY, or they are refused")
            for one in refused.problems
        ]
        changes = _changes(document, refused=True)
        return [*_never_used(document, Cache()), *changes, *of_one_day, *_odd(document)]
    changes = _changes(document, refused=False)
    return [*_never_used(document, Cache()), *changes, *_part_of_year(rules), *_odd(document)]


def notes_of_a_run(rules: CompiledRules) -> list[Note]:
    """Return what compiled rules value otherwise than the document seems to say.

    Which values a run uses, its answer says; odd labels and values are warnings of its figures.
    """
    covered = Cache() if rules.top_ups is None else rules.top_ups.covered
    return [
        *_never_used(rules.document, covered),
        *_part_of_year(rules),
        *_contradictions(rules.document),
    ]


def _never_used(document: RuleSet, covered: Cache) -> Iterator[Note]:
    """Yield every gap of prices and of tables of values, and what of them is never used."""
    profile, rule, names = document.band_profile, document.top_up_rule, PlaceNames(document)
    if profile is not None and rule is not None:
        coverage = covered.get(coverage_of, coverage_of, profile, rule.pays_when)
        yield from price_notes(profile, coverage, names)
    yield from value_notes(document, names)


def _contradictions(document: RuleSet) -> Iterator[Note]:
    """Yield values that are not printed, that nothing raises, or that contradict each other."""
    yield from (Note(*one) for one in clause_notes(document))


def _odd(document: RuleSet) -> Iterator[Note]:
    """Yield labels that contradict days, values that contradict each other or are not printed, and odd values."""
    yield from (Note("year", "", one) for one in oddities(document))
    yield from _contradictions(document)
    yield from (Note("odd-value", "", one) for one in odd_values(document))


def _part_of_year(rules: CompiledRules) -> Iterator[Note]:
    """Yield which part of a year is paid."""
    if rules.formula is not None and rules.formula.year_months < MONTHS:
        sentence = (
            f"schools_formula: pays {rules.formula.year_months} of a year's {MONTHS} months, as the rules apply on a"
            " part of the year; unit values, amounts and costs are pounds a year"
        )
        yield Note("part-of-year", "schools_formula", sentence)
    yield from _earlier_part(rules)
    part = rules.part_of_year
    if rules.top_ups is not None and part < 1:
        sentence = (
            f"{CALENDAR}: pays {part} of a year's price for all its days, as they are a"
            " part of the year; prices are pounds a year"
        )
        yield Note("part-of-year", CALENDAR, sentence)
        return
    yield from _undated(rules.document)


def _earlier_part(rules: CompiledRules) -> Iterator[Note]:
    """Yield what rules that begin within their year take into account of the days before them."""
    top_ups, names = rules.top_ups, PlaceNames(rules.document)
    if top_ups is None or top_ups.earlier is None:
        return
    once = [names.of(one.path) for one in top_ups.prices if one.once]
    for sentence in earlier_part_notes(top_ups.earlier, once):
        yield Note("part-of-year", CALENDAR, f"{CALENDAR}: {sentence}")


def _undated(document: RuleSet) -> Iterator[Note]:
    """Yield that parts of a year are counted where the rules apply on a part of one."""
    rule, (first, last) = document.top_up_rule, document.days_in_force
    days, year = (last - first).days + 1, days_of_a_year(first)
    if rule is None or rule.calendar.periods or days >= year:
        return
    sentence = (
        f"{CALENDAR}: has no dates, and the rules apply on {days} days: parts_on_roll must"
        " count the parts of these days alone, of those of a whole year"
    )
    yield Note("part-of-year", CALENDAR, sentence)


def _changes(document: RuleSet, *, refused: bool) -> Iterator[Note]:
    """Yield a note for each value that another one follows within the year; where a whole year is ``refused``, none is paid by parts."""
    (first, last), names = document.days_in_force, PlaceNames(document)
    parts = "" if refused else ": each part of the year is paid at its own value"
    for path, dated in dated_values(document):
        if begins_within(dated, first, last):
            place = names.of(path[:-1])
            sentence = f"{place} changes on {dated.from_}{parts}; --on DAY uses one day's for the whole year"
            yield Note("changes", place, sentence)


def price_notes(profile: BandProfile, coverage: Coverage, names: PlaceNames) -> list[Note]:
    """Return every gap of a tariff, and every price, band and modifier that is never used."""
    return [
        *_gaps(profile, coverage),
        *_unreachable_prices(profile, coverage, names),
        *_unreachable_bands(profile, coverage),
        *_unreachable_modifiers(profile, coverage, names),
    ]


def _gaps(profile: BandProfile, coverage: Coverage) -> Iterator[Note]:
    """Yield each band without a price, and where it has none; bands with the same gap together."""
    grid, place = coverage.grid, f"{TARIFF}.prices"
    for box in boxes_of(coverage.gaps):
        gap = gap_of(grid, box, profile.bands)
        by_band = bool(grid.inputs) and grid.inputs[0] == Input.band
        slots = [slot - 1 for slot in box[0]] if by_band else coverage.bands.nonzero()[0].tolist()
        names = [profile.bands[slot] for slot in slots]
        yield Note("no-price", place, _without_price(names, gap), gap.example)


def _without_price(bands: list[str], gap: Gap) -> str:
    where = str(gap.without(Input.band.value))
    one = len(bands) == 1
    words = f"{'band' if one else 'bands'} {', '.join(bands)} {'has' if one else 'have'} no price"
    named = f" where {where}" if where else ""
    return f"{words}{named}; the amount of a pupil in {'it' if one else 'them'} is not known"


def _unreachable_prices(
    profile: BandProfile, coverage: Coverage, names: PlaceNames
) -> Iterator[Note]:
    """Yield each price that no pupil can have, and the prices that are before it."""
    answers = coverage.grid.answers.reshape(coverage.grid.shape)
    for at, price in enumerate(profile.tariff.prices):
        if coverage.prices[at]:
            continue
        place = f"{TARIFF}.prices.{at}"
        row = names.of_row(place, "" if price.band is None else f" of band {price.band}")
        hidden = not (answers == at).any()
        why = (
            "the prices before it cover everything that it covers"
            if hidden
            else "no pupil whom these rules pay can have what it asks for"
        )
        yield Note("unreachable-price", names.of(place), f"{row} is never used: {why}")


def _unreachable_bands(profile: BandProfile, coverage: Coverage) -> Iterator[Note]:
    for at, band in enumerate(profile.bands):
        if not coverage.bands[at]:
            sentence = f"band {band} is never used: no pupil whom these rules pay can be in it"
            yield Note("unreachable-band", f"band_profile.bands.{at}", sentence)


def _unreachable_modifiers(
    profile: BandProfile, coverage: Coverage, names: PlaceNames
) -> Iterator[Note]:
    for at, one in enumerate(profile.tariff.modifiers):
        if not coverage.modifiers[at]:
            place = f"{TARIFF}.modifiers.{at}"
            why = "no pupil who has a price can meet its conditions"
            sentence = f"{names.of_row(place, f' ({one.label})')} is never used: {why}"
            yield Note("unreachable-modifier", names.of(place), sentence)
