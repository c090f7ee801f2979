"""A price that is paid once is paid by the document in which a stay begins, and one that follows says what it does not pay again."""

from datetime import date

import pytest

from engine.band_prices import band_price, band_rules, whole_year
from engine.explain import explain_pupil
from engine.modules.top_ups.earlier_due import Again
from engine.rules.compile import compile_rules
from engine.rules.notes import document_notes
from tests.builders import a_year
from tests.document_pairs import (
    COUNTED,
    FIRST,
    LAST,
    ONCE,
    SUMMER,
    WHOLE,
    WINTER,
    document,
    of_school_days,
    paid,
)


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
    assert "band_profile.tariff.prices.B is paid" in once
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
