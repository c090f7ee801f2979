"""What holds for every top-up under all rules: reasons, floors, caps, and pupils who move."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import PairRefused
from engine.rules.compile import compile_rules
from engine.run import evaluate
from engine.vocabulary import Reason
from tests.builders import a_year, banded, pupil, pupil_table, rule_set

FIRST, LAST = date(2025, 4, 1), date(2026, 3, 31)
SCHOOL_DAYS = {
    **a_year(),
    "periods": [{**a_year()["periods"][0], "presence": "school_days"}],
    "terms": [
        {"name": "Summer", "first": "2025-04-22", "last": "2025-07-22"},
        {"name": "Autumn", "first": "2025-09-01", "last": "2025-12-19"},
        {"name": "Spring", "first": "2026-01-05", "last": "2026-03-27"},
    ],
    "closures": ["2025-05-05"],
}
UNEVEN_TERMS = {
    **a_year(),
    "periods": [
        {
            "name": name,
            "first": first,
            "last": last,
            "weight": weight,
            "presence": "count_date",
            "count_on": count_on,
        }
        for name, first, last, weight, count_on in (
            ("Summer", "2025-04-01", "2025-08-31", 5, "2025-05-15"),
            ("Autumn", "2025-09-01", "2025-12-31", 4, "2025-10-02"),
            ("Spring", "2026-01-01", "2026-03-31", 3, "2026-01-15"),
        )
    ],
}
CALENDARS = {"days": a_year(), "school days": SCHOOL_DAYS, "uneven terms": UNEVEN_TERMS}

ALL_CLAUSES = rule_set(
    **banded(
        [
            {"band": "A", "pounds": "7000"},
            {"band": "B", "pounds": "5000"},
            {"band": "C", "when": {"setting": ["special"]}, "pounds": "90000"},
        ],
        ["A", "B", "C"],
        {
            "table": {
                "hit_policy": "unique",
                "inputs": ["score"],
                "gaps": True,
                "rows": [
                    {"when": {"score": ["0-9"]}, "band": "A"},
                    {"when": {"score": ["20-29"]}, "band": "B"},
                    {"when": {"score": ["30-39"]}, "band": "C"},
                ],
            }
        },
        pays_when={"sen_provision": ["E"]},
        part_time={"full_time_hours": "30"},
        threshold={"pounds": "6000", "inside": True},
        cap="50000",
        protection={"until": "2026-03-31", "pupil_percent": "95"},
    )
)
WITH_FLOOR = rule_set(**banded([{"pounds": "100"}], ["A"], floor="500"))
OF_ANOTHER = rule_set(
    **banded([{"pounds": {"rows": [{"when": {"la": "886"}, "value": "100"}]}}], ["A"])
)
IN_WORDS = rule_set(**banded([{"pounds": "not printed"}], ["A"]))
PAID = {"sen_provision": "E", "score": 5, "hours": 30, "setting": "mainstream", "top_up": 0}
REACHED = {
    Reason.rate: (ALL_CLAUSES, {}, 100_000),
    Reason.not_funded: (ALL_CLAUSES, {"sen_provision": "K"}, 0),
    Reason.not_supplied: (ALL_CLAUSES, {"hours": None}, 0),
    Reason.no_price: (ALL_CLAUSES, {"score": 35}, 0),
    Reason.within_threshold: (ALL_CLAUSES, {"score": 25}, 0),
    Reason.floor: (WITH_FLOOR, {"band": "A"}, 50_000),
    Reason.cap: (ALL_CLAUSES, {"score": 35, "setting": "special"}, 5_000_000),
    Reason.not_on_roll: (ALL_CLAUSES, {"end": date(2025, 3, 31)}, 0),
    Reason.protected: (ALL_CLAUSES, {"top_up": Decimal(2000)}, 190_000),
    Reason.not_printed: (IN_WORDS, {"band": "A"}, 0),
    Reason.no_value: (OF_ANOTHER, {"band": "A"}, 0),
}


def paid(document, *records):
    rules = compile_rules(document)
    table = pupil_table([pupil(**record) for record in records], rules.top_ups.labels)
    return evaluate(rules, pupils=table).top_ups


@pytest.mark.parametrize("reason", REACHED, ids=lambda reason: reason.name)
def test_each_reason_is_reached_by_a_pupil_and_names_the_clause_that_decided(reason):
    document, changed, pence = REACHED[reason]
    outcome = paid(document, PAID | {"start": None, "end": None, "band": None} | changed)
    assert (Reason(outcome.reason[0]), int(outcome.amount[0])) == (reason, pence)


def test_a_gap_between_bands_is_refused_and_never_paid_as_nothing():
    with pytest.raises(PairRefused) as refused:
        paid(ALL_CLAUSES, PAID | {"score": 15})
    assert {problem.rule for problem in refused.value.problems} == {"no-band"}


def test_a_pupil_who_is_not_funded_may_stand_in_a_gap():
    outcome = paid(ALL_CLAUSES, PAID | {"score": 15, "sen_provision": "N"})
    assert Reason(outcome.reason[0]) is Reason.not_funded


def test_no_reason_is_left_without_a_test():
    assert REACHED.keys() | {Reason.no_band} == set(Reason)


pounds = st.decimals("0", "60000", places=2)
hours = st.decimals("0", "30", places=2)


@st.composite
def priced(draw):
    """Draw a price, a pupil who is priced by it, and where a threshold is taken off."""
    calendar = draw(st.sampled_from(sorted(CALENDARS)))
    parts = banded([{"pounds": str(draw(pounds))}], ["A"], calendar=CALENDARS[calendar])
    parts["top_up_rule"]["part_time"] = {"full_time_hours": "30"}
    if draw(st.booleans()):
        parts["top_up_rule"]["threshold"] = {"pounds": "6000", "inside": True}
    record = {"band": "A", "hours": draw(hours)}
    record["start"] = draw(st.none() | st.dates(FIRST - timedelta(40), LAST + timedelta(40)))
    return parts, record


def with_clause(parts, **clause):
    return rule_set(**{**parts, "top_up_rule": {**parts["top_up_rule"], **clause}})


@given(priced(), pounds)
def test_a_floor_never_lowers_what_is_paid_and_decides_only_where_it_raises(drawn, floor):
    parts, record = drawn
    without = paid(with_clause(parts), record)
    with_floor = paid(with_clause(parts, floor=str(floor)), record)
    assert with_floor.amount[0] >= without.amount[0]
    if with_floor.reason[0] != Reason.floor:
        assert with_floor.amount[0] == without.amount[0]


@given(priced(), pounds)
def test_a_cap_never_raises_what_is_paid_and_decides_only_where_it_lowers(drawn, cap):
    parts, record = drawn
    without = paid(with_clause(parts), record)
    capped = paid(with_clause(parts, cap=str(cap)), record)
    assert capped.amount[0] <= without.amount[0]
    assert capped.amount[0] <= cap * 100
    if capped.reason[0] != Reason.cap:
        assert capped.amount[0] == without.amount[0]


@given(st.sampled_from(sorted(CALENDARS)), pounds, st.dates(FIRST + timedelta(1), LAST))
def test_a_pupil_who_moves_school_is_paid_for_each_day_once(name, price, moved):
    document = rule_set(**banded([{"pounds": str(price)}], ["A"], calendar=CALENDARS[name]))
    before = {"band": "A", "urn": 100_001, "start": None, "end": moved - timedelta(1)}
    after = {"band": "A", "urn": 100_002, "start": moved, "end": None}
    outcome = paid(document, before, after)
    whole = outcome.top_ups.calendar.denominator
    assert int(outcome.year_share.sum()) == whole
    assert outcome.year_share.min() >= 0
    # Each school's part is rounded to the penny on its own.
    assert abs(int(outcome.amount.sum()) - int(price * 100)) <= 1


@given(st.dates(FIRST + timedelta(1), LAST))
def test_a_count_date_is_paid_to_the_school_that_has_the_pupil_on_it_and_to_no_other(moved):
    document = rule_set(**banded([{"pounds": "12000"}], ["A"], calendar=UNEVEN_TERMS))
    before = {"band": "A", "urn": 100_001, "start": None, "end": moved - timedelta(1)}
    after = {"band": "A", "urn": 100_002, "start": moved, "end": None}
    amounts = paid(document, before, after).amount.tolist()
    weights = {"2025-05-15": 5, "2025-10-02": 4, "2026-01-15": 3}
    earlier = sum(weight for day, weight in weights.items() if date.fromisoformat(day) < moved)
    assert amounts == [earlier * 100_000, (12 - earlier) * 100_000]
