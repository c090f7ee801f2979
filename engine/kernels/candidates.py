"""What candidates pay to pupils who are counted by what decides their amounts: totals, winners and losers by group."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.columns import Int
from engine.jit import kernel
from engine.money import round_ratio

Doubles = NDArray[np.float64]
"""Whole numbers in double precision: exact, as every sum of them is proved to stay below 2**53."""


class Shares(NamedTuple):
    """Pupils of one class and one share of the year together, with how many of them each group has.

    after, before  (shares) the class under a candidate, and under the baseline; -1 where nothing is paid
    parts          (shares, runs of days) the share of the year in each run of days
    offsets        (shares + 1) where each one's groups start
    group, number  (entries) a group, and how many pupils of the share it has
    """

    after: Int
    before: Int
    parts: Int
    offsets: Int
    group: Int
    number: Int


@kernel
def fill_shares(
    start: int,
    stop: int,
    amounts: Int,
    shares: Shares,
    paid_before: Int,
    whole: int,
    out_after: Int,
    out_winners: Int,
    out_losers: Int,
) -> None:
    """Add what each candidate pays, pence, and who gains and loses, to the groups.

    amounts      (candidates, runs of days, classes) pence a year
    paid_before  (shares + 1, runs of days) what the baseline pays a year
    whole        the share that is a whole year
    out_after    (candidates, groups) pence; ``out_winners`` and ``out_losers`` pupils
    """
    after, _, parts, offsets, group, number = shares
    runs = parts.shape[1]
    for candidate in range(start, stop):
        afters = out_after[candidate]
        winners = out_winners[candidate]
        losers = out_losers[candidate]
        for share in range(len(after)):
            pays = after[share]
            exact, was = 0, 0
            for run in range(runs):
                part = parts[share, run]
                due = amounts[candidate, run, pays] if pays >= 0 else 0
                exact += due * part
                was += paid_before[share, run] * part
            paid = round_ratio(exact, whole)
            change = paid - round_ratio(was, whole)
            for at in range(offsets[share], offsets[share + 1]):
                afters[group[at]] += paid * number[at]
            if change > 0:
                for at in range(offsets[share], offsets[share + 1]):
                    winners[group[at]] += number[at]
            elif change < 0:
                for at in range(offsets[share], offsets[share + 1]):
                    losers[group[at]] += number[at]


LANES = 64
"""Candidates that are worked out side by side: a line of doubles of each group stays in the processor's nearest cache."""

HALF = 0.5
WINS, LOSES = np.uint32(0x0000FFFF), np.uint32(0xFFFF0000)
"""Both halves of a word, in which a group's winners and losers are counted: groups have fewer than 65,536 pupils."""


class LaneCells(NamedTuple):
    """Pupils whom the same cut-offs, the same classes between them and the same class of the baseline decide.

    ladder, rank  (cells) which cut-offs, and how many of all candidates' cut-offs the pupils are above or at
    scale         (cells) which classes lie between the cut-offs
    before        (cells) what the baseline pays a year, pence
    offsets       (cells + 1) where each cell's entries start; from ``staying`` (cells) on they are of the whole year
    group, part, number  (entries) a group, the share of the year, and how many pupils of it the group has
    """

    ladder: Int
    rank: Int
    scale: Int
    before: Doubles
    offsets: Int
    staying: Int
    group: NDArray[np.uint16]
    part: NDArray[np.uint16]
    number: NDArray[np.uint16]


@kernel
def fill_lanes(
    start: int,
    stop: int,
    cells: LaneCells,
    cuts: NDArray[np.int16],
    rates: Doubles,
    whole: int,
    changes: int,
    out_pence: Doubles,
    out_changes: NDArray[np.uint32],
    out_rate: Doubles,
    out_step: NDArray[np.int16],
    out_sign: NDArray[np.uint32],
) -> None:
    """Fill, for blocks of ``LANES`` candidates, what each pays and how many pupils gain and lose, by group.

    cuts         (blocks, ladders, steps, LANES) the rank from which a pupil is above a cut-off
    rates        (blocks, scales, steps + 1, LANES) pence a year between the cut-offs
    whole        the share that is a whole year, W
    changes      0 where who gains and who loses is not counted
    out_pence    (blocks, groups, LANES); out_changes the same, winners in the lower half of a word and losers above
    out_rate, out_step, out_sign  (blocks, LANES) are written over for each cell

    half up of x ÷ W is floor((x + W div 2 + 1/2) × (1/W)) in doubles, exact while x + W div 2 + 1 < 2**51.
    Where no lane's rate is within W pence of the baseline's and not the same, all of a cell change by its sign.
    """
    half, each = np.float64(whole // 2) + HALF, 1.0 / np.float64(whole)
    steps = cuts.shape[2]
    for block in range(start, stop):
        pence = out_pence[block]
        moved = out_changes[block]
        rate = out_rate[block]
        step = out_step[block]
        sign = out_sign[block]
        pence[:] = 0
        moved[:] = 0
        ladder, rank = -1, -1
        for cell in range(len(cells.ladder)):
            if cells.ladder[cell] != ladder or cells.rank[cell] != rank:
                ladder, rank = cells.ladder[cell], cells.rank[cell]
                step[:] = 0
                for at in range(steps):
                    for lane in range(LANES):
                        step[lane] += np.int16(rank >= cuts[block, ladder, at, lane])
            scale, was = cells.scale[cell], cells.before[cell]
            for lane in range(LANES):
                rate[lane] = rates[block, scale, np.uint64(step[lane]), lane]
            near = 0
            if changes:
                for lane in range(LANES):
                    more = rate[lane] - was
                    sign[lane] = WINS if more > 0 else (LOSES if more < 0 else np.uint32(0))
                    near += int((more != 0) & (abs(more) < whole))
            first, middle, last = cells.offsets[cell], cells.staying[cell], cells.offsets[cell + 1]
            for entry in range(np.uint64(middle), np.uint64(last)):
                number, group = np.float64(cells.number[entry]), cells.group[entry]
                for lane in range(LANES):
                    pence[group, lane] += rate[lane] * number
                if changes:
                    both = np.uint32(cells.number[entry]) * np.uint32(0x10001)
                    for lane in range(LANES):
                        moved[group, lane] += sign[lane] & both
            for entry in range(np.uint64(first), np.uint64(middle)):
                number, group = np.float64(cells.number[entry]), cells.group[entry]
                part = np.float64(cells.part[entry])
                for lane in range(LANES):
                    pence[group, lane] += np.floor((rate[lane] * part + half) * each) * number
                if not changes:
                    continue
                both = np.uint32(cells.number[entry]) * np.uint32(0x10001)
                if near == 0:
                    for lane in range(LANES):
                        moved[group, lane] += sign[lane] & both
                    continue
                paid = np.floor((was * part + half) * each)
                for lane in range(LANES):
                    more = np.floor((rate[lane] * part + half) * each) - paid
                    held = WINS if more > 0 else (LOSES if more < 0 else np.uint32(0))
                    moved[group, lane] += held & both
