"""What the published rule documents must hold: sources, honest standings, whole bands."""

import re
from decimal import ROUND_HALF_UP, Decimal
from itertools import product

import pytest

from engine.rules.compile import compile_rules
from engine.rules.inputs import CODES, Input
from engine.rules.load import (
    canonical,
    digest,
    load_canonical,
)
from engine.rules.values import dated_values
from engine.vocabulary import Standing, local_authorities
from tests.rule_library import DOCUMENTS, RULE_FILES

NATIONAL = [name for name in DOCUMENTS if name.startswith("nff-")]
BORROWED = re.compile(
    r"The national value of the year|(?P<percent>[0-9.]+)% of the national value, to a penny"
)
IDACI_OF_STATEMENTS = {
    ("idaci_a", "secondary", "950"),
    ("idaci_b", "primary", "520"),
    ("idaci_b", "secondary", "745"),
    ("idaci_c", "secondary", "695"),
    ("idaci_d", "primary", "445"),
    ("idaci_d", "secondary", "635"),
    ("idaci_e", "primary", "285"),
    ("idaci_e", "secondary", "450"),
    ("idaci_f", "primary", "235"),
    ("idaci_f", "secondary", "340"),
}

# What was seen in a publication; everything else of these years is from memory.
SEEN = {
    "nff-2022-23": {
        ("fsm", "primary", "470"),
        ("fsm", "secondary", "470"),
        ("minimum", "primary", "4265"),
        ("minimum", "secondary", "5525"),
    },
    "nff-2023-24": {("fsm", "primary", "480"), ("fsm", "secondary", "480")},
    "nff-2024-25": {("minimum", "primary", "4610"), ("minimum", "secondary", "5995")},
    "nff-2025-26": {
        ("lump_sum", "all", "145100"),
        ("minimum", "primary", "4955"),
        ("minimum", "secondary", "6465"),
    },
    "nff-2026-27": {
        ("minimum", "primary", "5115"),
        ("minimum", "ks3", "6388"),
        ("minimum", "ks4", "7018"),
        ("minimum", "secondary", "6640"),
    },
}
# What later versions of the same values have seen as well.
SEEN |= {
    "nff-2022-23.version-2": SEEN["nff-2022-23"]
    | {
        ("basic_entitlement", "primary", "3217"),
        ("basic_entitlement", "ks3", "4536"),
        ("basic_entitlement", "ks4", "5112"),
        ("fsm", "secondary", "470"),
        ("fsm6", "primary", "590"),
        ("fsm6", "secondary", "865"),
    },
    "nff-2023-24.version-2": SEEN["nff-2023-24"]
    | {
        ("fsm6", "primary", "705"),
        ("minimum", "primary", "4405"),
        ("minimum", "secondary", "5715"),
    },
    "nff-2024-25.version-2": SEEN["nff-2024-25"]
    | {
        ("fsm", "primary", "490"),
        ("fsm", "secondary", "490"),
        ("minimum", "ks3", "5771"),
        ("minimum", "ks4", "6331"),
    },
    "nff-2025-26.version-2": SEEN["nff-2025-26"]
    | {
        ("fsm", "primary", "495"),
        ("fsm", "secondary", "495"),
        ("fsm6", "primary", "1060"),
        ("fsm6", "secondary", "1555"),
        ("eal", "secondary", "1595"),
        ("minimum", "ks3", "6221"),
        ("minimum", "ks4", "6831"),
    }
    | IDACI_OF_STATEMENTS,
}
LATER = [name for name in RULE_FILES if ".version-" in name]
FROM_MEMORY = {
    ("low_prior_attainment", "primary", "1095"),
    ("minimum", "primary", "4180"),
    ("minimum", "ks3", "5215"),
    ("minimum", "ks4", "5715"),
}


def values(name, standing):
    """Return factor, phase and pounds of a document's values that have a standing."""
    found = set()
    for path, given in dated_values(DOCUMENTS[name]):
        if given.standing is not standing or path[-3:-1] == ("high_needs_threshold",):
            continue
        if path[1] == "minimum_per_pupil":
            found.add(("minimum", path[2], given.value))
        elif path[-2] == "unit_value":
            found.add((path[2], path[3], given.value))
    return found


@pytest.fixture(params=RULE_FILES.values(), ids=lambda path: path.stem)
def path(request):
    return request.param


@pytest.fixture
def document(path):
    return DOCUMENTS[path.stem]


def test_a_document_is_found_by_its_name_and_year(path, document):
    first = document.version == 1
    assert path.stem == document.identifier + ("" if first else f".version-{document.version}")
    assert path.parent.name in {document.funding_year, "toy"}


def test_a_document_compiles_on_its_first_and_its_last_day(document):
    assert compile_rules(document).digest == digest(document)
    assert compile_rules(document, document.effective.last).day == document.effective.last


def test_a_document_reads_back_from_its_canonical_text(document):
    assert digest(load_canonical(canonical(document))) == digest(document)


def test_every_source_is_used_and_can_be_found(document):
    used = {given.source for _, given in dated_values(document)}
    said = canonical(document).lower()
    for key, source in document.sources.items():
        assert source.where or source.note, key
        assert key in used or f"source {key}" in said or f"{key.replace('_', ' ')}" in said, key


