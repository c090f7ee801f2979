"""Sound values to put in the place of wrong ones, so that what else is wrong with a document can be found.

A stand-in has the form that the format asks for at its place, and says nothing: no document with one is used.
"""

import copy
import re
from collections.abc import Mapping
from typing import Any

from engine.days import day_of, year_of
from engine.unseen_characters import as_seen
from engine.wording import Loc, forms_at

Plain = Any
"""Plain values of a document: groups, lists, text, whole numbers, flags and days."""

DAY = "2000-09-01"
TEXTS = ("1", DAY, "202", "a", "A", year_of("financial", day_of(DAY)).label, "1/2", "financial", "mainstream", "evenband-rules/1",
         "year_1", "level_a", "none")  # fmt: skip
"""Texts of which one fits the form of each field of a document that is text."""

ANY = "*"

_PROVENANCE = {"from": DAY, "source": "a", "standing": "verified"}
_CALENDAR = {"source": "a", "standing": "verified", "parts": {"number": 1, "part": "year"}}
_PRICE = {"provenance": _PROVENANCE, "pounds": "1"}
_LINES = {"a": {"label": "A", "counts": "pupils", "primary": {"unit_value": "1"}}}
_PROFILE: Mapping[str, Plain] = {
    "provenance": _PROVENANCE,
    "bands": ["A"],
    "assignment": {"label_given": True},
    "tariff": {"prices": [_PRICE]},
}
SECTIONS: Mapping[Loc, Plain] = {
    ("effective",): {"first": DAY, "last": DAY},
    ("sources",): {},
    ("band_profile",): _PROFILE,
    ("band_profile", "assignment"): _PROFILE["assignment"],
    ("band_profile", "tariff"): _PROFILE["tariff"],
    ("band_profile", "tariff", "prices", 0): _PRICE,
    ("band_profile", "tariff", "modifiers", 0): {"label": "A", **_PRICE},
    ("top_up_rule",): {"calendar": _CALENDAR},
    ("top_up_rule", "calendar"): _CALENDAR,
    ("top_up_rule", "protection"): {"provenance": _PROVENANCE, "until": DAY, "pupil_percent": "1"},
    ("schools_formula",): {"provenance": _PROVENANCE, "pupils_counted_by": "a", "factors": _LINES},
    ("schools_formula", "factors", ANY): {"provenance": _PROVENANCE, **_LINES["a"]},
    ("places",): {"types": {}},
    ("places", "types", ANY): {"label": "A"},
    ("high_needs_block",): {"terms": {}},
    ("targeted_funding",): {
        "provenance": _PROVENANCE, "label": "A", "pattern": "gap", "threshold": "1", "means_percent": "1"
    },
}  # fmt: skip
"""Whole parts of a document, for those of which no value alone can be put right; 0 is any row, ``ANY`` any name."""


def stand_in(schema: Mapping[str, Any], path: Loc) -> Plain:
    """Return a sound value for a place of a document; a whole part for one of its sections."""
    section = tuple(0 if isinstance(one, int) else one for one in path)
    for one in (section, (*section[:-1], ANY)):
        if one in SECTIONS:
            return copy.deepcopy(SECTIONS[one])
    forms = forms_at(schema, path)
    exact = [one for one in forms if "pattern" in one]
    return _example(schema, (exact or forms)[0], path) if forms else "1"


def mended_text(schema: Mapping[str, Any], path: Loc, written: Plain) -> str | None:
    """Return what a text or whole number that is wrongly written says, in the form of its place; None where it is in none.

    Quotation marks that lack, blanks at its ends and characters that cannot be seen change nothing of what is meant.
    """
    if isinstance(written, bool) or not isinstance(written, str | int):
        return None
    text = as_seen(str(written)).strip()
    fitting = (
        form for form in forms_at(schema, path) if "pattern" in form and "format" not in form
    )
    fits = any(
        re.search(form["pattern"], text) and len(text) <= form.get("maxLength", len(text))
        for form in fitting
    )
    return text if fits and text != written else None


def _example(schema: Mapping[str, Any], form: Mapping[str, Any], path: Loc) -> Plain:
    if "enum" in form:
        return form["enum"][0]
    match form.get("type"):
        case "object":
            needed = form.get("required", [])
            return {name: stand_in(schema, (*path, name)) for name in needed}
        case "array":
            return [stand_in(schema, (*path, 0))]
        case "integer" | "number":
            return form.get("minimum", 1)
        case "boolean":
            return True
    return _text(form)


def _text(form: Mapping[str, Any]) -> str:
    if form.get("format") == "date":
        return DAY
    pattern = re.compile(str(form.get("pattern", "")))
    return next((text for text in TEXTS if pattern.search(text)), TEXTS[0])
