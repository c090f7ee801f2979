"""What a proforma prints for an authority, and, as data, what it does not state: the rules of its year."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from typing import Any

import polars as pl

from engine.data import FIXTURES
from engine.errors import Problem, TableRefused
from engine.lab.imports.published_table import PublishedTable, published_table
from engine.reading.cell_spellings import exact_number, exact_pounds
from engine.reading.report import refuse
from engine.reading.table_text import TableText
from engine.rules.yaml_source import read_yaml
from engine.table_checks import unknown_columns
from engine.vocabulary import ABSENT_SYMBOLS, local_authorities

FILE = FIXTURES / "imports" / "proforma.yaml"


@dataclass(frozen=True, slots=True)
class ProformaRules:
    """The rules of one year's proforma.

    ``factors`` hold the words of each factor in a document, ``variants`` the notes on
    choices inside a factor, ``totals`` the names of the columns of the totals that are used,
    ``optional`` of those that a table may lack.
    """

    year: str
    of_year: dict[str, Any]
    source: dict[str, str]
    digits: int
    factors: dict[str, dict[str, Any]]
    variants: dict[str, dict[str, str]]
    totals: dict[str, Any]
    optional: dict[str, Any]


@cache
def _words() -> dict[str, Any]:
    held = read_yaml(FILE.read_text(encoding="utf-8")).value
    return held if isinstance(held, dict) else {}


def proforma_rules(year: str | None = None) -> ProformaRules:
    """Return the rules of a year's proforma, of the last year known where none is named.

    Raises ``TableRefused`` for a year that is not known.
    """
    held = _words()
    years = held["years"]
    chosen = year or max(years)
    if chosen not in years:
        sentence = f"must be one of {', '.join(years)}"
        raise TableRefused([Problem(sentence, "unknown-year", place="year")])
    return ProformaRules(
        year=chosen,
        of_year=years[chosen],
        source=held["source"],
        digits=held["significant_digits"],
        factors=held["factors"],
        variants=held["variants"],
        totals=held["totals"],
        optional=held["optional_totals"],
    )


TEXTS = ("la_code", "la_name", "factor", "phase", "line_role", "variant")
SHARE = "notional_sen_pct"
NUMBERS = ("unit_value", "units", "subtotal", SHARE)
UNUSED = ("subtotal_basis", "proportion_of_total")
LABEL = "source_label"
TOTALS = "table of totals"
PHASES = ("primary", "ks3", "ks4", "secondary", "middle", "all_through", "all")
ALONE, TOGETHER, PART = "line", "combined", "phase_part"
Meant = Mapping[tuple[str, str], str]
"""The factor that is meant, by authority and factor as written."""


@dataclass(frozen=True, slots=True)
class ProformaLine:
    """One line as printed: pounds, units and a share of 1; None where nothing is printed."""

    factor: str
    phase: str
    role: str
    variant: str
    unit_value: Decimal | None
    units: Decimal | None
    subtotal: Decimal | None
    share: Decimal | None
    label: str


@dataclass(frozen=True, slots=True)
class Proforma:
    """One authority's formula, with the totals printed beside it."""

    code: int
    name: str
    lines: tuple[ProformaLine, ...]
    totals: Mapping[str, str]

    def of(self, factor: str) -> dict[str, ProformaLine]:
        """Return a factor's lines by phase."""
        return {line.phase: line for line in self.lines if line.factor == factor}

    def total(self, column: str) -> Decimal | None:
        """Return a printed total, or None where none is printed."""
        text = self.totals.get(column, "")
        return _figure(text, column)

    def chose(self, column: str) -> bool:
        """Return whether the totals say yes to a choice."""
        return self.totals.get(column, "").casefold() == "yes"


def read_proformas(
    lines: pl.DataFrame | TableText, totals: pl.DataFrame | TableText | None, rules: ProformaRules
) -> tuple[Proforma, ...]:
    """Return the authorities of a table by code, or raise ``TableRefused`` with every problem of both tables."""
    table = published_table(lines)
    problems = table.problems(_column_problems(table) or [*_line_problems(table, rules)])
    of_totals = None if totals is None else published_table(totals)
    if of_totals is not None:
        found = of_totals.problems(_total_problems(of_totals, rules))
        problems += [replace(one, place=_in_totals(one)) for one in found]
    refuse(problems)
    printed = {} if of_totals is None else {row["la_code"]: row for _, row in of_totals.rows}
    meant = _meant(table, rules)
    held: dict[str, list[dict[str, str]]] = {}
    for _, row in table.rows:
        held.setdefault(row["la_code"], []).append(row)
    named = {code: rows[0]["la_name"] or f"Authority {code}" for code, rows in held.items()}
    often = Counter(named.values())
    return tuple(
        Proforma(
            int(code),
            named[code] if often[named[code]] == 1 else f"{named[code]} {code}",
            tuple(_line(row, meant) for row in rows),
            printed.get(code, {}),
        )
        for code, rows in sorted(held.items())
    )


