"""Pupils to bands, prices and top-ups: rules on combinations, pence on pupils."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.blocks import Blocks
from engine.columns import Int
from engine.errors import SHOWN, PairRefused, Problem
from engine.kernels.answers import fill_answers
from engine.kernels.sums import fill_placement_sums
from engine.kernels.top_ups import PRICED, fill_top_ups
from engine.money import HUNDREDTHS, MILLION, PENCE
from engine.outcome import Priced, TopUpOutcome
from engine.rules.bands import Input
from engine.rules.compiled import CompiledPrice, CompiledRules, CompiledTopUps
from engine.rules.grid import NONE, Grid
from engine.tables import MISSING, PupilTable, Tuples, frozen
from engine.vocabulary import Reason

LARGEST = 2**63
NO_DAYS: NDArray[np.int32] = frozen(np.empty(0, np.int32))
NO_COUNTS: NDArray[np.int16] = frozen(np.empty(0, np.int16))
"""Stand for a column that the rules do not read."""


def value_pupils(
    rules: CompiledRules, top_ups: CompiledTopUps, pupils: PupilTable, blocks: Blocks
) -> TopUpOutcome:
    """Value each pupil under a band profile and its top-up rule."""
    _check_columns(top_ups, pupils)
    tuples = pupils.tuples(top_ups.columns)
    attributes = _attributes(top_ups, pupils, tuples)
    row = _answers(top_ups.assignment, attributes)
    band = np.where(row == NONE, NONE, top_ups.band_of_row[np.maximum(row, 0)]).astype(np.int32)
    price = _answers(
        top_ups.tariff,
        {**attributes, "band": np.where(band == NONE, MISSING, band).astype(np.int32)},
    )
    verdict = _verdict(top_ups, attributes, row, price)
    _refuse_gaps(top_ups, pupils, tuples, verdict)
    prices = _prices(top_ups, pupils, tuples, price)
    threshold = _threshold(top_ups, attributes, len(row))
    time = years_part(top_ups, pupils)
    _refuse_parts(top_ups, pupils)
    amount, reason = np.empty(len(pupils), np.int64), np.empty(len(pupils), np.int8)
    _check_bound(top_ups, prices)
    blocks.run(
        fill_top_ups, len(pupils), tuples.identity, frozen(verdict), *prices,
        pupils.columns["hours"] if top_ups.full_time else NO_COUNTS,
        top_ups.full_time, threshold, top_ups.floor, top_ups.cap, *time, amount, reason,
    )  # fmt: skip
    placements = len(pupils.placement_la)
    placement_sum, placement_absent = np.empty(placements, np.int64), np.empty(placements, np.int64)
    blocks.run(
        fill_placement_sums, placements, pupils.offsets, frozen(amount), frozen(reason), int(Reason.not_supplied),
        placement_sum, placement_absent,
    )  # fmt: skip
    return TopUpOutcome(
        rules, top_ups, pupils, tuples, band, row, price, prices, threshold,
        frozen(amount), frozen(reason), frozen(placement_sum), frozen(placement_absent),
    )  # fmt: skip


def _check_columns(top_ups: CompiledTopUps, pupils: PupilTable) -> None:
    wanted = set(top_ups.columns)
    wanted |= {price.quantity for price in top_ups.prices if price.quantity}
    wanted |= {"assessed_cost"} if any(price.assessed_cost for price in top_ups.prices) else set()
    wanted |= {"hours"} if top_ups.full_time else set()
    wanted |= set() if top_ups.calendar.dated else {"parts_on_roll"}
    missing = [name for name in sorted(wanted) if not pupils.has(name)]
    if missing:
        raise PairRefused(
            [
                Problem(
                    "is used by the rule set and is not in the table", "missing-column", column=name
                )
                for name in missing
            ]
        )


def _attributes(
    top_ups: CompiledTopUps, pupils: PupilTable, tuples: Tuples
) -> dict[str, NDArray[np.int32]]:
    """Return each attribute of the combinations, with bands in the profile's order and points summed."""
    columns = {
        name: np.ascontiguousarray(tuples.attributes[:, at]) for at, name in enumerate(tuples.names)
    }
    if "band" in columns:
        known = {label: at for at, label in enumerate(top_ups.bands)}
        codes = np.asarray(
            [*(known.get(label, NONE) for label in pupils.labels), MISSING], np.int32
        )
        held = columns["band"]
        columns["band"] = codes[np.where(held == MISSING, len(codes) - 1, held)]
        _refuse_labels(top_ups, pupils, tuples, columns["band"] == NONE)
    if top_ups.dimensions:
        levels = np.stack([columns[name] for name, _, _ in top_ups.dimensions], axis=1).astype(
            np.int64
        )
        _refuse_levels(top_ups, pupils, tuples, levels)
        points = levels @ np.asarray([weight for _, weight, _ in top_ups.dimensions], np.int64)
        columns["points"] = np.where((levels == MISSING).any(axis=1), MISSING, points).astype(
            np.int32
        )
    return columns


