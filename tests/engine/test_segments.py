"""A year whose values change is cut at their dates, and each part of a document only at its own."""

from copy import deepcopy
from datetime import date

import pytest

from engine.errors import RuleRefused
from engine.explain import explain_pupil
from engine.modules.top_ups.pupil_prices import WITHOUT_RATE
from engine.modules.top_ups.steps import pupil_steps
from engine.rules.compile import compile_rules
from engine.rules.grid import build
from engine.rules.in_force import InForce
from engine.run import evaluate
from engine.schedule import Divided, payment_schedule
from engine.steps import Unit, work
from engine.vocabulary import Reason
from tests.builders import banded, pupil, pupil_table, rule_set

FIRST, LAST = date(2025, 4, 1), date(2026, 3, 31)
LONG_AGO = {"from": "2024-04-01", "source": "example", "standing": "proposed"}


def dated(*values):
    """Return a value that changes: pairs of a first day and what is in force from it."""
    return [{"from": day, "value": value} for day, value in values]


def twice(before, after, day="2025-09-01"):
    """Return a value and what follows it within the year."""
    return dated(("2024-04-01", before), (day, after))


TWO_CHANGES = banded(
    [{"pounds": twice("5000", "5170")}], ["A"], floor=twice("1", "2", "2026-01-01")
)
CHANGING_TOP_UPS = rule_set(**TWO_CHANGES)
CHANGING = rule_set(
    **TWO_CHANGES,
    schools_formula={
        "pupils_counted_by": "basic",
        "factors": {
            "basic": {"label": "Basic", "counts": "pupils", "all": {"unit_value": "4000"}},
            "lump_sum": {
                "label": "Lump sum", "counts": "school",
                "all": {"unit_value": twice("1", "2", "2025-06-01")},
            },
        },
    },
)  # fmt: skip


def test_a_year_is_cut_where_a_value_of_the_parts_that_are_asked_about_begins():
    rule, profile = CHANGING.top_up_rule, CHANGING.band_profile
    assert CHANGING.over(FIRST, LAST, profile, rule) == (
        InForce(FIRST, date(2025, 8, 31)),
        InForce(date(2025, 9, 1), date(2025, 12, 31)),
        InForce(date(2026, 1, 1), LAST),
    )
    assert len(CHANGING.over(FIRST, LAST, rule)) == 2
    assert len(CHANGING.over(FIRST, LAST)) == 4


def test_a_day_is_the_one_run_of_days_from_itself_to_itself():
    day = date(2025, 9, 1)
    assert CHANGING.over(day, day) == (InForce(day, day),) == (CHANGING.at(day),)
    assert CHANGING.at() == InForce(FIRST, FIRST)


def test_what_begins_on_the_first_day_or_after_the_last_cuts_nothing():
    inside = CHANGING.over(date(2025, 9, 1), date(2025, 12, 31), CHANGING.band_profile)
    assert inside == (InForce(date(2025, 9, 1), date(2025, 12, 31)),)
    assert len(CHANGING.over(FIRST, date(2025, 8, 31), CHANGING.band_profile)) == 1


def valued(parts, *records):
    """Return what pupils of band A are paid in a year whose values change."""
    rules = compile_rules(rule_set(**parts, provenance=LONG_AGO))
    drawn = [
        pupil(pupil_key=f"pupil-{at}", band="A", sen_provision="E", **one)
        for at, one in enumerate(records)
    ]
    return evaluate(rules, pupils=pupil_table(drawn, ["A"])).top_ups


def paid(parts, *records):
    """Return the pence paid, which the printed steps come to as well; None where it is not known."""
    outcome = valued(parts, *(records or ({},)))
    found = []
    for at, reason in enumerate(outcome.reason.tolist()):
        found.append(None if reason == Reason.not_supplied else int(outcome.amount[at]))
        if Reason(reason) not in WITHOUT_RATE:
            steps, own = pupil_steps(outcome, at)
            assert work(steps, own) == outcome.amount[at]
    return found


def rows_of(outcome, at=0):
    """Return the working of a pupil's top-up: label and value of each row."""
    rows = explain_pupil(outcome, f"pupil-{at}").workings[-1].rows
    return [(row.label, row.value) for row in rows]


RAISED = banded([{"pounds": "5000"}], ["A"])
RAISED["band_profile"]["tariff"]["uprating_percent"] = [{"from": "2025-09-01", "value": "3.4"}]
UNEVEN = {
    "source": "example", "standing": "proposed",
    "periods": [
        {"name": name, "first": first, "last": last, "weight": weight, "presence": "count_date", "count_on": on}
        for name, first, last, weight, on in (
            ("Summer", "2025-04-01", "2025-08-31", 5, "2025-05-15"),
            ("Autumn", "2025-09-01", "2025-12-31", 4, "2025-10-02"),
            ("Spring", "2026-01-01", "2026-03-31", 3, "2026-01-15"),
        )
    ],
}  # fmt: skip


