"""The sheet of prices as the prices of a tariff."""

from collections.abc import Mapping, Sequence
from typing import Any

from engine.errors import Problem
from engine.lab.imports.decision_reading import Origins, Page, Row, choices, whole
from engine.lab.imports.decision_sheets import (
    SERIES,
    UNCHANGED,
    VALUE,
    WORDS,
    YES,
    is_flag,
    is_whole,
    price_inputs,
)
from engine.money import is_digits, is_number
from engine.vocabulary import NOT_PRINTED

PLACE = ("band_profile", "tariff", "prices")


def prices_of(
    page: Page, before: Sequence[Mapping[str, Any]], origins: Origins, problems: list[Problem]
) -> list[dict[str, Any]]:
    """Return the prices of a sheet; rows that share a number are one price with dated values.

    ``before`` are the document's own prices, whose parts that no sheet shows are kept.
    """
    groups: dict[str, list[Row]] = {}
    for row in page.rows:
        groups.setdefault(row.cells.get("price") or f"row {row.number}", []).append(row)
    prices = []
    for at, (number, rows) in enumerate(groups.items()):
        origins.note((*PLACE, at), page.origin(rows[0]))
        price = _head(page, rows[0], at, origins, problems)
        price |= _unchanged(number, before)
        for row in rows[1:]:
            _check_same(page, rows[0], row, problems)
        for row in rows:
            _value(page, row, at, price, origins, problems)
        prices.append(price)
    return prices


def _head(
    page: Page, row: Row, at: int, origins: Origins, problems: list[Problem]
) -> dict[str, Any]:
    price: dict[str, Any] = {}
    cells = row.cells
    for column, name in (("for_band", "band"), ("note", "note")):
        if text := cells.get(column):
            price[name] = text
            origins.note((*PLACE, at, name), page.origin(row, column))
    when = {}
    for column, name in price_inputs(page.columns).items():
        if held := choices(page, row, column, problems):
            when[name] = held
            origins.note((*PLACE, at, "when", name), page.origin(row, column))
    if when:
        price["when"] = when
    for word in WORDS:
        if cells.get(word):
            price[word] = _word(page, row, word, problems)
            origins.note((*PLACE, at, word), page.origin(row, word))
    return price


def _word(page: Page, row: Row, word: str, problems: list[Problem]) -> object:
    text = row.cells[word]
    if is_whole(word) and "." not in text:
        return whole(page, row, word, problems)
    if not is_flag(word):
        return text
    if text.lower() not in {YES, "true", "no", "false"}:
        problems.append(page.origin(row, word).problem("must be yes or blank", "unreadable"))
    return text.lower() in {YES, "true"}


def _unchanged(number: str, before: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    at = int(number) - 1 if is_digits(number) else len(before)
    held = before[at] if 0 <= at < len(before) else {}
    return {name: held[name] for name in UNCHANGED if name in held}


def _check_same(page: Page, first: Row, row: Row, problems: list[Problem]) -> None:
    for column in ("for_band", *price_inputs(page.columns), *WORDS, "note"):
        if row.cells.get(column, "") not in {"", first.cells.get(column, "")}:
            sentence = f"differs from row {first.number} of the same price; make them equal"
            problems.append(page.origin(row, column).problem(sentence, "one-price"))


def _value(
    page: Page, row: Row, at: int, price: dict[str, Any], origins: Origins, problems: list[Problem]
) -> None:
    pays = row.cells.get("pays", "")
    if not pays:
        if row.cells.get("value"):
            sentence = f"must be {' or '.join(SERIES)} where there is a value"
            problems.append(page.origin(row, "pays").problem(sentence, "unknown-code"))
        return
    if pays not in SERIES:
        sentence = f"must be {' or '.join(SERIES)}, or blank"
        problems.append(page.origin(row, "pays").problem(sentence, "unknown-code"))
        return
    if row.cells["value"] != NOT_PRINTED and not is_number(row.cells["value"]):
        sentence = (
            f"must be a plain number of pounds or {NOT_PRINTED};"
            " save the workbook so that its formulas have values"
        )
        problems.append(page.origin(row, "value").problem(sentence, "unreadable"))
        return
    series = price.setdefault(pays, [])
    place = (*PLACE, at, pays, len(series))
    given = {}
    origins.note(place, page.origin(row, "value"))
    origins.note(place[:-1], page.origin(row, "value"))
    for column in VALUE:
        name = "note" if column == "value_note" else column
        origins.note((*place, name), page.origin(row, column))
        if text := row.cells.get(column):
            given[name] = text
    series.append(given)
