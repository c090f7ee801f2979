"""An authority that changes its bands within the year, as two documents: together they pay one year's price to the penny."""

from collections import Counter
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.band_prices import band_price, band_rules, whole_year
from engine.candidates.run import Run
from engine.candidates.values import Candidates, PathValues
from engine.explain import explain_pupil
from engine.modules.top_ups.earlier_due import Again
from engine.modules.top_ups.steps import pupil_steps
from engine.money import half_away
from engine.rules.compile import compile_rules
from engine.rules.notes import document_notes
from engine.run import evaluate
from engine.schedule import Divided, payment_schedule
from engine.steps import work
from tests.builders import a_year, banded, pupil, pupil_table, rule_set
from tests.reference.top_ups import top_ups_of_spells
from tests.storm_size import draws

FIRST, LAST = date(2026, 4, 1), date(2027, 3, 31)
SUMMER, WINTER = (FIRST, date(2026, 8, 31)), (date(2026, 9, 1), LAST)
LONG_AGO = {"from": "2020-04-01", "source": "example", "standing": "proposed"}
COUNTED = {"source": "example", "standing": "proposed"}
WHOLE = a_year(str(FIRST), str(LAST))
ONCE = {"pounds": "938", "once": True}


def document(days, prices, calendar=WHOLE, **rule):
    """Return a rule set of some days of the financial year 2026-27 with a price for each band from A on."""
    first, last = days
    bands = ["A", "B", "C"][: len(prices)]
    priced = [{"band": band, **price} for band, price in zip(bands, prices, strict=True)]
    return rule_set(
        **banded(priced, bands, calendar=calendar, **rule), provenance=LONG_AGO,
        effective={"first": str(first), "last": str(last)},
        funding_year="2026-27", year_kind="financial",
    )  # fmt: skip


def paid(rules, *records):
    """Return the outcome of pupils of bands A to C, whose printed steps and payments come to what is paid."""
    rows = [pupil(**{"band": "A", **one}) for one in records]
    outcome = evaluate(compile_rules(rules), pupils=pupil_table(rows, ["A", "B", "C"])).top_ups
    for at, amount in enumerate(outcome.amount.tolist()):
        steps, own = pupil_steps(outcome, at)
        assert work(steps, own) == amount
    if outcome.top_ups.calendar.dated:
        for divided in Divided:
            payments = payment_schedule(outcome, divided).payments
            assert payments.sum(axis=1).tolist() == outcome.amount.tolist()
    return outcome


def by_row(outcome):
    """Return what each row is paid, by key and school."""
    schools = outcome.pupils.columns["urn"].tolist()
    return dict(
        zip(zip(outcome.pupils.keys, schools, strict=True), outcome.amount.tolist(), strict=True)
    )


def months():
    """Return the twelve months of the year as equal periods, counted on their fifteenth day."""
    periods, day = [], FIRST
    while day < LAST:
        following = (day + timedelta(31)).replace(day=1)
        periods.append(
            {
                "name": f"{day:%B}",
                "first": str(day),
                "last": str(following - timedelta(1)),
                "presence": "count_date",
                "count_on": str(day.replace(day=15)),
            }
        )
        day = following
    return COUNTED | {"periods": periods}


def weeks(weights=(1,)):
    """Return thirteen periods of four weeks, the last to the end of the year, whose days earn what their weight says."""
    begins = [FIRST + timedelta(28 * at) for at in range(13)]
    ends = [*(day - timedelta(1) for day in begins[1:]), LAST]
    return COUNTED | {
        "periods": [
            {
                "name": f"Period {at}",
                "first": str(first),
                "last": str(last),
                "weight": weights[at % len(weights)],
                "presence": "calendar_days",
            }
            for at, (first, last) in enumerate(zip(begins, ends, strict=True))
        ]
    }


def of_school_days():
    """Return the year by its school days."""
    terms = [
        {"name": "Summer", "first": "2026-04-13", "last": "2026-07-21"},
        {"name": "Autumn", "first": "2026-09-02", "last": "2026-12-18"},
        {"name": "Spring", "first": "2027-01-05", "last": "2027-03-25"},
    ]
    return COUNTED | {
        "periods": [{**WHOLE["periods"][0], "presence": "school_days"}],
        "terms": terms,
    }


CALENDARS = {
    "days": WHOLE,
    "months": months(),
    "weeks": weeks(),
    "uneven weeks": weeks((3, 7, 11)),
    "school days": of_school_days(),
}
pence_of = st.integers(0, 9_999_999).map(lambda pence: f"{pence // 100}.{pence % 100:02d}")


