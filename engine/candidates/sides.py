"""What pupils are paid by under one rule set, and who cannot be counted by it."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.candidates.amounts import AmountSteps, PaidBy, year_of_steps
from engine.columns import Int
from engine.days import day_number
from engine.kernels.top_ups import PRICED
from engine.modules.top_ups.band_and_price import prices_of_pupils
from engine.modules.top_ups.bands import funded_pupils
from engine.modules.top_ups.pupil_combinations import Attributes, combined
from engine.modules.top_ups.pupil_prices import BandAndPrice
from engine.modules.top_ups.year_share import year_shares
from engine.row_chunks import Blocks
from engine.rules.compiled import CompiledRules, CompiledTopUps
from engine.rules.in_force import InForce
from engine.rules.inputs import Input
from engine.tables import MISSING, Pupils, PupilTable, frozen
from engine.tables.chosen_pupils import ChosenPupils, some_pupils
from engine.vocabulary import NOT_KNOWN, Reason

NOTHING, UNKNOWN, UNPRICED, SINGLY = -1, -2, -3, -4
"""In the place of a class: paid nothing; not known; not known if on roll at all; worked out one by one."""

Codes = NDArray[np.int32]


class Side(NamedTuple):
    """What the rows of a table are paid by under one rule set.

    code     (rows) the class, or ``NOTHING``, ``UNKNOWN``, ``UNPRICED`` or ``SINGLY``
    once     (rows) whether the price is paid once, whatever part of the year is on roll
    classes  what decides each class's amount
    steps    how it is worked out, for each run of days
    """

    code: Codes
    once: NDArray[np.bool_]
    classes: tuple[PaidBy, ...]
    steps: AmountSteps


def runs_of_days(*sides: CompiledRules) -> list[InForce]:
    """Return the runs of days on which no value of any of some rule sets changes; all are of the same days."""
    fixed = [one.now for one in sides if one.day is not None]
    if fixed:
        return fixed[:1]
    documents = [one.document for one in sides]
    parts = [part for one in documents for part in (one.band_profile, one.top_up_rule)]
    return list(documents[0].over(*_days(sides[0]), *parts))


def _days(rules: CompiledRules) -> tuple[date, date]:
    segments = rules.top_ups.segments if rules.top_ups is not None else ()
    return segments[0].now.first, segments[-1].now.last


def same_year(one: CompiledRules, other: CompiledRules) -> bool:
    """Return whether two rule sets count a pupil's days alike, and each row alone.

    Rows of rules that begin within their year are rounded after what each earned before them.
    """
    a, b = one.top_ups, other.top_ups
    if a is None or b is None or (one.day is None) != (other.day is None):
        return False
    if a.continues is not None or b.continues is not None:
        return False
    calendars = a.calendar, b.calendar
    alike = len({(c.first, c.denominator, c.parts, c.each, len(c.cumulative)) for c in calendars})
    return (
        alike == 1
        and np.array_equal(calendars[0].cumulative, calendars[1].cumulative)
        and a.backdated_days == b.backdated_days
        and one.day == other.day
        and (one.day is not None or _days(one) == _days(other))
    )


def side_of(
    rules: CompiledRules,
    places: Mapping[str, str],
    pupils: PupilTable,
    nows: Sequence[InForce],
    blocks: Blocks,
) -> Side:
    """Return what a table's rows are paid by; ``places`` are the values that candidates replace."""
    top_ups = rules.top_ups
    if top_ups is None:
        message = "rules without top-ups pay no pupil"
        raise ValueError(message)
    funded = funded_pupils(top_ups, pupils, blocks)
    prices = prices_of_pupils(top_ups, funded, blocks)
    attributes = combined(top_ups, funded, blocks).attributes
    code, once, classes, steps = class_codes(
        rules, top_ups, prices.by_combination, attributes, places, nows
    )
    by_row = of_rows(top_ups, funded, code[prices.combinations.combination])
    once = once[prices.combinations.combination]
    by_row, once = of_table(pupils, funded, by_row, once)
    return Side(frozen(by_row), frozen(once), classes, steps)


def class_codes(
    rules: CompiledRules,
    top_ups: CompiledTopUps,
    found: BandAndPrice,
    attributes: Attributes,
    places: Mapping[str, str],
    nows: Sequence[InForce],
) -> Side:
    """Return what combinations of pupils' attributes are paid by: a row a combination."""
    classes, alike = _classes(top_ups, found, attributes)
    steps = AmountSteps(year_of_steps(rules.document, classes, nows), places)
    code = _codes(top_ups, found, attributes, alike, steps, several=len(nows) > 1)
    return Side(frozen(code), frozen(_once(found)), classes, steps)


