"""The parts of a rule document must fit each other."""

import copy

import pytest

from engine.errors import RuleRefused
from engine.rules.load import plain, rule_set_from
from tests.rule_library import DOCUMENTS
from tests.whole_rules import WHOLE as EVERY_FORM

NAMES = ("toy-2025-26", "toy-points-2025-26", "toy-levels-2025-26", "toy-table-2025-26")
WHOLE, POINTS, LEVELS, TABLE = NAMES
MONEY = [{"from": "2025-09-01", "value": "10", "source": "example", "standing": "proposed"}]
PERIOD = {"name": "All", "first": "2025-04-01", "last": "2026-03-31", "presence": "calendar_days"}
GONE = object()


def changed(name, place, value):
    """Return a toy document as plain values with one place changed or taken out."""
    document = copy.deepcopy(plain(DOCUMENTS[name]))
    *path, last = place.split(".")
    part = document
    for step in path:
        part = part[int(step)] if isinstance(part, list) else part.setdefault(step, {})
    if value is GONE:
        del part[last]
    else:
        part[int(last) if isinstance(part, list) else last] = value
    return document


def sentences(document):
    with pytest.raises(RuleRefused) as caught:
        rule_set_from(document)
    return " | ".join(one.sentence for one in caught.value.problems)


FACTORS = "schools_formula.factors"
ASSIGNMENT = "band_profile.assignment"
PRICES = "band_profile.tariff.prices"
CALENDAR = "top_up_rule.calendar"


@pytest.mark.parametrize(
    ("name", "place", "value", "said"),
    [
        pytest.param(
            WHOLE, f"{FACTORS}.rates.all", GONE, "a line for at least one phase", id="no line"
        ),
        pytest.param(
            WHOLE,
            f"{FACTORS}.rates.all",
            {"unit_value": MONEY},
            "cannot have a unit_value",
            id="an amount given for each school with a unit value",
        ),
        pytest.param(
            WHOLE,
            f"{FACTORS}.lump_sum.where",
            {"fsm": True},
            "counts pupils",
            id="a condition on pupils in a sum for the school",
        ),
        pytest.param(
            WHOLE,
            "schools_formula.pupils_counted_by",
            "fsm",
            "a factor that counts pupils",
            id="pupils counted by a factor that counts some of them",
        ),
        pytest.param(
            WHOLE, "authority", {"code": "999", "name": "Nowhere"}, "999", id="an unknown authority"
        ),
        pytest.param(
            WHOLE,
            "top_up_rule",
            GONE,
            "together, or neither",
            id="bands without a rule for top-ups",
        ),
        pytest.param(WHOLE, "band_profile.bands.0", "B", "duplicate band", id="a band named twice"),
        pytest.param(
            WHOLE, "band_profile.bands.0", "Z", "band not found: A", id="a price for no band"
        ),
        pytest.param(
            WHOLE,
            f"{PRICES}.0.each",
            "level",
            "together, or neither",
            id="a quantity without its price",
        ),
        pytest.param(WHOLE, f"{PRICES}.0.pounds", GONE, "needs pounds", id="a band without price"),
        pytest.param(
            WHOLE,
            f"{PRICES}.0.assessed_cost",
            True,
            "give one price only",
            id="an assessed cost with a price",
        ),
        pytest.param(WHOLE, "funding_year", "2025-2026", "YYYY-YY", id="a year written at length"),
        pytest.param(
            WHOLE,
            "top_up_rule.threshold.settings",
            ["mainstream", "nursery"],
            "must be one of mainstream",
            id="a setting that is not a code",
        ),
        pytest.param(
            POINTS,
            f"{ASSIGNMENT}.points.steps.0.to",
            5,
            "'to' must not be less than 'from'",
            id="a step that runs down",
        ),
        pytest.param(
            POINTS,
            f"{ASSIGNMENT}.points.steps.0.band",
            "Z",
            "band not found: Z",
            id="a step for no band",
        ),
        pytest.param(
            TABLE,
            f"{ASSIGNMENT}.table.inputs",
            ["sen_provision", "support_hours", "secondary_need"],
            "row 3 uses year_group",
            id="a row that reads an undeclared input",
        ),
        pytest.param(
            TABLE, f"{CALENDAR}.parts", GONE, "needs periods", id="a calendar without a year"
        ),
        pytest.param(POINTS, f"{CALENDAR}.terms", GONE, "needs terms", id="school days, no terms"),
        pytest.param(
            WHOLE,
            f"{CALENDAR}.periods.1.first",
            "2026-01-02",
            "on the day after 'Autumn' ends",
            id="a day between two periods",
        ),
        pytest.param(
            WHOLE,
            f"{CALENDAR}.periods.0.count_on",
            GONE,
            "give count_on where",
            id="presence on no day",
        ),
        pytest.param(
            WHOLE,
            f"{CALENDAR}.periods.0.count_on",
            "2026-05-01",
            "must be a day of the period",
            id="a count date in another period",
        ),
        pytest.param(
            POINTS,
            f"{CALENDAR}.periods",
            [{**PERIOD, "count_on": "2025-10-01"}],
            "only there",
            id="a count date where days are counted",
        ),
    ],
)
def test_is_refused(name, place, value, said):
    assert said in sentences(changed(name, place, value))


def test_a_document_without_formula_and_without_bands_says_nothing():
    document = changed(POINTS, "band_profile", GONE)
    del document["top_up_rule"]
    assert "needs at least one of schools_formula, band_profile" in sentences(document)


def test_two_ways_to_find_a_band_are_refused():
    points = plain(DOCUMENTS[POINTS])["band_profile"]["assignment"]["points"]
    document = changed(WHOLE, f"{ASSIGNMENT}.points", points)
    document["band_profile"]["bands"] += ["1", "2", "3", "4", "5"]
    assert "exactly one of label_given: true, conversion, points or table" in sentences(document)


@pytest.mark.parametrize("name", NAMES)
def test_a_published_document_cannot_be_altered_in_memory(name):
    document = rule_set_from(plain(DOCUMENTS[name]))
    with pytest.raises(ValueError, match="frozen"):
        document.version = 2


def test_the_lines_of_a_formula_follow_the_order_of_statements_and_phases():
    lines = [
        key.name for key, _, _ in rule_set_from(plain(DOCUMENTS[WHOLE])).schools_formula.lines()
    ]
    assert lines[:3] == [
        "basic_entitlement_primary",
        "basic_entitlement_ks3",
        "basic_entitlement_ks4",
    ]
    assert lines.index("idaci_f_primary") < lines.index("idaci_a_primary")
    assert lines[-1] == "rents"


def test_the_pupils_of_the_secondary_phase_are_those_of_its_key_stages():
    phases = rule_set_from(plain(DOCUMENTS[WHOLE])).schools_formula.pupil_lines()
    assert phases["secondary"] == ("basic_entitlement_ks3", "basic_entitlement_ks4")
    assert len(phases["all"]) == 3


def test_a_blend_of_two_profiles_needs_a_count_of_pupils_who_were_assessed():
    values = plain(EVERY_FORM["points"])
    assert rule_set_from(values)
    attainment = values["schools_formula"]["factors"]["low_prior_attainment"]
    attainment["primary"]["blend"]["assessed"] = []
    with pytest.raises(RuleRefused) as refused:
        rule_set_from(values)
    [problem] = refused.value.problems
    assert problem.place.endswith("blend.assessed")
