"""Tables of an authority, valued row by row: worked by hand, in the order given, every problem by its row."""

from dataclasses import replace

import polars as pl
import pytest

from engine.errors import NotReconciled, PairRefused, TableRefused
from engine.modules.allocation import LARGEST, Allocation
from engine.modules.high_needs_block import HIGH_NEEDS_BLOCK
from engine.modules.module import Options
from engine.modules.places import PLACES
from engine.modules.targeted import TARGETED_FUNDING
from engine.rules.compile import compile_rules
from tests.builders import rule_set

SUMMER = {"name": "April to August", "months": 5}
WINTER = {"name": "September to March", "months": 7}
KINDS = {
    "sen": {"label": "Pre-16 SEN", "annual": "10000", "periods": [SUMMER, WINTER]},
    "unit": {"label": "Units", "annual": "6000.50", "periods": [{"name": "Year", "months": 12}]},
    "hospital": {"label": "Hospital", "periods": []},
}
TERMS = {
    "spend": {"label": "Historic spend"},
    "entitlement": {"label": "Basic entitlement", "times": "pupils"},
    "extra": {"label": "Additional"},
}
BLOCK = {
    "terms": TERMS,
    "additional": "extra",
    "additional_base": "base",
    "additional_rate": "0.05",
}
GAP = {"label": "Extra", "pattern": "gap", "threshold": "6000", "means_percent": "50"}
RATE = {
    "label": "Extra",
    "pattern": "plans_above_rate",
    "threshold": "6000",
    "plans_per_hundred": "2",
}
SHARED = GAP | {"pattern": "gap_then_pot", "means_percent": "100", "pot": "10000"}


def table(**columns):
    return pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String))


def refused(kind, call):
    with pytest.raises(kind) as caught:
        call()
    return [(one.row, one.column, one.rule) for one in caught.value.problems]


def places(**columns):
    columns = {"institution_group": None} | columns
    rules = compile_rules(rule_set(places={"types": KINDS}))
    return PLACES.allocate(rules, table(**{name: one for name, one in columns.items() if one}))


PLACED = {
    "la": ["202", "201", "202"],
    "institution_group": ["special", None, "academy"],
    "place_type": ["sen", "hospital", "unit"],
    "places_1": ["3", "1234.56", "2.5"],
    "places_2": ["2", None, None],
}


def test_a_row_of_places_is_paid_by_its_kind_each_rate_to_the_penny_and_the_sum_up_to_a_pound():
    sen, hospital, unit = places(**PLACED).valued
    # 3 × 4,166.67 + 2 × 5,833.33 = 24,166.67; pounds that are given go up too; 2.5 × 6,000.50 = 15,001.25.
    assert (sen.row, sen.la, sen.group, sen.label) == (2, 202, "special", "Pre-16 SEN")
    assert (sen.counts, sen.amount.rates) == ((3_000_000, 2_000_000), (4166_67, 5833_33))
    assert [one.pence for one in (sen, hospital, unit)] == [24_167_00, 1_235_00, 15_002_00]
    assert (hospital.row, hospital.group, hospital.amount.rates) == (3, "", ())
    assert (unit.counts, unit.amount.rates) == ((2_500_000,), (6000_50,))


def test_rows_of_places_are_written_by_authority_with_as_many_periods_as_any_has():
    rows = places(**PLACED).rows
    assert list(rows.frame.columns) == [
        "la", "institution_group", "place_type", "label", "places_1", "places_2",
        "rate_1", "rate_2", "amount",
    ]  # fmt: skip
    assert rows.frame.rows() == [
        (201, None, "hospital", "Hospital", 1_234_560_000, None, None, None, 1_235_00),
        (202, "academy", "unit", "Units", 2_500_000, None, 6000_50, None, 15_002_00),
        (202, "special", "sen", "Pre-16 SEN", 3_000_000, 2_000_000, 4166_67, 5833_33, 24_167_00),
    ]
    one = places(la=["201"], place_type=["unit"], places_1=["1"], places_2=[None]).rows
    assert "places_2" not in one.frame.columns


def test_places_are_summed_in_all_and_by_authority_and_kind():
    outcome = places(**PLACED)
    assert outcome.total == 40_404_00
    assert outcome.totals.frame.rows() == [
        ("places", "total", "total", 3, 40_404_00, 0),
        ("places", "la", "201", 1, 1_235_00, 0),
        ("places", "la", "202", 2, 39_169_00, 0),
        ("places", "place_type", "hospital", 1, 1_235_00, 0),
        ("places", "place_type", "sen", 1, 24_167_00, 0),
        ("places", "place_type", "unit", 1, 15_002_00, 0),
    ]