def ten_percent_more(day, **rule):
    """Return 12,000 a year with ten per cent more from a day, in terms of five, four and three parts."""
    parts = banded([{"pounds": "12000"}], ["A"], calendar=UNEVEN, **rule)
    parts["band_profile"]["tariff"]["uprating_percent"] = [{"from": day, "value": "10"}]
    return parts


def first_part(pounds, before, after):
    """Return a total cost whose first part, which the school pays, changes in September."""
    return banded(
        [{"pounds": pounds}], ["A"], threshold={"pounds": twice(before, after), "inside": True}
    )


def test_what_is_added_from_september_is_paid_from_september():
    assert paid(RAISED) == [5098_74]
    assert paid(RAISED, {"end": date(2025, 8, 31)}, {"start": date(2025, 9, 1)}) == [
        2095_89, 3002_85,
    ]  # fmt: skip


def test_the_working_of_two_rates_prints_the_days_of_each_and_divides_once():
    rows = rows_of(valued(RAISED, {}))
    assert [one for one in rows if one[0] != "Values in force"] == [
        ("Price a year", "5000.00"),
        ("Annual rate, to the penny", "5000.00"),
        ("Part of the year on roll", "153"),
        ("2025-04-01 to 2025-08-31, times its part of the year", "765000.00"),
        ("Price a year", "5000.00"),
        ("Uprating from 2025-09-01", "3.4"),
        ("Uprated, to the nearest 0.01", "5170.00"),
        ("Annual rate, to the penny", "5170.00"),
        ("Part of the year on roll", "212"),
        ("2025-09-01 to 2026-03-31, times its part of the year", "1096040.00"),
        ("2025-04-01 to 2025-08-31, times its part of the year", "765000.00"),
        ("2025-09-01 to 2026-03-31, times its part of the year", "1096040.00"),
        ("The whole year", "365"),
        ("Top-up for the year", "5098.74"),
    ]


def test_a_first_part_that_rises_is_taken_off_each_part_s_own_annual_rate():
    assert paid(first_part("18000", "5000", "7500")) == [11_547_95]
    assert paid(first_part("6000", "5000", "7500")) == [419_18]


@pytest.mark.parametrize(("day", "pence"), [("2025-10-02", 12_700_00), ("2025-10-03", 12_300_00)])
def test_a_term_is_paid_at_the_rate_of_its_count_date(day, pence):
    assert paid(ten_percent_more(day)) == [pence]


def test_what_is_paid_once_is_paid_at_the_rate_of_the_first_day():
    once = banded([{"pounds": twice("1000", "1200"), "once": True}], ["A"])
    days = [{}, {"start": date(2025, 8, 31)}, {"start": date(2025, 9, 1)}]
    assert paid(once, *days) == [1000_00, 1000_00, 1200_00]
    assert paid(once, {"end": date(2025, 3, 31)}) == [0]


def test_a_count_of_parts_says_which_days_are_paid_only_where_it_is_all_or_none():
    outcome = valued(RAISED, *({"parts_on_roll": parts} for parts in (365, 0, 364, None)))
    reasons = [Reason(one) for one in outcome.reason]
    assert outcome.amount.tolist() == [5098_74, 0, 0, 5098_74]
    assert reasons == [Reason.rate, Reason.not_on_roll, Reason.not_supplied, Reason.rate]


def test_a_count_of_parts_is_enough_for_a_pupil_for_whom_nothing_changes():
    changes = banded(
        [{"band": "A", "pounds": twice("5000", "5170")}, {"pounds": "3650"}], ["A", "B"]
    )
    rules = compile_rules(rule_set(**changes, provenance=LONG_AGO))
    drawn = [
        pupil(pupil_key=band, band=band, sen_provision="E", parts_on_roll=100) for band in "AB"
    ]
    outcome = evaluate(rules, pupils=pupil_table(drawn, ["A", "B"])).top_ups
    assert [Reason(one) for one in outcome.reason] == [Reason.not_supplied, Reason.rate]
    assert outcome.amount.tolist() == [0, 1000_00]
    steps, own = pupil_steps(outcome, 1)
    assert work(steps, own) == 1000_00


