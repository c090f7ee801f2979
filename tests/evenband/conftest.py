"""A table of ten real schools, and invented pupils, as a reader of the guide has them."""

from pathlib import Path

import pytest

import evenband as eb

ROOT = Path(__file__).resolve().parents[2]
TEN_SCHOOLS = ROOT / "fixtures" / "tables" / "northumberland_2015_16_schools.csv"
NORTHUMBERLAND = "northumberland-2015-16"
NATIONAL = "national-profile-candidate"


@pytest.fixture(scope="session")
def rules():
    return eb.read_rules(NORTHUMBERLAND)


@pytest.fixture(scope="session")
def budgets(rules):
    return eb.value(rules, schools=eb.read_schools(TEN_SCHOOLS, rules))


@pytest.fixture(scope="session")
def invented():
    return eb.synth(600, seed=3)


@pytest.fixture(scope="session")
def top_ups(invented):
    national = eb.read_rules(NATIONAL)
    return eb.value(national, pupils=eb.read_pupils(invented.pupils, national))