def test_every_period_that_is_missing_or_too_many_is_refused_with_its_row():
    mixed = {
        "la": ["201", "202", "203"], "place_type": ["sen", "unit", "hospital"],
        "places_1": ["1", "1", "1"], "places_2": [None, "1", "1"],
    }  # fmt: skip
    with pytest.raises(PairRefused) as caught:
        places(**mixed)
    assert [(one.row, one.column) for one in caught.value.problems] == [
        (2, "places_2"), (3, "places_2"), (4, "places_2"),
    ]  # fmt: skip
    assert [one.sentence for one in caught.value.problems] == [
        "is missing; give the places of this period (0 if there are none)",
        "must be blank: this kind of place has 1 period",
        "must be blank: this kind of place has 1 period",
    ]


@pytest.mark.parametrize("column", ["la", "place_type", "places_1", "places_2"])
def test_a_table_of_places_needs_every_column_but_the_group(column):
    lacking = {name: one for name, one in PLACED.items() if name != column}
    call = lambda: places(**lacking)  # noqa: E731 - one call in two places
    assert refused(TableRefused, call) == [(None, column, "missing-column")]


def test_two_rows_of_one_authority_group_and_kind_are_refused_and_of_two_groups_are_not():
    twice = {"la": ["201", "201"], "place_type": ["unit", "unit"], "places_1": ["1", "2"]}
    twice |= {"places_2": [None, None]}
    assert refused(TableRefused, lambda: places(**twice, institution_group=["a", "a"])) == [
        (3, "la", "repeated-row")
    ]
    assert len(places(**twice, institution_group=["a", "b"]).valued) == 2


def blocks(first_row=2, **columns):
    rules = compile_rules(rule_set(high_needs_block=BLOCK))
    return HIGH_NEEDS_BLOCK.allocate(rules, table(**columns), first_row=first_row)


AUTHORITIES = {
    "la": ["202", "201"],
    "spend": ["1000.01", "-50.5"],
    "entitlement": ["4660.005", "100"],
    "pupils": ["2.5", "3"],
    "extra": [None, "7"],
    "base": ["2010", None],
}


def test_a_block_is_its_terms_and_what_is_worked_out_up_to_a_pound():
    first, second = blocks(**AUTHORITIES).valued
    # 2,010 × 0.05 = 100.50, up to 101; 1,000.01 + 4,660.005 × 2.5 + 101 = 12,751.0225, up to 12,752.
    assert (first.row, first.la, first.amount.additional) == (2, 202, 101_00)
    assert first.pence == 12_752_00
    # Of an authority without a base nothing is worked out: −50.50 + 300 + 7 = 256.50, up to 257.
    assert (second.row, second.la, second.amount.additional) == (3, 201, None)
    assert second.pence == 257_00


def test_rows_of_blocks_are_terms_to_the_penny_by_authority_and_their_totals_add():
    outcome = blocks(**AUTHORITIES)
    assert list(outcome.rows.frame.columns) == [
        "la", "spend", "entitlement", "extra", "additional_worked_out", "total",
    ]  # fmt: skip
    assert outcome.rows.frame.rows() == [
        (201, -50_50, 300_00, 7_00, None, 257_00),
        (202, 1000_01, 11_650_01, 101_00, 101_00, 12_752_00),
    ]
    assert outcome.totals.frame.rows() == [("high_needs_block", "total", "total", 2, 13_009_00, 0)]
    assert outcome.total == 13_009_00


def test_a_block_without_a_term_that_is_worked_out_has_no_column_of_it():
    rules = compile_rules(rule_set(high_needs_block={"terms": {"spend": {"label": "Spend"}}}))
    outcome = HIGH_NEEDS_BLOCK.allocate(rules, table(la=["201"], spend=["1"]))
    assert list(outcome.rows.frame.columns) == ["la", "spend", "total"]


