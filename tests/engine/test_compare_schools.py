"""Schools are compared by all that they are paid: their pupils' top-ups and what protects them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.compare import compare, compare_notional, compare_schools
from engine.errors import PairRefused
from engine.export import change_totals, changed_pupils, changed_schools
from engine.row_chunks import Blocks
from engine.rules.compile import compile_rules
from engine.run import evaluate
from tests.builders import banded, pupil, pupil_table, rule_set, school, school_table

BANDS = ["A", "B"]
PRICE = {"A": 100_000, "B": 40_000}
SHARE = 80


def rules(share=None, **pounds):
    prices = [
        {"band": band, "pounds": pounds.get(band, f"{pence // 100}")}
        for band, pence in PRICE.items()
    ]
    protection = {"until": "2026-03-31", "school_percent": share}
    return compile_rules(
        rule_set(**banded(prices, BANDS, **({"protection": protection} if share else {})))
    )


def outcomes(records, before, after):
    table = pupil_table(records, BANDS)
    return [evaluate(one, None, table) for one in (before, after)]


def compared(records, before=None, after=None, blocks=None):
    sides = outcomes(records, before or rules(), after or rules(f"{SHARE}"))
    return compare(*sides, blocks=blocks or Blocks())


# School 1 has 3,500.00 today by authority 201, which pays 2,000.00 for its two pupils: 80 % of
# today is 2,800.00, so that it is lifted by 800.00. Authority 202 pays more than its 720.00 there.
SCHOOL_1 = [
    pupil(pupil_key="p1", la=201, urn=1, band="A", top_up="3000"),
    pupil(pupil_key="p2", la=201, urn=1, band="A", top_up="500"),
    pupil(pupil_key="p3", la=202, urn=1, band="A", top_up="900"),
]
# 80 % of 400.00 is less than the 400.00 that it is paid.
SCHOOL_2 = [pupil(pupil_key="p4", la=201, urn=2, band="B", top_up="400")]
TODAY_UNKNOWN = [
    pupil(pupil_key="p5", la=201, urn=3, band="A", top_up=None),
    pupil(pupil_key="p6", la=202, urn=3, band="A", top_up="5000"),
]
BAND_UNKNOWN = [
    pupil(pupil_key="p7", la=201, urn=4, band=None, top_up="10"),
    pupil(pupil_key="p8", la=201, urn=4, band="A", top_up="10"),
]
KNOWN = SCHOOL_1 + SCHOOL_2
EVERYONE = KNOWN + TODAY_UNKNOWN + BAND_UNKNOWN


def group(change, kind, name):
    if kind == "total":
        return change.total
    groups = next(one for one in change.groupings if one.kind == kind).groups
    return next(one for one in groups if one.name == name)


def test_a_school_is_paid_its_protection_on_top_of_its_pupils_top_ups():
    placed = compared(KNOWN).placed
    for change, before, after in (
        (placed.top_ups, 300_000, 300_000),
        (placed.protection, 0, 80_000),
        (placed.paid, 300_000, 380_000),
    ):
        school = group(change, "school", "1")
        assert (school.before, school.after) == (before, after)


def test_a_school_that_only_its_protection_lifts_is_a_winner_and_its_pupils_are_unchanged():
    comparison = compared(KNOWN)
    total = comparison.placed.paid.total
    assert (total.winners, total.losers, total.unchanged, total.absent) == (1, 0, 1, 0)
    assert comparison.pupils.total.winners == 0


def test_a_school_that_loses_its_protection_is_a_loser_though_no_pupil_loses():
    comparison = compared(KNOWN, rules(f"{SHARE}"), rules())
    assert (comparison.placed.paid.total.losers, comparison.pupils.total.losers) == (1, 0)
    assert comparison.placed.paid.total.change == -80_000


def test_protection_makes_up_for_a_lower_price_to_the_penny():
    cheaper = rules(f"{SHARE}", A="500")
    school = group(compared(KNOWN, after=cheaper).placed.paid, "school", "1")
    # Authority 201: 80 % of 3,500.00; authority 202: 80 % of 900.00; both above what pupils get.
    assert school.after == 280_000 + 72_000
    placed = compared(KNOWN, after=cheaper).placed
    for change, amounts in (
        (placed.top_ups, (300_000, 150_000)),
        (placed.protection, (0, 202_000)),
    ):
        school = group(change, "school", "1")
        assert (school.before, school.after) == amounts


def test_each_authority_pays_the_protection_of_its_own_pupils():
    placed = compared(KNOWN).placed
    assert group(placed.protection, "la", "201").after == 80_000
    assert group(placed.protection, "la", "202").after == 0


@pytest.mark.parametrize(("records", "urn"), [(TODAY_UNKNOWN, "3"), (BAND_UNKNOWN, "4")])
def test_a_school_of_which_a_part_is_not_known_is_in_no_sum_and_counted_apart(records, urn):
    placed = compared(KNOWN + records).placed
    school = group(placed.paid, "school", urn)
    assert (school.absent, school.winners, school.losers, school.unchanged) == (1, 0, 0, 0)
    assert placed.paid.total.absent == 1
    assert placed.paid.total.after == compared(KNOWN).placed.paid.total.after


def test_an_authority_s_part_of_a_school_that_another_leaves_unknown_is_in_no_sum_either():
    placed = compared(KNOWN + TODAY_UNKNOWN).placed
    assert group(placed.paid, "la", "202").absent == 1


def test_top_ups_and_protection_add_to_what_is_paid_in_every_group():
    placed = compared(EVERYONE).placed
    for kind in ("total", "school", "la"):
        parts = [
            [change.total]
            if kind == "total"
            else next(one for one in change.groupings if one.kind == kind).groups
            for change in (placed.top_ups, placed.protection, placed.paid)
        ]
        for top_up, protection, paid in zip(*parts, strict=True):
            assert top_up.before + protection.before == paid.before
            assert top_up.after + protection.after == paid.after
            assert top_up.change + protection.change == paid.change


@pytest.mark.parametrize("kind", ["school", "la"])
def test_schools_and_authorities_add_to_the_total(kind):
    paid = compared(EVERYONE).placed.paid
    groups = next(one for one in paid.groupings if one.kind == kind).groups
    assert sum(one.before for one in groups) == paid.total.before
    assert sum(one.after for one in groups) == paid.total.after


def test_without_protection_on_either_side_schools_have_no_figures_of_their_own():
    assert compared(KNOWN, rules(), rules(A="900")).placed is None


def test_schools_of_two_tables_are_not_compared():
    sides = [outcomes(KNOWN, rules(), rules("80"))[at].top_ups for at in range(2)]
    with pytest.raises(PairRefused, match="different tables"):
        compare_schools(*sides)


PUPILS = st.lists(
    st.tuples(
        st.integers(201, 202),
        st.integers(1, 3),
        st.sampled_from([*BANDS, None]),
        st.none() | st.integers(0, 3_000_00),
    ),
    min_size=1,
    max_size=25,
)


def paid_by_hand(records, share):
    """Return what each school is paid in all, pence, or None where a part is not known."""
    places = {}
    for one in records:
        places.setdefault((one["la"], one["urn"]), []).append(one)
    schools = {}
    for (_, urn), own in places.items():
        known = all(one["band"] and (not share or one["top_up"] is not None) for one in own)
        if not known or schools.get(urn, 0) is None:
            schools[urn] = None
            continue
        paid = sum(PRICE[one["band"]] for one in own)
        today = sum(round(float(one["top_up"]) * 100) for one in own) if share else 0
        # Half a penny goes up: half of a hundredth of a share of today.
        least = (today * share + 50) // 100
        schools[urn] = schools.get(urn, 0) + max(paid, least)
    return schools


@given(PUPILS, st.integers(1, 7))
def test_what_schools_are_paid_is_what_is_worked_out_by_hand_in_any_division(drawn, rows):
    records = [
        pupil(pupil_key=f"p{at}", la=la, urn=urn, band=band, top_up=top_up and f"{top_up / 100:.2f}")
        if top_up
        else pupil(pupil_key=f"p{at}", la=la, urn=urn, band=band, top_up=None if top_up is None else "0")
        for at, (la, urn, band, top_up) in enumerate(drawn)
    ]  # fmt: skip
    placed = compared(records, blocks=Blocks(2, rows)).placed
    before, after = paid_by_hand(records, 0), paid_by_hand(records, SHARE)
    for at, urn in enumerate(placed.urn.tolist()):
        known = before[urn] is not None and after[urn] is not None
        assert bool(placed.paid.known[at]) == known
        if known:
            assert (placed.paid.before[at], placed.paid.after[at]) == (before[urn], after[urn])
    changes = [
        after[urn] - before[urn]
        for urn in before
        if before[urn] is not None and after[urn] is not None
    ]
    assert placed.paid.total.change == sum(changes)
    assert placed.paid.total.winners == np.count_nonzero(np.asarray(changes) > 0)


def test_a_file_of_totals_has_a_line_for_each_part_and_names_what_pupils_leave_out():
    frame = change_totals(compared(EVERYONE)).frame
    lines = frame.filter(part="schools", grouping="school", group="1")
    assert lines["measure"].to_list() == ["top_up", "school_protection", "top_up_and_protection"]
    assert lines["after"].to_list() == [300_000, 80_000, 380_000]
    assert lines["winners"].to_list() == [None, None, 1]
    assert set(frame.filter(part="pupils")["not_included"]) == {"school_protection"}
    assert set(frame.filter(part="schools")["not_included"]) == {None}


def test_a_school_that_is_not_known_has_empty_cells_and_its_known_parts():
    rows = changed_schools(compared(EVERYONE)).frame
    unknown = rows.filter(urn=3).row(0, named=True)
    assert unknown["top_up_after"] == 200_000
    assert unknown["school_protection_after"] is None
    assert unknown["top_up_and_protection_after"] is None
    assert unknown["top_up_and_protection_change"] is None
    assert unknown["paid_not_known"] == 1


def test_a_file_of_pupils_names_what_is_no_pupil_s():
    assert set(changed_pupils(compared(EVERYONE)).frame["not_included"]) == {"school_protection"}
    plain = changed_pupils(compared(KNOWN, rules(), rules(A="900"))).frame
    assert "not_included" not in plain.columns


def test_a_budget_is_compared_where_only_what_carries_no_percentage_is_not_known():
    factor = {"label": "Basic", "counts": "pupils", "primary": {"unit_value": "4000", "notional_percent": "5"}}  # fmt: skip
    formula = {"pupils_counted_by": "basic", "factors": {"basic": factor}}
    guaranteed = {**formula, "protection": {"guarantee_percent": "0.5"}}
    table = school_table([school(units_basic_primary="100")])
    sides = [
        evaluate(compile_rules(rule_set(schools_formula=one)), table).notional
        for one in (formula, guaranteed)
    ]
    change = compare_notional(*sides)
    assert sides[1].absent_total.tolist() == [1]
    assert (change.total.absent, change.total.before, change.total.after) == (0, 2_000_000, 2_000_000)  # fmt: skip


def test_each_school_has_what_it_is_paid_and_its_parts_on_both_sides():
    frame = changed_schools(compared(EVERYONE)).frame
    assert frame.columns == [
        "urn", "top_up_before", "top_up_after", "top_up_change",
        "school_protection_before", "school_protection_after", "school_protection_change",
        "top_up_and_protection_before", "top_up_and_protection_after",
        "top_up_and_protection_change", "paid_not_known",
    ]  # fmt: skip
    assert frame.rows() == [
        (1, 300_000, 300_000, 0, 0, 80_000, 80_000, 300_000, 380_000, 80_000, 0),
        (2, 40_000, 40_000, 0, 0, 0, 0, 40_000, 40_000, 0, 0),
        (3, 200_000, 200_000, 0, 0, None, None, 200_000, None, None, 1),
        # Whatever its other pupil's band, one alone pays more than the 16.00 that are protected.
        (4, None, None, None, 0, 0, 0, None, None, None, 2),
    ]


def test_pupils_who_name_no_school_are_one_whose_number_is_empty_and_whose_protection_is_not_known():
    nowhere = [pupil(pupil_key="p9", la=201, urn=None, band="B", top_up="1000")]
    frame = changed_schools(compared(KNOWN + nowhere)).frame
    assert [row for row in frame.rows() if row[0] is None] == [
        (None, 40_000, 40_000, 0, 0, None, None, 40_000, None, None, 1)
    ]
    assert group(compared(KNOWN + nowhere).placed.paid, "school", "not supplied").absent == 1


def test_the_deciles_of_schools_are_those_of_all_that_they_are_paid():
    frame = change_totals(compared(KNOWN)).frame.filter(part="schools", grouping="decile")
    assert frame["measure"].unique().to_list() == ["top_up_and_protection"]
    # Of the two changes 0 and 800.00 pounds the sixth tenth begins the second.
    assert frame["change"].to_list() == [0] * 5 + [80_000] * 4


def test_budgets_and_what_schools_are_paid_are_one_row_where_both_are_known():
    factor = {"label": "Basic", "counts": "pupils", "primary": {"unit_value": "4000", "notional_percent": "5"}}  # fmt: skip
    formula = {"schools_formula": {"pupils_counted_by": "basic", "factors": {"basic": factor}}}
    prices = [{"band": band, "pounds": f"{pence // 100}"} for band, pence in PRICE.items()]
    protection = {"protection": {"until": "2026-03-31", "school_percent": f"{SHARE}"}}
    sides = [
        compile_rules(rule_set(**banded(prices, BANDS, **rule), **formula))
        for rule in ({}, protection)
    ]
    table = school_table([school(urn=one, units_basic_primary="100") for one in (1, 9)])
    pupils = pupil_table(KNOWN, BANDS)
    rows = changed_schools(compare(*(evaluate(one, table, pupils) for one in sides)))
    names = ["urn", "before", "after", "not_known", "top_up_before", "top_up_and_protection_after"]
    assert rows.frame.select(names).rows() == [
        (1, 20_000_00, 20_000_00, 0, 300_000, 380_000),
        (2, None, None, None, 40_000, 40_000),
        (9, 20_000_00, 20_000_00, 0, None, None),
    ]
    assert list(rows.shapes) == rows.frame.columns


def test_what_schools_are_paid_prints_its_total():
    assert repr(compared(KNOWN).placed).startswith(
        "<SchoolChange: Group(name='total', before=340000"
    )
    sides = [outcomes(KNOWN, rules(), rules("80"))[at].top_ups for at in range(2)]
    with pytest.raises(PairRefused) as caught:
        compare_schools(*sides)
    assert [one.rule for one in caught.value.problems] == ["different-tables"]
