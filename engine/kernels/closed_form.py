"""What candidates pay to pupils who are counted by class, by the closed form: totals, winners and losers by group."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.columns import Int
from engine.jit import kernel
from engine.kernels.candidates import HALF, Doubles, Shares
from engine.money import round_ratio

LOST_FROM = 32
WON = np.uint64(2**LOST_FROM - 1)
NEITHER = np.uint64(0)
LOST, BOTH = WON << np.uint64(LOST_FROM), np.uint64(2**LOST_FROM + 1)
"""Both halves of a long word, in which a group's winners and losers are counted: groups have fewer than 2**32 pupils."""


class StagedAmounts(NamedTuple):
    """How a year's amount of each class comes about: a first sum; stage by stage multiplied, rounded to the penny, added to and limited.

    first    (classes) the sum that a class begins with
    offsets  (classes + 1) where each class's stages start
    factor   (stages) what a stage multiplies by, and ``parts`` (stages) by how many it then divides
    limit    (stages) what it adds then, and between which bounds the result stays
    sums, factors  (blocks, sums or factors, candidates) whole numbers
    added, least, most  (blocks, limits, candidates) whole pence, or without end
    """

    first: Int
    offsets: Int
    factor: Int
    parts: Doubles
    limit: Int
    sums: Doubles
    factors: Doubles
    added: Doubles
    least: Doubles
    most: Doubles


class ClosedForm(NamedTuple):
    """What the closed form adds up: a year's amount v is q × W + r, and half up of v × p ÷ W is q × p and half up of r × p ÷ W.

    classes      (classes) their numbers, in an order in which the groups of neighbours are near each other
    offsets      (classes + 1) where the entries of each start
    group        (entries) a group that has pupils of the class
    staying, parts  (entries) those of the whole year, and the shares of the others added up
    residues     (entries, W) what is rounded of the others' parts, for each r
    cells        (classes + 1) where the cells of each start: pupils whom the baseline pays alike, too
    before       (cells) what it pays a year, pence
    among        (cells + 1) where the groups of each cell start
    member, people  (groups of cells) a group, and its pupils who are on roll for any of the year
    first_share, last_share  (cells) where each cell's shares start, and where they end
    """

    classes: Int
    offsets: Int
    group: Int
    staying: Doubles
    parts: Doubles
    residues: NDArray[np.int32]
    cells: Int
    before: Doubles
    among: Int
    member: Int
    people: Int
    first_share: Int
    last_share: Int


@kernel
def fill_closed_form(
    start: int,
    stop: int,
    amounts: StagedAmounts,
    form: ClosedForm,
    shares: Shares,
    whole: int,
    out_pence: Doubles,
    out_changes: NDArray[np.uint64],
    out_rate: Doubles,
    out_quotient: Doubles,
    out_rest: NDArray[np.int32],
    out_rounded: Doubles,
    out_sign: NDArray[np.uint64],
) -> None:
    """Fill, for blocks of candidates side by side, what each pays, pence, and how many pupils gain and lose, by group.

    out_pence    (blocks, groups, candidates); out_changes the same, winners in the lower half of a word and losers above
    out_rate, out_quotient, out_rest, out_rounded, out_sign  (blocks, candidates) are written over for each class

    half up of x ÷ d is floor((x + d div 2 + 1/2) × (1/d)) in doubles, and x div d is floor((x + 1/2) × (1/d)), exact while
    x + d div 2 + 1 < 2**51. Where two rates differ by W pence or more, each pupil with any share of the year changes by
    the sign, as half up keeps the order; between, share by share.
    """
    each, width = 1.0 / np.float64(whole), out_rate.shape[1]
    for block in range(start, stop):
        pence = out_pence[block]
        moved = out_changes[block]
        rate = out_rate[block]
        quotient = out_quotient[block]
        rest = out_rest[block]
        rounded = out_rounded[block]
        sign = out_sign[block]
        pence[:] = 0
        moved[:] = 0
        for place, at in enumerate(form.classes):
            rate[:] = amounts.sums[block, amounts.first[at]]
            for stage in range(amounts.offsets[at], amounts.offsets[at + 1]):
                parts = amounts.parts[stage]
                half, part = np.floor(parts * HALF) + HALF, 1.0 / parts
                factor = amounts.factors[block, amounts.factor[stage]]
                added = amounts.added[block, amounts.limit[stage]]
                least = amounts.least[block, amounts.limit[stage]]
                most = amounts.most[block, amounts.limit[stage]]
                for lane in range(width):
                    due = np.floor((rate[lane] * factor[lane] + half) * part) + added[lane]
                    rate[lane] = min(max(due, least[lane]), most[lane])
            for lane in range(width):
                quotient[lane] = np.floor((rate[lane] + HALF) * each)
                rest[lane] = np.int32(rate[lane] - quotient[lane] * whole)
            for entry in range(form.offsets[place], form.offsets[place + 1]):
                group = np.uint64(form.group[entry])
                stay, parts = form.staying[entry], form.parts[entry]
                residues = form.residues[entry]
                # Apart, as looking up is not vectorised and what is added up is.
                for lane in range(width):
                    rounded[lane] = residues[np.uint64(rest[lane])]
                for lane in range(width):
                    pence[group, lane] += rate[lane] * stay + quotient[lane] * parts + rounded[lane]
            for cell in range(form.cells[place], form.cells[place + 1]):
                was, near = form.before[cell], 0
                for lane in range(width):
                    more = rate[lane] - was
                    sign[lane] = WON if more >= whole else (LOST if -more >= whole else NEITHER)
                    near += int((more != 0) & (abs(more) < whole))
                for entry in range(form.among[cell], form.among[cell + 1]):
                    group = np.uint64(form.member[entry])
                    both = np.uint64(form.people[entry]) * BOTH
                    for lane in range(width):
                        moved[group, lane] += sign[lane] & both
                for lane in range(width if near else 0):
                    if sign[lane] != NEITHER or rate[lane] == was:
                        continue
                    due, paid = np.int64(rate[lane]), np.int64(was)
                    for share in range(form.first_share[cell], form.last_share[cell]):
                        part_of_year = shares.parts[share, 0]
                        now = round_ratio(due * part_of_year, whole)
                        change = now - round_ratio(paid * part_of_year, whole)
                        if change == 0:
                            continue
                        shift = np.uint64(0 if change > 0 else LOST_FROM)
                        for one in range(shares.offsets[share], shares.offsets[share + 1]):
                            group = np.uint64(shares.group[one])
                            moved[group, lane] += np.uint64(shares.number[one]) << shift
