"""Which values of a rule document may be not printed: what is paid, and what it depends on, but no count of pupils."""

from engine.rules.yaml_source import Path
from engine.vocabulary import NOT_PRINTED

PARTS = {"band_profile", "top_up_rule"}
"""Parts of a document of which every value may be."""

FORMULA = {"unit_value", "notional_percent", "area_cost_adjustment"}
"""Values of a formula's lines that may be; what pupils are counted by, and what compares whole budgets, may not."""


def must_be_printed(path: Path) -> str:
    """Return why a value at a path cannot be not printed; empty where it can.

    An amount that depends on such a value is not known.
    """
    of_lines = path[:2] in {
        ("schools_formula", "factors"),
        ("schools_formula", "area_cost_adjustment"),
    }
    if path[0] in PARTS or (of_lines and path[-2] in FORMULA):
        return ""
    can = "values of bands and top-ups can, and a formula's unit values and notional percentages"
    return f"cannot be {NOT_PRINTED}: {can}; give a number"
