"""Which values of a rule document may be not printed: what is paid, and what it depends on, but no count of pupils."""

from engine.rules.yaml_source import Path
from engine.vocabulary import NOT_PRINTED

PARTS = {"band_profile", "top_up_rule"}
"""Parts of a document of which every value may be."""


def must_be_printed(path: Path) -> str:
    """Return why a value at a path cannot be not printed; empty where it can.

    An amount that depends on such a value is not known.
    """
    if path[0] in PARTS:
        return ""
    return f"cannot be {NOT_PRINTED}: prices, clauses and modifiers of top-ups can; give a number"
