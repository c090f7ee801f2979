"""Facts that an entry point says of a school, in one writing, so that they can be held equal.

A fact is a name and a value: numbers in millionths as text, None where it is said not to be known.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from engine.money import scaled

Facts = dict[tuple[str, ...], object]
LIFTS = ("fringe", "minimum_per_pupil", "protection")
CALLS = ("sen_support", "plans", "total", "left")
AMOUNTS = {
    "line": ("Amount", "Amount given", "Share earned, by how small and remote the school is"),
    "lift": ("Added", "Uplift (none if the level is already reached)", "Adjustment"),
}
"""The rows of a working that hold what a part of the formula comes to."""


@dataclass(frozen=True)
class Question:
    """A school asked about under a rule set; ``meaning`` is that of lines that are not sent."""

    rules: str
    school: Mapping[str, str]
    cost: str | None = None
    meaning: str = "zero"


def same(value: object) -> str | None:
    """Return a number in one writing, None where there is none."""
    if value is None or value == "":
        return None
    return str(scaled(Decimal(str(value)), 10**6))


def of_totals(record: Mapping) -> Facts:
    """Return the facts of a record of totals; the budget where the record says whether it is whole."""
    facts: Facts = {
        ("formula_total",): same(record["formula_total"]),
        ("notional_sen",): same(record["notional_sen"]),
        ("parts not known",): int(record["not_known"]),
    }
    if "notional_sen_not_known" in record:
        whole = record["notional_sen_not_known"] in (0, "0")
        facts["budget",] = facts["notional_sen",] if whole else None
    return facts


def of_line(name: str, record: Mapping) -> Facts:
    """Return the facts of a line of the formula."""
    facts = {
        ("line", name, "label"): record["label"],
        ("line", name, "why"): record["why_not_known"] or None,
    }
    for part in ("units", "unit_value"):
        facts["line", name, part] = same(record[part])
    facts["line", name, "percent"] = same(record["notional_percent"])
    facts["line", name, "not known"] = int(record["not_known"])
    return facts | amounts("line", name, record)


def amounts(kind: str, name: str, record: Mapping) -> Facts:
    """Return the facts of a part of the formula in pounds."""
    return {
        (kind, name, "amount"): same(record["amount"]),
        (kind, name, "notional_sen"): same(record["notional_sen"]),
    }


def of_calls(calls: Mapping | None) -> Facts:
    """Return the facts of expected calls."""
    if calls is None:
        return {}
    facts: Facts = {("calls", name): same(calls[name]) for name in CALLS}
    facts["calls", "why"] = tuple(calls["not_known"])
    return facts


def of_workings(workings: Sequence) -> Facts:
    """Return the facts of a working: amounts and notional parts by their labels in it."""
    facts: Facts = {}
    for name, label, rows in workings:
        kind = "lift" if name in LIFTS else "line"
        if name == "total":
            facts["notional_sen",] = same(value_of(rows, "Notional SEN budget"))
            facts["formula_total",] = same(value_of(rows, "Formula funding"))
            continue
        facts[kind, name, "label"] = label
        found = [one["value"] for one in rows if one["label"] in AMOUNTS[kind]]
        if any(one["value"] is None for one in rows):
            found = [None]
        if found:
            facts[kind, name, "amount"] = same(found[-1])
        parts = [one["value"] for one in rows if one["label"] == "Notional SEN"]
        if parts:
            facts[kind, name, "notional_sen"] = same(parts[0])
    return facts


def value_of(rows: Sequence[Mapping], label: str) -> str | None:
    """Return the value of the first row with a label, None where there is none."""
    return next((one["value"] for one in rows if one["label"] == label), None)


def differences(told: Mapping[str, Facts | None]) -> dict[tuple[str, ...], dict[object, list[str]]]:
    """Return the facts that entry points say differently, with who says what."""
    said: dict[tuple[str, ...], dict[object, list[str]]] = {}
    for entry, facts in told.items():
        for fact, value in (facts or {}).items():
            said.setdefault(fact, {}).setdefault(value, []).append(entry)
    return {fact: values for fact, values in said.items() if len(values) > 1}


NO_TARGETED: Facts = {("targeted", name): None for name in ("due", "left_after", "not known")}
CALLS_OF_ROWS = {"sen_support": "sen_support_calls", "plans": "plan_calls", "total": "all_calls"}
"""The columns of rows that hold what a budget is expected to pay for."""


def calls_of_working(rows: list[Mapping]) -> Facts:
    """Return the facts of expected calls of the rows of a working."""
    own = "SEN support, the school's own figure"
    plans = "First part of each EHC plan, which the school pays"
    return {
        ("calls", "sen_support"): same(value_of(rows, "SEN support") or value_of(rows, own)),
        ("calls", "plans"): same(value_of(rows, plans)),
        ("calls", "total"): same(value_of(rows, "All expected costs")),
        ("calls", "left"): same(value_of(rows, "Shortfall") or value_of(rows, "Headroom")),
    }


def targeted_of_working(working: Mapping) -> Facts:
    """Return the facts of targeted funding of its working."""
    values = {one["label"]: one["value"] for one in working["rows"]}
    after = values.get("Shortfall once it is paid") or values.get("Headroom once it is paid")
    return {
        ("targeted", "label"): working["label"],
        ("targeted", "due"): same(values["Extra funding due"]),
        ("targeted", "left_after"): same(after),
    }


def calls_of_row(school: Mapping) -> Facts:
    """Return what the row of a school says of its calls, where any of them is known or says why not."""
    if not school.get("all_calls") and not school.get("calls_not_known"):
        return {}
    facts = {("calls", name): same(school[column]) for name, column in CALLS_OF_ROWS.items()}
    why = school["calls_not_known"] or None
    facts |= {
        ("calls", "left"): same(school["left"]),
        ("calls", "why"): () if why is None else tuple(why.split("; ")),
    }
    if "left_after" in school:
        facts |= {
            ("targeted", "due"): same(school["targeted_funding"]),
            ("targeted", "left_after"): same(school["left_after"]),
            ("targeted", "not known"): school["targeted_funding_not_known"] or None,
        }
    return facts
