"""A document or calendar of part of a year pays its part: prices are pounds a year, and two documents pay one of them."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.band_prices import band_price, band_rules, whole_year
from engine.errors import PairRefused, RuleRefused
from engine.explain import explain_pupil
from engine.export.manifest import rules_record
from engine.modules.top_ups.steps import pupil_steps
from engine.rules.compile import compile_rules
from engine.rules.notes import notes
from engine.run import evaluate
from engine.schedule import Divided, payment_schedule
from engine.steps import work
from tests.builders import a_year, banded, pupil, pupil_table, rule_set
from tests.reference.calendars import masses, presence

SUMMER, WINTER = ("2026-04-01", "2026-08-31"), ("2026-09-01", "2027-03-31")
WHOLE = ("2026-04-01", "2027-03-31")
LONG_AGO = {"from": "2020-04-01", "source": "example", "standing": "proposed"}
COUNTED = {"source": "example", "standing": "proposed"}
TERMS = [
    {"name": "Summer", "first": "2026-04-13", "last": "2026-07-21"},
    {"name": "Autumn", "first": "2026-09-02", "last": "2026-12-18"},
    {"name": "Spring", "first": "2027-01-05", "last": "2027-03-25"},
]


def document(days, calendar, pounds="14600", **rule):
    """Return a rule set of some days of the financial year 2026-27 whose band C costs so much a year."""
    parts = banded([{"pounds": pounds}], ["C"], calendar=calendar, **rule)
    first, last = days
    return rule_set(
        **parts, effective={"first": first, "last": last}, funding_year="2026-27",
        year_kind="financial", provenance=LONG_AGO,
    )  # fmt: skip


def paid(rules, **record):
    """Return the pence of one pupil of band C, which the printed steps come to as well."""
    table = pupil_table([pupil(pupil_key="one", band="C", **record)], ["C"])
    outcome = evaluate(compile_rules(rules), pupils=table).top_ups
    steps, own = pupil_steps(outcome, 0)
    assert work(steps, own) == outcome.amount[0]
    return int(outcome.amount[0])


def by_months(first, number, presence="count_date"):
    """Return so many calendar months from a day as equal periods, counted on their fifteenth day."""
    periods, day = [], date.fromisoformat(first)
    for _ in range(number):
        following = (day + timedelta(days=31)).replace(day=1)
        period = {"name": f"{day:%B %Y}", "first": str(day), "last": str(following - timedelta(1)), "presence": presence}  # fmt: skip
        periods.append(
            period | ({"count_on": str(day.replace(day=15))} if "count" in presence else {})
        )
        day = following
    return COUNTED | {"periods": periods}


@pytest.mark.parametrize("of_year", [False, True], ids=["its own days", "the whole year"])
def test_two_documents_of_one_year_pay_one_years_price_whatever_days_their_calendars_span(of_year):
    amounts = [
        paid(document(days, a_year(*(WHOLE if of_year else days)))) for days in (SUMMER, WINTER)
    ]
    assert amounts == [6_120_00, 8_480_00]
    assert sum(amounts) == paid(document(WHOLE, a_year(*WHOLE))) == 14_600_00


def test_the_working_of_a_part_of_a_year_says_which_part():
    table = pupil_table([pupil(pupil_key="one", band="C")], ["C"])
    outcome = evaluate(compile_rules(document(SUMMER, a_year(*SUMMER))), pupils=table).top_ups
    rows = [(row.label, row.value) for row in explain_pupil(outcome, "one").workings[-1].rows]
    assert ("Part of the year on roll", "153 of 365") in rows


def test_protection_of_part_of_a_year_keeps_that_part_of_today_s_top_ups():
    keeps = {"until": "2027-03-31", "pupil_percent": "100"}
    rules = document(SUMMER, a_year(*SUMMER), protection=keeps)
    assert paid(rules, top_up=20_000) == round(Fraction(20_000_00 * 153, 365))
    keeps = {"until": "2027-03-31", "school_percent": "100"}
    rules = compile_rules(document(SUMMER, a_year(*SUMMER), protection=keeps))
    table = pupil_table([pupil(pupil_key="one", band="C", urn=100_001, top_up=20_000)], ["C"])
    outcome = evaluate(rules, pupils=table).top_ups
    assert outcome.school_protection.tolist() == [round(Fraction(20_000_00 * 153, 365)) - 6_120_00]


def test_the_part_of_a_year_is_said_by_the_check_and_in_the_manifest():
    part, whole = document(SUMMER, a_year(*SUMMER)), document(WHOLE, a_year(*WHOLE))
    assert any("pays 153/365 of a year's price" in one for one in notes(part))
    assert not any("of a year's price" in one for one in notes(whole))
    assert rules_record(compile_rules(part), ())["part_of_year"] == "153/365"
    assert rules_record(compile_rules(whole), ())["part_of_year"] == "1"


@given(st.dates(date(2026, 4, 1), date(2027, 3, 30)), st.integers(0, 9_999_999), st.booleans())
def test_two_documents_divided_on_any_day_pay_what_one_does(day, pence, wide):
    pounds = f"{pence // 100}.{pence % 100:02d}"
    halves = ((WHOLE[0], str(day)), (str(day + timedelta(1)), WHOLE[1]))
    amounts = [paid(document(days, a_year(*(WHOLE if wide else days)), pounds)) for days in halves]
    assert sum(amounts) == pence
    for amount, (first, last) in zip(amounts, halves, strict=True):
        days = (date.fromisoformat(last) - date.fromisoformat(first)).days + 1
        assert abs(Fraction(pence * days, 365) - amount) <= Fraction(1, 2)


def test_a_count_date_outside_the_days_of_a_document_pays_nothing_from_it():
    year = by_months(WHOLE[0], 12)
    assert [paid(document(days, year, "12000")) for days in (SUMMER, WINTER)] == [
        5_000_00,
        7_000_00,
    ]
    assert paid(document(("2026-04-01", "2026-08-14"), year, "12000")) == 4_000_00


def test_equal_months_of_part_of_a_year_are_twelfths():
    assert paid(document(SUMMER, by_months(SUMMER[0], 5), "12000")) == 5_000_00
    assert paid(document(WINTER, by_months(WINTER[0], 7, "calendar_days"), "12000")) == 7_000_00


def test_school_days_of_part_of_a_year_are_of_those_of_the_year_that_the_terms_say():
    def calendar(days):
        [period] = a_year(*days)["periods"]
        return COUNTED | {"periods": [period | {"presence": "school_days"}], "terms": TERMS}

    whole = masses(document(WHOLE, calendar(WHOLE)).top_up_rule.calendar)
    summer = sum(day <= date(2026, 8, 31) for day in whole)
    expected = [Fraction(19_400_00 * days, len(whole)) for days in (summer, len(whole) - summer)]
    amounts = [paid(document(days, calendar(days), "19400")) for days in (SUMMER, WINTER)]
    assert amounts == [round(one) for one in expected]
    assert sum(amounts) == 19_400_00


def test_school_days_from_september_to_july_are_a_whole_year():
    periods = a_year("2026-09-02", "2027-07-20")["periods"]
    terms = [{"name": "All", "first": "2026-09-02", "last": "2027-07-20"}]
    calendar = COUNTED | {"periods": [periods[0] | {"presence": "school_days"}], "terms": terms}
    rules = rule_set(
        **banded([{"pounds": "9000"}], ["C"], calendar=calendar), provenance=LONG_AGO,
        effective={"first": "2026-09-01", "last": "2027-08-31"}, funding_year="2026-27",
        year_kind="academic",
    )  # fmt: skip
    assert paid(rules) == 9_000_00


def of_unequal_weights(**more):
    """Return two periods from April to August whose days do not earn the same."""
    spans = (("Spring", "2026-04-01", "2026-05-31", 1), ("Summer", "2026-06-01", "2026-08-31", 3))
    periods = [
        {"name": name, "first": first, "last": last, "weight": weight, "presence": "calendar_days"}
        for name, first, last, weight in spans
    ]
    return COUNTED | {"periods": periods} | more


def test_what_part_of_a_year_some_periods_are_is_asked_for_where_it_is_not_known():
    with pytest.raises(RuleRefused, match=r"share_of_year such as \"5/12\"") as refused:
        compile_rules(document(SUMMER, of_unequal_weights()))
    assert [one.place for one in refused.value.problems] == ["top_up_rule.calendar.periods"]
    stated = document(SUMMER, of_unequal_weights(share_of_year="5/12"), "12000")
    assert (paid(stated), paid(stated, end=date(2026, 5, 31))) == (5_000_00, 1_250_00)


@pytest.mark.parametrize("share", ["13/12", "0.4", "5 of 12", "0/12"])
def test_a_share_of_a_year_is_a_fraction_and_no_more_than_all_of_it(share):
    with pytest.raises(RuleRefused, match="share_of_year"):
        document(SUMMER, of_unequal_weights(share_of_year=share))


def test_a_calendar_of_more_than_a_year_is_refused():
    with pytest.raises(RuleRefused, match="a calendar is of one year"):
        compile_rules(document(("2026-04-01", "2027-04-30"), a_year("2026-04-01", "2027-04-30")))


def test_a_document_of_more_than_a_year_pays_its_calendar_s_year():
    rules = document(("2026-04-01", "2027-09-30"), a_year(*WHOLE))
    assert paid(rules) == 14_600_00


def test_presence_in_part_of_a_year_may_be_counted_in_its_own_parts():
    rules = document(SUMMER, a_year(*SUMMER))
    counted = [paid(rules, parts_on_roll=days) for days in (153, 73, 0)]
    assert counted == [6_120_00, 2_920_00, 0]


def test_payments_of_part_of_a_year_add_to_it():
    table = pupil_table([pupil(pupil_key="one", band="C")], ["C"])
    outcome = evaluate(compile_rules(document(SUMMER, a_year(*SUMMER))), pupils=table).top_ups
    schedule = payment_schedule(outcome, Divided.months)
    assert schedule.names[0] == "April 2026"
    assert schedule.payments.tolist() == [[1_200_00, 1_240_00, 1_200_00, 1_240_00, 1_240_00]]


def test_a_price_a_year_is_a_year_s_in_a_part_of_one_too():
    changing = [{"from": "2020-04-01", "value": "1000"}, {"from": "2026-06-01", "value": "2000"}]
    for pounds, pence in (("14600", 14_600_00), (changing, round(Fraction(1000_00 * 61 + 2000_00 * 92, 153)))):  # fmt: skip
        priced = band_rules(
            compile_rules(document(SUMMER, a_year(*SUMMER), pounds)), whole_year=True
        )
        found = band_price(priced, {"band": "C", **whole_year(priced.top_ups)})
        assert found.amount == pence


@given(
    st.dates(date(2026, 4, 1), date(2027, 3, 31)), st.integers(0, 300), st.booleans(),
    st.dates(date(2026, 3, 1), date(2027, 4, 30)), st.integers(0, 400),
)  # fmt: skip
def test_a_pupil_earns_the_days_that_calendar_document_and_stay_have_in_common(
    first, length, counts, start, stay
):
    last = min(first + timedelta(length), date(2027, 3, 31))
    year = by_months(WHOLE[0], 12) if counts else a_year(*WHOLE)
    rules = document((str(first), str(last)), year, "7300")
    calendar, end = rules.top_up_rule.calendar, start + timedelta(stay)
    within = {"start": max(start, first), "end": min(end, last)}
    expected = presence(calendar, within) * 7300_00
    try:
        amount = paid(rules, start=start, end=end)
    except RuleRefused:
        assert not presence(calendar, {"start": first, "end": last})
        return
    # What the days before the document come to is rounded first, and this is rounded after it.
    assert abs(expected - amount) <= (Fraction(1, 2) if first <= date(2026, 4, 1) else 1)


def test_parts_of_the_year_are_counted_of_those_that_the_document_has():
    year = by_months(WHOLE[0], 12) | {"parts": {"number": 12, "part": "month"}}
    rules = document(SUMMER, year, "12000")
    assert [paid(rules, parts_on_roll=parts) for parts in (5, 2, 0)] == [5_000_00, 2_000_00, 0]
    with pytest.raises(PairRefused, match="at most 5"):
        paid(rules, parts_on_roll=6)


def test_a_year_with_a_29_february_has_366_days():
    rules = rule_set(
        **banded([{"pounds": "36600"}], ["C"], calendar=a_year("2027-10-01", "2028-03-31")),
        effective={"first": "2027-10-01", "last": "2028-03-31"}, funding_year="2027-28",
        year_kind="financial", provenance=LONG_AGO,
    )  # fmt: skip
    assert paid(rules) == 18_300_00
