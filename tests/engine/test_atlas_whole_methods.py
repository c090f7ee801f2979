"""Every part of a rule document is in the atlas: a change of any part changes the atlas."""

import copy
import re

import pytest

from engine.errors import RuleRefused
from engine.lab.atlas import Side, atlas
from engine.rules.compile import compile_rules
from engine.rules.document import RuleSet
from engine.rules.load import plain, rule_set_from
from tests.whole_rules import DAY, WHOLE

SAID = {"source", "note", "provenance", "sources", "about", "format", "identifier", "version"}
"""Sources of values, and the rule set's name in the heading: not parts of a method."""


def said(document):
    """Return what the atlas says of one rule set: the questions, the answers and their standing."""
    rows = atlas([Side(compile_rules(document, DAY))]).rows
    return [(row.entry, row.label, row.cells) for row in rows]


def leaves(part, path=()):
    """Yield the path of every value of a document that is part of a method."""
    if isinstance(part, dict):
        # The day on which the rules are read decides which dated value applies.
        left_out = SAID | {"from"} if "standing" in part else SAID
        for key in (key for key in part if key not in left_out):
            yield from leaves(part[key], (*path, key))
    elif isinstance(part, list | tuple):
        for at, one in enumerate(part):
            yield from leaves(one, (*path, at))
    elif part is not None:
        yield path


def others(value):
    """Return values that could replace another, of any kind."""
    if isinstance(value, bool):
        return [not value]
    if isinstance(value, int):
        return [value + 1, value - 1, 366]
    if re.fullmatch(r"\d+(\.\d+)?", value):
        return ["1", "2", "0.25", "50", "200"]
    if re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        return [f"{value[:8]}{int(value[8:]) + 1:02}", "2026-03-30"]
    return WORDS


WORDS = ["3/4", "sum", "elsewhere", "proposed", "verified", "2024-25", "others", "history", "other", "calendar_days", "gap", "unique", "ks3", "K", "MLD", "special", "academic",
         "mainstream", "40-100", "0-40", "1-31", "primary", "level", "support_hours", "A", "C", "units"]  # fmt: skip


def changed(document, path):
    """Yield the documents that differ in one value and can still be read."""
    written = plain(document)
    for other in others(value_at(written, path)):
        if value_at(written, path) == other:
            continue
        values = copy.deepcopy(written)
        value_at(values, path[:-1])[path[-1]] = other
        try:
            # Most others are of another kind, and every mistake of a refused document takes long to name.
            RuleSet.model_validate(values)
            made = rule_set_from(values)
            compile_rules(made, DAY)
        except (RuleRefused, ValueError):
            continue
        yield made


def value_at(part, path):
    for key in path:
        part = part[key]
    return part


BOUND = {
    "funding_year",
    "year_kind",
    "effective.first",
    "effective.last",
    "schools_formula.factors.basic.counts",
    "schools_formula.factors.low_prior_attainment.counts",
    "schools_formula.factors.sparsity.counts",
    "band_profile.bands.0",
    "band_profile.bands.1",
    "band_profile.bands.2",
    "band_profile.assignment.label_given",
    "band_profile.assignment.points.gaps",
    "band_profile.assignment.table.hit_policy",
    "band_profile.assignment.table.inputs.0",
    "band_profile.assignment.table.inputs.1",
    "band_profile.tariff.prices.5.assessed_cost",
    "top_up_rule.calendar.periods.0.first",
    "top_up_rule.calendar.periods.0.last",
    "top_up_rule.calendar.periods.0.presence",
    "top_up_rule.calendar.periods.1.first",
    "top_up_rule.calendar.periods.1.last",
    "places.types.special.periods.0.months",
    "places.types.special.periods.1.months",
}
"""Values that cannot change alone: another value of this document would no longer fit them."""


def untold(document, below=()):
    """Return the places that may be changed without any change of the atlas."""
    plainly = said(document)
    return [
        place
        for path in leaves(plain(document))
        if path[: len(below)] == below
        and (place := ".".join(map(str, path))) not in BOUND
        and not any(said(one) != plainly for one in changed(document, path))
    ]


def test_no_part_of_a_rule_document_can_change_without_the_atlas_saying_so():
    assert untold(WHOLE["a decision table"]) == []


@pytest.mark.parametrize("form", WHOLE)
def test_no_part_of_any_way_to_find_a_band_can_change_without_the_atlas_saying_so(form):
    assert untold(WHOLE[form], ("band_profile", "assignment")) == []
