"""Prices of a band for one cell, through the engine's own kernels and an invented record."""

from datetime import date, timedelta

from app.calculations.pupils import value_pupils
from app.calculations.rules import top_ups_of
from app.cells.schemas import BandPaysAsked, TariffAsked
from app.cells.words import as_asked, refuse_symbols
from app.rule_sets.kept import Kept
from engine.calendars import Calendar
from engine.days import numbered_day
from engine.errors import PairRefused, Problem
from engine.explain.pupils import pupil_sentence
from engine.ingest.aliases import OF_A_CASE, duplicate
from engine.money import is_digits, pounds
from engine.rules.bands import Assignment
from engine.rules.calendar import CalendarRule, Parts
from engine.rules.compile import compile_rules, pupil_columns
from engine.rules.compiled import CompiledRules, CompiledTopUps
from engine.rules.document import RuleSet
from engine.rules.reads import DECISIVE, Blank
from engine.tables import PHASE
from engine.vocabulary import (
    HIGHEST_YEAR_GROUP,
    LOWEST_YEAR_GROUP,
    PupilPhase,
    Reason,
    local_authorities,
    phase_of_year,
)

FIELDS = {field.alias or name: name for name, field in BandPaysAsked.model_fields.items()}
"""What a cell is asked, by the names of its address."""

OLDER = {name: older for older, name in OF_A_CASE.items()}
ASKABLE = {"band", "setting", PHASE, "year_group", "urn", "support_hours", "hours"}
OF_TODAY = ("protection", "backdating")
"""Clauses that compare with what is paid today, which a hypothetical case has not."""
UNPRICED = {Reason.not_supplied, Reason.no_price, Reason.no_band}
WHOLE = "1"

_banded: Kept[tuple[str, date, bool], CompiledRules] = Kept(256)


def tariff(rules: CompiledRules, asked: TariffAsked) -> str:
    """Return what a band costs a year, full time, before any clause of the top-up rule; pounds."""
    return _paid(banded(rules, whole_year=True), asked, {"parts_on_roll": WHOLE})


def band_pays(rules: CompiledRules, asked: BandPaysAsked) -> str:
    """Return what a band pays for a part of the year, pounds."""
    held = banded(rules, whole_year=False)
    time = _time(top_ups_of(held).calendar, asked)
    return _paid(held, asked, {**time, "hours": asked.hours, "sen_provision": asked.sen_provision})


def banded(rules: CompiledRules, *, whole_year: bool) -> CompiledRules:
    """Return the rules with the band given, however they assign it; with the price alone if asked."""
    top_ups_of(rules)
    key = (rules.digest, rules.day, whole_year)
    return _banded.get(
        key, lambda: compile_rules(_banded_document(rules.document, whole_year), rules.day)
    )


def _banded_document(document: RuleSet, whole_year: bool) -> RuleSet:  # noqa: FBT001 - one of two
    profile, rule = document.band_profile, document.top_up_rule
    if profile is None or rule is None:
        message = "a rule set without bands was asked for a price"
        raise RuntimeError(message)
    profile = profile.model_copy(update={"assignment": Assignment(label_given=True)})
    without: dict[str, object] = dict.fromkeys(OF_TODAY)
    if whole_year:
        calendar = CalendarRule(
            source=rule.calendar.source,
            standing=rule.calendar.standing,
            parts=Parts(number=1, part="year"),
        )
        without |= dict.fromkeys(("part_time", "threshold", "floor", "cap"))
        without |= {"pays_when": {}, "calendar": calendar}
    rule = rule.model_copy(update=without)
    return document.model_copy(update={"band_profile": profile, "top_up_rule": rule})


def _paid(rules: CompiledRules, asked: TariffAsked, time: dict[str, object]) -> str:
    top_ups = top_ups_of(rules)
    given = {
        "band": asked.band,
        "setting": asked.setting,
        "year_group": _year_group(top_ups, asked),
        "support_hours": asked.support_hours,
        "level": asked.level,
        "group_size": asked.group_size,
        "urn": asked.urn,
        **time,
    }
    refuse_symbols(given)
    _refuse_unsaid(top_ups, {name for name, value in given.items() if value is not None})
    code = next(iter(local_authorities()))
    with as_asked(_names(asked)):
        outcome = value_pupils(rules, [{"pupil_key": "cell", "la": code, **_used(rules, given)}])
    reason = Reason(int(outcome.reason[0]))
    if reason in UNPRICED:
        sentence = f"not complete: {pupil_sentence(outcome, 0)}"
        raise PairRefused([Problem(sentence, reason.name, place="band")])
    return pounds(int(outcome.amount[0]))


