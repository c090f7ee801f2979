"""The sheet of bands: one row a case, what its band costs a year and what it pays."""

import re
from collections.abc import Set as AbstractSet
from datetime import date, timedelta

from app.cells.bands import ASKABLE, banded
from app.workbooks.questions import Cell, Input, Question, Sheet, Takes
from engine.band_prices import case_reads
from engine.days import numbered_day
from engine.rules import Blank, CompiledRules, CompiledTopUps, Price, Quantity
from engine.rules.authorities import authorities_of
from engine.tables import PHASE
from engine.vocabulary import Need, PupilPhase, SecondaryNeed, SenProvision, Setting

BAND, LA, PROVISION, GROUP = "band", "la", "sen_provision", "group_size"
IN_PRICE = ASKABLE - {"hours"} | {Quantity.level, GROUP}
"""What a cell may say of a price a year, which is that of a pupil who attends full time."""

IN_PAY = IN_PRICE | {"hours", PROVISION}
"""What a cell may say besides of what is paid."""

CASE_COLUMNS = {
    BAND: ("Band", Takes.code),
    "setting": ("Setting", Takes.code),
    PHASE: ("Phase", Takes.code),
    "year_group": ("Year group, reception 0", Takes.whole),
    LA: ("Local authority, three digits", Takes.whole),
    "urn": ("School (URN)", Takes.whole),
    "primary_need": ("Primary need", Takes.code),
    "secondary_need": ("Second need, or none", Takes.code),
    "score": ("Score", Takes.whole),
    "points": ("Points", Takes.whole),
    "hours": ("Hours attended a week", Takes.number),
    "support_hours": ("Hours of support a week", Takes.number),
    "level": ("Level", Takes.number),
    GROUP: ("Pupils who share the support", Takes.whole),
    PROVISION: ("SEN provision", Takes.code),
}
"""What a case may be asked, in the order of its columns."""

CODES: dict[str, tuple[str, ...]] = {
    "setting": tuple(Setting.__members__),
    PHASE: tuple(PupilPhase.__members__),
    PROVISION: tuple(SenProvision.__members__),
    "primary_need": tuple(Need.__members__),
    "secondary_need": tuple(SecondaryNeed.__members__),
}
INVENTED: dict[str, Cell] = {
    "setting": "mainstream",
    PHASE: "primary",
    "year_group": 4,
    "hours": 15,
    "support_hours": 12.5,
    "level": 3,
    GROUP: 2,
    "primary_need": "ASD",
    "secondary_need": SecondaryNeed.none.name,
    "score": 40,
    "points": 12,
}
NUMBER = re.compile(r"-?[0-9]+")
BOUND = {"start": "First day paid", "end": "Last day paid"}
PARTS = "parts_on_roll"


def band_sheet(rules: CompiledRules) -> Sheet | None:
    """Return the sheet of bands, or None where a price depends on more than a cell may ask."""
    if rules.top_ups is None:
        return None
    priced, paid = (banded(rules, whole_year=whole) for whole in (True, False))
    if priced.top_ups is None or paid.top_ups is None:
        return None
    questions, read = [], {BAND}
    time: tuple[Input, ...] = ()
    if case_reads(priced.top_ups) <= IN_PRICE:
        read |= case_reads(priced.top_ups) | _quantities(priced.top_ups) & IN_PRICE
        questions.append(Question("Price a year, full time, pounds", "tariff", _sent(read)))
    if case_reads(paid.top_ups) <= IN_PAY:
        pay_reads = {BAND} | case_reads(paid.top_ups) | _quantities(paid.top_ups) & IN_PAY
        time = _time(paid.top_ups)
        sent = (*_sent(pay_reads), *(one.name for one in time))
        questions.append(Question("Pays for the days or parts given, pounds", "band-pays", sent))
        read |= pay_reads
    if not questions:
        return None
    inputs = (*(_input(name, priced.top_ups.labels) for name in _sent(read)), *time)
    return Sheet(
        name="Bands",
        title="What a band costs, and what it pays",
        guidance=(
            "One row a case. Only the codes in these columns are sent, never who a pupil is. The band "
            "is taken as you give it: this sheet does not decide it."
        ),
        note="Case (your own note, not sent)",
        inputs=inputs,
        questions=tuple(questions),
        optional=False,
        examples=_examples(rules, inputs, paid.top_ups),
    )


def _quantities(top_ups: CompiledTopUps) -> AbstractSet[str]:
    """Return what prices are multiplied by, and what shares it."""
    return {one.column for one in top_ups.reads if one.blank is Blank.prices}


def _sent(read: AbstractSet[str]) -> tuple[str, ...]:
    return tuple(name for name in CASE_COLUMNS if name in read)


def _input(name: str, labels: tuple[str, ...]) -> Input:
    heading, takes = CASE_COLUMNS[name]
    if name == PROVISION:
        return Input(name, f"{heading} (empty: a plan)", takes, CODES[name])
    codes = labels if name == BAND else CODES.get(name, ())
    return Input(name, heading, takes, codes)


def _time(top_ups: CompiledTopUps) -> tuple[Input, ...]:
    """Return how a case says which part of the year is paid; empty days are those of the year."""
    calendar = top_ups.calendar
    if not calendar.dated:
        heading = f"Parts of the year paid, of {calendar.parts}"
        return (Input(PARTS, heading, Takes.number, otherwise=str(calendar.parts)),)
    return tuple(
        Input(name, f"{words} (empty: {day.isoformat()})", Takes.day, otherwise=day.isoformat())
        for (name, words), day in zip(BOUND.items(), _year(top_ups), strict=True)
    )


def _year(top_ups: CompiledTopUps) -> tuple[date, date]:
    calendar = top_ups.calendar
    opens = numbered_day(calendar.first)
    return opens, opens + timedelta(days=len(calendar.cumulative) - 2)


def _examples(
    rules: CompiledRules, inputs: tuple[Input, ...], top_ups: CompiledTopUps
) -> tuple[dict[str, Cell], ...]:
    """Return cases of a middle and the last price, one the whole year and one from its hundredth day."""
    if rules.document.band_profile is None:
        return ()
    labels = inputs[0].codes
    names = {one.name for one in inputs}
    prices = [one for one in rules.document.band_profile.tariff.prices if _is_askable(one)]
    if not prices:
        return ()
    chosen = (prices[len(prices) // 2], prices[-1])
    first, last = (_case(price, names, labels) for price in chosen)
    if LA in names:
        la = authorities_of(rules.document)[0].code
        first, last = ({LA: la, **case} for case in (first, last))
    if "start" in names:
        opens, closes = _year(top_ups)
        last["start"] = min(opens + timedelta(days=100), closes).isoformat()
    return first, last


def _is_askable(price: Price) -> bool:
    return not price.assessed_cost and (price.each is None or price.each in IN_PRICE)


def _case(price: Price, names: set[str], labels: tuple[str, ...]) -> dict[str, Cell]:
    """Return a case that a price is for, as far as the price's own conditions say."""
    row: dict[str, Cell] = {BAND: price.band if price.band in labels else labels[0]}
    unread = {*Quantity, GROUP} - {price.each, *((GROUP,) if price.shared_in_group else ())}
    for name in names - {BAND} - (unread - {"hours"}):
        if name in INVENTED:
            row[name] = INVENTED[name]
    return row | {
        name: _choice(choices[0]) for name, choices in price.when.items() if name in names
    }


def _choice(choice: str) -> Cell:
    """Return a value that a condition lets pass: a code, or the first number of a range."""
    number = NUMBER.match(choice)
    return int(number[0]) if number else choice
