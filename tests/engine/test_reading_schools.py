"""Schools and the lines of their formula: units, shares and amounts, each given once or not at all."""

from decimal import Decimal
from fractions import Fraction

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.columns import SCHOOL_COLUMNS, ColumnSelection
from engine.errors import TableRefused
from engine.money import half_away
from engine.reading import school_table
from engine.vocabulary import Presence, SchoolPhase

LINES = (
    "basic_entitlement_primary",
    "basic_entitlement_ks3",
    "basic_entitlement_ks4",
    "fsm_primary",
    "fsm_secondary",
    "looked_after",
)
WANTED = ColumnSelection(
    frozenset({"urn", "phase"}),
    frozenset(SCHOOL_COLUMNS)
    | {f"{form}_{line}" for form in ("units", "proportion", "amount") for line in LINES}
    | {"low_new_profile_pupils"},
)  # fmt: skip
SCHOOL = {"urn": "900001", "phase": "all_through"}
PUPILS = {
    f"units_basic_entitlement_{stage}": count
    for stage, count in (("primary", "210"), ("ks3", "90"), ("ks4", "60"))
}
GIVEN, NOT_APPLICABLE, NOT_SUPPLIED, SUPPRESSED, _LOW = Presence


def table(*rows: dict[str, str], wanted: ColumnSelection = WANTED):
    """Return the checked table of schools numbered from 900001 unless they say."""
    names = dict.fromkeys(name for row in ({**SCHOOL}, *rows) for name in row)
    filled = [
        {"urn": str(900_001 + place), "phase": "all_through"} | row
        for place, row in enumerate(rows)
    ]
    return school_table(pl.DataFrame(filled, schema=dict.fromkeys(names, pl.String)), wanted)


def refused(*rows: dict[str, str]) -> list[tuple[str, str | None, int | None]]:
    with pytest.raises(TableRefused) as caught:
        table(*rows)
    return [(one.rule, one.column, one.row) for one in caught.value.problems]


def line(name: str, *rows: dict[str, str], **options) -> list[tuple[int, Presence]]:
    """Return a line's value and presence in each school."""
    schools = table(*rows, **options)
    return [
        (value, Presence(why))
        for value, why in zip(
            schools.values[name].tolist(), schools.presence[name].tolist(), strict=True
        )
    ]


def test_schools_stand_in_ascending_order_and_keep_their_rows():
    schools = table(
        {"urn": "3", "school_name": "Third"},
        {"urn": "1", "school_name": ""},
        {"urn": "2", "school_name": "z"},
    )
    assert schools.urn.tolist() == [1, 2, 3]
    assert schools.names == ("", "z", "Third")
    assert schools.rows.tolist() == [3, 4, 2]


def test_units_are_millionths_and_amounts_are_pence():
    row = {
        "units_fsm_primary": "12.3456785",
        "amount_looked_after": "-£1,250.50",
        "prior_budget": "1000000",
    }
    schools = table(row | {"prior_pupils": "210.5", "primary_years": "7"})
    assert schools.values["units_fsm_primary"].tolist() == [12_345_679]
    assert schools.values["amount_looked_after"].tolist() == [-125_050]
    assert schools.columns["prior_budget"].tolist() == [100_000_000]
    assert schools.columns["prior_pupils"].tolist() == [210_500_000]
    assert schools.columns["primary_years"].dtype == np.int8


def test_a_line_says_why_it_has_no_value():
    rows = [{"units_fsm_primary": text} for text in ("0", "", "z", "x", "c")]
    assert line("units_fsm_primary", *rows) == [
        (0, GIVEN), (0, NOT_SUPPLIED), (0, NOT_APPLICABLE), (0, NOT_SUPPLIED), (0, SUPPRESSED),
    ]  # fmt: skip


def test_a_column_left_blank_is_missing_and_not_zero():
    schools = table({"la": "", "ehc_plans": "", "prior_budget": "z", "ks3_years": "0"})
    for name in ("la", "ehc_plans", "prior_budget"):
        assert schools.columns[name].tolist() == [SCHOOL_COLUMNS[name].missing]
    assert schools.columns["ks3_years"].tolist() == [0]


