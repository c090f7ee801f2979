"""Prices of a band for one cell: what the address asks, as a case that the engine prices."""

from collections.abc import Mapping
from datetime import date, timedelta

from app.cells.refusals import (
    but_for,
    named_places,
    naming_parameters,
    refuse_other_authority,
    refuse_symbols,
)
from app.cells.schemas import NO_END, NO_START, BandPaysQuery, TariffQuery
from app.cells.service import Figure
from app.http.disconnection import stop_if_caller_gone
from app.what_ifs.rules import top_ups_of
from engine.band_prices import band_price, band_rules, case_reads, whole_year
from engine.cache import Cache
from engine.days import numbered_day
from engine.errors import PairRefused, Problem
from engine.explain import SENTENCES
from engine.money import MILLION, pounds
from engine.reading import OF_A_CASE, SPELLINGS, duplicate, folded, millionths_in
from engine.refusals import Refusals
from engine.rules import CompiledRules, CompiledTopUps
from engine.tables import PHASE
from engine.vocabulary import HIGHEST_YEAR_GROUP, LOWEST_YEAR_GROUP, PupilPhase, phase_of_year

FIELDS = {field.alias or name: name for name, field in BandPaysQuery.model_fields.items()}
"""What a cell is asked, by the names of its address."""

OLDER = {name: older for older, name in OF_A_CASE.items()}
OF_THE_CASE = ("la", "urn", "primary_need", "secondary_need", "score", "points")
"""What a case may say of where it is and what its needs are, where its price reads that."""

ASKABLE = {"band", "setting", PHASE, "year_group", "support_hours", "hours", *OF_THE_CASE}

_banded = Cache(256)


def tariff(rules: CompiledRules, query: TariffQuery) -> Figure:
    """Return what a band costs a year, full time, before any clause of the top-up rule; pounds."""
    priced = banded(rules, whole_year=True)
    return _paid(priced, query, whole_year(top_ups_of(priced)))


def band_pays(rules: CompiledRules, query: BandPaysQuery) -> Figure:
    """Return what a band pays for a part of the year, pounds."""
    priced = banded(rules, whole_year=False)
    refusals = Refusals()
    time: Mapping[str, object] = whole_year(top_ups_of(priced))
    with refusals.part():
        time = _time(top_ups_of(priced), query)
    own = {"hours": query.hours, "sen_provision": query.sen_provision}
    return _paid(priced, query, {**time, **own}, refusals)


def banded(rules: CompiledRules, *, whole_year: bool) -> CompiledRules:
    """Return the rules by which a case's band is given, compiled once; with the price alone if asked."""
    top_ups_of(rules)
    key = (rules.digest, rules.day, whole_year)
    return _banded.get(key, lambda: band_rules(rules, whole_year=whole_year))


def _paid(
    rules: CompiledRules,
    query: TariffQuery,
    time: Mapping[str, object],
    refusals: Refusals | None = None,
) -> Figure:
    """Return what is paid, or refuse the question with all that is wrong with it: ``refusals`` are those found already."""
    top_ups, refusals = top_ups_of(rules), refusals or Refusals()
    year_group = query.year_group
    with refusals.part():
        year_group = _year_group(top_ups, query)
    given = {
        "band": query.band,
        "setting": query.setting,
        "year_group": year_group,
        "support_hours": query.support_hours,
        "level": query.level,
        "group_size": query.group_size,
        **{name: getattr(query, name) for name in OF_THE_CASE},
        **time,
    }
    # A band may have the name of a symbol, such as low.
    with refusals.part():
        refuse_symbols(
            {k: one for k, one in given.items() if k != "band" or one not in top_ups.labels}
        )
    said = {name for name, value in given.items() if value is not None}
    with refusals.part():
        refuse_other_authority(rules, query.la)
    with refusals.part():
        _refuse_unsaid(top_ups, said if query.phase is None else said | {PHASE, "year_group"})
    stop_if_caller_gone()
    known, price = named_places(refusals), None
    with refusals.part(), but_for(known), naming_parameters(_names(query)):
        price = band_price(rules, given)
    refusals.refuse()
    if price is None:
        message = "a question without a price was not refused"
        raise ValueError(message)
    if price.amount is None:
        sentence = f"not complete: {SENTENCES[price.reason]}"
        raise PairRefused([Problem(sentence, price.reason.name, place="band")])
    doubts = (*(one.sentence for one in price.warnings), *price.notes)
    return Figure(pounds(price.amount), doubts)


