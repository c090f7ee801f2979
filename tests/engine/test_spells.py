"""A pupil's spells of one year are rounded on their running total, in the order of their days, and add to what is due."""

from collections import Counter
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import PairRefused, RuleRefused
from engine.explain import explain_pupil
from engine.export import payment_totals
from engine.modules.top_ups.pupil_prices import WITHOUT_RATE
from engine.modules.top_ups.steps import pupil_steps
from engine.money import half_away
from engine.rules.compile import compile_rules
from engine.run import evaluate
from engine.schedule import Divided, payment_schedule
from engine.steps import work
from engine.tables import NO_SCHOOL
from engine.tables.chosen_pupils import ChosenPupils
from engine.vocabulary import Reason
from tests.builders import banded, pupil, pupil_table, rule_set
from tests.engine.test_agreement_segments import changing_rule_sets, pupils_of
from tests.reference.top_ups import top_ups_of_spells
from tests.storm_size import draws
from tests.strategies import LABELS

FIRST, LAST = date(2025, 4, 1), date(2026, 3, 31)
SCHOOLS = (100_001, 100_002, 100_003)


def stays(*ends, of="one", schools=SCHOOLS, **more):
    """Return the spells of one pupil in the order of their days, each to the day before the next; at one school after another."""
    begins = [None, *(day + timedelta(1) for day in ends)]
    return [
        pupil(pupil_key=of, band="A", urn=schools[at % len(schools)], start=start, end=end, **more)
        for at, (start, end) in enumerate(zip(begins, (*ends, None), strict=True))
    ]


def valued(records, price=None, **rule):
    """Return what pupils of band A are paid under one price."""
    rules = compile_rules(rule_set(**banded([price or {"pounds": "1000"}], ["A"], **rule)))
    return evaluate(rules, pupils=pupil_table(records, ["A"])).top_ups


def by_school(outcome):
    """Return what each spell of the only pupil is paid, by its school."""
    return dict(zip(outcome.pupils.columns["urn"].tolist(), outcome.amount.tolist(), strict=True))


def test_the_spells_of_a_pupil_add_to_what_the_year_is_due():
    ends = (date(2025, 6, 30), date(2025, 11, 3))
    alone = [half_away(1000_00 * days, 365) for days in (91, 126, 148)]
    assert (alone, sum(alone)) == ([249_32, 345_21, 405_48], 1000_01)
    outcome = valued(stays(*ends))
    assert by_school(outcome) == dict(zip(SCHOOLS, (249_32, 345_20, 405_48), strict=True))
    assert outcome.total == 1000_00


def test_one_spell_alone_is_rounded_as_before():
    for first, last in ((date(2025, 7, 1), date(2025, 11, 3)), (FIRST, date(2025, 6, 30))):
        outcome = valued([pupil(pupil_key="one", band="A", start=first, end=last)])
        assert outcome.amount.tolist() == [half_away(1000_00 * ((last - first).days + 1), 365)]


def test_the_order_of_the_days_decides_and_not_that_of_schools_or_rows():
    records = stays(date(2025, 6, 30), date(2025, 11, 3), schools=(900_003, 900_002, 900_001))
    expected = {900_003: 249_32, 900_002: 345_20, 900_001: 405_48}
    for order in ((0, 1, 2), (2, 1, 0), (1, 2, 0)):
        assert by_school(valued([records[at] for at in order])) == expected


def test_another_pupil_with_days_of_the_same_school_changes_nothing():
    other = [
        pupil(
            pupil_key="two", band="A", urn=SCHOOLS[1], start=date(2025, 7, 1), end=date(2025, 11, 3)
        )
    ]
    outcome = valued([*stays(date(2025, 6, 30), date(2025, 11, 3)), *other])
    assert sorted(outcome.amount.tolist()) == [249_32, 345_20, 345_21, 405_48]


def test_a_spell_that_is_not_known_adds_nothing_to_the_others():
    records = stays(date(2025, 6, 30), date(2025, 11, 3))
    for at, cost in enumerate((1000, None, 1000)):
        records[at]["assessed_cost"] = cost
    outcome = valued(records, {"assessed_cost": True})
    assert [Reason(one) for one in outcome.reason] == [
        Reason.rate,
        Reason.not_supplied,
        Reason.rate,
    ]
    assert by_school(outcome) == {SCHOOLS[0]: 249_32, SCHOOLS[1]: 0, SCHOOLS[2]: 405_47}