@st.composite
def stays(draw):
    """Draw the spells of a few pupils, of each in the order of their days and without a day in common."""
    records = []
    for number in range(draw(st.integers(1, 3))):
        cuts = sorted(
            draw(st.sets(st.dates(FIRST - timedelta(9), LAST + timedelta(9)), max_size=4))
        )
        hours = draw(st.sampled_from([7, 10, 13, 33]))
        band = draw(st.sampled_from("ABC"))
        for at, (start, end) in enumerate(pairwise([None, *cuts, None])):
            if cuts and draw(st.integers(0, 5)) == 0:
                continue
            records.append(
                {
                    "pupil_key": f"pupil {number}",
                    "urn": 100_001 + at,
                    "hours": hours,
                    "start": None if start is None else start + timedelta(1),
                    "end": end,
                    "band": band,
                    "top_up": 9_000 * number,
                }
            )
    alone = {"pupil_key": "one", "urn": 100_001, "hours": 33, "start": None, "end": None}
    return records or [alone | {"top_up": 0}]


@pytest.mark.parametrize("calendar", list(CALENDARS))
def test_documents_of_equal_prices_pay_each_row_and_pupil_what_one_document_pays(calendar):
    @settings(max_examples=draws(40))
    @given(st.data())
    def check(data):
        prices = [{"pounds": data.draw(pence_of)} for _ in range(2)] + [
            {"pounds": data.draw(pence_of), "once": True}
        ]
        rule = {"part_time": {"full_time_hours": "33"}, "cap": data.draw(pence_of)}
        if data.draw(st.booleans()):
            until = data.draw(st.dates(FIRST, LAST))
            rule["protection"] = {"until": str(until), "pupil_percent": "97.5"}
        cuts = sorted(data.draw(st.sets(st.dates(FIRST, LAST - timedelta(1)), min_size=1, max_size=2)))  # fmt: skip
        days = [
            (first + timedelta(1), last)
            for first, last in pairwise([FIRST - timedelta(1), *cuts, LAST])
        ]
        records = data.draw(stays())
        whole = by_row(paid(document((FIRST, LAST), prices, CALENDARS[calendar], **rule), *records))
        parts = [
            by_row(paid(document(one, prices, CALENDARS[calendar], **rule), *records))
            for one in days
            if any(_counts(CALENDARS[calendar], *one))
        ]
        assert {row: sum(part[row] for part in parts) for row in whole} == whole

    check()


def _counts(calendar, first, last):
    """Yield whether each period of a calendar may have a day that counts among some."""
    rules = compile_rules(document((FIRST, LAST), [{"pounds": "1"}], calendar))
    cumulative, opens = rules.top_ups.calendar.cumulative, FIRST
    yield int(cumulative[(last - opens).days + 1]) > int(cumulative[(first - opens).days])


def test_the_reference_pays_a_second_document_s_rows_the_same():
    seen, own = Counter(), a_year(*map(str, WINTER))
    unsaid = COUNTED | {
        "periods": [{**own["periods"][0], "presence": "school_days"}],
        "terms": of_school_days()["terms"],
        "share_of_year": "7/12",
    }

    @settings(max_examples=draws(100))
    @given(st.data(), st.sampled_from([*CALENDARS.values(), own, unsaid]), stays())
    def check(data, calendar, records):
        prices = [{"pounds": data.draw(pence_of), "once": once} for once in (False, True, True)]
        rule = {"part_time": {"full_time_hours": "33"}, "floor": "100"}
        until = data.draw(st.none() | st.dates(FIRST, LAST))
        if until is not None:
            rule["protection"] = {"until": str(until), "pupil_percent": "97.5"}
        rules = document(WINTER, prices, calendar, **rule)
        outcome = paid(rules, *records)
        amounts, expected = by_row(outcome), {}
        for key in {one["pupil_key"] for one in records}:
            spells = [{"la": 201, "band": "A", **one} for one in records if one["pupil_key"] == key]
            spells.sort(key=lambda one: one["start"] or date.min)
            for record, one in zip(spells, top_ups_of_spells(rules, spells), strict=True):
                expected[key, record["urn"]] = one.amount
        assert amounts == expected
        seen.update(Again(one) for one in outcome.earlier.again.tolist())
        seen["known"] += bool((outcome.earlier.part > 0).any())

    check()
    assert min(seen[one] for one in ("known", *Again)) > 0, seen


