"""What candidates pay to pupils who are counted by what decides their amounts: totals, winners and losers by group."""

from typing import NamedTuple

from engine.columns import Int
from engine.jit import kernel
from engine.money import round_ratio


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
    near: int,
    out_after: Int,
    out_winners: Int,
    out_losers: Int,
) -> None:
    """Add what each candidate pays, pence, and who gains and loses, to the groups.

    amounts      (candidates, runs of days, classes) pence a year
    paid_before  (shares + 1, runs of days) what the baseline pays a year
    whole        the share that is a whole year
    near         0 for everything; else only who gains and loses where, in one run of days, a part
                 of the year is paid at rates that differ by less than ``near`` pence
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
            difference = 0
            for run in range(runs):
                part = parts[share, run]
                due = amounts[candidate, run, pays] if pays >= 0 else 0
                exact += due * part
                was += paid_before[share, run] * part
                difference = due - paid_before[share, run]
            if near > 0 and (
                difference == 0
                or difference >= near
                or -difference >= near
                or parts[share, 0] == whole
            ):
                continue
            paid = round_ratio(exact, whole)
            change = paid - round_ratio(was, whole)
            if near == 0:
                for at in range(offsets[share], offsets[share + 1]):
                    afters[group[at]] += paid * number[at]
            if change > 0:
                for at in range(offsets[share], offsets[share + 1]):
                    winners[group[at]] += number[at]
            elif change < 0:
                for at in range(offsets[share], offsets[share + 1]):
                    losers[group[at]] += number[at]


@kernel
def add_residues(start: int, stop: int, rest: Int, table: Int, out_after: Int) -> None:
    """Add, to what candidates pay each group, what is rounded of the parts of the year.

    rest       (candidates, classes) what is left of a year's amount when it is divided by the year's share
    table      (classes, shares of a year, groups) what that comes to for the group's pupils, pence
    out_after  (candidates, groups) pence
    """
    classes = rest.shape[1]
    for candidate in range(start, stop):
        afters = out_after[candidate]
        for at in range(classes):
            left = rest[candidate, at]
            if left == 0:
                continue
            held = table[at, left]
            for group in range(len(afters)):
                afters[group] += held[group]
