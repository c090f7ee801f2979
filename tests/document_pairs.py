"""Documents of one year that follow one another, their calendars, and the stays of pupils under them."""

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import strategies as st

from engine.modules.top_ups.steps import pupil_steps
from engine.rules.compile import compile_rules
from engine.run import evaluate
from engine.schedule import Divided, payment_schedule
from engine.steps import work
from tests.builders import a_year, banded, pupil, pupil_table, rule_set

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
def stays(draw, begin=None):
    """Draw the spells of a few pupils, of each in the order of their days and without a day in common.

    With ``begin``, all that have days begin on it or later.
    """
    first = FIRST - timedelta(9) if begin is None else begin - timedelta(1)
    records = []
    for number in range(draw(st.integers(1, 3))):
        cuts = sorted(draw(st.sets(st.dates(first, LAST + timedelta(9)), max_size=4)))
        hours = draw(st.sampled_from([7, 10, 13, 33]))
        band = draw(st.sampled_from("ABC"))
        for at, (start, end) in enumerate(pairwise([None, *cuts, None])):
            if cuts and ((begin and start is None) or draw(st.integers(0, 5)) == 0):
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