def test_a_document_stands_no_firmer_than_its_weakest_part(document):
    standings = {given.standing for _, given in dated_values(document)}
    if document.top_up_rule is not None:
        standings.add(document.top_up_rule.calendar.standing)
    order = [Standing.verified, Standing.unconfirmed, Standing.proposed]
    assert document.standing is max(standings, key=order.index)


def test_what_is_not_verified_says_why(document):
    doubtful = [
        given for _, given in dated_values(document) if given.standing is not Standing.verified
    ]
    assert all(given.note for given in doubtful)


def test_an_authority_bears_its_own_name(document):
    if document.authority is not None:
        known = local_authorities()[int(document.authority.code)]
        assert known == document.authority.name


@pytest.mark.parametrize("name", NATIONAL)
def test_the_national_formula_leaves_notional_percentages_to_authorities(name):
    lines = [line for _, _, line in DOCUMENTS[name].schools_formula.lines()]
    assert all(line.notional_percent is None for line in lines)


@pytest.mark.parametrize("name", sorted(SEEN))
def test_national_values_are_verified_only_where_they_were_seen(name):
    assert values(name, Standing.verified) == SEEN[name]


def test_the_national_values_of_the_first_year_were_seen_but_for_four():
    (first,) = set(NATIONAL) - set(SEEN)
    assert values(first, Standing.unconfirmed) == FROM_MEMORY


@pytest.mark.parametrize("name", NATIONAL)
def test_key_stage_levels_add_to_the_secondary_level(name):
    minimum = DOCUMENTS[name].schools_formula.minimum_per_pupil
    ks3, ks4, secondary = (
        series[0].decimal for series in (minimum.ks3, minimum.ks4, minimum.secondary)
    )
    assert 3 * ks3 + 2 * ks4 == 5 * secondary


def test_a_value_borrowed_from_the_national_formula_is_never_verified():
    borrowed = [
        given
        for document in DOCUMENTS.values()
        for _, given in dated_values(document)
        if given.source == "national" and document.standing is not Standing.proposed
    ]
    assert borrowed
    assert all(given.standing is Standing.unconfirmed for given in borrowed)
    assert all(BORROWED.match(given.note) for given in borrowed)


@pytest.mark.parametrize("name", [name for name in RULE_FILES if not name.startswith("nff-")])
def test_a_value_borrowed_from_the_national_formula_is_that_of_its_year(name):
    document = DOCUMENTS[name]
    borrowed = {path: given for path, given in dated_values(document) if given.source == "national"}
    if document.standing is Standing.proposed or not borrowed:
        return
    national = dict(dated_values(DOCUMENTS[f"nff-{document.funding_year}"]))
    for path, given in borrowed.items():
        percent = Decimal(BORROWED.match(given.note)["percent"] or 100)
        exact = national[path].decimal * percent / 100
        assert given.decimal == exact.quantize(Decimal("0.01"), ROUND_HALF_UP), path


@pytest.mark.parametrize("name", LATER)
def test_a_later_version_of_the_national_formula_has_the_values_of_the_first(name):
    first, later = (
        {path: given.value for path, given in dated_values(DOCUMENTS[one])}
        for one in (name.partition(".")[0], name)
    )
    assert later == first


@pytest.mark.parametrize("name", [name for name in DOCUMENTS if name.startswith("toy-")])
def test_a_toy_is_proposed_by_nobody_real(name):
    assert DOCUMENTS[name].authority is None
    assert {given.standing for _, given in dated_values(DOCUMENTS[name])} == {Standing.proposed}


def test_toys_and_authorities_together_use_every_way_to_find_a_band():
    forms = {
        form
        for document in DOCUMENTS.values()
        if document.band_profile
        for form in document.band_profile.assignment.model_fields_set
    }
    assert forms == {"label_given", "points", "table"}


def fits(row, pupil):
    for name, choices in row.when.items():
        held = pupil[name]
        if name in CODES:
            if held not in choices:
                return False
        elif not any(low <= held <= high for low, high in map(bounds, choices)):
            return False
    return True


def bounds(choice):
    low, _, high = choice.partition("-")
    return int(low), int(high)


def test_every_pupil_with_a_score_has_a_band_and_a_price_under_the_candidate_profile():
    profile = DOCUMENTS["national-profile-candidate"].band_profile
    rows = profile.assignment.table.rows
    edges = {
        at for row in rows for choice in row.when.get(Input.score, ()) for at in bounds(choice)
    }
    names = (Input.primary_need, Input.setting, Input.phase)
    assert {0, 100} <= edges
    for *held, score in product(*(CODES[name].__members__ for name in names), sorted(edges)):
        pupil = dict(zip(names, held, strict=True)) | {Input.score: score}
        band = next(row.band for row in rows if fits(row, pupil))
        assert any(price.band == band and fits(price, pupil) for price in profile.tariff.prices)


def test_no_score_falls_between_two_rows_of_the_candidate_profile():
    rows = DOCUMENTS["national-profile-candidate"].band_profile.assignment.table.rows
    last = [row for row in rows if set(row.when) == {Input.score}]
    assert sorted(
        score
        for row in last
        for low, high in [bounds(row.when[Input.score][0])]
        for score in range(low, high + 1)
    ) == list(range(101))