def _in_totals(one: Problem) -> str:
    return TOTALS + (f", column {one.column}" if one.column else "")


def _meant(table: PublishedTable, rules: ProformaRules) -> Meant:
    """Return the factor that an authority's factor is meant to be, where its variants say so.

    Free meals are counted now or in six years: of the two the variant is the choice.
    """
    said: dict[tuple[str, str], set[str]] = defaultdict(set)
    for _, row in table.rows:
        other = rules.variants.get(row["variant"], {}).get("instead_of")
        if other is not None and row["factor"] in {other, row["variant"]}:
            said[row["la_code"], row["factor"]].add(row["variant"])
    return {key: variants.pop() for key, variants in said.items() if len(variants) == 1}


def _factor(row: Mapping[str, str], meant: Meant) -> str:
    return meant.get((row["la_code"], row["factor"]), row["factor"])


def _line(row: Mapping[str, str], meant: Meant) -> ProformaLine:
    value, units, subtotal, share = (_figure(row[name], name) for name in NUMBERS)
    return ProformaLine(
        _factor(row, meant), row["phase"], row["line_role"], row["variant"],
        value, units, subtotal, share, row.get(LABEL, ""),
    )  # fmt: skip


def _column_problems(table: PublishedTable) -> list[Problem]:
    needed = (*TEXTS, *NUMBERS)
    known = (*needed, *UNUSED, LABEL)
    missing = "is missing; a proforma has this column"
    return table.missing(needed, missing) + unknown_columns(table.columns, known, ())


def _line_problems(table: PublishedTable, rules: ProformaRules) -> Iterator[Problem]:
    seen: set[tuple[str, ...]] = set()
    meant = _meant(table, rules)
    closed: dict[str, Collection[str]] = {
        "la_code": {str(code) for code in local_authorities()},
        "factor": rules.factors,
        "phase": PHASES,
        "line_role": (ALONE, TOGETHER, PART),
        "variant": ("", *rules.variants),
    }
    for number, row in table.rows:
        for column, allowed in closed.items():
            if row[column] not in allowed:
                yield Problem(_choices(column, allowed), "unknown-code", column=column, row=number)
        for column in NUMBERS:
            if not _is_figure(row[column], column):
                yield Problem("must be a plain number", "unreadable", column=column, row=number)
        factor = _factor(row, meant)
        if rules.variants.get(row["variant"], {}).get("instead_of") == factor:
            sentence = "does not match the factor of its row"
            yield Problem(sentence, "other-factor", column="variant", row=number)
        key = (row["la_code"], factor, row["phase"])
        if key in seen:
            sentence = "duplicate: the authority has a row above with this factor and phase"
            yield Problem(sentence, "repeated-line", column="phase", row=number)
        seen.add(key)


def _choices(column: str, allowed: Collection[str]) -> str:
    if column == "la_code":
        return "must be the three-digit code of a local authority"
    return f"must be one of {', '.join(one or 'nothing' for one in allowed)}"


def _figure(text: str, column: str) -> Decimal | None:
    """Return the number of a cell as people write it; None where there is none. A share may be a percentage."""
    if text in ABSENT_SYMBOLS:
        return None
    return exact_number(text, percent=True) if column == SHARE else exact_pounds(text)


def _is_figure(text: str, column: str) -> bool:
    """Return whether a cell holds a number, or a symbol that says why it has none."""
    return text in ABSENT_SYMBOLS or _figure(text, column) is not None


def _total_problems(table: PublishedTable, rules: ProformaRules) -> list[Problem]:
    used = [name for name in rules.totals.values() if isinstance(name, str)]
    missing = "is missing from the table of totals"
    problems = table.missing(("la_code", *used), missing)
    thresholds = [name for one in rules.optional["sparsity"].values() for name in one.values()]
    numbers = [name for name in used if name != rules.totals["capped"]]
    numbers += [rules.optional["reception_pupils"], *thresholds]
    seen: set[str] = set()
    for number, row in table.rows:
        problems += [
            Problem("must be a plain number", "unreadable", column=name, row=number)
            for name in numbers
            if not _is_figure(row.get(name, ""), name)
        ]
        if row.get("la_code", "") in seen:
            sentence = "duplicate: the authority has a row of totals above"
            problems.append(Problem(sentence, "repeated-line", column="la_code", row=number))
        seen.add(row.get("la_code", ""))
    return problems