@given(pence_of, pence_of, st.dates(FIRST, LAST - timedelta(1)), stays())
@settings(max_examples=draws(60))
def test_a_second_document_of_other_prices_pays_from_its_day_on_what_one_with_a_dated_change_does(
    before, after, last, records
):
    change = [{"from": "2020-04-01", "value": before}, {"from": str(last + timedelta(1)), "value": after}]  # fmt: skip
    records = [one | {"band": "A"} for one in records]
    one = by_row(paid(document((FIRST, LAST), [{"pounds": change}]), *records))
    earlier = by_row(paid(document((FIRST, last), [{"pounds": before}]), *records))
    later = by_row(paid(document((last + timedelta(1), LAST), [{"pounds": after}]), *records))
    for key in {row[0] for row in one}:
        own = [row for row in one if row[0] == key]
        exact, total = _exact(records, key, after, FIRST, last), 0
        for record in sorted((one for one in records if one["pupil_key"] == key), key=lambda one: one["start"] or FIRST):  # fmt: skip
            total += _exact([record], key, after, last + timedelta(1), LAST)
        pays = sum(later[row] for row in own)
        assert pays == _nearest(exact + total) - _nearest(exact)
        assert abs(pays - (sum(one[row] for row in own) - sum(earlier[row] for row in own))) <= 1


def _exact(records, key, pounds, first, last):
    """Return what a pupil's spells come to by days between two, pence."""
    days = 0
    for one in records:
        if one["pupil_key"] == key:
            opens, closes = max(one["start"] or FIRST, first), min(one["end"] or LAST, last)
            days += max((closes - opens).days + 1, 0)
    return Fraction(pounds) * 100 * days / 365


def _nearest(pence):
    return half_away(pence.numerator, pence.denominator)


@pytest.mark.parametrize("own", [False, True], ids=["the whole year", "its own days"])
def test_the_second_of_two_documents_pays_the_penny_that_the_first_did_not(own):
    def of(days):
        return a_year(*map(str, days)) if own else WHOLE

    stay = {"pupil_key": "one", "start": date(2026, 7, 1), "end": date(2026, 11, 3)}
    alone = [half_away(1000_00 * days, 365) for days in (62, 64)]
    assert (alone, half_away(1000_00 * 126, 365)) == ([169_86, 175_34], 345_21)
    amounts = [
        paid(document(days, [{"pounds": "1000"}], of(days)), stay).total
        for days in (SUMMER, WINTER)
    ]
    assert amounts == [169_86, 175_35]


def test_the_working_says_what_the_earlier_part_of_the_year_comes_to():
    outcome = paid(document(WINTER, [{"pounds": "1000"}]), {"pupil_key": "one"})
    rows = [(row.label, row.value) for row in explain_pupil(outcome, "one").workings[-1].rows]
    assert rows[-6:] == [
        ("This part of the year, not rounded", "580.8219178082"),
        ("Earlier part of the year, not rounded", "419.1780821918"),
        ("This part of the year", "580.8219178082"),
        ("The year so far, to the penny", "1000.00"),
        ("Top-up of the earlier part of the year", "419.18"),
        ("Top-up for the year", "580.82"),
    ]


@pytest.mark.parametrize(
    "calendar",
    [WHOLE, a_year(*map(str, WINTER)), COUNTED | {"parts": {"number": 7, "part": "month"}}],
    ids=["the whole year", "its own days", "parts without dates"],
)
def test_a_price_paid_once_is_paid_by_the_document_in_which_the_stay_begins(calendar):
    counted = {} if "periods" in calendar else {"parts_on_roll": 7}
    starts = (None, date(2025, 1, 6), date(2026, 8, 31), date(2026, 9, 1), date(2027, 1, 5))
    records = [
        {"pupil_key": f"pupil {at}", "start": start, **counted} for at, start in enumerate(starts)
    ]
    outcome = paid(document(WINTER, [ONCE], calendar), *records)
    expected = {f"pupil {at}": 0 if at < 3 else 938_00 for at in range(5)}
    assert dict(zip(outcome.pupils.keys, outcome.amount.tolist(), strict=True)) == expected
    [notice] = outcome.notices
    assert (notice.rule, notice.number, notice.table) == ("paid-once-earlier", 3, "pupils")
    assert "3 rows are not paid a price that is paid once" in str(notice)
    rows = explain_pupil(outcome, "pupil 2").workings[-1].rows
    assert any(row.label.startswith("Paid by the rules of the earlier part") for row in rows)
    earlier = document(SUMMER, [ONCE], WHOLE)
    first = paid(earlier, *({**one, "parts_on_roll": None} for one in records))
    assert first.notices == ()
    if "periods" in calendar:
        assert (first.amount + outcome.amount).tolist() == [938_00] * 5


def test_protection_of_a_price_paid_once_is_paid_with_it():
    keeps = {"until": str(LAST), "pupil_percent": "100"}
    for start, expected in ((None, 0), (date(2026, 9, 1), 1_000_00)):
        record = {"pupil_key": "one", "start": start, "top_up": 1_000}
        assert paid(document(WINTER, [ONCE], protection=keeps), record).total == expected