def test_every_authority_without_a_term_is_refused_by_the_row_of_its_file():
    wanting = AUTHORITIES | {"spend": [None, "1"], "base": [None, None]}
    assert refused(PairRefused, lambda: blocks(first_row=11, **wanting)) == [
        (11, "spend", "missing-term"), (11, "extra", "missing-term"),
    ]  # fmt: skip
    lacking = {name: one for name, one in AUTHORITIES.items() if name not in ("pupils", "base")}
    assert refused(TableRefused, lambda: blocks(**lacking)) == [(None, "pupils", "missing-column")]
    free = {name: one for name, one in AUTHORITIES.items() if name != "base"}
    assert blocks(**free | {"extra": ["1", "2"]}).valued[0].amount.additional is None


def test_an_amount_of_the_largest_sum_is_added_and_a_pound_more_is_refused_by_its_row():
    # Ten times a thousand millions are the most; the term is multiplied by the pupils.
    most = {
        "la": ["201", "202"], "spend": ["0", "0"], "entitlement": ["1000000000", "1000000000"],
        "pupils": ["10", "-10"], "extra": ["0", "0"], "base": [None, None],
    }  # fmt: skip
    assert [one.pence for one in blocks(**most).valued] == [LARGEST, -LARGEST]
    over = most | {"spend": ["0.01", "-1"]}
    assert refused(PairRefused, lambda: blocks(**over)) == [
        (2, None, "too-large"), (3, None, "too-large"),
    ]  # fmt: skip


def targeted(rule, cost=None, **columns):
    rules = compile_rules(rule_set(targeted_funding=rule))
    return TARGETED_FUNDING.allocate(rules, table(**columns), Options(sen_support_cost=cost))


SCHOOLS = {
    "urn": ["900002", "900001"],
    "school_name": ["Hill", None],
    "notional_sen": ["40000.50", "90000"],
    "ehc_plans": ["4", "5"],
}
ON_SUPPORT = {"sen_support_pupils": ["10", None]}


def test_a_school_is_paid_what_its_plans_cost_above_its_means_and_none_below():
    hill, other = targeted(GAP, **SCHOOLS).valued
    # 4 × 6,000 less half of 40,000.50 is 3,999.75; 5 × 6,000 is less than half of 90,000.
    assert (hill.row, hill.urn, hill.name, hill.figures.plans) == (2, 900002, "Hill", 4)
    assert (hill.figures.notional, hill.pence, hill.left, hill.left_after) == (
        40_000_50,
        3_999_75,
        None,
        None,
    )
    assert (other.row, other.urn, other.name, other.pence) == (3, 900001, "", 0)


def test_a_cost_of_sen_support_gives_calls_and_what_is_left_before_and_after():
    outcome = targeted(GAP, cost=1_500_00, **SCHOOLS, **ON_SUPPORT)
    hill, other = outcome.valued
    # 10 × 1,500 and 4 × 6,000 are 39,000; 1,000.50 is left, and 5,000.25 with 3,999.75 more.
    assert (hill.left, hill.left_after) == (1_000_50, 5_000_25)
    assert (other.left, other.left_after) == (None, None)
    assert outcome.rows.frame.rows() == [
        (900001, None, 90_000_00, 5, 0, 0, 0, None, 30_000_00, None, None, None),
        (900002, "Hill", 40_000_50, 4, 3_999_75, 0, 3_999_75, 15_000_00, 24_000_00, 39_000_00,
         1_000_50, 5_000_25),
    ]  # fmt: skip
    assert list(outcome.rows.frame.columns) == [
        "urn", "school_name", "notional_sen", "ehc_plans", "due", "shared", "amount",
        "sen_support_calls", "plan_calls", "all_calls", "left", "left_after",
    ]  # fmt: skip
    assert outcome.totals.frame.rows() == [
        ("targeted_funding", "total", "total", 2, 3_999_75, 0, 3_999_75, 0)
    ]


def test_without_a_cost_the_rows_have_no_columns_of_calls():
    frame = targeted(GAP, **SCHOOLS).rows.frame
    assert list(frame.columns)[-3:] == ["due", "shared", "amount"]
    assert frame["urn"].to_list() == [900001, 900002]


def test_plans_above_a_rate_need_pupils_and_no_budget():
    by_rate = {"urn": ["1"], "ehc_plans": ["5"], "pupils": ["120"]}
    # 2 in a hundred of 120 pupils are 2.4 plans; the other 2.6 are paid for.
    assert targeted(RATE, **by_rate).valued[0].pence == 15_600_00
    without = {name: one for name, one in by_rate.items() if name != "pupils"}
    assert refused(TableRefused, lambda: targeted(RATE, **without)) == [
        (None, "pupils", "missing-column")
    ]
    assert refused(TableRefused, lambda: targeted(RATE, **by_rate | {"pupils": [None]})) == [
        (2, "pupils", "blank")
    ]


