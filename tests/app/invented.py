"""Invented rule sets with the forms that no published one of the project has yet."""

from contextlib import contextmanager

from fastapi.testclient import TestClient
from sqlalchemy import make_url

from app.access import OWNER
from app.database import open_database
from app.main import create_app
from app.rule_sets.publish import publish
from tests.builders import banded, rule_set

REMOTE = {
    "pupils_per_year": "21.4",
    "full_below": "10.7",
    "miles": "2",
    "tapers_from_miles": "1.6",
}
FORMULA = {
    "pupils_counted_by": "basic_entitlement",
    "fringe": True,
    "reception_uplift": True,
    "year_days": 365,
    "factors": {
        "basic_entitlement": {
            "label": "Basic entitlement",
            "counts": "pupils",
            "primary": {"unit_value": "3000", "notional_percent": "5"},
            "secondary": {"unit_value": "4000", "notional_percent": "5"},
        },
        "sparsity": {
            "label": "Sparsity",
            "counts": "sparsity",
            "primary": {"unit_value": "57000", "notional_percent": "10", "sparsity": REMOTE},
            "middle": {"unit_value": "80000", "notional_percent": "10", "sparsity": REMOTE},
        },
        "split_sites": {
            "label": "Split sites",
            "counts": "units",
            "in_fringe": False,
            "all": {"unit_value": "50000", "notional_percent": "0"},
        },
    },
}
FRINGED = rule_set(identifier="invented-fringed", schools_formula=FORMULA)
PROTECTED = rule_set(
    identifier="invented-protected",
    **banded(
        [{"band": "A", "pounds": "1000"}],
        ["A"],
        protection={"until": "2026-03-31", "school_percent": "80"},
    ),
)
SCHOOL = {
    "urn": "900001",
    "phase": "primary",
    "units_basic_entitlement_primary": "70",
    "units_split_sites": "1",
    "sparsity_distance": "1.8",
    "london_fringe": "1.05",
}
"""Earns half of sparsity: 10 pupils a year group, half way between 1.6 and 2 miles."""


@contextmanager
def served(settings, documents=(FRINGED, PROTECTED)):
    """Give a caller of a service that has published invented rule sets too."""
    opened = open_database(make_url(settings.database_url))
    with opened.writing() as session:
        for document in documents:
            publish(OWNER, session, document)
    opened.close()
    with TestClient(create_app(settings)) as caller:
        yield caller
