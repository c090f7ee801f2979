"""Which values of a rule document may be not printed: all that is paid or compared, but nothing that pupils are counted by."""

from datetime import date

from engine.rules.values import DatedValue
from engine.rules.yaml_source import Path
from engine.steps import DocumentValue
from engine.vocabulary import NOT_PRINTED, Standing

COUNTING = {"only_above_percent", "weight", "year_weights"}
"""Values that decide how many units a school has, where its pupils are counted."""


def must_be_printed(path: Path) -> str:
    """Return why a value at a path cannot be not printed; empty where it can.

    What depends on such a value is not known.
    """
    of_lines = path[:2] == ("schools_formula", "factors")
    if not of_lines or COUNTING.isdisjoint(map(str, path[3:])):
        return ""
    return (
        f"cannot be {NOT_PRINTED}: pupils are counted by it; give a number, or leave it out and give each"
        " school's own number of units"
    )


def stand_in(value: DocumentValue, number: str) -> DocumentValue:
    """Return a value with a number in the place of one that is not printed: by two of them it is seen what depends on it."""
    dated = DatedValue.model_construct(
        from_=date(2000, 1, 1), value=number, source=value.dated.source, standing=Standing.proposed
    )
    return value._replace(dated=dated)
