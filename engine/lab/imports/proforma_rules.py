"""What a proforma table does not state, as data: what its factors count, the rules of its year."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from engine.data import FIXTURES
from engine.errors import Problem, TableRefused
from engine.rules.yaml_source import read_yaml

FILE = FIXTURES / "imports" / "proforma.yaml"


@dataclass(frozen=True, slots=True)
class ProformaRules:
    """The rules of one year's proforma.

    ``factors`` hold the words of each factor in a document, ``variants`` the notes on
    choices inside a factor, ``totals`` the names of the columns of the totals that are used,
    ``optional`` of those that a table may lack.
    """

    year: str
    of_year: dict[str, Any]
    source: dict[str, str]
    digits: int
    factors: dict[str, dict[str, Any]]
    variants: dict[str, dict[str, str]]
    totals: dict[str, Any]
    optional: dict[str, Any]


@cache
def _held() -> dict[str, Any]:
    held = read_yaml(FILE.read_text(encoding="utf-8")).value
    return held if isinstance(held, dict) else {}


def proforma_rules(year: str | None = None) -> ProformaRules:
    """Return the rules of a year's proforma, of the last year known where none is named.

    Raises ``TableRefused`` for a year that is not known.
    """
    held = _held()
    years = held["years"]
    chosen = year or max(years)
    if chosen not in years:
        sentence = f"must be one of {', '.join(years)}"
        raise TableRefused([Problem(sentence, "unknown-year", place="year")])
    return ProformaRules(
        year=chosen,
        of_year=years[chosen],
        source=held["source"],
        digits=held["significant_digits"],
        factors=held["factors"],
        variants=held["variants"],
        totals=held["totals"],
        optional=held["optional_totals"],
    )
