"""Place deductions of the dedicated schools grant, as published: every cell to the pound."""

import csv
from datetime import date
from fractions import Fraction

from engine.modules.places import place_rates, value_places
from engine.money import PENCE
from tests.programs import BESIDE, or_leave_out
from tests.rule_library import DOCUMENTS
from tests.worked_examples import place_deductions

WHOLE = BESIDE / "data" / "dsg_place_deductions.csv"
KINDS = {"pre16_sen": "pre16_sen_10000", "post16_sen": "post16_sen_6000"}
OF_SPECIAL_SCHOOLS = {"post16_sen": "post16_sen_10000"}


def table(path):
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def grant(year):
    return DOCUMENTS[f"dedicated-schools-grant-{year}"]


YEARS = ("2020-21", "2021-22", "2022-23", "2023-24")


def kind_of(row):
    """Return the rule set's word for a published column: the rate goes by the kind of school too."""
    special = row["institution_group"].startswith("special")
    known = KINDS | OF_SPECIAL_SCHOOLS if special else KINDS
    return known.get(row["place_type"], row["place_type"])


def deduction(row):
    rules = grant(row["year"])
    counts = [Fraction(row[name] or "0") for name in ("places_1", "places_2")]
    return value_places(rules.places.compile(rules.at()).types[kind_of(row)], counts).amount


def differences(rows):
    return [row for row in rows if deduction(row) != int(row["amount_published"] or 0) * PENCE]


def test_every_deduction_of_the_excerpt_comes_to_the_published_pound():
    rows = place_deductions()
    assert len(rows) == 32
    assert not differences(rows)
    assert all(row["kind"] == kind_of(row) for row in rows)


def test_the_excerpt_holds_every_kind_of_place_in_every_year():
    held = {(row["year"], row["kind"]) for row in place_deductions()}
    assert held == {(year, kind) for year in YEARS for kind in grant(year).places.types}


def test_every_deduction_of_every_authority_comes_to_the_published_pound():
    or_leave_out(WHOLE)
    rows = [row for row in table(WHOLE) if row["geographic_level"] == "la"]
    cells = [row for row in rows if row["place_type"] != "total"]
    assert sum(bool(row["amount_published"].strip("0")) for row in cells) == 1_846
    assert not differences(cells)
    published = {
        (row["year"], row["la_code"]): int(row["amount_published"]) * PENCE
        for row in rows
        if row["place_type"] == "total"
    }
    summed = dict.fromkeys(published, 0)
    for row in cells:
        summed[row["year"], row["la_code"]] += deduction(row)
    assert summed == published


def test_the_rate_of_each_part_of_the_year_is_rounded_to_the_penny_and_the_sum_up_to_a_pound():
    rules = grant("2020-21")
    places = rules.places.compile(rules.at(date(2020, 4, 1)))
    assert place_rates(places.types["pre16_ap"]) == (416_667, 583_333)
    value = value_places(places.types["pre16_ap"], [Fraction(3), Fraction(2)])
    assert value.exact == 2_416_667
    assert value.amount == 2_416_700


def test_the_rates_of_a_year_of_full_months_add_to_the_yearly_rate():
    for rules in map(grant, YEARS):
        for place in rules.places.compile(rules.at()).types.values():
            rates = place_rates(place)
            yearly = [] if place.annual is None else [place.annual.decimal * PENCE]
            assert [sum(rates)] == yearly or not rates