def _used(rules: CompiledRules, given: dict[str, object]) -> dict[str, object]:
    """Return the columns that the rules read, blank where nothing was asked, and whatever else was asked.

    A column that the rules do not read changes no answer, but its value is checked.
    """
    read = pupil_columns(rules, counting=False).required - {"pupil_key", "la"}
    asked = {name for name, value in given.items() if value is not None}
    return {name: given.get(name) for name in sorted(read | asked)}


def _year_group(top_ups: CompiledTopUps, asked: TariffAsked) -> str | None:
    """Return the year group, or for rules that read phases alone any year group of the phase."""
    if asked.phase is None:
        return asked.year_group
    if asked.phase not in PupilPhase.__members__:
        sentence = f"must be one of {', '.join(PupilPhase.__members__)}"
        raise PairRefused([Problem(sentence, "unknown-code", place=PHASE)])
    if asked.year_group is not None:
        _refuse_other_phase(asked.phase, asked.year_group.strip())
        return asked.year_group
    if "year_group" in top_ups.columns:
        return None
    years = range(LOWEST_YEAR_GROUP, HIGHEST_YEAR_GROUP + 1)
    return str(next(year for year in years if phase_of_year(year).name == asked.phase))


def _refuse_other_phase(phase: str, year_group: str) -> None:
    """Refuse a year group of another phase; one that cannot be read is refused with the other columns."""
    if not is_digits(year_group) or not LOWEST_YEAR_GROUP <= int(year_group) <= HIGHEST_YEAR_GROUP:
        return
    if phase_of_year(int(year_group)).name != phase:
        sentence = "is not the phase of this year group; give one of them, or correct it"
        raise PairRefused([Problem(sentence, "other-phase", place=PHASE)])


def read_by(top_ups: CompiledTopUps) -> frozenset[str]:
    """Return the inputs that a case must have for its price to be known."""
    return frozenset(one.input for one in top_ups.reads if one.blank in DECISIVE - {Blank.parts})


def _refuse_unsaid(top_ups: CompiledTopUps, said: set[str]) -> None:
    """Refuse a question that lacks an input of the price: a guess would look like an answer."""
    read = read_by(top_ups)
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


def _time(calendar: Calendar, asked: BandPaysAsked) -> dict[str, object]:
    """Return the days or the parts of the year that are paid, or refuse what leaves them open."""
    start, end, part = _names(asked).values()
    given = {name: _either(asked, name) for name in OLDER}
    days = [day for day in (given["start"], given["end"]) if isinstance(day, date)]
    parts = given["parts_on_roll"]
    if parts is not None and not days:
        return {"parts_on_roll": parts}
    if not calendar.dated:
        sentence = f"give {part} (of {calendar.parts} in the year) and no dates: this calendar has no dates"
        raise PairRefused([Problem(sentence, "no-days", place=part)])
    if parts is not None or len(days) < len((start, end)):
        sentence = f"give {start} and {end}, or {part}, but not both"
        raise PairRefused([Problem(sentence, "no-days", place=start)])
    opens = numbered_day(calendar.first)
    closes = opens + timedelta(days=len(calendar.cumulative) - 2)
    if min(days) < opens or max(days) > closes:
        sentence = f"{start} and {end} must be days of the year that is paid, {opens} to {closes}"
        raise PairRefused([Problem(sentence, "outside-year", place=start)])
    return {"start": days[0], "end": days[1]}


def _names(asked: TariffAsked) -> dict[str, str]:
    """Return days and parts by their names in the request: a table's names, or the older ones."""
    older = isinstance(asked, BandPaysAsked) and any(
        getattr(asked, FIELDS[name]) is not None for name in OF_A_CASE
    )
    return OLDER if older else {name: name for name in OLDER}


def _either(asked: BandPaysAsked, name: str) -> object:
    """Return what was asked under a name or its older one; refuse both at once."""
    held, again = getattr(asked, name), getattr(asked, FIELDS[OLDER[name]])
    if held is not None and again is not None:
        raise PairRefused([Problem(duplicate(name), "duplicate", place=OLDER[name])])
    return again if held is None else held