def _answers(grid: Grid, attributes: dict[str, NDArray[np.int32]]) -> NDArray[np.int32]:
    length = len(next(iter(attributes.values()))) if attributes else 1
    matrix = np.empty((length, len(grid.inputs)), np.int32)
    for at, name in enumerate(grid.inputs):
        matrix[:, at] = attributes[name]
    out = np.empty(length, np.int32)
    fill_answers(
        0, length, frozen(matrix), grid.edges, grid.offsets, grid.strides, grid.answers, out
    )
    return out


def _verdict(
    top_ups: CompiledTopUps,
    attributes: dict[str, NDArray[np.int32]],
    row: NDArray[np.int32],
    price: NDArray[np.int32],
) -> NDArray[np.int8]:
    """Return ``PRICED`` or the reason that stands before any price, the earliest clause first."""
    verdict = np.full(len(row), PRICED, np.int8)
    unsure_price = _not_supplied(top_ups.tariff, attributes, without="band")
    verdict[price == NONE] = Reason.no_price
    verdict[(price == NONE) & unsure_price] = Reason.not_supplied
    unsure_band = _not_supplied(top_ups.assignment, attributes)
    verdict[row == NONE] = Reason.no_band
    verdict[(row == NONE) & unsure_band] = Reason.not_supplied
    if top_ups.threshold and top_ups.threshold_settings:
        verdict[(verdict == PRICED) & (attributes[Input.setting] == MISSING)] = Reason.not_supplied
    funded = _answers(top_ups.funded, attributes)
    verdict[funded == NONE] = Reason.not_funded
    verdict[(funded == NONE) & _not_supplied(top_ups.funded, attributes)] = Reason.not_supplied
    return verdict


def _not_supplied(
    grid: Grid, attributes: dict[str, NDArray[np.int32]], without: str = ""
) -> NDArray[np.bool_]:
    length = len(next(iter(attributes.values()))) if attributes else 1
    unsure = np.zeros(length, bool)
    for name in grid.inputs:
        if name != without:
            unsure |= attributes[name] == MISSING
    return unsure


def _rows_of(
    pupils: PupilTable, tuples: Tuples, combinations: NDArray[np.bool_]
) -> NDArray[np.int64]:
    if not combinations.any():
        return np.empty(0, np.int64)
    return np.sort(pupils.rows[combinations[tuples.identity]])


def _refuse(rows: NDArray[np.int64], rule: str, column: str, sentence: str) -> None:
    if len(rows):
        problems = [Problem(sentence, rule, column=column, row=int(row)) for row in rows[:SHOWN]]
        raise PairRefused(problems, total=len(rows))


def _refuse_labels(
    top_ups: CompiledTopUps, pupils: PupilTable, tuples: Tuples, unknown: NDArray[np.bool_]
) -> None:
    sentence = f"is not a band of the profile; its bands are {', '.join(top_ups.bands)}"
    _refuse(_rows_of(pupils, tuples, unknown), "unknown-band", "band", sentence)


def _refuse_levels(
    top_ups: CompiledTopUps, pupils: PupilTable, tuples: Tuples, levels: Int
) -> None:
    for at, (name, _, highest) in enumerate(top_ups.dimensions):
        rows = _rows_of(pupils, tuples, levels[:, at] > highest)
        _refuse(
            rows, "level-too-high", name, f"is above the highest level of the dimension, {highest}"
        )


