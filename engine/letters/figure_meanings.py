"""What the figures of a row are: counts, shares, unit values, pounds, percentages; decided by what they come to."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from itertools import permutations

from engine.letters.pasted_cells import Cell
from engine.money import PENCE, scaled

MOST_FIGURES = 7
MOST_PUPILS = 10_000
"""No school has as many pupils: such a number is in pounds."""

ONE, HUNDRED = Decimal(1), Decimal(100)
_PRINTED = Decimal("0.00001")
"""Of an amount, by how much a product of rounded figures may differ: statements print six digits or more."""


class Meaning(StrEnum):
    """What a figure of a row is."""

    units = "units"
    """pupils, or other units that are paid for"""
    share = "share"
    """of the pupils of the phase; 0.2795, or in percent"""
    unit_value = "unit_value"
    pounds = "pounds"
    """the amount of the line"""
    percent = "percent"
    """of the amount that is notional SEN"""
    notional = "notional"
    """pounds that are notional SEN"""
    of_phase = "of_phase"
    """all pupils of the phase, beside a share of them"""
    aside = "aside"
    """nothing that is read"""


_IN_POUNDS = {Meaning.unit_value, Meaning.pounds, Meaning.notional, Meaning.aside}


class Reason(StrEnum):
    """What decided what a figure is."""

    person = "person"
    product = "product"
    """the figures of the row multiply to each other"""
    heading = "heading"
    column = "column"
    """what the column holds in other rows"""
    sign = "sign"
    guess = "guess"


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of a row with what it is, and what decided so; a guess is asked about."""

    cell: Cell
    meaning: Meaning
    reason: Reason

    @property
    def is_doubtful(self) -> bool:
        """Return whether a person is to say what it is."""
        return self.reason is Reason.guess

    @property
    def value(self) -> Decimal:
        """Return the number: shares of one, percentages in percent."""
        number = self.cell.number or Decimal()
        if self.meaning is Meaning.share and (self.cell.sign == "%" or number > ONE):
            return number / HUNDRED
        is_fraction = self.meaning is Meaning.percent and self.cell.sign != "%" and number <= ONE
        return number * HUNDRED if is_fraction else number


@dataclass(frozen=True, slots=True)
class LineFacts:
    """What the rules say of a line whose figures are read: pence a unit and percent of it, each where there is one.

    ``label_has_percent`` where the label itself names a share, as "FSM6 % Primary"; ``is_amount`` where pounds alone are
    given, as of business rates; ``counts_all`` where all pupils of a phase are counted.
    """

    rate: int | None = None
    percent: Decimal | None = None
    label_has_percent: bool = False
    is_amount: bool = False
    counts_all: bool = False


Meanings = Mapping[int, tuple[Meaning, Reason]]
"""What figures are, by their columns."""


def by_products(cells: Sequence[Cell], facts: LineFacts) -> Meanings:
    """Return what the figures of a row are where they multiply to each other in one way; nothing where in several.

    Pounds are units × unit value, or share × pupils × unit value; notional pounds are a percentage of pounds.
    """
    few = [one for one in cells[:MOST_FIGURES] if one.number]
    found = _likeliest(_distinct(_priced(few, facts)), few, facts)
    if len(found) > 1:
        return {}
    priced = found[0] if found else {}
    meanings = {**priced, **_notional(few, priced)}
    meanings = {**meanings, **_none_of_it(cells[:MOST_FIGURES], meanings, facts)}
    return {column: (meaning, Reason.product) for column, meaning in meanings.items()}


def fits_sign(meaning: Meaning, cell: Cell) -> bool:
    """Return whether a figure with the sign of a cell may be of a meaning."""
    if cell.sign == "%":
        return meaning in {Meaning.share, Meaning.percent, Meaning.aside}
    return cell.sign != "£" or meaning in _IN_POUNDS


def _distinct(found: Iterator[dict[int, Meaning]]) -> list[dict[int, Meaning]]:
    kept: list[dict[int, Meaning]] = []
    for one in found:
        if one not in kept:
            kept.append(one)
    return kept


