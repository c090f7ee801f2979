"""Bodies that fit a published rule set, and the same bodies with one cell spoilt."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from hypothesis import strategies as st

from engine.columns import SCHOOL_COLUMNS, Kind, line_column, pupil_column
from engine.modules.school_formula.missing_lines import AbsentLines
from engine.rules.compiled import CompiledRules
from engine.schedule import Divided
from tests.allocation_strategies import KINDS, block_records, place_records, targeted_records
from tests.record_strategies import pupil_records, school_records

CANARY, NUMBER = "canary-77", "9876543210987"
"""Content of a spoilt cell: a text that no answer contains by chance."""
SPOILERS = {
    Kind.label: (CANARY,),
    Kind.code: (CANARY, NUMBER),
    Kind.flag: (CANARY, NUMBER),
    Kind.date: (CANARY, NUMBER, "2025-02-30"),
    Kind.text: (CANARY * 12,),
    **dict.fromkeys(
        (Kind.whole, Kind.hours, Kind.pounds, Kind.millionths),
        (CANARY, NUMBER, f"-{NUMBER}", chr(0x0667) * 5, "7.7e77"),
    ),
}
REQUIRED = {"pupil_key", "la", "urn", "phase", "place_type"}
"""Columns that no row may leave blank, but for the school of a pupil."""
BROKEN = {
    "blank", "out-of-range", "too-long", "unknown-authority", "unknown-code", "unknown-label",
    "unreadable",
}  # fmt: skip
"""Rules that one spoilt cell breaks."""


def school_kind(name: str) -> Kind:
    """Return what a column of a school table holds."""
    return (SCHOOL_COLUMNS.get(name) or line_column(name)).kind


def allocation_kind(name: str) -> Kind:
    """Return what a column of an authority's table holds."""
    words = {"school_name", "institution_group"}
    return Kind.text if name in words else KINDS.get(name, Kind.millionths)


POUNDS = st.sampled_from(["1500", "0", "99999999.99", None])
TOP_UPS = {"schedule": st.sampled_from([None, *Divided])}
SCHOOLS = {"sen_support_cost": POUNDS, "absent_lines": st.sampled_from(list(AbsentLines))}


@dataclass(frozen=True)
class WhatIf:
    """A what-if: its address, the part of a rule set that answers it, and what it is sent."""

    path: str
    part: str
    records: str
    draw: Callable[[CompiledRules], st.SearchStrategy[list[dict[str, object]]]]
    kind: Callable[[str], Kind]
    options: Mapping[str, st.SearchStrategy[object]] = field(default_factory=dict)

    def bodies(self, rules: CompiledRules) -> st.SearchStrategy[dict[str, Any]]:
        """Draw what a caller sends of one rule set, all of it as the rules have it."""
        effective = rules.document.effective
        return st.fixed_dictionaries(
            {
                "rule_set": st.just(rules.document.identifier),
                "version": st.sampled_from([None, rules.document.version]),
                "on": st.none() | st.dates(effective.first, effective.last).map(str),
                self.records: self.draw(rules),
                **self.options,
            }
        )


WHAT_IFS = {
    "pupils": WhatIf("/v1/what-ifs/top-ups", "band_profile", "pupils", pupil_records,
                  lambda name: pupil_column(name).kind, TOP_UPS),
    "whole schools": WhatIf("/v1/what-ifs/notional-sen", "schools_formula", "schools",
                         partial(school_records, whole=True), school_kind, SCHOOLS),
    "schools in part": WhatIf(
        "/v1/what-ifs/notional-sen", "schools_formula", "schools",
        partial(school_records, whole=False), school_kind,
        SCHOOLS | {"absent_lines": st.sampled_from([AbsentLines.zero, AbsentLines.not_supplied])},
    ),
    "places": WhatIf("/v1/what-ifs/places", "places", "places", place_records, allocation_kind),
    "blocks": WhatIf("/v1/what-ifs/high-needs-block", "high_needs_block", "authorities",
                  block_records, allocation_kind),
    "targeted funding": WhatIf("/v1/what-ifs/targeted-funding", "targeted_funding", "schools",
                            targeted_records, allocation_kind, {"sen_support_cost": POUNDS}),
}  # fmt: skip


@dataclass(frozen=True)
class Fault:
    """A body with one cell that its column cannot hold."""

    body: dict[str, Any]
    row: int
    column: str
    cell: str


@st.composite
def faults(draw, what_if: WhatIf, body: dict[str, Any]) -> Fault:
    """Draw one cell of a body and what spoils it."""
    records = [dict(one) for one in body[what_if.records]]
    row = draw(st.integers(0, len(records) - 1))
    column = draw(st.sampled_from(sorted(records[row])))
    is_free = column == "urn" and what_if.records == "pupils"
    blanks = ("",) if column in REQUIRED and not is_free else ()
    spoilers = () if column == "pupil_key" else SPOILERS[what_if.kind(column)]
    cell = draw(st.sampled_from((*blanks, *spoilers)))
    records[row][column] = cell
    return Fault({**body, what_if.records: records}, row + 1, column, cell)


def described_options(
    described: dict[str, Any], what_if: WhatIf
) -> st.SearchStrategy[dict[str, Any]]:
    """Draw the switches that the API describes for a body and that no strategy here draws yet.

    Deprecated ones are left out: they may contradict what took their place.
    """
    operation = described["paths"][what_if.path]["post"]
    schema = _named(described, operation["requestBody"]["content"]["application/json"]["schema"])
    drawn = {"rule_set", "version", "on", "overrides", what_if.records, *what_if.options}
    choices = {
        name: _choices(described, one)
        for name, one in schema["properties"].items()
        if name not in drawn and not one.get("deprecated", False)
    }
    return st.fixed_dictionaries(
        {}, optional={name: st.sampled_from(held) for name, held in choices.items() if held}
    )


def _choices(described: dict[str, Any], schema: dict[str, Any]) -> list[object]:
    """Return the few values that a switch has; none where it is no switch."""
    found = _named(described, schema)
    if "anyOf" in found:
        return [one for part in found["anyOf"] for one in _choices(described, part)]
    return {"boolean": [False, True], "null": [None]}.get(found.get("type"), found.get("enum", []))


def _named(described: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    name = schema.get("$ref", "").rpartition("/")[2]
    return described["components"]["schemas"][name] if name else schema
