"""The values of a rule document on a page, each under the place that a working refers to."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from app.pages.words import day_words, tag_of, value_words, within
from engine.catalogue import CODE_WORDS
from engine.explain import label_of, words_of
from engine.export import ValueOnDay, values_on
from engine.rules import PHASE_WORDS, LinePhase, PlaceType, RuleSet
from engine.vocabulary import Setting

PRICES = ("band_profile", "tariff", "prices")
PLACE_TYPES = ("places", "types")
FORMULA = "schools_formula"
FACTORS = (FORMULA, "factors")
SECTIONS = {"band_profile": "Bands and their prices", "top_up_rule": "Top-ups"}
PAIR = ("unit_value", "notional_percent")
"""What a line of the formula has: an amount, and how much of it counts as notional SEN."""
FORMULA_AMOUNTS = "Amounts of the schools formula"
STAGES = {phase.value: words for phase, words in PHASE_WORDS.items() if words}


@dataclass(frozen=True, slots=True)
class Value:
    """A value in force as a page shows it; ``anchor`` is its place, with the day of one that begins within the year."""

    place: str
    anchor: str
    clause: str
    words: str
    since: str
    source: str
    tag: str | None
    note: str | None

    @property
    def under(self) -> str:
        """Return since when the value is in force, where it comes from, and its note."""
        return f"Since {self.since}. {self.source}." + (f" {self.note}" if self.note else "")


@dataclass(frozen=True, slots=True)
class ValueRow:
    """A row of a table of values: what it is for, and the values beside it.

    A line of the formula has two, of which either may be None: the amount, and how much of it counts as notional SEN.
    """

    label: str
    values: tuple[Value | None, ...]


@dataclass(frozen=True, slots=True)
class PartOfRules:
    """A part of a rule document: its name, and the rows of its table; all factors of the formula are one."""

    name: str
    rows: tuple[ValueRow, ...]

    @property
    def has_lines(self) -> bool:
        """Return whether its rows have an amount and a share that counts."""
        return any(len(row.values) == len(PAIR) for row in self.rows)

    @property
    def has_shares(self) -> bool:
        """Return whether any row says how much of it counts."""
        return any(row.values[-1] is not None for row in self.rows if len(row.values) == len(PAIR))

    @property
    def sources(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Return each source with the rows whose values come from it; none are named where all do."""
        found: dict[str, list[str]] = {}
        for row in self.rows:
            for value in row.values:
                if value is not None:
                    found.setdefault(value.under, []).append(row.label)
        if len(found) == 1:
            return tuple((under, ()) for under in found)
        return tuple((under, tuple(dict.fromkeys(labels))) for under, labels in found.items())


def parts_of(document: RuleSet) -> list[PartOfRules]:
    """Return the values in force on any day of the year of a rule set, in tables by part of the document."""
    found: dict[str, list[ValueRow]] = {}
    for part, values in values_of(document):
        is_factor = values[0].place.startswith(".".join(FACTORS))
        rows = [*_rows(values, part if is_factor else "")]
        found.setdefault(FORMULA_AMOUNTS if is_factor else part, []).extend(rows)
    return [PartOfRules(name, tuple(rows)) for name, rows in found.items()]


def _rows(values: Sequence[Value], factor: str) -> Iterator[ValueRow]:
    """Yield the rows of a part: amount and share of a line of the formula in one, others by themselves."""
    lines: dict[tuple[str, str], dict[str, Value]] = {}
    for value in values:
        place, _, name = value.place.rpartition(".")
        begins = value.anchor.removeprefix(value.place)
        is_line = bool(factor) and name in PAIR
        lines.setdefault((place, begins) if is_line else (value.anchor, ""), {})[name] = value
    for (place, _), held in lines.items():
        first = next(iter(held.values()))
        if first.anchor == place:
            label = f"{factor}, {within(first.clause)}" if factor else first.clause
            yield ValueRow(label, (first,))
            continue
        words = STAGES.get(place.rpartition(".")[2])
        since = first.clause.partition(", from ")[1:]
        label = ", ".join([factor, *([words] if words else [])]) + "".join(since)
        yield ValueRow(label, tuple(held.get(name) for name in PAIR))


def values_of(document: RuleSet) -> Iterator[tuple[str, list[Value]]]:
    """Yield the values in force on any day of the year of a rule set, by part of the document."""
    held = [
        Value(
            place=one.place,
            anchor=one.place if one.begins is None else f"{one.place}.{one.begins}",
            clause=_clause(document, one),
            words=value_words(one.place, one.dated.value),
            since=day_words(one.dated.from_),
            source=document.sources[one.dated.source].title,
            tag=tag_of(one.dated.standing),
            note=one.dated.note,
        )
        for one in values_on(document, document.in_force())
        if one.dated is not None
    ]
    for part, values in groupby(held, key=lambda value: part_of(document, value.place)):
        yield part, list(values)


def _clause(document: RuleSet, one: ValueOnDay) -> str:
    """Return a value's place in words, with the day where it begins within the year."""
    words = clause_of(document, one.place)
    return words if one.begins is None else f"{words}, from {day_words(one.begins)}"


def part_of(document: RuleSet, place: str) -> str:
    """Return the name of the part of a document that a place lies in, a factor's by its label."""
    names = place.split(".")
    if tuple(names[:2]) == FACTORS and document.schools_formula is not None:
        return document.schools_formula.factors[names[2]].label
    return SECTIONS.get(names[0]) or label_of(names[1] if names[0] == FORMULA else names[0])


def clause_of(document: RuleSet, place: str) -> str:
    """Return a place in words, below its part: ``Primary, unit value``, ``Price of band 4``."""
    names = place.split(".")
    if tuple(names[:2]) == FACTORS:
        below = names[3:]
    elif tuple(names[:3]) == PRICES:
        return _price(document, int(names[3]), names[4:])
    elif tuple(names[:2]) == PLACE_TYPES and document.places is not None:
        return _kind_of_place(document.places.types[names[2]], names[3:])
    else:
        below = names[2:] or names[1:] if names[0] == FORMULA else names[1:]
    words = ", ".join(STAGES.get(name, words_of(name)) for name in below if name != LinePhase.all)
    return words[:1].upper() + words[1:]


def _kind_of_place(kind: PlaceType, below: list[str]) -> str:
    """Return the rate of a kind of place in words: its label, and the year or period that it is for."""
    if below == ["annual"]:
        return f"{kind.label}, a year"
    if below[:1] == ["periods"]:
        return f"{kind.label}, {kind.periods[int(below[1])].name}"
    return ", ".join([kind.label, *map(words_of, below)])


def _price(document: RuleSet, row: int, below: list[str]) -> str:
    """Return a price of the tariff in words: its band, its conditions and what it counts."""
    if document.band_profile is None:
        return ""
    price = document.band_profile.tariff.prices[row]
    said = ["Price of any band" if price.band is None else f"Price of band {price.band}"]
    said += [
        f"{words_of(name)} {' or '.join(map(_choice, choices))}"
        for name, choices in price.when.items()
    ]
    if below == ["pounds_each"] and price.each is not None:
        said.append(f"for each of {price.each.replace('_', ' ')}")
    elif below != ["pounds"]:
        said += [words_of(name) for name in below]
    if price.times_a_year != 1:
        said.append(f"{price.times_a_year} times a year")
    return ", ".join(said)


def _choice(choice: str) -> str:
    """Return a code or range of a condition, as it is within a sentence."""
    label = CODE_WORDS[Setting].get(choice)
    return words_of(choice) if label is None else within(label)
