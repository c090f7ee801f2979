"""No protected pupil is paid less than a share of today's amount until the protection ends."""

from datetime import date

import pytest

from engine.errors import PairRefused
from engine.explain import explain_pupil
from engine.modules.top_ups import loss_protection
from engine.rules.compile import compile_rules
from engine.run import evaluate
from engine.vocabulary import Reason
from tests.builders import banded, pupil, pupil_table, rule_set

UNTIL = "2026-03-31"


def outcome(records, day=None, until=UNTIL, **protection):
    rule = {"protection": {"until": until, **protection}}
    rules = compile_rules(rule_set(**banded([{"band": "A", "pounds": "1000"}], ["A"], **rule)), day)
    return evaluate(rules, None, pupil_table(records, ["A"])).top_ups


@pytest.mark.parametrize(
    ("today", "paid", "reason"),
    [
        pytest.param(
            "2000", 180_000, Reason.protected, id="a pupil who would lose is kept at the share"
        ),
        pytest.param("1000", 100_000, Reason.rate, id="a pupil who would not lose gets the price"),
        pytest.param(
            None, 0, Reason.not_supplied, id="a pupil of whom today's is not known may get more"
        ),
        pytest.param(
            "0", 100_000, Reason.rate, id="a pupil for whom nothing is paid gets the price"
        ),
    ],
)
def test_a_pupil_is_protected(today, paid, reason):
    valued = outcome([pupil(band="A", top_up=today)], pupil_percent="90")
    assert (valued.total, valued.reason.tolist()) == (paid, [reason])


@pytest.mark.parametrize("day", [date(2025, 4, 1), date(2026, 1, 1)])
def test_protection_that_ends_within_the_year_protects_the_days_until_then(day):
    records = [
        pupil(pupil_key="p1", band="A", top_up="2000"),
        pupil(pupil_key="p2", band="A", top_up="2000", start=date(2025, 12, 1)),
        pupil(pupil_key="p3", band="A", top_up="2000", start=date(2026, 1, 1)),
        pupil(pupil_key="p4", band="A", top_up="2000", end=date(2025, 4, 10)),
    ]
    valued = outcome(records, day, "2025-12-31", pupil_percent="90")
    extra = [80_000 * days / 365 for days in (275, 31, 0, 10)]
    plain = [100_000 * days / 365 for days in (365, 121, 90, 10)]
    paid = [round(one + more) for one, more in zip(plain, extra, strict=True)]
    assert valued.amount.tolist() == paid
    assert valued.reason.tolist() == [
        Reason.protected,
        Reason.protected,
        Reason.rate,
        Reason.protected,
    ]


def test_protection_that_ended_before_the_year_protects_nobody():
    valued = outcome([pupil(band="A", top_up="2000")], None, "2025-03-31", pupil_percent="90")
    assert valued.total == 100_000


def test_a_school_s_protection_that_ends_within_the_year_is_paid_for_the_part_until_then():
    valued = outcome(RECORDS, until="2025-12-31", school_percent="80")
    assert valued.school_protection.tolist() == [round(80_000 * 275 / 365), 0, 0]


def test_protection_is_of_the_whole_year_where_the_year_has_terms_without_dates():
    terms = {"source": "example", "standing": "proposed", "parts": {"number": 3, "part": "term"}}
    protection = {"until": UNTIL, "pupil_percent": "60", "school_percent": "80"}
    prices = [{"band": "A", "pounds": "1000"}]
    document = rule_set(**banded(prices, ["A"], calendar=terms, protection=protection))
    record = pupil(band="A", la=201, urn=1, top_up="3000", parts_on_roll=2)
    valued = evaluate(compile_rules(document), None, pupil_table([record], ["A"])).top_ups
    # Two of three terms of 1,800, and of the 2,400 that the school keeps.
    assert valued.amount.tolist() == [120_000]
    assert valued.school_protection.tolist() == [160_000 - 120_000]


def test_a_school_is_not_paid_for_the_months_that_a_leaver_is_elsewhere():
    leaver = pupil(pupil_key="p1", la=201, urn=1, band="A", top_up="2000", end=date(2025, 8, 31))
    valued = outcome([leaver], school_percent="100")
    half_year = 153 / 365
    assert valued.amount.tolist() == [round(100_000 * half_year)]
    assert valued.school_protection.tolist() == [
        round(200_000 * half_year) - round(100_000 * half_year)
    ]


def test_counted_parts_cannot_say_what_lies_before_protection_ends():
    with pytest.raises(PairRefused, match="protection ends within the year") as refused:
        outcome(
            [pupil(band="A", top_up="2000", parts_on_roll=20)],
            until="2025-12-31",
            pupil_percent="90",
        )
    assert {problem.column for problem in refused.value.problems} == {"parts_on_roll"}


RECORDS = [
    pupil(pupil_key="p1", la=201, urn=1, band="A", top_up="3000"),
    pupil(pupil_key="p2", la=201, urn=1, band="A", top_up="500"),
    pupil(pupil_key="p3", la=202, urn=1, band="A", top_up="900"),
    pupil(pupil_key="p4", la=201, urn=2, band="A", top_up=None),
]


def test_a_school_is_lifted_to_a_share_of_all_its_pupils_top_ups_by_each_authority():
    valued = outcome(RECORDS, school_percent="80")
    assert valued.school_protection.tolist() == [280_000 - 200_000, 0, 0]
    assert valued.school_protection_absent.tolist() == [0, 1, 0]


def test_a_school_s_protection_leaves_its_pupils_amounts_as_they_are():
    assert outcome(RECORDS, school_percent="80").amount.tolist() == [100_000] * 4


def test_what_protects_a_pupil_stands_in_the_explanation():
    record = pupil(pupil_key="one", band="A", top_up="2000")
    valued = outcome([record], until="2025-12-31", pupil_percent="90")
    rows = {
        row.label: row.value
        for working in explain_pupil(valued, "one").workings
        for row in working.rows
    }
    assert (rows["Top-up today, a year"], rows["Protected, a year"]) == ("2000.00", "1800.00")
    assert rows["Part of the year that is protected"] == "275 of 365"
    assert rows["Added by protection"] == "602.7397260274"
    assert rows["Top-up for the year"] == "1602.74"


def test_sums_too_large_for_63_bits_protect_a_school_to_the_penny(monkeypatch):
    records = [
        pupil(pupil_key=f"p{at}", la=201 + at % 2, urn=100_000 + at % 3, band="A", top_up=pounds)
        for at, pounds in enumerate(["0.01", "1234.57", "99999.99", "2000", "0", "777.77"])
    ]
    within = outcome(records, school_percent="97.5")
    monkeypatch.setattr(loss_protection, "LARGEST", 1)
    beyond = outcome(records, school_percent="97.5")
    assert within.school_protection.tolist() == beyond.school_protection.tolist()
    assert within.school_protection.sum() > 0
