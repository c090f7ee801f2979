"""Pupils, schools, tables and rule sets for tests: plain defaults, so that a test says only what matters.

A record speaks as people do: codes by name, flags as true or false, hours, levels and pounds as
decimal text, days as dates, and nothing (None) for what is not supplied.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction

import numpy as np
import polars as pl

from engine.candidates import CandidateDocument, known_of
from engine.columns import (
    AMOUNT_PREFIX,
    PRIOR_AMOUNT_PREFIX,
    SCHOOL_COLUMNS,
    Kind,
    pupil_column,
)
from engine.days import MONTHS, day_number, numbered_day, year_of
from engine.expected_calls import PlanThreshold
from engine.money import HUNDREDTHS, MILLION, PENCE
from engine.rules.load import rule_set_from
from engine.rules.months import MonthlyValue
from engine.rules.values import DatedValue
from engine.tables import PupilTable, SchoolTable, frozen
from engine.vocabulary import Presence

NOT_APPLICABLE = "not applicable"
SCALE = {Kind.hours: HUNDREDTHS, Kind.pounds: PENCE, Kind.millionths: MILLION}


def pupil(**given) -> dict:
    """Return a pupil's record."""
    return {"pupil_key": "pupil-1", "la": 201, **given}


def school(**given) -> dict:
    """Return a school's record."""
    return {"urn": 100_001, "phase": "primary", **given}


def rule_set(**parts):
    """Return a rule set whose values are in force from the year's first day."""
    stated = {"from": "2025-04-01", "source": "example", "standing": "proposed"}
    days = parts.get("effective") or days_of(parts.get("top_up_rule", {}).get("calendar", {}))
    return rule_set_from({
        "format": "evenband-rules/1",
        "identifier": "invented",
        "version": 1,
        "title": "Invented",
        **year_labels(**days),
        "effective": days,
        "standing": "proposed",
        "about": "Invented for tests.",
        "sources": {"example": {"title": "Invented for tests"}},
        "provenance": stated,
        **parts,
    })  # fmt: skip


def days_of(calendar: Mapping) -> dict:
    """Return the days of a rule set: 2025-26, or the year of its calendar where that has others."""
    days = {"first": "2025-04-01", "last": "2026-03-31"}
    periods = calendar.get("periods") or [days]
    first, last = str(periods[0]["first"]), str(periods[-1]["last"])
    is_within = days["first"] <= first and last <= days["last"]
    return days if is_within else {"first": first, "last": last}


def year_labels(first: str, last: str) -> dict:
    """Return what a rule set of some days calls its year."""
    kind = "academic" if last.endswith("08-31") else "financial"
    label = year_of(kind, date.fromisoformat(first)).label
    return {"funding_year": label, "year_kind": kind}


def a_year(first: str = "2025-04-01", last: str = "2026-03-31") -> dict:
    """Return the calendar of one period counted by days."""
    period = {"name": "Year", "first": first, "last": last, "presence": "calendar_days"}
    return {"source": "example", "standing": "proposed", "periods": [period]}


def all_year(dated: DatedValue | None) -> PlanThreshold:
    """Return one threshold for a whole year, none without a value."""
    return PlanThreshold(() if dated is None else (MonthlyValue(dated, MONTHS),))


def candidate_document(text: str) -> CandidateDocument:
    """Return the document of candidates of a YAML text; raises the refusal of one that is wrong."""
    known = known_of(text)
    if known.refused is not None:
        raise known.refused
    assert known.document is not None
    return known.document


def banded(prices: Sequence[dict], bands: Sequence[str], assignment=None, **rule) -> dict:
    """Return the parts of a rule set that pay top-ups by band."""
    return {
        "band_profile": {
            "bands": list(bands),
            "assignment": assignment or {"label_given": True},
            "tariff": {"prices": list(prices)},
        },
        "top_up_rule": {"calendar": a_year(), **rule},
    }


def held(column, value, labels: Sequence[str] = ()) -> int:
    """Return the whole number that a column holds for a spoken value."""
    if value is None:
        return column.missing
    if value == "none" and column.none is not None:
        return column.none
    if column.kind is Kind.label:
        return labels.index(value)
    if column.codes is not None:
        return int(column.codes[value])
    if column.kind is Kind.date:
        return day_number(value)
    return int(Fraction(value) * SCALE.get(column.kind, 1))


def spoken(column, number: int, labels: Sequence[str] = ()):
    """Return the spoken value of the whole number that a column holds."""
    if number == column.missing:
        return None
    if column.kind is Kind.label:
        return labels[number]
    if column.codes is not None:
        return column.codes(number).name
    if column.kind is Kind.date:
        return numbered_day(number)
    if column.kind is Kind.flag:
        return bool(number)
    return Decimal(number) / SCALE[column.kind] if column.kind in SCALE else number


def pupil_table(records: Sequence[Mapping], labels: Sequence[str] = ()) -> PupilTable:
    """Return a table of pupils with every column that any of them names."""
    names = dict.fromkeys(name for record in records for name in record)
    columns = {
        name: np.asarray(
            [held(pupil_column(name), record.get(name), labels) for record in records],
            pupil_column(name).dtype,
        )
        for name in [*names, "la"]
        if name != "pupil_key"
    }
    keys = pl.Series([record["pupil_key"] for record in records], dtype=pl.String)
    return PupilTable.of(keys, columns, np.arange(len(records)) + 2, tuple(labels))