@given(
    share=st.decimals(0, 1, places=10) | st.just(Decimal(0)),
    pupils=st.none() | st.integers(0, 3_000),
)
def test_a_share_becomes_units_rounded_once_to_millionths_of_a_pupil(share, pupils):
    row = PUPILS | {
        "units_basic_entitlement_primary": "" if pupils is None else str(pupils),
        "proportion_fsm_primary": f"{share:f}",
    }
    if pupils is None:
        # None of any number of pupils is none.
        expected = (0, NOT_SUPPLIED if share else GIVEN)
        assert line("units_fsm_primary", row) == [expected]
        return
    numerator, denominator = (Fraction(share) * pupils * 10**6).as_integer_ratio()
    assert line("units_fsm_primary", row) == [(half_away(numerator, denominator), GIVEN)]


@pytest.mark.parametrize(
    ("name", "pupils"),
    [("fsm_primary", 210), ("fsm_secondary", 150), ("looked_after", 360)],
    ids=["primary pupils", "both key stages", "all pupils"],
)
def test_a_share_is_taken_of_the_pupils_of_the_lines_phase(name, pupils):
    assert line(f"units_{name}", PUPILS | {f"proportion_{name}": "0.5"}) == [
        (pupils * 500_000, GIVEN)
    ]


def test_rules_may_count_the_pupils_of_a_phase_by_other_columns():
    wanted = ColumnSelection(
        WANTED.required, WANTED.known, phase_pupils={"primary": ("units_basic_entitlement_ks4",)}
    )
    assert line("units_fsm_primary", PUPILS | {"proportion_fsm_primary": "0.5"}, wanted=wanted) == [
        (30_000_000, GIVEN)
    ]


def test_a_share_of_a_key_stage_that_rules_do_not_count_alone_is_not_one_of_all_pupils():
    counted = {"secondary": ("units_basic_entitlement_ks3",), "all": tuple(PUPILS)}
    wanted = ColumnSelection(
        WANTED.required, WANTED.known | {"proportion_fsm_ks3"}, phase_pupils=counted
    )
    assert line("units_fsm_ks3", PUPILS | {"proportion_fsm_ks3": "0.5"}, wanted=wanted) == [
        (0, NOT_SUPPLIED)
    ]


@pytest.mark.parametrize(
    ("phase", "ks3", "ks4", "expected"),
    [
        pytest.param("secondary", "90", "", (0, NOT_SUPPLIED), id="a needed count is wanting"),
        pytest.param(
            "secondary",
            "90",
            "z",
            (45_000_000, GIVEN),
            id="a stage that does not apply counts nobody",
        ),
        pytest.param(
            "middle", "90", "", (45_000_000, GIVEN), id="a middle school has no key stage 4"
        ),
        pytest.param(
            "secondary", "90", "c", (0, NOT_SUPPLIED), id="a suppressed count is not a count"
        ),
        pytest.param("primary", "", "", (0, NOT_SUPPLIED), id="no pupils are counted"),
    ],
)
def test_a_share_of_pupils_who_are_not_counted_is_not_supplied(phase, ks3, ks4, expected):
    counts = {"units_basic_entitlement_ks3": ks3, "units_basic_entitlement_ks4": ks4}
    row = {"urn": "1", "phase": phase, "proportion_fsm_secondary": "0.5"} | counts
    assert line("units_fsm_secondary", row) == [expected]


def test_a_share_without_any_column_of_pupils_is_not_supplied_unless_it_is_of_none():
    shares = ("0.5", "0", "0.0", "", "c")
    rows = [{"proportion_fsm_primary": share} for share in shares]
    assert line("units_fsm_primary", *rows) == [
        (0, NOT_SUPPLIED), (0, GIVEN), (0, GIVEN), (0, NOT_SUPPLIED), (0, SUPPRESSED),
    ]  # fmt: skip


def test_units_stand_beside_shares_in_other_schools():
    rows = [
        PUPILS | {"units_fsm_primary": units, "proportion_fsm_primary": share}
        for units, share in (("7", ""), ("", "0.5"), ("", ""), ("z", ""), ("", "c"))
    ]
    assert line("units_fsm_primary", *rows) == [
        (7_000_000, GIVEN), (105_000_000, GIVEN), (0, NOT_SUPPLIED), (0, NOT_APPLICABLE), (0, SUPPRESSED),
    ]  # fmt: skip
    assert not any(name.startswith("proportion_") for name in table(*rows).values)


