"""What each changed clause brings: all adds to the penny, and one change leaves nothing over."""

from copy import deepcopy
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.attribution import (
    ClauseEffects,
    clause_effects,
    effect_rows,
    pupil_amounts,
    school_amounts,
)
from engine.modules import AbsentLines
from engine.rules.compile import compile_rules
from tests.builders import banded, pupil, pupil_table, rule_set, school, school_table
from tests.reference.notional import value_school
from tests.storm_size import draws

UNIT = st.decimals(0, 5_000, places=2).map(str)
PERCENT = st.decimals(0, 100, places=4).map(str)
FACTORS = ("basic", "fsm6")
RECORDS = [
    school(
        urn=at, units_basic_primary=Fraction(pupils), units_fsm6_primary=Fraction(fsm),
        prior_budget=Fraction(700_000), prior_pupils=Fraction(200),
    )
    for at, pupils, fsm in ((1, 210, 31), (2, 95, "12.5"))
]  # fmt: skip
BANDS = ("A", "B", "C")
PUPILS = [
    pupil(pupil_key=f"p{at}", band=band, sen_provision="E") for at, band in enumerate("AABCCC")
]


def numbers():
    """Draw the numbers of a formula."""
    line = st.fixed_dictionaries({"unit_value": UNIT, "notional_percent": PERCENT})
    level = st.fixed_dictionaries({"primary": UNIT, "notional_percent": PERCENT})
    return st.fixed_dictionaries(
        {
            **dict.fromkeys(FACTORS, line),
            "minimum_per_pupil": level,
            "guarantee": st.sampled_from(["-0.5", "0.5"]),
        }
    )


def formula(drawn: dict):
    """Return a document of drawn numbers."""
    return rule_set(
        schools_formula={
            "pupils_counted_by": "basic",
            "factors": {
                "basic": {"label": "Basic", "counts": "pupils", "primary": dict(drawn["basic"])},
                "fsm6": {
                    "label": "Meals", "counts": "pupils", "where": {"fsm6": True}, "primary": dict(drawn["fsm6"]),
                },
            },
            "minimum_per_pupil": dict(drawn["minimum_per_pupil"]),
            "protection": {"guarantee_percent": drawn["guarantee"], "notional_percent": "10"},
        }
    )  # fmt: skip


OF_SCHOOLS = school_amounts(school_table(RECORDS), None, AbsentLines.refused)
OF_PUPILS = pupil_amounts(pupil_table(PUPILS, BANDS))


def effects(before, after, value=OF_SCHOOLS) -> ClauseEffects:
    """Return what changes between two documents."""
    return clause_effects(compile_rules(before), compile_rules(after), value)


def assert_adds(found: ClauseEffects) -> None:
    """Check that clauses and their interaction add to the change."""
    for brought, left in (("alone", found.interaction_alone), ("last", found.interaction_last)):
        assert sum(getattr(one, brought) for one in found.every) + left == found.change
    if len(found.every) == 1:
        assert found.interaction_alone == found.interaction_last == 0


def reference(document) -> int:
    """Return what the budgets of all schools come to, by the reference."""
    day = compile_rules(document).now.first
    return sum(value_school(document, day, one).notional_total for one in RECORDS)


@settings(max_examples=draws(6))
@given(numbers(), numbers())
def test_each_clause_brings_what_the_documents_with_it_alone_and_without_it_differ_by(one, other):
    before, after = formula(one), formula(other)
    found = effects(before, after)
    assert_adds(found)
    assert [found.before, found.after] == [reference(before), reference(after)]
    assert found.others is None
    for clause in found.clauses:
        [place] = clause.places
        path = place.split(".")[1:]
        for base, source, brought in ((one, other, clause.alone), (other, one, clause.last)):
            mixed, keys = deepcopy(base), _keys(path)
            if keys == ["guarantee"]:
                mixed["guarantee"] = source["guarantee"]
            else:
                mixed[keys[0]][keys[1]] = source[keys[0]][keys[1]]
            difference = reference(formula(mixed)) - reference(formula(base))
            assert brought == (difference if base is one else -difference)


def _keys(path: list[str]) -> list[str]:
    """Return where a drawn formula has what a place of the document names."""
    if path[0] == "protection":
        return ["guarantee"]
    return [path[1], path[3]] if path[0] == "factors" else path


@settings(max_examples=draws(6))
@given(numbers(), st.sampled_from([*FACTORS]), UNIT)
def test_one_change_leaves_nothing_over(one, name, value):
    after = deepcopy(one)
    after[name]["unit_value"] = value
    found = effects(formula(one), formula(after))
    assert_adds(found)
    assert len(found.every) == (one[name]["unit_value"] != value)
    for clause in found.clauses:
        assert clause.alone == clause.last == found.change


def priced(prices: dict[str, str], **rule):
    """Return a document that pays by band."""
    return rule_set(
        **banded(
            [{"band": band, "pounds": pounds} for band, pounds in prices.items()], BANDS, **rule
        )
    )


def test_pupils_have_what_each_band_brings():
    before = priced({"A": "1000", "B": "2000", "C": "3000"})
    after = priced({"A": "1100", "B": "2000", "C": "2990.50"})
    found = effects(before, after, OF_PUPILS)
    assert {one.places[0]: one.alone for one in found.clauses} == {
        "band_profile.tariff.prices.A.pounds": 2 * 100_00, "band_profile.tariff.prices.C.pounds": -3 * 9_50,
    }  # fmt: skip
    assert found.others is None
    assert found.interaction_alone == 0
    assert found.change == 2 * 100_00 - 3 * 9_50


def test_a_row_of_one_rule_set_alone_is_among_the_others():
    before = priced({"A": "1000", "B": "2000", "C": "3000"})
    after = priced({"A": "1100", "B": "2000"})
    found = effects(before, after, OF_PUPILS)
    # Who has no price in the later rules is not known, and in no figure.
    assert (found.records, found.not_known) == (3, 3)
    assert found.others is not None
    assert found.change == 2 * 100_00
    assert_adds(found)


def test_what_is_the_same_changes_nothing():
    found = effects(
        priced({"A": "1000", "B": "2000", "C": "3000"}),
        priced({"A": "1000", "B": "2000", "C": "3000"}),
        OF_PUPILS,
    )
    assert (found.change, found.every) == (0, ())


def test_rows_of_a_file_add_to_the_whole_change():
    found = effects(
        priced({"A": "1000", "B": "2000", "C": "3000"}),
        priced({"A": "1100", "B": "2500", "C": "3000"}),
        OF_PUPILS,
    )
    rows = effect_rows({"pupils": found}).frame.to_dicts()
    *parts, whole = rows
    assert whole["place"] == "whole change"
    for name in ("alone", "last"):
        assert sum(one[name] for one in parts) == whole[name] == found.change == 70_000
    assert [one["place"] for one in parts][-1] == "interaction"