def school_table(records: Sequence[Mapping]) -> SchoolTable:
    """Return a table of schools with every column that any of them names."""
    order = sorted(range(len(records)), key=lambda at: records[at]["urn"])
    ordered = [records[at] for at in order]
    names = dict.fromkeys([name for record in records for name in record])
    columns, values, presence = {}, {}, {}
    for name in ["phase", *names]:
        cells = [record.get(name) for record in ordered]
        column = SCHOOL_COLUMNS.get(name)
        if column is not None and column.dtype is not None:
            columns[name] = frozen(np.asarray([held(column, one) for one in cells], column.dtype))
        elif column is None:
            scale = PENCE if name.startswith((AMOUNT_PREFIX, PRIOR_AMOUNT_PREFIX)) else MILLION
            numbers = [
                0 if one in (None, NOT_APPLICABLE) else int(Fraction(one) * scale) for one in cells
            ]
            values[name] = frozen(np.asarray(numbers, np.int64))
            presence[name] = frozen(np.asarray([_presence(one) for one in cells], np.int8))
    titles = tuple(str(record.get("school_name", "")) for record in ordered)
    urn = frozen(np.asarray([record["urn"] for record in ordered], np.int32))
    return SchoolTable(
        urn, titles, columns, values, presence, frozen(np.asarray(order, np.int64) + 2)
    )


def _presence(cell) -> Presence:
    if cell == NOT_APPLICABLE:
        return Presence.not_applicable
    return Presence.not_supplied if cell is None else Presence.given


def many_pupils(
    seed: int,
    length: int,
    labels: Sequence[str] = (),
    dimensions: Mapping[str, int] | None = None,
    parts: int = 0,
    year: date = date(2025, 4, 1),
) -> PupilTable:
    """Return pupils with random values in every column, one in twelve of each not supplied.

    Most have no dates; others come and go around the year that starts on ``year``.

    ``dimensions`` name the levels that bands are decided by with the highest of each, and
    ``parts`` the equal parts of the year, where presence may be given as a count of them.
    """
    random = np.random.default_rng(seed)
    columns = {
        "la": random.integers(201, 205, length),
        "urn": random.integers(1, length // 400 + 2, length),
    }
    highest = {f"level_{name}": most for name, most in (dimensions or {}).items()}
    for name in (*DRAWN, *highest):
        low, high = DRAWN.get(name, (0, highest.get(name, 0)))
        columns[name] = random.integers(low, high + 1, length)
    columns["urn"][random.random(length) < 0.1] = 1
    columns["support_hours"] *= 125
    columns["hours"] *= 250
    columns["level"] *= 500_000
    columns["assessed_cost"] *= 123_457
    columns["top_up"] *= 54_321
    columns["exceptional_amount"] *= 98_765
    first = day_number(year)
    columns["start"] = random.choice(np.arange(first - 250, first + 520, 41), length)
    ends = random.choice(np.arange(first, first + 520, 53), length)
    columns["end"] = np.maximum(columns["start"], ends)
    columns["requested"] = columns["start"] - random.choice([30, 141, 200], length)
    columns["band"] = random.integers(0, max(len(labels), 1), length)
    columns["parts_on_roll"] = random.choice(np.linspace(0, parts, 13, dtype=np.int64), length)
    for name, values in columns.items():
        if name != "la":
            blank = random.random(length) < (0.6 if name in STAYS else 1 / 12)
            values[blank] = pupil_column(name).missing
    if not parts:
        columns["parts_on_roll"][:] = pupil_column("parts_on_roll").missing
    if not labels:
        columns["band"][:] = pupil_column("band").missing
    typed = {name: values.astype(pupil_column(name).dtype) for name, values in columns.items()}
    keys = pl.Series(np.char.add("pupil-", np.arange(length).astype(str)))
    return PupilTable.of(keys, typed, np.arange(length) + 2, tuple(labels))


STAYS = ("start", "end", "parts_on_roll")
DRAWN = {
    "year_group": (-2, 14),
    "sen_provision": (0, 2),
    "primary_need": (1, 14),
    "secondary_need": (1, 14),
    "setting": (1, 12),
    "fsm": (0, 1),
    "fsm6": (0, 1),
    "eal3": (0, 1),
    "mobility": (0, 1),
    "looked_after": (0, 1),
    "low_prior_attainment": (0, 1),
    "idaci": (1, 7),
    "score": (0, 100),
    "points": (0, 112),
    "level": (0, 12),
    "support_hours": (0, 32),
    "hours": (0, 14),
    "assessed_cost": (0, 60),
    "top_up": (0, 40),
    "exceptional_amount": (0, 40),
    "group_size": (1, 4),
}


def said(names: Sequence[str], numbers: Sequence[int], labels: Sequence[str] = ()) -> dict:
    """Return a record in people's units and codes, from the whole numbers that its columns hold."""
    pairs = zip(names, numbers, strict=True)
    return {name: spoken(pupil_column(name), number, labels) for name, number in pairs}


def record_of(table: PupilTable, row: int, names: Sequence[str] | None = None) -> dict:
    """Return a pupil of a table in people's units and codes."""
    chosen = tuple(names or table.columns)
    return said(chosen, [int(table.columns[name][row]) for name in chosen], table.labels)


def some_of(table: PupilTable, rows) -> PupilTable:
    """Return the table of some rows of another, in the order in which they are named."""
    chosen = np.arange(len(table))[rows]
    columns = {name: values[chosen] for name, values in table.columns.items()}
    return PupilTable.of(table.keys.gather(chosen), columns, table.rows[chosen], table.labels)
