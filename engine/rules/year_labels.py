"""What a rule document calls its year, compared with its own dates: a contradiction is refused, what is odd is noted.

A document for one year is often made from that of the year before, and one of its labels or
dates is easily left behind. Then an answer names a year in which it is not true.
"""

import re
from collections.abc import Iterator
from datetime import date, timedelta

from engine.days import FIRST_MONTHS, YearDays, year_of
from engine.errors import Problem
from engine.rules.calendar import CalendarRule
from engine.rules.document import RuleSet
from engine.rules.in_force import begins_after
from engine.rules.values import dated_values
from engine.rules.yaml_source import Path, place

MOST_NAMED = 3
"""Dates, values or terms that one note names; the others are counted."""

_SPAN = re.compile(r"(?<![0-9])(20[0-9]{2})(?: to | ?[-/–_] ?| )?(?:20)?([0-9]{2})(?![0-9])")
_CALENDAR: Path = ("top_up_rule", "calendar")


def contradictions(document: RuleSet) -> list[tuple[Path, Problem]]:
    """Return each place of a document whose dates cannot be those of the year that it names."""
    days = document.effective
    found = list(_of_another_year(("effective",), document, days.first, days.last))
    if not found:
        found += _of_calendar(document)
    found += _not_within(document)
    return [(path, Problem(said, "year", place=place(path))) for path, said in found]


def is_of_year(year: YearDays, first: date, last: date) -> bool:
    """Return whether days can be said to be those of a funding year.

    They begin in it, no other year of its kind has more of them, and no year of another kind has
    them all where this one does not: so a document from July to July may bear the label of
    either kind of year that it begins in, and one from September to August is academic.
    """
    own = year.days_of(first, last)
    whole = (last - first).days + 1
    following = year_of(year.kind, year.last + timedelta(days=1))
    others = [year_of(kind, first).days_of(first, last) for kind in FIRST_MONTHS]
    begins = year.first <= first <= year.last
    return (
        begins and own >= following.days_of(first, last) and (own == whole or whole not in others)
    )


def _of_another_year(
    path: Path, document: RuleSet, first: date, last: date
) -> Iterator[tuple[Path, str]]:
    """Yield what is wrong with days that are not those of the document's year."""
    year = document.year
    if is_of_year(year, first, last):
        return
    fitting = [
        f"the {one}"
        for kind in sorted(FIRST_MONTHS, key=lambda kind: kind != year.kind)
        if is_of_year(one := year_of(kind, first), first, last)
    ]
    theirs = f", days of {' or '.join(fitting)}" if fitting else ""
    sentence = (
        f"is from {first} to {last}{theirs}; funding_year and year_kind name the {year}, from"
        f" {year.first} to {year.last}. Correct whichever is wrong"
    )
    yield path, sentence


def _not_within(document: RuleSet) -> Iterator[tuple[Path, str]]:
    """Yield each value of which none is in force on any day of the document."""
    last = document.effective.last
    for path, dated in dated_values(document):
        if path[-1] == 0 and begins_after(dated, last):
            yield (
                path,
                (
                    f"begins on {dated.from_}, after {last}, the last day on which these rules apply:"
                    " correct the date, or leave the value out"
                ),
            )


def _of_calendar(document: RuleSet) -> Iterator[tuple[Path, str]]:
    """Yield what is wrong with a calendar of other days than the document's."""
    calendar = _calendar(document)
    if calendar is None or not calendar.periods:
        return
    first, last = calendar.periods[0].first, calendar.periods[-1].last
    days = document.effective
    if last < days.first or first > days.last:
        yield (
            (*_CALENDAR, "periods"),
            (
                f"the periods are from {first} to {last}; 'effective' says {days.first} to {days.last}:"
                " no day is in both"
            ),
        )
        return
    yield from _of_another_year((*_CALENDAR, "periods"), document, first, last)
    year = document.year
    for at, term in enumerate(calendar.terms):
        # A calendar of a part of the year may keep the terms of all of it.
        if not year.days_of(term.first, term.last) and (term.last < first or term.first > last):
            yield (
                (*_CALENDAR, "terms", at),
                (
                    f"the term is from {term.first} to {term.last}, which is neither within the periods,"
                    f" {first} to {last}, nor within the {year}"
                ),
            )


def oddities(document: RuleSet) -> list[str]:
    """Return a sentence for each label or date that may be one left behind from another year."""
    return [
        *_longer(document),
        *_other_years(document),
        *_never_in_force(document),
        *_protection(document),
        *_closures(document),
    ]


def _longer(document: RuleSet) -> Iterator[str]:
    year, days = document.year, document.effective
    if days.last > year.last:
        yield f"effective: the last day, {days.last}, is after the {year}, which ends on {year.last}"


def _other_years(document: RuleSet) -> Iterator[str]:
    """Yield that the identifier or the title names other years alone."""
    for field, text in (("identifier", document.identifier), ("title", document.title)):
        years = [
            f"{first}-{second}"
            for first, second in _SPAN.findall(text)
            if (int(first) + 1) % 100 == int(second)
        ]
        if years and document.funding_year not in years:
            said = " and ".join(dict.fromkeys(years))
            yield f"{field}: it says {said}, and funding_year {document.funding_year}"


def _never_in_force(document: RuleSet) -> Iterator[str]:
    last = document.effective.last
    late = [place(path[:-1]) for path, dated in dated_values(document) if begins_after(dated, last)]
    if late:
        yield f"{_named(late)}: a value begins after {last}, the last day of these rules, and never counts"


def _protection(document: RuleSet) -> Iterator[str]:
    rule = document.top_up_rule
    if rule is None or rule.protection is None:
        return
    until, days = rule.protection.until, document.effective
    if until < days.first:
        yield f"top_up_rule.protection.until: {until} is before {days.first}, the first day of these rules: nobody is protected"


def _closures(document: RuleSet) -> Iterator[str]:
    calendar = _calendar(document)
    if calendar is None or not calendar.periods:
        return
    first, last = calendar.periods[0].first, calendar.periods[-1].last
    outside = [str(day) for day in calendar.closures if not first <= day <= last]
    if outside:
        yield f"top_up_rule.calendar.closures: {_named(outside)}: not a day of the periods, {first} to {last}"


def _calendar(document: RuleSet) -> CalendarRule | None:
    return None if document.top_up_rule is None else document.top_up_rule.calendar


def _named(names: list[str]) -> str:
    """Return the first of some names, and how many more there are."""
    more = len(names) - MOST_NAMED
    return ", ".join(names[:MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