def _likeliest(
    found: list[dict[int, Meaning]], cells: Sequence[Cell], facts: LineFacts
) -> list[dict[int, Meaning]]:
    """Return the ways in which figures multiply that the rules' own unit value, signs and the other figures leave.

    20 of 400 pupils at £4,800 are £96,000, and so are 400 pupils at £240, of which £4,800 are 5%: the rules pay £240, and
    the second way leaves no figure over.
    """
    if len(found) <= 1:
        return found
    values = [
        next(each for each in cells if one.get(each.column) is Meaning.unit_value) for one in found
    ]
    signed = [
        one
        for one, value in zip(found, values, strict=True)
        if value.sign == "£" or _pence(value.number) == facts.rate
    ]
    paid = [
        one for one, value in zip(found, values, strict=True) if _pence(value.number) == facts.rate
    ]
    kept = paid or signed
    if len(kept) <= 1:
        return kept or found
    read = [len({**one, **_notional(cells, one)}) for one in kept]
    return [one for one, number in zip(kept, read, strict=True) if number == max(read)]


def _pence(number: Decimal | None) -> int | None:
    return None if number is None else scaled(number, PENCE)


def _close(product: Decimal, printed: Decimal) -> bool:
    """Return whether a product is what is printed, to the penny or to six digits."""
    return abs(product - printed) <= max(Decimal("0.006"), abs(printed) * _PRINTED)


def _priced(cells: Sequence[Cell], facts: LineFacts) -> Iterator[dict[int, Meaning]]:
    """Yield each way in which figures are units, a unit value and their pounds."""
    for units, value, pounds in permutations(cells, 3):
        before = [one for one in cells if one.column < pounds.column]
        equal = [one for one in before if one.number == pounds.number]
        is_one = units.number == ONE and equal == [value]
        if equal and not is_one:
            # All of a line may be notional SEN: the first of two equal amounts is that of the line.
            continue
        if any(one.number == value.number for one in cells if one.column < value.column):
            # Notional SEN may be as much as one unit's value, which comes first.
            continue
        if "%" in {value.sign, pounds.sign} or units.sign == "£":
            continue
        if _are_units(units, value, pounds, facts, is_one=is_one):
            yield _three(units, value, pounds, Meaning.units)
        if not facts.counts_all:
            yield from _shared(units, value, pounds, cells)


def _are_units(units: Cell, value: Cell, pounds: Cell, facts: LineFacts, *, is_one: bool) -> bool:
    """Return whether figures are so many units, their value and their pounds; ``is_one`` where value and pounds are equal."""
    one, each, total = (abs(cell.number or Decimal()) for cell in (units, value, pounds))
    if units.sign == "%" or not _close(one * each, total):
        return False
    sure = _pence(value.number) == facts.rate or value.sign == "£"
    is_part = one < ONE and units.column < value.column < pounds.column
    many = total > each and (each >= one or one == one.to_integral_value())
    return many or (sure and (total > each or is_one or is_part))


def _shared(
    units: Cell, value: Cell, pounds: Cell, cells: Sequence[Cell]
) -> Iterator[dict[int, Meaning]]:
    """Yield each way in which figures are a share, the pupils that it is of, their value and their pounds."""
    one, each, total = (abs(cell.number or Decimal()) for cell in (units, value, pounds))
    share = one / HUNDRED if units.sign == "%" else one
    for phase in cells:
        if phase in {units, value, pounds} or phase.sign or share > ONE:
            continue
        if _is_printed(phase, value, cells):
            # 5% of the pounds of 31 pupils is also the pounds of 5% of 31 pupils.
            continue
        if _close(share * (phase.number or Decimal()) * each, total):
            yield {
                **_three(units, value, pounds, Meaning.share),
                phase.column: Meaning.of_phase,
            }


def _is_printed(units: Cell, value: Cell, cells: Sequence[Cell]) -> bool:
    """Return whether the pounds of all that many units are printed too."""
    whole = abs((units.number or Decimal()) * (value.number or Decimal()))
    others = [one for one in cells if one not in {units, value} and one.sign != "%"]
    return any(_close(whole, abs(one.number or Decimal())) for one in others)


