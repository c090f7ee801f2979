"""Tables of values of a schools formula, the slow way: each row tried in turn for one school, whose document has no tables."""

from datetime import date
from types import SimpleNamespace

from engine.rules.value_tables import ValueTable

LEVELS = ("primary", "ks3", "ks4", "secondary")


def document_of_school(document, record: dict):
    """Return the document of one school: each table is the values of the first row that fits the school."""
    formula = document.schools_formula
    factors = {}
    for name, factor in formula.factors.items():
        lines = {
            phase.value: _part(line, record, "unit_value", "notional_percent")
            for phase, line in factor.lines()
        }
        factors[name] = factor.model_copy(update=lines)
    changed = _part(formula, record, "area_cost_adjustment").model_copy(update={"factors": factors})
    for name, fields in (
        ("minimum_per_pupil", (*LEVELS, "notional_percent")),
        (
            "protection",
            ("guarantee_percent", "cap_percent", "scaling_percent", "notional_percent"),
        ),
        ("expected_calls", ("high_needs_threshold",)),
    ):
        section = getattr(formula, name)
        if section is not None:
            changed = changed.model_copy(update={name: _part(section, record, *fields)})
    return document.model_copy(update={"schools_formula": _without_levels(formula, changed)})


def _without_levels(formula, changed):
    """Return a formula without a minimum level where the tables of its levels have none of any for the school."""
    before, after = formula.minimum_per_pupil, changed.minimum_per_pupil
    if before is None or any(getattr(after, name) for name in LEVELS):
        return changed
    tabled = any(isinstance(getattr(before, name), ValueTable) for name in LEVELS)
    return changed.model_copy(update={"minimum_per_pupil": None}) if tabled else changed


def _part(part, record: dict, *names: str):
    return part.model_copy(update={name: _of(getattr(part, name), record) for name in names})


def _of(held, record: dict):
    """Return the values of the first row that fits; of a school whose authority is not known a row may be unsure."""
    if not isinstance(held, ValueTable):
        return held
    nothing = (SimpleNamespace(from_=date(1900, 1, 1), value="not printed", is_printed=False),)
    for row in held.rows:
        fits = [_holds(str(name), choices, record) for name, choices in row.when.items()]
        if False in fits:
            continue
        return nothing if None in fits else row.value
    return None if held.otherwise == "none" else nothing


def _holds(name: str, choices, record: dict) -> bool | None:
    """Return whether a school has one of the choices; None where it is not known."""
    given = record.get(name)
    if name == "phase" and given not in ("primary", "secondary", "all_through", "middle"):
        # What a school has that no formula funds is not looked at.
        given = "primary"
    return None if given is None else str(given) in choices
