"""Calendars drawn at random: days, a leap year, count dates, school days, or parts without dates."""

from datetime import date, timedelta

from hypothesis import strategies as st

from tests.builders import a_year


@st.composite
def calendars(draw) -> dict:
    """Draw a calendar: days, a leap year, count dates, school days, or parts without dates."""
    form = draw(st.sampled_from(["days", "leap", "terms", "school", "parts", "uneven"]))
    whole = {"source": "example", "standing": "proposed"}
    if form == "days":
        return a_year()
    if form == "leap":
        return a_year("2027-09-01", "2028-08-31")
    if form == "parts":
        return whole | {"parts": {"number": draw(st.integers(1, 200)), "part": "week"}}
    if form == "school":
        closures = draw(
            st.lists(st.dates(date(2025, 4, 1), date(2026, 3, 31)).map(str), max_size=9)
        )
        terms = [
            {"name": "Summer", "first": "2025-04-22", "last": "2025-07-22"},
            {"name": "Autumn", "first": "2025-09-01", "last": "2025-12-19"},
        ]
        return {**a_year(), "terms": terms, "closures": closures} | whole | {
            "periods": [{**a_year()["periods"][0], "presence": "school_days"}]
        }  # fmt: skip
    return whole | {"periods": draw(three_terms(by_days=form == "uneven"))}


@st.composite
def three_terms(draw, *, by_days: bool) -> list[dict]:
    """Draw three periods with weights, counted by days or on a day."""
    spans = [(date(2025, 9, 1), 122), (date(2026, 1, 1), 90), (date(2026, 4, 1), 153)]
    periods = []
    for number, (first, length) in enumerate(spans):
        period = {
            "name": f"Term {number}",
            "first": str(first),
            "last": str(first + timedelta(length - 1)),
            "weight": draw(st.integers(1, 5)),
            "presence": "calendar_days" if by_days else "count_date",
        }
        if not by_days:
            period["count_on"] = str(first + timedelta(draw(st.integers(0, length - 1))))
        periods.append(period)
    return periods