def test_a_later_spell_is_not_paid_what_an_earlier_one_was_paid_by_the_rules_before():
    records = [
        {"pupil_key": "one", "urn": 100_001, "start": None, "end": date(2026, 7, 21)},
        {"pupil_key": "one", "urn": 100_002, "start": date(2026, 11, 2), "end": None},
        {"pupil_key": "two", "urn": 100_003, "start": date(2026, 9, 1), "end": date(2026, 10, 1)},
        {"pupil_key": "two", "urn": 100_004, "start": date(2026, 11, 2), "end": None},
    ]
    outcome = paid(document(WINTER, [ONCE]), *records)
    schools = outcome.pupils.columns["urn"].tolist()
    amounts = dict(zip(schools, outcome.amount.tolist(), strict=True))
    assert amounts == {100_001: 0, 100_002: 0, 100_003: 938_00, 100_004: 0}
    again = {schools[at]: outcome.earlier.of(at) for at in range(4)}
    assert again[100_002].again is Again.part
    assert again[100_004].again is Again.spell
    assert [one.number for one in outcome.notices] == [1]


def test_a_start_in_the_holidays_before_the_document_is_not_one_of_the_earlier_part():
    terms = of_school_days()
    record = {"pupil_key": "one", "start": date(2026, 8, 20)}
    amounts = [paid(document(days, [ONCE], terms), record).total for days in (SUMMER, WINTER)]
    assert amounts == [0, 938_00]


def test_counted_parts_of_the_year_are_rounded_alone():
    counted = {"pupil_key": "one", "parts_on_roll": 212}
    outcome = paid(document(WINTER, [{"pounds": "1000"}], a_year(*map(str, WINTER))), counted)
    assert (outcome.total, outcome.earlier.where.tolist()) == (580_82, [])


def test_the_check_says_what_rules_that_begin_within_their_year_continue():
    said = [str(one) for one in document_notes(document(WINTER, [{"pounds": "1000"}, ONCE]))]
    [rounded] = [one for one in said if "rounded after" in one]
    assert "from 2026-04-01 to 2026-08-31" in rounded
    [once] = [one for one in said if "paid with the first day of a stay" in one]
    assert "band_profile.tariff.prices.1 is paid" in once
    assert "began before 2026-09-01" in once
    parts = COUNTED | {"parts": {"number": 7, "part": "month"}}
    said = [str(one) for one in document_notes(document(WINTER, [{"pounds": "1000"}], parts))]
    assert any("may differ by a penny" in one for one in said)
    for days in ((FIRST, LAST), SUMMER):
        said = [str(one) for one in document_notes(document(days, [{"pounds": "1000"}, ONCE]))]
        assert not any("begin within their year" in one or "first day of a stay" in one for one in said)  # fmt: skip


def test_a_price_a_year_is_a_year_s_whatever_came_before():
    rules = compile_rules(document(WINTER, [ONCE, {"pounds": "1000"}]))
    priced = band_rules(rules, whole_year=True)
    for band, pence in (("A", 938_00), ("B", 1000_00)):
        assert band_price(priced, {"band": band, **whole_year(priced.top_ups)}).amount == pence
    pays = band_rules(rules, whole_year=False)
    days = {"start": date(2026, 4, 1), "end": LAST}
    found = band_price(pays, {"band": "A"} | {name: str(day) for name, day in days.items()})
    assert (found.amount, len(found.notes)) == (0, 1)
    found = band_price(pays, {"band": "A", "start": "2026-09-01", "end": str(LAST)})
    assert (found.amount, found.notes) == (938_00, ())


@given(stays(), st.lists(st.integers(0, 300_000), min_size=1, max_size=3, unique=True))
@settings(max_examples=15)
def test_candidates_of_a_second_document_come_to_what_the_engine_s_own_evaluation_pays(
    records, pence
):
    prices = [{"pounds": "1000.01"}, {"pounds": "77.77"}, ONCE]
    path = "band_profile.tariff.prices.0.pounds"
    rules = compile_rules(document(WINTER, prices, CALENDARS["uneven weeks"]))
    table = pupil_table([pupil(**{"band": "A", **one}) for one in records], ["A", "B", "C"])
    values = PathValues(path, np.asarray(pence, np.int64), 2)
    run = Run.of(rules, table, Candidates.of([values]))
    found = [int(total) for answer in run.answers() for total in answer.total]
    expected = [
        evaluate(
            compile_rules(document(WINTER, [{"pounds": values.text(at)}, *prices[1:]], CALENDARS["uneven weeks"])),
            pupils=table,
        ).top_ups.total
        for at in range(len(pence))
    ]  # fmt: skip
    assert found == expected
