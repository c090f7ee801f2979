"""What a rule document calls its year agrees with its dates: a contradiction is refused, what is odd is noted."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.days import FIRST_MONTHS, year_days, year_of
from engine.errors import RuleRefused
from engine.rules.load import load_rule_file, plain, rule_set_from
from engine.rules.notes import notes
from engine.rules.year_labels import is_of_year
from tests.builders import a_year, banded, rule_set

RULES = Path(__file__).parents[2] / "fixtures" / "rules"
KINDS = st.sampled_from(sorted(FIRST_MONTHS))


def label(first):
    return f"20{first:02}-{first + 1:02}"


YEARS = st.integers(10, 90).map(label)


def banded_document(calendar=None, **parts):
    """Return a document as plain values, sound but for what a test changes."""
    rules = banded([{"pounds": "1"}], ["A"])
    return {**plain(rule_set(**rules)), **parts} | (
        {"top_up_rule": {"calendar": calendar}} if calendar else {}
    )


def refused(document):
    with pytest.raises(RuleRefused) as caught:
        rule_set_from(document)
    return [(one.place, one.sentence) for one in caught.value.problems]


@given(KINDS, YEARS, st.integers(0, 363), st.data())
def test_labels_agree_with_dates_a_year_s_days_fit_its_label_and_no_label_of_another_year(
    kind, written, begins, data
):
    year = year_days(kind, written)
    length = (year.last - year.first).days
    first = year.first + timedelta(data.draw(st.integers(0, length)))
    last = data.draw(st.dates(first, year.last))
    assert is_of_year(year, first, last)
    other = year_days(kind, data.draw(YEARS.filter(lambda one: one != written)))
    assert not is_of_year(other, first, last)


@given(KINDS, YEARS)
def test_a_whole_year_of_one_kind_is_no_year_of_the_other(kind, written):
    (other,) = set(FIRST_MONTHS) - {kind}
    year = year_days(kind, written)
    for number in (-1, 0, 1):
        label_of_other = year_of(other, year.first + timedelta(365 * number)).label
        assert not is_of_year(year_days(other, label_of_other), year.first, year.last)


@given(KINDS, st.dates(date(2010, 1, 1), date(2090, 1, 1)))
def test_every_day_lies_in_one_year_of_a_kind_and_the_next_begins_on_the_day_after_its_last(
    kind, day
):
    year = year_of(kind, day)
    assert year.first <= day <= year.last
    assert year_days(kind, year.label) == year
    assert year_of(kind, year.last + timedelta(1)).first == year.last + timedelta(1)


def test_every_published_rule_set_agrees_with_its_year_and_nothing_of_it_is_odd():
    for path in sorted(RULES.rglob("*.yaml")):
        document = load_rule_file(path)
        assert document.effective.first == document.year.first, path
        assert document.effective.last == document.year.last, path
        assert not [one for one in notes(document) if "funding_year" in one], path


def test_a_document_of_other_days_than_its_funding_year_is_refused_with_both():
    found = refused(banded_document(funding_year="2019-20"))
    assert found == [
        (
            "effective",
            (
                "is from 2025-04-01 to 2026-03-31, days of the financial year 2025-26; funding_year and year_kind"
                " name the financial year 2019-20, from 2019-04-01 to 2020-03-31. Correct whichever is wrong"
            ),
        )
    ]


@pytest.mark.parametrize("written", ["2024-25", "2026-27", "2015-16"])
def test_a_label_of_any_other_year_is_refused(written):
    assert refused(banded_document(funding_year=written))
    assert refused(banded_document(funding_year=written, year_kind="academic"))


def test_a_financial_year_that_is_called_academic_is_refused():
    ((place, sentence),) = refused(banded_document(year_kind="academic"))
    assert place == "effective"
    assert "days of the financial year 2025-26" in sentence


def test_a_calendar_of_other_days_than_the_document_is_refused():
    ((place, sentence),) = refused(banded_document(a_year("2024-04-01", "2025-03-31")))
    assert place == "top_up_rule.calendar.periods"
    assert "no day is in both" in sentence
    ((place, sentence),) = refused(banded_document(a_year("2025-09-01", "2026-08-31")))
    assert "days of the academic year 2025-26" in sentence


def test_a_calendar_of_a_part_of_the_year_or_of_the_whole_fits_a_document_of_a_part():
    whole, part = ("2025-04-01", "2026-03-31"), ("2025-09-01", "2026-03-31")
    for days, calendar in [(whole, part), (part, whole), (part, part)]:
        effective = {"first": days[0], "last": days[1]}
        assert rule_set_from(banded_document(a_year(*calendar), effective=effective))


def test_a_term_of_another_year_is_refused_and_one_outside_the_periods_is_not():
    calendar = a_year("2025-09-01", "2026-03-31")
    calendar["periods"][0]["presence"] = "school_days"
    term = {"name": "Autumn", "first": "2025-09-01", "last": "2025-12-19"}
    summer = {"name": "Summer", "first": "2025-04-22", "last": "2025-07-22"}
    assert rule_set_from(banded_document({**calendar, "terms": [term, summer]}))
    stale = {**summer, "first": "2024-04-15", "last": "2024-07-22"}
    ((place, _),) = refused(banded_document({**calendar, "terms": [term, stale]}))
    assert place == "top_up_rule.calendar.terms.1"


def test_a_value_that_begins_after_the_last_day_is_refused_where_no_other_is_in_force():
    late = {"from": "2026-04-01", "value": "5", "source": "example", "standing": "proposed"}
    soon = {**late, "from": "2025-04-01"}
    document = banded_document()
    price = document["band_profile"]["tariff"]["prices"][0]
    price["pounds"] = [late]
    ((place, sentence),) = refused(document)
    assert place == "band_profile.tariff.prices.0.pounds.0"
    assert "after 2026-03-31" in sentence
    price["pounds"] = [soon, late]
    assert "never counts" in " ".join(notes(rule_set_from(document)))


def said_of(**parts):
    return " ".join(notes(rule_set_from(banded_document(**parts))))


def test_what_may_be_left_behind_from_another_year_is_noted():
    assert "identifier: it says 2024-25" in said_of(identifier="example-2024-25")
    for years in ("2023/24", "2023-24", "2023 - 24", "2023 to 2024", "2023/2024", "202324"):
        assert "title: it says 2023-24" in said_of(title=f"Top-ups {years}")
    assert "funding_year" not in said_of(title="Top-ups of 2023-24, kept for 2025-26")
    longer = {"first": "2025-07-01", "last": "2026-06-30"}
    assert "after the financial year 2025-26" in said_of(effective=longer)
    closed = {**a_year(), "closures": ["2024-05-06"]}
    assert "closures: 2024-05-06" in said_of(calendar=closed)


def test_protection_that_ends_before_the_rules_begin_is_noted():
    document = banded_document()
    document["top_up_rule"]["protection"] = {"until": "2024-03-31", "pupil_percent": [
        {"from": "2025-04-01", "value": "100", "source": "example", "standing": "proposed"}
    ]}  # fmt: skip
    assert "nobody is protected" in " ".join(notes(rule_set_from(document)))
