"""What the values of a document come to that its author may not have meant: a cap below a floor, what nothing raises, what is not printed."""

from collections.abc import Iterator
from typing import NamedTuple

from engine.rules.document import RuleSet
from engine.rules.in_force import InForce
from engine.rules.place_names import PlaceNames
from engine.rules.price_steps import TARIFF
from engine.rules.targeted import PART
from engine.rules.value_tables import SeriesOrTable, ValueTable
from engine.rules.values import dated_values, is_printed
from engine.vocabulary import NOT_PRINTED


class ClauseNote(NamedTuple):
    """A note: its kind, its place and a sentence."""

    type: str
    place: str
    sentence: str


def clause_notes(document: RuleSet) -> Iterator[ClauseNote]:
    """Yield each value that is not printed, each price that an uprating leaves as it is, and each cap below its floor."""
    names = PlaceNames(document)
    yield from _not_printed(document, names)
    yield from _not_uprated(document, names)
    first, last = document.days_in_force
    rule, formula = document.top_up_rule, document.schools_formula
    if rule is not None:
        days, place = document.over(first, last, rule), "top_up_rule"
        why = "each pupil is paid the cap, and none the floor"
        yield from _below(days, (f"{place}.cap", rule.cap), (f"{place}.floor", rule.floor), why)
    if formula is not None and formula.protection is not None:
        held, place = formula.protection, "schools_formula.protection"
        days = document.over(first, last, held)
        cap = f"{place}.cap_percent", held.cap_percent
        floor = f"{place}.guarantee_percent", held.guarantee_percent
        yield from _below(days, cap, floor, "the guarantee lifts schools above the cap")


def _not_printed(document: RuleSet, names: PlaceNames) -> Iterator[ClauseNote]:
    for path, given in dated_values(document):
        if not given.is_printed:
            place = names.of(path[:-1])
            sentence = f"{place} is {NOT_PRINTED} from {given.from_}: an amount that depends on it is not known"
            yield ClauseNote("not-printed", place, sentence)
    tiers = () if document.targeted_funding is None else document.targeted_funding.tiers
    for at, tier in enumerate(tiers):
        for name, percent in tier:
            if percent == NOT_PRINTED:
                place = names.of((PART, "tiers", at, name))
                sentence = f"{place} is {NOT_PRINTED}: an amount that depends on it is not known"
                yield ClauseNote("not-printed", place, sentence)


def _not_uprated(document: RuleSet, names: PlaceNames) -> Iterator[ClauseNote]:
    profile = document.band_profile
    if profile is None or profile.tariff.uprating_percent is None:
        return
    for at, price in enumerate(profile.tariff.prices):
        if price.staffing is not None:
            place = names.of(f"{TARIFF}.prices.{at}")
            sentence = (
                f"{place} is costed from salaries, which uprating_percent does not raise: where salaries rise,"
                " give each its later value with its day"
            )
            yield ClauseNote("not-uprated", place, sentence)


def _below(
    days: tuple[InForce, ...],
    cap: tuple[str, SeriesOrTable | None],
    floor: tuple[str, SeriesOrTable | None],
    why: str,
) -> Iterator[ClauseNote]:
    """Yield the first day from which a cap is below a floor, where each is the same for everybody."""
    if isinstance(cap[1], ValueTable) or isinstance(floor[1], ValueTable):
        return
    for now in days:
        most, least = now.latest(cap[1]), now.latest(floor[1])
        if is_printed(most) and is_printed(least) and most.decimal < least.decimal:
            sentence = (
                f"{cap[0]} {most.value} is below {floor[0]} {least.value} from {now.first}: {why}"
            )
            yield ClauseNote("cap-below-floor", cap[0], sentence)
            return