@pytest.mark.parametrize("column", ["urn", "notional_sen", "ehc_plans"])
def test_a_gap_needs_reference_number_budget_and_plans(column):
    lacking = {name: one for name, one in SCHOOLS.items() if name != column}
    assert refused(TableRefused, lambda: targeted(GAP, **lacking)) == [
        (None, column, "missing-column")
    ]
    blank = SCHOOLS | {column: [None, SCHOOLS[column][1]]}
    assert refused(TableRefused, lambda: targeted(GAP, **blank)) == [(2, column, "blank")]


SHORT = {"notional_sen": ["24000", "30000"], "ehc_plans": ["5", "5"]}


def test_the_rest_of_a_pot_goes_to_who_is_still_short_of_its_calls():
    named = {"urn": ["2", "1"], **SHORT}
    # School 2 has a gap of 6,000; 4,000 are left, and both are short by 3,000 and 1,000 more.
    given = targeted(SHARED, **named, expected_calls=["33000", "31000"]).valued
    assert [(one.paid.due, one.paid.shared) for one in given] == [(6000_00, 3000_00), (0, 1000_00)]
    # With a cost, calls are the same where a table leaves them out: 3,000 and 1,000 for SEN support.
    worked = targeted(SHARED, cost=1_000_00, **named, sen_support_pupils=["3", "1"]).valued
    assert [(one.paid.due, one.paid.shared) for one in worked] == [(6000_00, 3000_00), (0, 1000_00)]
    # What a table gives holds against what a cost would come to.
    both = targeted(
        SHARED, cost=9_000_00, **named, expected_calls=["33000", "31000"], sen_support_pupils=["3", "1"]
    ).valued  # fmt: skip
    assert [one.paid.shared for one in both] == [3000_00, 1000_00]


def test_a_pot_s_odd_penny_falls_by_reference_number_and_not_by_row():
    odd = SHARED | {"pot": "0.01"}
    calls = {"expected_calls": ["40000", "40000"], "notional_sen": ["30000", "30000"]}
    for urns in (["1", "2"], ["2", "1"]):
        outcome = targeted(odd, urn=urns, ehc_plans=["5", "5"], **calls)
        assert {one.urn: one.pence for one in outcome.valued} == {1: 1, 2: 0}


def test_a_pot_is_not_shared_without_the_calls_of_every_school():
    named = {"urn": ["2", "1"], **SHORT}
    assert refused(TableRefused, lambda: targeted(SHARED, **named)) == [
        (None, "expected_calls", "missing-column")
    ]
    unknown = {"expected_calls": ["33000", None]}
    assert refused(PairRefused, lambda: targeted(SHARED, **named, **unknown)) == [
        (3, "expected_calls", "calls-wanting")
    ]
    half = {"sen_support_pupils": [None, "1"]}
    assert refused(PairRefused, lambda: targeted(SHARED, cost=1, **named, **half)) == [
        (2, "expected_calls", "calls-wanting")
    ]


def test_rows_that_do_not_add_to_their_total_or_to_their_parts_are_not_answered():
    outcome = targeted(GAP, **SCHOOLS)
    outcome.reconcile()
    hill, other = outcome.valued
    lost = replace(outcome, valued=(other,))
    lost.__dict__["rows"] = outcome.rows
    with pytest.raises(
        NotReconciled, match="the rows of targeted_funding do not add to their total"
    ):
        lost.reconcile()
    parts = replace(outcome, valued=(hill, other))
    frame = outcome.rows.frame.with_columns(shared=pl.lit(1, pl.Int64))
    parts.__dict__["rows"] = replace(outcome.rows, frame=frame)
    with pytest.raises(NotReconciled):
        parts.reconcile()


def test_every_table_is_reconciled_before_it_is_answered(monkeypatch):
    def refuse(outcome):
        raise NotReconciled(outcome.module.name)

    monkeypatch.setattr(Allocation, "reconcile", refuse)
    with pytest.raises(NotReconciled, match="places"):
        places(**PLACED)
    with pytest.raises(NotReconciled, match="high_needs_block"):
        blocks(**AUTHORITIES)
    with pytest.raises(NotReconciled, match="targeted_funding"):
        targeted(GAP, **SCHOOLS)