def _refuse_gaps(
    top_ups: CompiledTopUps,
    pupils: PupilTable,
    tuples: Tuples,
    verdict: NDArray[np.int8],
) -> None:
    """Refuse pupils who are to be paid and whose values no row covers: a gap is an error, not nothing."""
    names = " with ".join(top_ups.assignment.inputs) or "band"
    sentence = f"no band covers these values of {names}; the rule set leaves a gap here"
    _refuse(_rows_of(pupils, tuples, verdict == Reason.no_band), "no-band", names, sentence)


def _prices(
    top_ups: CompiledTopUps, pupils: PupilTable, tuples: Tuples, price: NDArray[np.int32]
) -> Priced:
    """Return base and each by combination, and the quantity by pupil (none where no price has one)."""
    none = CompiledPrice(0, 0, None, assessed_cost=False, place="", given=None, each_given=None)
    table = (*top_ups.prices, none)
    base = np.asarray([one.base for one in table], np.int64)[price]
    each = np.asarray([PENCE if one.assessed_cost else one.each for one in table], np.int64)[price]
    kinds = [("assessed_cost" if one.assessed_cost else one.quantity) for one in table]
    quantity = np.empty(0, np.int64)
    if any(kinds):
        quantity = np.zeros(len(pupils), np.int64)
        for name in sorted({kind for kind in kinds if kind}):
            uses = np.asarray([kind == name for kind in kinds])[price][tuples.identity]
            quantity[uses] = _quantity(pupils, name)[uses]
    return Priced(frozen(base), frozen(each), frozen(quantity))


def _quantity(pupils: PupilTable, name: str) -> Int:
    """Return a quantity column in millionths (of an hour, a level, or a pound); negative where missing."""
    values = pupils.columns[name].astype(np.int64)
    scale = {"assessed_cost": MILLION // PENCE, "support_hours": MILLION // HUNDREDTHS}.get(name, 1)
    return np.where(values < 0, -1, values * scale)


def _threshold(
    top_ups: CompiledTopUps, attributes: dict[str, NDArray[np.int32]], length: int
) -> Int:
    threshold = np.full(length, top_ups.threshold, np.int64)
    if top_ups.threshold_settings:
        applies = np.isin(attributes[Input.setting], top_ups.threshold_settings)
        threshold[~applies] = 0
    return frozen(threshold)


class YearsPart(NamedTuple):
    """What tells the part of the year that each pupil earns, as the kernel takes it."""

    first_day: int
    cumulative: Int
    began: NDArray[np.int32]
    ended: NDArray[np.int32]
    parts: NDArray[np.int16]
    each_part: int


def years_part(top_ups: CompiledTopUps, pupils: PupilTable) -> YearsPart:
    """Return the calendar and the pupils' dates or counted parts; none where a column is not there."""
    calendar = top_ups.calendar
    held = pupils.columns
    return YearsPart(
        first_day=calendar.first,
        cumulative=calendar.cumulative,
        began=held.get("start", NO_DAYS) if calendar.dated else NO_DAYS,
        ended=held.get("end", NO_DAYS) if calendar.dated else NO_DAYS,
        parts=held.get("parts_on_roll", NO_COUNTS),
        each_part=calendar.denominator // calendar.parts if calendar.parts else 0,
    )


def _refuse_parts(top_ups: CompiledTopUps, pupils: PupilTable) -> None:
    calendar, parts = top_ups.calendar, pupils.columns.get("parts_on_roll")
    if parts is None:
        return
    if not calendar.parts:
        sentence = "cannot be used: the year's parts are not equal; give start and end"
        _refuse(np.sort(pupils.rows[parts >= 0]), "parts", "parts_on_roll", sentence)
    sentence = f"is more than the year's {calendar.parts} parts"
    _refuse(np.sort(pupils.rows[parts > calendar.parts]), "parts", "parts_on_roll", sentence)


def _check_bound(top_ups: CompiledTopUps, prices: Priced) -> None:
    """Refuse a calendar and a price whose product would not fit in 63 bits."""
    base, each, quantity = prices
    highest = (
        int(base.max(initial=0))
        + int(each.max(initial=0)) * int(quantity.max(initial=0)) // MILLION
    )
    highest = max(highest, top_ups.floor, top_ups.cap)
    if 2 * highest * max(top_ups.full_time, 1) * top_ups.calendar.denominator >= LARGEST:
        sentence = "prices, hours and calendar together are too large to be held exactly"
        raise PairRefused([Problem(sentence, "too-large", place="top_up_rule.calendar")])