def _three(units: Cell, value: Cell, pounds: Cell, meaning: Meaning) -> dict[int, Meaning]:
    return {
        units.column: meaning,
        value.column: Meaning.unit_value,
        pounds.column: Meaning.pounds,
    }


def _notional(cells: Sequence[Cell], found: Mapping[int, Meaning]) -> dict[int, Meaning]:
    """Return which of the other figures are a percentage and its pounds, where one pair alone fits."""
    free = [one for one in cells if one.column not in found]
    amounts = [one for one in cells if found.get(one.column) is Meaning.pounds] or free
    pairs = []
    for pounds in amounts:
        for percent, notional in permutations([one for one in free if one is not pounds], 2):
            if percent.sign == "£" or notional.sign == "%" or pounds.sign == "%":
                continue
            number, whole = percent.number or Decimal(), pounds.number or Decimal()
            of_one = (
                [number / HUNDRED]
                if percent.sign == "%" or number > ONE
                else [number, number / HUNDRED]
            )
            if number <= HUNDRED and any(
                _close(whole * one, notional.number or Decimal()) for one in of_one
            ):
                pairs.append((pounds, percent, notional))
    if not pairs or len({(one.number, other.number) for one, _, other in pairs}) > 1:
        return {}
    pounds, percent, notional = pairs[0]
    return {
        pounds.column: Meaning.pounds,
        percent.column: Meaning.percent,
        notional.column: Meaning.notional,
    }


def _none_of_it(
    cells: Sequence[Cell], found: Mapping[int, Meaning], facts: LineFacts
) -> dict[int, Meaning]:
    """Return the percentage and the pounds of which either is none: 0% of £18,240 is £0, and so is 5% of £0."""
    free = [one for one in cells if one.column not in found]
    percents = [one for one in free if one.sign == "%"]
    none = [one for one in free if not one.number and one.sign != "%"]
    if len(percents) != 1 or not none:
        return {}
    [percent] = percents
    after = [one for one in none if one.column > percent.column]
    money = [one for one in free if one.number and one.sign != "%"]
    if not percent.number:
        has_pounds = Meaning.pounds in found.values() or (facts.is_amount and len(money) == 1)
        if not has_pounds or len(after) != 1:
            return {}
    elif len(after) != 1 or found or any(_pence(one.number) != facts.rate for one in money):
        return {}
    of_line = {one.column: Meaning.pounds for one in money if facts.is_amount}
    return {**of_line, percent.column: Meaning.percent, after[0].column: Meaning.notional}


def by_itself(cell: Cell, facts: LineFacts) -> tuple[Meaning, Reason]:
    """Return what a figure is that nothing else of its statement decides, by its sign, its line and its size."""
    number = abs(cell.number or Decimal())
    if facts.is_amount and cell.sign != "%":
        return Meaning.pounds, Reason.sign
    if cell.sign == "%":
        is_share = facts.label_has_percent and not facts.is_amount
        return (Meaning.share, Reason.sign) if is_share else (Meaning.percent, Reason.guess)
    same = facts.rate is not None and _pence(number) == facts.rate
    if cell.sign == "£":
        return Meaning.unit_value if same else Meaning.pounds, Reason.sign
    if number >= MOST_PUPILS:
        return Meaning.pounds, Reason.sign
    if facts.counts_all or not number:
        return Meaning.units, Reason.sign
    if number < ONE:
        return Meaning.share, Reason.sign if facts.label_has_percent else Reason.guess
    if same:
        return Meaning.unit_value, Reason.guess
    return _count_or_pounds(number, facts)


def _count_or_pounds(number: Decimal, facts: LineFacts) -> tuple[Meaning, Reason]:
    """Return whether a number without a sign is pupils or pounds: a whole number of unit values is rather pounds."""
    if not facts.rate:
        return Meaning.units, Reason.guess
    of_values, left = divmod(scaled(number, PENCE), facts.rate)
    if left == 0 and of_values > 1:
        is_whole = number == number.to_integral_value()
        return Meaning.pounds, Reason.guess if is_whole else Reason.sign
    return Meaning.units, Reason.guess if of_values else Reason.sign