def test_what_is_paid_once_is_paid_with_the_first_spell_on_roll():
    outcome = valued(stays(date(2025, 3, 1), date(2025, 8, 31)), {"pounds": "938", "once": True})
    assert by_school(outcome) == {SCHOOLS[0]: 0, SCHOOLS[1]: 938_00, SCHOOLS[2]: 0}
    rows = explain_pupil(outcome, "one").workings[-1].rows
    assert any(row.label == "Paid with an earlier spell of the pupil" for row in rows)


def test_what_is_paid_once_is_lifted_by_protection_once():
    keeps = {"until": "2026-03-31", "pupil_percent": "100"}
    once = {"pounds": "938", "once": True}
    outcome = valued(stays(date(2025, 8, 31), top_up=1_000), once, protection=keeps)
    assert by_school(outcome) == {SCHOOLS[0]: 1_000_00, SCHOOLS[1]: 0}
    assert [Reason(one) for one in outcome.reason] == [Reason.protected] * 2
    for spell, amount in enumerate(outcome.amount):
        assert work(*pupil_steps(outcome, spell)) == amount


def test_the_working_of_a_later_spell_prints_the_running_total_and_what_was_paid_before():
    outcome = valued(stays(date(2025, 6, 30), date(2025, 11, 3)))
    explanation = explain_pupil(outcome, "one")
    second = [(row.label, row.value) for row in explanation.workings[3].rows]
    assert second[-6:] == [
        ("This spell, not rounded", "345.2054794521"),
        ("Earlier spells, not rounded", "249.3150684932"),
        ("This spell", "345.2054794521"),
        ("All spells so far, to the penny", "594.52"),
        ("Top-up of the earlier spells", "249.32"),
        ("Top-up for the year, spell 2 of 3", "345.20"),
    ]
    assert explanation.totals[-1].value == "1000.00"


@pytest.mark.parametrize("divided", list(Divided))
def test_payments_of_several_spells_add_to_each_and_to_the_year(divided):
    outcome = valued(stays(date(2025, 6, 30), date(2025, 11, 3)))
    payments = payment_schedule(outcome, divided).payments
    assert payments.sum(axis=1).tolist() == outcome.amount.tolist()
    whole = payment_schedule(valued([pupil(pupil_key="one", band="A")]), divided).payments
    assert payments.sum(axis=0).tolist() == whole.sum(axis=0).tolist()


def test_payments_count_a_pupil_with_several_spells_once():
    records = stays(date(2025, 6, 30), date(2025, 11, 3))
    outcome = valued([*records, pupil(pupil_key="two", band="A")])
    totals = payment_totals(outcome, payment_schedule(outcome, Divided.periods)).frame.to_dicts()
    assert [(one["number"], one["not_known"]) for one in totals] == [(2, 0)]
    assert [one["amount"] for one in totals] == [2000_00]


@st.composite
def several_spells(draw, records):
    """Draw how the days of some pupils are divided into spells, which need not be without gaps."""
    spells = []
    for record in records:
        one = {name: value for name, value in record.items() if name != "parts_on_roll"}
        days = draw(
            st.lists(st.dates(date(2025, 3, 1), date(2026, 9, 30)), max_size=5, unique=True)
        )
        bounds = [None, *sorted(days), None]
        pairs = list(pairwise(bounds))
        for at, (start, end) in enumerate(pairs):
            opens = None if start is None else start + timedelta(1)
            if len(pairs) > 1 and opens is not None and end is not None and opens > end:
                continue
            if len(pairs) == 1 or draw(st.integers(0, 9)):
                urn = draw(st.sampled_from(SCHOOLS))
                la = draw(st.sampled_from((201, 202)))
                spells.append({**one, "start": opens, "end": end, "urn": urn, "la": la, "at": at})
    return spells


def in_order(spells):
    """Return spells of one pupil in the order of their days."""
    return sorted(spells, key=lambda one: (one["start"] or date.min, one["end"] or date.max))


