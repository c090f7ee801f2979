"""An authority that changes its bands within the year, as two documents: together they pay one year's price to the penny."""

from collections import Counter
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.explain import explain_pupil
from engine.modules.top_ups.earlier_due import Again
from engine.money import half_away
from engine.rules.compile import compile_rules
from tests.builders import a_year
from tests.document_pairs import (
    CALENDARS,
    COUNTED,
    FIRST,
    LAST,
    SUMMER,
    WHOLE,
    WINTER,
    by_row,
    document,
    of_school_days,
    paid,
    pence_of,
    stays,
)
from tests.reference.top_ups import top_ups_of_spells
from tests.storm_size import draws


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

    @settings(max_examples=100)
    @given(
        st.data(),
        st.sampled_from([*CALENDARS.values(), own, unsaid]),
        stays() | stays(begin=WINTER[0]),
    )
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
        ("Earlier days under these rules, not rounded", "419.1780821918"),
        ("This part of the year", "580.8219178082"),
        ("The year so far, to the penny", "1000.00"),
        ("Top-up of the earlier days under these rules", "419.18"),
        ("Top-up for the year", "580.82"),
    ]