def test_what_is_paid_once_is_paid_at_the_rate_of_the_first_count_date_on_roll():
    once = banded([{"pounds": twice("1000", "1200"), "once": True}], ["A"], calendar=UNEVEN)
    days = [{"start": date(2025, 5, 15)}, {"start": date(2025, 5, 16)}, {"start": date(2025, 8, 1)}]
    assert paid(once, *days) == [1000_00, 1200_00, 1200_00]
    assert paid(once, {"start": date(2025, 5, 16), "end": date(2025, 10, 1)}) == [0]


def test_the_annual_rate_of_a_pupil_is_that_of_the_last_day_on_roll():
    days = ({"end": date(2025, 8, 31)}, {"end": date(2025, 9, 1)}, {})
    assert valued(RAISED, *days).annual.tolist() == [5000_00, 5170_00, 5170_00]


def test_only_what_is_paid_in_a_part_of_the_year_needs_to_be_known_there():
    modified = banded([{"pounds": "1000"}], ["A"])
    modified["band_profile"]["tariff"]["modifiers"] = [
        {"label": "More", "when": {"setting": ["special"]}, "percent": {"from": "2025-09-01", "value": "10"}}
    ]  # fmt: skip
    left, came = {"end": date(2025, 8, 31)}, {"start": date(2025, 9, 1)}
    unknown = {"setting": None}
    assert paid(modified, left | unknown, came | unknown, unknown) == [419_18, None, None]
    assert paid(modified, came | {"setting": "special"}) == [638_90]
    never = {"end": date(2025, 3, 31)} | unknown
    assert paid(modified, never) == [None]
    ends = banded(
        [{"pounds": "1000"}], ["A"],
        threshold={"pounds": twice("100", "0"), "inside": True, "settings": ["special"]},
    )  # fmt: skip
    assert paid(ends, left | unknown, came | unknown, never) == [None, 580_82, 0]


def test_a_second_percentage_on_an_amount_in_pounds_begins_within_the_year():
    cost = banded([{"assessed_cost": True}], ["A"])
    cost["band_profile"]["tariff"]["modifiers"] = [
        {"label": "Area", "percent": "3.3333"},
        {"label": "More", "percent": {"from": "2025-09-01", "value": "4.1667"}},
    ]
    first, second = 92_999_97, 96_875_00
    assert paid(cost, {"assessed_cost": 90_000}) == [round((first * 153 + second * 212) / 365)]


def test_protection_that_adds_in_one_part_of_the_year_is_the_reason():
    parts = banded(
        [{"pounds": twice("1000", "3000")}], ["A"],
        protection={"until": "2026-03-31", "pupil_percent": "100"},
    )  # fmt: skip
    outcome = valued(parts, {"top_up": 2000}, {"top_up": 500})
    assert [Reason(one) for one in outcome.reason] == [Reason.protected, Reason.rate]
    assert outcome.amount.tolist() == [
        round((2000_00 * 153 + 3000_00 * 212) / 365), round((1000_00 * 153 + 3000_00 * 212) / 365),
    ]  # fmt: skip


SAME = banded([{"pounds": twice("5000", "5000")}], ["A"])


def test_a_value_that_stays_the_same_cuts_nothing():
    assert len(compile_rules(rule_set(**SAME, provenance=LONG_AGO)).top_ups.segments) == 1
    assert len(compile_rules(CHANGING_TOP_UPS).top_ups.segments) == 3


def test_what_must_be_the_same_all_year_may_be_stated_anew():
    for name in ("guarantee_percent", "cap_percent"):
        again = with_formula(protection={name: twice("1", "1")})
        assert compile_rules(rule_set(**again, provenance=LONG_AGO)).formula is not None


def test_a_price_that_is_stated_anew_starts_its_upratings_again():
    parts = banded([{"pounds": twice("5000", "5000")}], ["A"])
    parts["band_profile"]["tariff"]["uprating_percent"] = [{"from": "2025-04-01", "value": "10"}]
    assert paid(parts) == [round((5500_00 * 153 + 5000_00 * 212) / 365)]


def test_a_rule_set_on_a_day_is_one_segment_of_the_whole_year():
    document = rule_set(**RAISED, provenance=LONG_AGO)
    before, after = (compile_rules(document, day) for day in (FIRST, date(2025, 9, 1)))
    table = pupil_table([pupil(band="A")], ["A"])
    found = [evaluate(one, pupils=table).top_ups.amount.tolist() for one in (before, after)]
    assert found == [[5000_00], [5170_00]]
    assert [len(one.top_ups.segments) for one in (before, after)] == [1, 1]


WITHOUT_DATES = {
    "source": "example",
    "standing": "proposed",
    "parts": {"number": 3, "part": "term"},
}
FORMULA = {"pupils_counted_by": "basic", "factors": {
    "basic": {"label": "Basic", "counts": "pupils", "all": {"unit_value": "4000"}},
}}  # fmt: skip


