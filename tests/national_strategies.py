"""National documents drawn at random, and the documents of one authority each that they are in one."""

import copy

from hypothesis import strategies as st

from engine.rules.load import plain, rule_set_from
from tests.condition_strategies import CODES, LABELS
from tests.tariff_strategies import perhaps_printed

AUTHORITIES = ("201", "202", "886")
"""Authorities of which the rows of drawn tables are; 202 has often none."""

MONEY = perhaps_printed(st.integers(0, 3_000_000).map(lambda pence: f"{pence / 100:.2f}"))
VALUES = {
    "area_cost_adjustment": perhaps_printed(st.decimals("0.9", "1.2", places=5).map(str)),
    "uprating_percent": perhaps_printed(st.decimals("-5", "12", places=2).map(str)),
    "percent": perhaps_printed(st.decimals(-20, 50, places=4).map(str)),
}
PRICES = {"pounds_each", "unit_value"}
BY = {
    "la": st.lists(st.sampled_from(AUTHORITIES), min_size=1, max_size=2, unique=True),
    "setting": st.lists(st.sampled_from(CODES["setting"]), min_size=1, max_size=6, unique=True),
    "phase": st.lists(st.sampled_from(CODES["phase"]), min_size=1, max_size=3, unique=True),
    "band": st.lists(st.sampled_from(LABELS), min_size=1, max_size=3, unique=True),
}


def places_of(values: dict) -> list[tuple[dict, str, bool]]:
    """Return each value of a plain document that may be a table: what it is in, its name, and whether it is a price."""
    tariff, rule = values["band_profile"]["tariff"], values["top_up_rule"]
    names = ("unit_value", "area_cost_adjustment", "uprating_percent")
    found = [(tariff, name, name in PRICES) for name in names]
    for price in tariff["prices"]:
        found += [(price, name, True) for name in ("pounds", "pounds_each")]
    for one in tariff.get("modifiers", []):
        found += [(one, name, False) for name in ("percent", "pounds")]
    found += [
        (rule.get("threshold", {}), "pounds", False),
        (rule, "floor", False),
        (rule, "cap", False),
    ]
    return [(part, name, is_price) for part, name, is_price in found if name in part]


@st.composite
def national(draw, documents):
    """Draw a document of which some values differ by authority, setting, phase or band."""
    values = copy.deepcopy(plain(draw(documents)))
    for part, name, is_price in places_of(values):
        is_table = isinstance(part[name], dict)
        if draw(st.integers(0, 2)) and not is_table:
            part[name] = draw(tables(part[name], VALUES.get(name, MONEY), is_price=is_price))
    return rule_set_from(values)


@st.composite
def tables(draw, series, values, *, is_price: bool) -> dict:
    """Draw a table of values with the days and sources of a series."""
    rows = []
    for _ in range(draw(st.integers(1, 4))):
        when = draw(
            st.fixed_dictionaries(
                {"la": BY["la"]}, optional={name: BY[name] for name in BY if name != "la"}
            )
        )
        rows.append({"when": when, "value": [{**one, "value": draw(values)} for one in series]})
    if draw(st.booleans()):
        rows.append({"when": {}, "value": series})
    otherwise = {"otherwise": "none"} if not is_price and draw(st.booleans()) else {}
    return {"rows": rows, **otherwise}


def of_authority(document, la: str):
    """Return the document of one authority: the rows that are its own, and plain values where they ask no more."""
    values = copy.deepcopy(plain(document))
    values["authority"] = {"code": la, "name": "One"}
    for part, name, _ in places_of(values):
        table = part[name]
        if isinstance(table, dict):
            held = _own(table, la)
            if held is None:
                del part[name]
            else:
                part[name] = held
    _drop_empty(values)
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


def _drop_empty(values: dict) -> None:
    """Leave out a modifier and a first part of which an authority has none."""
    tariff, rule = values["band_profile"]["tariff"], values["top_up_rule"]
    modifiers = [one for one in tariff.get("modifiers", []) if {"percent", "pounds"} & set(one)]
    tariff["modifiers"] = modifiers
    if "pounds" not in rule.get("threshold", {"pounds": ""}):
        del rule["threshold"]
