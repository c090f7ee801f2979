"""National schools formulas drawn at random, and the formulas of one authority each that they are in one."""

import copy

from hypothesis import strategies as st

from engine.rules.load import plain, rule_set_from
from tests.formula_strategies import LARGE, SHARE, VALUE
from tests.tariff_strategies import perhaps_printed

AUTHORITIES = ("201", "202", "886")
"""Authorities of which the rows of drawn tables are; 202 has often none."""

PHASES = ("primary", "secondary", "all_through", "middle", "special")
PERCENT = perhaps_printed(st.decimals(-5, 20, places=4).map(str))
SEPTEMBER = "2025-09-01"
VALUES = {
    "area_cost_adjustment": perhaps_printed(st.decimals("0.9", "1.2", places=6).map(str)),
    "notional_percent": SHARE,
    "scaling_percent": SHARE,
    "guarantee_percent": PERCENT,
    "cap_percent": PERCENT,
    "high_needs_threshold": LARGE,
}
CHANGING = {"unit_value", "notional_percent", "area_cost_adjustment", "high_needs_threshold"}
LA = st.lists(st.sampled_from(AUTHORITIES), min_size=1, max_size=2, unique=True)
PHASE = st.lists(st.sampled_from(PHASES), min_size=1, max_size=3, unique=True)


def places_of(values: dict) -> list[tuple[dict, str, bool]]:
    """Return each value of a plain document that may be a table: what it is in, its name, and whether months may change it."""
    formula = values["schools_formula"]
    found = [(formula, "area_cost_adjustment", True)]
    for factor in formula["factors"].values():
        for line in factor.values():
            if isinstance(line, dict) and not {"fsm", "idaci"} & set(line):
                found += [(line, name, True) for name in ("unit_value", "notional_percent")]
    minimum, protection = formula.get("minimum_per_pupil", {}), formula.get("protection", {})
    levels = ("primary", "ks3", "ks4", "secondary", "notional_percent")
    found += [(minimum, name, False) for name in levels]
    shares = ("guarantee_percent", "cap_percent", "scaling_percent", "notional_percent")
    found += [(protection, name, False) for name in shares]
    found.append((formula.get("expected_calls", {}), "high_needs_threshold", True))
    return [(part, name, may_change) for part, name, may_change in found if name in part]


@st.composite
def national_formulas(draw, documents, *, changing: bool = False):
    """Draw a document of which some values differ by authority and phase of a school, and perhaps change in September."""
    values = copy.deepcopy(plain(draw(documents)))
    for part, name, may_change in places_of(values):
        if draw(st.integers(0, 2)):
            later = changing and may_change
            part[name] = draw(tables(part[name], name, later=later))
    return rule_set_from(values)


@st.composite
def tables(draw, series: list[dict], name: str, *, later: bool) -> dict:
    """Draw a table of values with the days and sources of a series; ``later`` where a row may change in September."""
    value = VALUES.get(name, VALUE)
    rows = []
    for _ in range(draw(st.integers(1, 4))):
        when = draw(st.fixed_dictionaries({"la": LA}, optional={"phase": PHASE}))
        held = [{**one, "value": draw(value)} for one in series]
        if later and draw(st.booleans()):
            held.append({**held[-1], "from": SEPTEMBER, "value": draw(value)})
        rows.append({"when": when, "value": held})
    if draw(st.booleans()):
        rows.append(
            {"when": draw(st.fixed_dictionaries({}, optional={"phase": PHASE})), "value": series}
        )
    otherwise = {"otherwise": "none"} if name != "unit_value" and draw(st.booleans()) else {}
    return {"rows": rows, **otherwise}


def of_authority(document, la: str):
    """Return the document of one authority: the rows that are its own, and plain values where they ask no more."""
    values = copy.deepcopy(plain(document))
    values["authority"] = {"code": la, "name": "One"}
    was_level = {"primary", "ks3", "ks4", "secondary"} & set(
        values["schools_formula"].get("minimum_per_pupil", {})
    )
    for part, name, _ in places_of(values):
        if isinstance(part[name], dict):
            held = _own(part[name], la)
            part.pop(name)
            if held is not None:
                part[name] = held
    formula = values["schools_formula"]
    left = set(formula.get("minimum_per_pupil", {}))
    if was_level and not was_level & left:
        formula.pop("minimum_per_pupil")
    if not formula.get("expected_calls", {"": ""}):
        formula.pop("expected_calls")
    return rule_set_from(values)


def _own(table: dict, la: str):
    """Return what is left of a table for an authority: rows without it, or values alone; None for none."""
    left = []
    for row in table["rows"]:
        when = dict(row.get("when", {}))
        if la not in when.pop("la", [la]):
            continue
        left.append({"when": when, "value": row["value"]})
        if not when:
            break
    if left and not left[0]["when"]:
        return left[0]["value"]
    if left:
        return {**table, "rows": left}
    if table.get("otherwise"):
        return None
    # What an authority's own document cannot leave out, it says not to be printed.
    first = table["rows"][0]["value"]
    return [{**one, "value": "not printed"} for one in first]