def test_spells_of_any_rules_are_paid_what_the_reference_pays_and_their_steps_say():
    seen = Counter()

    @settings(max_examples=max(draws(100), 80))
    @given(st.data(), changing_rule_sets())
    def check(data, document):
        try:
            rules = compile_rules(document)
        except RuleRefused:
            return
        spells = data.draw(several_spells(data.draw(pupils_of(0))))
        if not spells:
            return
        rows = [{name: one for name, one in spell.items() if name != "at"} for spell in spells]
        try:
            table = pupil_table(data.draw(st.permutations(rows)), LABELS)
            outcome = evaluate(rules, pupils=table).top_ups
        except PairRefused:
            return
        expected = {}
        for key in {one["pupil_key"] for one in rows}:
            own = in_order([one for one in rows if one["pupil_key"] == key])
            for record, one in zip(own, top_ups_of_spells(document, own), strict=True):
                expected[key, record["start"], record["end"]] = (one.amount, one.reason)
            seen["several"] += len(own) > 1
        for at, key in enumerate(table.keys):
            days = [number_day(table.columns[name][at]) for name in ("start", "end")]
            reason, amount = Reason(int(outcome.reason[at])), int(outcome.amount[at])
            assert (amount, reason.name) == expected[key, *days]
            if reason not in WITHOUT_RATE:
                steps, own = pupil_steps(outcome, at)
                assert work(steps, own) == amount
                earlier = outcome.earlier.of(at)
                seen["running"] += earlier is not None and earlier.before != earlier.part
                seen["earlier part"] += earlier is not None and earlier.part != 0
        schedule = payment_schedule(outcome, data.draw(st.sampled_from(list(Divided))))
        assert schedule.payments.sum(axis=1).tolist() == outcome.amount.tolist()

    check()
    assert min(seen[one] for one in ("several", "running", "earlier part")) > 0, seen


def number_day(number):
    """Return the day of a number of a table, None where it is blank."""
    return None if number < 0 else date(1970, 1, 1) + timedelta(int(number))


@given(st.lists(st.dates(FIRST, date(2026, 3, 30)), max_size=6, unique=True), st.integers(0, 10**8))
def test_spells_without_gaps_always_add_to_the_price_of_the_year(ends, pence):
    pounds = {"pounds": f"{pence // 100}.{pence % 100:02d}"}
    outcome = valued(stays(*sorted(ends)), pounds)
    assert outcome.total == pence
    running = 0
    for at in np.argsort(outcome.pupils.columns["start"], kind="stable"):
        running += int(outcome.amount[at])
        end = number_day(outcome.pupils.columns["end"][at]) or LAST
        assert abs(Fraction(pence * ((end - FIRST).days + 1), 365) - running) <= Fraction(1, 2)


def test_spells_without_a_school_are_spells_too():
    records = stays(date(2025, 6, 30), date(2025, 11, 3))
    for record in records:
        record["urn"] = None
    outcome = valued(records)
    assert outcome.pupils.placement_urn.tolist() == [NO_SCHOOL]
    assert outcome.total == 1000_00


def test_spells_are_found_among_those_alone_whom_the_rules_pay():
    ends = (date(2025, 6, 30), date(2025, 11, 3))
    known = {"setting": "mainstream", "year_group": 4, "primary_need": "ASD"}
    paid = [
        one | known | {"sen_provision": "E"}
        for one in stays(*ends, schools=(100_003, 100_001, 100_002))
    ]
    unpaid = [
        one | known | {"sen_provision": "N", "primary_need": None}
        for at in range(20)
        for one in stays(date(2025, 5, 31), of=f"other {at}")
    ]
    parts = banded([{"pounds": "1000"}], ["A"], pays_when={"sen_provision": ["E"]})
    table = pupil_table([*unpaid, *paid], ["A"])
    for held in (table, table.laid_out(least=0)):
        outcome = evaluate(compile_rules(rule_set(**parts)), pupils=held).top_ups
        given_to = {
            urn: amount
            for urn, amount in zip(
                held.columns["urn"].tolist(), outcome.amount.tolist(), strict=True
            )
            if amount
        }
        assert given_to == {100_003: 249_32, 100_001: 345_20, 100_002: 405_48}
        assert explain_pupil(outcome, "one").totals[-1].value == "1000.00"
    assert isinstance(outcome.funded, ChosenPupils)


@pytest.mark.parametrize(
    ("price", "expected"),
    [
        pytest.param({"pounds": "1000"}, (333_33, 666_67), id="a year"),
        pytest.param({"pounds": "0.05"}, (2, 3), id="rounded together"),
        pytest.param({"pounds": "938", "once": True}, (938_00, 0), id="once"),
    ],
)
def test_days_put_spells_in_order_where_the_calendar_has_no_dates_and_counted_parts_pay_them(
    price, expected
):
    terms = {"source": "example", "standing": "proposed", "parts": {"number": 3, "part": "term"}}
    records = stays(date(2025, 8, 31), schools=(100_002, 100_001))
    for record, parts in zip(records, (1, 2), strict=True):
        record["parts_on_roll"] = parts
    found = by_school(valued(records, price, calendar=terms))
    assert (found[100_002], found[100_001]) == expected