def with_formula(**parts):
    return banded([{"pounds": "1"}], ["A"]) | {"schools_formula": FORMULA | parts}


REFUSED = {
    "top_up_rule.calendar": banded([{"pounds": twice("1", "2")}], ["A"], calendar=WITHOUT_DATES),
    "top_up_rule.protection.pupil_percent": banded(
        [{"pounds": "1"}], ["A"], protection={"until": "2026-03-31", "pupil_percent": twice("90", "95")}
    ),
    "top_up_rule.protection.school_percent": banded(
        [{"pounds": "1"}], ["A"], protection={"until": "2026-03-31", "school_percent": dated(("2025-09-01", "95"))}
    ),
    "schools_formula.minimum_per_pupil.primary": with_formula(
        minimum_per_pupil={"primary": twice("4500", "4600")}
    ),
    **{
        f"schools_formula.protection.{name}": with_formula(protection={name: twice("1", "2")})
        for name in ("guarantee_percent", "cap_percent", "scaling_percent")
    },
    "band_profile.tariff.prices.0.pounds": banded([{"pounds": dated(("2025-09-01", "1"))}], ["A"]),
}  # fmt: skip


@pytest.mark.parametrize("place", REFUSED)
def test_what_must_be_the_same_all_year_or_begins_within_it_is_refused(place):
    with pytest.raises(RuleRefused) as refused:
        compile_rules(rule_set(**REFUSED[place], provenance=LONG_AGO))
    assert [problem.place for problem in refused.value.problems] == [place]


def test_a_calendar_without_dates_is_a_year_where_nothing_changes():
    same = banded([{"pounds": twice("300", "300")}], ["A"], calendar=WITHOUT_DATES)
    assert paid(same, {"parts_on_roll": 2}) == [200_00]


def test_payments_by_month_of_a_year_whose_prices_change_are_each_part_s_and_add_to_the_year():
    schedule = payment_schedule(valued(RAISED, {}, {"start": date(2025, 8, 17)}), Divided.months)
    assert schedule.payments.sum(axis=1).tolist() == [5098_74, 5000_00 * 15 // 365 + 3002_86]
    paid_by_month = dict(zip(schedule.names, schedule.payments[0].tolist(), strict=True))
    assert paid_by_month["April 2025"] == round(5000_00 * 30 / 365)
    until_august = round(5000_00 * 153 / 365)
    until_september = round((5000_00 * 153 + 5170_00 * 30) / 365)
    assert paid_by_month["September 2025"] == until_september - until_august


def test_grids_are_built_once_however_many_parts_the_year_has(monkeypatch):
    built = []

    def counted(rows, *rest, **more):
        built.append(len(rows))
        return build(rows, *rest, **more)

    for module in ("assignment", "compile_prices", "compile_top_ups"):
        monkeypatch.setattr(f"engine.rules.{module}.build", counted)
    document = rule_set(**TWO_CHANGES, provenance=LONG_AGO)
    compile_rules(document)
    once = built.copy()
    built.clear()
    assert len(compile_rules(document).top_ups.segments) == 3
    assert built == once


def top_up_rows_of(parts):
    return explain_pupil(valued(parts, {}), "pupil-0").workings[-1].rows


def test_parts_of_a_year_are_printed_in_days_or_in_lowest_terms_where_days_weigh_unevenly():
    even = top_up_rows_of(RAISED)
    assert [(row.label, row.text, row.unit.words) for row in even if row.unit is not Unit.pounds][
        -4:
    ] == [
        ("2025-09-01 to 2026-03-31, times its part of the year", "1,096,040.00", "pounds × parts"),
        ("2025-04-01 to 2025-08-31, times its part of the year", "765,000.00", "pounds × parts"),
        ("2025-09-01 to 2026-03-31, times its part of the year", "1,096,040.00", "pounds × parts"),
        ("The whole year", "365", "days"),
    ]  # fmt: skip
    months = [("2025-04-01", "2025-08-31", 5), ("2025-09-01", "2026-03-31", 7)]
    uneven = deepcopy(RAISED)
    uneven["top_up_rule"]["calendar"]["periods"] = [
        {"name": first, "first": first, "last": last, "weight": weight, "presence": "calendar_days"}
        for first, last, weight in months
    ]
    rows = top_up_rows_of(uneven)
    shares = [(row.text, row.unit.words) for row in rows if row.label == "Part of the year on roll"]
    assert shares == [("5", "parts"), ("7", "parts")]
    assert [(row.text, row.unit.words) for row in rows if row.label == "The whole year"] == [
        ("12", "parts")
    ]
    assert rows[-1].text == "5,099.17"
