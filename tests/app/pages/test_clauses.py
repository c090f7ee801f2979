import pytest

from app.pages.clauses import clause_of, part_of, parts_of, values_of
from app.pages.words import value_words
from tests.rule_library import RULE_FILES, document


@pytest.mark.parametrize(
    ("name", "place", "part", "clause"),
    [
        ("bedford-2022-23", "schools_formula.factors.fsm6.primary.unit_value", "Free school meals, last six years", "Primary, unit value"),
        ("bedford-2022-23", "schools_formula.factors.lump_sum.all.notional_percent", "Lump sum", "Notional percent"),
        ("bedford-2022-23", "schools_formula.minimum_per_pupil.ks3", "Minimum per pupil", "Key stage 3"),
        ("toy-points-2025-26", "band_profile.tariff.prices.1.pounds", "Bands and their prices", "Price of band 2"),
        ("toy-points-2025-26", "top_up_rule.threshold.pounds", "Top-ups", "Threshold, pounds"),
    ],
)  # fmt: skip
def test_a_place_is_spoken(name, place, part, clause):
    rules = document(name)
    assert (part_of(rules, place), clause_of(rules, place)) == (part, clause)


@pytest.mark.parametrize(
    ("place", "value", "words"),
    [
        ("schools_formula.factors.fsm.primary.unit_value", "460", "£460.00"),
        ("band_profile.tariff.prices.3.pounds", "16000", "£16,000.00"),
        ("schools_formula.protection.guarantee_percent", "-0.5", "−0.5%"),
        ("schools_formula.area_cost_adjustment", "1.02863", "1.02863"),
        ("targeted_funding.plans_per_hundred", "2", "2"),
    ],
)
def test_a_value_is_written_with_its_unit_and_never_with_another(place, value, words):
    assert value_words(place, value) == words


@pytest.mark.parametrize("name", RULE_FILES)
def test_every_value_of_every_published_document_has_a_clause_of_its_own(name):
    for part, values in values_of(document(name)):
        assert part
        clauses = [value.clause for value in values]
        assert all(clauses)
        assert len(set(clauses)) == len(clauses)


@pytest.mark.parametrize("name", RULE_FILES)
def test_every_value_stands_once_in_the_tables_of_a_rule_set_and_every_row_has_a_name_of_its_own(
    name,
):
    values = [value for _, of_part in values_of(document(name)) for value in of_part]
    parts = parts_of(document(name))
    shown = [one for part in parts for row in part.rows for one in row.values if one is not None]
    assert sorted(one.anchor for one in shown) == sorted(one.anchor for one in values)
    for part in parts:
        labels = [row.label for row in part.rows]
        assert len(set(labels)) == len(labels), part.name
        named = {under for under, _ in part.sources}
        assert named == {one.under for row in part.rows for one in row.values if one is not None}