def _classes(
    top_ups: CompiledTopUps, found: BandAndPrice, attributes: Attributes
) -> tuple[tuple[PaidBy, ...], Int]:
    """Return what decides the amounts, and which of it each combination has."""
    applies = np.ones(len(found.alike), np.int64)
    if top_ups.threshold_settings:
        applies = np.isin(attributes[Input.setting], top_ups.threshold_settings).astype(np.int64)
    several = len(found.limits)
    pairs, alike = np.unique(
        2 * (found.alike * several + found.limited) + applies, return_inverse=True
    )
    classes = tuple(
        PaidBy(found.forms[one // 2 // several], bool(one % 2), found.limits[one // 2 % several])
        for one in pairs.tolist()
    )
    return classes, alike


def _codes(
    top_ups: CompiledTopUps,
    found: BandAndPrice,
    attributes: Attributes,
    alike: Int,
    steps: AmountSteps,
    *,
    several: bool,
) -> Codes:
    """Return the code of each combination."""
    status = found.rates.status
    code = np.where(status[0] == PRICED, alike, NOTHING).astype(np.int32)
    code[np.isin(status[0], [int(one) for one in NOT_KNOWN])] = UNKNOWN
    priced = code >= 0
    forms = found.forms
    unpriced = np.asarray([one.price is None for one in forms], np.bool_)[found.alike]
    code[priced & unpriced] = UNPRICED
    singly = np.asarray(
        [one.price is not None and one.price.quantity is not None for one in forms], np.bool_
    )[found.alike]
    singly |= ~np.asarray(steps.are_printed, np.bool_)[alike]
    if several:
        singly |= _once(found)
    if top_ups.protects_pupils:
        singly |= priced
    code[priced & singly] = SINGLY
    if top_ups.threshold_settings:
        unset = attributes[Input.setting] == MISSING
        code[unset & (found.price >= 0)] = SINGLY
    code[(status != status[0]).any(axis=0)] = SINGLY
    return code


def _once(found: BandAndPrice) -> NDArray[np.bool_]:
    """Return the combinations whose price is paid once."""
    once = [one.price is not None and one.price.once for one in found.forms]
    return np.asarray(once, np.bool_)[found.alike]


def of_rows(top_ups: CompiledTopUps, pupils: Pupils, code: Codes) -> Codes:
    """Return the code of each row, which may lie in more than its combination: its hours."""
    if not top_ups.full_time:
        return code
    less = pupils.columns["hours"] < top_ups.full_time
    return np.where(less & ((code >= 0) | (code == UNPRICED)), np.int32(SINGLY), code)


def of_table(
    pupils: PupilTable, funded: Pupils, code: Codes, once: NDArray[np.bool_]
) -> tuple[Codes, NDArray[np.bool_]]:
    """Return the codes of all rows, and which prices are paid once, from those of ``funded``: others are paid nothing."""
    if not isinstance(funded, ChosenPupils):
        return code, once
    whole, whole_once = np.full(len(pupils), NOTHING, np.int32), np.zeros(len(pupils), np.bool_)
    whole[funded.where], whole_once[funded.where] = code, once
    return whole, whole_once


def pupils_by_band(rules: CompiledRules, pupils: PupilTable, blocks: Blocks) -> Int:
    """Return the rows in each band of the profile, of those whom its rules may pay (bands)."""
    top_ups = rules.top_ups
    if top_ups is None:
        return frozen(np.zeros(0, np.int64))
    prices = prices_of_pupils(top_ups, funded_pupils(top_ups, pupils, blocks), blocks)
    found = prices.by_combination
    rows = np.bincount(prices.combinations.combination, minlength=len(found.band))
    counted = (found.band >= 0) & (found.rates.status[0] != Reason.not_funded)
    of = np.zeros(len(top_ups.bands), np.int64)
    np.add.at(of, found.band[counted], rows[counted])
    return frozen(of)


class Parts(NamedTuple):
    """The share of the year of some rows in each run of days; ``unsure`` where a count does not say which days."""

    of: Int
    unsure: NDArray[np.bool_]


def parts_of_year(
    top_ups: CompiledTopUps, pupils: PupilTable, where: Int, nows: Sequence[InForce]
) -> Parts:
    """Return the share of the year of the rows at ``where`` (ascending), in each run of days (rows, runs)."""
    time = year_shares(top_ups, some_pupils(pupils, where))
    days, first = len(time.cumulative) - 1, time.first_day
    later = [day_number(one.first) - first for one in nows[1:]]
    opens = np.zeros(len(where), np.int64)
    closes = np.full(len(where), days, np.int64)
    if len(time.began):
        opens = np.clip(time.began.astype(np.int64) - first, 0, days)
    if len(time.ended):
        left = time.ended.astype(np.int64)
        closes = np.where(left < 0, days, np.clip(left - first + 1, 0, days))
    of = np.zeros((len(where), len(nows)), np.int64)
    for at, (low, high) in enumerate(zip([0, *later], [*later, days], strict=True)):
        begins, ends = np.maximum(opens, low), np.minimum(closes, high)
        held = time.cumulative[ends] - time.cumulative[np.minimum(begins, days)]
        of[:, at] = np.where(ends > begins, held, 0)
    unsure = np.zeros(len(where), np.bool_)
    counted = time.parts.astype(np.int64) if len(time.parts) else np.full(len(where), -1, np.int64)
    if len(nows) == 1:
        of[:, 0] = np.where(counted >= 0, counted * time.each, of[:, 0])
        unsure |= (counted < 0) & (days == 0)
    else:
        unsure |= counted >= 0
    return Parts(frozen(of), frozen(unsure))