def _year_group(top_ups: CompiledTopUps, query: TariffQuery) -> str | None:
    """Return the year group, or for rules that read phases alone any year group of the phase."""
    if query.phase is None:
        return query.year_group
    phase = folded(query.phase.strip())
    if phase not in PupilPhase.__members__:
        sentence = f"must be one of {', '.join(PupilPhase.__members__)}"
        raise PairRefused([Problem(sentence, "unknown-code", place=PHASE)])
    if query.year_group is not None:
        _refuse_other_phase(phase, query.year_group.strip())
        return query.year_group
    if "year_group" in top_ups.columns:
        return None
    years = range(LOWEST_YEAR_GROUP, HIGHEST_YEAR_GROUP + 1)
    return str(next(year for year in years if phase_of_year(year).name == phase))


def _refuse_other_phase(phase: str, year_group: str) -> None:
    """Refuse a year group of another phase; one that cannot be read is refused with the other columns."""
    held = SPELLINGS["year_group"].get(year_group.upper(), year_group)
    year = millionths_in(str(held))
    if year is None or year % MILLION:
        return
    year //= MILLION
    if LOWEST_YEAR_GROUP <= year <= HIGHEST_YEAR_GROUP and phase_of_year(year).name != phase:
        sentence = "is not the phase of this year group; give one of them, or correct it"
        raise PairRefused([Problem(sentence, "other-phase", place=PHASE)])


def _refuse_unsaid(top_ups: CompiledTopUps, said: set[str]) -> None:
    """Refuse a question that lacks an input of the price: a guess would look like an answer."""
    read = case_reads(top_ups)
    if PHASE in read and "year_group" in said:
        read -= {PHASE}
    sentence = "is missing; these rules need it"
    elsewhere = "is needed by these rules for each pupil; use POST /v1/what-ifs/top-ups"
    problems = [
        Problem(sentence if name in ASKABLE else elsewhere, "not-said", place=name)
        for name in sorted(read - said)
    ]
    if problems:
        raise PairRefused(problems)


def _time(top_ups: CompiledTopUps, query: BandPaysQuery) -> dict[str, object]:
    """Return the days or the parts of the year that are paid, or refuse what leaves them open."""
    calendar = top_ups.calendar
    start, end, part = _names(query).values()
    given = {name: _either(query, name) for name in OLDER}
    days = [day for day in (given["start"], given["end"]) if isinstance(day, date)]
    parts = given["parts_on_roll"]
    if parts is not None and not days:
        return {"parts_on_roll": parts}
    if not calendar.dated:
        sentence = f"give {part} (of {calendar.parts} in the year) and no dates: this calendar has no dates"
        raise PairRefused([Problem(sentence, "no-days", place=part)])
    if parts is not None:
        sentence = f"give {start} and {end}, or {part}, but not both"
        raise PairRefused([Problem(sentence, "no-days", place=start)])
    if len(days) < len((start, end)):
        missing = [name for name in ("start", "end") if given[name] is None]
        raise PairRefused(
            [
                Problem(
                    _without_day(name, _names(query), len(missing)),
                    "no-days",
                    place=_names(query)[name],
                )
                for name in missing
            ]
        )
    opens = numbered_day(calendar.first)
    closes = opens + timedelta(days=len(calendar.cumulative) - 2)
    first = opens if days[0] == NO_START else days[0]
    last = closes if days[1] == NO_END else days[1]
    if min(first, last) < opens or max(first, last) > closes:
        sentence = f"{start} and {end} must be days of the year that is paid, {opens} to {closes}"
        raise PairRefused([Problem(sentence, "outside-year", place=start)])
    return {"start": first, "end": last}


def _without_day(name: str, names: Mapping[str, str], missing: int) -> str:
    """Return what is said of a first or last day that is missing: its own sentence where the other is there."""
    start, end, part = names.values()
    if missing > 1:
        return f"is missing; give {start} and {end}, or {part}"
    other, which = (end, "first") if name == "start" else (start, "last")
    return f"is missing; give the {which} day paid with {other}"


def _names(query: TariffQuery) -> dict[str, str]:
    """Return days and parts by their names in the request: a table's names, or the older ones."""
    older = isinstance(query, BandPaysQuery) and any(
        getattr(query, FIELDS[name]) is not None for name in OF_A_CASE
    )
    return OLDER if older else {name: name for name in OLDER}


def _either(query: BandPaysQuery, name: str) -> object:
    """Return what was asked under a name or its older one; refuse both at once."""
    value, again = getattr(query, name), getattr(query, FIELDS[OLDER[name]])
    if value is not None and again is not None:
        raise PairRefused([Problem(duplicate(name), "duplicate", place=OLDER[name])])
    return again if value is None else value
