"""The worked examples that come with the published rule documents, as tests ask for them."""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from engine.cases import case_files
from engine.cases.results import ABOUT
from tests.rule_library import RULE_FILES

TOTALS = {
    "expected_formula_total": "school_budget_share",
    "expected_notional_sen": "notional_sen",
    "expected_protection": "guarantee_adjustment",
}
PARTS = {"units": "units", "amount": "amount", "notional_sen": "notional"}
MINIMUM = "minimum_per_pupil"
HEADINGS = {"paid": "top_up", "budget": "notional_sen", "notional_sen": "notional_sen"}


def files(suffix: str = "") -> Iterator[tuple[str, Path]]:
    """Yield the file of each table of worked examples, with the rule set that it is about."""
    for name, path in RULE_FILES.items():
        for one in case_files(path):
            if one.name.endswith(f"{suffix}.cases.csv"):
                yield name, one


def rows_of(path: Path) -> list[dict[str, str]]:
    """Return the rows of a table of worked examples."""
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def table(rule_set: str, word: str = "") -> list[dict[str, str]]:
    """Return the rows of the table of worked examples of a rule set; ``word`` is that in the file's name."""
    ending = f"{rule_set}.{word}.cases.csv" if word else f"{rule_set}.cases.csv"
    (path,) = (one for name, one in files() if name == rule_set and one.name == ending)
    return rows_of(path)


def _expected(row: dict[str, str]) -> dict[str, Any]:
    """Return what a school's row expects: its lines, and what is expected of it in all."""
    lines: dict[str, dict[str, str]] = {}
    expected: dict[str, Any] = {"lines": lines}
    for heading, text in row.items():
        if not text or not heading.startswith("expected_"):
            continue
        if heading in TOTALS:
            expected[TOTALS[heading]] = text
            continue
        for part, name in PARTS.items():
            prefix = f"expected_{part}_"
            if heading.startswith(prefix) and "±" not in text and "not_known" not in heading:
                lines.setdefault(heading.removeprefix(prefix), {})[name] = text
    minimum = lines.pop(MINIMUM, None)
    if minimum is not None:
        expected[MINIMUM] = {"uplift": minimum["amount"], "notional": minimum["notional"]}
    return expected


def _case(rule_set: str, row: dict[str, str]) -> dict[str, Any] | None:
    """Return a case of a school or a pupil; None for rows of other tables."""
    about = {name: row[name] for name in ABOUT if name in row}
    case = {**about, "id": about["case"], "rule_set": rule_set}
    inputs = {
        name: text
        for name, text in row.items()
        if name not in about and name not in HEADINGS and not name.startswith("expected_")
    }
    if "paid" in row:
        pupil = {"pupil_key": case["id"], **{name: text for name, text in inputs.items() if text}}
        of_pupil = {**case, "kind": "top_up", "pupil": pupil}
        word, _, rule = row["paid"].partition(": ")
        if word == "refused":
            return {**of_pupil, "refused": rule}
        return {**of_pupil, "expected": {"top_up": row["paid"]}}
    if "phase" in row:
        return {**case, "kind": "notional_sen", "school": inputs, "expected": _expected(row)}
    return None


def cases(kind: str) -> dict[str, dict[str, Any]]:
    """Return the worked examples of a kind, ``notional_sen`` or ``top_up``, by their names."""
    every = (_case(name, row) for name, path in files() for row in rows_of(path))
    return {one["id"]: one for one in every if one is not None and one["kind"] == kind}


GRANT_YEARS = ("2020-21", "2021-22", "2022-23", "2023-24")
TERMS = {
    "floor_and_gains_elements": "a_floor_and_gains_elements",
    "basic_entitlement_unit": "b_basic_entitlement_unit",
    "special_school_pupils": "c_special_school_pupils",
    "import_export_adjustment": "d_import_export_adjustment",
    "special_free_schools": "e_special_free_schools",
    "hospital_pay_pension_supplementary": "f_hospital_ap_pay_pension_supplementary",
    "formula_before_gains_limit": "g_nff_before_gains_limit",
}
"""The terms of a block by the columns of the published tables."""


def place_deductions(*years: str) -> list[dict[str, str]]:
    """Return the published place deductions of some years, or of all, by the columns of the published tables."""
    return [
        {
            "year": year,
            "la_code": row["la"],
            "institution_group": row["institution_group"],
            "place_type": row["place_type"],
            "kind": row["place_type"],
            "places_1": row["places_1"],
            "places_2": row["places_2"],
            "amount_published": row["deduction"],
        }
        for year in years or GRANT_YEARS
        for row in table(f"dedicated-schools-grant-{year}", "places")
    ]


def high_needs_blocks(*years: str) -> list[dict[str, str]]:
    """Return the published blocks of some years, or of all, by the columns of the published tables."""
    return [
        {
            "year": year,
            "la_code": row["la"],
            "area_name": row["case"],
            **{column: row.get(name, "") for name, column in TERMS.items()},
            "h_additional_allocation": row.get("expected_additional_allocation", ""),
            "total_high_needs_block": row["block"],
        }
        for year in years or GRANT_YEARS
        for row in table(f"dedicated-schools-grant-{year}", "block")
    ]


def windsor_schools() -> list[dict[str, str]]:
    """Return the seven schools of Windsor and Maidenhead: notional SEN, plans, calls, and both steps."""
    return [
        {
            "urn": row["urn"],
            "phase": row["case"].partition(" ")[0].lower(),
            "plans": row["ehc_plans"],
            "notional": row["notional_sen"],
            "calls": row["expected_calls"],
            "due": row["expected_due"],
            "shared": row["expected_shared"],
        }
        for row in table("windsor-and-maidenhead-2018-19")
    ]