@pytest.mark.parametrize(
    "forms", [("units", "proportion"), ("units", "amount"), ("proportion", "amount")]
)
def test_a_line_given_twice_is_refused(forms):
    row = {f"{form}_fsm_primary": "0.5" for form in forms}
    assert refused({}, row) == [("line-given-twice", f"{forms[-1]}_fsm_primary", 3)]


@pytest.mark.parametrize(
    ("row", "rule", "column"),
    [
        pytest.param({"urn": ""}, "blank", "urn", id="a school without a number"),
        pytest.param({"urn": "900001"}, "repeated-school", "urn", id="a school twice"),
        pytest.param({"phase": ""}, "blank", "phase", id="a school without a phase"),
        pytest.param({"phase": "upper"}, "unknown-code", "phase", id="a phase that is none"),
        pytest.param({"la": "100"}, "unknown-authority", "la", id="no such authority"),
        pytest.param({"primary_years": "8"}, "out-of-range", "primary_years", id="more years than there are"),
        pytest.param({"proportion_fsm_primary": "1.1"}, "out-of-range", "proportion_fsm_primary", id="more than everybody"),
        pytest.param({"units_fsm_primary": "5%"}, "unreadable", "units_fsm_primary", id="a percentage of nothing named"),
        pytest.param({"units_fsm_primary": "-1"}, "out-of-range", "units_fsm_primary", id="fewer than nobody"),
        pytest.param({"units_fsm_primary": "99999999999999"}, "unreadable", "units_fsm_primary", id="more than can be held"),
        pytest.param({"amount_looked_after": "1.234"}, "unreadable", "amount_looked_after", id="a tenth of a penny"),
        pytest.param({"school_name": "a" * 101}, "too-long", "school_name", id="a name that is a letter"),
    ],
)  # fmt: skip
def test_a_school_is_refused_by_row_column_and_rule(row, rule, column):
    assert refused({}, row) == [(rule, column, 3)]


def test_schools_without_a_number_are_refused_as_blank_alone():
    unreadable = [("unreadable", "urn", 3), ("unreadable", "urn", 4)]
    assert refused({"urn": ""}, {"urn": ""}) == [("blank", "urn", 2), ("blank", "urn", 3)]
    assert refused({}, {"urn": "one"}, {"urn": "one"}) == unreadable


def test_a_column_that_other_rules_use_is_told_from_one_that_is_unknown():
    few = ColumnSelection(frozenset(), frozenset({"la"}))
    with pytest.raises(TableRefused, match="days_open: is not used by these rules"):
        table({"days_open": "3"}, wanted=few)
    with pytest.raises(TableRefused, match="days_opened: unknown column"):
        table({"days_opened": "3"}, wanted=few)


def test_columns_are_refused_by_name():
    assert refused({"units_fms_primary": "1"}) == [("unknown-column", "units_fms_primary", None)]
    with pytest.raises(TableRefused, match="phase: is missing"):
        school_table(pl.DataFrame({"urn": ["1"]}), WANTED)
    with pytest.raises(TableRefused, match="no rows below the column names"):
        school_table(pl.DataFrame({"urn": [], "phase": []}), WANTED)


def test_a_needed_line_may_be_given_in_any_form():
    wanted = ColumnSelection(frozenset({"units_fsm_primary"}), WANTED.known)
    assert len(table({"amount_fsm_primary": "1"}, wanted=wanted)) == 1
    with pytest.raises(TableRefused, match="units_fsm_primary: is missing"):
        table({"units_looked_after": "1"}, wanted=wanted)


def test_a_line_of_another_name_is_read_as_units():
    assert line("low_new_profile_pupils", {"low_new_profile_pupils": "3.5"}) == [(3_500_000, GIVEN)]


def test_phases_are_held_by_their_codes():
    rows = [{"phase": phase.name} for phase in SchoolPhase]
    assert table(*rows).columns["phase"].tolist() == list(SchoolPhase)
